"""Takes in a kind of record that the interface records and edits by one command each, as the interface does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from portfolio.history.models import Record
from portfolio.importing.declared import references
from portfolio.importing.desk import BECAUSE, IMPORT, Desk, Given
from portfolio.importing.document import Placed


def take(
    desk: Desk, kind: str, model: type[Record], record: Callable[..., Any], edit: Callable[..., Any] | None
) -> None:
    """Each record of the kind by `record` on what it belongs to; one that is there by `edit`, if there is one."""
    for placed in desk.document.of(kind):
        whole = desk.get(references(kind)[model.belongs_to], placed.record[model.belongs_to])
        if whole is None:
            continue
        given = desk.described(placed, model)
        command = partial(record, **{model.belongs_to: whole}, **given, **_once(desk, placed, model), by=IMPORT)
        again = edit and partial(_edit, edit)
        desk.take(placed, model, command, content=given, edit=again)


def _once(desk: Desk, placed: Placed, model: type[Record]) -> Given:
    """The columns that are said when it is recorded and not edited freely."""
    kept = {"key", "provenance", model.belongs_to, *model.described}
    return desk.columns(placed, model, [f.name for f in model._meta.concrete_fields if f.name not in kept])


def _edit(edit: Callable[..., Any], there: Any, other: Given) -> Any:
    return edit(there, **other, because=BECAUSE, by=IMPORT)

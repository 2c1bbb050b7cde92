"""The past, cut by change-set number: table by table, joined by id, never through a foreign key of an old row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeAlias

from django.db import connection, models
from django.db.models.expressions import RawSQL

from portfolio import clock, written
from portfolio.history.models import ChangeSet, Head, InsertOnly
from portfolio.history.opened import open_change
from portfolio.history.steps import Step
from portfolio.refusals import Refused

NUMBER = re.compile(r"seq:([0-9]{1,18})")


class HeadState(NamedTuple):
    """The newest change set, its hash and its time."""

    seq: int
    sha256: str
    recorded_at: datetime


START = HeadState(0, "0" * 64, datetime.fromtimestamp(0, UTC))


def head() -> HeadState:
    """The newest change set that is closed: inside a command, the one before its own."""
    row = Head.objects.get(pk=1)
    opened = open_change()
    if row.sealed and (opened is None or opened.seq != row.seq):
        return HeadState(row.seq, row.sha256, row.recorded_at)
    before = ChangeSet.objects.filter(seq=row.seq - 1).first()
    return HeadState(before.seq, str(before.sha256), before.recorded_at) if before else START


def rows(model: type[models.Model], cut: int) -> models.QuerySet[Any]:
    """The rows of a model as they were after change set `cut`, with the model's own column names.

    For each object the newest state by then, by LATERAL over the index (id, history_seq, history_id); objects
    deleted by then are left out. An insert-only row is its own history.
    """
    if issubclass(model, InsertOnly):
        return model._default_manager.filter(seq__lte=cut).order_by("pk")
    table = model._meta.db_table
    newest = RawSQL(
        f"SELECT past.history_id FROM (SELECT id FROM {table} UNION SELECT object_id FROM portfolio_changeentry "
        f"WHERE relation = %s AND op = '-') AS known CROSS JOIN LATERAL (SELECT history_id, history_type "
        f"FROM {table}_history WHERE id = known.id AND history_seq <= %s "
        f"ORDER BY history_seq DESC, history_id DESC LIMIT 1) AS past WHERE past.history_type <> '-'",
        [table, cut],
    )
    past: models.QuerySet[Any] = model.history.model.objects.all()  # type: ignore[attr-defined]
    return past.filter(history_id__in=newest).order_by("id")


def known(model: type[models.Model], cut: int | None = None) -> models.QuerySet[Any]:
    """The rows of a model as they are, or as they were after a cut; of the steps of a life each as it stands mended."""
    if issubclass(model, Step):
        steps: models.QuerySet[Any] = model.objects.standing(cut).order_by()
        return steps
    return model._default_manager.order_by() if cut is None else rows(model, cut).order_by()


Part: TypeAlias = "models.QuerySet[Any] | type[models.Model]"


def part(model: type[models.Model], cut: int | None, *columns: str) -> Part:
    """A part of `joined`: some columns of the rows known at a cut; a table of now stands for itself, at no cost."""
    return model if cut is None and not issubclass(model, Step) else known(model, cut).values_list(*columns)


def joined(select: str, parts: Mapping[str, Part], *given: Any) -> list[tuple[Any, ...]]:
    """What a statement selects from tables and querysets by names of its own: the past has no relations to join by.

    A queryset names its columns (`values_list`); `given` fills the blanks of the statement itself.
    """
    told = {name: _sql(found) for name, found in parts.items()}
    named = ", ".join(f"{name} AS ({sql})" for name, (sql, _) in told.items())
    values = [value for _, params in told.values() for value in params]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} {select}", [*values, *given])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _sql(found: Part) -> tuple[str, Sequence[Any]]:
    if isinstance(found, models.QuerySet):
        return found.query.sql_with_params()
    return f"SELECT * FROM {found._meta.db_table}", ()


def row(model: type[models.Model], pk: int, cut: int) -> Any | None:
    """One object as it was after change set `cut`, or None."""
    if issubclass(model, InsertOnly):
        return model._default_manager.filter(pk=pk, seq__lte=cut).first()
    past = model.history.model.objects  # type: ignore[attr-defined]
    state = past.filter(id=pk, history_seq__lte=cut).order_by("-history_seq", "-history_id").first()
    return None if state is None or state.history_type == "-" else state


def newest(model: type[models.Model], cut: int, *, per: str, by: str, until: date) -> dict[int, Any]:
    """For each value of `per`, the row with the latest `by` not after `until`, as known at `cut`."""
    found = rows(model, cut).filter(**{f"{by}__lte": until}).order_by(per, f"-{by}", "-id").distinct(per)
    return {getattr(state, per): state for state in found}


def seq_at(moment: str | date | datetime) -> int:
    """The last change set by a moment: an instant, a day (its end in the city's zone, today so far) or `seq:123`.

    Raises Refused `as_of.future` for what is still to come and `as_of.format` for what is none of these.
    """
    if isinstance(moment, str):
        if numbered := NUMBER.fullmatch(moment):
            return _known(int(numbered[1]))
        moment = _parsed(moment)
    instant = _instant(moment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT history_seq_at(%s)", [instant])
        (seq,) = cursor.fetchone()
    if seq is None:
        raise Refused("as_of.future", field="as_of")
    return int(seq)


def instant(text: str) -> datetime | None:
    """The instant that a moment in words stands for, a day for its end; none of `seq:123`.

    Raises Refused `as_of.format`.
    """
    return None if NUMBER.fullmatch(text) else _instant(_parsed(text))


def _instant(moment: date | datetime) -> datetime:
    """The instant in UTC: of a day its end, of today now; beyond the calendar, the nearest that it holds."""
    try:
        if not isinstance(moment, datetime):
            return clock.now() if moment == clock.today() else clock.end_of_day(moment)
        return (moment if moment.tzinfo else moment.replace(tzinfo=clock.zone())).astimezone(UTC)
    except OverflowError:
        return datetime(1, 1, 1, tzinfo=UTC) if moment.year == 1 else datetime(9999, 12, 31, tzinfo=UTC)


def _known(seq: int) -> int:
    if seq > head().seq:
        raise Refused("as_of.future", field="as_of")
    return seq


def _parsed(text: str) -> date | datetime:
    try:
        # in an address the + of a zone means a space
        return written.zoned(text.replace(" ", "+", 1)) if "T" in text else written.day(text)
    except ValueError as error:
        raise Refused("as_of.format", field="as_of", given=text) from error

"""What the lists of what a report's words lack have in common: how they are asked, and how they answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from portfolio import history, written
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from reporting.reports.models import Report

ASKED = ("language", "programme", "report")
PAGED = ("as_of", "fields", "page", "page_size")


def asked(query: Any, by: Person, **choices: Collection[str]) -> dict[str, Any]:
    """What a list is asked for: a language, a programme, a report that the reader may see, and choices of its own.

    Raises Refused `filter.invalid` and what a moment can be refused for.
    """
    said: dict[str, Any] = {"cut": history.seq_at(query["as_of"])} if "as_of" in query else {}
    for name, accepted in ({"language": LANGUAGES} | choices).items():
        if name in query and query[name] not in accepted:
            raise Refused("filter.invalid", field=name)
    if "language" in query:
        said["languages"] = [query["language"]]
    if "report" in query:
        said["report"] = permissions.visible(Report.objects.filter(pk=_number(query, "report")), by).first()
        if said["report"] is None:
            raise Refused("filter.invalid", field="report")
    if "programme" in query:
        said["programme"] = _number(query, "programme")
    return said | {name: query.get(name, "") for name in choices}


def _number(query: Any, name: str) -> int:
    if (number := written.whole(query[name])) is None:
        raise Refused("filter.invalid", field=name)
    return number

"""Where a record is read: its own page, or that of what it belongs to; and the way there from the first page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portfolio.strategy.models import CouncilTerm
from reporting.pages.forms import rooms
from reporting.pages.forms.naming import named

# The kinds of record that have a page of their own, each with the name of its address.
PAGES = {
    "portfolio.Programme": "programme",
    "portfolio.BenefitTarget": "target",
    "portfolio.Decision": "decision",
    "portfolio.Person": "person",
    "projects.Project": "project",
    "reporting.Report": "report",
}
# Those that are read on a tab of the programme.
TABS = {
    "portfolio.SteeringGroup": "programme-group",
    "projects.Budget": "programme-money",
    "projects.Funding": "programme-money",
    "projects.Risk": "programme-risks",
}


class Place(NamedTuple):
    """A page and what a link to it is called."""

    label: str | Promise
    address: str


def place(record: Any) -> Place:
    """The page on which a record is read."""
    *_before, last = trail(record)
    return last


def trail(record: Any) -> tuple[Place, ...]:
    """The pages from the first one down to that of a record."""
    found = tuple(dict.fromkeys(_trail(record))) if record is not None else ()
    return found or (Place(_("Programmes"), reverse("programmes")),)


def _trail(record: Any) -> Iterator[Place]:
    label = record._meta.label
    above = getattr(record, "project", None) or _above(record)
    if isinstance(above, Model) and not isinstance(above, CouncilTerm):
        yield from _trail(above)
    if address := _address(PAGES.get(label, ""), record.pk):
        yield Place(named(record), address)
    elif label in TABS and not getattr(record, "project", None) and above is not None:
        if address := _address(TABS[label], above.pk):
            yield Place(capfirst(record._meta.verbose_name), address)
    elif resource := rooms.registered(type(record)):
        if above is None or isinstance(above, CouncilTerm):
            yield Place(rooms.called(resource), reverse("register", args=[resource]))
        yield Place(named(record), reverse("record", args=[resource, record.pk]))


def owner(record: Any) -> Any:
    """What a record is part of, for whoever reads of it elsewhere: its project, target or programme."""
    above = getattr(record, "project", None) or _above(record)
    return None if isinstance(above, CouncilTerm) else above


def _above(record: Any) -> Any:
    column = getattr(record, "belongs_to", "")
    return getattr(record, column) if column else None


def _address(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk]) if name else ""
    except NoReverseMatch:
        return ""

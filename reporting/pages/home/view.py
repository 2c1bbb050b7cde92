"""The first page of somebody's day, by what they may see and what waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse

from portfolio.decisions.models import Wish
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.waiting import Waiting, Waits
from reporting.compilation.findings import FINE
from reporting.documents.rendering.language import Voice
from reporting.pages.forms import places, rooms, spelling
from reporting.pages.forms.naming import named
from reporting.pages.moment import Moment
from reporting.pages.programmes import listing
from reporting.pages.programmes.asked import Asked
from reporting.pages.programmes.listing import ProgrammeRow
from reporting.reports.models import Report
from reporting.waiting import waiting_for

SHOWN = 6  # of one kind of waiting, before the rest is folded
WISHES = 12
OFF_COURSE = ("off_track", "at_risk")


@dataclass(frozen=True)
class Task:
    """One thing that waits, with the form that ends it."""

    label: str
    about: str
    due: date | None
    since: date | None
    late: bool
    address: str


@dataclass(frozen=True)
class Tasks:
    """What waits of one kind: the first ones, and the rest."""

    kind: Waits
    first: Sequence[Task]
    rest: Sequence[Task]

    @property
    def count(self) -> int:
        return len(self.first) + len(self.rest)


@dataclass(frozen=True)
class Home:
    """Everything the first page says."""

    troubled: tuple[ProgrammeRow, ...]
    steady: tuple[ProgrammeRow, ...]
    silent: tuple[ProgrammeRow, ...]
    tasks: tuple[Tasks, ...]
    next_report: date | None
    last_report: Report | None
    wishes: tuple[Wish, ...]

    @property
    def off_track(self) -> int:
        """How many programmes are off track."""
        return sum(row.standing == "off_track" for row in self.troubled)

    @property
    def waiting(self) -> int:
        """How many things wait."""
        return sum(each.count for each in self.tasks)


def home(shown: Moment, by: Person, voice: Voice) -> Home:
    """The first page; the same number of statements at any size. What waits is of today and of no day before."""
    coming = listing.coming_reports(shown)
    found = listing.listing(shown, by, coming, Asked(), voice)
    rows = [row for term in found.terms for row in term.programmes if row.phase_code != "closed"]
    judged = [row for row in rows if row.standing]
    reports = permissions.visible(Report.objects.all(), by)
    return Home(
        troubled=tuple(row for row in judged if row.standing in OFF_COURSE),
        steady=tuple(row for row in judged if row.standing in FINE),
        silent=tuple(row for row in judged if row.standing not in (*OFF_COURSE, *FINE)),
        tasks=() if shown.past else tuple(tasks(by, shown.on)),
        next_report=min((row.next_report_on for row in rows if row.next_report_on), default=None),
        last_report=None if shown.past else reports.order_by("-status_date", "-edition").first(),
        wishes=() if shown.past else tuple(_wishes(by)),
    )


def _wishes(by: Person) -> Iterator[Wish]:
    """The council's wishes, the open ones first, the newest first."""
    found = permissions.visible(Wish.objects.select_related("decision__body", "programme", "owner"), by)
    yield from found.order_by("-state", "-decision__decided_on", "order")[:WISHES]


def tasks(by: Person, on: date) -> Iterator[Tasks]:
    """What waits for somebody, kind by kind, in the order of the longest overdue of each."""
    kinds: dict[str, list[Waiting]] = {}
    for each in waiting_for(by, on):
        kinds.setdefault(each.kind.kind, []).append(each)
    for found in kinds.values():
        told = [task(each, on) for each in found]
        yield Tasks(found[0].kind, told[:SHOWN], told[SHOWN:])


def task(waiting: Waiting, on: date) -> Task:
    """One thing that waits, as a line with a link."""
    row = waiting.row
    above = places.owner(row)
    label, about = named(row), named(above) if above is not None else ""
    told = about if about != label else ""
    return Task(label, told, waiting.due, waiting.since, waiting.late(on), address(waiting))


def address(waiting: Waiting) -> str:
    """The form of the move that ends the waiting; of a new record with what it belongs to."""
    row, word = waiting.row, waiting.kind.move
    model: type[Model] = type(row)
    resource, _space, new = word.partition(" ")
    if new:
        given = {row._meta.model_name: row.pk, "status_on": spelling.shown(waiting.due)}
        return f"{reverse('create', args=[resource])}?{urlencode(given)}"
    if isinstance(row, Report):
        return reverse("report", args=[row.pk])
    move: Any = rooms.move_of(model, word)
    return reverse("move", args=[rooms.resource_of(model), row.pk, move.address])

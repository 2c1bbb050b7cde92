"""What waits for somebody in the whole house: the kinds of each room, and those of reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from portfolio import waiting
from portfolio.benefits import waiting as benefits
from portfolio.decisions import waiting as decisions
from portfolio.people.models import Person
from portfolio.programmes import waiting as programmes
from portfolio.programmes.models import Phase, Programme, ProgrammeUpdate
from portfolio.waiting import Waiting, Waits
from projects import rooms
from projects.progress.models import StatusReport
from projects.register.models import Project
from reporting.reports.models import Report
from reporting.schedule.models import ScheduledProgramme

State = Report.State


def _collecting(programme: str, term: str) -> QuerySet[Report]:
    """The reports that still collect, of the programme that a row leads to."""
    named = ScheduledProgramme.objects.filter(schedule=OuterRef("schedule_id"))
    theirs = Q(schedule__programmes__programme_id=OuterRef(programme))
    of_the_term = Q(schedule__council_term_id=OuterRef(term)) & ~Exists(named)
    return Report.objects.filter(theirs | of_the_term, state=State.OPEN).order_by("status_date")


def _without_status(on: date) -> QuerySet[Project]:
    """Running projects that an open report still lacks a status of, each with the report's status date."""
    collecting = _collecting("programme_id", "programme__council_term_id")
    since = Subquery(collecting.values("period_starts_on")[:1], output_field=DateField())
    until = Subquery(collecting.values("status_date")[:1], output_field=DateField())
    asked = Project.objects.filter(state=Project.State.RUNNING).annotate(since=since, due_on=until)
    told = StatusReport.objects.filter(
        project=OuterRef("pk"), status_on__gte=OuterRef("since"), status_on__lte=OuterRef("due_on")
    )
    return asked.filter(~Exists(told), due_on__isnull=False).select_related("programme")


def _without_words(on: date) -> QuerySet[Programme]:
    """Living programmes that an open report still lacks words of."""
    collecting = _collecting("pk", "council_term_id")
    until = Subquery(collecting.values("status_date")[:1], output_field=DateField())
    asked = Programme.objects.exclude(phase=Phase.CLOSED).annotate(due_on=until)
    told = ProgrammeUpdate.objects.filter(programme=OuterRef("pk"), status_on=OuterRef("due_on"))
    return asked.filter(~Exists(told), due_on__isnull=False)


def _in_state(state: str, **more: bool) -> QuerySet[Report]:
    return Report.objects.filter(state=state, **more)


WAITS = (
    Waits(
        "status.missing", _("A report still lacks the status of a project"), "report_status", "status-reports new",
        _without_status, lambda row: row.due_on,
    ),
    Waits(
        "update.missing", _("A report still lacks the words of a programme"), "write_update", "programme-updates new",
        _without_words, lambda row: row.due_on,
    ),
    Waits(
        "report.confirm", _("A draft of a report waits to be confirmed"), "confirm_report", "confirm",
        lambda on: _in_state(State.DRAFT),
    ),
    Waits(
        "report.send", _("A confirmed report waits to be sent"), "send_report", "send",
        lambda on: _in_state(State.CONFIRMED),
    ),
    Waits(
        "report.note", _("The council’s noting of a report is not recorded"), "note_report", "note",
        lambda on: _in_state(State.SENT),
    ),
)  # fmt: skip


def kinds() -> Iterator[Waits]:
    """The kinds of waiting of all rooms."""
    for room in (decisions, programmes, benefits, *rooms.modules("waiting")):
        yield from room.WAITS
    yield from WAITS


def waiting_for(by: Person, on: date) -> list[Waiting]:
    """What waits for somebody on a day, the longest overdue first; the same number of statements at any size."""
    return waiting.waiting_for(by, on, kinds())

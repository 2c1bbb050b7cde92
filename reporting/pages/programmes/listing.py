"""The list of programmes, term by term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from portfolio import clock
from portfolio.benefits.standing import CURRENT_RULE
from portfolio.people.models import Person
from portfolio.programmes.models import Phase, Programme
from portfolio.steering.models import SteeringGroup
from portfolio.strategy.models import CouncilTerm
from projects.register.models import Project
from reporting.compilation import standings
from reporting.compilation.findings import FINE
from reporting.facts import GroupFacts, ProgrammeFacts, Standing, TargetFacts, Text
from reporting.pages.moment import Moment, View, view
from reporting.schedule import timetable
from reporting.schedule.models import ReportSchedule
from reporting.schedule.queries import timetable_of
from reporting.schedule.timetable import Timing
from reporting.snapshot import decisions, narrow, programmes
from reporting.snapshot.benefits import targets
from reporting.snapshot.world import World, ordered


@dataclass(frozen=True)
class Seats:
    """Decided seats of a group, and how many of them nobody holds."""

    elected: int
    official: int
    vacant: int


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme in the list."""

    id: int
    code: str
    name: Text
    phase: str
    standing: Standing | None
    targets: int
    fine: int
    ended: int
    hidden: bool
    projects: int | None
    running: int
    seats: Seats | None
    seated: bool | None  # None where nothing of a group is on record, though there must have been one
    began: bool  # past the phases in which no target is approved yet
    next_report_on: date | None


@dataclass(frozen=True)
class TermRows:
    """A council term with its programmes."""

    label: str
    starts_on: date
    ends_on: date
    programmes: tuple[ProgrammeRow, ...]

    @property
    def reports(self) -> bool:
        """Whether any report of these programmes is still to come."""
        return any(row.next_report_on for row in self.programmes)


def terms(shown: Moment, by: Person, coming: dict[int, Timing]) -> list[TermRows]:
    """The programmes of each term, the newest term first; the same number of statements at any size."""
    found = view(narrow.of_all(shown.cut, shown.on), by)
    by_term = [(term, _rows(found, term, shown.on, coming)) for term in found.world.rows[CouncilTerm]]
    kept = [TermRows(term.label, term.starts_on, term.ends_on, rows) for term, rows in by_term if rows]
    return sorted(kept, key=lambda term: term.starts_on, reverse=True)


def _rows(found: View, term: CouncilTerm, on: date, coming: dict[int, Timing]) -> tuple[ProgrammeRow, ...]:
    rows = ordered(found.world.where(Programme, council_term_id=term.id), "order", "code")
    return tuple(_row(found, row, on, coming) for row in rows)


def _row(found: View, row: Programme, on: date, coming: dict[int, Timing]) -> ProgrammeRow:
    facts = programmes.programme(found.world, row)
    stands = weighed(found, row, facts, on)
    closed = facts.phase == "closed"
    states = Counter(project.state for project in facts.projects)
    return ProgrammeRow(
        id=row.id,
        code=facts.code,
        name=facts.name,
        phase=str(Phase(facts.phase).label),
        standing=standings.of_programme(stands, CURRENT_RULE) if stands and not closed else None,
        targets=len(stands),
        fine=sum(standing in FINE for standing in stands),
        ended=len(facts.targets) - len(living(facts)),
        hidden=row.id in found.hidden,
        projects=None if row.id in found.partial[Project] else len(facts.projects),
        running=states["running"],
        seats=seats_of(facts.group) if facts.group else None,
        seated=_seated(found.whole, row, facts.phase),
        began=facts.phase not in ("topic_set", "organised"),
        next_report_on=coming[row.id].status_date if row.id in coming and not closed else None,
    )


def _seated(whole: World, row: Programme, phase: str) -> bool | None:
    """Whether a group was set up, whoever may see its seats, and also where only the decision on it is known."""
    elected = any("elect" in made.kinds for made in decisions.chain(whole, row))
    if elected or whole.where(SteeringGroup, programme_id=row.id):
        return True
    return False if phase == "topic_set" else None


def weighed(found: View, row: Programme, facts: ProgrammeFacts, on: date) -> list[Standing]:
    """The standings that a programme's verdict is made of: of all its living targets, or none.

    Who may see some of them is told how the whole stands; who may see none is told nothing.
    """
    shown = living(facts)
    if shown and row.id in found.hidden:
        shown = [target for target in targets(found.whole, row) if target.state == "approved"]
    return [standing_of(target, on) for target in shown]


def living(facts: ProgrammeFacts) -> list[TargetFacts]:
    """The approved targets that neither ended nor were replaced."""
    return [target for target in facts.targets if target.state == "approved"]


def standing_of(target: TargetFacts, on: date) -> Standing:
    """Where a target stands on a day, by the rule of the report."""
    return standings.of_target([standings.of_indicator(each, on=on, by=CURRENT_RULE) for each in target.indicators])


def seats_of(group: GroupFacts) -> Seats:
    """The decided seats and the vacant ones; attending seats are outside parity and not counted."""
    held = sum(seat.member is not None for seat in group.seats if seat.kind != "attending")
    decided = group.elected_seats + group.official_seats
    return Seats(group.elected_seats, group.official_seats, max(decided - held, 0))


def coming_reports(shown: Moment) -> dict[int, Timing]:
    """Of each programme the next status date of its schedules: four statements, and none for a past moment."""
    found: dict[int, Timing] = {}
    for schedule, covered in _schedules() if not shown.past else ():
        if timing := timetable.next_timing(timetable_of(schedule), clock.zone(), now=shown.at):
            for pk in covered:
                found[pk] = min(found.get(pk, timing), timing, key=lambda each: each.status_date)
    return found


def _schedules() -> Iterator[tuple[ReportSchedule, Iterable[int]]]:
    """The schedules that open reports, each with the programmes that it covers."""
    in_term: dict[int, list[int]] = {}
    for pk, term_id in Programme.objects.values_list("pk", "council_term_id"):
        in_term.setdefault(term_id, []).append(pk)
    for schedule in ReportSchedule.objects.filter(history_only=False).prefetch_related("dates", "programmes"):
        yield schedule, _covered(schedule, in_term)


def _covered(schedule: ReportSchedule, in_term: dict[int, list[int]]) -> Iterable[int]:
    named = [each.programme_id for each in schedule.programmes.all()]
    return named or in_term.get(schedule.council_term_id, [])

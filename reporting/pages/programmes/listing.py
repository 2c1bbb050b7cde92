"""The portfolio: each programme in a line, term by term, of as many as were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model

from portfolio import clock
from portfolio.benefits.models import BenefitTarget
from portfolio.benefits.standing import SEVERITY
from portfolio.benefits.standing import Standing as Verdict
from portfolio.history.tables import index
from portfolio.languages import LANGUAGES
from portfolio.people.models import Person
from portfolio.programmes.models import Phase, PhaseMove, Programme
from portfolio.strategy.models import CouncilTerm
from projects.money.models import Funding
from projects.progress.models import Risk
from projects.register.models import Project
from reporting.compilation.findings import FINE
from reporting.documents.rendering.language import Voice
from reporting.facts import Standing, Text
from reporting.pages.moment import Moment, sight
from reporting.pages.programmes import head, lines
from reporting.pages.programmes.asked import Asked
from reporting.pages.programmes.figures import NextMilestone, TopRisk, YearsMoney, years_money
from reporting.pages.programmes.lines import Chosen, Weakest, Words
from reporting.schedule import timetable
from reporting.schedule.queries import schedules
from reporting.schedule.timetable import Timing
from reporting.snapshot import narrow, overall
from reporting.snapshot.judged import JudgedTarget, judged
from reporting.snapshot.overall import ProjectLine, SeatsLine

Own = TypeVar("Own", JudgedTarget, ProjectLine)


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme in the list; `standing` is None where there is no verdict, or none that the reader may know."""

    id: int
    place: tuple[int, str, int]  # in the order of the portfolio
    term_id: int
    code: str
    name: Text
    phase: str
    phase_code: str
    standing: Standing | None
    targets: int
    fine: int
    ended: int
    hidden: bool
    weakest: Weakest | None
    projects: int | None
    running: int
    milestone: NextMilestone | None
    money: YearsMoney | None  # None where a part of it is hidden
    risk: TopRisk | None
    risks_hidden: bool
    seats: SeatsLine | None
    seated: bool | None  # None where nothing of a group is on record, though there must have been one
    measured_on: date | None
    told_on: date | None
    next_report_on: date | None

    @property
    def began(self) -> bool:
        """Past the phases in which no target is approved yet."""
        return self.phase_code not in ("topic_set", "organised")

    @property
    def updated_on(self) -> date | None:
        """The newest day of which anything is told."""
        return max((day for day in (self.measured_on, self.told_on) if day), default=None)


@dataclass(frozen=True)
class TermRows:
    """A council term with its programmes."""

    label: str
    starts_on: date
    ends_on: date
    programmes: tuple[ProgrammeRow, ...]


@dataclass(frozen=True)
class Listing:
    """The programmes that were asked for, of `known` ones in all, term by term, the newest term first."""

    terms: tuple[TermRows, ...]
    known: int
    labels: tuple[str, ...]

    @property
    def shown(self) -> int:
        """How many rows there are."""
        return sum(len(term.programmes) for term in self.terms)

    @property
    def reports(self) -> bool:
        """Whether any report of these programmes is still to come."""
        return any(row.next_report_on for term in self.terms for row in term.programmes)


KINDS = (Programme, BenefitTarget, Project, Funding, Risk)


class Portfolio:
    """What has been read of all programmes at a moment, without what the reader may not see."""

    def __init__(self, shown: Moment, by: Person) -> None:
        at, on = shown.known_at, shown.on
        self.shown, self.world = shown, narrow.heads(shown.cut, on)
        self.seen = sight(shown, by, *KINDS)
        self.targets = index(judged(at, on), "programme_id")
        self.projects = index(overall.projects(at, on), "programme_id")
        self.money = index(overall.money(at, on), "programme_id")
        self.risks = index(overall.risks(at, on), "programme_id")
        self.seats, self.elections = overall.seats(at, on), overall.elections(at, on)

    def programmes(self) -> list[Programme]:
        return [row for row in self.world.rows[Programme] if self.seen.sees(Programme, row.id)]

    def of(self, kind: type[Model], rows: Iterable[Own]) -> list[Own]:
        """Those of some rows that the reader may see."""
        return [row for row in rows if self.seen.sees(kind, row.id)]

    def chosen(self, pk: int) -> Chosen:
        """What the line of a programme tells by name; a highest risk is that of the whole or none."""
        targets = self.of(BenefitTarget, self.targets.get(pk, ()))
        projects = self.of(Project, self.projects.get(pk, ()))
        risks = () if pk in self.seen.partial[Risk] else self.risks.get(pk, ())
        return Chosen(lines.weakest(targets), lines.nearest(projects), next(iter(risks), None))

    def years_money(self, pk: int) -> YearsMoney | None:
        """A sum is the whole's or none."""
        return None if pk in self.seen.partial[Funding] else years_money(self.money.get(pk, []), self.shown)

    def seated(self, row: Programme, phase: str) -> bool | None:
        """Whether a group was set up, also where only the decision on it is known."""
        moves = self.world.where(PhaseMove, programme_id=row.id)
        made = {row.set_by_id, *(move.decision_id for move in moves)}
        elected = (pk in made or row.id in named for pk, named in self.elections.items())
        if row.id in self.seats or any(elected):
            return True
        return False if phase == Phase.TOPIC_SET else None


def listing(shown: Moment, by: Person, coming: dict[int, Timing], asked: Asked, voice: Voice) -> Listing:
    """The programmes that were asked for; the same number of statements at any size."""
    found = Portfolio(shown, by)
    known = found.programmes()
    chosen = {row.id: found.chosen(row.id) for row in known}
    words = Words(narrow.named(shown.cut, shown.on, lines.of_lines(chosen.values())), shown, voice)
    rows = {row.id: _row(found, row, chosen[row.id], words, coming) for row in known}
    terms = sorted(found.world.rows[CouncilTerm], key=lambda term: term.starts_on, reverse=True)
    kept = [_term(term, rows, asked) for term in terms if asked.term in ("", term.label)]
    return Listing(tuple(term for term in kept if term.programmes), len(known), tuple(term.label for term in terms))


def _term(term: CouncilTerm, rows: dict[int, ProgrammeRow], asked: Asked) -> TermRows:
    of_it = [row for row in rows.values() if row.term_id == term.id and _is_asked(row, asked)]
    return TermRows(term.label, term.starts_on, term.ends_on, tuple(sorted(of_it, key=ORDERED[asked.order])))


def _is_asked(row: ProgrammeRow, asked: Asked) -> bool:
    words = [row.code, *(getattr(row.name, code) for code in LANGUAGES)]
    told = asked.text.casefold()
    wanted = asked.standing in ("", row.standing) and asked.phase in ("", row.phase_code)
    return wanted and any(told in word.casefold() for word in words)


def _worst_first(row: ProgrammeRow) -> int:
    """A verdict before none; of verdicts the heavier first."""
    return -SEVERITY.index(Verdict(row.standing)) if row.standing else 1


def _share_used(row: ProgrammeRow) -> Decimal:
    money = row.money
    return money.used / money.available if money and money.used and money.available else Decimal(-1)


Place = Callable[[ProgrammeRow], tuple[object, ...]]
# What has nothing to be ordered by comes last; alike are by their place in the portfolio.
ORDERED: dict[str, Place] = {
    "standing": lambda row: (_worst_first(row), row.place),
    "name": lambda row: (row.name.known.casefold(), row.place),
    "milestone": lambda row: (-row.milestone.slip if row.milestone else 1, row.place),
    "money": lambda row: (-_share_used(row), row.place),
    "risk": lambda row: (-row.risk.level if row.risk else 0, row.place),
    "updated": lambda row: (row.updated_on or date.max, row.place),
    "report": lambda row: (row.next_report_on or date.max, row.place),
}


def _row(found: Portfolio, row: Programme, chosen: Chosen, words: Words, coming: dict[int, Timing]) -> ProgrammeRow:
    of_it = found.targets.get(row.id, [])
    own = head.of_row(found.world, row, of_it, found.seen)
    stands = head.weighed(of_it, found.seen)
    seen = found.of(BenefitTarget, of_it)
    projects = found.of(Project, found.projects.get(row.id, []))
    return ProgrammeRow(
        id=row.id,
        place=(row.order, row.code, row.id),
        term_id=row.council_term_id,
        code=row.code,
        name=own.name,
        phase=own.phase,
        phase_code=own.phase_code,
        standing=own.standing,
        targets=len(stands),
        fine=sum(standing in FINE for standing in stands),
        ended=sum(target.state != "approved" for target in seen),
        hidden=row.id in found.seen.partial[BenefitTarget],
        weakest=words.target(chosen.target) if own.standing else None,
        projects=None if row.id in found.seen.partial[Project] else len(projects),
        running=sum(project.state == "running" for project in projects),
        milestone=words.milestone(chosen.project),
        money=found.years_money(row.id),
        risk=words.risk(chosen.risk),
        risks_hidden=row.id in found.seen.partial[Risk],
        seats=found.seats.get(row.id),
        seated=found.seated(row, own.phase_code),
        measured_on=max((day for target in seen for day in target.measured), default=None),
        told_on=max((project.told_on for project in projects if project.told_on), default=None),
        next_report_on=coming[row.id].status_date if row.id in coming and own.phase_code != Phase.CLOSED else None,
    )


def coming_reports(shown: Moment) -> dict[int, Timing]:
    """Of each programme the next status date of its schedules: one statement, and none for a past moment."""
    found: dict[int, Timing] = {}
    for times, covered in schedules() if not shown.past else ():
        if timing := timetable.next_timing(times, clock.zone(), now=shown.at):
            for pk in covered:
                found[pk] = min(found.get(pk, timing), timing, key=lambda each: each.status_date)
    return found

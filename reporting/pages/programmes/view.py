"""One programme: facts, the chain of its decisions, targets, projects, steering group, risks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from portfolio.benefits.models import BenefitTarget, TargetVersion
from portfolio.benefits.standing import CURRENT_RULE
from portfolio.people.models import Person, Role, RoleAssignment
from portfolio.programmes.models import Phase, Programme, ProgrammeUpdate
from portfolio.refusals import Refused
from portfolio.steering.models import SteeringGroup
from portfolio.strategy.models import CouncilTerm
from projects.money.models import Funding
from projects.progress.models import Risk
from projects.progress.scale import mitigation_overdue
from projects.register.models import Project
from reporting.compilation import standings
from reporting.compilation.work import total
from reporting.documents.rendering.language import Voice
from reporting.facts import (
    DecisionFacts,
    GroupFacts,
    MoneyFacts,
    ProgrammeFacts,
    Provenance,
    RiskFacts,
    Standing,
    TargetFacts,
    Text,
    UpdateFacts,
)
from reporting.pages.moment import Moment, View, view
from reporting.pages.periods import period_begins
from reporting.pages.programmes.head import Head, verdict
from reporting.pages.programmes.projects import ProjectView, project
from reporting.pages.targets.indicators import IndicatorView, drawn, indicator
from reporting.reports.lifecycle import FINAL
from reporting.reports.models import Report
from reporting.snapshot import narrow, programmes
from reporting.snapshot.benefits import targets
from reporting.snapshot.decisions import decision
from reporting.snapshot.overall import SeatsLine as Seats
from reporting.snapshot.world import World, held, identity, one_of, ordered, text

Words = str | Promise


@dataclass(frozen=True)
class StepOfTheChain:
    """A step of the chain: the decision that made it so, or none yet."""

    title: Words
    decision: DecisionFacts | None
    done: bool
    now: bool = False


@dataclass(frozen=True)
class TargetView:
    """A target with its standing; one that has ended has none."""

    facts: TargetFacts
    standing: Standing | None
    indicators: tuple[IndicatorView, ...]


@dataclass(frozen=True)
class DraftView:
    """A target on its way to the council."""

    code: str
    title: Text
    state: str


@dataclass(frozen=True)
class MoneyView:
    """A source of money in a year, or all of a year together."""

    year: str
    source: str
    budget: Decimal | None
    granted: Decimal | None
    used: Decimal | None
    together: bool = False


@dataclass(frozen=True)
class RiskView:
    """An open risk, and whether the day by which it was to be mitigated has passed."""

    facts: RiskFacts
    overdue: bool


@dataclass(frozen=True)
class ProgrammeView(Head):
    """Everything the pages of a programme say."""

    aim: Text
    description: Text
    phase_since: date | None
    managers: tuple[tuple[str, date], ...]
    seats: Seats | None
    plan_number: str
    plan_by: DecisionFacts | None
    appropriation: MoneyView | None
    external: MoneyView | None
    top_risk: RiskFacts | None
    steps: tuple[StepOfTheChain, ...]
    decisions: tuple[DecisionFacts, ...]
    update: UpdateFacts | None
    hidden: bool
    reported: bool
    in_all: int  # benefit targets, shown or not
    some_projects: bool
    some_money: bool
    some_risks: bool
    targets: tuple[TargetView, ...]
    drafts: tuple[DraftView, ...]
    projects: tuple[ProjectView, ...]
    money: tuple[MoneyView, ...]
    group: GroupFacts | None
    risks: tuple[RiskView, ...]

    @property
    def past_approval(self) -> bool:
        """Whether the council has approved targets, on record here or not."""
        return self.phase_code not in ("topic_set", "organised")

    @property
    def slips(self) -> bool:
        """Whether any project has a milestone ahead that could slip."""
        return any(project.slip is not None for project in self.projects)

    @property
    def drawn(self) -> frozenset[str]:
        """What the drawings have that needs a word: paths, means, limits to be kept."""
        return drawn(each for target in self.targets for each in target.indicators)


def programme(pk: int, shown: Moment, by: Person, voice: Voice) -> ProgrammeView:
    """One programme at a moment, for one reader; the same number of statements at any size.

    Raises Refused `not_found` where there is none, or none that the reader may see.
    """
    found = view(narrow.of_programme(pk, shown.cut, shown.on), by)
    world, row = found.world, _row(found.world, pk)
    facts = programmes.programme(world, row)
    told = programmes.programme(found.whole, row)
    money = () if pk in found.partial[Funding] else facts.money  # a sum is the whole's or none
    since = period_begins(world, pk, shown.on)
    return ProgrammeView(
        **vars(_head(found, row, facts, shown.on)),
        aim=facts.aim,
        description=facts.description,
        phase_since=facts.phase_since,
        managers=_managers(world, pk, shown.on),
        seats=seats_of(facts.group) if facts.group else None,
        plan_number=facts.plan.number if facts.plan else "",
        plan_by=facts.plan.approved_by if facts.plan else None,
        appropriation=_of_the_newest_year(money, "appropriation"),
        external=_of_the_newest_year(money, "external"),
        top_risk=facts.risks[0] if facts.risks and pk not in found.partial[Risk] else None,
        steps=_steps(found.whole, row, told),
        decisions=told.decisions,
        update=_update(facts, world, row),
        hidden=pk in found.hidden,
        reported=pk in found.hidden and _reported(row),
        in_all=len(told.targets),
        some_projects=pk in found.partial[Project],
        some_money=pk in found.partial[Funding],
        some_risks=pk in found.partial[Risk],
        targets=tuple(_target(target, shown.on, voice) for target in facts.targets),
        drafts=tuple(_drafts(world, row, facts)),
        projects=tuple(project(world, each, facts, shown.on, since) for each in facts.projects),
        money=tuple(_money(money)),
        group=facts.group,
        risks=tuple(RiskView(risk, mitigation_overdue(risk.mitigate_by, on=shown.on)) for risk in facts.risks),
    )


def _reported(row: Programme) -> bool:
    """Whether any confirmed report tells of the programme's term."""
    told = Report.objects.filter(schedule__council_term_id=row.council_term_id, state__in=FINAL)
    return told.exists()


def _row(world: World, pk: int) -> Programme:
    row = world.get(Programme, pk)
    if row is None:
        raise Refused("not_found")
    return row


def _head(found: View, row: Programme, facts: ProgrammeFacts, on: date) -> Head:
    term = found.world.get(CouncilTerm, row.council_term_id)
    stands = _weighed(found, row, facts, on)
    return Head(
        id=row.id,
        term_id=row.council_term_id,
        term=term.label if term else "",
        name=facts.name,
        phase=str(Phase(facts.phase).label),
        phase_code=facts.phase,
        standing=verdict(stands) if facts.phase != "closed" else None,
    )


def _weighed(found: View, row: Programme, facts: ProgrammeFacts, on: date) -> list[Standing]:
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
    return Seats(group.elected_seats, group.official_seats, held)


def _managers(world: World, pk: int, on: date) -> tuple[tuple[str, date], ...]:
    """Who manages the programme on a day, as was known and by the names of then."""
    roles = world.where(RoleAssignment, programme_id=pk, role=Role.PROGRAMME_MANAGER)
    found = ((world.get(Person, row.person_id), row) for row in ordered(roles, "starts_on") if held(row, on))
    return tuple((someone.name, row.starts_on) for someone, row in found if someone)


def _steps(world: World, row: Programme, facts: ProgrammeFacts) -> tuple[StepOfTheChain, ...]:
    """The gates of a programme's life; the first after the last decision is where the programme is now.

    A gate is a body's own decision, which whoever sees the programme may know, also where it is about targets or a plan
    that are not theirs to see: so the chain is told from the whole.
    """
    groups = world.where(SteeringGroup, programme_id=row.id)
    elected = next((made for made in facts.decisions if "elect" in made.kinds), None)
    sized = decision(world, groups[0].sized_by_id) if groups else None
    chain: list[tuple[Words, DecisionFacts | None]] = [
        (_("Topic set"), decision(world, row.set_by_id)),
        (_("Steering group"), elected or sized),
        (_("Targets proposed"), _of_targets(world, row, facts, "proposed_by_id")),
        (_("Targets approved"), next((each.approved_by for each in facts.targets), _approval(facts, "council"))),
        (_("Programme plan"), facts.plan.approved_by if facts.plan else _approval(facts, "board")),
        (pgettext("a decision", "Closing"), decision(world, row.closed_by_id)),
    ]
    last = max((number for number, (_title, made) in enumerate(chain) if made), default=-1)
    done = [bool(made) or number < last for number, (_title, made) in enumerate(chain)]
    now = done.index(False) if False in done else -1
    return tuple(StepOfTheChain(title, made, done[n], n == now) for n, (title, made) in enumerate(chain))


def _approval(facts: ProgrammeFacts, body: str) -> DecisionFacts | None:
    """A body's approval in the programme, where what it approved is not on record itself."""
    return next((made for made in facts.decisions if made.body_kind == body and "approve" in made.kinds), None)


def _of_targets(world: World, row: Programme, facts: ProgrammeFacts, column: str) -> DecisionFacts | None:
    ids = [getattr(target, column) for target in world.where(BenefitTarget, programme_id=row.id)]
    known = {made.key for made in facts.decisions}
    made = [fact for pk in ids if pk and (fact := decision(world, pk)) and fact.key in known]
    return min(made, key=lambda fact: (fact.decided_on or date.max, fact.key), default=None)


def _update(facts: ProgrammeFacts, world: World, row: Programme) -> UpdateFacts | None:
    """The newest sentences of the programme, with their own day."""
    told = [u for u in world.where(ProgrammeUpdate, programme_id=row.id) if u.status_on <= world.status_date]
    if not told:
        return facts.update
    newest = ordered(told, "status_on")[-1]
    words = {name: text(newest, name) for name in ("summary", "cooperation", "priorities", "attention")}
    return UpdateFacts(status_on=newest.status_on, **words, provenance=one_of(Provenance, newest.provenance))


def _target(facts: TargetFacts, on: date, voice: Voice) -> TargetView:
    return TargetView(
        facts,
        standing_of(facts, on) if facts.state == "approved" else None,
        tuple(indicator(each, on, voice) for each in facts.indicators),
    )


def _drafts(world: World, row: Programme, facts: ProgrammeFacts) -> Iterable[DraftView]:
    """Targets that the council has not approved yet, as the reader's rights allow."""
    approved = {target.key for target in facts.targets}
    for target in ordered(world.where(BenefitTarget, programme_id=row.id), "order", "code"):
        if identity(target, "target") in approved or target.state in ("ended", "replaced"):
            continue
        versions = ordered(world.where(TargetVersion, target_id=target.id), "number")
        title = text(versions[-1], "title") if versions else Text()
        yield DraftView(target.code, title, str(BenefitTarget.State(target.state).label))


def _money(rows: tuple[MoneyFacts, ...]) -> Iterable[MoneyView]:
    """Sums by year and source, the newest year first, each year with its own sum."""
    for year in sorted({row.period for row in rows}, reverse=True):
        of_it = [row for row in rows if row.period == year]
        for source in sorted({row.source for row in of_it}):
            label = str(Funding.Source(source).label)
            yield _summed([row for row in of_it if row.source == source], year, label)
        yield _summed(of_it, year, "", together=True)


def _summed(rows: list[MoneyFacts], year: str, source: str, *, together: bool = False) -> MoneyView:
    return MoneyView(
        year=year,
        source=source,
        budget=total(row.budget for row in rows),
        granted=total(row.granted for row in rows),
        used=total(row.used for row in rows),
        together=together,
    )


def _of_the_newest_year(rows: tuple[MoneyFacts, ...], source: str) -> MoneyView | None:
    """One source in the newest year that has money at all, so that figures side by side are of one year."""
    year = max((row.period for row in rows), default="")
    of_it = [row for row in rows if row.source == source and row.period == year]
    return _summed(of_it, year, source) if of_it else None

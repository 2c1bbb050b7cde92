"""Projects, pilots, money and risks as they stood on the status date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Body
from portfolio.programmes.models import Programme
from projects.lessons.models import Lesson
from projects.money.models import Funding
from projects.pilots.models import Pilot, PilotMove
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget
from reporting.facts import (
    ClosedRiskFacts,
    Delivery,
    Light,
    MilestoneFacts,
    MoneyFacts,
    MoneySource,
    PilotFacts,
    PilotState,
    ProjectFacts,
    ProjectKind,
    ProjectMoveFacts,
    ProjectState,
    Provenance,
    RiskFacts,
    StatusFacts,
    Text,
)
from reporting.facts.projects import LessonFacts, LessonKind
from reporting.snapshot.decisions import decision
from reporting.snapshot.world import World, identity, one_of, ordered, person, remark, text, texts


def projects(world: World, programme: Programme) -> tuple[ProjectFacts, ...]:
    """The programme's projects that had been set up by the status date, in the order of their codes."""
    return tuple(project(world, row) for row in in_order(world, programme) if _known_by_then(world, row))


def in_order(world: World, programme: Programme) -> list[Project]:
    """The programme's projects in the order of their codes."""
    return ordered(world.where(Project, programme_id=programme.id), "code")


def _known_by_then(world: World, row: Project) -> bool:
    world.turn_to(Project, row.id)
    moved, later = bool(_moves(world, row)), bool(world.where(ProjectMove, project_id=row.id))
    return set_up_by(world.status_date, moved=moved, moves_later=later, starts_on=row.starts_on)


def set_up_by(on: date, *, moved: bool, moves_later: bool, starts_on: date | None) -> bool:
    """Whether a project was there on a day: it had come into a state, or none of its states is known to be of later."""
    return moved or not moves_later or (starts_on is not None and starts_on <= on)


def _moves(world: World, row: Project) -> list[ProjectMove]:
    moves = [m for m in world.where(ProjectMove, project_id=row.id) if m.effective_on <= world.status_date]
    return ordered(moves, "effective_on")


def project(world: World, row: Project) -> ProjectFacts:
    """One project as it stood on the status date."""
    moves = _moves(world, row)
    return ProjectFacts(
        **texts(row, ProjectFacts),
        key=identity(row, "project"),
        code=row.code,
        kind=one_of(ProjectKind, row.kind),
        state=one_of(ProjectState, moves[-1].state) if moves else "planned",
        delivery=one_of(Delivery, row.delivery) if row.delivery else None,
        serves=_serves(world, row),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        unit=text(world.get(Body, row.unit_id), "name"),
        manager=person(world, row.manager_id),
        partners=_partners(world, row),
        milestones=tuple(
            _milestone(world, m) for m in ordered(world.where(Milestone, project_id=row.id), "order", "planned_on")
        ),
        moves=tuple(
            ProjectMoveFacts(
                state=one_of(ProjectState, m.state), effective_on=m.effective_on, because=remark(world, m.because)
            )
            for m in moves
        ),
        status=_status(world, row),
        pilot=_pilot(world, row),
        lessons=_lessons(world, row),
        provenance=one_of(Provenance, row.provenance),
    )


def _lessons(world: World, row: Project) -> tuple[LessonFacts, ...]:
    """What had been learnt by the status date and stood then, in the order of the days."""
    known = [each for each in world.where(Lesson, project_id=row.id) if each.learnt_on <= world.status_date]
    stood = [each for each in known if each.withdrawn_on is None or each.withdrawn_on > world.status_date]
    return tuple(
        LessonFacts(
            **texts(each, LessonFacts),
            key=identity(each, "lesson"),
            kind=one_of(LessonKind, each.kind) if each.kind else None,
            learnt_on=each.learnt_on,
            provenance=one_of(Provenance, each.provenance),
        )
        for each in ordered(stood, "learnt_on")
    )


def _serves(world: World, row: Project) -> tuple[str, ...]:
    links = [
        link
        for link in world.where(ProjectTarget, project_id=row.id)
        if (link.role == "serves" or (link.accepted_on and link.accepted_on <= world.status_date))
        and (link.ended_on is None or link.ended_on > world.status_date)
    ]
    rows = [world.get(BenefitTarget, link.target_id) for link in links]
    return tuple(identity(target, "target") for target in ordered(filter(None, rows), "code"))


def _partners(world: World, row: Project) -> tuple[Text, ...]:
    links = [
        link
        for link in world.where(ProjectPartner, project_id=row.id)
        if (link.starts_on is None or link.starts_on <= world.status_date)
        and (link.ends_on is None or link.ends_on >= world.period_starts_on)
    ]
    rows = [world.get(Partner, link.partner_id) for link in links]
    return tuple(text(partner, "name") for partner in ordered(filter(None, rows), "name"))


def _milestone(world: World, row: Milestone) -> MilestoneFacts:
    reached = row.reached_on is not None and row.reached_on <= world.status_date
    return MilestoneFacts(
        key=identity(row, "milestone"),
        name=text(row, "name"),
        planned_on=row.planned_on,
        forecast_on=row.forecast_on,
        reached_on=row.reached_on if reached else None,
        replanned_because=remark(world, row.replanned_because),
        provenance=one_of(Provenance, row.provenance),
    )


def _status(world: World, row: Project) -> StatusFacts | None:
    """The newest submitted status report; a report of an earlier period shows its own day."""
    reports = world.where(StatusReport, project_id=row.id)
    known = [r for r in reports if r.submitted_on is not None and r.status_on <= world.status_date]
    if not known:
        return None
    newest = ordered(known, "status_on")[-1]
    return StatusFacts(
        status_on=newest.status_on,
        standing=one_of(Light, newest.standing),
        text=text(newest, "text"),
        provenance=one_of(Provenance, newest.provenance),
    )


def _pilot(world: World, row: Project) -> PilotFacts | None:
    pilots = world.where(Pilot, project_id=row.id)
    if not pilots:
        return None
    pilot = pilots[0]
    moves = [m for m in world.where(PilotMove, pilot_id=pilot.id) if m.effective_on <= world.status_date]
    state = one_of(PilotState, ordered(moves, "effective_on")[-1].state if moves else "planned")
    told, ended = (
        state not in ("planned", "running"),
        state in ("adopted", "adopted_by_partner", "ended_without_adoption"),
    )
    return PilotFacts(
        state=state,
        result=text(pilot, "result") if told else Text(),
        lessons=text(pilot, "lessons") if ended else Text(),
        decision=decision(world, pilot.decision_id) if state == "adopted" else None,
        adopted_by=_adopter(world, pilot) if ended else Text(),
    )


def _adopter(world: World, pilot: Pilot) -> Text:
    if unit := world.get(Body, pilot.adopted_unit_id):
        return text(unit, "name")
    return text(world.get(Partner, pilot.adopted_partner_id), "name")


def money(world: World, programme: Programme) -> tuple[MoneyFacts, ...]:
    """Money by source and year, up to the year of the status date; what was used is told as of a day (INV-93)."""
    rows = [r for r in world.where(Funding, programme_id=programme.id) if r.year <= world.status_date.year]
    used = used_by_then(rows, world.status_date, world.cut)
    return tuple(_money(world, row, used) for row in ordered(rows, "year", "source", "funder"))


class Used(Protocol):
    """A row of money as far as its use goes."""

    @property
    def id(self) -> int: ...
    @property
    def used(self) -> Decimal | None: ...
    @property
    def used_on(self) -> date | None: ...


def used_by_then(rows: Sequence[Used], on: date, cut: int) -> dict[int, Decimal | None]:
    """What had been used by the newest day that isn't after a status date, as known at the cut-off."""
    used = {row.id: row.used for row in rows if row.used_on and row.used_on <= on}
    if later := [row.id for row in rows if row.used_on and row.used_on > on]:
        past = Funding.history.model.objects.filter(id__in=later, history_seq__lte=cut)
        past = past.filter(used_on__lte=on).order_by("used_on", "history_seq", "history_id")
        used |= dict(past.values_list("id", "used"))
    return used


def _money(world: World, row: Funding, used: Mapping[int, Decimal | None]) -> MoneyFacts:
    of = world.get(Project, row.project_id)
    return MoneyFacts(
        key=identity(row, "funding"),
        source=one_of(MoneySource, row.source),
        funder=text(row, "funder"),
        period=str(row.year),
        project=identity(of, "project") if of else "",
        budget=row.budget,
        granted=row.granted,
        used=used.get(row.id),
        provenance=one_of(Provenance, row.provenance),
    )


def risks(world: World, programme: Programme) -> tuple[RiskFacts, ...]:
    """Risks open on the status date, the highest first."""
    rows = [r for r in world.where(Risk, programme_id=programme.id) if is_open(r, world.status_date)]
    rows.sort(key=lambda row: (-row.likelihood * row.impact, row.id))
    return tuple(risk(world, row) for row in rows)


def is_open(row: Risk, on: date) -> bool:
    """Whether a risk was known and not closed on a day."""
    return row.identified_on <= on and (row.closed_on is None or row.closed_on > on)


def closed_risks(world: World, programme: Programme) -> tuple[ClosedRiskFacts, ...]:
    """Risks closed in the period, in the order of their days."""
    closed = [(r.closed_on, r) for r in world.where(Risk, programme_id=programme.id) if r.closed_on is not None]
    closed.sort(key=lambda one: (one[0], one[1].id))
    return tuple(
        ClosedRiskFacts(
            key=identity(row, "risk"),
            title=text(row, "title"),
            level=row.likelihood * row.impact,
            closed_on=on,
            because=remark(world, row.closed_because),
            provenance=one_of(Provenance, row.provenance),
        )
        for on, row in closed
        if world.period_starts_on <= on <= world.status_date
    )


def risk(world: World, row: Risk) -> RiskFacts:
    """A risk as it was assessed at the cut."""
    of = world.get(Project, row.project_id)
    return RiskFacts(
        key=identity(row, "risk"),
        title=text(row, "title"),
        likelihood=row.likelihood,
        impact=row.impact,
        mitigation=text(row, "mitigation"),
        mitigate_by=row.mitigate_by,
        owner=person(world, row.owner_id),
        project=identity(of, "project") if of else "",
        provenance=one_of(Provenance, row.provenance),
    )

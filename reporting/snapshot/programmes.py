"""A programme with everything that belongs to it, as it stood on the status date."""

from __future__ import annotations

from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Body, Decision
from portfolio.programmes.models import PhaseMove, Plan, PlanVersion, Programme, ProgrammeSector, ProgrammeUpdate
from projects.register.models import Project
from reporting.facts import Phase, PlanFacts, ProgrammeFacts, Provenance, Text, UpdateFacts
from reporting.snapshot import benefits, decisions, groups, projects
from reporting.snapshot.world import World, identity, one_of, ordered, text


def active(world: World, chosen: set[int], term_id: int) -> list[Programme]:
    """The programmes of the schedule that had been set and not been closed before the period (INV-90, INV-95)."""
    rows = [row for row in world.rows[Programme] if (row.id in chosen if chosen else row.council_term_id == term_id)]
    return [row for row in ordered(rows, "order", "code") if _alive(world, row)]


def _alive(world: World, row: Programme) -> bool:
    decision = world.get(Decision, row.set_by_id)
    set_on = (decision.decided_on or decision.earliest_on) if decision else None
    closed = [m.effective_on for m in world.where(PhaseMove, programme_id=row.id) if m.phase == "closed"]
    return (set_on is None or set_on <= world.status_date) and not any(day < world.period_starts_on for day in closed)


def will_tell(world: World, chosen: list[Programme]) -> None:
    """Let the world know in which order the programmes' targets and projects are told."""
    world.will_tell(BenefitTarget, [row.id for one in chosen for row in benefits.in_order(world, one)])
    world.will_tell(Project, [row.id for one in chosen for row in projects.in_order(world, one)])


def programme(world: World, row: Programme) -> ProgrammeFacts:
    """One programme of the report."""
    move = phase(world, row)
    carried_out = projects.projects(world, row)
    return ProgrammeFacts(
        key=identity(row, "programme"),
        code=row.code,
        name=text(row, "name"),
        aim=text(row, "aim"),
        description=text(row, "description"),
        phase=one_of(Phase, move.phase) if move else "topic_set",
        phase_since=move.effective_on if move else None,
        decisions=decisions.chain(world, row),
        plan=plan(world, row),
        targets=benefits.targets(world, row),
        projects=carried_out,
        money=projects.money(world, row),
        risks=projects.risks(world, row),
        closed_risks=projects.closed_risks(world, row),
        sectors=_sectors(world, row),
        partners=_distinct([partner for project in carried_out for partner in project.partners]),
        events=groups.events(world, row),
        update=_update(world, row),
        group=groups.group(world, row),
        provenance=one_of(Provenance, row.provenance),
    )


def phase(world: World, row: Programme) -> PhaseMove | None:
    """The move that brought the programme into the phase of the status date."""
    moves = [m for m in world.where(PhaseMove, programme_id=row.id) if m.effective_on <= world.status_date]
    return ordered(moves, "effective_on")[-1] if moves else None


def plan(world: World, row: Programme) -> PlanFacts | None:
    """The plan version that was in force: the newest approved by the status date."""
    versions = [v for plan in world.where(Plan, programme_id=row.id) for v in world.where(PlanVersion, plan_id=plan.id)]
    approved = [v for v in versions if v.approved_on and v.approved_on <= world.status_date]
    if not approved:
        return None
    newest = ordered(approved, "approved_on", "ordinal")[-1]
    return PlanFacts(
        number=newest.number,
        approved_by=decisions.decision(world, newest.approved_by_id),
        approved_on=newest.approved_on,
        sha256=newest.content_sha256,
    )


def _sectors(world: World, row: Programme) -> tuple[Text, ...]:
    links = [
        s
        for s in world.where(ProgrammeSector, programme_id=row.id)
        if s.ended_on is None or s.ended_on > world.status_date
    ]
    return _distinct([text(world.get(Body, link.body_id), "name") for link in links])


def _distinct(found: list[Text]) -> tuple[Text, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda words: words.known.casefold()))


def _update(world: World, row: Programme) -> UpdateFacts | None:
    updates = world.where(ProgrammeUpdate, programme_id=row.id, status_on=world.status_date)
    if not updates:
        return None
    words = {name: text(updates[0], name) for name in ("summary", "cooperation", "priorities", "attention")}
    return UpdateFacts(status_on=world.status_date, **words, provenance=one_of(Provenance, updates[0].provenance))

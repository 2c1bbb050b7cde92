"""What can be done with programmes: set, described, planned and reported on. Their phases stand in a room above.

Verbs: set_programme, edit_programme, write_update, write_plan, approve_plan, take_over_programme.
"""

from datetime import date
from typing import Any, TypeVar

from portfolio import city, clock, history, typed
from portfolio.decisions import governance
from portfolio.decisions.models import Body, Decision
from portfolio.history import Provenance, Tracked
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes import content, lifecycle, queries
from portfolio.programmes.access import opened
from portfolio.programmes.lifecycle import day_of
from portfolio.programmes.models import (
    Phase,
    PhaseMove,
    Plan,
    PlanVersion,
    Programme,
    ProgrammeSector,
    ProgrammeUpdate,
)
from portfolio.refusals import Lack, Refused, require
from portfolio.strategy.models import CouncilTerm

Record = TypeVar("Record", bound=Tracked)

SET_BY_THE_COUNCIL = ("name", "aim")


def set_programme(
    council_term: CouncilTerm,
    *,
    code: str,
    set_by: Decision,
    by: Any,
    effective_on: date | None = None,
    **described: Any,
) -> Programme:
    """Enter a programme that the council has set for a term; the decision may precede the term (INV-02, INV-03)."""
    with history.change(by=by):
        permissions.require(by, "set_programme")
        governance.require(set_by, "programme.set", field="set_by")
        programme = Programme(council_term=council_term, code=code, set_by=set_by, **described).checked_save()
        first: dict[str, Any] = {"phase": Phase.TOPIC_SET, "effective_on": effective_on or day_of(set_by)}
        PhaseMove(programme=programme, decision=set_by, **first, **_dated(set_by)).checked_save()
        return programme


def edit_programme(
    programme: Programme, *, by: Any, seen: int | None = None, because: str = "", **edited: Any
) -> Programme:
    """Describe a programme anew; what the council has set changes only with a reason (INV-04, INV-110)."""
    with history.change(by=by, because=because):
        programme = history.lock(Programme, programme.pk, seen=seen)
        opened(programme, "edit_programme", by)
        changed = [
            name
            for name in (f"{stem}_{city.identity().first}" for stem in SET_BY_THE_COUNCIL)
            if edited.get(name, getattr(programme, name)) != getattr(programme, name)
        ]
        if changed:
            history.require_reason(because, changed=changed)
        return _with(programme, edited).checked_save()


def add_sector(programme: Programme, *, body: Body, by: Any) -> ProgrammeSector:
    """Name a sector of the city that takes part in the programme; one that had left takes part again."""
    with history.change(by=by):
        programme = history.lock(Programme, programme.pk)
        opened(programme, "edit_programme", by)
        gone = ProgrammeSector.objects.filter(programme=programme, body=body, ended_on__isnull=False).first()
        sector = gone or ProgrammeSector(programme=programme, body=body, provenance=programme.provenance)
        sector.ended_on = None
        return sector.checked_save()


def end_sector(sector: ProgrammeSector, *, ended_on: date, by: Any, seen: int | None = None) -> ProgrammeSector:
    """Record that a sector takes part no longer; it stays in the programme's history."""
    with history.change(by=by):
        sector = history.lock(ProgrammeSector, sector.pk, seen=seen)
        opened(sector.programme, "edit_programme", by, sector)
        return _with(sector, {"ended_on": ended_on}).checked_save()


def write_update(programme: Programme, *, status_on: date, by: Any, **written: str) -> ProgrammeUpdate:
    """Write the few sentences on a status date that figures cannot say."""
    with history.change(by=by):
        programme = history.lock(Programme, programme.pk)
        opened(programme, "write_update", by)
        update = ProgrammeUpdate(programme=programme, status_on=status_on, **written)
        return update.checked_save()


def edit_update(
    update: ProgrammeUpdate, *, by: Any, seen: int | None = None, because: str = "", **written: str
) -> ProgrammeUpdate:
    """Change the sentences of a status date; what a frozen report holds of them stays as it was."""
    with history.change(by=by, because=because):
        update = history.lock(ProgrammeUpdate, update.pk, seen=seen)
        opened(update.programme, "write_update", by, update)
        return _with(update, written).checked_save()


def draft_plan(programme: Programme, *, by: Any, sections: dict[str, dict[str, str]] | None = None) -> PlanVersion:
    """Begin the next draft of the programme's plan: 0.1, 0.2 … and 1.1 after 1.0; it starts from the newest version."""
    with history.change(by=by):
        programme = history.lock(Programme, programme.pk)
        opened(programme, "write_plan", by)
        plan = Plan.objects.filter(programme=programme).first() or Plan(programme=programme).checked_save()
        newest = plan.versions.order_by("-ordinal").first()
        sections = sections if sections is not None else (newest.sections if newest else {})
        return _version(
            plan, newest, lifecycle.next_draft_number(newest.number if newest else None), sections
        ).checked_save()


def edit_plan(
    version: PlanVersion, *, sections: dict[str, dict[str, str]], by: Any, seen: int | None = None
) -> PlanVersion:
    """Write sections of a draft; the others stay. A version once submitted is frozen (INV-46, INV-72)."""
    with history.change(by=by):
        version = history.lock(PlanVersion, version.pk, seen=seen)
        opened(version.plan.programme, "write_plan", by, version)
        if version.state != PlanVersion.State.DRAFT:
            raise Refused("plan.frozen", number=version.number, state=version.state)
        require(content.sections_lack(sections))
        version.sections = {**version.sections, **sections}
        version.content_sha256 = content.sha256(version.sections)
        return version.checked_save()


def submit_plan(version: PlanVersion, *, by: Any, seen: int | None = None) -> PlanVersion:
    """Submit a draft for handling and approval; it is frozen from now on, and an older submitted one is superseded."""
    with history.change(by=by):
        version = history.lock(PlanVersion, version.pk, seen=seen)
        opened(version.plan.programme, "write_plan", by, version)
        _require_plan_state(version, PlanVersion.State.DRAFT, to=PlanVersion.State.SUBMITTED)
        if not content.says_something(version.sections):
            raise Refused("plan.empty", field="sections", number=version.number)
        _supersede(version.plan, PlanVersion.State.SUBMITTED)
        signed = {"submitted_by": by if isinstance(by, Person) else None, "submitted_on": clock.today()}
        return _with(version, {"state": PlanVersion.State.SUBMITTED, **signed}).checked_save()


def approve_plan(
    version: PlanVersion,
    *,
    by: Any,
    decision: Decision | None = None,
    because: str = "",
    seen: int | None = None,
) -> PlanVersion:
    """Record the city board's approval of a submitted version: the same content becomes 1.0, 2.0 … and is immutable.

    Not before the council has approved the benefit targets, unless a reason is given (INV-73); nobody records the
    approval of what they submitted themselves (INV-113); the version before it is superseded (INV-72).
    """
    with history.change(by=by, because=because):
        version = history.lock(PlanVersion, version.pk, seen=seen)
        programme = version.plan.programme
        opened(programme, "approve_plan", by)
        require(_approval_lacks(version, decision, by=by, because=because))
        assert decision is not None
        for earlier in (PlanVersion.State.APPROVED, PlanVersion.State.SUBMITTED):
            _supersede(version.plan, earlier)
        newest = version.plan.versions.order_by("-ordinal").first()
        approved = _version(version.plan, newest, lifecycle.approved_number(version.number), version.sections)
        overridden = because if _targets_lack(programme, day_of(decision)) else ""
        return _with(
            approved,
            {
                "state": PlanVersion.State.APPROVED, "made_from": version, "submitted_by": version.submitted_by,
                "submitted_on": version.submitted_on, "approved_by": decision, "approved_on": day_of(decision),
                "override_because": overridden,
            },
        ).checked_save()  # fmt: skip


def take_over_plan_version(
    programme: Programme,
    *,
    number: str,
    state: str,
    by: Any,
    approved_by: Decision | None = None,
    approved_on: date | None = None,
    sections: dict[str, dict[str, str]] | None = None,
) -> PlanVersion:
    """Enter a version of a plan as an older register has it; only the board's decision makes one approved (INV-72)."""
    with history.change(by=by):
        programme = history.lock(Programme, programme.pk)
        permissions.require(by, "take_over_programme", programme)
        if programme.provenance == Provenance.RECORDED:
            raise Refused("programme.not_taken_over")
        if approved_by or state == PlanVersion.State.APPROVED:
            governance.require(approved_by, "plan.approve", programme, field="approved_by")
        told = {"provenance": programme.provenance}
        plan = Plan.objects.filter(programme=programme).first() or Plan(programme=programme, **told).checked_save()
        newest = plan.versions.order_by("-ordinal").first()
        version = _version(plan, newest, number, sections or {}, **told)
        return _with(version, {"state": state, "approved_by": approved_by, "approved_on": approved_on}).checked_save()


def _version(
    plan: Plan, newest: PlanVersion | None, number: str, sections: dict[str, dict[str, str]], **told: Any
) -> PlanVersion:
    require(content.sections_lack(sections))
    ordinal = newest.ordinal + 1 if newest else 1
    hashed = content.sha256(sections)
    return PlanVersion(plan=plan, ordinal=ordinal, number=number, sections=sections, content_sha256=hashed, **told)


def _supersede(plan: Plan, state: str) -> None:
    for version in plan.versions.filter(state=state):
        _with(version, {"state": PlanVersion.State.SUPERSEDED}).checked_save()


def _approval_lacks(version: PlanVersion, decision: Decision | None, *, by: Any, because: str) -> list[Lack]:
    found = governance.lacks(decision, "plan.approve", programme=version.plan.programme)
    if version.state != PlanVersion.State.SUBMITTED:
        found.append(Lack("plan.transition", field="state", at=version.state, to=PlanVersion.State.APPROVED))
    if isinstance(by, Person) and version.submitted_by_id == by.pk:
        found.append(Lack("approve.own"))
    if not typed.cleaned(because):
        found.extend(_targets_lack(version.plan.programme, day_of(decision)))
    return found


def _targets_lack(programme: Programme, on: date) -> list[Lack]:
    if queries.targets_approved_by(programme, on):
        return []
    return [Lack("plan.targets_not_approved", field="because", on=on)]


def _require_plan_state(version: PlanVersion, state: str, *, to: str) -> None:
    if version.state != state:
        raise Refused("plan.transition", field="state", at=version.state, to=to)


def _dated(decision: Decision) -> dict[str, str]:
    """How exactly the day of a decision is known, and in which words."""
    texts = ("date_text_fi", "date_text_sv", "date_text_en")
    return {"date_precision": decision.date_precision, **{name: getattr(decision, name) for name in texts}}


def _with(record: Record, values: dict[str, Any]) -> Record:
    for name, value in values.items():
        setattr(record, name, value)
    return record

"""What can be done with a pilot: begin, evaluate, and bring it to one of its three endings."""

from datetime import date
from typing import Any

from portfolio import clock, history
from portfolio.decisions import governance
from portfolio.decisions.models import Body, Decision
from portfolio.programmes.access import Actor, opened
from portfolio.refusals import Refused
from projects import guard
from projects.pilots import lifecycle
from projects.pilots.models import Pilot, PilotMove
from projects.register.lifecycle import require_day
from projects.register.models import Partner, Project

State = Pilot.State
DESCRIBED = guard.described(Pilot)


def plan_pilot(
    project: Project,
    *,
    effective_on: date | None = None,
    by: Actor,
    seen: int | None = None,
) -> Pilot:
    """Open the card of a pilot for a project of that kind (INV-78)."""
    with history.change(by=by):
        project = history.lock(Project, project.pk, seen=seen)
        opened(project.programme, "run_pilot", by, project)
        if project.kind != Project.Kind.PILOT:
            raise Refused("pilot.not_a_pilot", field="project", project=project.code)
        if Pilot.objects.filter(project=project).exists():
            raise Refused("pilot.duplicate", field="project", project=project.code)
        pilot = Pilot(project=project).checked_save()
        return _move(pilot, State.PLANNED, effective_on=effective_on, because="")


def start_pilot(
    pilot: Pilot, *, effective_on: date | None = None, because: str = "", by: Actor, seen: int | None = None
) -> Pilot:
    """Begin the trial of a pilot whose project runs (INV-78)."""
    with history.change(by=by, because=because):
        pilot = _locked(pilot, State.RUNNING, by=by, verb="run_pilot", seen=seen)
        if pilot.project.state != Project.State.RUNNING:
            raise Refused("pilot.project_not_running", project=pilot.project.code, state=pilot.project.state)
        return _move(pilot, State.RUNNING, effective_on=effective_on, because=because)


def evaluate_pilot(
    pilot: Pilot,
    *,
    result_fi: str = "",
    effective_on: date | None = None,
    because: str = "",
    by: Actor,
    seen: int | None = None,
    **described: Any,
) -> Pilot:
    """Record what came of a trial, good or bad, before anyone decides on it (INV-78)."""
    with history.change(by=by, because=because):
        pilot = _locked(pilot, State.EVALUATED, by=by, verb="run_pilot", seen=seen)
        guard.describe(pilot, {"result_fi": result_fi} | described, known=DESCRIBED)
        return _move(pilot, State.EVALUATED, effective_on=effective_on, because=because)


def adopt_pilot(
    pilot: Pilot,
    *,
    decision: Decision | None,
    unit: Body,
    effective_on: date | None = None,
    because: str = "",
    by: Actor,
    seen: int | None = None,
    **described: Any,
) -> Pilot:
    """Record that the line organisation has taken a pilot into use, by its own decision, never the programme's.

    The day is the decision's unless another is given (INV-78, INV-79).
    """
    with history.change(by=by, because=because):
        pilot = _locked(pilot, State.ADOPTED, by=by, verb="adopt_pilot", seen=seen)
        governance.require(decision, "pilot.adopt", pilot.project.programme)
        pilot.decision = decision
        pilot.adopted_unit = unit
        guard.describe(pilot, described, known=DESCRIBED)
        decided_on = decision.decided_on if decision else None
        return _move(pilot, State.ADOPTED, effective_on=effective_on or decided_on, because=because)


def adopt_pilot_by_partner(
    pilot: Pilot,
    *,
    partner: Partner,
    effective_on: date | None = None,
    because: str = "",
    by: Actor,
    seen: int | None = None,
    **described: Any,
) -> Pilot:
    """Record that a partner has taken a pilot into use (INV-78)."""
    with history.change(by=by, because=because):
        pilot = _locked(pilot, State.ADOPTED_BY_PARTNER, by=by, verb="end_pilot", seen=seen)
        pilot.adopted_partner = partner
        guard.describe(pilot, described, known=DESCRIBED)
        return _move(pilot, State.ADOPTED_BY_PARTNER, effective_on=effective_on, because=because)


def end_pilot_without_adoption(
    pilot: Pilot,
    *,
    lessons_fi: str = "",
    effective_on: date | None = None,
    because: str = "",
    by: Actor,
    seen: int | None = None,
    **described: Any,
) -> Pilot:
    """End a pilot without adoption: a proper ending, as long as its lessons are written down (INV-78)."""
    with history.change(by=by, because=because):
        pilot = _locked(pilot, State.ENDED_WITHOUT_ADOPTION, by=by, verb="end_pilot", seen=seen)
        guard.describe(pilot, {"lessons_fi": lessons_fi.strip()} | described, known=DESCRIBED)
        return _move(pilot, State.ENDED_WITHOUT_ADOPTION, effective_on=effective_on, because=because)


def take_over_state(
    pilot: Pilot, *, state: str, effective_on: date, by: Actor, decision: Decision | None = None, **described: Any
) -> Pilot:
    """Enter a state as an older register tells it; who decided may not be known there (decision 19, INV-78)."""
    with history.change(by=by):
        pilot = history.lock(Pilot, pilot.pk)
        opened(pilot.project.programme, "run_pilot", by, pilot.project)
        if pilot.provenance != "taken_over":
            raise Refused("transition.invalid", field="state", at=pilot.state, to=state)
        units = {name: described.pop(name, None) for name in ("adopted_unit", "adopted_partner")}
        pilot.decision, pilot.adopted_unit, pilot.adopted_partner = (
            decision,
            units["adopted_unit"],
            units["adopted_partner"],
        )
        guard.describe(pilot, described, known=DESCRIBED)
        return _move(pilot, state, effective_on=effective_on, because="")


def _locked(pilot: Pilot, to: str, *, by: Actor, verb: str, seen: int | None) -> Pilot:
    pilot = history.lock(Pilot, pilot.pk, seen=seen)
    opened(pilot.project.programme, verb, by, pilot.project)
    lifecycle.require_move(pilot.state, to)
    return pilot


def _move(pilot: Pilot, to: str, *, effective_on: date | None, because: str) -> Pilot:
    """Enter the state and the day from which it holds, in one change set."""
    today = clock.today()
    entered = PilotMove.objects.standing().filter(pilot=pilot)
    last = entered.order_by("-effective_on").values_list("effective_on", flat=True).first()
    day = effective_on or today
    require_day(day, today=today, last=last)
    pilot.state = to
    pilot.checked_save()
    PilotMove(pilot=pilot, state=to, effective_on=day, because=because, provenance=pilot.provenance).checked_save()
    return pilot

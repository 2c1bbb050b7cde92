"""What can be mended about the states of projects and pilots that were entered wrongly: the old entry stays.

Verbs: those of the moves themselves, plan_project, move_project, cancel_project, run_pilot, end_pilot, adopt_pilot.
"""

from datetime import date
from typing import TypeVar

from portfolio import clock, history
from portfolio.history import Step
from portfolio.programmes.access import Actor, opened
from projects.pilots.models import Pilot, PilotMove
from projects.register.lifecycle import require_day
from projects.register.models import Project, ProjectMove

Mended = TypeVar("Mended", bound=Step)

PROJECT_ENTERED_BY: dict[str, str] = {
    Project.State.PLANNED: "plan_project",
    Project.State.CANCELLED: "cancel_project",
}
PILOT_ENTERED_BY: dict[str, str] = {
    Pilot.State.ADOPTED: "adopt_pilot",
    Pilot.State.ADOPTED_BY_PARTNER: "end_pilot",
    Pilot.State.ENDED_WITHOUT_ADOPTION: "end_pilot",
}


def right_to_mend(move: ProjectMove | PilotMove) -> str:
    """The right to mend a day is that to enter the state."""
    if isinstance(move, PilotMove):
        return PILOT_ENTERED_BY.get(move.state, "run_pilot")
    return PROJECT_ENTERED_BY.get(move.state, "move_project")


def correct_project_move(move: ProjectMove, *, effective_on: date, because: str, by: Actor) -> ProjectMove:
    """Mend the day of a project's state with the reason (INV-110); its moves keep their order (INV-112)."""
    with history.change(by=by, because=because, required=True):
        project = history.lock(Project, move.project_id)
        opened(project.programme, right_to_mend(move), by, project)
        return _mend(move, effective_on, because)


def correct_pilot_move(move: PilotMove, *, effective_on: date, because: str, by: Actor) -> PilotMove:
    """Mend the day of a pilot's state with the reason (INV-110); its moves keep their order (INV-112)."""
    with history.change(by=by, because=because, required=True):
        pilot = history.lock(Pilot, move.pilot_id)
        opened(pilot.project.programme, right_to_mend(move), by, pilot.project)
        return _mend(move, effective_on, because)


def _mend(move: Mended, day: date, because: str) -> Mended:
    mended = move.mended(because=because, effective_on=day)
    if day == move.effective_on:
        return move
    before, after = move.beside()
    require_day(day, today=clock.today(), last=before, following=after)
    return mended.checked_save()

"""The moves of a programme's life over the API: the gates, and the steps that were taken."""

from portfolio.api import Ref, RoomViewSet, move, question, says, where
from portfolio.decisions.models import Decision
from portfolio.phases import commands, gates
from portfolio.programmes import api as programmes
from portfolio.programmes import lifecycle
from portfolio.programmes.models import PhaseMove


class ProgrammeViewSet(programmes.ProgrammeViewSet):
    """The programmes of the council terms, and the moves of their life."""

    state, right = "phase", "move_programme"
    follows = {phase: {following} for phase, following in lifecycle.NEXT_PHASE.items()}

    gate = question(gates.asked, says("GateQuery", decision=Ref(Decision, required=False)))
    organise = move("MoveInput", commands.organise, to=gates.MOVES["organise"])
    approve_targets = move("MoveWithDecisionInput", commands.approve_targets, to=gates.MOVES["approve_targets"])
    start_running = move("MoveInput", commands.start_running, to=gates.MOVES["start_running"])
    begin_closing = move("MoveWithReasonInput", commands.begin_closing, to=gates.MOVES["begin_closing"])


class PhaseMoveViewSet(RoomViewSet):
    """The steps of programmes' lives, each with its day and its decision."""

    model = PhaseMove
    columns = (
        "programme", "phase", "effective_on", "date_precision", "date_text", "decision", "because", "corrects",
        "corrected_because",
    )  # fmt: skip
    filters = where("programme", "phase", to="effective_on__lte") | {"from": "effective_on__gte"}
    ordering = ("effective_on", "programme_id")

    correct = move("DayInput", commands.correct_phase, after_closing=True, creates=True)

"""Pilots and their three endings in JSON."""

from portfolio.api import FOR_THE_RULE, RoomViewSet, move, says, where
from portfolio.texts import columns
from projects.corrections import commands as corrections
from projects.pilots import commands, lifecycle
from projects.pilots.models import Pilot, PilotMove
from projects.register.api import ProjectDayInput

State = Pilot.State


class PilotViewSet(RoomViewSet):
    model = Pilot
    last = ("source_language", "texts")
    filters = where("project", "programme", state="state__in", unit="adopted_unit_id")
    ordering = ("project_id", "state")
    follows = lifecycle.NEXT_STATES

    right = "run_pilot"
    create = move("PilotInput", commands.plan_pilot)
    start = move("PilotMoveInput", commands.start_pilot, to=State.RUNNING)
    evaluate = move(
        says("PilotResultInput", *columns("result"), result_fi=FOR_THE_RULE), commands.evaluate_pilot,
        to=State.EVALUATED,
    )  # fmt: skip
    adopt = move(says("PilotAdoptInput", "lessons"), commands.adopt_pilot, to=State.ADOPTED)
    adopt_by_partner = move(
        says("PilotPartnerInput", "lessons"), commands.adopt_pilot_by_partner, right="end_pilot",
        to=State.ADOPTED_BY_PARTNER,
    )  # fmt: skip
    end_without_adoption = move(
        says("PilotEndInput", *columns("lessons"), lessons_fi=FOR_THE_RULE), commands.end_pilot_without_adoption,
        right="end_pilot", to=State.ENDED_WITHOUT_ADOPTION,
    )  # fmt: skip


class PilotMoveViewSet(RoomViewSet):
    model = PilotMove
    columns = ("pilot", "state", "effective_on", "because", "corrects", "corrected_because")
    filters = where("pilot", "state", to="effective_on__lte")
    ordering = ("effective_on", "pilot_id")

    correct = move(
        ProjectDayInput, corrections.correct_pilot_move, right="run_pilot",
        rights=lambda move, _by: [(corrections.right_to_mend(move), move)], creates=True,
    )  # fmt: skip

"""Projects, their targets, moves and partners in JSON."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from portfolio import clock
from portfolio.api import FOR_THE_RULE, Input, RoomViewSet, described, move, of, says, where
from portfolio.benefits.models import BenefitTarget
from portfolio.benefits.standing import Standing
from portfolio.people import permissions
from portfolio.texts import columns
from projects import queries
from projects.corrections import commands as corrections
from projects.progress.models import StatusReport
from projects.register import commands, lifecycle
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget

State = Project.State


class ServedTargetInput(Input):
    says = of(ProjectTarget, "target", "share")


PLAINLY = described(Project, but="delivery")
CREATION = says(
    "ProjectInput", "kind", *PLAINLY, delivery=serializers.CharField(),
    targets=ServedTargetInput(many=True, required=False),
)  # fmt: skip
REASONED = says("ProjectReasonedMoveInput", because=FOR_THE_RULE)


class ProjectDayInput(Input):
    effective_on = serializers.DateField()
    because = serializers.CharField(allow_blank=True)


class StatusSerializer(serializers.Serializer[Any]):
    """How a project stood on a day, in its manager's words."""

    standing = serializers.ChoiceField(choices=StatusReport.Standing.choices)
    status_on = serializers.DateField()


class ProjectViewSet(RoomViewSet):
    model = Project
    columns = (
        "programme", "code", "kind", *described(Project), "state", "carried_over_because", "continues_in",
        "continues_because", "source_language", "texts",
    )  # fmt: skip
    filters = where(
        "programme", "kind", "delivery", "unit", "manager", state="state__in", target="target_links__target_id",
        starts_from="starts_on__gte", ends_by="ends_on__lte",
    )  # fmt: skip
    search = ("code", "name")
    ordering = ("code", "programme_id", "state", "starts_on", "ends_on")
    follows = lifecycle.NEXT_STATES
    along = {
        "status": StatusSerializer(allow_null=True),
        "standing": serializers.ChoiceField(choices=[each.value for each in Standing], allow_null=True),
    }
    beside = {"warnings": queries.warnings}

    right = "move_project"
    create = move(CREATION, commands.create_project, right="plan_project")
    edit = move(says("ProjectEdit", *PLAINLY, delivery=serializers.CharField(required=False)), commands.edit_project)
    start = move("ProjectMoveInput", commands.start_project, to=State.RUNNING, at=lifecycle.STARTS_FROM)
    suspend = move(REASONED, commands.suspend_project, to=State.SUSPENDED)
    resume = move("ProjectMoveInput", commands.resume_project, to=State.RUNNING, at=lifecycle.RESUMES_FROM)
    end = move("ProjectMoveInput", commands.end_project, to=State.ENDED)
    cancel = move(REASONED, commands.cancel_project, to=State.CANCELLED)
    carry_over = move(
        says("ProjectCarryOverInput", because=FOR_THE_RULE), commands.carry_over_project, at=lifecycle.OPEN_STATES
    )
    continue_ = move(
        says("ProjectContinueInput", because=FOR_THE_RULE), commands.continue_project, right="carry_over_project",
        at=lifecycle.OPEN_STATES,
    )  # fmt: skip
    serve_target = move(says("ProjectServeInput", "share"), commands.serve_target, creates=True)
    accept_support = move(
        "ProjectAcceptInput",
        commands.accept_support,
        rights=lambda project, _by: [
            ("accept_support", link.target) for link in project.target_links.all() if link.is_offer
        ],
        after_closing=True,
    )
    stop_serving_target = move(
        says("ProjectStopServingInput", because=FOR_THE_RULE), commands.stop_serving_target, right="serve_target"
    )

    def told_along(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The newest status that was submitted, and the worst standing of the targets served, of whoever sees all."""
        found = queries.standings_of(
            ids, on=clock.today(), seen=permissions.visible(BenefitTarget.objects.all(), self.by)
        )
        return {pk: {"status": status, "standing": standing} for pk, (status, standing) in found.items()}


class AssignableProjectViewSet(RoomViewSet):
    """The projects on which a role can be held, by name and no more of them."""

    model = Project
    columns = ("programme", "code", "name")
    filters = where("programme")
    search = ("code", "name")
    ordering = ("code",)
    visible = staticmethod(permissions.assignable)
    history = None


class ProjectMoveViewSet(RoomViewSet):
    model = ProjectMove
    columns = ("project", "state", "effective_on", "because", "corrects", "corrected_because")
    filters = where("project", "programme", "state", to="effective_on__lte")
    ordering = ("effective_on", "project_id")

    correct = move(
        ProjectDayInput, corrections.correct_project_move, right="move_project",
        rights=lambda move, _by: [(corrections.right_to_mend(move), move)], creates=True,
    )  # fmt: skip


class ProjectTargetViewSet(RoomViewSet):
    model = ProjectTarget
    filters = where("project", "target", "role", programme="target__programme_id", accepted="accepted_on__isnull")
    ordering = ("project_id", "target_id")

    accept = move(
        "SupportAcceptInput", commands.accept_offer, right="accept_support",
        rights=lambda link, _by: [("accept_support", link.target)], when=lambda link: link.is_offer,
        after_closing=True,
    )  # fmt: skip


NAMES = columns("name")
NAME = serializers.CharField(max_length=200, required=False, allow_blank=True)


class PartnerViewSet(RoomViewSet):
    model = Partner
    filters = where("kind", "active")
    search = ("name",)
    ordering = ("name", "kind")

    right = "keep_partners"
    create = move(says("PartnerInput", *NAMES, "source_language", name=NAME), commands.create_partner)
    edit = move(says("PartnerEdit", *NAMES, "source_language", "kind", "active", name=NAME), commands.edit_partner)


class ProjectPartnerViewSet(RoomViewSet):
    model = ProjectPartner
    filters = where("project", "partner", "programme")
    ordering = ("project_id", "partner_id")

    create = move(says("ProjectPartnerInput", "task", "starts_on"), commands.join_partner, right="edit_project")
    part = move("PartnerPartInput", commands.part_partner, right="edit_project")

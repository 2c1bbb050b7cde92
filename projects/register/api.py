"""Projects, their targets, moves and partners in JSON."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from portfolio import clock
from portfolio.api import Input, Ref, RoomViewSet, described, move, of, where
from portfolio.api.schema import ErrorSerializer
from portfolio.benefits.models import BenefitTarget
from portfolio.benefits.standing import Standing
from portfolio.decisions.models import Body
from portfolio.people import permissions
from portfolio.texts import columns
from projects import queries
from projects.corrections import commands as corrections
from projects.progress.models import StatusReport
from projects.register import commands, lifecycle
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget

State = Project.State

# Where blank is taken it reaches the command, which refuses it under the rule's own code.


class ServedTargetInput(Input):
    says = of(ProjectTarget, "target", "share")


class ProjectEdit(Input):
    says = of(Project, *described(Project, but="delivery"))
    delivery = serializers.CharField(required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class ProjectInput(Input):
    says = of(Project, "programme", "code", "kind", *described(Project, but="delivery"))
    delivery = serializers.CharField()
    targets = ServedTargetInput(many=True, required=False)
    effective_on = serializers.DateField(required=False)


class ProjectMoveInput(Input):
    effective_on = serializers.DateField(required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class ProjectReasonedMoveInput(Input):
    because = serializers.CharField(allow_blank=True, default="")
    effective_on = serializers.DateField(required=False)


class ProjectCarryOverInput(Input):
    because = serializers.CharField(allow_blank=True, default="")


class ProjectContinueInput(Input):
    unit = Ref(Body)
    because = serializers.CharField(allow_blank=True, default="")


class ProjectServeInput(ServedTargetInput):
    support = serializers.BooleanField(required=False)


class ProjectAcceptInput(Input):
    target = Ref(BenefitTarget)
    accepted_on = serializers.DateField(required=False)


class SupportAcceptInput(Input):
    accepted_on = serializers.DateField(required=False)


class ProjectStopServingInput(Input):
    target = Ref(BenefitTarget)
    because = serializers.CharField(allow_blank=True, default="")
    ended_on = serializers.DateField(required=False)


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
    beside = {"warnings": ErrorSerializer(many=True, allow_null=True)}

    create = move(ProjectInput, commands.create_project, right="plan_project")
    edit = move(ProjectEdit, commands.edit_project, right="edit_project")
    start = move(
        ProjectMoveInput, commands.start_project, right="move_project", to=State.RUNNING, at=lifecycle.STARTS_FROM
    )
    suspend = move(ProjectReasonedMoveInput, commands.suspend_project, right="move_project", to=State.SUSPENDED)
    resume = move(
        ProjectMoveInput, commands.resume_project, right="move_project", to=State.RUNNING, at=lifecycle.RESUMES_FROM
    )
    end = move(ProjectMoveInput, commands.end_project, right="move_project", to=State.ENDED)
    cancel = move(ProjectReasonedMoveInput, commands.cancel_project, right="cancel_project", to=State.CANCELLED)
    carry_over = move(
        ProjectCarryOverInput, commands.carry_over_project, right="carry_over_project", at=lifecycle.OPEN_STATES
    )
    go_on = move(
        ProjectContinueInput, commands.continue_project, right="carry_over_project", at=lifecycle.OPEN_STATES,
        url_path="continue",
    )  # fmt: skip
    serve_target = move(ProjectServeInput, commands.serve_target, right="serve_target", creates=True)
    accept_support = move(
        ProjectAcceptInput,
        commands.accept_support,
        right="accept_support",
        rights=lambda project, _by: [
            ("accept_support", link.target) for link in project.target_links.all() if link.is_offer
        ],
        after_closing=True,
    )
    stop_serving_target = move(ProjectStopServingInput, commands.stop_serving_target, right="serve_target")

    def told_along(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The newest status that was submitted, and the worst standing of the targets served, of whoever sees all."""
        found = queries.standings_of(
            ids, on=clock.today(), seen=permissions.visible(BenefitTarget.objects.all(), self.by)
        )
        return {pk: {"status": status, "standing": standing} for pk, (status, standing) in found.items()}

    def extra(self, thing: Project) -> dict[str, Any]:
        return {"warnings": [lack.as_dict() for lack in queries.warnings(thing)]}


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
        SupportAcceptInput, commands.accept_offer, right="accept_support",
        rights=lambda link, _by: [("accept_support", link.target)], when=lambda link: link.is_offer,
        after_closing=True,
    )  # fmt: skip


class PartnerInput(Input):
    says = of(Partner, "name", *columns("name"), "source_language", "kind")
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)


class PartnerEdit(PartnerInput):
    says = of(Partner, "active")
    because = serializers.CharField(required=False, allow_blank=True)


class PartnerViewSet(RoomViewSet):
    model = Partner
    filters = where("kind", "active")
    search = ("name",)
    ordering = ("name", "kind")

    create = move(PartnerInput, commands.create_partner, right="keep_partners")
    edit = move(PartnerEdit, commands.edit_partner, right="keep_partners")


class ProjectPartnerInput(Input):
    says = of(ProjectPartner, "project", "partner", "task", "starts_on")


class PartnerPartInput(Input):
    ends_on = serializers.DateField()
    because = serializers.CharField(required=False, allow_blank=True)


class ProjectPartnerViewSet(RoomViewSet):
    model = ProjectPartner
    filters = where("project", "partner", "programme")
    ordering = ("project_id", "partner_id")

    create = move(ProjectPartnerInput, commands.join_partner, right="edit_project")
    part = move(PartnerPartInput, commands.part_partner, right="edit_project")

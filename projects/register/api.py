"""Projects, their targets, moves and partners in JSON."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, columns_of, described, move, name_inputs, text_inputs
from portfolio.api.schema import ErrorSerializer
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Body
from portfolio.people import permissions
from portfolio.programmes.models import Programme
from portfolio.texts import LANGUAGES
from projects import queries
from projects.corrections import commands as corrections
from projects.register import commands
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget


class ServedTargetInput(Input):
    target = Ref(BenefitTarget)
    share = serializers.IntegerField(required=False, allow_null=True)


class ProjectEdit(Input):
    locals().update(described(Project))
    delivery = serializers.CharField(required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class ProjectInput(Input):
    programme = Ref(Programme)
    code = serializers.CharField(max_length=20)
    kind = serializers.ChoiceField(Project.Kind.choices, required=False)
    locals().update(described(Project))
    delivery = serializers.CharField()
    targets = ServedTargetInput(many=True, required=False)
    effective_on = serializers.DateField(required=False)


class ProjectMoveInput(Input):
    effective_on = serializers.DateField(required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class ProjectReasonedMoveInput(Input):
    # Blank reaches the command, which refuses it under the rule's own code.
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


class ProjectViewSet(RoomViewSet):
    model = Project
    columns = (
        "programme_id",
        "code",
        "kind",
        *columns_of(Project),
        "state",
        "carried_over_because",
        "continues_in_id",
        "continues_because",
        "source_language",
        "texts",
    )
    filters = {
        "programme": "programme_id",
        "kind": "kind",
        "state": "state__in",
        "delivery": "delivery",
        "unit": "unit_id",
        "manager": "manager_id",
        "target": "target_links__target_id",
        "starts_from": "starts_on__gte",
        "ends_by": "ends_on__lte",
    }
    search = ("code", "name_fi", "name_sv", "name_en")
    ordering = ("code", "programme_id", "state", "starts_on", "ends_on")
    create = move(ProjectInput, commands.create_project, right="plan_project")
    edit = move(ProjectEdit, commands.edit_project, right="edit_project")

    beside = {"warnings": ErrorSerializer(many=True, allow_null=True)}

    def extra(self, thing: Project) -> dict[str, Any]:
        return {"warnings": [lack.as_dict() for lack in queries.warnings(thing)]}

    start = move(ProjectMoveInput, commands.start_project, right="move_project")
    suspend = move(ProjectReasonedMoveInput, commands.suspend_project, right="move_project")
    resume = move(ProjectMoveInput, commands.resume_project, right="move_project")
    end = move(ProjectMoveInput, commands.end_project, right="move_project")
    cancel = move(ProjectReasonedMoveInput, commands.cancel_project, right="cancel_project")
    carry_over = move(ProjectCarryOverInput, commands.carry_over_project, right="carry_over_project")
    go_on = move(ProjectContinueInput, commands.continue_project, right="carry_over_project", url_path="continue")
    serve_target = move(ProjectServeInput, commands.serve_target, right="serve_target", creates=True)
    accept_support = move(ProjectAcceptInput, commands.accept_support, right="accept_support")
    stop_serving_target = move(ProjectStopServingInput, commands.stop_serving_target, right="serve_target")


class AssignableProjectViewSet(RoomViewSet):
    """The projects on which a role can be held, by name and no more of them."""

    model = Project
    columns = ("programme_id", "code", "name_fi", "name_sv", "name_en")
    filters = {"programme": "programme_id"}
    search = ("code", "name_fi", "name_sv", "name_en")
    ordering = ("code",)
    visible = staticmethod(permissions.assignable)
    history = None


class ProjectMoveViewSet(RoomViewSet):
    model = ProjectMove
    columns = ("project_id", "state", "effective_on", "because", "corrects_id", "corrected_because")
    filters = {
        "project": "project_id",
        "programme": "project__programme_id",
        "state": "state",
        "to": "effective_on__lte",
    }
    ordering = ("effective_on", "project_id")

    correct = move(ProjectDayInput, corrections.correct_project_move, right="move_project", creates=True)


class ProjectTargetViewSet(RoomViewSet):
    model = ProjectTarget
    columns = ("project_id", "target_id", "role", "share", "asked_by_id", "accepted_on", "accepted_by_id", "ended_on")
    filters = {
        "project": "project_id",
        "target": "target_id",
        "role": "role",
        "programme": "target__programme_id",
        "accepted": "accepted_on__isnull",
    }
    ordering = ("project_id", "target_id")

    accept = move(SupportAcceptInput, commands.accept_offer, right="accept_support")


class PartnerInput(Input):
    locals().update(name_inputs("name", 200))
    source_language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    kind = serializers.ChoiceField(Partner.Kind.choices, required=False)


class PartnerEdit(PartnerInput):
    active = serializers.BooleanField(required=False)
    because = serializers.CharField(required=False, allow_blank=True)


class PartnerViewSet(RoomViewSet):
    model = Partner
    columns = ("name", "name_fi", "name_sv", "name_en", "source_language", "texts", "kind", "active")
    filters = {"kind": "kind", "active": "active"}
    search = ("name", "name_fi", "name_sv", "name_en")
    ordering = ("name", "kind")
    create = move(PartnerInput, commands.create_partner, right="keep_partners")
    edit = move(PartnerEdit, commands.edit_partner, right="keep_partners")


class ProjectPartnerInput(Input):
    project = Ref(Project)
    partner = Ref(Partner)
    locals().update(text_inputs("task", 200, required=False))
    starts_on = serializers.DateField(required=False, allow_null=True)


class PartnerPartInput(Input):
    ends_on = serializers.DateField()
    because = serializers.CharField(required=False, allow_blank=True)


class ProjectPartnerViewSet(RoomViewSet):
    model = ProjectPartner
    columns = ("project_id", "partner_id", "task_fi", "task_sv", "task_en", "starts_on", "ends_on")
    filters = {"project": "project_id", "partner": "partner_id", "programme": "project__programme_id"}
    ordering = ("project_id", "partner_id")
    create = move(ProjectPartnerInput, commands.join_partner, right="edit_project")
    part = move(PartnerPartInput, commands.part_partner, right="edit_project")

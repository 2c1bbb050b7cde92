"""Projects, their targets, moves and partners in JSON."""

from typing import Any

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, columns_of, command, described, name_inputs, text_inputs
from portfolio.api.schema import ErrorSerializer
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Body
from portfolio.people import permissions
from portfolio.people.models import Person
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
    create = (ProjectInput, commands.create_project)
    edit = (ProjectEdit, commands.edit_project)

    beside = {"warnings": ErrorSerializer(many=True, allow_null=True)}

    def extra(self, thing: Project) -> dict[str, Any]:
        return {"warnings": [lack.as_dict() for lack in queries.warnings(thing)]}

    @command(ProjectMoveInput)
    def start(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> Project:
        """Start a planned project."""
        return commands.start_project(project, **given, by=by, seen=seen)

    @command(ProjectReasonedMoveInput)
    def suspend(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> Project:
        """Suspend a running project for a reason."""
        return commands.suspend_project(project, **given, by=by, seen=seen)

    @command(ProjectMoveInput)
    def resume(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> Project:
        """Let a suspended project run again."""
        return commands.resume_project(project, **given, by=by, seen=seen)

    @command(ProjectMoveInput)
    def end(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> Project:
        """End a project whose work is done."""
        return commands.end_project(project, **given, by=by, seen=seen)

    @command(ProjectReasonedMoveInput)
    def cancel(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> Project:
        """Give a project up for a reason."""
        return commands.cancel_project(project, **given, by=by, seen=seen)

    @command(ProjectCarryOverInput)
    def carry_over(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> Project:
        """Say why a project comes over from an earlier term."""
        return commands.carry_over_project(project, **given, by=by, seen=seen)

    @command(ProjectContinueInput, url_path="continue")
    def go_on(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> Project:
        """Name the line unit in which a project goes on when its programme closes."""
        return commands.continue_project(project, **given, by=by, seen=seen)

    @command(ProjectServeInput, creates=True)
    def serve_target(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> ProjectTarget:
        """Tie a project to a benefit target, or offer support to another programme's."""
        return commands.serve_target(project, **given, by=by, seen=seen)

    @command(ProjectAcceptInput)
    def accept_support(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> ProjectTarget:
        """Accept a project's support for a target of one's own programme."""
        return commands.accept_support(project, **given, by=by, seen=seen)

    @command(ProjectStopServingInput)
    def stop_serving_target(self, project: Project, given: dict[str, Any], by: Person, seen: int) -> ProjectTarget:
        """End a project's tie to a benefit target for a reason."""
        return commands.stop_serving_target(project, **given, by=by, seen=seen)


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

    @command(ProjectDayInput, if_match=False, creates=True)
    def correct(self, move: ProjectMove, given: dict[str, Any], by: Person, seen: int | None) -> ProjectMove:
        """Mend a wrong day, with a reason; the answer is the new entry, the old one stays beside it."""
        return corrections.correct_project_move(move, **given, by=by)


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

    @command(SupportAcceptInput)
    def accept(self, link: ProjectTarget, given: dict[str, Any], by: Person, seen: int) -> ProjectTarget:
        """Accept an offer of support on behalf of the target's programme."""
        return commands.accept_offer(link, **given, by=by, seen=seen)


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
    create = (PartnerInput, commands.create_partner)
    edit = (PartnerEdit, commands.edit_partner)


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
    create = (ProjectPartnerInput, commands.join_partner)

    @command(PartnerPartInput)
    def part(self, link: ProjectPartner, given: dict[str, Any], by: Person, seen: int) -> ProjectPartner:
        """Record the day until which a partner took part."""
        return commands.part_partner(link, **given, by=by, seen=seen)

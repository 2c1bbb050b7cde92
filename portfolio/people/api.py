"""People and roles over the API."""

from typing import Any

from rest_framework import serializers

from portfolio import permissions
from portfolio.api import Input, Ref, RoomViewSet, command, name_inputs, text_inputs
from portfolio.decisions.models import Body
from portfolio.people import commands
from portfolio.people.models import Person, Role, RoleAssignment
from portfolio.programmes.models import Programme
from portfolio.texts import LANGUAGES


class PersonInput(Input):
    name = serializers.CharField(max_length=120)
    locals().update(text_inputs("title", 120, required=False))
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    locals().update(name_inputs("council_group", 80))
    locals().update(name_inputs("unit", 120))
    source_language = serializers.ChoiceField(choices=LANGUAGES, required=False)


class ReasonInput(Input):
    because = serializers.CharField()


class RoleInput(Input):
    person = Ref(Person)
    role = serializers.ChoiceField(choices=Role.choices)
    programme = Ref(Programme, required=False, allow_null=True)
    project_id = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    unit = Ref(Body, required=False, allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)


class RoleEndInput(Input):
    ends_on = serializers.DateField(required=False)
    because = serializers.CharField(required=False)


class PersonViewSet(RoomViewSet):
    """The register of people; each sees themselves, the office and the administrator all."""

    model = Person
    columns = (
        "name", "title_fi", "title_sv", "title_en", "email", "phone", "council_group", "council_group_fi",
        "council_group_sv", "council_group_en", "unit", "unit_fi", "unit_sv", "unit_en", "source_language", "texts",
        "active",
    )  # fmt: skip
    filters = {"active": "active", "unit": "unit"}
    search = ("name",)
    ordering = ("name",)
    create = (PersonInput, commands.register_person)
    edit = (PersonInput, commands.edit_person)

    @command(ReasonInput)
    def deactivate(self, person: Person, given: dict[str, Any], by: Person, seen: int) -> Person:
        """End a person's access."""
        return commands.deactivate_person(person, **given, by=by, seen=seen)

    @command(ReasonInput)
    def reactivate(self, person: Person, given: dict[str, Any], by: Person, seen: int) -> Person:
        """Let a person who had left in again."""
        return commands.reactivate_person(person, **given, by=by, seen=seen)


class DirectoryViewSet(RoomViewSet):
    """Whom one can name as an owner or a manager: id, name and title of those who are active, and no more of them."""

    model = Person
    columns = ("name", "title_fi", "title_sv", "title_en")
    search = ("name", "title_fi", "title_sv", "title_en")
    ordering = ("name",)
    visible = staticmethod(permissions.directory)
    history = None  # the changes of a person tell more than the directory does


class RoleAssignmentViewSet(RoomViewSet):
    """Roles held for dated periods."""

    model = RoleAssignment
    columns = ("person_id", "role", "programme_id", "project_id", "unit_id", "starts_on", "ends_on")
    filters = {"person": "person_id", "role": "role", "programme": "programme_id"}
    ordering = ("starts_on", "person_id")
    create = (RoleInput, commands.assign_role)

    @command(RoleEndInput)
    def end(self, assignment: RoleAssignment, given: dict[str, Any], by: Person, seen: int) -> RoleAssignment:
        """Let the role end."""
        return commands.end_role(assignment, **given, by=by, seen=seen)

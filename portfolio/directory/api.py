"""People, their roles and their accounts over the API."""

from typing import Any, TypedDict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.api import Input, Ref, RoomViewSet, move, name_inputs, text_inputs
from portfolio.api.schema import error_responses
from portfolio.people import commands, permissions
from portfolio.people.accounts import commands as accounts
from portfolio.people.models import Account, AccountAct, Person, Role, RoleAssignment, Token
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
    programme = Ref("portfolio.Programme", among=permissions.assignable, required=False, allow_null=True)
    project_id = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    unit = Ref("portfolio.Body", among=permissions.assignable, required=False, allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)


class RoleEndInput(Input):
    ends_on = serializers.DateField(required=False)
    because = serializers.CharField()


class AccountInput(Input):
    person = Ref(Person)
    username = serializers.CharField(max_length=60)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)


class TemporaryPassword(serializers.Serializer[Any]):
    """What the administrator tells the person; it is shown this once and kept nowhere."""

    id = serializers.IntegerField()
    person_id = serializers.IntegerField()
    username = serializers.CharField()
    temporary_password = serializers.CharField()
    temporary_until = serializers.DateTimeField()


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
    create = move(PersonInput, commands.register_person, right="manage_people")
    edit = move(PersonInput, commands.edit_person, right="manage_people")
    deactivate = move(ReasonInput, commands.deactivate_person, right="manage_people")
    reactivate = move(ReasonInput, commands.reactivate_person, right="manage_people")


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
    columns = ("person_id", "role", "programme_id", "project_id", "unit_id", "starts_on", "ends_on", "ended_at")
    filters = {"person": "person_id", "role": "role", "programme": "programme_id"}
    ordering = ("starts_on", "person_id")
    create = move(RoleInput, commands.assign_role, right="assign_role")
    end = move(RoleEndInput, commands.end_role, right="assign_role")


class AccountViewSet(RoomViewSet):
    """Who signs in by which name; each sees their own."""

    model = Account
    columns = ("username", "person_id", "language", "last_login", "temporary_until")
    filters = {"person": "person_id", "username": "username"}
    ordering = ("username",)
    history = None  # what was done with an account stands in account-acts

    @extend_schema(request=AccountInput, responses={201: TemporaryPassword, **error_responses(400, 403, 409)})
    def create(self, request: Request) -> Response:
        """Open an account; the answer tells the temporary password, once, so a retry opens no second one."""
        said = self.given(AccountInput)
        return _told(*accounts.open_with_temporary_password(said.pop("person"), **said, by=self.by), code=201)

    @extend_schema(request=None, responses={200: TemporaryPassword, **error_responses(400, 403, 404, 409)})
    @action(detail=True, methods=["post"], url_path="reset-password")
    def reset_password(self, request: Request, pk: str) -> Response:
        """Give a temporary password, told once; whoever was signed in with the old one is out."""
        account = self.thing(pk)
        self.given(None)
        return _told(account, accounts.reset_password(account, by=self.by))


def _told(account: Account, word: str, *, code: int = 200) -> Response:
    told = {name: getattr(account, name) for name in ("id", "person_id", "username", "temporary_until")}
    return Response(told | {"temporary_password": word}, status=code, headers={"Cache-Control": "no-store"})


class Revoked(TypedDict):
    """That a key opens nothing any more."""

    revoked: bool


def revoke_token(token: Token, *, by: Person) -> Revoked:
    """Let a key open nothing any more: by whose it is, or by the administrator of users, as they are who see it."""
    accounts.revoke_token(token, by=by)
    return {"revoked": True}


class TokenViewSet(RoomViewSet):
    """Keys for programs, told apart by their name and last four signs; each sees their own, the administrator all."""

    model = Token
    columns = ("account_id", "label", "last_four", "created_at", "last_used_at", "expires_at")
    filters = {"account": "account_id"}
    ordering = ("created_at",)
    history = None

    revoke = move(None, revoke_token, right="")


class AccountActViewSet(RoomViewSet):
    """What was done with people's accounts; who did it, when and why stands in the history of each."""

    model = AccountAct
    columns = ("person_id", "act", "label")
    filters = {"person": "person_id", "act": "act"}
    ordering = ("id",)

"""People, their roles and their accounts over the API."""

from typing import Any, TypedDict

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.api import A_REASON, Input, Ref, RoomViewSet, move, of, says, until, where
from portfolio.api.schema import error_responses
from portfolio.people import commands, permissions
from portfolio.people.accounts import commands as accounts
from portfolio.people.models import Account, AccountAct, Person, Role, RoleAssignment, Token

SAID = ("name", "title", "email", "phone", "council_group", "unit", "source_language")
EMAIL = serializers.EmailField(required=False, allow_blank=True)


class RoleInput(Input):
    says = of(RoleAssignment, "person", "role", "programme", "project_id", "unit", "starts_on", "ends_on")
    role = serializers.ChoiceField(choices=Role.choices)
    programme = Ref("portfolio.Programme", among=permissions.assignable, required=False, allow_null=True)
    project_id = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    unit = Ref("portfolio.Body", among=permissions.assignable, required=False, allow_null=True)


class PageLanguage(serializers.ChoiceField):
    """One of the languages in which pages can be asked for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[code for code, _name in settings.LANGUAGES], **options)


class AccountInput(Input):
    says = of(Account, "person", "username")
    language = PageLanguage(required=False)


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
    columns = (*SAID, "texts", "active")
    filters = where("active", "unit")
    search = ("name",)
    ordering = ("name",)
    right = "manage_people"
    create = move(says("PersonInput", *SAID, email=EMAIL), commands.register_person)
    edit = move(says("PersonInput", *SAID, email=EMAIL, because=None), commands.edit_person)
    deactivate = move(says("ReasonInput", because=A_REASON), commands.deactivate_person)
    reactivate = move(says("ReasonInput", because=A_REASON), commands.reactivate_person, when=until("active"))


class DirectoryViewSet(RoomViewSet):
    """Whom one can name as an owner or a manager: id, name and title of those who are active, and no more of them."""

    model = Person
    columns = ("name", "title")
    search = ("name", "title")
    ordering = ("name",)
    visible = staticmethod(permissions.directory)
    history = None  # the changes of a person tell more than the directory does


class RoleAssignmentViewSet(RoomViewSet):
    """Roles held for dated periods."""

    model = RoleAssignment
    filters = where("person", "role", "programme")
    ordering = ("starts_on", "person_id")
    create = move(RoleInput, commands.assign_role)
    end = move(says("RoleEndInput", because=A_REASON), commands.end_role, right="assign_role")


class AccountViewSet(RoomViewSet):
    """Who signs in by which name; each sees their own."""

    model = Account
    columns = ("username", "person", "language", "last_login", "temporary_until")
    filters = where("person", "username")
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
    columns = ("account", "label", "last_four", "created_at", "last_used_at", "expires_at")
    filters = where("account")
    ordering = ("created_at",)
    history = None

    revoke = move(None, revoke_token, right="")


class AccountActViewSet(RoomViewSet):
    """What was done with people's accounts; who did it, when and why stands in the history of each."""

    model = AccountAct
    filters = where("person", "act")
    ordering = ("id",)

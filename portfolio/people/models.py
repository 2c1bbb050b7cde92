"""People, the roles they hold for dated periods, and the accounts they sign in with."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portfolio import clock
from portfolio.history.models import InsertOnly, Tracked
from portfolio.history.opened import Signature
from portfolio.languages import LANGUAGES
from portfolio.people import holdings
from portfolio.texts import SourceLanguage, TextStates, names, texts


class Role(models.TextChoices):
    """What a person may be in programme work (decision 22); members' roles come from their seats."""

    DIRECTOR = "director", _("programme director")
    PROGRAMME_MANAGER = "programme_manager", _("programme manager")
    PROJECT_MANAGER = "project_manager", _("project manager")
    ELECTED_MEMBER = "elected_member", _("elected member")
    OFFICIAL_MEMBER = "official_member", _("official member")
    DEPUTY = "deputy", _("deputy member")
    SECRETARY = "secretary", _("secretary of the programme office")
    UNIT_OWNER = "unit_owner", _("line-unit owner")
    COUNCIL_MEMBER = "council_member", _("council member")
    AUDITOR = "auditor", _("auditor")
    USER_ADMIN = "user_admin", _("administrator of users")


SEATED_ROLES = (Role.ELECTED_MEMBER, Role.OFFICIAL_MEMBER, Role.DEPUTY)
# What a role is held on; each other one is held on all.
SCOPES = {Role.PROGRAMME_MANAGER: "programme", Role.PROJECT_MANAGER: "project_id", Role.UNIT_OWNER: "unit"}
EARLIEST = date(2000, 1, 1)  # roles from before are a slip of the pen: no city kept programmes here then


class Person(Tracked):
    """A person in the register. Personal data stands here alone; other tables hold ids (decision 8)."""

    visibility = "people"
    told = "named"
    # The one list of what an erasure may reach. `texts` holds hashes of the titles; a key may be made of a name.
    personal = (
        *("key", "name", "email", "phone", "council_group", "unit", "texts"),
        *(f"{text}_{language}" for text in ("title", "council_group", "unit") for language in LANGUAGES),
    )

    name = models.CharField(max_length=120)
    title_fi, title_sv, title_en = texts(120, blank=True)
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    council_group = models.CharField(max_length=80, blank=True, default="")
    unit = models.CharField(max_length=120, blank=True, default="")
    council_group_fi, council_group_sv, council_group_en = names(80)
    unit_fi, unit_sv, unit_en = names(120)
    source_language = SourceLanguage(db_default="fi")
    texts = TextStates(db_default={})
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.name

    def signature(self) -> Signature:
        """How this person signs a change set: by id."""
        return Signature(person_id=self.pk)

    def holds(self, held: list[list[Any]], *, on: date) -> None:
        """Know in a change that this person has opened the roles that it is signed with."""
        holdings.remember(self.pk, held, on=on)


_TAKEN_AWAY = Q(ended_at__isnull=False)
_BOUNDS = Case(When(_TAKEN_AWAY, then=Value("[)")), default=Value("[]"))  # of a role's days: its last included or not


def _only(value: Any) -> tuple[Func, str]:
    # Equality as a range of one number: GiST then needs no extension beside it.
    return Func(value, value, Value("[]"), function="int8range"), RangeOperators.OVERLAPS


def _or_none(column: str) -> Func:
    # What is held nowhere in particular is held once, too; a NULL would never be the same as another.
    return Func(F(column), Value(0), function="coalesce")


class RoleAssignment(Tracked):
    """A role that a person holds for a period, on one programme or project or on all."""

    visibility = "people"
    belongs_to = "person"

    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in Role if r not in SEATED_ROLES])
    programme = models.ForeignKey("portfolio.Programme", models.PROTECT, null=True, blank=True, related_name="+")
    project_id = models.BigIntegerField(null=True, blank=True)
    unit = models.ForeignKey("portfolio.Body", models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    # Taken away at that instant: then it is not held on its last day either.
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["person", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="role_period",
                violation_error_code="role.range",
            ),
            models.CheckConstraint(
                condition=~Q(role="programme_manager") | Q(programme__isnull=False),
                name="manager_of_a_programme",
                violation_error_code="role.programme_missing",
            ),
            # What was taken in before these held may be ended, and nothing else.
            models.CheckConstraint(
                condition=_TAKEN_AWAY | ~Q(role="project_manager") | Q(project_id__isnull=False),
                name="manager_of_a_project",
                violation_error_code="role.project_missing",
            ),
            models.CheckConstraint(
                condition=_TAKEN_AWAY | ~Q(role="unit_owner") | Q(unit__isnull=False),
                name="owner_of_a_unit",
                violation_error_code="role.unit_missing",
            ),
            models.CheckConstraint(
                condition=_TAKEN_AWAY | Q(role__in=["programme_manager", *SEATED_ROLES]) | Q(programme__isnull=True),
                name="role_of_no_programme",
                violation_error_code="role.programme_foreign",
            ),
            models.CheckConstraint(
                condition=_TAKEN_AWAY | Q(role="project_manager") | Q(project_id__isnull=True),
                name="role_of_no_project",
                violation_error_code="role.project_foreign",
            ),
            models.CheckConstraint(
                condition=_TAKEN_AWAY | Q(role="unit_owner") | Q(unit__isnull=True),
                name="role_of_no_unit",
                violation_error_code="role.unit_foreign",
            ),
            models.CheckConstraint(
                condition=_TAKEN_AWAY | Q(starts_on__gte=EARLIEST),
                name="role_begins_in_our_time",
                violation_error_code="role.too_early",
            ),
            ExclusionConstraint(
                name="role_held_once",
                expressions=[
                    _only(F("person")),
                    _only(Func(Func(F("role"), function="hashtext"), function="int8")),
                    *(_only(_or_none(where)) for where in ("programme", "project_id", "unit")),
                    (Func(F("starts_on"), F("ends_on"), _BOUNDS, function="daterange"), RangeOperators.OVERLAPS),
                ],
                violation_error_code="role.overlap",
            ),
        ]

    def clean(self) -> None:
        """What the role is held on is asked for at its own field, and the period is checked before its ranges are."""
        needed = SCOPES.get(self.role, "") if self.ended_at is None else ""  # type: ignore[call-overload]
        if needed and getattr(self, needed if needed == "project_id" else f"{needed}_id") is None:
            raise ValidationError({needed: ValidationError("", code=f"role.{needed.removesuffix('_id')}_missing")})
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValidationError("", code="role.range")

    def holds_on(self, day: date) -> bool:
        """Whether the role is held on a day, its first and last included, the last unless it was taken away on it."""
        if self.ended_at is not None and self.ends_on == day:
            return False
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Accounts(BaseUserManager["Account"]):
    """Accounts by user name."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """How a person signs in. Operational: no content and no right depends on its past (decision 7)."""

    visibility = "people"

    username = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    language = models.CharField(max_length=2, default="fi")  # of the pages: one of the city's
    # A password that somebody else gave works until then, and only to choose one's own.
    temporary_until = models.DateTimeField(null=True, blank=True)
    # One more, and no session from before is known any longer.
    sessions_ended = models.PositiveIntegerField(default=0)

    objects = Accounts()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """An account works while its person is active."""
        return self.person.active

    @property
    def names(self) -> str:
        """What a password must not be made of."""
        return f"{self.person.name} {self.person.email}"

    def set_password(self, raw_password: str | None) -> None:
        """Keep a password; the same word is the same on every keyboard, however its accents are typed."""
        super().set_password(_composed(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password; one that an older hash keeps is kept anew."""
        return super().check_password(_composed(raw_password))

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: the password, and how often all sessions have been ended."""
        return self._bound(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by the keys of before."""
        yield from (self._bound(secret) for secret in settings.SECRET_KEY_FALLBACKS)

    def _bound(self, secret: str | bytes | None) -> str:
        bound = f"{self.password} {self.sessions_ended}"
        return salted_hmac("portfolio.Account.session", bound, secret=secret, algorithm="sha256").hexdigest()


def _composed(password: str | None) -> str | None:
    return None if password is None else unicodedata.normalize("NFC", password)


class Session(AbstractBaseSession):
    """A browser in which somebody is signed in."""

    visibility = "own"

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> Any:
        from portfolio.people.signing.sessions import SessionStore  # which knows this table

        return SessionStore


class Token(models.Model):
    """A key for a program that acts for a person; only its hash is kept, and what tells it from the others."""

    visibility = "own"

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80, blank=True)
    last_four = models.CharField(max_length=4, blank=True, default="")
    created_at = models.DateTimeField(null=True, default=clock.real_now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()


class AccountAct(InsertOnly):
    """What was done with a person's account: that it was opened, closed or given a new password, and never which.

    Who did it, when and why stands with the change.
    """

    class Act(models.TextChoices):
        OPENED = "opened", _("account opened")
        PASSWORD_GIVEN = "password_given", _("temporary password given")
        PASSWORD_CHANGED = "password_changed", _("own password chosen")
        TOKEN_MADE = "token_made", _("key for a program made")
        TOKEN_REVOKED = "token_revoked", _("key for a program revoked")

    visibility = "people"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    act = models.CharField(max_length=16, choices=Act)
    label = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("account")


class SignInTries(models.Model):
    """How often a door was tried of late without being opened; what it is the door of, only as a keyed hash."""

    door = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField()
    began_at = models.DateTimeField(db_index=True)


class SignInPlace(models.Model):
    """An address from which a name has signed in: both together, as a keyed hash."""

    place = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField(db_index=True)


class IdempotencyKey(models.Model):
    """What a request with this key was answered, so that a retry is answered the same."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body: models.Field[Any, Any] = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="idempotency_once")]

"""The three kinds of table and the ledger that every change is entered in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar, Literal, Self, TypeAlias

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, connections, models, transaction
from django.db.models.sql import UpdateQuery
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from portfolio import asking, refusals
from portfolio.history import origin as origins
from portfolio.history import text
from portfolio.history.opened import open_change

Following: TypeAlias = Mapping[str, Collection[str]]  # by state: those that may come next
# How reports and pages come to a model's rows: by what they belong to in the end if that is a programme, else not at
# all (""); by a column of their own that names the programme; also by the ids that its rows name; all of them, for the
# city shares them; all of them where the whole city is told of, none where a programme is; never.
Telling: TypeAlias = Literal["", "linked", "named", "whole", "city", "never"]


class Provenance(models.TextChoices):
    """Where a record comes from: entered here, taken over from an older register, or invented for a demonstration."""

    RECORDED = "recorded", _("recorded here")
    TAKEN_OVER = "taken_over", _("taken over from an older register")
    DEMONSTRATION = "demonstration", _("demonstration data")


class PastManager(HistoryManager):
    """The library's; its class is made once for a kind of queryset, not each time that a past is asked for."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[models.QuerySet[Any]], class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class TriggerHistory(HistoricalRecords):
    """django-simple-history's models and read API; the rows are written by database triggers, never by signals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            inherit=True,
            history_id_field=models.BigAutoField(),
            history_change_reason_field=models.TextField(null=True),
            history_user_id_field=models.BigIntegerField(null=True),
            history_user_getter=lambda row: None,
            history_manager=PastManager,
            **options,
        )

    def add_extra_methods(self, cls: type[models.Model]) -> None:
        """No way to save without history."""

    def post_save(self, instance: models.Model, *args: Any, **kwargs: Any) -> None:
        """The trigger has written the row; a trial that has fetched the record fetches it again."""
        if (opened := open_change()) is not None and opened.read is not None:
            opened.read.forget(instance)

    def pre_delete(self, *args: Any, **kwargs: Any) -> None:
        """The trigger sees the whole row."""

    def post_delete(self, instance: models.Model, *args: Any, **kwargs: Any) -> None:
        """As when a record is saved."""
        self.post_save(instance)

    def copy_fields(self, model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
        """History columns carry no index of their own and accept what later columns leave empty."""
        fields: dict[str, Any] = super().copy_fields(model)
        for field in fields.values():
            field.db_index = False
            field.null = True
        return fields

    def get_extra_fields(self, model: type[models.Model], fields: dict[str, Any]) -> dict[str, Any]:
        extra: dict[str, Any] = super().get_extra_fields(model, fields)
        if getattr(model, "personal", ()):
            extra["commitments"] = models.JSONField(null=True)  # {column: {"salt": …, "sha256": …}}
        return extra | {
            "history_seq": models.BigIntegerField(),
            "salt": models.UUIDField(null=True),
            "row_sha256": models.CharField(max_length=64),
            "shape": models.CharField(max_length=16),
            "__str__": lambda row: f"{row._meta.label_lower} {row.id} at {row.history_seq}",
        }

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        table = model._meta.db_table
        options: dict[str, Any] = super().get_meta_options(model)
        return options | self._called(model) | {
            "db_table": f"{table}_history",
            "ordering": ("-history_seq", "-history_id"),
            "get_latest_by": ("history_seq", "history_id"),
            "indexes": [
                models.Index(fields=["id", "-history_seq", "-history_id"], name=f"{table[:24]}_past"),
                models.Index(fields=["history_seq"], name=f"{table[:24]}_seq"),
            ],
        }  # fmt: skip

    @staticmethod
    def _called(model: type[models.Model]) -> dict[str, str]:
        """By the class: people are told the model's own name, and another word for it is no migration of its past."""
        name = camel_case_to_spaces(model.__name__)
        several = model._meta.original_attrs.get("verbose_name_plural", f"{name}s")
        return {"verbose_name": f"historical {name}", "verbose_name_plural": f"historical {several}"}


class Record(models.Model):
    """What tracked and insert-only rows share: identity in an import, provenance, visibility, one way to save."""

    visibility: ClassVar[str] = "city"
    verbatim: ClassVar[tuple[str, ...]] = ()  # texts that repeat what stands elsewhere, character by character
    subject: ClassVar[tuple[str, ...]] = ()  # the columns that tell which row it is, where no name or title does
    area: ClassVar[str] = ""  # the part of the programme's pages where it is told, if not that of its room
    belongs_to: ClassVar[str] = ""  # the column that leads one step up (`portfolio.belonging`)
    described: ClassVar[tuple[str, ...]] = ()  # the columns, beside its texts, that may be said and edited freely
    told: ClassVar[Telling] = ""  # how reports and pages come to its rows
    guarded: ClassVar[bool] = False  # a page asks of each row whether the reader may see it

    key = models.CharField(max_length=160, unique=True, null=True, blank=True, editable=False)
    provenance = models.CharField(max_length=14, choices=Provenance, default=Provenance.RECORDED, editable=False)

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **values: Any) -> None:
        if not args and (origin := origins.current.get()) is not None:
            values.setdefault("provenance", origin.provenance)
        super().__init__(*args, **values)

    def checked_save(self) -> Self:
        """Check every rule that one row can hold, then save.

        New text is cleaned first. Raises Refused with the codes of the fields and constraints that are broken.
        """
        self._take_key()
        text.clean(self)
        asking.saved()
        try:
            self.clean_fields(exclude=self._references())
            self.clean()
            self._save_or_explain()
        except (ValidationError, DatabaseError) as error:
            refused = refusals.from_error(error, type(self))
            if refused is error:
                raise
            raise refused from error
        return self

    def _save_or_explain(self) -> None:
        """Let the database judge first, at the price of one statement; only what it refuses is explained in full."""
        whole = (opened := open_change()) is not None and opened.whole
        try:
            with transaction.atomic(savepoint=not whole):
                self.save()
        except IntegrityError:
            if not whole:
                self.full_clean()
            raise

    def _references(self) -> set[str]:
        """The foreign keys that are set: the database knows whether they point to something."""
        return {f.name for f in self._meta.concrete_fields if f.is_relation and getattr(self, f.attname) is not None}

    def _take_key(self) -> None:
        """A new record is known by the key that is waiting for it, if somebody has given one."""
        if self._state.adding and (origin := origins.current.get()) is not None:
            self.key = self.key or origin.key_for(self)
            if self.key:
                origin.made.append(self)


class Tracked(Record):
    """A record whose every change is kept: a trigger writes each new state to its history table.

    `frozen_when` (SQL of the row) keeps all columns but `frozen_except`, and such a row never thaws; `frozen_further`
    keeps more of them later. A row begins in one of `first_states`, if any are named, and from a state that
    `next_states` names only those may follow which it gives there.
    """

    first_states: ClassVar[tuple[str, ...]] = ()
    next_states: ClassVar[Following] = {}
    frozen_further: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    frozen_when: ClassVar[str] = ""
    frozen_except: ClassVar[tuple[str, ...]] = ()
    frozen_code: ClassVar[str] = "edit.frozen"
    personal: ClassVar[tuple[str, ...]] = ()  # columns that an erasure may blank, today and in the past; only grows

    version = models.PositiveIntegerField(db_default=1, default=1, editable=False)
    history = TriggerHistory()

    class Meta:
        abstract = True

    def _do_update(self, base_qs: Any, using: str | None, pk_val: Any, values: Any, *more: Any) -> bool:  # type: ignore[override]
        """Update the row, and know the version that the trigger has given; Django itself reads nothing back."""
        update = base_qs.filter(pk=pk_val).query.chain(UpdateQuery)
        update.add_update_fields(values)
        sql, params = update.get_compiler(using).as_sql()
        with connections[using or DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(f"{sql} RETURNING version", params)
            if given := cursor.fetchone():
                (self.version,) = given
        return given is not None


class InsertOnly(Record):
    """A record that is written once: UPDATE, DELETE and TRUNCATE are refused; it carries its own change-set number.

    `written_when` (SQL of the NEW row) says when one may still be added to what it belongs to.
    """

    written_when: ClassVar[str] = ""
    written_code: ClassVar[str] = "edit.frozen"

    seq = models.BigIntegerField(db_default=0, editable=False)
    salt = models.UUIDField(null=True, editable=False)
    row_sha256 = models.CharField(max_length=64, db_default="", editable=False)
    shape = models.CharField(max_length=16, db_default="", editable=False)

    class Meta:
        abstract = True


class Installation(models.Model):
    """What this installation is; its clock may run ahead only where the data is invented (decision 12)."""

    class Kind(models.TextChoices):
        LIVE = "live"
        DEMO = "demo"
        TEST = "test"

    kind = models.CharField(max_length=4, choices=Kind)
    shift = models.DurationField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_installation"),
            models.CheckConstraint(
                condition=~models.Q(kind="live") | models.Q(shift=timedelta(0)),
                name="live_clock_is_true",
            ),
        ]


class Head(models.Model):
    """The newest change set; its row is the lock that puts all commands in one order (decision 1)."""

    seq = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    sealed = models.BooleanField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_head")]


class ChangeSet(models.Model):
    """Who changed something, when, in which role and why; sealed into a chain (INV-110)."""

    class Kind(models.TextChoices):
        COMMAND = "command", _("command")
        JOB = "job", _("job")
        MIGRATION = "migration", _("migration")

    seq = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind)
    actor_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=120, blank=True)
    job = models.CharField(max_length=60, blank=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField(db_index=True)
    xid = models.TextField()
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, null=True)

    class Meta:
        ordering = ["-seq"]
        constraints = [
            # A job signs with its own name, a person with theirs (INV-111).
            models.CheckConstraint(
                condition=models.Q(actor_id__isnull=True) ^ models.Q(job=""), name="a_person_or_a_job"
            ),
        ]


class ChangeEntry(models.Model):
    """One line of the ledger: in this change set, this row of this table became what its hash says."""

    seq = models.BigIntegerField()
    relation = models.CharField(max_length=63)
    object_id = models.BigIntegerField()
    op = models.CharField(max_length=1)
    history_id = models.BigIntegerField(null=True)
    row_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["seq"], name="entry_seq"),
            models.Index(fields=["relation", "object_id"], name="entry_object"),
            models.Index(fields=["relation"], condition=models.Q(op="-"), name="entry_deleted"),
        ]

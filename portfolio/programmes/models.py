"""What a programme is: its phases, the sectors in it, its plan in numbered versions, its sentences per status date."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower, Replace
from django.utils.translation import gettext_lazy as _

from portfolio.history import Following, Step, Tracked
from portfolio.texts import SourceLanguage, TextStates, first, said, texts


def _same_name(column: Coalesce) -> Lower:
    # The city's documents hold no-break spaces: they are kept as written, but do not make another name.
    return Lower(Replace(column, models.Value("\u00a0"), models.Value(" ")))


class Phase(models.TextChoices):
    """How far a programme has come; each step rests on a decision of the right body."""

    TOPIC_SET = "topic_set", _("topic set")
    ORGANISED = "organised", _("organised")
    TARGETS_APPROVED = "targets_approved", _("benefit targets approved")
    RUNNING = "running", _("running")
    CLOSING = "closing", _("closing")
    CLOSED = "closed", _("closed")


class DatePrecision(models.TextChoices):
    """How exactly a source gives a day; what is not exact is shown in the source's words."""

    DAY = "day", _("the day is known")
    MONTH = "month", _("the month is known")
    SEASON = "season", _("the season is known")
    YEAR = "year", _("the year is known")
    RANGE = "range", _("a range of days is known")
    UNKNOWN = "unknown", _("not known from the source")


class Programme(Tracked):
    """A cross-administrative development programme that the council has set for one of its terms (INV-02, INV-03)."""

    Phase = Phase

    visibility: ClassVar[str] = "city"
    guarded = True
    frozen_when: ClassVar[str] = "OLD.phase = 'closed'"
    frozen_code: ClassVar[str] = "programme.frozen"

    council_term = models.ForeignKey("portfolio.CouncilTerm", models.PROTECT, related_name="programmes")
    code = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    name_fi, name_sv, name_en = texts(200)
    aim_fi, aim_sv, aim_en = texts(blank=True)
    description_fi, description_sv, description_en = texts(blank=True)
    source_language = SourceLanguage()
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.TOPIC_SET)
    set_by = models.ForeignKey("portfolio.Decision", models.PROTECT, related_name="programmes_set")
    closed_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="programmes_closed"
    )
    texts = TextStates()

    class Meta:
        verbose_name = _("Programme")
        ordering = ["-council_term", "order", "code"]
        constraints = [
            models.UniqueConstraint(
                "council_term",
                _same_name(said("name")),
                name="programme_named_once_in_a_term",
                violation_error_code="programme.duplicate",
                violation_error_message="The term already has a programme of this name or code.",
            ),
            models.UniqueConstraint(
                fields=["council_term", "code"],
                name="programme_coded_once_in_a_term",
                violation_error_code="programme.duplicate",
                violation_error_message="The term already has a programme of this name or code.",
            ),
            models.CheckConstraint(
                condition=Q(phase=Phase.CLOSED, closed_by__isnull=False)
                | (~Q(phase=Phase.CLOSED) & Q(closed_by__isnull=True)),
                name="programme_closed_by_a_decision",
                violation_error_code="programme.close_needs_decision",
            ),
        ]

    def __str__(self) -> str:
        return first(self, "name")

    def freezes(self, thing: models.Model | None) -> bool:
        """Whether it has closed, and this thing of it stands still with it: all but a project that goes on (INV-04)."""
        return self.phase == Phase.CLOSED and not getattr(getattr(thing, "project", thing), "goes_on", False)


class PhaseMove(Step):
    """One step of a programme's life, valid from a day, with the decision that it rests on."""

    visibility: ClassVar[str] = "city"
    belongs_to: ClassVar[str] = "programme"
    subject: ClassVar[tuple[str, ...]] = ("phase",)
    life: ClassVar[str] = "programme_id"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="phase_moves")
    phase = models.CharField(max_length=20, choices=Phase)
    date_precision = models.CharField(max_length=7, choices=DatePrecision, default=DatePrecision.DAY)
    date_text_fi, date_text_sv, date_text_en = texts(120, blank=True)
    decision = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="phase_moves"
    )
    because = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Phase")
        ordering = ["programme_id", "effective_on", "id"]
        constraints = [
            *Step.Meta.constraints,
            models.UniqueConstraint(
                fields=["programme", "phase"],
                condition=Q(corrects__isnull=True),
                name="programme_enters_a_phase_once",
                violation_error_code="programme.transition",
                violation_error_message="The programme has been in this phase already.",
            ),
        ]


class ProgrammeSector(Tracked):
    """A sector of the city that takes part in a programme."""

    visibility: ClassVar[str] = "city"
    belongs_to: ClassVar[str] = "programme"
    subject: ClassVar[tuple[str, ...]] = ("body_id",)

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="sectors")
    body = models.ForeignKey("portfolio.Body", models.PROTECT, related_name="programme_sectors")
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Sector taking part")
        ordering = ["programme_id", "body"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "body"],
                name="sector_once_in_a_programme",
                violation_error_code="programme.sector_duplicate",
                violation_error_message="The sector already takes part in the programme.",
            ),
        ]


class ProgrammeUpdate(Tracked):
    """The few sentences about a programme on a status date that figures cannot say."""

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "programme"
    guarded = True
    subject: ClassVar[tuple[str, ...]] = ("status_on",)

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="updates")
    status_on = models.DateField()
    summary_fi, summary_sv, summary_en = texts(blank=True)
    cooperation_fi, cooperation_sv, cooperation_en = texts(blank=True)
    priorities_fi, priorities_sv, priorities_en = texts(blank=True)
    attention_fi, attention_sv, attention_en = texts(blank=True)
    source_language = SourceLanguage()
    texts = TextStates()

    class Meta:
        verbose_name = _("Situation in words")
        ordering = ["programme_id", "-status_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "status_on"],
                name="one_update_per_status_date",
                violation_error_code="update.duplicate",
                violation_error_message="The programme already has an update for this status date.",
            ),
        ]


class Plan(Tracked):
    """The plan of a programme: the whole of it, in numbered versions."""

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "programme"

    programme = models.OneToOneField(Programme, models.PROTECT, related_name="plan")

    class Meta:
        verbose_name = _("Programme plan")


class PlanVersion(Tracked):
    """One numbered version of a plan: 0.x are drafts, 1.0 is the first that the board approved (INV-72)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        SUPERSEDED = "superseded", _("superseded")

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "plan"
    guarded = True
    subject: ClassVar[tuple[str, ...]] = ("number",)
    frozen_when: ClassVar[str] = "OLD.state <> 'draft'"
    frozen_except: ClassVar[tuple[str, ...]] = ("state",)
    frozen_code: ClassVar[str] = "plan.frozen"
    next_states: ClassVar[Following] = {
        State.SUBMITTED: (State.APPROVED, State.SUPERSEDED),
        State.APPROVED: (State.SUPERSEDED,),
        State.SUPERSEDED: (),
    }

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    ordinal = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=9)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    sections = models.JSONField(default=dict, blank=True)
    content_sha256 = models.CharField(max_length=64)
    made_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="made_into")
    submitted_by = models.ForeignKey(
        "portfolio.Person", models.PROTECT, null=True, blank=True, related_name="plans_submitted"
    )
    submitted_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="plans_approved"
    )
    approved_on = models.DateField(null=True, blank=True)
    override_because = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Version of the plan")
        ordering = ["plan", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="plan_version_numbered_once",
                violation_error_code="plan.number_taken",
                violation_error_message="The plan already has a version of this number.",
            ),
            models.UniqueConstraint(
                fields=["plan", "ordinal"],
                name="plan_versions_in_one_order",
                violation_error_code="plan.number_taken",
                violation_error_message="The plan already has a version of this number.",
            ),
            models.UniqueConstraint(
                fields=["plan", "state"],
                condition=Q(state__in=["draft", "submitted", "approved"]),
                name="one_plan_version_in_force",
                violation_error_code="plan.one_at_a_time",
                violation_error_message="A plan has one draft, one submitted and one valid version at a time.",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", approved_by__isnull=False) | ~Q(state="approved"),
                name="plan_approved_by_a_decision",
                violation_error_code="plan.needs_board_decision",
            ),
            models.CheckConstraint(
                condition=Q(number__startswith="0.", approved_by__isnull=True)
                | (~Q(number__startswith="0.") & ~Q(number__endswith=".0") & Q(approved_by__isnull=True))
                | (~Q(number__startswith="0.") & Q(number__endswith=".0") & Q(approved_by__isnull=False)),
                name="whole_numbers_are_approved",
                violation_error_code="plan.number",
            ),
        ]

    def __str__(self) -> str:
        return self.number

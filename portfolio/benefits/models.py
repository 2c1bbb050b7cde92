"""Benefit targets as the council approves them, the indicators they are judged by, and what those measured."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portfolio.benefits.kinds import (
    DIRECTION_LABELS,
    DIRECTION_OF_ITS_KIND,
    FIGURES_OF_THEIR_KIND,
    KIND_LABELS,
    RANK_IN_THE_GROUP,
)
from portfolio.history import Following, Tracked
from portfolio.texts import SourceLanguage, TextStates, first, short_texts, texts


class BenefitTarget(Tracked):
    """A benefit that a programme promises the council; its wording and figures stand in its versions."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        DRAFTED = "drafted", _("drafted by the steering group")
        PROPOSED = "proposed", _("proposed by the city board")
        APPROVED = "approved", _("approved by the council")
        REPLACED = "replaced", _("replaced")
        ENDED = "ended", _("ended")

    class Sign(models.TextChoices):
        BENEFIT = "benefit", _("benefit")
        DISBENEFIT = "disbenefit", _("dis-benefit")

    programme = models.ForeignKey("portfolio.Programme", models.PROTECT, related_name="benefit_targets")
    code = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField(default=0)
    sign = models.CharField(max_length=10, default=Sign.BENEFIT)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    drafted_on = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="proposed_targets"
    )
    returned_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="returned_targets"
    )
    approved_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="approved_targets"
    )
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    ended_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="ended_targets"
    )
    ended_on = models.DateField(null=True, blank=True)

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "programme"
    told = "named"
    guarded = True
    subject: ClassVar[tuple[str, ...]] = ("code",)
    frozen_when: ClassVar[str] = "OLD.state IN ('approved', 'replaced', 'ended')"
    frozen_except: ClassVar[tuple[str, ...]] = ("order", "state", "replaced_by_id", "ended_by_id", "ended_on")
    frozen_code: ClassVar[str] = "benefit.frozen"
    next_states: ClassVar[Following] = {"approved": ("replaced", "ended"), "replaced": (), "ended": ()}

    class Meta:
        verbose_name = _("Benefit target")
        ordering = ["programme_id", "order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="benefit_code_once",
                violation_error_code="benefit.duplicate",
                violation_error_message="The programme already has a benefit target with this code.",
            ),
            models.CheckConstraint(
                condition=Q(sign__in=["benefit", "disbenefit"]),
                name="benefit_sign_known",
                violation_error_code="benefit.type",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "replaced", "ended"]) | Q(approved_by__isnull=False),
                name="benefit_approved_by_the_council",
                violation_error_code="benefit.needs_council_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(proposed_by__isnull=False) | Q(provenance="taken_over"),
                name="benefit_proposed_by_the_board",
                violation_error_code="benefit.needs_board_proposal",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["replaced", "ended"], ended_on__isnull=False)
                | Q(~Q(state__in=["replaced", "ended"]), ended_on__isnull=True),
                name="benefit_ended_on_a_day",
                violation_error_code="benefit.transition",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["replaced", "ended"]) | Q(ended_by__isnull=False) | Q(provenance="taken_over"),
                name="benefit_ended_by_the_council",
                violation_error_code="benefit.end_needs_council_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class TargetGoal(Tracked):
    """A goal of the city's strategy that a benefit target serves."""

    target = models.ForeignKey(BenefitTarget, models.PROTECT, related_name="target_goals")
    goal = models.ForeignKey("portfolio.Goal", models.PROTECT, related_name="target_goals")

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "target"
    subject: ClassVar[tuple[str, ...]] = ("target_id",)

    class Meta:
        verbose_name = _("Goal of the strategy")
        ordering = ["target_id", "goal_id"]
        constraints = [models.UniqueConstraint(fields=["target", "goal"], name="target_serves_goal_once")]


class TargetSdg(Tracked):
    """A sustainable development goal of the United Nations that a benefit target serves."""

    target = models.ForeignKey(BenefitTarget, models.PROTECT, related_name="target_sdgs")
    sdg = models.ForeignKey("portfolio.SDG", models.PROTECT, related_name="target_sdgs")

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "target"
    subject: ClassVar[tuple[str, ...]] = ("target_id",)

    class Meta:
        verbose_name = _("UN goal")
        ordering = ["target_id", "sdg_id"]
        constraints = [models.UniqueConstraint(fields=["target", "sdg"], name="target_serves_sdg_once")]


class TargetVersion(Tracked):
    """The wording and the figures of a benefit target, as drafted or as the council approved them."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("approved")
        SUPERSEDED = "superseded", _("superseded")

    target = models.ForeignKey(BenefitTarget, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    title_fi, title_sv, title_en = texts(200)
    description_fi, description_sv, description_en = texts(blank=True)
    texts, source_language = TextStates(), SourceLanguage()
    owner = models.ForeignKey(
        "portfolio.Person", models.PROTECT, null=True, blank=True, related_name="owned_target_versions"
    )
    owner_unit = models.ForeignKey(
        "portfolio.Body", models.PROTECT, null=True, blank=True, related_name="owned_target_versions"
    )
    approved_by = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="approved_target_versions"
    )
    approved_on = models.DateField(null=True, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    because = models.TextField(blank=True)

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "target"
    frozen_when: ClassVar[str] = "OLD.state <> 'draft'"
    frozen_except: ClassVar[tuple[str, ...]] = ("state", "texts")
    frozen_code: ClassVar[str] = "benefit.frozen"
    next_states: ClassVar[Following] = {"approved": ("superseded",), "superseded": ()}

    class Meta:
        verbose_name = _("Version of the target")
        ordering = ["target_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["target", "number"], name="target_version_number_once"),
            models.UniqueConstraint(
                fields=["target"],
                condition=Q(state="approved"),
                name="one_approved_version",
                violation_error_code="benefit.version_current",
                violation_error_message="The benefit target already has an approved version.",
            ),
            models.UniqueConstraint(
                fields=["target"],
                condition=Q(state="draft"),
                name="one_draft_version",
                violation_error_code="benefit.draft_open",
                violation_error_message="The benefit target already has a draft of a new version.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(approved_by__isnull=False),
                name="version_approved_by_the_council",
                violation_error_code="benefit.needs_council_decision",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(because=""),
                name="correction_has_a_reason",
                violation_error_code="history.reason",
            ),
        ]

    def __str__(self) -> str:
        return first(self, "title")


class Indicator(Tracked):
    """What is measured for a benefit target: its series outlives every new version of the target."""

    target = models.ForeignKey(BenefitTarget, models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=20)
    name_fi, name_sv, name_en = texts(200)
    unit_fi, unit_sv, unit_en = short_texts(60)
    decimals = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=15, choices=KIND_LABELS)
    direction = models.CharField(max_length=5, choices=DIRECTION_LABELS, blank=True)
    interval_months = models.PositiveSmallIntegerField(null=True, blank=True)
    owner = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, blank=True, related_name="indicators")
    successor = models.ForeignKey(
        "portfolio.Person", models.PROTECT, null=True, blank=True, related_name="indicators_to_inherit"
    )
    source_fi, source_sv, source_en = short_texts(300)
    group_fi, group_sv, group_en = short_texts(200)
    source_language, texts = SourceLanguage(db_default="fi"), TextStates(db_default={})
    rubric = models.JSONField(default=list, blank=True)
    rescaled_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="rescaled_to")
    settled_on = models.DateField(null=True, blank=True, editable=False)

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "target"
    told = "named"
    frozen_when: ClassVar[str] = "OLD.settled_on IS NOT NULL"
    frozen_except: ClassVar[tuple[str, ...]] = (
        "name_fi", "name_sv", "name_en", "source_fi", "source_sv", "source_en", "owner_id", "successor_id", "texts",
    )  # fmt: skip
    frozen_code: ClassVar[str] = "benefit.frozen"

    class Meta:
        verbose_name = _("Indicator")
        ordering = ["target_id", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "code"],
                name="indicator_code_once",
                violation_error_code="indicator.duplicate",
                violation_error_message="The benefit target already has an indicator with this code.",
            ),
            models.CheckConstraint(
                condition=DIRECTION_OF_ITS_KIND,
                name="indicator_direction_of_its_kind",
                violation_error_code="indicator.direction",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=6), name="indicator_decimals", violation_error_code="indicator.decimals"
            ),
            models.CheckConstraint(
                condition=Q(interval_months__isnull=True) | Q(interval_months__range=(1, 60)),
                name="indicator_interval",
                violation_error_code="indicator.interval",
            ),
            models.CheckConstraint(
                condition=~Q(rescaled_from=F("id")),
                name="indicator_not_rescaled_from_itself",
                violation_error_code="indicator.rescaled_from",
            ),
        ]

    def __str__(self) -> str:
        return first(self, "name")


class IndicatorPlan(Tracked):
    """What one version promises of one indicator: from which baseline to which target, by when.

    Kind and direction are the indicator's, repeated so that the figures can be checked against them in one row.
    What is to be kept has its limit as target value; a range has lower and upper limits instead.
    """

    target_version = models.ForeignKey(TargetVersion, models.PROTECT, related_name="indicator_plans")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=15, choices=KIND_LABELS, editable=False)
    direction = models.CharField(max_length=5, choices=DIRECTION_LABELS, blank=True, editable=False)
    baseline_value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    baseline_source = models.CharField(max_length=300, blank=True)
    target_value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    lower = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    upper = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    group_size = models.PositiveSmallIntegerField(null=True, blank=True)
    period_starts_on = models.DateField(null=True, blank=True)
    period_ends_on = models.DateField(null=True, blank=True)
    # Counts the changes of the path, so that whoever saw an older path is refused (INV-116).
    path_edition = models.PositiveSmallIntegerField(default=0, editable=False)

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "target_version"
    subject: ClassVar[tuple[str, ...]] = ("indicator_id",)
    frozen_when = "EXISTS (SELECT FROM portfolio_targetversion WHERE id = OLD.target_version_id AND state <> 'draft')"
    frozen_code: ClassVar[str] = "benefit.frozen"

    class Meta:
        verbose_name = _("Figures of the indicator")
        ordering = ["target_version_id", "indicator_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["target_version", "indicator"],
                name="indicator_planned_once",
                violation_error_code="indicator.duplicate",
                violation_error_message="The benefit target already has an indicator with this code.",
            ),
            models.CheckConstraint(
                condition=FIGURES_OF_THEIR_KIND,
                name="plan_agrees_with_its_kind",
                violation_error_code="indicator.direction",
            ),
            models.CheckConstraint(
                condition=Q(target_on__gt=F("baseline_on")),
                name="plan_target_after_baseline",
                violation_error_code="indicator.dates",
            ),
            models.CheckConstraint(
                condition=Q(period_ends_on__gt=F("period_starts_on")),
                name="plan_period_ends_after_start",
                violation_error_code="indicator.dates",
            ),
            models.CheckConstraint(
                condition=Q(upper__gt=F("lower")), name="plan_range", violation_error_code="indicator.range"
            ),
            models.CheckConstraint(
                condition=RANK_IN_THE_GROUP,
                name="plan_rank_in_the_group",
                violation_error_code="indicator.rank",
            ),
        ]


class PathPoint(Tracked):
    """A step on the way from baseline to target: the value that is expected on a day."""

    plan = models.ForeignKey(IndicatorPlan, models.PROTECT, related_name="path_points")
    on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=6)

    visibility: ClassVar[str] = "programme"
    belongs_to: ClassVar[str] = "plan"
    subject: ClassVar[tuple[str, ...]] = ("on",)
    frozen_when: ClassVar[str] = (
        "EXISTS (SELECT 1 FROM portfolio_indicatorplan p JOIN portfolio_targetversion v ON v.id = p.target_version_id"
        " WHERE p.id = OLD.plan_id AND v.state <> 'draft')"
    )
    frozen_code: ClassVar[str] = "benefit.frozen"

    class Meta:
        verbose_name = _("Point of the path")
        ordering = ["plan_id", "on"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "on"],
                name="path_point_once_a_day",
                violation_error_code="indicator.path",
                violation_error_message="The path has one value for a day.",
            ),
        ]

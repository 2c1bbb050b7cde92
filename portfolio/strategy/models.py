"""Council terms, the strategy of each with its focus areas, goals and actions, and the UN's goals."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Greatest

from portfolio.history import Tracked
from portfolio.texts import SourceLanguage, TextStates, first, said, texts


class DateRange(Func):
    """The days from the first to the last, both included."""

    function = "DATERANGE"
    output_field = DateRangeField()


class CouncilTerm(Tracked):
    """The years for which a council sits; its length is data, since elections have been moved (INV-01)."""

    told = "whole"

    label = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lt=F("ends_on")),
                name="term_starts_before_it_ends",
                violation_error_code="term.range",
                violation_error_message="A council term starts before it ends.",
            ),
            # Greatest: PostgreSQL cannot even build a range that ends before it starts; the check above refuses it.
            ExclusionConstraint(
                expressions=[
                    (
                        DateRange("starts_on", Greatest("starts_on", "ends_on"), RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    )
                ],
                name="terms_do_not_overlap",
                violation_error_code="term.overlap",
                violation_error_message="Council terms do not overlap.",
            ),
            models.UniqueConstraint(
                fields=["label"],
                name="term_named_once",
                violation_error_code="term.duplicate",
                violation_error_message="There is already a council term of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Strategy(Tracked):
    """What the council of a term wants the city to become; programmes are derived from it."""

    told = "city"

    council_term = models.ForeignKey(CouncilTerm, models.PROTECT, related_name="strategies")
    adopted_by = models.ForeignKey("portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="+")
    name_fi, name_sv, name_en = texts(200)
    vision_fi, vision_sv, vision_en = texts(blank=True)
    source_language = SourceLanguage()
    texts = TextStates()

    class Meta:
        ordering = ["council_term", "id"]
        verbose_name_plural = "strategies"
        constraints = [
            models.UniqueConstraint(
                "council_term",
                said("name"),
                name="strategy_named_once_in_a_term",
                violation_error_code="strategy.duplicate",
                violation_error_message="The term already has a strategy of this name.",
            )
        ]

    def __str__(self) -> str:
        return first(self, "name")


class FocusArea(Tracked):
    """A part of the strategy with exactly one overall aim (päämäärä)."""

    told = "whole"

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="focus_areas")
    order = models.PositiveSmallIntegerField()
    name_fi, name_sv, name_en = texts(200)
    aim_fi, aim_sv, aim_en = texts(blank=True)
    source_language = SourceLanguage()
    texts = TextStates()

    class Meta:
        ordering = ["strategy_id", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "order"],
                name="focus_area_numbered_once",
                violation_error_code="focus_area.duplicate",
                violation_error_message="The strategy already has a focus area of this number.",
            )
        ]

    def __str__(self) -> str:
        return first(self, "name")


class Goal(Tracked):
    """What is to be true in a focus area when the term ends; free text, never parsed."""

    told = "whole"

    focus_area = models.ForeignKey(FocusArea, models.PROTECT, related_name="goals")
    order = models.PositiveSmallIntegerField()
    text_fi, text_sv, text_en = texts()
    source_language = SourceLanguage()
    texts = TextStates()

    class Meta:
        ordering = ["focus_area__strategy_id", "focus_area__order", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["focus_area", "order"],
                name="goal_numbered_once",
                violation_error_code="goal.duplicate",
                violation_error_message="The focus area already has a goal of this number.",
            )
        ]

    def __str__(self) -> str:
        return first(self, "text")


class CouncilAction(Tracked):
    """What the council has said will be done for a goal (toimenpide)."""

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="council_actions")
    order = models.PositiveSmallIntegerField()
    text_fi, text_sv, text_en = texts()
    source_language = SourceLanguage()
    texts = TextStates()

    class Meta:
        ordering = ["goal_id", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "order"],
                name="council_action_numbered_once",
                violation_error_code="council_action.duplicate",
                violation_error_message="The goal already has an action of this number.",
            )
        ]

    def __str__(self) -> str:
        return first(self, "text")


class SDG(Tracked):
    """One of the United Nations' seventeen Sustainable Development Goals (INV-59)."""

    told = "whole"

    number = models.PositiveSmallIntegerField()
    name_fi, name_sv, name_en = texts(160)
    source_language = SourceLanguage(db_default="fi")
    texts = TextStates(db_default={})

    class Meta:
        ordering = ["number"]
        verbose_name = "Sustainable Development Goal"
        constraints = [
            models.CheckConstraint(
                condition=Q(number__range=(1, 17)),
                name="sdg_from_1_to_17",
                violation_error_code="sdg.range",
                violation_error_message="The Sustainable Development Goals are numbered from 1 to 17.",
            ),
            models.UniqueConstraint(
                fields=["number"],
                name="sdg_numbered_once",
                violation_error_code="sdg.duplicate",
                violation_error_message="This Sustainable Development Goal is already there.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {first(self, 'name')}"

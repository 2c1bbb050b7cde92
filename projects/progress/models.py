"""Milestones, risks and status reports: how a project gets on."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portfolio.history import Provenance, Tracked
from portfolio.texts import SourceLanguage, TextStates, texts
from projects.progress import scale


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def outside(self, starts_on: date | None, ends_on: date | None) -> "MilestoneQuerySet":
        """Milestones planned for a day outside these dates; an unknown date bounds nothing."""
        early = Q(planned_on__lt=starts_on) if starts_on else Q(pk__in=[])
        late = Q(planned_on__gt=ends_on) if ends_on else Q(pk__in=[])
        return self.filter(early | late)


class Milestone(Tracked):
    """Something a project will have reached by a day; reached exactly when it has the day it was reached."""

    visibility = "programme"
    belongs_to = "project"
    described = ("order",)

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="milestones")
    order = models.PositiveSmallIntegerField(default=1)
    name_fi, name_sv, name_en = texts(200)
    source_language = SourceLanguage(db_default="fi")
    texts = TextStates(db_default={})
    planned_on = models.DateField()
    forecast_on = models.DateField()
    replanned_because = models.TextField(blank=True)
    reached_on = models.DateField(null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("Milestone")
        ordering = ["project_id", "order", "planned_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(forecast_on=F("planned_on")) | ~Q(replanned_because="") | Q(provenance="taken_over"),
                name="milestone_replanned_for_a_reason",
                violation_error_code="milestone.reason",
            ),
        ]


class RiskQuerySet(models.QuerySet["Risk"]):
    def high(self) -> "RiskQuerySet":
        return self.alias(level_now=F("likelihood") * F("impact")).filter(level_now__gte=scale.HIGH_FROM)

    def open(self) -> "RiskQuerySet":
        return self.filter(closed_on__isnull=True)


class Risk(Tracked):
    """Something that may keep a project or a programme from its aim."""

    visibility = "programme"
    belongs_to = "programme"
    described = ("owner", "mitigate_by")
    guarded = True
    area = "money"

    programme = models.ForeignKey("portfolio.Programme", models.PROTECT, related_name="risks")
    project = models.ForeignKey("projects.Project", models.PROTECT, null=True, blank=True, related_name="risks")
    title_fi, title_sv, title_en = texts(200)
    identified_on = models.DateField()
    likelihood = models.SmallIntegerField()
    impact = models.SmallIntegerField()
    owner = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, blank=True, related_name="owned_risks")
    mitigation_fi, mitigation_sv, mitigation_en = texts(blank=True)
    mitigate_by = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_because = models.TextField(blank=True)
    texts = TextStates()
    source_language = SourceLanguage()

    objects = RiskQuerySet.as_manager()

    class Meta:
        verbose_name = _("Risk")
        ordering = ["programme_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__gte=1, likelihood__lte=5, impact__gte=1, impact__lte=5),
                name="risk_scored_one_to_five",
                violation_error_code="risk.range",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(provenance=Provenance.TAKEN_OVER),
                name="risk_has_an_owner",
                violation_error_code="risk.owner",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_because="") | Q(provenance="taken_over"),
                name="risk_closed_for_a_reason",
                violation_error_code="risk.reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("identified_on")),
                name="risk_closed_after_identified",
                violation_error_code="risk.dates",
            ),
        ]

    @property
    def level(self) -> int:
        return scale.level(self.likelihood, self.impact)


class StatusReport(Tracked):
    """How a project stood on a day, in its manager's words; frozen once submitted."""

    class Standing(models.TextChoices):
        GREEN = "green", _("on track")
        AMBER = "amber", _("needs attention")
        RED = "red", _("off track")
        GREY = "grey", _("not reported")

    visibility = "programme"
    belongs_to = "project"
    described = ("standing",)
    subject = ("project_id", "status_on")
    frozen_when = "submitted_on IS NOT NULL"
    frozen_code = "status.frozen"

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="status_reports")
    status_on = models.DateField()
    standing = models.CharField(max_length=5, choices=Standing, default=Standing.GREY)
    text_fi, text_sv, text_en = texts(blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    submitted_by = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, blank=True, related_name="+")
    texts = TextStates()
    source_language = SourceLanguage()

    class Meta:
        verbose_name = _("Status report")
        ordering = ["project_id", "status_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "status_on"],
                name="status_reported_once_a_day",
                violation_error_code="status.duplicate",
                violation_error_message="The project already has a status report for this day.",
            ),
            models.CheckConstraint(
                condition=Q(submitted_on__isnull=True) | Q(submitted_on__gte=F("status_on")),
                name="status_submitted_after_its_day",
                violation_error_code="status.too_early",
            ),
            models.CheckConstraint(
                condition=Q(submitted_on__isnull=True)
                | ~Q(standing__in=["amber", "red"])
                | ~Q(text_fi="", text_sv="", text_en=""),
                name="status_amber_and_red_explained",
                violation_error_code="status.unexplained",
            ),
        ]

"""Budgets of a year and the sources that make them up, in euros."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portfolio.history import Tracked
from portfolio.texts import SourceLanguage, TextStates, names


class Budget(Tracked):
    """What a project, or a programme itself, may cost in a year; its sources sum to it."""

    visibility = "programme"
    belongs_to = "programme"
    told = "never"
    subject = ("project_id", "year")

    programme = models.ForeignKey("portfolio.Programme", models.PROTECT, related_name="budgets")
    project = models.ForeignKey("projects.Project", models.PROTECT, null=True, blank=True, related_name="budgets")
    year = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("Budget")
        ordering = ["programme_id", "project_id", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project", "year"],
                nulls_distinct=False,
                name="budget_once_a_year",
                violation_error_code="budget.duplicate",
                violation_error_message="The year already has a budget.",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0), name="budget_not_negative", violation_error_code="money.negative"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="budget_year_range",
                violation_error_code="budget.year",
            ),
        ]


class Funding(Tracked):
    """One source of a year's money: what it was to give, what it granted, what has been used."""

    class Source(models.TextChoices):
        APPROPRIATION = "appropriation", _("appropriation")
        EXTERNAL = "external", _("external funding")
        CO_FUNDING = "co_funding", _("co-funding")
        OWN_WORK = "own_work", _("own work")

    visibility = "programme"
    belongs_to = "programme"
    guarded = True
    subject = ("project_id", "source", "year")

    programme = models.ForeignKey("portfolio.Programme", models.PROTECT, related_name="fundings")
    project = models.ForeignKey("projects.Project", models.PROTECT, null=True, blank=True, related_name="fundings")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=13, choices=Source)
    funder = models.CharField(max_length=200, blank=True)
    funder_fi, funder_sv, funder_en = names(200)
    source_language = SourceLanguage(db_default="fi")
    texts = TextStates(db_default={})
    budget = models.DecimalField(max_digits=14, decimal_places=2)
    granted = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    used = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Money")
        ordering = ["programme_id", "project_id", "year", "source", "funder"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "project", "year", "source", "funder"],
                nulls_distinct=False,
                name="funding_source_once_a_year",
                violation_error_code="funding.duplicate",
                violation_error_message="This source and funder already stand in the year's budget.",
            ),
            models.CheckConstraint(
                condition=Q(budget__gte=0)
                & (Q(granted__isnull=True) | Q(granted__gte=0))
                & (Q(used__isnull=True) | Q(used__gte=0)),
                name="funding_not_negative",
                violation_error_code="money.negative",
            ),
            models.CheckConstraint(
                condition=Q(used__isnull=True, used_on__isnull=True) | Q(used__isnull=False, used_on__isnull=False),
                name="funding_used_by_a_day",
                violation_error_code="funding.used_on",
            ),
        ]

"""What was learnt in projects, and by whom it should be known."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portfolio.history import Tracked
from portfolio.texts import SourceLanguage, TextStates, texts


class Lesson(Tracked):
    """Something that a project, or the pilot that it is, taught; it stands until it is withdrawn for a reason."""

    class Kind(models.TextChoices):
        WORKED = "worked", _("what worked")
        FAILED = "failed", _("what did not work")
        ADVICE = "advice", _("advice to those who come after")

    visibility = "programme"
    belongs_to = "project"
    described = ("kind",)
    subject = ("project_id", "learnt_on")
    frozen_when = "OLD.withdrawn_on IS NOT NULL"

    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="lessons")
    learnt_fi, learnt_sv, learnt_en = texts(called=_("What was learnt"))
    matters_to_fi, matters_to_sv, matters_to_en = texts(200, blank=True, called=_("For whom it matters"))
    kind = models.CharField(max_length=6, choices=Kind, blank=True)
    learnt_on = models.DateField(_("Learnt on"))
    written_by = models.ForeignKey(
        "portfolio.Person", models.PROTECT, null=True, blank=True, related_name="lessons", verbose_name=_("Written by")
    )
    withdrawn_on = models.DateField(_("Withdrawn on"), null=True, blank=True)
    withdrawn_because = models.TextField(_("Reason for withdrawing"), blank=True)
    texts = TextStates()
    source_language = SourceLanguage()

    class Meta:
        verbose_name = _("Lesson learned")
        ordering = ["project_id", "learnt_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawn_because=""),
                name="lesson_withdrawn_for_a_reason",
                violation_error_code="project.reason",
            ),
        ]

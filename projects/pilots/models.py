"""Pilots and their moves: what was tried, what came of it and where it lives on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portfolio.history import Provenance, Step, Tracked
from portfolio.texts import SourceLanguage, TextStates, texts

# What an older register did not say is left empty, never invented (decision 19).
TOLD_ELSEWHERE = Q(provenance=Provenance.TAKEN_OVER)


class Pilot(Tracked):
    """What a project of kind pilot tries out; it ends adopted, adopted by a partner, or with its lessons."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        EVALUATED = "evaluated", _("evaluated")
        ADOPTED = "adopted", _("adopted in the line organisation")
        ADOPTED_BY_PARTNER = "adopted_by_partner", _("adopted by a partner")
        ENDED_WITHOUT_ADOPTION = "ended_without_adoption", _("ended without adoption")

    visibility = "programme"
    belongs_to = "project"
    subject = ("project_id",)

    project = models.OneToOneField("projects.Project", models.PROTECT, related_name="pilot")
    state = models.CharField(max_length=22, choices=State, default=State.PLANNED)
    result_fi, result_sv, result_en = texts(blank=True)
    lessons_fi, lessons_sv, lessons_en = texts(blank=True)
    decision = models.ForeignKey(
        "portfolio.Decision", models.PROTECT, null=True, blank=True, related_name="adopted_pilots"
    )
    adopted_unit = models.ForeignKey(
        "portfolio.Body", models.PROTECT, null=True, blank=True, related_name="adopted_pilots"
    )
    adopted_partner = models.ForeignKey(
        "projects.Partner", models.PROTECT, null=True, blank=True, related_name="adopted_pilots"
    )
    texts = TextStates()
    source_language = SourceLanguage()

    class Meta:
        verbose_name = _("Pilot")
        ordering = ["project_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "planned",
                        "running",
                        "evaluated",
                        "adopted",
                        "adopted_by_partner",
                        "ended_without_adoption",
                    ]
                ),
                name="pilot_state_known",
                violation_error_code="pilot.transition",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "running"])
                | ~Q(result_fi="", result_sv="", result_en="")
                | TOLD_ELSEWHERE,
                name="pilot_evaluated_with_a_result",
                violation_error_code="pilot.no_result",
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(decision__isnull=False, adopted_unit__isnull=False) | TOLD_ELSEWHERE,
                name="pilot_adopted_by_a_line_decision",
                violation_error_code="pilot.needs_line_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted_by_partner") | Q(adopted_partner__isnull=False) | TOLD_ELSEWHERE,
                name="pilot_adopted_by_a_named_partner",
                violation_error_code="pilot.no_partner",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended_without_adoption")
                | ~Q(lessons_fi="", lessons_sv="", lessons_en="")
                | TOLD_ELSEWHERE,
                name="pilot_ended_with_lessons",
                violation_error_code="pilot.no_lessons",
            ),
        ]


class PilotMove(Step):
    """The day from which a pilot was in a state, and why it came there."""

    visibility = "programme"
    belongs_to = "pilot"
    subject = ("pilot_id",)
    life = "pilot_id"

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="moves")
    state = models.CharField(max_length=22, choices=Pilot.State)
    because = models.TextField(blank=True)

    class Meta:
        verbose_name = _("State of the pilot")
        ordering = ["pilot_id", "effective_on", "id"]
        constraints = [*Step.Meta.constraints]

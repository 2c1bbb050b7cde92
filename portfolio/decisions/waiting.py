"""What waits in decisions: minutes to be checked, outcomes to be recorded, wishes without an answer."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portfolio.decisions.models import Decision, Wish
from portfolio.people.models import Person
from portfolio.waiting import Waits


def _unrecorded(on: date) -> QuerySet[Decision]:
    return Decision.objects.filter(outcome="planned", planned_on__lt=on).select_related("body")


def _unchecked(on: date) -> QuerySet[Decision]:
    made = Decision.objects.filter(outcome="made", minutes_checked_on=None, decided_on__lt=on)
    return made.exclude(provenance="taken_over").select_related("body")


def _unanswered(on: date) -> QuerySet[Wish]:
    return Wish.objects.filter(state=Wish.State.OPEN).select_related("decision__body", "owner")


def _to_answer(wish: Wish, by: Person) -> bool:
    return wish.owner_id in (None, by.pk)


WAITS = (
    Waits(
        "decision.outcome", _("The outcome of a planned item is not recorded"), "record_decision", "record_outcome",
        _unrecorded, lambda row: row.planned_on,
    ),
    Waits(
        "decision.minutes", _("Minutes have not been checked"), "record_decision", "check_minutes", _unchecked,
        since=lambda row: row.decided_on,
    ),
    Waits(
        "wish.answer", _("A wish of the council has no answer"), "answer_wish", "answer", _unanswered,
        since=lambda row: row.decision.decided_on, whose=_to_answer,
    ),
)  # fmt: skip

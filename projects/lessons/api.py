"""Lessons in JSON; searched over all terms."""

from rest_framework import serializers

from portfolio.api import Input, RoomViewSet, described, move, of, until, where
from portfolio.texts import stems
from projects.lessons import commands
from projects.lessons.models import Lesson


class LessonEdit(Input):
    says = of(Lesson, *described(Lesson))
    because = serializers.CharField(required=False, allow_blank=True)


class LessonInput(Input):
    says = of(Lesson, "project", *described(Lesson))
    learnt_on = serializers.DateField(required=False)


class LessonWithdrawInput(Input):
    # Blank reaches the constraint, which refuses it under the rule's own code.
    because = serializers.CharField(allow_blank=True, default="")


class LessonViewSet(RoomViewSet):
    model = Lesson
    last = ("source_language", "texts")
    filters = where(
        "project", "programme", "kind", "written_by", term="project__programme__council_term_id",
        standing="withdrawn_on__isnull",
    )  # fmt: skip
    search = stems(Lesson)
    ordering = ("-learnt_on", "project_id", "kind")
    taken_in = True

    create = move(LessonInput, commands.record_lesson, right="keep_lessons")
    edit = move(LessonEdit, commands.edit_lesson, right="keep_lessons", when=until("withdrawn_on"))
    withdraw = move(LessonWithdrawInput, commands.withdraw_lesson, right="keep_lessons", when=until("withdrawn_on"))

"""Lessons in JSON; searched over all terms."""

from rest_framework import serializers

from portfolio.api import Input, Ref, RoomViewSet, columns_of, described, move
from portfolio.texts import columns, stems
from projects.lessons import commands
from projects.lessons.models import Lesson
from projects.register.models import Project

WORDS = columns(*stems(Lesson))


class LessonEdit(Input):
    locals().update(described(Lesson))
    because = serializers.CharField(required=False, allow_blank=True)


class LessonInput(Input):
    project = Ref(Project)
    locals().update(described(Lesson))
    learnt_on = serializers.DateField(required=False)


class LessonWithdrawInput(Input):
    # Blank reaches the constraint, which refuses it under the rule's own code.
    because = serializers.CharField(allow_blank=True, default="")


class LessonViewSet(RoomViewSet):
    model = Lesson
    columns = (
        "project_id",
        *columns_of(Lesson),
        "learnt_on",
        "written_by_id",
        "withdrawn_on",
        "withdrawn_because",
        "source_language",
        "texts",
    )
    filters = {
        "project": "project_id",
        "programme": "project__programme_id",
        "term": "project__programme__council_term_id",
        "kind": "kind",
        "written_by": "written_by_id",
        "standing": "withdrawn_on__isnull",
    }
    search = WORDS
    ordering = ("-learnt_on", "project_id", "kind")
    create = move(LessonInput, commands.record_lesson, right="keep_lessons")
    edit = move(LessonEdit, commands.edit_lesson, right="keep_lessons")
    taken_in = True

    withdraw = move(LessonWithdrawInput, commands.withdraw_lesson, right="keep_lessons")

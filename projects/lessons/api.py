"""Lessons in JSON; searched over all terms."""

from portfolio.api import FOR_THE_RULE, RoomViewSet, described, move, says, until, where
from portfolio.texts import stems
from projects.lessons import commands
from projects.lessons.models import Lesson


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

    right = "keep_lessons"
    create = move(says("LessonInput", *described(Lesson), written_by=None), commands.record_lesson)
    edit = move(says("LessonEdit", *described(Lesson)), commands.edit_lesson, when=until("withdrawn_on"))
    withdraw = move(
        says("LessonWithdrawInput", because=FOR_THE_RULE), commands.withdraw_lesson, when=until("withdrawn_on")
    )

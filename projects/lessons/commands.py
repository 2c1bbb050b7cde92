"""What can be done with lessons: record one, mend its words, withdraw it."""

from datetime import date
from typing import Any

from portfolio import clock, history
from portfolio.people.models import Person
from portfolio.programmes.access import Actor, opened
from projects import guard
from projects.lessons.models import Lesson
from projects.register.models import Project

DESCRIBED = guard.described(Lesson)


def record_lesson(
    project: Project, *, learnt_on: date | None = None, written_by: Person | None = None, by: Actor, **described: Any
) -> Lesson:
    """Write down what a project taught, on a day that has come; it is signed by whoever writes it.

    An import tells who wrote it there. Raises Refused `day.future`.
    """
    with history.change(by=by):
        project = history.lock(Project, project.pk)
        opened(project.programme, "keep_lessons", by, project)
        author = by if isinstance(by, Person) else written_by
        lesson = Lesson(project=project, learnt_on=guard.past(learnt_on, "learnt_on"), written_by=author)
        return guard.describe(lesson, described, known=DESCRIBED).checked_save()


def edit_lesson(lesson: Lesson, *, because: str = "", by: Actor, seen: int | None = None, **changes: Any) -> Lesson:
    """Mend what a lesson says, of what kind it is or for whom it matters; a withdrawn one stays as it is."""
    with history.change(by=by, because=because):
        lesson = _lesson(lesson, by=by, seen=seen)
        return guard.describe(lesson, changes, known=DESCRIBED).checked_save()


def withdraw_lesson(lesson: Lesson, *, because: str, by: Actor, seen: int | None = None) -> Lesson:
    """Withdraw a lesson that turned out not to be one, with the reason; it stays in the register, told no more."""
    with history.change(by=by, because=because):
        lesson = _lesson(lesson, by=by, seen=seen)
        lesson.withdrawn_on, lesson.withdrawn_because = clock.today(), because.strip()
        return lesson.checked_save()


def _lesson(lesson: Lesson, *, by: Actor, seen: int | None) -> Lesson:
    lesson = history.lock(Lesson, lesson.pk, seen=seen)
    opened(lesson.project.programme, "keep_lessons", by, lesson.project)
    return lesson

"""What can be found: of each kind of record the columns that are searched, what a hit is called, and where it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from portfolio.benefits.models import Indicator, TargetVersion
from portfolio.decisions.models import Decision, Wish
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.texts import Words
from projects.lessons.models import Lesson
from projects.register.models import Project

Seen = Callable[[Person], QuerySet[Any]]


@dataclass(frozen=True)
class Kind:
    """A kind of record that is found by its texts, names, codes and numbers."""

    name: str
    called: Words
    several: Words
    seen: Seen  # the rows that somebody may find
    title: str  # the text, or the name in one column, that a hit is called by
    body: tuple[str, ...]  # the texts it tells of itself, those first that are shown first
    plain: tuple[str, ...]  # columns in no language
    page: str  # the name of its address
    opens: str = "id"  # the column with the number that the address takes
    note: str = ""  # a column that is shown beside

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that are searched: its own, never what it is called by on another record."""
        return self.body if "__" in self.title or self.title in self.plain else (self.title, *self.body)


def _visible(model: type[Model], **only: Any) -> Seen:
    return lambda by: permissions.visible(model._default_manager.filter(**only).order_by(), by)


def _versions(by: Person) -> QuerySet[Any]:
    """Of each benefit target the wording in force; before there is one, the draft."""
    approved = TargetVersion.objects.filter(target_id=OuterRef("target_id"), state=TargetVersion.State.APPROVED)
    rows = TargetVersion.objects.exclude(state=TargetVersion.State.SUPERSEDED).order_by()
    return permissions.visible(rows.exclude(Exists(approved), state=TargetVersion.State.DRAFT), by)


def _people(by: Person) -> QuerySet[Any]:
    return permissions.directory(Person.objects.order_by(), by)


KINDS = (
    Kind(
        "programmes", _("Programme"), _("Programmes"), _visible(Programme), "name", ("aim", "description"), ("code",),
        page="programme", note="council_term__label",
    ),
    Kind(
        "targets", _("Benefit target"), _("Benefit targets"), _versions, "title", ("description",), ("target__code",),
        page="target", opens="target_id", note="target__code",
    ),
    Kind(
        "indicators", _("Indicator"), _("Indicators"), _visible(Indicator), "name", ("source", "group"), ("code",),
        page="target", opens="target_id", note="code",
    ),
    Kind(
        "projects", _("Project"), _("Projects"), _visible(Project), "name", ("summary", "climate_impact"), ("code",),
        page="project", note="code",
    ),
    Kind(
        "decisions", _("Decision"), _("Decisions"), _visible(Decision), "title",
        ("proposal", "handling", "explanation"), ("case_number",), page="decision", note="case_number",
    ),
    Kind(
        "wishes", _("Wish of the council"), _("Wishes of the council"), _visible(Wish), "decision__title",
        ("text", "answer"), (), page="decision", opens="decision_id", note="decision__case_number",
    ),
    Kind(
        "lessons", _("Lesson learned"), _("Lessons learned"), _visible(Lesson, withdrawn_on=None), "project__name",
        ("learnt", "matters_to"), (), page="project", opens="project_id", note="project__code",
    ),
    Kind("people", _("Person"), _("People"), _people, "name", ("title",), ("name",), page="person"),
)  # fmt: skip
SECTIONED = frozenset({"decisions"})  # what has a section (§) of its own

"""What has been done with a person's account, roles and access: read from the history, with who, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.history.models import ChangeSet
from portfolio.people.models import AccountAct, Person, Role, RoleAssignment
from reporting.pages.people import view

ACTS = 40
TOLD = ("name", "title_fi", "title_sv", "title_en", "email")


@dataclass(frozen=True)
class Done:
    """What was done: by whom, when and for which reason."""

    act: str | Promise
    label: str
    who: str
    at: Any
    reason: str


def done(someone: Person) -> list[Done]:
    """What was done with a person's account, roles and access, the newest first."""
    found = [*_acts(someone), *_roles(someone), *_person(someone)]
    acts = sorted(found, key=lambda each: each[0], reverse=True)[:ACTS]
    sets = ChangeSet.objects.in_bulk({seq for seq, _act, _label in acts})
    names = _names(sets.values())
    return [
        Done(act, label, names.get(sets[seq].actor_id, ""), sets[seq].recorded_at, sets[seq].reason)
        for seq, act, label in acts
    ]


Line = tuple[int, str | Promise, str]


def _acts(someone: Person) -> Iterator[Line]:
    for act in AccountAct.objects.filter(person=someone).order_by("-pk")[:ACTS]:
        yield act.seq, str(act.get_act_display()), act.label


def _roles(someone: Person) -> Iterator[Line]:
    """Each role that was given, and each that was ended or changed."""
    held = {each.assignment.pk: each for each in view.held(someone)}
    past = RoleAssignment.history.model.objects.filter(person_id=someone.pk)
    for row in past.order_by("-history_seq")[:ACTS]:
        on = held[row.id].on if row.id in held else ""
        label = ": ".join(filter(None, (str(Role(row.role).label), on)))
        yield row.history_seq, _("role given") if row.history_type == "+" else _("role ended"), label


def _person(someone: Person) -> Iterator[Line]:
    """Whether the person was entered, kept out or let in again, or what the register says was corrected."""
    past = Person.history.model.objects.filter(id=someone.pk)
    before = None
    for row in past.order_by("history_seq", "history_id"):
        if before is None:
            yield row.history_seq, _("entered in the register"), ""
        elif row.active != before.active:
            yield row.history_seq, _("access restored") if row.active else _("access stopped"), ""
        elif any(getattr(row, name) != getattr(before, name) for name in TOLD):
            yield row.history_seq, _("name, title or address corrected"), ""
        before = row


def _names(sets: Iterable[ChangeSet]) -> dict[int | None, str]:
    who = Q(pk__in={each.actor_id for each in sets if each.actor_id})
    return dict(Person.objects.filter(who).values_list("pk", "name"))

"""The changes of one record, told as old → new."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from rest_framework import serializers

from portfolio import history
from portfolio.api.lists import LARGEST_PAGE, PAGE_SIZE, positive
from portfolio.history.models import ChangeSet, InsertOnly
from portfolio.history.steps import Step
from portfolio.people import drafts, permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused

HIDDEN = {"salt", "row_sha256", "shape", "commitments", "seq", "version"}


class ChangeSerializer(serializers.Serializer[Any]):
    """One change of one record."""

    seq = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()
    kind = serializers.CharField()
    actor_id = serializers.IntegerField(allow_null=True)
    actor = serializers.CharField()
    role = serializers.CharField()
    on_behalf_of_id = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    request_id = serializers.CharField()
    type = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    changes = serializers.DictField()


class ChangesSerializer(serializers.Serializer[Any]):
    """A page of the changes of one record."""

    count = serializers.IntegerField()
    results = ChangeSerializer(many=True)


def changes(thing: models.Model, query: Any, by: Person) -> dict[str, Any]:
    """A page of changes, the newest first; each says what was, what became, who, when and why.

    Of a record that others may read once it was submitted, the states of before are not among what they read.
    """
    size, number = positive(query, "page_size", PAGE_SIZE, LARGEST_PAGE), positive(query, "page", 1, 10**6)
    states = _states(thing, by)
    if (as_of := query.get("as_of")) is not None:
        states = _until(states, history.seq_at(as_of))
    count = len(states) if isinstance(states, list) else states.count()
    if as_of is not None and not count:  # a record that was not yet there has no history either
        raise Refused("not_found")
    hidden = HIDDEN | ({"id", "corrects_id"} if isinstance(thing, Step) else set())
    names = [field.attname for field in thing._meta.concrete_fields if field.attname not in hidden]
    found = list(states[(number - 1) * size : number * size + 1])  # and the one before them, to compare the last with
    page = [
        (state, _difference(before, state, names)) for state, before in zip(found, [*found[1:], None], strict=False)
    ]
    del page[size:]
    sets = ChangeSet.objects.in_bulk([_seq(state) for state, _ in page])
    people = dict(Person.objects.filter(pk__in=[c.actor_id for c in sets.values()]).values_list("pk", "name"))
    return {"count": count, "results": [_told(state, sets[_seq(state)], diff, people) for state, diff in page]}


def _states(thing: models.Model, by: Person) -> Any:
    """The states of a record, the newest first."""
    if isinstance(thing, Step):
        first = thing.corrects_id or thing.pk
        return list(type(thing).objects.filter(Q(pk=first) | Q(corrects_id=first)).order_by("-pk"))
    if isinstance(thing, InsertOnly):
        return [thing]
    states = thing.history.order_by("-history_seq", "-history_id")  # type: ignore[attr-defined]
    return permissions.visible(states, by, past=True) if drafts.verbs(type(thing)) else states


def _until(states: Any, cut: int) -> Any:
    """What was known by a moment."""
    if isinstance(states, list):
        return [state for state in states if _seq(state) <= cut]
    return states.filter(history_seq__lte=cut)


def _seq(state: Any) -> int:
    return int(getattr(state, "history_seq", None) or state.seq)


def _difference(before: Any, state: Any, names: list[str]) -> dict[str, list[Any]]:
    if getattr(state, "history_type", "+") == "-":
        return {}
    pairs = ((name, getattr(before, name) if before else None, getattr(state, name)) for name in names)
    return {name: [old, new] for name, old, new in pairs if old != new and not (before is None and new in (None, ""))}


def _told(state: Any, change: ChangeSet, diff: dict[str, list[Any]], people: dict[int, str]) -> dict[str, Any]:
    return {
        "seq": change.seq,
        "recorded_at": change.recorded_at,
        "kind": change.kind,
        "actor_id": change.actor_id,
        "actor": people.get(change.actor_id or 0, change.job),
        "role": change.role,
        "on_behalf_of_id": change.on_behalf_of_id,
        "reason": change.reason,
        "request_id": change.request_id,
        "type": getattr(state, "history_type", "~" if getattr(state, "corrects_id", None) else "+"),
        "version": getattr(state, "version", None),
        "changes": diff,
    }

"""Errands: a person sends the machine on one, sees how far it is, and finds what came of it, whoever is killed."""

from __future__ import annotations

import os
import signal
import types
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models.functions import Now

from portfolio import history
from portfolio.people import commands
from portfolio.people.models import Person, Role
from portfolio.refusals import Refused
from portfolio.work import errands, kinds, leases
from portfolio.work.models import Errand
from reporting.work.models import Work
from tests import story
from workers import hearing, tasks

NAMES = ["Aino", "Bertta", "Cecilia"]
GIVEN_UP: list[tuple[str, str]] = []


def register_people(task: errands.Task) -> None:
    """Look at each name outside any lock, then register them all as one change, with the answer."""
    names = task.given["names"]
    for number, name in enumerate(names, 1):
        if not name:
            raise Refused("field.required", field="name")
        task.progress(number, of=len(names))
        if number == task.given.get("killed_at") and not task.errand.strikes:
            os.kill(os.getpid(), signal.SIGKILL)
    with history.change(by=task.errand.person):
        made = [commands.register_person(by=task.errand.person, name=name).pk for name in names]
        task.finish({"people": made})


def stumble(task: errands.Task) -> None:
    raise ValueError("a stone")


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setattr(kinds, "KINDS", dict(kinds.KINDS))
    GIVEN_UP.clear()
    kinds.register(
        errands.kind("register_people", register_people),
        errands.kind(
            "stumble",
            stumble,
            patience=kinds.Patience(strikes_in_all=2, pauses=(timedelta(0),)),
            given_up=lambda row: GIVEN_UP.append((row.kind, row.last_error)),
        ),
    )


def sent(by: Person, kind: str = "register_people", **given: Any) -> Errand:
    return errands.send(kind, {"names": NAMES} | given, person_id=by.pk)


def registered() -> list[str]:
    return list(Person.objects.filter(name__in=NAMES).order_by("pk").values_list("name", flat=True))


def time_passes(errand: Errand) -> None:
    Errand.objects.filter(pk=errand.pk).update(leased_until=Now() - timedelta(seconds=1), next_at=None)


@pytest.mark.django_db
def test_an_errand_is_carried_out_once_and_says_what_came_of_it(uma, monkeypatch):
    errand = sent(uma)
    rung = []
    monkeypatch.setattr(tasks.do_errand, "apply_async", lambda args, **limits: rung.append((args, limits)))
    assert tasks.ring_errands() == 1
    tasks.do_errand(*rung[0][0])
    assert tasks.ring_errands() == 0 and rung == [((errand.pk,), {"soft_time_limit": 240.0, "time_limit": 300.0})]
    tasks.do_errand(errand.pk)
    errand.refresh_from_db()
    assert registered() == NAMES and (errand.done, errand.of, errand.person) == (3, 3, uma)
    assert errand.done_at and len(errand.result["people"]) == 3 and not errand.strikes
    assert errand.given == {}, "what it was sent with is kept no longer than it is needed"


def test_each_kind_of_work_is_broken_off_by_its_own_limit(settings):
    """A long import is no stuck one, and a worker with such in all its hands is not deaf."""
    limits = {name: kind.patience.limits["time_limit"] for name, kind in kinds.KINDS.items()}
    assert limits["import"] > 3600 * 6 and limits["freeze"] == limits["render"] == settings.CELERY_TASK_TIME_LIMIT
    request = types.SimpleNamespace(time_limits=(limits["import"], limits["import"] - 60))
    tick = types.SimpleNamespace(time_limits=(None, None))
    for active, quiet in (
        ([], hearing.PAUSE), ([request], hearing.PAUSE), ([tick, tick], 300), ([request, tick], 300),
        ([request, request], limits["import"]),
    ):  # fmt: skip
        assert hearing.silence(active, hands=2) == quiet


def test_a_killed_worker_leaves_its_progress_and_another_ends_it_once(own_database):
    errand = sent(story.person("Uma", Role.USER_ADMIN), killed_at=2)
    connections.close_all()
    if not (child := os.fork()):
        errands.carry_out(errand.pk)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    errand.refresh_from_db()
    assert os.WTERMSIG(status) == signal.SIGKILL and registered() == []
    assert (errand.done, errand.of, errand.result, errands.due()) == (2, 3, None, []), "its lease has not run out"
    time_passes(errand)
    for pk in errands.due() * 2:
        errands.carry_out(pk)
    errand.refresh_from_db()
    assert registered() == NAMES and errand.done == 3 and errand.strikes == 1 and errand.done_at


@pytest.mark.django_db
def test_a_late_ghost_writes_neither_progress_nor_result(uma):
    errand = sent(uma)
    ghost = errands.Task(errand, leases.claim(Errand, errand.pk))
    time_passes(errand)
    errands.carry_out(errand.pk)
    for late in (lambda: ghost.progress(1), lambda: ghost.finish({"people": []})):
        with pytest.raises(leases.Fenced):
            late()
    errand.refresh_from_db()
    assert errand.done == 3 and len(errand.result["people"]) == 3


@pytest.mark.django_db
def test_what_is_refused_is_the_answer_and_is_not_tried_again(uma, dee):
    unnamed, not_allowed = sent(uma, names=["Aino", ""]), sent(dee)
    for errand in (unnamed, not_allowed):
        errands.carry_out(errand.pk)
        errand.refresh_from_db()
        assert errand.done_at and registered() == [] and not errand.strikes
    assert unnamed.result == {"errors": [{"code": "field.required", "field": "name", "params": {}}]}
    assert [error["code"] for error in not_allowed.result["errors"]] == ["permission.role"]


@pytest.mark.django_db
def test_what_fails_is_given_up_by_the_patience_of_its_kind(dee):
    errand = sent(dee, "stumble")
    for _ in range(3):
        for pk in errands.due():
            with pytest.raises(ValueError):
                errands.carry_out(pk)
    errand.refresh_from_db()
    assert errand.parked and errand.strikes == 2 and GIVEN_UP == [("stumble", errand.last_error)]
    assert "a stone" in errand.last_error and errand.result is None


@pytest.mark.django_db
def test_a_kind_that_ends_without_a_result_has_failed(dee):
    kinds.register(errands.kind("forgets", lambda task: None))
    errand = sent(dee, "forgets")
    with pytest.raises(RuntimeError):
        errands.carry_out(errand.pk)
    errand.refresh_from_db()
    assert errand.strikes == 1 and errand.done_at is None


@pytest.mark.django_db
def test_nobody_is_sent_on_what_no_kind_knows():
    with pytest.raises(KeyError):
        errands.send("unheard", {})
    assert not Errand.objects.exists()


def test_every_kind_of_work_stands_in_the_one_table():
    assert set(Work.Kind.values) <= set(kinds.KINDS)
    assert not any(kinds.KINDS[name].errand for name in Work.Kind.values)

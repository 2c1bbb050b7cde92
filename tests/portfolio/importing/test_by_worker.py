"""A worker takes a register in: how far it is can be seen, and whoever is killed, it is taken in once and answered."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models.functions import Now

from portfolio.history.models import ChangeSet
from portfolio.importing import errand as importing
from portfolio.ledger.verification import verify
from portfolio.management.commands import import_portfolio
from portfolio.people.commands import register_person
from portfolio.people.models import Person, Role
from portfolio.work import errands
from portfolio.work.models import Errand
from tests import story
from tests.portfolio.importing.conftest import COMMON, register

PATIENCE = 60  # seconds


def grown(people: int = 30, source: str = "older") -> dict[str, Any]:
    """A register that takes a moment."""
    data = register() | {"source": source}
    data["people"] += [COMMON | {"key": f"p{n}", "name": f"{source} {n}"} for n in range(people)]
    return data


def of_people(source: str) -> dict[str, Any]:
    """A register of people alone, of which there may be many."""
    kept = ("format", "version", "source", "city", "text_states", "people")
    return {name: part for name, part in grown(150, source).items() if name in kept}


def sent(data: dict[str, Any], **given: Any) -> Errand:
    return importing.send("older.json", json.dumps(data), **({"on_behalf_of": None, "dry_run": False} | given))


def forked(errand: Errand) -> int:
    """A worker of its own for an errand."""
    connections.close_all()
    if child := os.fork():
        return child
    try:
        errands.carry_out(errand.pk)
    finally:
        os._exit(0)


def seen(errand: Errand, so: Callable[[Errand], bool]) -> Errand:
    """The errand as somebody else sees it once it is so."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        errand.refresh_from_db()
        if so(errand):
            return errand
        time.sleep(0.005)
    raise AssertionError(f"never so: {errand.done} of {errand.of}, {errand.done_at}, {errand.last_error}")


def in_the_middle(errand: Errand) -> bool:
    return bool(errand.of and 0 < errand.done < errand.of)


def time_passes(errand: Errand) -> None:
    Errand.objects.filter(pk=errand.pk).update(leased_until=Now() - timedelta(seconds=1), next_at=None)


def imports() -> int:
    return ChangeSet.objects.filter(job="import").count()


def test_a_worker_killed_in_the_middle_is_followed_by_two_of_whom_one_takes_it_in_once_beside_a_saver(
    own_database, monkeypatch
):
    monkeypatch.setattr(errands, "TOLD_EVERY", 0)
    ana = story.person("Ana", Role.DIRECTOR)
    errand = sent(data := grown(), on_behalf_of=ana)
    killed = forked(errand)
    assert seen(errand, in_the_middle).of == 45 and imports() == 0
    os.kill(killed, signal.SIGKILL)
    os.waitpid(killed, 0)
    assert imports() == 0 and not Person.objects.filter(key="older:chen").exists() and errands.due() == []
    assert sent(data, on_behalf_of=ana) == errand, "whoever sends it again comes back to it"
    time_passes(errand)
    assert errands.due() == [errand.pk]
    racing = [forked(errand), forked(errand)]
    seen(errand, lambda found: found.epoch == 2 and in_the_middle(found))
    saved = register_person(name="Beside", by=story.SETUP)
    for worker in racing:
        os.waitpid(worker, 0)
    errand = seen(errand, lambda found: found.done_at is not None)
    changes = ChangeSet.objects.get(job="import")
    assert (changes.on_behalf_of_id, changes.request_id) == (
        ana.pk,
        importing.origin_of("older.json", json.dumps(data)),
    )
    assert changes.seq == ChangeSet.objects.latest("seq").seq and saved.pk and verify().sound
    assert importing.answer(errand).made == errand.result["made"] > 45
    assert (errand.given, errand.strikes, errand.epoch) == ({}, 1, 2), "what it was sent with is gone"
    again = sent(data, on_behalf_of=ana)
    errands.carry_out(again.pk)
    assert again != errand and importing.answer(seen(again, lambda found: found.done_at is not None)).made == 0
    assert imports() == 1


def test_of_two_imports_one_waits_for_the_other(own_database):
    first, second = sent(register()), sent(register() | {"source": "other"})
    assert errands.due() == [first.pk]
    Errand.objects.filter(pk=first.pk).update(leased_until=Now() + timedelta(minutes=1))
    assert errands.due() == []
    errands.carry_out(second.pk)
    second.refresh_from_db()
    assert second.epoch == 0, "nor does a bell that came late begin it"


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch):
    monkeypatch.setattr(import_portfolio, "PAUSE", 0.02)


def by_worker(data: Any, tmp_path: Any, *arguments: str, worker: bool = True) -> tuple[int, str, str]:
    """The command beside a worker: its exit status and what it said."""
    path, out, err = tmp_path / "register.json", io.StringIO(), io.StringIO()
    path.write_text(json.dumps(data))
    ended = threading.Event()

    def work() -> None:
        while worker and not ended.wait(0.05):
            for pk in errands.due():
                errands.carry_out(pk)
        connection.close()

    working = threading.Thread(target=work)
    working.start()
    try:
        call_command("import_portfolio", str(path), "--by-worker", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}", err.getvalue()
    finally:
        ended.set()
        working.join(PATIENCE)
    return 0, out.getvalue(), err.getvalue()


def test_the_command_says_by_a_worker_what_it_says_without(own_database, run, older, tmp_path):
    """Sound on trial, refused by the check and by the database, taken in, there already."""
    twin = older | {"partners": [*older["partners"], older["partners"][0] | {"key": "twin"}]}
    broken = older | {"people": [{"key": "No"}, {"key": "no"}]}
    for data, dry in ((older, ["--dry-run"]), (broken, []), (twin, [])):
        alone = run(data, *dry)
        status, told, err = by_worker(data, tmp_path, *dry)
        assert (status, told, err.splitlines()[1:]) == (alone.status, alone.told, alone.lines)
        assert err.startswith("Errand ") and imports() == 0
    status, told, err = by_worker(older, tmp_path, "--verbosity", "2")
    assert status == 0 and told.endswith("records taken in.\n") and imports() == 1
    assert "15 of 15 records judged." in err
    assert by_worker(older, tmp_path)[:2] == (0, run(older).told)


def test_without_a_worker_it_says_that_it_waits_and_what_was_given_up_is_told_and_let_on_or_dropped(
    own_database, older, tmp_path, settings, monkeypatch
):
    settings.TICK_SECONDS = 0
    assert by_worker(older, tmp_path, "--no-wait", worker=False)[0] == 0
    errand = Errand.objects.get()
    later = threading.Timer(0.3, lambda: (errands.carry_out(errand.pk), connection.close()))
    later.start()
    status, told, err = by_worker(older, tmp_path, worker=False)
    later.join(PATIENCE)
    assert status == 0 and "taken in" in told and "No worker has taken it up yet." in err
    assert Errand.objects.count() == 1, "it came back to the one that waited"

    parked = sent(register() | {"source": "other"})
    Errand.objects.filter(pk=parked.pk).update(parked=True, strikes=3, last_error="3× ValueError: a stone")
    listed = io.StringIO()
    call_command("errands", stdout=listed)
    assert listed.getvalue().startswith(f"{parked.pk} import, sent ") and "a stone" in listed.getvalue()
    call_command("errands", "--again", str(parked.pk))
    assert errands.due() == [parked.pk]
    with pytest.raises(CommandError, match=f"No errand {parked.pk} was given up"):
        call_command("errands", "--drop", str(parked.pk))
    Errand.objects.filter(pk=parked.pk).update(parked=True)
    assert sent(register() | {"source": "other"}) == parked and errands.due() == [parked.pk]
    Errand.objects.filter(pk=parked.pk).update(parked=True)
    call_command("errands", "--drop", str(parked.pk))
    assert not Errand.objects.filter(pk=parked.pk).exists()


@pytest.mark.proof
def test_workers_killed_at_any_moment_neither_lose_an_import_nor_take_it_in_twice(own_database):
    """Each register is begun again and again, until a worker ends before it is killed."""
    chance, kills, begun = random.Random(8), 0, time.monotonic()
    os.waitpid(forked(whole := sent(of_people("first"))), 0)
    assert seen(whole, lambda found: found.done_at is not None).result["made"]
    lasted = time.monotonic() - begun
    for number in range(1, 7):
        errand = sent(of_people(f"r{number}"))
        while not errand.done_at:
            worker = forked(errand)
            time.sleep(chance.uniform(0, 1.3 * lasted))
            os.kill(worker, signal.SIGKILL)
            kills += os.WIFSIGNALED(os.waitpid(worker, 0)[1])
            Errand.objects.filter(pk=errand.pk).update(leased_until=None, next_at=None)
            errand.refresh_from_db()
            assert imports() <= number + 1 and (errand.done_at is None or imports() == number + 1)
        assert Person.objects.filter(key__startswith=f"r{number}:").count() == 151 < errand.result["made"]
    assert kills >= 6 and imports() == 7 and verify().sound
    print(f"\n{kills} workers killed, 6 registers taken in once each; one takes {lasted:.1f} s")

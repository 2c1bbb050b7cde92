"""Claims on work: one holds it, a dead holder's claim runs out, a late ghost writes nothing, what fails is parked."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models.functions import Now

from portfolio import history
from portfolio.refusals import Refused
from portfolio.work.kinds import Patience
from reporting.documents import commands as documents
from reporting.documents import renderer
from reporting.models import Blob, Rendition, Report, Snapshot, Work
from reporting.reports import document, machine, queries
from reporting.snapshot.queries import newest_snapshot
from reporting.snapshot.taking import take
from reporting.work import leases
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from tests.reporting.ticking import address_of
from workers import tasks

PARK_AFTER = 3


def report_to_render() -> Report:
    return factories.frozen(factories.schedule(factories.indicator().target.programme))


def first_task(report: Report) -> Work:
    return Work.objects.filter(report=report, kind="render").order_by("pk")[0]


def time_passes(task: Work) -> None:
    """The lease or the pause of a piece of work runs out."""
    ago = Now() - timedelta(seconds=1)
    Work.objects.filter(pk=task.pk, leased_until__isnull=False).update(leased_until=ago)
    Work.objects.filter(pk=task.pk, next_at__isnull=False).update(next_at=ago)


def keep(claim: leases.Claim, task: Work, content: bytes, *, fenced: bool = True) -> None:
    """The end of `documents.render`, with or without its fence."""
    file = renderer.Rendered(content, hashlib.sha256(content).hexdigest())
    with history.change(by=leases.MACHINE):
        if fenced:
            leases.finish(claim)
        documents.keep_file(task.snapshot, task.language, task.format, file)


@pytest.mark.django_db
def test_one_holds_a_piece_of_work_until_the_lease_runs_out():
    task = first_task(report_to_render())
    held = leases.claim(task.pk)
    assert held and leases.claim(task.pk) is None and task.pk not in documents.to_render()
    assert leases.heartbeat(held)
    time_passes(task)
    taken_over = leases.claim(task.pk)
    assert taken_over == leases.Claim(task.pk, held.epoch + 1)
    assert not leases.heartbeat(held)
    with pytest.raises(leases.Fenced):
        leases.hold(held)


@pytest.mark.django_db
def test_a_late_ghost_is_fenced_and_writes_nothing():
    report = report_to_render()
    task = first_task(report)
    ghost = leases.claim(task.pk)
    time_passes(task)
    second = leases.claim(task.pk)
    head = history.head()
    with pytest.raises(leases.Fenced):
        keep(ghost, task, factories.PAGE % b"the ghost's")
    assert (Rendition.objects.count(), Blob.objects.count(), history.head()) == (0, 0, head)
    leases.strike(ghost, "the ghost's complaint")
    leases.put_back(ghost)
    task.refresh_from_db()
    assert task.epoch == second.epoch and task.leased_until and "ghost" not in task.last_error
    keep(second, task, factories.PAGE % b"the holder's")
    with pytest.raises(leases.Fenced):
        keep(ghost, task, factories.PAGE % b"the ghost's")
    assert bytes(Blob.objects.get().content) == factories.PAGE % b"the holder's"


@pytest.mark.django_db
def test_without_the_fence_this_harness_sees_the_double():
    """The negative control: without the epoch the ghost's bytes are kept, and the second holder is the one refused."""
    task = first_task(report_to_render())
    ghost = leases.claim(task.pk)
    time_passes(task)
    second = leases.claim(task.pk)
    keep(ghost, task, factories.PAGE % b"the ghost's", fenced=False)
    assert bytes(Blob.objects.get().content) == factories.PAGE % b"the ghost's"
    with pytest.raises(Refused):
        keep(second, task, factories.PAGE % b"the holder's")
    Rendition.objects.get()


@pytest.mark.django_db
@pytest.mark.proof
def test_three_equal_failures_park_the_work_and_leave_the_others_alone(api, ana):
    report = report_to_render()
    broken, *others = Work.objects.filter(report=report, kind="render").order_by("pk")
    broken_was = Work.objects.get(pk=broken.pk)
    Work.objects.filter(pk=broken.pk).update(language="xx")
    for number in range(PARK_AFTER):
        with pytest.raises(ExceptionGroup, match="could not be made"):
            documents.render(broken.pk)
        broken.refresh_from_db()
        assert (broken.strikes, broken.parked) == (number + 1, number + 1 == PARK_AFTER)
        assert broken.last_error.startswith(f"{number + 1}× Failed: xx.")
        assert leases.claim(broken.pk) is None, "it rests, or is parked"
        time_passes(broken)
    assert documents.to_render() == [] and Rendition.objects.count() == len(others) == 5, "the others are kept"
    report.refresh_from_db()
    assert report.state == "frozen"
    shown = api(ana).get(f"reports/{report.pk}/").json()["work"]
    assert [(one["strikes"], one["parked"]) for one in shown if one["strikes"]] == [(3, True)]
    answer = api(ana).post(f"reports/{report.pk}/unpark/", {"because": "Malli korjattu"}, seen=report.version)
    assert answer.status_code == 200, answer.json()
    broken.refresh_from_db()
    assert (broken.parked, broken.strikes, broken.last_error) == (False, 0, f"person {ana.pk}: Malli korjattu")
    newest = api(ana).get(f"reports/{report.pk}/history/").json()["results"][0]
    assert (newest["actor"], newest["reason"], list(newest["changes"])) == ("Ana", "Malli korjattu", ["let_on_at"])
    path, body, seen = f"reports/{report.pk}/unpark/", {"because": "Uudestaan"}, answer.json()["version"]
    story.assert_refused(api(ana), "post", path, body, code="report.not_parked", status=409, seen=seen)
    Work.objects.filter(pk=broken.pk).update(language=broken_was.language, format=broken_was.format)
    documents.render(broken.pk)
    report.refresh_from_db()
    assert report.state == "draft"


@pytest.mark.django_db
def test_five_different_failures_park_it_too():
    task = first_task(report_to_render())
    for number in range(Patience().strikes_in_all):
        time_passes(task)
        leases.strike(leases.claim(task.pk), f"trouble {number}")
    task.refresh_from_db()
    assert task.parked and task.last_error == "1× trouble 4"


@pytest.mark.django_db
def test_an_error_that_only_begins_alike_is_another_error():
    task = first_task(report_to_render())
    for error in ("no font", "no font at all", "no font"):
        time_passes(task)
        leases.strike(leases.claim(task.pk), error)
    task.refresh_from_db()
    assert not task.parked and task.last_error == "1× no font"


@pytest.mark.django_db
def test_work_that_kills_its_worker_is_parked_in_the_end():
    task = first_task(report_to_render())
    claims = 0
    while leases.claim(task.pk):
        claims += 1
        time_passes(task)
    task.refresh_from_db()
    assert (claims, task.parked, task.leased_until) == (Patience().strikes_in_all, True, None)
    assert leases.LOST in task.last_error


@pytest.mark.django_db
@pytest.mark.parametrize("error", [Refused("busy.retry"), OperationalError("the server is restarting")])
def test_that_others_were_busy_is_no_strike(error):
    task = first_task(report_to_render())
    with pytest.raises(type(error)), leases.held(task.pk):
        raise error
    task.refresh_from_db()
    assert (task.strikes, task.leased_until, task.parked) == (0, None, False)
    assert task.next_at is not None


@pytest.mark.django_db
def test_what_another_holds_is_left_to_it_and_what_waits_is_made():
    """Another makes the PDF files, the dearer ones; whoever is rung for one of the others makes all three."""
    report = report_to_render()
    waiting = Work.objects.filter(report=report, kind="render").order_by("pk")
    held = [leases.claim(one.pk) for one in waiting.filter(format="pdf")]
    documents.render(waiting.filter(format="html")[0].pk)
    report.refresh_from_db()
    assert list(Rendition.objects.values_list("format", flat=True)) == ["html"] * 3
    assert (report.state, len(held), all(map(leases.heartbeat, held))) == ("frozen", 3, True)


@pytest.mark.django_db
def test_a_renderer_whose_claims_were_all_taken_over_is_ended():
    report = report_to_render()
    claims = [leases.claim(task.pk) for task in Work.objects.filter(report=report, kind="render")]
    leases.hold_all(claims)
    for claim in claims[1:]:
        time_passes(Work.objects.get(pk=claim.work_id))
        leases.claim(claim.work_id)
    leases.hold_all(claims)
    time_passes(Work.objects.get(pk=claims[0].work_id))
    leases.claim(claims[0].work_id)
    with pytest.raises(leases.Fenced):
        leases.hold_all(claims)


def test_the_renderer_is_passed_no_secret():
    assert not {name for name in renderer.PASSED_ON if "DATABASE" in name or "SECRET" in name or "REDIS" in name}


def test_one_real_file_and_then_all_six_by_their_bells(own_database):
    """From the snapshot alone, in processes of their own: HTML and PDF, twice the same bytes."""
    indicator = factories.indicator()
    benefits.measured(indicator, value="90", on=factories.NEW_YEAR)
    report = factories.opened(factories.schedule(indicator.target.programme))
    factories.freeze(report)
    for work_id in documents.to_render():
        tasks.render_report(work_id)
        tasks.render_report(work_id)
    report.refresh_from_db()
    assert report.state == "draft"
    files = Rendition.objects.filter(snapshot=newest_snapshot(report)).select_related("blob")
    assert {(f.language, f.format) for f in files} == {(a, b) for a in ("fi", "sv", "en") for b in ("pdf", "html")}
    assert all(bytes(f.blob.content).startswith(b"%PDF" if f.format == "pdf" else b"<!doctype") for f in files)
    assert all(bool(f.style_sha256) == (f.format == "html") for f in files)
    again = renderer.run(document.source(Snapshot.objects.get()), ["sv.pdf"])["sv.pdf"]
    assert again.sha256 == files.get(language="sv", format="pdf").blob.sha256


@pytest.mark.proof
def test_inv_94_another_process_in_another_zone_takes_the_same_facts(own_database):
    indicator = factories.indicator()
    benefits.measured(indicator, value="90", on=factories.NEW_YEAR)
    report = factories.opened(factories.schedule(indicator.target.programme))
    ours = take(machine.order_of(queries.as_ordered(report.pk))).sha256
    script = (
        "import django; django.setup(); from reporting.reports import machine, queries; "
        "from reporting.snapshot.taking import take; "
        f"print(take(machine.order_of(queries.as_ordered({report.pk}))).sha256)"
    )
    elsewhere = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    env = address_of(own_database) | elsewhere
    theirs = subprocess.run(
        [sys.executable, "-c", script], env=env, cwd="/", capture_output=True, text=True, check=True
    )
    assert theirs.stdout.strip() == ours

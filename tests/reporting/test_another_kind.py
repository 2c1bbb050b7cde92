"""A document that is no report: a row of the table of kinds, and no page, address or format is told of it."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import connection

from portfolio import history
from portfolio.ledger import triggers
from portfolio.ledger.verification import verify
from portfolio.people import permissions
from portfolio.refusals import Refused
from portfolio.work.kinds import Patience
from reporting.documents import commands as documents
from reporting.documents import kinds, renderer
from reporting.documents.rendering import frozen
from reporting.documents.rendering import kinds as printings
from reporting.facts import canonical
from reporting.models import Rendition, Snapshot, Work
from reporting.reports import condition
from reporting.snapshot import models
from reporting.work import leases
from tests import story
from tests.portfolio.history.conftest import in_the_seat, seat
from tests.reporting import plain_page
from tests.reporting.test_letters import reachable, tick
from tests.reporting.test_work import time_passes
from tests.story import SETUP

PLAIN = json.dumps({"made_at": "2022-12-31T12:00:00+02:00", "place": "Kaivopuisto"}, separators=(",", ":"))


def kept(number: int = 1) -> Snapshot:
    digest = hashlib.sha256(PLAIN.encode()).hexdigest()
    with history.change(by=SETUP):
        return Snapshot(
            kind=plain_page.NAME, number=number, cut_seq=1, schema=1, payload=PLAIN, sha256=digest
        ).checked_save()


@pytest.fixture
def whole(own_database, monkeypatch) -> list[int]:
    """The table with a row more, as a release would bring it; the pages whose files are all there."""
    found: list[int] = []
    page = kinds.KindOfDocument(
        plain_page.NAME,
        source=lambda snapshot: frozen.packed({"kind": f'"{snapshot.kind}"', "snapshot": snapshot.payload}),
        languages=lambda _snapshot: ("fi", "sv"),
        visible=lambda pages, by: pages if permissions.may(by, "approve_plan") else pages.none(),
        stem=lambda snapshot: f"page-{snapshot.number}",
        all_there=lambda snapshot: found.append(snapshot.number),
        lets_on="approve_plan",
        called=lambda snapshot: f"Page {snapshot.number}",
        page=lambda snapshot: f"/pages/{snapshot.number}/",
        let_on=lambda snapshot: found.append(-snapshot.number),
    )
    monkeypatch.setitem(kinds.KINDS, page.name, page)
    monkeypatch.setattr(renderer, "PROGRAM", plain_page.__name__)
    return found


@pytest.fixture
def declared(whole, monkeypatch) -> list[int]:
    """Its triggers too, as the migration of that release would bring them."""
    monkeypatch.setitem(models.OPEN_WHILE, plain_page.NAME, "true")
    monkeypatch.setattr(Snapshot, "written_when", models.open_while("(SELECT NEW.*) AS d"))
    of_a_file = models.open_while("reporting_snapshot AS d WHERE d.id = NEW.snapshot_id")
    monkeypatch.setattr(Rendition, "written_when", of_a_file)
    with seat() as owners, in_the_seat(owners):
        triggers.install(connection)
    return whole


def ordered(number: int = 1) -> Snapshot:
    page = kept(number)
    with history.change(by=SETUP):
        kinds.order_files(page)
    return page


def test_a_page_is_kept_ordered_rendered_and_fetched(declared, api):
    ana, bo = (story.people()[name] for name in ("ana", "bo"))
    page = ordered()
    waiting = Work.objects.filter(snapshot=page, report=None, done_at=None)
    assert sorted(waiting.values_list("language", "format")) == [
        ("fi", "html"), ("fi", "pdf"), ("sv", "html"), ("sv", "pdf"),
    ]  # fmt: skip
    documents.render(documents.to_render()[0])
    assert declared == [1] and not waiting.exists()
    there = f"documents/{page.pk}"
    shown = api(ana).get(f"{there}/files/sv.html")
    assert "sv: Kaivopuisto" in shown.content.decode()
    assert shown["Content-Disposition"] == 'inline; filename="page-1.sv.html"'
    assert api(ana).get(f"{there}/files/fi.pdf").content.startswith(b"%PDF")
    told = api(ana).get(f"{there}/").json()
    assert (told["kind"], told["report_id"], told["number"]) == ("page", None, 1) and "payload" not in told
    assert {(each["language"], each["format"]) for each in told["files"]} == {
        ("fi", "html"), ("fi", "pdf"), ("sv", "html"), ("sv", "pdf"),
    }  # fmt: skip
    assert [each["id"] for each in api(ana).get("documents/?kind=page").json()["results"]] == [page.pk]
    assert api(ana).get("documents/?kind=report").json()["results"] == []
    assert api(ana).get(f"{there}/files/en.html").status_code == 404, "it is not owed in English"
    for path in (f"{there}/", f"{there}/files/sv.html"):
        assert api(bo).get(path).status_code == 404, "its own rule says who sees it"
    assert api(bo).get("documents/").json()["results"] == []
    assert not permissions.visible(Snapshot.objects.all(), ana).exists(), "the rule of reports is not its rule"
    assert not permissions.visible(Rendition.objects.all(), ana).exists()
    assert kept(number=2).number == 2 and verify().faults == []


def give_up(page: Snapshot) -> None:
    """All of its files fail until they are parked."""
    for file in Work.objects.filter(snapshot=page, kind="render"):
        for _ in range(Patience().equal_strikes):
            time_passes(file)
            leases.strike(leases.claim(file.pk), "Failed: no such font")


def test_whoever_may_lets_a_page_on_that_was_given_up_and_is_written_to_once_a_time(declared, api, settings):
    settings.SITE_ADDRESS, settings.MAIL_URL = "https://salkku.city.invalid", "smtp://localhost"
    people = story.people()
    for name in ("ana", "bo"):
        reachable(people[name], "en")
    page = ordered()
    give_up(page)
    [letter] = tick()
    assert (letter.to, letter.subject) == (["ana@city.invalid"], "Page 1: the program has given up")
    assert "\nhttps://salkku.city.invalid/pages/1/\n" in letter.body and letter.body.count("Failed: no such font") == 4
    assert tick() == [], "never a second"
    path, body = f"documents/{page.pk}/let-on/", {"because": "Fontti asennettiin."}
    story.assert_refused(api(people["sirpa"]), "post", path, {}, code="field.required", status=400)
    story.assert_refused(api(people["aud"]), "post", path, body, code="not_found", status=404)
    assert api(people["ana"]).post(path, body).json()["id"] == page.pk
    assert declared == [-1], "its kind is told"
    assert {task.last_error for task in Work.objects.filter(kind="render")} == {
        f"person {people['ana'].pk}: Fontti asennettiin."
    }
    story.assert_refused(api(people["ana"]), "post", path, body, code="document.not_parked", status=409)
    assert tick() == []
    give_up(page)
    assert len(tick()) == 1, "what fails again is told anew"


def test_a_page_that_is_given_up_is_named(declared):
    ordered()
    Work.objects.filter(language="fi").delete()
    Work.objects.update(parked=True)
    assert condition.machine().parked == {"page 1": 2}


def test_triggers_take_no_kind_that_is_not_declared(whole):
    with pytest.raises(Refused, match="report.frozen"):
        kept()


def test_the_program_draws_no_kind_that_is_not_declared(db):
    unknown = Snapshot(kind="minutes")
    with pytest.raises(kinds.Undeclared):
        kinds.of(unknown)
    bundle = frozen.packed({"kind": '"minutes"', "snapshot": PLAIN})
    with pytest.raises(canonical.Malformed, match="minutes is no kind of document"):
        printings.read(json.loads(bundle))

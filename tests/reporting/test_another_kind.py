"""A document that is no report: a row of the table of kinds, and no page, address or format is told of it."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import connection
from django.test import RequestFactory

from portfolio import history
from portfolio.ledger import triggers
from portfolio.ledger.verification import verify
from portfolio.people import permissions
from portfolio.refusals import Refused
from reporting.api.files import document_response
from reporting.documents import kinds, renderer
from reporting.documents.rendering import frozen
from reporting.documents.rendering import kinds as printings
from reporting.facts import canonical
from reporting.models import Rendition, Snapshot, Work
from reporting.reports import condition, letters, machine
from reporting.snapshot import models
from tests import story
from tests.portfolio.history.conftest import in_the_seat, seat
from tests.reporting import plain_page
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
    page = kinds.Kind(
        plain_page.NAME,
        source=lambda snapshot: frozen.packed({"kind": f'"{snapshot.kind}"', "snapshot": snapshot.payload}),
        languages=lambda _snapshot: ("fi", "sv"),
        visible_to=lambda _snapshot, by: permissions.may(by, "retake_report"),
        stem=lambda snapshot: f"page-{snapshot.number}",
        all_there=lambda snapshot: found.append(snapshot.number),
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


def test_a_page_is_kept_ordered_rendered_and_fetched(declared):
    ana, bo = (story.people()[name] for name in ("ana", "bo"))
    page = kept()
    with history.change(by=SETUP):
        kinds.order_files(page)
    waiting = Work.objects.filter(snapshot=page, report=None, done_at=None)
    assert sorted(waiting.values_list("language", "format")) == [
        ("fi", "html"), ("fi", "pdf"), ("sv", "html"), ("sv", "pdf"),
    ]  # fmt: skip
    machine.render(machine.to_render()[0])
    assert declared == [1] and not waiting.exists()
    request = RequestFactory().get("/")
    shown = document_response(request, page, "sv", "html", by=ana)
    assert "sv: Kaivopuisto" in shown.content.decode()
    assert shown["Content-Disposition"] == 'inline; filename="page-1.sv.html"'
    assert document_response(request, page, "fi", "pdf", by=ana).content.startswith(b"%PDF")
    with pytest.raises(Refused, match="not_found"):
        document_response(request, page, "sv", "html", by=bo)
    with pytest.raises(Refused, match="not_found"):
        document_response(request, page, "en", "html", by=ana)
    assert not permissions.visible(Snapshot.objects.all(), ana).exists(), "the rule of reports is not its rule"
    assert not permissions.visible(Rendition.objects.all(), ana).exists()
    assert kept(number=2).number == 2 and verify().faults == []


def test_a_page_that_is_given_up_is_named_and_no_letter_of_a_report_tells_of_it(declared, settings):
    settings.MAIL_URL = "smtp://localhost"
    with history.change(by=SETUP):
        kinds.order_files(kept())
    Work.objects.filter(language="fi").delete()
    Work.objects.update(parked=True)
    assert condition.machine().parked == {"page 1": 2}
    assert letters.due() == []


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

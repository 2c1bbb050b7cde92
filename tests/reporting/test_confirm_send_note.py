"""A draft on its way: confirmed by its checksum, brought by the board, sent, noted by the council, corrected."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import date, timedelta

import pytest

from portfolio import clock, history
from portfolio.decisions import commands as wishes
from reporting.models import Publication, Rendition, Report, Snapshot, Work
from reporting.reports import document
from reporting.snapshot.queries import newest_snapshot
from reporting.work import leases
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.decisions import factories as decided
from tests.reporting import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def setup_people(begun, db):
    return begun.people()


@pytest.fixture
def of(begun, db):
    """Another schedule of the same programme, of which no report has been opened."""
    return factories.schedule(begun.at("draft").schedule.programmes.get().programme)


def move(client, report, what, body=None):
    """A move of the newest version; the answer must be good."""
    seen = Report.objects.get(pk=report.pk).version
    answer = client.post(f"reports/{report.pk}/{what}/", body or {}, seen=seen)
    assert answer.status_code in (200, 201), answer.json()
    return answer.json()


def refused(client, report, what, body=None, **expected):
    seen = Report.objects.get(pk=report.pk).version
    return story.assert_refused(client, "post", f"reports/{report.pk}/{what}/", body, seen=seen, **expected)


def council(kind="note", on=None, body="council", **given):
    return decided.decision(body, kind, decided_on=on or clock.today(), **given)


def noted(begun, api, sirpa):
    report = begun.at("sent")
    move(api(sirpa), report, "note", {"decision": council().pk})
    return report


def test_from_draft_to_noted(begun, api, ana, sirpa):
    report = begun.at("draft")
    assert report.state == "draft"
    confirmed = move(api(ana), report, "confirm")
    assert confirmed["confirmed_sha256"] == newest_snapshot(report).sha256
    move(api(sirpa), report, "record-proposal", {"decision": council("propose", body="board").pk})
    move(api(ana), report, "send")
    manifest = Publication.objects.get(report=report).manifest
    assert manifest["findings_sha256"] == newest_snapshot(report).findings.sha256
    files = manifest["files"]
    assert {(f["language"], f["format"]) for f in files} == {
        (a, b) for a in ("fi", "sv", "en") for b in ("pdf", "html")
    }
    assert move(api(sirpa), report, "note", {"decision": council().pk})["state"] == "noted"


def test_a_wish_of_the_council_is_answered_or_its_delay_explained_before_the_report_is_confirmed(api, ana, of):
    asked = benefits.decision("council", "note", on=date(2022, 5, 1))
    first, second = (wishes.add_wish(asked, text_fi=text, by=story.SETUP) for text in ("Kokeilut.", "Nuoret."))
    errors = refused(api(ana), factories.draft(of), "confirm", code="report.wish_unanswered", status=409)
    assert [error["params"]["wish"] for error in errors] == ["Kokeilut.", "Nuoret."]
    report = Report.objects.get(schedule=of)
    wishes.answer_wish(first, answer_fi="Neljä on käytössä.", by=ana)
    wishes.delay_wish(second, delay_fi="Neuvottelut ovat kesken.", by=ana)
    refused(api(ana), report, "confirm", code="report.wish_unanswered", status=409)
    move(api(ana), report, "retake", {"because": "Toivomuksiin on vastattu."})
    report.refresh_from_db()
    move(api(ana), factories.rendered(factories.freeze(report)), "confirm")
    told = factories.facts(report).wishes
    assert [(wish.state, wish.answer.fi, wish.delay.fi) for wish in told] == [
        ("answered", "Neljä on käytössä.", ""), ("open", "", "Neuvottelut ovat kesken."),
    ]  # fmt: skip
    errors = refused(
        api(ana), factories.draft(of, on=date(2025, 6, 30)), "confirm", code="report.wish_unanswered", status=409
    )
    assert [error["params"]["wish"] for error in errors] == ["Nuoret."], "a reason that was printed once is none"


def test_inv_97_a_draft_is_confirmed_only_when_every_language_is_rendered(api, ana, begun):
    report = begun.at("draft")
    with history.change(by=story.SETUP):
        unfinished = Snapshot(
            report=report, number=2, cut_seq=1, schema=1, payload=(p := newest_snapshot(report).payload),
            sha256=hashlib.sha256(p.encode()).hexdigest(),
        ).checked_save()  # fmt: skip
    [error] = refused(api(ana), report, "confirm", code="report.not_rendered", status=409)
    assert error["params"]["missing"].count("pdf") == 3 and unfinished.pk


def test_inv_112_nothing_is_skipped(api, ana, sirpa, begun):
    report = begun.at("open")
    for what in ("confirm", "send", "retake", "supersede"):
        reason = {"because": "Syy"} if what in ("retake", "supersede") else None
        refused(api(ana), report, what, reason, code="report.transition", status=409)
    refused(api(sirpa), report, "note", {"decision": council().pk}, code="report.transition", status=409)
    proposal = {"decision": council("propose", body="board").pk}
    refused(api(sirpa), report, "record-proposal", proposal, code="report.transition", status=409)


def test_inv_95_a_programme_that_was_alive_and_is_missing_stops_the_confirmation(api, ana, of):
    report = factories.draft(factories.schedule(council_term=of.council_term))
    benefits.programme("unohdettu")
    errors = refused(api(ana), report, "confirm", code="report.programme_missing", status=409)
    assert [e["params"]["programme"] for e in errors] == ["Ohjelma unohdettu"]
    move(api(ana), report, "retake", {"because": "Ohjelma puuttui"})
    report = factories.rendered(factories.freeze(report))
    assert move(api(ana), report, "confirm")["state"] == "confirmed"


@pytest.mark.parametrize("what", ["record-proposal", "note"])
def test_inv_92_a_decision_before_the_confirmation_is_out_of_order(api, sirpa, begun, what):
    report = begun.at("sent")
    yesterday = clock.today() - timedelta(days=1)
    early = council(*(("propose", yesterday, "board") if what == "record-proposal" else ("note", yesterday)))
    [error] = refused(api(sirpa), report, what, {"decision": early.pk}, code="report.order", status=409)
    assert error["params"]["earliest"] == clock.today().isoformat()


def test_inv_92_the_council_comes_after_the_board(begun):
    """The order of days is a rule of the row's own dates, so the board's day is put ahead of the council's."""
    from reporting.reports.commands import _out_of_order

    report = begun.at("sent")
    report.refresh_from_db()
    report.proposed_by = decided.decision("board", "propose", decided_on=clock.today())
    report.confirmed_at -= timedelta(days=9)
    before = decided.decision("council", "note", decided_on=clock.today() - timedelta(days=1))
    assert [lack.code for lack in _out_of_order(report, before)] == ["report.order"]
    assert _out_of_order(report, council()) == []


@pytest.mark.parametrize(("body", "kind"), [("council", "propose"), ("board", "note"), ("manager", "approve")])
def test_inv_92_only_the_boards_proposal_brings_a_report_to_the_council(api, sirpa, begun, body, kind):
    report = begun.at("sent")
    wrong = {"decision": council(kind, body=body).pk}
    refused(api(sirpa), report, "record-proposal", wrong, code="report.needs_proposal", status=409)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"body": "board"}, "report.needs_note"),
        ({"kind": "approve"}, "report.needs_note"),
        ({"minutes_checked_on": None}, "decision.minutes_unchecked"),
        ({"outcome": "planned", "planned_on": date(2030, 1, 1), "on": None}, "decision.not_made"),
    ],
)
def test_inv_101_noted_only_by_the_councils_decision_to_note(api, sirpa, begun, given, code):
    report = begun.at("sent")
    if given.get("outcome") == "planned":
        given.pop("on"), given.setdefault("decided_on", None)
        decision = decided.decision("council", "note", **given)
    else:
        decision = council(**given)
    refused(api(sirpa), report, "note", {"decision": decision.pk}, code=code, status=409)


def test_inv_101_the_director_does_not_note(api, ana, begun):
    report = begun.at("sent")
    refused(api(ana), report, "note", {"decision": council().pk}, code="permission.role", status=403)


def test_inv_97_an_edit_of_a_noted_report_is_refused(api, ana, sirpa, begun):
    report = noted(begun, api, sirpa)
    refused(api(ana), report, "name-annex", {"case_number": "1/00.01.02/2023"}, code="report.frozen", status=423)
    refused(api(ana), report, "retake", {"because": "Syy"}, code="report.frozen", status=423)
    refused(api(ana), report, "confirm", code="report.transition", status=409)


def test_inv_97_sending_again_is_refused_and_so_is_an_old_version(api, ana, begun):
    report = begun.at("sent")
    refused(api(ana), report, "send", code="report.transition", status=409)
    stale = {"code": "edit.stale", "status": 412, "seen": 1}
    story.assert_refused(api(ana), "post", f"reports/{report.pk}/supersede/", {"because": "Syy"}, **stale)


def test_inv_97_a_correction_is_a_new_edition_and_the_old_one_stays_readable(api, ana, sirpa, bo, begun):
    report = noted(begun, api, sirpa)
    before = api(bo).get(f"reports/{report.pk}/files/fi.pdf/").content
    edition = move(api(ana), report, "supersede", {"because": "Luku oli väärä"})
    assert (edition["edition"], edition["supersedes_id"], edition["state"]) == (2, report.pk, "open")
    corrected = factories.rendered(factories.freeze(Report.objects.get(pk=edition["id"])))
    assert factories.facts(corrected).document.supersedes_because.fi == "Luku oli väärä"
    assert factories.facts(corrected).document.edition == 2
    assert api(bo).get(f"reports/{report.pk}/files/fi.pdf/").content == before
    assert api(bo).get(f"reports/{corrected.pk}/").status_code == 404
    refused(api(ana), report, "supersede", {"because": "Toinen"}, code="report.superseded", status=409)
    refused(api(ana), corrected, "supersede", {"because": "Syy"}, code="report.transition", status=409)


def test_a_correction_that_is_still_a_draft_is_not_what_the_next_report_is_compared_with(api, ana, sirpa, begun):
    report = noted(begun, api, sirpa)
    edition = move(api(ana), report, "supersede", {"because": "Luku oli väärä"})
    factories.freeze(Report.objects.get(pk=edition["id"]))
    following = factories.frozen(report.schedule, factories.NEXT_YEAR)
    assert factories.facts(following).previous_sha256 == newest_snapshot(report).sha256


def test_a_file_is_rendered_beside_the_very_report_it_was_compared_with(api, ana, begun):
    """A retake of the report before must not reach the files of a snapshot that was taken earlier."""
    before = begun.at("draft")
    following = factories.frozen(before.schedule, factories.NEXT_YEAR)
    task = Work.objects.filter(report=following, kind="render").first()
    bundle = document.source(task.snapshot)
    benefits.measured(benefits.Indicator.objects.get(), value="77", on=date(2022, 6, 30))
    move(api(ana), before, "retake", {"because": "Täydennys"})
    factories.freeze(before)
    assert document.source(task.snapshot) == bundle


def test_a_retake_keeps_the_first_snapshot_and_says_why(api, ana, begun):
    report = begun.at("draft")
    first = newest_snapshot(report)
    files = {r.blob.sha256 for r in Rendition.objects.filter(snapshot=first)}
    benefits.measured(benefits.Indicator.objects.get(), value="77", on=date(2022, 6, 30))
    move(api(ana), report, "retake", {"because": "Mittaus puuttui"})
    report = factories.rendered(factories.freeze(report))
    kept, second = Snapshot.objects.filter(report=report).order_by("number")
    assert (kept.pk, kept.sha256, kept.because) == (first.pk, first.sha256, "")
    assert (second.number, second.because) == (2, "Mittaus puuttui") and second.sha256 != first.sha256
    assert {r.blob.sha256 for r in Rendition.objects.filter(snapshot=first)} == files
    assert report.state == "draft"
    shown = api(ana).get(f"reports/{report.pk}/").json()
    assert shown["snapshot_sha256"] == second.sha256 and len(shown["files"]) == 6


def test_a_retake_needs_a_reason(api, ana, begun):
    report = begun.at("draft")
    refused(api(ana), report, "retake", {}, code="field.required", status=400)


def test_a_late_file_of_the_first_snapshot_does_not_finish_the_second(api, ana, begun):
    """Five files of the first are done; its last comes when the second has just been frozen: fenced."""
    report = begun.at("frozen")
    tasks = list(Work.objects.filter(report=report, kind="render"))
    ghost = leases.claim(tasks[0].pk)
    move(api(ana), report, "retake", {"because": "Uudet tiedot"})
    factories.freeze(report)
    with pytest.raises(leases.Fenced), history.change(by=leases.MACHINE):
        leases.finish(ghost)
    report.refresh_from_db()
    assert report.state == "frozen" and Work.objects.filter(report=report, kind="render").count() == 6


def told_to(client):
    return {row["id"] for row in client.get("reports/").json()["results"]}


def test_drafts_are_for_those_who_make_them(api, ana, bo, dee, uma, setup_people, begun):
    report = begun.at("draft")
    paths = [f"reports/{report.pk}/{rest}" for rest in ("", "files/fi.html/", "snapshot.json/", "history/")]
    for reader, status in ((ana, 200), (setup_people["aud"], 404), (bo, 404), (uma, 404), (dee, 404), (None, 401)):
        assert [api(reader).get(path).status_code for path in paths] == [status] * 4
    assert report.pk in told_to(api(ana)) and report.pk not in told_to(api(bo))
    move(api(ana), report, "confirm")
    for reader, status in ((bo, 200), (uma, 404), (dee, 404), (None, 401)):
        assert [api(reader).get(path).status_code for path in paths] == [status] * 4
    assert report.pk in told_to(api(bo))


def test_only_the_office_moves_a_report(api, bo, begun):
    report = begun.at("draft")
    for what in ("confirm", "retake"):
        story.assert_refused(
            api(bo), "post", f"reports/{report.pk}/{what}/", {"because": "Syy"} if what == "retake" else None,
            code="not_found", status=404, seen=report.version,
        )  # fmt: skip


def test_a_file_is_served_byte_for_byte_under_its_own_policy(api, ana, begun):
    report = begun.at("draft")
    rendition = Rendition.objects.get(snapshot=newest_snapshot(report), language="sv", format="html")
    answer = api(ana).get(f"reports/{report.pk}/files/sv.html/", Accept="text/html")
    assert answer.content == bytes(rendition.blob.content)
    style = answer.content.partition(b"<style>")[2].partition(b"</style>")[0]
    policy = answer["Content-Security-Policy"]
    assert f"style-src 'sha256-{b64encode(hashlib.sha256(style).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy and "script" not in policy and "unsafe" not in policy
    assert answer["X-SHA-256"] == hashlib.sha256(answer.content).hexdigest()
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Type"].startswith("text/html")
    pdf = api(ana).get(f"reports/{report.pk}/files/fi.pdf/", Accept="application/pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf["Content-Disposition"].startswith("attachment")


def test_who_has_the_file_is_told_so(api, ana, begun):
    report = begun.at("draft")
    for path in (f"reports/{report.pk}/files/fi.html/", f"reports/{report.pk}/snapshot.json/"):
        tag = api(ana).get(path)["ETag"]
        again = api(ana).get(path, If_None_Match=tag)
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["fi.docx", "de.pdf", "fi.pdf.exe", "FI.PDF", "%2e%2e.pdf"])
def test_there_is_no_other_format_or_language(api, ana, begun, name):
    report = begun.at("draft")
    answer = api(ana).get(f"reports/{report.pk}/files/{name}/")
    assert answer.status_code == 404

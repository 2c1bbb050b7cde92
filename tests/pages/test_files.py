"""The files of a report as a reader's browser fetches them: the very bytes, under the right headers."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest
from django.test import Client

from portfolio.people.models import Person
from reporting.models import Rendition, Report
from reporting.snapshot.queries import newest_snapshot
from tests.pages.conftest import Reader
from tests.reporting import factories

MEDIA = {"pdf": "application/pdf", "html": "text/html"}


@pytest.fixture
def draft(db: None) -> Report:
    return factories.draft(factories.schedule(factories.indicator().target.programme))


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_each_file_is_the_bytes_that_were_rendered(reader: Reader, ana: Person, draft: Report, kind: str) -> None:
    for language in ("fi", "sv", "en"):
        _assert_as_rendered(reader(ana), draft, language, kind)


def _assert_as_rendered(browser: Client, draft: Report, language: str, kind: str) -> None:
    path = f"/reports/{draft.pk}/{language}.{kind}"
    answer = browser.get(path)
    kept = Rendition.objects.get(snapshot__report=draft, language=language, format=kind).blob
    assert answer.status_code == 200 and answer.content == bytes(kept.content)
    assert answer["Content-Type"].split(";")[0] == MEDIA[kind]
    assert answer["X-SHA-256"] == kept.sha256 == hashlib.sha256(answer.content).hexdigest()
    place = "inline" if kind == "html" else "attachment"
    assert answer["Content-Disposition"] == f'{place}; filename="council-report-2022-12-31-seuranta.{language}.{kind}"'
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "private, no-cache"
    again = browser.get(path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_html_report_may_use_its_own_style_and_nothing_else(reader: Reader, ana: Person, draft: Report) -> None:
    answer = reader(ana).get(f"/reports/{draft.pk}/sv.html")
    style = answer.content.partition(b"<style>")[2].partition(b"</style>")[0]
    policy = answer["Content-Security-Policy"]
    assert f"style-src 'sha256-{b64encode(hashlib.sha256(style).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "script" not in policy and "unsafe" not in policy


def test_the_snapshot_is_what_the_files_rest_on(reader: Reader, ana: Person, draft: Report) -> None:
    answer = reader(ana).get(f"/reports/{draft.pk}/snapshot.json")
    assert answer["Content-Type"] == "application/json" and answer["Content-Disposition"].startswith("attachment")
    assert answer["X-SHA-256"] == newest_snapshot(draft).sha256 == hashlib.sha256(answer.content).hexdigest()


def test_a_file_can_be_asked_for_and_not_written(reader: Reader, ana: Person, draft: Report) -> None:
    browser = reader(ana)
    head = browser.head(f"/reports/{draft.pk}/fi.pdf")
    assert head.status_code == 200 and head.content == b""
    for method in (browser.post, browser.put, browser.delete):
        assert method(f"/reports/{draft.pk}/fi.pdf").status_code == 405


def test_there_is_no_other_file(reader: Reader, ana: Person, draft: Report) -> None:
    browser = reader(ana)
    for name in ("de.pdf", "fi.docx", "fi.pdf.exe", "FI.PDF", "fi.PDF", "..%2ffi.pdf", "fi.pdf/"):
        assert browser.get(f"/reports/{draft.pk}/{name}").status_code == 404, name

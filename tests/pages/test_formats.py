"""A format is one row of a table: pages, addresses and the API offer its files, and older reports stay whole."""

from __future__ import annotations

import pytest

from portfolio import clock
from reporting.documents import formats
from reporting.documents.formats import Format
from reporting.models import Rendition, Report, Work
from reporting.reports import commands
from tests import story
from tests.pages.reading import markup
from tests.reporting import factories, renditions

LANGUAGES = ("fi", "sv", "en")


@pytest.fixture
def with_plain_text(monkeypatch):
    """The table with a row more, as a release would bring it; nothing else is told of it."""

    def add() -> None:
        text = Format("txt", "TXT", "text/plain; charset=utf-8", titled, inline=True)
        monkeypatch.setitem(formats.FORMATS, text.name, text)
        choices = [(each.name, each.title) for each in formats.FORMATS.values()]
        monkeypatch.setattr(Rendition._meta.get_field("format"), "choices", choices)

    return add


def titled(document, facts) -> bytes:
    return f"{document.title}\n".encode()


def drawn(snapshot, language: str, kind: str) -> bytes:
    """One line, but in the new format what that draws."""
    if kind != "txt":
        return factories.one_line(snapshot, language, kind)
    return formats.render(renditions.newest(), lang=language, form=kind)


def a_draft() -> Report:
    return factories.draft(factories.schedule(factories.indicator().target.programme))


def page(browser, report: Report) -> str:
    return markup(browser.get(f"/reports/{report.pk}/"))


@pytest.mark.django_db
def test_a_format_more_is_offered_by_pages_addresses_and_api(with_plain_text, ana, api, reader):
    with_plain_text()
    report = factories.rendered(
        factories.frozen(factories.schedule(factories.indicator().target.programme)), contents=drawn
    )
    assert report.state == "draft" and Work.objects.filter(report=report, kind="render").count() == 9
    browser = reader(ana)
    shown = page(browser, report)
    for language in LANGUAGES:
        assert f'href="/reports/{report.pk}/{language}.txt"' in shown and f"{language.upper()} TXT" in shown
        answer = browser.get(f"/reports/{report.pk}/{language}.txt")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer["Content-Disposition"].startswith("inline")
        assert answer.content == renditions.document(language).title.encode() + b"\n"
        assert api(ana).get(f"reports/{report.pk}/files/{language}.txt").content == answer.content
    listed = api(ana).get(f"reports/{report.pk}/").json()["files"]
    assert {(file["language"], file["format"]) for file in listed} >= {(code, "txt") for code in LANGUAGES}
    assert browser.get(f"/reports/{report.pk}/fi.docx").status_code == 404


@pytest.mark.django_db
def test_older_reports_do_not_become_incomplete(with_plain_text, ana, reader):
    """Neither the draft, which is confirmed in the formats that were ordered, nor what is confirmed already."""
    report = a_draft()
    with_plain_text()
    browser = reader(ana)
    before = page(browser, report)
    confirmed = commands.confirm_report(report, by=ana)
    assert confirmed.state == "confirmed" and confirmed.confirmed_at <= clock.now()
    for shown in (before, page(browser, report)):
        assert "not yet" not in shown and "TXT" not in shown
    assert browser.get(f"/reports/{report.pk}/fi.txt").status_code == 404


@pytest.mark.django_db
def test_a_file_that_was_ordered_and_is_missing_holds_up_the_confirmation(with_plain_text, ana, api):
    with_plain_text()
    report = factories.frozen(factories.schedule(factories.indicator().target.programme))
    held_back = Work.objects.get(report=report, language="sv", format="txt")
    Work.objects.filter(pk=held_back.pk).update(done_at=clock.now())
    factories.rendered(report, contents=drawn)
    assert report.state == "draft"
    [error] = story.assert_refused(
        api(ana), "post", f"reports/{report.pk}/confirm/", code="report.not_rendered", status=409, seen=report.version
    )
    assert error["params"]["missing"] == "sv txt"

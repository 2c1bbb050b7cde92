"""From the commands to the file: what was changed between two reports, as the second one prints it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portfolio.benefits import commands as targets
from portfolio.benefits import standing
from portfolio.benefits.measuring import commands as measuring
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import IndicatorPlan
from reporting.documents import commands as documents
from reporting.documents import formats, rendering
from reporting.models import Report, Work
from reporting.reports import document
from reporting.snapshot.queries import facts_of, found_of, newest_snapshot
from reporting.work import leases
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories
from tests.reporting.html_reading import Reading

pytestmark = pytest.mark.django_db
NEW_YEAR, NEXT_YEAR = factories.NEW_YEAR, factories.NEXT_YEAR


def measured(indicator, value: str, on: date) -> Measurement:
    return benefits.measured(indicator, value=value, on=on, approved=True)


def text_of(api, ana, report: Report, lang: str) -> str:
    """The file of the report as a reader opens it; the PDF files, at which nobody looks, are left to another worker."""
    waiting = Work.objects.filter(report=report, kind="render", done_at=None)
    for task in waiting.filter(format="pdf"):
        leases.claim(task.pk)
    if task := waiting.filter(format="html").first():
        documents.render(task.pk)
    html = api(ana).get(f"reports/{report.pk}/files/{lang}.html/", Accept="text/html").content
    return Reading(html).root.all("body")[0].text(skip=("style",)).replace("\u00a0", " ").replace("\u202f", " ")


def lower(target, to: str) -> None:
    """The council changes the target by a decision of its own."""
    draft = targets.open_version(target, because="Päästökerroin muuttui.", by=story.SETUP)
    plan = IndicatorPlan.objects.get(target_version=draft)
    measuring.plan_indicator(plan, target_value=Decimal(to), by=story.SETUP)
    targets.approve_version(draft, decision=benefits.council_approves(on=date(2023, 8, 28)), by=story.SETUP)


def test_a_target_that_the_council_lowered_stands_in_a_table_of_its_own(api, ana):
    """From 100 kt to 50: 96 is far behind. The council makes it 92, and the same figure is on its way."""
    indicator = factories.indicator()
    of = factories.schedule(indicator.target.programme)
    measured(indicator, "98", NEW_YEAR)
    factories.frozen(of, NEW_YEAR)
    lower(indicator.target, "92")
    measured(indicator, "96", NEXT_YEAR)
    report = factories.frozen(of, NEXT_YEAR)
    findings = found_of(newest_snapshot(report))
    [became] = findings.changes.targets
    assert became.change == "target_changed" and findings.restated == () and findings.results == ()
    assert became.alike == "off_track" and became.now != "off_track"
    finnish, swedish = (text_of(api, ana, report, lang) for lang in ("fi", "sv"))
    table = finnish[finnish.rindex("Muutetut tavoitteet") :]
    assert "Päästökerroin muuttui." in table and "§" in table
    assert "Tila aiemmalla tavoitteella: poikkeaa tavoitteesta." in table
    assert "Edellisen raportin lukuja ei ole korjattu." in finnish
    assert "Läge enligt det tidigare målet: avviker från målet." in swedish


def test_a_corrected_figure_names_who_corrected_it_and_improves_nothing(api, ana):
    """Printed off track by 99; it was 80 all along. Nothing is better, and who says so is named."""
    indicator = factories.indicator()
    of = factories.schedule(indicator.target.programme)
    wrong = measured(indicator, "99", NEW_YEAR)
    factories.frozen(of, NEW_YEAR)
    measuring.correct_measurement(wrong, value=Decimal(80), because="Kaksi laitosta puuttui.", by=ana)
    measuring.approve_measurement(Measurement.objects.get(pk=wrong.pk), by=benefits.approver())
    measured(indicator, "70", NEXT_YEAR)
    report = factories.frozen(of, NEXT_YEAR)
    findings = found_of(newest_snapshot(report))
    [became] = findings.changes.targets
    assert (became.change, became.printed, became.before) == ("restated", "off_track", became.now)
    assert findings.changes.fine_before == findings.changes.fine_now == 1
    english = text_of(api, ana, report, "en")
    assert "Corrected by Ana" in english
    [corrected] = facts_of(newest_snapshot(report)).programmes[0].targets[0].indicators[0].measurements[0].corrections
    assert corrected.by_provenance == ana.provenance
    assert "in the previous report: off track, as known now: " in english


def test_a_threshold_that_changes_between_freeze_and_render_changes_no_file(api, ana, monkeypatch):
    """98 of the way from 100 to 60 is off track. A rule of tomorrow finds it fine: what was frozen is printed."""
    indicator = factories.indicator()
    measured(indicator, "98", NEW_YEAR)
    report = factories.frozen(factories.schedule(indicator.target.programme), NEW_YEAR)
    frozen = rendering.unbundle(json.loads(document.source(report.snapshots.get())))
    before = formats.render(frozen, lang="en", form="html")
    lenient = replace(standing.CURRENT_RULE, version=9, on_track_within=Decimal("0.99"), at_risk_within=Decimal("0.99"))
    monkeypatch.setattr(standing, "CURRENT_RULE", lenient)
    monkeypatch.setattr(standing, "RULES", {1: lenient, 2: lenient, 9: lenient})
    again = rendering.unbundle(json.loads(document.source(report.snapshots.get())))
    assert formats.render(again, lang="en", form="html") == before
    assert b"at most 25% needs attention" in before and b"version 2" in before
    assert "off track" in text_of(api, ana, report, "en")


def test_a_standing_that_a_new_rule_moves_is_told_in_the_report_it_first_applies_to(api, ana, monkeypatch):
    """Nothing was measured anew and nothing corrected; the rule alone makes it another standing."""
    indicator = factories.indicator()
    of = factories.schedule(indicator.target.programme)
    measured(indicator, "85", NEW_YEAR)
    factories.frozen(of, NEW_YEAR)
    measured(indicator, "75", NEXT_YEAR)
    strict = replace(standing.CURRENT_RULE, version=3, on_track_within=Decimal(0), at_risk_within=Decimal(0))
    monkeypatch.setattr(standing, "CURRENT_RULE", strict)
    report = factories.frozen(of, NEXT_YEAR)
    snapshot = newest_snapshot(report)
    [became] = found_of(snapshot).changes.targets
    assert (became.change, became.alike, became.now) == ("rule", "on_track", "off_track")
    assert json.loads(snapshot.payload)["rule"]["version"] == 3
    swedish = text_of(api, ana, report, "sv")
    assert "Bedömningsregeln har ändrats från version 2 till version 3." in swedish
    assert "Lägena har bedömts enligt regelns version 3." in swedish


def test_a_draft_taken_again_is_judged_by_the_rule_of_its_own_freeze(api, ana, monkeypatch):
    """The first snapshot keeps its rule; the second has the new one, and compares with the same report before."""
    indicator = factories.indicator()
    of = factories.schedule(indicator.target.programme)
    measured(indicator, "85", NEW_YEAR)
    report = factories.draft(of, NEW_YEAR)
    monkeypatch.setattr(standing, "CURRENT_RULE", replace(standing.CURRENT_RULE, version=3, grace_days=40))
    answer = api(ana).post(f"reports/{report.pk}/retake/", {"because": "Uusi sääntö"}, seen=report.version)
    assert answer.status_code == 200
    factories.freeze(report)
    rules = [json.loads(one.payload)["rule"]["version"] for one in report.snapshots.order_by("number")]
    assert rules == [2, 3]

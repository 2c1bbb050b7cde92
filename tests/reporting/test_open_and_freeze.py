"""A report is opened once, frozen at its cut, and says what was known then about the time up to its day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from portfolio import clock, history
from portfolio.benefits.measuring import commands as measuring
from portfolio.decisions.models import Wish
from portfolio.phases.commands import correct_phase
from portfolio.programmes.models import PhaseMove, ProgrammeUpdate
from projects.corrections.commands import correct_project_move
from projects.money.models import Funding
from projects.progress.models import Milestone, StatusReport
from projects.register.models import ProjectMove
from reporting.facts import canonical
from reporting.models import Findings, Snapshot, Work
from reporting.reports import document, machine, queries
from reporting.snapshot.queries import facts_of, newest_snapshot
from reporting.snapshot.taking import take
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.programmes import factories as phases
from tests.portfolio.steering import factories as steering
from tests.projects import factories as projects
from tests.reporting import factories
from tests.reporting.factories import NEW_YEAR, NEXT_YEAR

pytestmark = pytest.mark.django_db


def save(record):
    with history.change(by=story.SETUP):
        return record.checked_save()


def test_inv_90_any_day_in_a_programmes_life_is_a_status_date(api, ana):
    of = factories.schedule(benefits.programme())
    for day in ("2021-06-07", "2022-07-31", "2022-12-31"):
        assert api(ana).post("reports/", {"schedule": of.pk, "status_date": day}).status_code == 201


def test_inv_90_status_date_31_7_2015():
    with history.change(by=story.SETUP):
        from portfolio.programmes.models import Programme
        from portfolio.strategy.models import CouncilTerm

        term = CouncilTerm(label="2013–2017", starts_on=date(2013, 1, 1), ends_on=date(2017, 5, 31)).checked_save()
        set_by = benefits.decision("council", "set", on=date(2013, 5, 20))
        programme = Programme(council_term=term, code="kest", name_fi="Kestävä kehitys", set_by=set_by).checked_save()
    report = factories.frozen(factories.schedule(programme), date(2015, 7, 31))
    assert factories.facts(report).document.status_date == date(2015, 7, 31)
    assert [one.code for one in factories.facts(report).programmes] == ["kest"]


@pytest.mark.parametrize("day", ["2021-06-06", "2025-02-16"])
def test_inv_90_before_it_was_set_or_after_it_closed_there_is_nothing_to_report(api, ana, day):
    programme = benefits.programme()
    of = factories.schedule(programme)
    save(PhaseMove(programme=programme, phase="closed", effective_on=date(2025, 2, 15)))
    body = {"schedule": of.pk, "status_date": day}
    story.assert_refused(api(ana), "post", "reports/", body, code="report.status_date", status=400)


def test_inv_91_a_report_with_the_status_date_of_tomorrow_or_today_is_refused(api, ana):
    of = factories.schedule(benefits.programme())
    for day in (clock.today(), clock.today() + timedelta(days=1)):
        body = {"schedule": of.pk, "status_date": day.isoformat()}
        story.assert_refused(api(ana), "post", "reports/", body, code="report.too_early", status=400)


def test_inv_94_a_status_date_has_one_report(api, ana):
    of = factories.schedule(benefits.programme())
    factories.opened(of)
    body = {"schedule": of.pk, "status_date": "2022-12-31"}
    story.assert_refused(api(ana), "post", "reports/", body, code="report.duplicate", status=409)


def test_inv_94_a_bell_rung_twice_or_too_early_freezes_once():
    report = factories.opened(factories.schedule(benefits.programme()))
    task = Work.objects.get(report=report)
    with history.change(by=story.SETUP):
        report.cut_off_at = clock.now() + timedelta(hours=1)
        report.checked_save()
    machine.freeze(task.pk)
    task.refresh_from_db()
    assert (task.epoch, task.strikes, Snapshot.objects.count()) == (0, 0, 0)
    with history.change(by=story.SETUP):
        report.cut_off_at = clock.now()
        report.checked_save()
    machine.freeze(task.pk)
    machine.freeze(task.pk)
    assert (Snapshot.objects.count(), Findings.objects.count()) == (1, 1)
    assert Work.objects.filter(report=report, kind="render").count() == 6


def test_inv_93_valid_by_the_status_date_and_recorded_by_the_cut():
    indicator = factories.indicator()
    of = factories.schedule(indicator.target.programme)
    benefits.measured(indicator, value="90", on=NEW_YEAR)
    benefits.measured(indicator, value="85", on=NEW_YEAR + timedelta(days=1))
    report = factories.opened(of)
    benefits.measured(indicator, value="95", on=date(2022, 6, 30))
    found = factories.facts(factories.freeze(report)).programmes[0].targets[0].indicators[0]
    assert [(m.on, m.value) for m in found.measurements] == [(NEW_YEAR, Decimal("90"))]


def test_inv_93_a_later_correction_does_not_reach_a_frozen_report_and_is_restated_in_the_next():
    indicator = factories.indicator()
    of = factories.schedule(indicator.target.programme)
    measured = benefits.measured(indicator, value="90", on=NEW_YEAR)
    report = factories.frozen(of)
    payload = newest_snapshot(report).payload
    measuring.correct_measurement(measured, value=Decimal("70"), because="Laskettu uudelleen", by=story.SETUP)
    factories.freeze(report)
    assert newest_snapshot(report).payload == payload
    following = factories.frozen(of, NEXT_YEAR)
    [correction] = factories.facts(following).programmes[0].targets[0].indicators[0].measurements[0].corrections
    assert (correction.old_value, correction.because.fi) == (Decimal("90"), "Laskettu uudelleen")
    [restated] = json.loads(Findings.objects.get(snapshot__report=following).payload)["restated"]
    assert (restated["old"], restated["new"]) == ("90", "70")


def test_inv_93_a_late_entry_is_listed_as_late_in_the_next_report():
    indicator = factories.indicator()
    programme = indicator.target.programme
    next(steering.decided._sections)  # both rooms' factories number the decisions of a day from 1
    group = steering.group(programme)
    left = steering.member(group, "elected", "Bo")
    of = factories.schedule(programme)
    factories.frozen(of)
    benefits.measured(indicator, value="95", on=date(2022, 6, 30))
    steering.member(group, "official", "Chen", starts_on=date(2022, 11, 1))
    with history.change(by=story.SETUP):
        left.refresh_from_db()
        left.ends_on, left.ending = date(2022, 12, 1), "replaced"
        left.checked_save()
    benefits.decision("council", "approve", on=date(2022, 12, 5))
    following = factories.frozen(of, NEXT_YEAR)
    late = json.loads(Findings.objects.get(snapshot__report=following).payload)["late"]
    told = {(one["what"], one["label"]["fi"], one["valid_on"]) for one in late}
    assert {("tenure", "Bo", "2022-12-01"), ("tenure", "Chen", "2022-11-01")} <= told
    assert ("measurement", indicator.name_fi, "2022-06-30") in told
    assert ("tenure", "Bo", "2021-08-30") not in told, "what the previous report knew is not late"
    again = factories.frozen(of, NEXT_YEAR + timedelta(days=1))
    assert factories.facts(again).late == ()


def test_inv_93_a_group_sized_after_the_status_date_is_not_there_yet():
    programme = benefits.programme()
    steering.group(programme)
    of = factories.schedule(programme)
    assert factories.facts(factories.frozen(of, date(2021, 6, 7))).programmes[0].group is not None
    other = benefits.programme("toinen")
    from tests.portfolio.decisions import factories as decided

    steering.commands.size_group(
        other, elected_seats=2, official_seats=2, deputies="none", by=story.SETUP,
        sized_by=decided.decision("council", "set", decided_on=date(2023, 2, 6)),
    )  # fmt: skip
    assert factories.facts(factories.frozen(factories.schedule(other))).programmes[0].group is None


def test_inv_33_the_composition_is_that_of_the_status_date():
    programme = benefits.programme()
    group = steering.group(programme)
    steering.member(group, "elected", "Bo")
    steering.member(group, "official", "Chen", starts_on=date(2023, 1, 1))
    of = factories.schedule(programme)
    then = factories.facts(factories.frozen(of)).programmes[0].group
    now = factories.facts(factories.frozen(of, NEXT_YEAR)).programmes[0].group
    assert [s.member.person.name for s in then.seats if s.member] == ["Bo"]
    assert [s.member.person.name for s in now.seats if s.member] == ["Bo", "Chen"]
    assert [(c.person.name, c.what) for c in now.changes] == [("Chen", "came")]


def test_inv_96_a_gap_stays_a_gap_and_an_old_value_keeps_its_own_date():
    silent = factories.indicator()
    programme = silent.target.programme
    told = factories.indicator(programme, code="HT2")
    benefits.measured(told, value="90", on=date(2022, 3, 31))
    report = factories.frozen(factories.schedule(programme))
    by_code = {t.code: t.indicators[0] for t in factories.facts(report).programmes[0].targets}
    assert by_code["HT1"].measurements == ()
    assert [(m.on, m.value) for m in by_code["HT2"].measurements] == [(date(2022, 3, 31), Decimal("90"))]
    found = json.loads(Findings.objects.get(snapshot__report=report).payload)
    standing = {t["code"]: t["standing"] for t in found["programmes"][0]["targets"]}
    assert standing["HT1"] == "not_reported"
    assert found["gaps"]


def test_inv_95_every_programme_alive_on_the_day_is_in_the_report():
    first, second = benefits.programme("a"), benefits.programme("b")
    report = factories.frozen(factories.schedule(first, second))
    assert [one.code for one in factories.facts(report).programmes] == ["a", "b"]
    benefits.programme("c")
    of_the_term = factories.schedule(council_term=first.council_term)
    assert [one.code for one in factories.facts(factories.frozen(of_the_term)).programmes] == ["a", "b", "c"]


def test_inv_99_the_snapshot_has_each_figure_once_and_no_language_has_its_own():
    indicator = factories.indicator()
    benefits.measured(indicator, value="91", on=NEW_YEAR)
    report = factories.frozen(factories.schedule(indicator.target.programme))
    assert newest_snapshot(report).payload.count('"91"') == 1
    bundles = {task.language: document.source(task.snapshot) for task in Work.objects.filter(kind="render")}
    assert len(bundles) == 3 and len(set(bundles.values())) == 1


def test_inv_94_the_same_cut_gives_the_same_facts_and_checksum_after_many_later_edits_and_elsewhere():
    indicator = factories.indicator()
    programme = indicator.target.programme
    measured = benefits.measured(indicator, value="90", on=NEW_YEAR)
    report = factories.opened(factories.schedule(programme))
    order = machine.order_of(queries.as_ordered(report.pk))
    first = take(order)
    assert canonical.dumps(take(order)) == canonical.dumps(first)
    for turn in range(12):
        value = Decimal(80 - turn)
        measuring.correct_measurement(measured, value=value, because=f"Korjaus {turn}", by=story.SETUP)
        measured.refresh_from_db()
    with history.change(by=story.SETUP):
        programme.name_fi = "Aivan toinen nimi"
        programme.checked_save()
    save(ProgrammeUpdate(programme=programme, status_on=NEW_YEAR, summary_fi="Myöhässä"))
    assert canonical.dumps(take(machine.order_of(queries.as_ordered(report.pk)))) == canonical.dumps(first)
    kept = newest_snapshot(factories.freeze(report))
    assert kept.sha256 == first.sha256 == canonical.sha256(facts_of(kept))


def test_a_wish_answered_before_the_period_is_told_no_more():
    programme = benefits.programme()
    asked = benefits.decision("council", "note", on=date(2022, 5, 1))
    save(
        Wish(
            decision=asked, order=1, text_fi="Vanha", answer_fi="Tehty", answered_on=date(2022, 9, 1), state="answered"
        )
    )
    save(Wish(decision=asked, order=2, text_fi="Avoin"))
    of = factories.schedule(programme)
    assert [w.text.fi for w in factories.facts(factories.frozen(of)).wishes] == ["Vanha", "Avoin"]
    assert [w.text.fi for w in factories.facts(factories.frozen(of, NEXT_YEAR)).wishes] == ["Avoin"]


def test_the_standings_of_earlier_reports_are_those_that_were_printed():
    indicator = factories.indicator()
    benefits.measured(indicator, value="90", on=NEW_YEAR)
    of = factories.schedule(indicator.target.programme)
    first = factories.frozen(of)
    printed = json.loads(Findings.objects.get(snapshot__report=first).payload)["programmes"][0]
    facts = factories.facts(factories.frozen(of, NEXT_YEAR))
    assert [(e.status_date, e.edition) for e in facts.earlier] == [(NEW_YEAR, 1)]
    assert facts.earlier[0].programmes[0].standing == printed["standing"]
    assert facts.earlier[0].targets[0].standing == printed["targets"][0]["standing"]
    assert facts.previous_sha256 == newest_snapshot(first).sha256


def test_a_project_set_up_or_moved_after_the_day_is_not_there_or_stands_as_it_stood():
    programme = projects.programme()
    projects.project(programme, running=True)
    of = factories.schedule(programme)
    before, on_the_day = factories.frozen(of, date(2022, 4, 30)), factories.frozen(of, date(2022, 5, 1))
    assert factories.facts(before).programmes[0].projects == ()
    assert [p.state for p in factories.facts(on_the_day).programmes[0].projects] == ["planned"]
    assert [p.state for p in factories.facts(factories.frozen(of)).programmes[0].projects] == ["running"]


def test_inv_93_what_was_used_by_a_later_day_is_not_told_of_an_earlier_one():
    programme = benefits.programme()
    given = {"source": "appropriation", "budget": 1000, "used": 400, "used_on": NEW_YEAR}
    save(Funding(programme=programme, year=2022, **given))
    of = factories.schedule(programme)
    told = [factories.facts(factories.frozen(of, day)).programmes[0].money[0] for day in (date(2022, 6, 30), NEW_YEAR)]
    assert [line.used for line in told] == [None, Decimal("400")]


def test_inv_93_a_milestone_that_was_reached_and_told_of_late_is_listed():
    project = projects.project(running=True)
    milestone = save(Milestone(project=project, name_fi="Katot valmiit", planned_on=NEW_YEAR, forecast_on=NEW_YEAR))
    of = factories.schedule(project.programme)
    factories.frozen(of)
    milestone.reached_on = date(2022, 11, 1)
    save(milestone)
    told = {"project": project, "status_on": date(2023, 11, 1), "submitted_on": date(2023, 11, 1)}
    save(StatusReport(standing="green", text_fi="Etenee.", provenance="demonstration", **told))
    following = factories.facts(factories.frozen(of, NEXT_YEAR))
    assert [(one.what, one.label.fi, one.valid_on, one.provenance) for one in following.late] == [
        ("milestone", "Katot valmiit", date(2022, 11, 1), "recorded")
    ]
    assert following.programmes[0].projects[0].status.provenance == "demonstration"


def test_inv_93_the_mended_day_of_a_phase_counts_from_its_correction_on_and_is_listed_as_late():
    programme = phases.running(phases.programme())
    of = factories.schedule(programme)
    before = factories.frozen(of)
    move = PhaseMove.objects.get(programme=programme, phase="running")
    correct_phase(move, effective_on=date(2022, 5, 2), because="Pöytäkirjan päivä oli toinen.", by=story.SETUP)
    mended_at = history.head().recorded_at
    following = factories.facts(factories.frozen(of, NEXT_YEAR))
    told = [factories.facts(before).programmes[0], following.programmes[0]]
    assert [(one.phase, one.phase_since) for one in told] == [
        ("running", date(2022, 4, 11)), ("running", date(2022, 5, 2)),
    ]  # fmt: skip
    [late] = following.late
    assert (late.what, late.valid_on, late.recorded_at) == ("phase", date(2022, 5, 2), mended_at)
    again = factories.facts(factories.frozen(of, NEXT_YEAR + timedelta(days=1)))
    assert again.late == (), "what is corrected is late once"


def test_inv_93_the_mended_day_of_a_projects_state_counts_by_the_status_date():
    project = projects.project(running=True)
    of = factories.schedule(project.programme)
    factories.frozen(of)
    move = ProjectMove.objects.get(project=project, state="running")
    correct_project_move(move, effective_on=date(2022, 6, 1), because="Alkoi myöhemmin.", by=story.SETUP)
    [carried] = factories.facts(factories.frozen(of, date(2022, 5, 31))).programmes[0].projects
    assert [(step.state, step.effective_on) for step in carried.moves] == [("planned", date(2022, 5, 1))]
    following = factories.facts(factories.frozen(of, NEXT_YEAR))
    assert [(one.what, one.valid_on) for one in following.late] == [("project_move", date(2022, 6, 1))]
    assert [step.effective_on for step in following.programmes[0].projects[0].moves] == [
        date(2022, 5, 1), date(2022, 6, 1),
    ]  # fmt: skip

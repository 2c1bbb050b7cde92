"""What is taken over from an older register is told as the register's, and never as something that happened here."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from portfolio.benefits.measuring.models import Measurement
from portfolio.people.models import Person
from projects.register.models import Project
from reporting.documents import formats, rendering
from reporting.documents.rendering.phrases import PHRASES
from reporting.facts import ProgrammeFacts
from reporting.models import Findings, Report, ReportSchedule
from reporting.reports import document
from tests.portfolio.importing.conftest import COMMON, register
from tests.portfolio.importing.test_rules import with_plan
from tests.reporting import factories

pytestmark = pytest.mark.django_db
STATUS = date(2018, 12, 31)


def measured(**more: Any) -> dict[str, Any]:
    return COMMON | {"key": "me", "indicator": "i", "measured_on": "2018-06-30", "value": "80", **more}


@pytest.fixture
def taken_over(run, older):
    """The older register with an approved target, as far as told; its programme's facts at the end of 2018."""

    def take(**changes: Any) -> ProgrammeFacts:
        with_plan(older, baseline_value="100", target_value="60", baseline_on="2017-12-31")
        older["benefit_targets"][0] |= {"state": "approved", "approved_by": "approve"}
        older["benefit_targets"][0]["versions"][0] |= {"state": "approved", "approved_by": "approve"}
        older["schedules"][0] |= {"history_only": False, "entries": []}
        older.update(changes)
        done = run(older)
        assert (done.status, done.lines) == (0, []), done.lines
        [programme] = factories.facts(factories.frozen(ReportSchedule.objects.get(), STATUS)).programmes
        return programme

    return take


def html(lang: str = "fi") -> str:
    frozen = rendering.unbundle(json.loads(document.source(Report.objects.get().snapshots.get())))
    return formats.render(frozen, lang=lang, form="html").decode()


def test_a_value_taken_over_counts_as_approved_by_the_register_and_the_report_says_so(taken_over, api, ana):
    programme = taken_over(measurements=[measured()])
    [told] = programme.targets[0].indicators[0].measurements
    assert (told.approved, told.by_the_register) == (True, True)
    assert "80 (hyväksytty aiemmassa rekisterissä)" in html()
    assert "(ei hyväksytty)" not in html()
    assert "Aiemmasta rekisteristä siirretty mittaus on hyväksytty siinä rekisterissä" in html()
    shown = api(ana).get(f"measurements/{Measurement.objects.get().pk}/").json()
    assert (shown["approved"], shown["approved_by_id"]) == (True, None)
    found = json.loads(Findings.objects.get().payload)["programmes"][0]["targets"][0]
    assert found["standing"] == "on_track"


def test_the_register_may_say_who_approved_a_value_and_when(taken_over):
    programme = taken_over(measurements=[measured(approved_by="chen", approved_on="2018-07-02")])
    kept = Measurement.objects.get()
    assert (kept.approved_by, kept.approved_on) == (Person.objects.get(key="older:chen"), date(2018, 7, 2))
    [told] = programme.targets[0].indicators[0].measurements
    assert (told.approved, told.by_the_register) == (True, False)


@pytest.mark.parametrize(
    "wrong",
    [{"approved_by": "chen"}, {"approved_on": "2018-07-02"}, {"approved_by": "nobody", "approved_on": "2018-07-02"}],
)
def test_who_approved_stands_with_the_day(run, older, wrong):
    with_plan(older)
    older["measurements"] = [measured(value="1", **wrong)]
    assert run(older).status == 1


def test_a_value_corrected_here_waits_for_an_approval_here(taken_over, api, ana):
    taken_over(measurements=[measured()])
    kept = Measurement.objects.get()
    path = f"measurements/{kept.pk}/correct/"
    corrected = api(ana).post(path, {"value": "81", "because": "Laskettu uudelleen."}, seen=kept.version)
    assert corrected.status_code == 200, corrected.json()
    assert api(ana).get(f"measurements/{kept.pk}/").json()["approved"] is False


def test_a_value_recorded_here_is_approved_by_a_person_as_before():
    indicator = factories.indicator()
    from portfolio.benefits.measuring import commands as measuring
    from tests import story

    measuring.record_measurement(indicator, measured_on=date(2022, 6, 30), value="80", by=story.SETUP)
    report = factories.frozen(factories.schedule(indicator.target.programme))
    [told] = factories.facts(report).programmes[0].targets[0].indicators[0].measurements
    assert told.approved is False


def moved(*states: tuple[str, str], **more: Any) -> dict[str, Any]:
    row = older_project() | {"state": states[-1][0]} | more
    return row | {"moves": [{"key": f"x.{n}", "state": to, "effective_on": on} for n, (to, on) in enumerate(states)]}


def older_project() -> dict[str, Any]:
    return dict(register()["projects"][0])


def test_a_move_without_a_reason_has_none_on_paper_and_its_invented_planning_is_no_change(taken_over):
    project = moved(("running", "2018-02-01"), ("cancelled", "2018-09-01"))
    taken_over(projects=[project], milestones=[])
    said = html()
    table = said[said.index(PHRASES["fi"]["moves"]) :]
    rows = re.findall(r"<tr>.*?</tr>", table[: table.index("</table>")], re.DOTALL)[1:]
    told = [" ".join(re.sub(r"<[^>]*>|†", " ", row).split()) for row in rows]
    assert told == ["Sähköbussit käynnissä 1.2.2018 –", "Sähköbussit peruttu 1.9.2018 –"]
    assert ">import<" not in said


def test_what_is_late_is_not_the_invented_day_on_which_a_project_was_planned(taken_over, run, older):
    programme = taken_over(projects=[], milestones=[])
    older["projects"] = [moved(("running", "2018-02-01"))]
    older["milestones"] = []
    done = run(older)
    assert (done.status, done.lines) == (0, []), done.lines
    late = factories.facts(factories.frozen(ReportSchedule.objects.get(), date(2019, 12, 31))).late
    assert programme.code == "clean"
    assert [(fact.what, fact.valid_on) for fact in late if fact.what == "project_move"] == [
        ("project_move", date(2018, 2, 1))
    ]


def test_an_import_is_no_reason_but_the_history_says_from_which_file_it_came(run, older, api, ana):
    run(older)
    project = Project.objects.get()
    [made] = api(ana).get(f"projects/{project.pk}/history/").json()["results"]
    assert (made["reason"], made["actor"]) == ("", "import")
    assert made["request_id"].startswith("register.json ")


def test_the_report_tells_what_had_been_used_by_its_day_though_more_has_been_used_since(taken_over):
    uses = [{"used": "10", "used_on": "2018-11-30"}, {"used": "25", "used_on": "2019-01-15"}]
    money = COMMON | {"key": "f", "programme": "p", "year": 2018, "source": "own_work", "budget": "1000", "uses": uses}
    late = money | {"key": "g", "source": "external", "funder": "Ministeriö", "uses": uses[1:]}
    programme = taken_over(fundings=[money, late])
    assert {row.source: row.used for row in programme.money} == {"own_work": 10, "external": None}

"""A reason is typed once; the report takes its wording in other languages from the translations known at its cut."""

from datetime import date

import pytest

from portfolio import history
from portfolio.benefits import commands as targets
from portfolio.benefits.measuring import commands as measuring
from portfolio.history import Job
from portfolio.translations import commands as translations
from portfolio.translations.models import TranslatedRemark
from projects.corrections import commands as corrections
from projects.progress import commands as progress
from projects.register import commands as register
from projects.register.models import ProjectMove
from reporting.reports import commands
from reporting.wording import remarks
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.projects import factories as projects
from tests.reporting import factories

pytestmark = pytest.mark.django_db

MISSING = "translated-remarks/missing/"
REASON, SWEDISH = "Toimittaja vetäytyi.", "Leverantören drog sig ur."


def suspended(of=None, because=REASON):
    """A project that was suspended for a reason in the period of the new year's report."""
    project = projects.project(of, running=True)
    return register.suspend_project(project, because=because, effective_on=date(2022, 11, 1), by=story.SETUP)


def translated(**given):
    said = {"source": REASON, "wording_sv": SWEDISH, "unofficial": ["en"]}
    return translations.translate_remark(by=story.SETUP, **(said | given))


def printed(report):
    """The reason as the report's facts have it."""
    [programme] = factories.facts(report).programmes
    return programme.projects[0].moves[-1].because


def told(client, query=""):
    answer = client.get(MISSING + query)
    assert answer.status_code == 200, answer.json()
    return [(row["source"], row["place"]) for row in answer.json()["results"]]


def test_the_report_prints_the_wording_known_at_its_cut():
    of = factories.schedule(suspended().programme)
    translated(wording_en="The supplier withdrew.")
    said = printed(factories.frozen(of))
    assert (said.fi, said.sv, said.en, said.source) == (REASON, SWEDISH, "The supplier withdrew.", "fi")
    assert said.unofficial == ("en",)


def test_a_wording_given_after_the_cut_waits_for_the_next_facts(api, ana):
    report = factories.opened(factories.schedule(suspended().programme))
    translated()
    report = factories.rendered(factories.freeze(report))
    assert (printed(report).fi, printed(report).sv) == (REASON, "")
    again = commands.retake_report(report, because="Käännökset on annettu.", by=ana)
    assert printed(factories.freeze(again)).sv == SWEDISH


def test_a_wording_changed_after_the_cut_stays_as_it_was_printed():
    of, remark = factories.schedule(suspended().programme), translated()
    report = factories.frozen(of)
    translations.change_translation(remark, wording_sv="Leverantören avstod.", by=story.SETUP)
    assert printed(report).sv == SWEDISH
    assert printed(factories.frozen(of, factories.NEXT_YEAR)).sv == "Leverantören avstod."


def test_a_remark_written_in_swedish_is_told_as_such():
    of = factories.schedule(suspended(because=SWEDISH).programme)
    translated(source=SWEDISH, source_language="sv", wording_sv="", wording_fi=REASON)
    said = printed(factories.frozen(of))
    assert (said.fi, said.sv, said.source) == (REASON, SWEDISH, "sv")


def test_the_secretary_works_through_what_is_missing(api, sirpa):
    project = suspended()
    milestone = progress.add_milestone(project, name_fi="Hankinta", planned_on=date(2023, 1, 31), by=story.SETUP)
    progress.replan_milestone(
        milestone, forecast_on=date(2023, 6, 30), because="Kilpailutus uusittiin.", by=story.SETUP
    )
    assert told(api(sirpa)) == [("Kilpailutus uusittiin.", "milestone"), (REASON, "project_move")]
    assert told(api(sirpa), "?place=milestone") == [("Kilpailutus uusittiin.", "milestone")]
    [row] = api(sirpa).get(f"{MISSING}?place=project_move").json()["results"]
    assert (row["of_programme_id"], row["translation_id"]) == (project.programme_id, None)
    body = {"source": row["source"], "wording_sv": SWEDISH}
    assert api(sirpa).post("translated-remarks/", body).status_code == 201
    assert told(api(sirpa)) == [("Kilpailutus uusittiin.", "milestone")]


def test_a_translation_may_still_lack_a_language(api, sirpa):
    suspended()
    remark = translated()
    assert told(api(sirpa)) == []
    [row] = api(sirpa).get(f"{MISSING}?language=en").json()["results"]
    assert (row["source"], row["translation_id"]) == (REASON, remark.pk)
    assert told(api(sirpa), "?language=fi") == []


def test_a_remark_in_swedish_lacks_its_finnish_wording(api, sirpa):
    suspended(because=SWEDISH)
    translated(source=SWEDISH, source_language="sv", wording_sv="", wording_en="The supplier withdrew.")
    assert told(api(sirpa)) == [(SWEDISH, "project_move")]
    assert told(api(sirpa), "?language=sv") == []


def test_what_was_missing_can_be_asked_of_the_past(api, sirpa):
    suspended()
    before = history.head().seq
    translated()
    assert (told(api(sirpa)), told(api(sirpa), f"?as_of=seq:{before}")) == ([], [(REASON, "project_move")])


def test_reasons_of_corrections_and_sources_of_baselines_are_asked_for(api, sirpa, ana):
    indicator = factories.indicator()
    measured = {"measured_on": factories.NEW_YEAR, "value": 90, "evidence": "Laskenta"}
    figure = measuring.record_measurement(indicator, **measured, by=ana)
    measuring.correct_measurement(figure, value=70, because="Laskettu uudelleen.", by=ana)
    missing = told(api(sirpa))
    assert ("Laskettu uudelleen.", "correction") in missing
    assert ("Laskenta", "evidence") not in missing, "no page of a report prints it"
    assert {place for _, place in missing} <= {"correction", "baseline_source"}


@pytest.mark.parametrize("by", ["ana", "import"])
def test_the_reason_of_an_end_is_asked_for_if_a_person_gave_it(api, setup_people, by):
    target = factories.indicator().target
    decision = benefits.council_ends()
    ended = {"decision": decision, "ended_on": date(2022, 11, 1), "because": "Hyöty on saavutettu."}
    targets.end_target(target, **ended, by=setup_people.get(by) or Job(by))
    missing = told(api(setup_people["sirpa"]), "?place=target_ended")
    assert missing == ([("Hyöty on saavutettu.", "target_ended")] if by == "ana" else [])


def test_the_remarks_of_one_report(api, sirpa):
    ours, theirs = suspended(), suspended(projects.programme("other"), because="Rahoitus päättyi.")
    report = factories.opened(factories.schedule(ours.programme))
    assert len(told(api(sirpa))) == 2
    assert told(api(sirpa), f"?report={report.pk}") == [(REASON, "project_move")]
    assert told(api(sirpa), f"?programme={theirs.programme_id}") == [("Rahoitus päättyi.", "project_move")]
    register.resume_project(theirs, because="Jatkuu.", by=story.SETUP)
    assert ("Jatkuu.", "project_move") not in told(api(sirpa), f"?report={report.pk}"), "after its status date"


def test_the_reason_of_a_new_edition_is_asked_for(api, sirpa, ana):
    report = commands.confirm_report(factories.draft(factories.schedule(projects.programme())), by=ana)
    edition = commands.supersede_report(report, because="Luku korjattiin.", by=ana)
    assert told(api(sirpa), f"?report={edition.pk}") == [("Luku korjattiin.", "edition")]
    assert told(api(sirpa), f"?report={report.pk}") == []


def test_a_manager_is_told_what_is_missing_in_the_own_programme(api):
    ours = suspended()
    suspended(projects.programme("other"), because="Rahoitus päättyi.")
    chen = story.person("Chen", "programme_manager", programme=ours.programme)
    assert told(api(chen)) == [(REASON, "project_move")]


def test_nobody_and_a_council_member_are_told_nothing(api, bo, dee):
    suspended()
    assert told(api(bo)) == told(api(dee)) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("language=de", "filter.invalid"),
        ("place=evidence", "filter.invalid"),
        ("report=0", "filter.invalid"),
        ("programme=x", "filter.invalid"),
        ("author=1", "filter.unknown"),
        ("as_of=2999-01-01", "as_of.future"),
        ("page=2", "page.invalid"),
    ],
)
def test_a_question_that_is_not_understood_is_refused(api, sirpa, query, code):
    story.assert_refused(api(sirpa), "get", f"{MISSING}?{query}", code=code, status=400)


def test_pages_of_the_list_cost_the_same_and_miss_nothing(api, sirpa, django_assert_max_num_queries):
    of = projects.programme()
    for number in range(5):
        project = projects.project(of, code=f"P{number}", running=True)
        register.end_project(project, because=f"Syy {number}", effective_on=date(2022, 11, 1), by=story.SETUP)
    client = api(sirpa)
    with django_assert_max_num_queries(7):  # sign-in, first use of the key, day, roles, seats; then count and rows
        first = client.get(f"{MISSING}?page_size=3").json()
    rest = client.get(first["next"]).json()["results"]
    assert [row["source"] for row in [*first["results"], *rest]] == [f"Syy {number}" for number in range(5)]


def test_every_remark_of_a_frozen_report_has_its_place_in_the_list(sirpa):
    project = suspended()
    milestone = progress.add_milestone(project, name_fi="Hankinta", planned_on=date(2023, 1, 31), by=story.SETUP)
    progress.replan_milestone(milestone, forecast_on=date(2023, 6, 30), because=REASON, by=story.SETUP)
    report = factories.frozen(factories.schedule(project.programme))
    assert remarks.count_missing(report, ["sv"], cut=remarks.NOW, by=sirpa) == {"sv": 1}, (
        "one wording serves both places"
    )
    translated()
    assert remarks.count_missing(report, ["sv"], cut=remarks.NOW, by=sirpa) == {"sv": 0}
    assert TranslatedRemark.objects.count() == 1


def test_a_move_whose_day_was_mended_is_asked_for_as_it_stands(api, sirpa, ana):
    project = suspended()
    report = factories.opened(factories.schedule(project.programme))
    before = history.head().seq
    move = ProjectMove.objects.standing().get(project=project, state="suspended")
    corrections.correct_project_move(move, effective_on=date(2023, 2, 1), because="Vasta helmikuussa.", by=ana)
    asked = f"?report={report.pk}"
    assert told(api(sirpa), asked) == [], "the report's period ends before that day"
    assert told(api(sirpa), f"{asked}&as_of=seq:{before}") == [(REASON, "project_move")]
    assert told(api(sirpa)) == [(REASON, "project_move")]


def test_the_reason_of_a_changed_target_is_asked_for(api, sirpa):
    target = factories.indicator().target
    draft = targets.open_version(target, because="Rahoitus väheni.", by=story.SETUP)
    targets.approve_version(draft, decision=benefits.council_approves(on=date(2022, 11, 21)), by=story.SETUP)
    assert told(api(sirpa), "?place=target_changed") == [("Rahoitus väheni.", "target_changed")]

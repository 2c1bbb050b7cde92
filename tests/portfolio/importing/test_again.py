"""The second import of a file never undoes what somebody has changed here since: it leaves that and says so."""

from __future__ import annotations

from datetime import date

import pytest

from portfolio import history
from portfolio.decisions.commands import correct_decision
from portfolio.decisions.models import Decision, Wish
from portfolio.people.commands import end_role
from portfolio.people.models import Person, RoleAssignment
from portfolio.programmes.commands import edit_programme
from portfolio.programmes.models import Programme
from projects.progress.commands import edit_milestone, replan_milestone
from projects.progress.models import Milestone
from projects.register.commands import edit_project
from projects.register.models import Project
from tests.portfolio.importing.conftest import text

pytestmark = pytest.mark.django_db


def one(model, key):
    return model.objects.get(key=f"older:{key}")


def test_a_name_that_somebody_has_changed_here_is_left_and_named(run, older, ana):
    run(older)
    edit_project(one(Project, "x"), name_sv="Elbussar i trafik", because="bättre svenska", by=ana)
    head = history.head()
    again = run(older)
    assert (again.status, history.head()) == (0, head)
    assert "/projects/0/name/sv (x): left as changed here: Elbussar i trafik" in again.told
    assert "Sähköbussit (sv)" in again.told and "Left as it is here: 1." in again.told
    assert one(Project, "x").name_sv == "Elbussar i trafik"


def test_a_dry_run_says_the_same_and_writes_nothing(run, older, ana):
    run(older)
    edit_project(one(Project, "x"), name_sv="Elbussar", because="bättre svenska", by=ana)
    tried = run(older, "--dry-run")
    assert "left as changed here: Elbussar" in tried.told and "0 records would be new or changed" in tried.told


def test_the_other_fields_of_the_record_still_follow_the_file_and_the_third_import_remembers(run, older, ana):
    """The import that wrote beside the person's change has not made it its own."""
    run(older)
    edit_programme(one(Programme, "p"), name_sv="Ren stad", because="bättre svenska", by=ana)
    older["programmes"][0] |= {"order": 7}
    for _ in range(2):
        assert "left as changed here: Ren stad" in run(older).told
        assert (one(Programme, "p").order, one(Programme, "p").name_sv) == (7, "Ren stad")


def test_what_the_file_changes_where_nobody_was_is_taken(run, older, ana):
    run(older)
    older["projects"][0]["name"]["sv"] = "Elbussar"
    done = run(older)
    assert "left" not in done.told and one(Project, "x").name_sv == "Elbussar"


def test_the_same_change_here_and_in_the_file_is_no_matter(run, older, ana):
    run(older)
    edit_project(one(Project, "x"), name_sv="Elbussar", because="bättre svenska", by=ana)
    older["projects"][0]["name"]["sv"] = "Elbussar"
    head = history.head()
    assert "left" not in run(older).told and history.head() == head


def test_a_translation_made_here_keeps_its_state(run, older, ana):
    older["programmes"][0]["aim"] = {"fi": "Puhdas ilma", "sv": "Ren luft", "en": "Clean air"}
    run(older)
    before = one(Programme, "p").texts
    edit_programme(one(Programme, "p"), aim_sv="Renare luft", texts={"aim": {"sv": {"state": "official"}}}, by=ana)
    older["programmes"][0]["aim"]["en"] = "Cleaner air"
    assert "left as changed here: Renare luft" in run(older).told
    left = one(Programme, "p")
    assert (left.aim_sv, left.aim_en, left.texts) == (
        "Renare luft",
        "Cleaner air",
        {"aim": {"sv": {"state": "official"}}},
    )
    assert before != left.texts


def test_what_is_frozen_but_was_corrected_here_is_left_and_stops_nothing(run, older, sirpa):
    run(older)
    correct_decision(one(Decision, "set"), section=99, because="misprint", by=sirpa)
    older["people"][0]["name"] = "Chen Uusi"
    done = run(older)
    assert done.status == 0 and "/decisions/0/section (set): left as changed here: 99 – in the file: 7" in done.told
    assert one(Decision, "set").section == 99 and one(Person, "chen").name == "Chen Uusi"


def test_a_role_that_was_ended_here_stays_ended(run, older, uma):
    run(older)
    role = RoleAssignment.objects.get(key="older:chen.role")
    end_role(role, ends_on=date.fromisoformat("2020-06-01"), because="left", by=uma)
    done = run(older)
    assert done.status == 0 and "left as changed here: 2020-06-01" in done.told
    assert RoleAssignment.objects.get(key="older:chen.role").ends_on == date.fromisoformat("2020-06-01")


def test_what_stands_under_another_record_now_is_told(run, older):
    run(older)
    chen = next(person for person in older["people"] if person["key"] == "chen")
    older["people"].append({"key": "dao", "name": "Dao", "provenance": "taken_over", "roles": chen.pop("roles")})
    done = run(older)
    assert done.status == 1 and RoleAssignment.objects.get(key="older:chen.role").person == one(Person, "chen")
    [line] = done.lines
    assert "import.frozen" in str(line) and "person: here older:chen, in the file older:dao" in str(line), line


def test_a_milestone_that_was_moved_and_renamed_here_stays_so(run, older, ana):
    run(older)
    edit_milestone(one(Milestone, "m"), name_sv="Linjen öppen", by=ana)
    replan_milestone(one(Milestone, "m"), forecast_on=date.fromisoformat("2019-06-01"), because="late buses", by=ana)
    done = run(older)
    assert done.status == 0 and "left as changed here: Linjen öppen" in done.told
    left = one(Milestone, "m")
    assert (left.name_sv, left.forecast_on) == ("Linjen öppen", date.fromisoformat("2019-06-01"))


def test_a_second_import_reads_the_history_of_nothing_that_is_as_it_was(run, older, django_assert_max_num_queries):
    run(older)
    with django_assert_max_num_queries(62):
        run(older)


def test_what_came_up_later_in_a_decision_is_added_and_what_stands_is_frozen(run, older):
    wish = {"key": "w", "order": 1, "text": text("Enemmän puita"), "owner": "chen"}
    older["decisions"][0]["wishes"] = [dict(wish)]
    assert run(older).status == 0
    later = {"answer": text("Istutettiin"), "answered_on": "2018-05-01"}
    older["decisions"][0]["wishes"] = [wish | later, {"key": "w2", "order": 2, "text": text("Vähemmän melua")}]
    older["decisions"][0]["minutes_versions"] = [{"key": "mv", "language": "sv", "official": False}]
    assert run(older).status == 0
    first, second = Wish.objects.order_by("order")
    assert (first.state, first.answer_sv, first.answered_on) == ("answered", "Istutettiin (sv)", date(2018, 5, 1))
    assert (second.key, second.text_fi) == ("older:w2", "Vähemmän melua")
    assert one(Decision, "set").minutes_versions.get().language == "sv"
    head = history.head()
    assert run(older).status == 0 and history.head() == head
    older["decisions"][0]["points"][0]["text"]["fi"] = "Toisin"
    older["decisions"][1]["preparers"] = [{"key": "pr", "order": 1, "name": "Valmistelija"}]
    done = run(older)
    assert (done.status, done.codes) == (1, ["import.frozen", "import.frozen"])
    assert {line.split(" ")[0] for line in done.lines} == {"/decisions/0/points/0", "/decisions/1/preparers/0"}

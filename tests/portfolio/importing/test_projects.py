"""Projects as a register tells them: supporting others, carried over, replanned, judged, paid for, reported on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portfolio import history
from portfolio.decisions.models import Wish
from portfolio.people.models import Account
from portfolio.people.signing.commands import check_sign_in
from portfolio.programmes.models import ProgrammeUpdate
from portfolio.refusals import Refused
from projects.money.models import Funding
from projects.pilots.models import Pilot, PilotMove
from projects.progress.commands import score_risk
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.commands import end_project
from projects.register.models import Project, ProjectMove, ProjectPartner, ProjectTarget
from tests.portfolio.importing.conftest import COMMON, text

pytestmark = pytest.mark.django_db
RISK = COMMON | {
    "key": "r", "programme": "p", "project": "x", "title": text("Sähkön hinta"), "likelihood": 4, "impact": 4,
    "owner": "chen", "identified_on": "2018-02-01",
}  # fmt: skip
FUNDING = COMMON | {"programme": "p", "project": "x", "year": 2018, "source": "own_work", "budget": "100000"}


def one(model: Any, key: str) -> Any:
    return model.objects.get(key=f"older:{key}")


def past(model: Any, *names: str) -> list[Any]:
    return list(model.history.model.objects.order_by("history_id").values_list(*names))


@pytest.fixture
def wide(older):
    """A second programme beside the first, with a target of its own."""
    first, phases = older["programmes"][0], [{"key": "q.set", "phase": "topic_set", "effective_on": "2017-06-12"}]
    older["programmes"].append(first | {"key": "q", "code": "second", "name": text("Toinen"), "phases": phases})
    versions = [{"key": "h2.v1", "number": 1, "state": "draft", "title": text("Toinen tavoite")}]
    target = older["benefit_targets"][0]
    older["benefit_targets"].append(target | {"key": "h2", "programme": "q", "code": "H2", "versions": versions})
    return older


def unchanged(run: Any, data: Any) -> None:
    head = history.head()
    done = run(data)
    assert (done.status, history.head()) == (0, head), done.lines


def test_a_project_supports_the_target_of_another_programme(run, wide):
    support = {"target": "h2", "role": "supports", "share": 10, "accepted_on": "2018-03-01"}
    wide["projects"][0]["targets"] = [{"target": "h1", "share": 90}, support]
    assert run(wide).status == 0
    rows = ProjectTarget.objects.order_by("share").values_list("target__key", "role", "share", "accepted_on")
    assert list(rows) == [
        ("older:h2", "supports", 10, date(2018, 3, 1)), ("older:h1", "serves", 90, None),
    ]  # fmt: skip
    unchanged(run, wide)


def test_serving_the_target_of_another_programme_is_refused_with_its_place(run, wide):
    wide["projects"][0]["targets"].append({"target": "h2"})
    done = run(wide)
    assert (done.status, done.codes) == (1, ["project.foreign_target"])
    assert done.lines[0].startswith("/projects/0/targets/1/target (x): h2")


def test_a_project_came_over_goes_on_and_has_partners_with_tasks(run, wide):
    wide["bodies"].append(COMMON | {"key": "streets", "kind": "line_unit", "name": text("Kadut")})
    part = {"partner": "uni", "task": text("Mittaukset"), "starts_on": "2018-02-01", "ends_on": "2019-01-31"}
    goes_on = {"continues_in": "streets", "continues_because": "Linjat jäävät käyttöön"}
    wide["projects"][0] |= {"partners": [part], "carried_over_because": "Aloitettu 2016", **goes_on}
    done = run(wide)
    assert done.status == 0, done.lines
    row, link = one(Project, "x"), ProjectPartner.objects.get()
    assert (row.carried_over_because, row.continues_in.key) == ("Aloitettu 2016", "older:streets")
    assert row.continues_because == "Linjat jäävät käyttöön"
    assert (link.task_sv, link.starts_on, link.ends_on) == ("Mittaukset (sv)", date(2018, 2, 1), date(2019, 1, 31))
    unchanged(run, wide)


def moves(*states: tuple[str, str]) -> dict[str, Any]:
    told = [{"key": f"x.{n}", "state": state, "effective_on": on} for n, (state, on) in enumerate(states)]
    return {"moves": told, "state": states[-1][0]}


def test_a_later_file_moves_a_project_on_and_one_moved_here_stays(run, older, ana):
    older["projects"][0] |= moves(("running", "2018-01-01"))
    assert run(older).status == 0
    older["projects"][0] |= moves(("running", "2018-01-01"), ("suspended", "2018-06-01"), ("running", "2018-09-01"))
    assert run(older).status == 0
    assert [move.state for move in ProjectMove.objects.order_by("pk")] == ["planned", "running", "suspended", "running"]
    assert set(ProjectMove.objects.exclude(key=None).values_list("key", flat=True)) >= {"older:x.1", "older:x.2"}
    unchanged(run, older)
    end_project(one(Project, "x"), effective_on=date(2019, 1, 1), by=ana)
    older["projects"][0] |= moves(("running", "2018-01-01"), ("cancelled", "2019-02-01"))
    done = run(older)
    assert done.status == 0 and "/projects/0/moves/1/state (x.1): left as changed here: ended" in done.told
    assert one(Project, "x").state == "ended"


def test_no_reason_is_invented_for_a_move(run, older):
    older["projects"][0] |= moves(("running", "2018-01-01"), ("ended", "2019-01-01"))
    assert run(older).status == 0
    assert set(ProjectMove.objects.values_list("because", flat=True)) == {""}


def test_a_pilot_ended_on_the_day_that_the_register_tells(run, older):
    older["projects"][0] |= {"kind": "pilot", **moves(("ended", "2019-05-31"))}
    told = {"key": "x.pilot", "state": "ended_without_adoption", "lessons": text("Liian kallis")}
    older["projects"][0]["pilot"] = told | {"effective_on": "2019-03-15"}
    assert run(older).status == 0
    assert (one(Pilot, "x.pilot").state, one(Pilot, "x.pilot").lessons_sv) == (told["state"], "Liian kallis (sv)")
    assert set(PilotMove.objects.values_list("effective_on", flat=True)) == {date(2019, 3, 15)}
    unchanged(run, older)


def test_every_new_day_of_a_milestone_is_kept_with_its_reason(run, older):
    row = older["milestones"][0]
    row["replans"] = [
        {"forecast_on": "2019-04-01", "because": "Toimitus"}, {"forecast_on": "2019-08-01", "because": "Lakko"},
    ]  # fmt: skip
    assert run(older).status == 0
    assert past(Milestone, "forecast_on", "replanned_because")[1:] == [
        (date(2019, 4, 1), "Toimitus"), (date(2019, 8, 1), "Lakko"),
    ]  # fmt: skip
    unchanged(run, older)
    row["replans"].append({"forecast_on": "2019-10-01", "because": "Uusi lakko"})
    row["reached_on"] = "2019-10-05"
    assert run(older).status == 0
    kept = one(Milestone, "m")
    assert (kept.forecast_on, kept.replanned_because, kept.reached_on) == (
        date(2019, 10, 1), "Uusi lakko", date(2019, 10, 5),
    )  # fmt: skip
    unchanged(run, older)


def test_a_new_day_of_what_an_older_register_does_not_hold_has_its_reason(run, older):
    older["milestones"][0] |= {"provenance": "demonstration", "forecast_on": "2019-04-01"}
    assert run(older).codes == ["milestone.reason"]


def test_a_risk_is_judged_again_and_again(run, older, ana):
    scores = [
        {"likelihood": 3, "impact": 4, "because": "Sopimus"},
        {"likelihood": 2, "impact": 3, "because": "Suojattu"},
    ]
    older["risks"] = [RISK | {"scores": scores, "mitigation": text("Kiinteä hinta")}]
    assert run(older).status == 0
    assert past(Risk, "likelihood", "impact") == [(4, 4), (3, 4), (2, 3)]
    unchanged(run, older)
    score_risk(one(Risk, "r"), likelihood=5, impact=5, because="Hinta nousi", by=ana)
    older["risks"][0] |= {"closed_on": "2020-01-01", "closed_because": "Toteutui"}
    done = run(older)
    assert done.status == 0 and "likelihood (r): left as changed here: 5" in done.told
    kept = one(Risk, "r")
    assert (kept.likelihood, kept.closed_on, kept.closed_because) == (5, date(2020, 1, 1), "Toteutui")


def test_what_was_granted_and_used_by_several_days(run, older):
    uses = [{"used": "20000", "used_on": "2018-06-30"}, {"used": "95000.50", "used_on": "2018-12-31"}]
    funder = {"funder": "Ministeriö", "source": "external", "budget": "50000", "granted": "45000"}
    older["fundings"] = [FUNDING | {"key": "f1", "uses": uses}, FUNDING | {"key": "f2", **funder}]
    assert run(older).status == 0
    assert past(Funding, "key", "used", "used_on")[-2:] == [
        ("older:f1", Decimal("20000.00"), date(2018, 6, 30)), ("older:f1", Decimal("95000.50"), date(2018, 12, 31)),
    ]  # fmt: skip
    unchanged(run, older)
    older["fundings"][1]["granted"] = "48000"
    assert run(older).status == 0 and one(Funding, "f2").granted == 48000
    older["fundings"][1]["budget"] = "60000"
    older["fundings"].append(FUNDING | {"key": "f3", "source": "co_funding"})
    assert run(older).codes == ["import.frozen", "import.frozen"]


def test_status_reports_stand_as_they_were_submitted(run, older):
    told = {"key": "s1", "project": "x", "status_on": "2018-12-31", "standing": "amber", "text": text("Myöhässä")}
    older["status_reports"] = [
        COMMON | told | {"submitted_on": "2019-01-10", "submitted_by": "chen"},
        COMMON | {"key": "s2", "project": "x", "status_on": "2019-06-30", "standing": "grey"},
    ]
    assert run(older).status == 0
    first, second = one(StatusReport, "s1"), one(StatusReport, "s2")
    assert (first.standing, first.text_sv, first.submitted_on) == ("amber", "Myöhässä (sv)", date(2019, 1, 10))
    assert (first.submitted_by.key, first.provenance, second.submitted_on) == ("older:chen", "taken_over", None)
    unchanged(run, older)
    older["status_reports"][0]["standing"] = "green"
    older["status_reports"][1]["standing"] = "green"
    assert run(older).codes == ["import.frozen"]


def test_an_amber_report_without_a_word_is_refused(run, older):
    row = {"key": "s", "project": "x", "status_on": "2018-12-31", "standing": "amber", "submitted_on": "2019-01-10"}
    older["status_reports"] = [COMMON | row]
    assert run(older).codes == ["status.unexplained"]


def test_sentences_about_a_programme_on_a_status_date(run, older):
    words = {name: text(name) for name in ("summary", "cooperation", "priorities", "attention")}
    older["programme_updates"] = [COMMON | {"key": "u", "programme": "p", "status_on": "2018-12-31"} | words]
    assert run(older).status == 0
    kept = one(ProgrammeUpdate, "u")
    assert (kept.summary_fi, kept.attention_sv, kept.provenance) == ("summary", "attention (sv)", "taken_over")
    unchanged(run, older)


def test_a_wish_says_which_programme_it_is_about(run, older):
    older["decisions"][0]["wishes"] = [{"key": "w", "order": 1, "text": text("Enemmän puita"), "programme": "p"}]
    assert run(older).status == 0
    assert Wish.objects.get().programme.key == "older:p"
    unchanged(run, older)


def test_an_account_opens_to_nobody_until_it_has_a_password(run, older):
    older["people"][0] |= {"account": {"username": "chen", "language": "sv"}, "phone": "09 123"}
    assert run(older).status == 0
    account = Account.objects.get()
    assert (account.username, account.language, account.person.phone) == ("chen", "sv", "09 123")
    assert not account.has_usable_password()
    with pytest.raises(Refused, match="signin.invalid"):
        check_sign_in(username="chen", password="")
    unchanged(run, older)

"""Benefit targets as a register tells them: changed by the council, replaced, of every kind of indicator."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portfolio import history
from portfolio.benefits.commands import edit_draft, return_target, unlink_goal
from portfolio.benefits.measuring.commands import plan_indicator
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, TargetVersion
from portfolio.decisions.models import Decision
from tests.portfolio.importing.conftest import decision, text

pytestmark = pytest.mark.django_db
FIGURES = {
    "baseline_value": "100",
    "baseline_on": "2017-12-31",
    "baseline_source": "Laskelma",
    "target_on": "2020-12-31",
}


def indicator(key: str, **told: Any) -> dict[str, Any]:
    row = {"key": key, "code": key.upper(), "name": text(key), "unit": text("t"), "kind": "reach", "direction": "down"}
    return row | {"interval_months": 12} | told


def plan(key: str, of: str, **told: Any) -> dict[str, Any]:
    return {"key": key, "indicator": of, **FIGURES, "target_value": "60"} | told


def version(number: int, state: str, *plans: Any, **told: Any) -> dict[str, Any]:
    return {"key": f"h1.v{number}", "number": number, "state": state, "title": text(f"Otsikko {number}")} | (
        {"plans": list(plans)} | told
    )


@pytest.fixture
def changed(older):
    """Approved in 2017; the council lowered the bar in 2019, left one indicator out and took another in."""
    older["decisions"].append(decision("lower", "council", "approve", "2019-05-20", 40))
    older["decisions"].append(decision("end", "council", "approve", "2020-02-17", 5))
    target = older["benefit_targets"][0]
    target |= {"state": "approved", "approved_by": "approve", "sdgs": ["sdg-13"]}
    target["indicators"] = [indicator("i1"), indicator("i2"), indicator("i3")]
    path = [{"key": "pp1", "on": "2018-12-31", "value": "90"}, {"key": "pp2", "on": "2019-12-31", "value": "80"}]
    target["versions"] = [
        version(1, "superseded", plan("p1.1", "i1", path=path), plan("p1.2", "i2")),
        version(
            2, "approved", plan("p2.1", "i1", target_value="70"), plan("p2.3", "i3"), approved_by="lower",
            because="Rahoitus pieneni",
        ),
        version(3, "draft", plan("p3.1", "i1", target_value="65"), because="Uusi laskelma"),
    ]  # fmt: skip
    return older


def one(model: Any, key: str) -> Any:
    return model.objects.get(key=f"older:{key}")


def test_every_version_is_taken_in_with_its_own_decision_figures_and_reason(run, changed):
    done = run(changed)
    assert done.status == 0, done.lines
    rows = TargetVersion.objects.order_by("number")
    assert list(rows.values_list("number", "state", "title_fi", "approved_by__key", "because")) == [
        (1, "superseded", "Otsikko 1", "older:approve", ""),
        (2, "approved", "Otsikko 2", "older:lower", "Rahoitus pieneni"),
        (3, "draft", "Otsikko 3", None, "Uusi laskelma"),
    ]
    planned = IndicatorPlan.objects.order_by("target_version__number", "indicator__code")
    assert list(planned.values_list("key", "indicator__code", "target_value")) == [
        ("older:p1.1", "I1", Decimal(60)), ("older:p1.2", "I2", Decimal(60)), ("older:p2.1", "I1", Decimal(70)),
        ("older:p2.3", "I3", Decimal(60)), ("older:p3.1", "I1", Decimal(65)),
    ]  # fmt: skip
    assert one(IndicatorPlan, "p1.1").path_points.count() == 2 and not one(IndicatorPlan, "p2.1").path_points.exists()
    head = history.head()
    assert run(changed).status == 0 and history.head() == head


def test_a_later_file_tells_of_a_version_that_an_earlier_one_did_not(run, changed):
    later = changed["benefit_targets"][0]["versions"][1:]
    changed["benefit_targets"][0]["versions"] = [changed["benefit_targets"][0]["versions"][0] | {"state": "approved"}]
    assert run(changed).status == 0
    changed["benefit_targets"][0]["versions"][0]["state"] = "superseded"
    changed["benefit_targets"][0]["versions"] += later
    done = run(changed)
    assert done.status == 0, done.lines
    assert list(TargetVersion.objects.order_by("number").values_list("state", flat=True)) == [
        "superseded", "approved", "draft",
    ]  # fmt: skip


def test_a_version_without_a_reason_or_a_decision_is_refused(run, changed):
    del changed["benefit_targets"][0]["versions"][1]["because"]
    assert "history.reason" in run(changed).codes
    changed["benefit_targets"][0]["versions"][1] |= {"because": "Rahoitus", "approved_by": "set"}
    assert "benefit.needs_council_decision" in run(changed).codes
    assert not TargetVersion.objects.exists()


def test_what_the_council_approved_is_frozen_and_a_changed_figure_is_told(run, changed):
    assert run(changed).status == 0
    changed["benefit_targets"][0]["versions"][1]["plans"][0]["target_value"] = "75"
    changed["benefit_targets"][0]["versions"][0]["title"]["fi"] = "Toinen"
    done = run(changed)
    assert (done.status, done.codes) == (1, ["import.frozen", "import.frozen"])
    assert [line.split(":")[0] for line in done.lines] == [
        "/benefit_targets/0/versions/0 (h1.v1)", "/benefit_targets/0/versions/1/plans/0 (p2.1)",
    ]  # fmt: skip


def test_what_somebody_has_written_into_a_draft_stays(run, older, ana):
    target = older["benefit_targets"][0]
    target["indicators"], target["versions"] = [indicator("i1")], [version(1, "draft", plan("p1", "i1"))]
    assert run(older).status == 0
    edit_draft(one(TargetVersion, "h1.v1"), title_sv="Bättre rubrik", by=ana)
    plan_indicator(
        one(IndicatorPlan, "p1"), target_value=Decimal(50), path=[{"on": date(2019, 1, 1), "value": 90}], by=ana
    )
    unlink_goal(one(BenefitTarget, "h1"), goal=one(BenefitTarget, "h1").target_goals.get().goal, by=ana)
    target["versions"][0]["plans"][0]["path"] = [{"key": "pp", "on": "2019-06-30", "value": "85"}]
    target["versions"][0]["title"]["en"] = "Less"
    done = run(older)
    assert done.status == 0, done.lines
    for words in ("title/sv (h1.v1)", "target_value (p1)", "path (p1)", "goals (h1)"):
        assert f"/{words}: left as changed here:" in done.told, done.told
    left = one(TargetVersion, "h1.v1")
    assert (left.title_sv, left.title_en) == ("Bättre rubrik", "Less")
    assert one(IndicatorPlan, "p1").target_value == 50 and not one(BenefitTarget, "h1").target_goals.exists()


def test_a_target_that_was_returned_here_is_not_proposed_again(run, older, sirpa):
    target = older["benefit_targets"][0]
    older["decisions"] += [decision("proposal", "board", "propose", "2017-09-04", 3)]
    target |= {"state": "proposed", "proposed_by": "proposal"}
    assert run(older).status == 0
    back = decision("back", "council", "return", "2017-10-16", 9) | {"outcome": "returned"}
    older["decisions"].append(back)
    assert run(older).status == 0
    return_target(one(BenefitTarget, "h1"), decision=one(Decision, "back"), by=sirpa)
    done = run(older)
    assert done.status == 0 and "/benefit_targets/0/state (h1): left as changed here: drafted" in done.told
    assert one(BenefitTarget, "h1").state == "drafted"


def test_a_target_is_replaced_by_another(run, changed):
    first = changed["benefit_targets"][0]
    versions = [{"key": "h2.v1", "number": 1, "state": "approved", "title": text("Uusi tavoite")}]
    second = first | {"key": "h2", "code": "H2", "order": 2, "indicators": [], "versions": versions}
    changed["benefit_targets"].append(second)
    first["versions"].pop()
    first |= {"state": "replaced", "replaced_by": "h2", "ended_on": "2020-02-17", "ended_by": "end"}
    done = run(changed)
    assert done.status == 0, done.lines
    row = one(BenefitTarget, "h1")
    assert (row.state, row.replaced_by.key, row.ended_on) == ("replaced", "older:h2", date(2020, 2, 17))
    head = history.head()
    assert run(changed).status == 0 and history.head() == head


@pytest.mark.parametrize("state", ["ended", "replaced"])
def test_what_has_ended_has_its_day(run, changed, state):
    changed["benefit_targets"][0] |= {"state": state}
    done = run(changed)
    assert done.status == 1 and set(done.codes) == {"import.schema"} and "'ended_on' is a required" in done.lines[0]


def test_each_kind_of_indicator_asks_for_the_figures_that_it_has(run, older):
    kinds = {
        "within": indicator("within", kind="keep_within", direction="none"),
        "done": {"key": "done", "code": "DONE", "name": text("Valmis"), "kind": "done"},
        "word": {"key": "word", "code": "WORD", "name": text("Sanoin"), "kind": "qualitative"},
    }
    target = older["benefit_targets"][0]
    target["indicators"] = list(kinds.values())
    range_plan = {"key": "pw", "indicator": "within", **FIGURES, "lower": "20.0", "upper": "22.0"}
    target["versions"] = [version(1, "draft", range_plan, {"key": "pd", "indicator": "done"})]
    done = run(older)
    assert done.status == 0, done.lines
    kept = one(IndicatorPlan, "pw")
    assert (kept.target_value, kept.lower, kept.upper) == (None, Decimal(20), Decimal(22))
    assert one(Indicator, "done").interval_months is None and one(IndicatorPlan, "pd").baseline_value is None

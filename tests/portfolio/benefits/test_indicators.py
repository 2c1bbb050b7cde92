"""Indicators of every kind: what each asks of its figures, and what stays once there are values."""

from datetime import date
from typing import Any

import pytest

from portfolio.benefits.models import Indicator, PathPoint
from portfolio.benefits.standing import Kind
from tests.portfolio.benefits import factories
from tests.story import assert_refused

pytestmark = pytest.mark.django_db

RUBRIC = [
    {"value": 1, "label": {"fi": "Ei toteudu"}, "verdict": "off_track"},
    {"value": 2, "label": {"fi": "Toteutuu"}, "verdict": "met"},
]
DAYS = {"baseline_on": "2021-12-31", "target_on": "2024-12-31", "baseline_source": "Tilasto"}


def added(client: Any, kind: str, **definition: Any) -> Indicator:
    """An indicator made through the API, its plan still empty."""
    target = factories.draft()
    body = {
        "target": target.pk,
        "code": "M1",
        "kind": kind,
        "name_fi": "Mittari",
        "name_sv": "Mätare",
        "unit_fi": "kpl",
    }
    answer = client.post("indicators/", body | {"interval_months": 12, "owner": factories.owner().pk} | definition)
    assert answer.status_code == 201, answer.content
    return Indicator.objects.get(pk=answer.json()["id"])


def plan_path(indicator: Indicator) -> tuple[str, int]:
    plan = factories.plan(indicator)
    return f"indicator-plans/{plan.pk}/", plan.version


WELL_PLANNED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("reach", {"direction": "up"}, {"baseline_value": "70", "target_value": "75"}),
    ("reach", {"direction": "down"}, {"baseline_value": "8", "target_value": "5"}),
    ("keep_at_least", {"direction": "none"}, {"baseline_value": "92", "target_value": "92"}),
    ("keep_at_most", {"direction": "none"}, {"baseline_value": "7", "target_value": "7"}),
    ("keep_within", {}, {"baseline_value": "21", "lower": "20", "upper": "23"}),
    ("rank", {"group_fi": "Kuusi suurinta kaupunkia"}, {"baseline_value": "3", "target_value": "1", "group_size": 6}),
    ("rank", {"group_fi": "Kuusi suurinta kaupunkia"}, {"baseline_value": "1", "target_value": "1", "group_size": 6}),
    ("zero", {}, {"baseline_value": "9", "target_value": "0"}),
    ("average", {"direction": "up"}, {"baseline_value": "3.5", "target_value": "4", "period_starts_on": "2022-01-01",
                                      "period_ends_on": "2024-12-31"}),
    ("done", {"direction": "up"}, {}),
    ("qualitative", {"direction": "none", "rubric": RUBRIC}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "definition", "figures"), WELL_PLANNED)
def test_inv_56_every_kind_of_indicator_can_be_planned(api, ana, kind, definition, figures):
    client = api(ana)
    indicator = added(client, kind, **definition)
    path, seen = plan_path(indicator)
    answer = client.patch(path, DAYS | figures, seen=seen)
    assert answer.status_code == 200, answer.content
    gate = client.get(f"benefit-targets/{indicator.target_id}/gate/").json()
    assert [error["code"] for error in gate["errors"]] == ["benefit.needs_board_proposal"]


def test_inv_56_all_kinds_are_tried():
    assert {kind for kind, _, _ in WELL_PLANNED} == {kind.value for kind in Kind}


@pytest.mark.parametrize(
    ("kind", "definition", "figures", "code"),
    [
        ("reach", {"direction": "up"}, {"baseline_value": "75", "target_value": "70"}, "indicator.direction"),
        ("reach", {"direction": "up"}, {"baseline_value": "75", "target_value": "75"}, "indicator.direction"),
        ("reach", {"direction": "down"}, {"baseline_value": "5", "target_value": "8"}, "indicator.direction"),
        ("zero", {}, {"baseline_value": "9", "target_value": "1"}, "indicator.direction"),
        ("rank", {}, {"baseline_value": "2", "target_value": "3", "group_size": 6}, "indicator.direction"),
        ("rank", {}, {"baseline_value": "7", "target_value": "1", "group_size": 6}, "indicator.rank"),
        ("average", {"direction": "up"}, {"baseline_value": "4", "target_value": "3"}, "indicator.direction"),
        ("average", {"direction": "up"}, {"period_starts_on": "2024-01-01", "period_ends_on": "2023-01-01"},
         "indicator.dates"),
        ("keep_within", {}, {"lower": "23", "upper": "20"}, "indicator.range"),
        ("done", {"direction": "up"}, {"baseline_value": "1", "target_value": "1"}, "indicator.direction"),
        ("reach", {"direction": "up"}, {"baseline_on": "2024-12-31", "target_on": "2024-12-31"}, "indicator.dates"),
    ],
)  # fmt: skip
def test_inv_56_figures_agree_with_kind_and_direction(api, ana, kind, definition, figures, code):
    client = api(ana)
    path, seen = plan_path(added(client, kind, **definition))
    assert_refused(client, "patch", path, figures, code=code, status=400, seen=seen)


@pytest.mark.parametrize(("kind", "direction"), [("reach", "none"), ("zero", "up"), ("keep_within", "up")])
def test_inv_56_the_direction_is_one_of_its_kind(api, ana, kind, direction):
    body = {"target": factories.draft().pk, "code": "M1", "kind": kind, "direction": direction, "name_fi": "Mittari"}
    assert_refused(api(ana), "post", "indicators/", body, code="indicator.direction", status=400)


def test_inv_56_a_target_may_be_zero(api, ana):
    client = api(ana)
    indicator = added(client, "reach", direction="down")
    path, seen = plan_path(indicator)
    assert client.patch(path, DAYS | {"baseline_value": "12", "target_value": "0"}, seen=seen).status_code == 200
    assert client.get(f"benefit-targets/{indicator.target_id}/gate/").json()["errors"][0]["rule"] == "INV-53"


def test_inv_56_a_scale_is_a_list_of_different_levels(api, ana):
    body = {"target": factories.draft().pk, "code": "M1", "kind": "qualitative", "name_fi": "Mittari"}
    for rubric in (
        "hyvä",
        [{"value": 1}],
        [{"value": 1, "label": {"fi": 1}}],
        [RUBRIC[0], RUBRIC[0]],
        [{**RUBRIC[0], "verdict": "not_reported"}],
    ):
        assert_refused(api(ana), "post", "indicators/", body | {"rubric": rubric}, code="indicator.rubric", status=400)


def test_the_path_lies_between_baseline_and_target(api, ana):
    client = api(ana)
    path, seen = plan_path(added(client, "reach", direction="up"))
    figures = DAYS | {"baseline_value": "70", "target_value": "75"}
    steps = [{"on": "2022-12-31", "value": "71"}, {"on": "2023-12-31", "value": "73"}]
    outside = figures | {"path": [{"on": "2021-12-31", "value": "70"}]}
    assert_refused(client, "patch", path, outside, code="indicator.dates", status=400, seen=seen)
    twice = figures | {"path": [steps[0], steps[0]]}
    assert_refused(client, "patch", path, twice, code="indicator.path", status=400, seen=seen)
    answer = client.patch(path, figures | {"path": steps}, seen=seen).json()
    assert client.patch(path, {"path": steps[1:]}, seen=answer["version"]).json()["path_edition"] == 2
    assert [point.on for point in PathPoint.objects.all()] == [date(2023, 12, 31)]
    assert_refused(client, "patch", path, {"path": steps}, code="edit.stale", status=412, seen=answer["version"])


def test_inv_55_an_indicator_is_complete_before_it_is_proposed(api, ana):
    client = api(ana)
    indicator = added(client, "reach", interval_months=None, owner=None, unit_fi="")
    errors = client.get(f"benefit-targets/{indicator.target_id}/gate/").json()["errors"]
    assert [error["field"] for error in errors if error["code"] == "indicator.incomplete"] == [
        "direction", "interval_months", "owner", "unit", "baseline_value", "target_value", "baseline_on",
        "baseline_source", "target_on",
    ]  # fmt: skip
    assert errors[0]["message"] == "Indicator M1 still lacks the direction."


def test_inv_55_a_scale_in_words_stands_in_for_numbers(api, ana):
    client = api(ana)
    indicator = added(client, "qualitative", direction="none")
    path, seen = plan_path(indicator)
    client.patch(path, DAYS, seen=seen)
    errors = client.get(f"benefit-targets/{indicator.target_id}/gate/").json()["errors"]
    assert [error["field"] for error in errors] == ["rubric", "decision"]


def test_inv_55_a_target_without_indicator_is_not_proposed(api, sirpa):
    target = factories.draft()
    errors = api(sirpa).get(f"benefit-targets/{target.pk}/gate/").json()["errors"]
    assert [error["code"] for error in errors] == ["benefit.no_indicator", "benefit.needs_board_proposal"]


def test_inv_57_the_unit_is_fixed_after_the_first_value(api, ana):
    indicator = factories.indicator(factories.draft())
    path, client = f"indicators/{indicator.pk}/", api(ana)
    changed = client.patch(path, {"unit_fi": "t", "unit_sv": "t"}, seen=indicator.version)
    assert changed.status_code == 200
    factories.measured(indicator)
    assert_refused(
        client, "patch", path, {"unit_fi": "kg"},
        code="indicator.unit_fixed", status=409, seen=changed.json()["version"],
    )  # fmt: skip


def test_inv_57_another_unit_is_a_new_indicator_rescaled_from_the_old(api, ana):
    target = factories.draft()
    indicator, foreign = (
        factories.indicator(target),
        factories.indicator(factories.draft(factories.programme("toinen"))),
    )
    body = {"target": target.pk, "code": "M2", "kind": "reach", "name_fi": "Päästöt", "unit_fi": "t"}
    wrong = body | {"rescaled_from": foreign.pk}
    assert_refused(api(ana), "post", "indicators/", wrong, code="indicator.rescaled_from", status=400)
    assert api(ana).post("indicators/", body | {"rescaled_from": indicator.pk}).status_code == 201
    plan = factories.plan(indicator)
    left = api(ana).post(f"indicator-plans/{plan.pk}/leave-out/", {}, seen=plan.version)
    assert left.status_code == 200
    assert not indicator.plans.exists()


def test_inv_54_owner_and_name_of_an_approved_indicator_change_with_a_reason(api, ana):
    indicator = factories.approved().indicators.get()
    path, client, change = f"indicators/{indicator.pk}/", api(ana), {"successor": ana.pk, "name_sv": "Utsläppen"}
    assert_refused(client, "patch", path, change, code="history.reason", status=400, seen=indicator.version)
    answer = client.patch(path, change | {"because": "Omistaja vaihtuu"}, seen=indicator.version)
    assert (answer.status_code, answer.json()["successor_id"]) == (200, ana.pk)
    change = client.get(f"{path}history/").json()["results"][0]
    assert change["reason"] == "Omistaja vaihtuu"


def test_an_indicator_has_its_code_once_in_a_target(api, ana):
    indicator = factories.indicator(factories.draft())
    body = {"target": indicator.target_id, "code": "M1", "kind": "done", "name_fi": "Toinen"}
    assert_refused(api(ana), "post", "indicators/", body, code="indicator.duplicate", status=409)
    for wrong, code in (({"decimals": 7}, "indicator.decimals"), ({"interval_months": 0}, "indicator.interval")):
        assert_refused(api(ana), "post", "indicators/", body | {"code": "M2"} | wrong, code=code, status=400)

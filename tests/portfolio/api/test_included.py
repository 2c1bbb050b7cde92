"""A record with what belongs to it in one answer: the rows of the lists, as far as the reader sees them, no more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.api import RoomViewSet
from portfolio.api.published import published
from portfolio.benefits import commands
from portfolio.benefits.models import BenefitTarget, Indicator
from portfolio.people.models import Person, Role
from tests import routes, story
from tests.portfolio.benefits import factories

ALL = "versions,indicators,plans,path,measurements"
LISTS = {
    "versions": "target-versions/?target=",
    "indicators": "indicators/?target=",
    "measurements": "measurements/?page_size=500&target=",
}
BESIDE = {"latest", "standing"}  # of lists alone: a target tells them of its indicators in its own words


@pytest.fixture
def target(db: None) -> BenefitTarget:
    """In force, with a new version in preparation, 24 values of one indicator and a stepped path."""
    drafted = factories.draft()
    steps = [{"on": date(2022, 12, 31), "value": 90}, {"on": date(2023, 12, 31), "value": "75.5"}]
    indicator = factories.indicator(drafted, path=steps, decimals=1)
    factories.indicator(drafted, code="M2", kind="average", path=[])
    proposed = factories.put_forward(indicator).target
    approved = commands.approve_target(proposed, decision=factories.council_approves(), by=story.SETUP)
    commands.open_version(approved, because="Uusi mittari", by=story.SETUP)
    with history.change(by=story.SETUP, whole=True):
        for number in range(24):
            factories.measured(indicator, on=date(2022, 1, 1) + timedelta(days=30 * number), value=f"{99 - number}.5")
    return BenefitTarget.objects.get(pk=approved.pk)


def included(client: story.Client, target: BenefitTarget, names: str = ALL, more: str = "") -> Any:
    answer = client.get(f"benefit-targets/{target.pk}/?include={names}{more}")
    assert answer.status_code == 200, answer.content
    return answer.json()["included"]


def test_each_is_told_as_its_own_list_tells_it(target: BenefitTarget, ana: Person) -> None:
    client = story.Client(ana, "sv")
    told = included(client, target)
    for name, path in LISTS.items():
        rows = client.get(f"{path}{target.pk}").json()["results"]
        assert told[name] == [{k: v for k, v in row.items() if k not in BESIDE} for row in rows] != [], name
    plans = client.get("indicator-plans/").json()["results"]
    assert told["plans"] == plans and len(plans) == 4
    steps = [each for plan in plans for each in client.get(f"indicator-plans/{plan['id']}/").json()["path"]]
    assert [{"on": each["on"], "value": each["value"]} for each in told["path"]] == steps
    assert steps[1] == {"on": "2023-12-31", "value": "75.500000"} and len(told["measurements"]) == 24


def test_all_that_any_resource_includes_is_told_as_by_its_list(target: BenefitTarget, ana: Person) -> None:
    """Of every declaration, whatever its columns hold."""
    client, lists = story.Client(ana), {route.view.cls: route.path for route in routes.api() if route.is_list}
    rooms = [room for room in RoomViewSet.by_model.values() if room.includes]
    assert {room.model for room in rooms} >= {BenefitTarget, Indicator}
    for room in rooms:
        for name, kind in room.includes.items():
            told = {}
            for thing in room.model._default_manager.all():
                answer = client.get(f"{lists[room]}{thing.pk}/?include={name}").json()
                told |= {row["id"]: row for row in answer["included"][name]}
            below = room.by_model[kind]
            assert told, f"the story has none of {name}"
            if below in lists:
                rows = client.get(f"{lists[below]}?page_size=500&fields={','.join(below.columns)}").json()["results"]
                labels = {each: row.pop("label") for each, row in told.items() if "label" in row}
                assert told == {row["id"]: {k: row[k] for k in row if k != "label"} for row in rows}, (name, labels)


def test_four_statements_whatever_is_asked_for(target: BenefitTarget, ana: Person) -> None:
    client = story.Client(ana)
    costs = []
    for names in ("indicators", "indicators,plans,measurements", ALL):
        included(client, target, names)
        with CaptureQueriesContext(connection) as asked:
            included(client, target, names)
        costs.append(len(asked))
    assert costs == [4, 4, 4], "who asks, the row, its standing, all that is included"


def test_only_what_is_asked_for_is_there(target: BenefitTarget, ana: Person) -> None:
    client = story.Client(ana)
    assert set(included(client, target, "plans,path")) == {"plans", "path"}
    for nothing in ("", "?include="):
        assert "included" not in client.get(f"benefit-targets/{target.pk}/{nothing}").json()
    part = client.get(f"benefit-targets/{target.pk}/?fields=code&include=path").json()
    assert part["code"] == target.code and "state" not in part and len(part["included"]["path"]) == 4
    assert included(client, factories.draft(target.programme, code="HT9"), "indicators,measurements") == {
        "indicators": [], "measurements": []
    }  # fmt: skip


def test_the_past_is_told_with_the_rows_of_then(target: BenefitTarget, ana: Person) -> None:
    client, seq = story.Client(ana), history.head().seq
    before = included(client, target)
    indicator = Indicator.objects.get(target=target, code="M1")
    factories.measured(indicator, on=date(2025, 1, 31), value="12")
    with history.change(by=story.SETUP, because="setup"):
        value = indicator.measurements.earliest("measured_on")
        value.value, value.corrected_because = 7, "Laskuvirhe"
        value.checked_save()
    assert included(client, target) != before
    then = client.get(f"benefit-targets/{target.pk}/?include={ALL}&as_of=seq:{seq}").json()
    assert then["included"] == before and then["standing"] is None


def test_who_does_not_see_the_target_sees_nothing_of_it(target: BenefitTarget, ana: Person) -> None:
    pia = story.person("Pia", Role.PROGRAMME_MANAGER, programme=factories.programme("toinen"))
    assert story.Client(pia).get(f"benefit-targets/{target.pk}/?include={ALL}").status_code == 404
    own = story.person("Omar", Role.PROGRAMME_MANAGER, programme=target.programme)
    assert included(story.Client(own), target) == included(story.Client(ana), target)


def test_what_a_reader_does_not_see_is_not_included(target: BenefitTarget, ana: Person) -> None:
    """Its next version is in preparation: a draft is for those who make it and decide on it."""
    bo = story.person("Bo", Role.ELECTED_MEMBER, programme=target.programme)
    states = [
        [each["state"] for each in included(story.Client(who), target, "versions")["versions"]] for who in (ana, bo)
    ]
    listed = story.Client(bo).get(f"{LISTS['versions']}{target.pk}").json()["results"]
    assert states[0] == ["approved", "draft"] and states[1] == [each["state"] for each in listed] == ["approved"]


def test_a_name_that_nobody_knows_is_refused(target: BenefitTarget, ana: Person) -> None:
    client, path = story.Client(ana), f"benefit-targets/{target.pk}/?include="
    (error,) = story.assert_refused(client, "get", f"{path}plans,money", code="query.unknown", status=400)
    assert (error["field"], error["params"]["accepted"]) == ("include", ALL.replace(",", ", "))
    story.assert_refused(client, "get", f"{path}plans,plans", code="query.twice", status=400)
    story.assert_refused(client, "get", "benefit-targets/?include=plans", code="filter.unknown", status=400)
    version = f"target-versions/{target.versions.first().pk}/?include=plans"
    story.assert_refused(client, "get", version, code="query.unknown", status=400)


def test_its_mark_is_of_all_that_is_told(target: BenefitTarget, ana: Person) -> None:
    client, path = story.Client(ana), f"benefit-targets/{target.pk}/"
    address = f"{path}?include=measurements"
    answer = client.get(address)
    tag = answer["ETag"]
    assert tag.startswith('W/"') and client.get(path)["ETag"] == f'"{target.version}"'
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, If_None_Match=tag).status_code == 304
    assert len(asked) == 1
    assert client.get(f"{path}?include=plans", If_None_Match=tag).status_code == 200
    factories.measured(Indicator.objects.get(target=target, code="M1"), on=date(2025, 1, 31), value="12")
    assert client.get(address, If_None_Match=tag).status_code == 200, "though the target is as it was"


def test_an_edit_goes_by_the_version_and_not_by_the_mark(target: BenefitTarget, ana: Person) -> None:
    client, path = story.Client(ana), f"benefit-targets/{factories.draft(target.programme, code='HT9').pk}/"
    answer = client.get(f"{path}?include=plans")
    refused = client.call("patch", path, {"order": 7}, If_Match=answer["ETag"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (412, "edit.weak")
    assert client.patch(path, {"order": 7}, seen=answer.json()["version"]).json()["order"] == 7


def test_the_schema_names_what_can_be_included(target: BenefitTarget) -> None:
    document = published().document
    told = document["paths"]["/api/v1/benefit-targets/{id}/"]["get"]
    (parameter,) = [each for each in told["parameters"] if each["name"] == "include"]
    assert parameter["schema"]["items"]["enum"] == ALL.split(",") and parameter["explode"] is False
    answer = told["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    described = document["components"]["schemas"][answer]
    assert "included" in described["properties"] and "included" not in described["required"]

"""What pages and reports ask of benefit targets, in a fixed number of statements."""

from datetime import date
from decimal import Decimal

import pytest

from portfolio.benefits import commands, queries
from portfolio.benefits.models import Indicator
from tests.portfolio.benefits import factories
from tests.story import SETUP

pytestmark = pytest.mark.django_db


def in_force():
    """The one indicator of a target that the council has approved."""
    return Indicator.objects.get(target=factories.approved())


@pytest.mark.parametrize("size", [1, 4])
def test_targets_with_latest_in_five_statements(django_assert_num_queries, size):
    programme = factories.programme()
    for number in range(size):
        target = factories.draft(programme, code=f"HT{number}")
        for code in ("M1", "M2"):
            indicator = factories.indicator(target, code=code, path=[{"on": date(2023, 1, 1), "value": Decimal(80)}])
            factories.measured(indicator)
            factories.measured(indicator, on=date(2022, 6, 30), value="95")
    with django_assert_num_queries(5):
        found = queries.targets_with_latest(on=date(2022, 12, 31))
    assert len(found) == size
    assert {each.latest.value for stood in found for each in stood.indicators} == {Decimal(90)}


def test_an_old_value_is_shown_with_its_day_but_does_not_count():
    factories.measured(in_force(), approved=True)
    (stood,) = queries.targets_with_latest(on=date(2024, 6, 30))
    (each,) = stood.indicators
    assert (stood.standing, each.verdict.on, each.verdict.value) == ("not_reported", date(2022, 12, 31), 90)
    assert "overdue" in {question.code for question in stood.indicators[0].questions}


def test_an_average_is_the_mean_of_its_period():
    target = factories.draft()
    indicator = factories.indicator(target, kind="average", direction="up", baseline_value=3, target_value=4)
    for day, value in ((date(2022, 6, 30), "3"), (date(2022, 12, 31), "5")):
        factories.measured(indicator, on=day, value=value, approved=True)
    (stood,) = queries.targets_with_latest(on=date(2022, 12, 31))
    (each,) = stood.indicators
    assert (each.latest.value, each.verdict.value, each.verdict.standing) == (5, 4, "on_track")
    assert stood.standing is None  # a draft has promised nothing


def test_the_version_in_force_is_shown_until_the_next_one_is_approved():
    target = factories.approved()
    draft = commands.open_version(target, because="Muutos", by=SETUP)
    (stood,) = queries.targets_with_latest(on=date(2023, 1, 1))
    assert stood.version.number == 1
    commands.approve_version(draft, decision=factories.council_approves(on=date(2023, 5, 8)), by=SETUP)
    (stood,) = queries.targets_with_latest(on=date(2023, 6, 1))
    assert stood.version.number == 2


def test_evaluability_asks_what_an_audit_committee_would():
    bare, full = factories.draft(goals=[]), factories.programme("toinen")
    target = factories.draft(full, owner=factories.owner(), owner_unit=factories.body("board"))
    indicator = factories.indicator(
        target, source_fi="HSY", successor=factories.owner(), path=[{"on": date(2022, 12, 31), "value": Decimal(90)}]
    )
    factories.measured(indicator)
    asked = queries.evaluability_lacks(on=date(2022, 12, 31))
    assert {question.code for question in asked[bare.pk]} == {"no_indicator", "no_goal", "no_owner", "no_owner_unit"}
    assert [(question.code, question.indicator) for question in asked[target.pk]] == [("not_approved", "M1")]
    assert all(question.sentence for question in asked[bare.pk])


def test_indicators_with_latest_and_their_series():
    indicator = factories.indicator(factories.draft())
    factories.measured(indicator)
    factories.measured(indicator, on=date(2023, 12, 31), value="80")
    (found,) = queries.indicators_with_latest(on=date(2023, 6, 30))
    assert (found.latest_value, found.latest_on) == (90, date(2022, 12, 31))
    assert [each.value for each in queries.measurements(indicator)] == [90, 80]
    assert [each.value for each in queries.measurements(indicator, until=date(2023, 1, 1))] == [90]


def test_living_targets_are_those_that_should_have_projects():
    programme = factories.programme()
    target, ended = factories.approved(programme), factories.approved(programme, code="HT2")
    commands.end_target(ended, decision=factories.council_ends(), ended_on=date(2023, 1, 1), because="Muutos", by=SETUP)
    assert [*queries.living_targets(programme_id=programme.pk)] == [target]
    assert [*queries.living_targets()] == [target]


@pytest.mark.parametrize(
    "path", ["benefit-targets", "target-versions", "indicators", "indicator-plans", "measurements"]
)
def test_lists_take_as_many_statements_at_any_size(api, ana, path, django_assert_max_num_queries):
    """One for a page of the list that is not full, one to judge it; another signs the caller in with the roles held."""
    factories.measured(factories.indicator(factories.draft()))
    client = api(ana)
    with django_assert_max_num_queries(8) as asked:
        assert client.get(f"{path}/").json()["count"] == 1
    factories.measured(factories.indicator(factories.draft(factories.programme("toinen"))))
    with django_assert_max_num_queries(len(asked)):
        assert client.get(f"{path}/").json()["count"] == 2
    tables = [each["sql"] for each in asked if "portfolio_" in each["sql"].split("WHERE")[0]]
    own = sum(f'FROM "portfolio_{path.replace("-", "").rstrip("s")}"' in each for each in tables)
    assert own == (2 if path == "benefit-targets" else 1)


def test_as_of_shows_a_target_as_it_was(api, ana):
    target = factories.drafted()
    seq = api(ana).get(f"benefit-targets/{target.pk}/history/").json()["results"][0]["seq"]
    commands.propose_target(target, decision=factories.board_proposes(), by=SETUP)
    states = [api(ana).get(f"benefit-targets/{target.pk}/{past}").json()["state"] for past in ("", f"?as_of=seq:{seq}")]
    assert states == ["proposed", "drafted"]

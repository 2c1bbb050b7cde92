"""Budgets that are the sum of their sources, grants and use, through the API."""

from datetime import date
from decimal import Decimal

import pytest

from projects import queries
from projects.money import commands
from projects.money.models import Budget, Funding
from tests import story
from tests.projects import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.project(running=True)


def a_budget(of, **changed):
    known = {
        "programme": of.programme_id,
        "project": of.pk,
        "year": 2022,
        "total": "150000.00",
        "sources": [
            {"source": "appropriation", "budget": "50000.00"},
            {"source": "external", "funder": "EAKR", "budget": "100000.00", "granted": "80000.00"},
        ],
    }
    return known | changed


def test_inv_76_the_sources_sum_to_the_budget(api, ana, project):
    made = api(ana).post("budgets/", a_budget(project))
    assert made.status_code == 201, made.json()
    assert Funding.objects.count() == 2
    body = a_budget(project, year=2023, total="150000.01")
    story.assert_refused(api(ana), "post", "budgets/", body, code="funding.sum", status=400)
    story.assert_refused(api(ana), "post", "budgets/", a_budget(project), code="budget.duplicate", status=409)
    assert Budget.objects.count() == 1


def test_inv_76_a_programme_has_money_of_its_own(api, ana, project):
    one = [{"source": "appropriation", "budget": "20000.00"}]
    body = a_budget(project, project=None, total="20000.00", sources=one)
    assert api(ana).post("budgets/", body).status_code == 201
    story.assert_refused(api(ana), "post", "budgets/", body, code="budget.duplicate", status=409)
    api(ana).post("budgets/", a_budget(project))
    told = [
        (each.level, each.source, each.budget, each.granted, each.used)
        for each in queries.money_totals(project.programme_id, year=2022)
    ]
    assert told == [
        ("programme", "appropriation", Decimal("20000.00"), None, None),
        ("projects", "appropriation", Decimal("50000.00"), None, None),
        ("projects", "external", Decimal("100000.00"), Decimal("80000.00"), None),
    ]


def test_inv_76_money_is_never_below_zero(api, ana, project):
    sources = [{"source": "appropriation", "budget": "-1.00"}, {"source": "own_work", "budget": "1.00"}]
    body = a_budget(project, total="0.00", sources=sources)
    story.assert_refused(api(ana), "post", "budgets/", body, code="money.negative", status=400)
    assert not Budget.objects.exists()


def test_inv_76_euros_have_two_decimals(api, ana, project):
    refused = api(ana).post("budgets/", a_budget(project, total="150000.001"))
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "total"


def test_inv_76_using_more_than_was_granted_warns(api, ana, project):
    api(ana).post("budgets/", a_budget(project))
    funding = Funding.objects.get(source="external")
    path = f"fundings/{funding.pk}/"
    future = {"used": "1.00", "used_on": "2999-01-01"}
    story.assert_refused(
        api(ana), "post", f"{path}record-use/", future, code="funding.future", status=400, seen=funding.version
    )
    used = api(ana).post(f"{path}record-use/", {"used": "80000.01", "used_on": "2022-12-31"}, seen=funding.version)
    assert used.status_code == 200, used.json()
    warned = api(ana).get(f"projects/{project.pk}/").json()["warnings"]
    assert [each["code"] for each in warned] == ["money.overrun"]
    api(ana).post(f"{path}grant/", {"granted": "90000.00"}, seen=used.json()["version"])
    assert api(ana).get(f"projects/{project.pk}/").json()["warnings"] == []


def test_inv_80_a_budget_is_revised_for_a_reason(api, ana, project):
    made = api(ana).post("budgets/", a_budget(project)).json()
    path = f"budgets/{made['id']}/revise/"
    body = {"total": "60000.00", "sources": [{"source": "appropriation", "budget": "60000.00"}]}
    story.assert_refused(api(ana), "post", path, body, code="budget.reason", status=400, seen=made["version"])
    done = api(ana).post(path, body | {"because": "the EU said no"}, seen=made["version"])
    assert done.status_code == 200, done.json()
    assert dict(Funding.objects.values_list("source", "budget")) == {
        "appropriation": Decimal("60000.00"),
        "external": Decimal("0.00"),
    }


def test_the_money_of_a_project_of_another_programme_is_refused(api, ana, project):
    other = factories.programme("lively")
    body = a_budget(project, programme=other.pk)
    story.assert_refused(api(ana), "post", "budgets/", body, code="project.other_programme", status=400)


def test_use_without_a_day_is_never_stored(project):
    from portfolio.refusals import Refused

    commands.set_budget(
        project.programme,
        year=2022,
        total=Decimal(1),
        sources=[{"source": "own_work", "budget": Decimal(1)}],
        by=story.SETUP,
    )
    funding = Funding.objects.get()
    funding.used = Decimal(1)
    with pytest.raises(Refused) as refusal:
        factories.save(funding)
    assert refusal.value.code == "funding.used_on"
    commands.record_use(funding, used=Decimal(0), used_on=date(2022, 12, 31), by=story.SETUP)
    (total,) = queries.money_totals(project.programme_id)
    assert total.used == 0

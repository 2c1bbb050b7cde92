"""Values with their day and evidence: recorded, corrected with a reason, approved by somebody else."""

from datetime import date
from decimal import Decimal

import pytest

from portfolio import clock, history
from portfolio.benefits import queries
from portfolio.benefits.measuring import commands as measuring
from portfolio.benefits.measuring.models import Measurement
from tests.portfolio.benefits import factories
from tests.story import assert_refused, person

pytestmark = pytest.mark.django_db

READING = {"measured_on": "2022-12-31", "value": "88.5", "evidence": "Päästölaskenta 2022", "measured_by": "HSY"}


@pytest.fixture
def indicator(db):
    return factories.indicator(factories.draft(), decimals=1)


def record_at(indicator):
    return f"indicators/{indicator.pk}/measurements/"


def test_ana_records_a_value_with_its_day_and_evidence(api, ana, indicator):
    answer = api(ana).post(record_at(indicator), READING)
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert (said["measured_on"], Decimal(said["value"]), said["recorded_by_id"]) == (
        "2022-12-31",
        Decimal("88.5"),
        ana.pk,
    )


def test_inv_57_not_on_a_day_to_come(api, ana, indicator):
    body = READING | {"measured_on": "2999-12-31"}
    assert_refused(api(ana), "post", record_at(indicator), body, code="measurement.date", status=400)
    assert api(ana).post(record_at(indicator), READING | {"measured_on": f"{clock.today()}"}).status_code == 201


def test_inv_57_not_before_the_baseline(api, ana, indicator):
    client = api(ana)
    early = READING | {"measured_on": "2021-12-30"}
    assert_refused(client, "post", record_at(indicator), early, code="measurement.date", status=400)
    assert client.post(record_at(indicator), READING | {"measured_on": "2021-12-31"}).status_code == 201


def test_inv_57_one_value_for_a_day(api, ana, indicator):
    factories.measured(indicator)
    assert_refused(api(ana), "post", record_at(indicator), READING, code="measurement.duplicate", status=409)


def test_inv_58_nothing_is_not_zero(api, ana, indicator):
    client = api(ana)
    for body in ({"measured_on": "2022-12-31"}, READING | {"value": None}):
        assert_refused(client, "post", record_at(indicator), body, code="measurement.empty", status=400)
    answer = client.post(record_at(indicator), READING | {"value": "0"})
    assert (answer.status_code, Decimal(answer.json()["value"])) == (201, 0)
    measuring.approve_measurement(Measurement.objects.get(pk=answer.json()["id"]), by=factories.approver())
    (stood,) = queries.targets_with_latest(on=date(2022, 12, 31))
    verdict = stood.indicators[0].verdict
    assert (verdict.value, verdict.standing) == (0, "met")


@pytest.mark.parametrize(
    ("kind", "value"),
    [("done", "2"), ("zero", "-1"), ("rank", "0"), ("rank", "2.5"), ("rank", "7"), ("qualitative", "3")],
)
def test_inv_56_a_value_lies_on_the_scale_of_its_kind(api, ana, kind, value):
    figures = {
        "done": {"baseline_value": 0, "target_value": 1},
        "zero": {"target_value": 0},
        "rank": {"baseline_value": 4, "target_value": 1, "group_size": 6},
        "qualitative": {"rubric": [{"value": 1, "label": {"fi": "Heikko"}}], "baseline_value": 1, "target_value": 1},
    }
    indicator = factories.indicator(factories.draft(), kind=kind, decimals=1, **figures[kind])
    body = READING | {"value": value}
    assert_refused(api(ana), "post", record_at(indicator), body, code="measurement.scale", status=400)


def test_a_value_has_the_decimals_of_its_indicator(api, ana, indicator):
    body = READING | {"value": "88.55"}
    assert_refused(api(ana), "post", record_at(indicator), body, code="measurement.decimals", status=400)


def test_inv_110_a_correction_has_a_reason_and_the_old_value_stays_in_the_history(api, ana, indicator):
    measurement, client = factories.measured(indicator), api(ana)
    path = f"measurements/{measurement.pk}/correct/"
    corrected = {"value": "87.1", "because": "Tarkistuslaskenta"}
    refused = corrected | {"because": ""}
    assert_refused(client, "post", path, refused, code="history.reason", status=400, seen=measurement.version)
    answer = client.post(path, corrected, seen=measurement.version)
    assert Decimal(answer.json()["value"]) == Decimal("87.1")
    newest, oldest = client.get(f"measurements/{measurement.pk}/history/").json()["results"]
    assert newest["reason"] == "Tarkistuslaskenta"
    assert [Decimal(each) for each in newest["changes"]["value"]] == [Decimal(90), Decimal("87.1")]
    old = history.row(Measurement, measurement.pk, oldest["seq"])
    assert old.value == 90


def test_inv_57_a_correction_keeps_the_rules_of_a_measurement(api, ana, indicator):
    measurement = factories.measured(indicator)
    path = f"measurements/{measurement.pk}/correct/"
    for change, code in (({"value": None}, "measurement.empty"), ({"measured_on": "2999-01-01"}, "measurement.date")):
        body = {"because": "Virhe"} | change
        assert_refused(api(ana), "post", path, body, code=code, status=400, seen=measurement.version)


def test_inv_113_nobody_approves_the_value_they_recorded(api, ana, indicator):
    measurement = factories.measured(indicator, by=ana)
    path = f"measurements/{measurement.pk}/approve/"
    assert_refused(api(ana), "post", path, code="approve.own", status=409, seen=measurement.version)
    manager = person("Maija", "programme_manager", programme=indicator.target.programme)
    approved = api(manager).post(path, {}, seen=measurement.version)
    assert (approved.status_code, approved.json()["approved_by_id"]) == (200, manager.pk)
    again = approved.json()["version"]
    assert_refused(api(manager), "post", path, code="measurement.approved", status=409, seen=again)
    corrected = api(manager).post(
        f"measurements/{measurement.pk}/correct/", {"value": "80", "because": "Virhe"}, seen=again
    ).json()  # fmt: skip
    assert (corrected["approved_by_id"], corrected["recorded_by_id"]) == (None, manager.pk)


def test_inv_04_nothing_is_measured_in_a_closed_programme(api, ana, indicator):
    measurement = factories.measured(indicator)
    factories.close(indicator.target.programme)
    body = READING | {"measured_on": "2023-12-31"}
    assert_refused(api(ana), "post", record_at(indicator), body, code="programme.frozen", status=423)
    change = {"value": "1", "because": "Myöhässä"}
    path = f"measurements/{measurement.pk}/correct/"
    assert_refused(api(ana), "post", path, change, code="programme.frozen", status=423, seen=measurement.version)


def test_only_the_director_and_the_manager_of_the_programme_measure(api, sirpa, dee, indicator):
    stranger = person("Muu", "programme_manager", programme=factories.programme("muu"))
    assert_refused(api(sirpa), "post", record_at(indicator), READING, code="permission.role", status=403)
    for someone in (dee, stranger):
        assert_refused(api(someone), "post", record_at(indicator), READING, code="not_found", status=404)


def test_inv_116_a_correction_on_a_stale_version_is_refused(api, ana, indicator):
    measurement = factories.measured(indicator)
    path, body = f"measurements/{measurement.pk}/correct/", {"value": "80", "because": "Virhe"}
    assert api(ana).post(path, body, seen=measurement.version).status_code == 200
    late = body | {"value": "70"}
    assert_refused(api(ana), "post", path, late, code="edit.stale", status=412, seen=measurement.version)

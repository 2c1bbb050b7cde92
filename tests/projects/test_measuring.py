"""Chen manages a project: measures what it works for, corrects the own values, and approves nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portfolio import history
from portfolio.benefits.models import BenefitTarget, Indicator
from portfolio.people.models import Account, Person, Role
from projects.register import commands as register
from projects.register.models import Project
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.projects import factories

READING = {"measured_on": "2022-12-31", "value": "88.5", "evidence": "Päästölaskenta 2022"}


@pytest.fixture
def target(db: None) -> BenefitTarget:
    return benefits.draft(factories.programme(), code="T1")


@pytest.fixture
def indicator(target: BenefitTarget) -> Indicator:
    return benefits.put_forward(benefits.indicator(target, decimals=1))


@pytest.fixture
def project(target: BenefitTarget) -> Project:
    return factories.project(target.programme)


@pytest.fixture
def chen(project: Project) -> Person:
    return story.person("Chen", Role.PROJECT_MANAGER, project_id=project.pk)


def measured_at(indicator: Indicator) -> str:
    return f"indicators/{indicator.pk}/measurements/"


def test_chen_measures_what_the_project_serves(api: Any, chen: Person, indicator: Indicator) -> None:
    answer = api(chen).post(measured_at(indicator), READING)
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert (said["recorded_by_id"], Decimal(said["value"])) == (chen.pk, Decimal("88.5"))
    (change,) = api(chen).get(f"measurements/{said['id']}/history/").json()["results"]
    assert (change["actor"], change["role"]) == ("Chen", "project_manager")


def test_chen_sees_the_targets_of_the_project_now_and_in_the_past(api: Any, chen: Person, indicator: Indicator) -> None:
    other = benefits.put_forward(benefits.indicator(benefits.draft(indicator.target.programme, code="T2")))
    seq = history.head().seq
    for as_of in ("", f"?as_of=seq:{seq}"):
        for resource in ("benefit-targets", "target-versions", "indicators", "indicator-plans"):
            assert api(chen).get(f"{resource}/{as_of}").json()["count"] == 1, resource
        assert api(chen).get(f"indicators/{indicator.pk}/{as_of}").status_code == 200
        assert api(chen).get(f"indicators/{other.pk}/{as_of}").status_code == 404


def test_the_page_of_the_programme_shows_chen_the_values(
    client: Any, api: Any, chen: Person, indicator: Indicator
) -> None:
    api(chen).post(measured_at(indicator), READING | {"value": "77.7"})
    client.force_login(Account.objects.get(person=chen))
    answer = client.get(f"/programmes/{indicator.target.programme_id}/history/", headers={"Accept-Language": "en"})
    assert answer.status_code == 200 and "77.7" in answer.content.decode()


def test_inv_114_nobody_measures_for_a_project_of_others(
    api: Any, target: BenefitTarget, indicator: Indicator, project: Project
) -> None:
    """Another project of the programme serves another target; its manager does not even see this one."""
    other = benefits.draft(target.programme, code="T2")
    beside = register.create_project(
        target.programme, code="P2", name_fi="Pyörätiet", delivery="own_work", targets=[{"target": other}],
        effective_on=date(2022, 5, 1), by=story.SETUP,
    )  # fmt: skip
    eeva = story.person("Eeva", Role.PROJECT_MANAGER, project_id=beside.pk)
    story.assert_refused(api(eeva), "post", measured_at(indicator), READING, code="not_found", status=404)
    own = benefits.put_forward(benefits.indicator(other, decimals=1))
    assert api(eeva).post(measured_at(own), READING).status_code == 201


def test_the_support_of_another_programme_measures_once_it_is_accepted(
    api: Any, ana: Person, indicator: Indicator
) -> None:
    ours = factories.project(factories.programme("other"), code="P9")
    chen = story.person("Chen", Role.PROJECT_MANAGER, project_id=ours.pk)
    register.serve_target(ours, target=indicator.target, support=True, by=chen)
    story.assert_refused(api(chen), "post", measured_at(indicator), READING, code="not_found", status=404)
    register.accept_support(ours, target=indicator.target, accepted_on=date(2022, 6, 1), by=ana)
    assert api(chen).post(measured_at(indicator), READING).status_code == 201


def test_the_right_ends_with_the_tie(api: Any, ana: Person, chen: Person, indicator: Indicator) -> None:
    project = Project.objects.get()
    register.serve_target(project, target=benefits.draft(indicator.target.programme, code="T2"), by=ana)
    register.stop_serving_target(project, target=indicator.target, because="Toinen hanke jatkaa.", by=ana)
    story.assert_refused(api(chen), "post", measured_at(indicator), READING, code="not_found", status=404)


def test_inv_110_chen_corrects_the_own_value_with_a_reason(api: Any, chen: Person, indicator: Indicator) -> None:
    made = api(chen).post(measured_at(indicator), READING).json()
    path, body = f"measurements/{made['id']}/correct/", {"value": "87.1", "because": ""}
    story.assert_refused(api(chen), "post", path, body, code="history.reason", status=400, seen=1)
    answer = api(chen).post(path, body | {"because": "Tarkistuslaskenta"}, seen=1)
    assert (answer.status_code, Decimal(answer.json()["value"])) == (200, Decimal("87.1"))
    newest, oldest = api(chen).get(f"measurements/{made['id']}/history/").json()["results"]
    assert (newest["reason"], oldest["changes"]["value"][1]) == ("Tarkistuslaskenta", "88.500000")


def test_chen_corrects_no_value_of_others_and_approves_none(
    api: Any, ana: Person, chen: Person, indicator: Indicator
) -> None:
    theirs = benefits.measured(indicator, by=ana)
    path, body = f"measurements/{theirs.pk}/correct/", {"value": "1", "because": "Virhe"}
    story.assert_refused(api(chen), "post", path, body, code="permission.role", status=403, seen=1)
    path = f"measurements/{theirs.pk}/approve/"
    story.assert_refused(api(chen), "post", path, code="permission.role", status=403, seen=1)


def test_inv_113_the_programme_approves_what_chen_measured(api: Any, chen: Person, indicator: Indicator) -> None:
    made = api(chen).post(measured_at(indicator), READING).json()
    manager = story.person("Maija", Role.PROGRAMME_MANAGER, programme=indicator.target.programme)
    path = f"measurements/{made['id']}"
    approved = api(manager).post(f"{path}/approve/", seen=1)
    assert approved.json()["approved_by_id"] == manager.pk
    corrected = api(chen).post(f"{path}/correct/", {"value": "87", "because": "Virhe"}, seen=2).json()
    assert (corrected["approved_by_id"], corrected["recorded_by_id"]) == (None, chen.pk)


def test_chen_approves_no_target_and_drafts_none(api: Any, chen: Person, indicator: Indicator) -> None:
    target = indicator.target
    path = f"benefit-targets/{target.pk}"
    assert api(chen).get(f"{path}/").status_code == 200
    story.assert_refused(api(chen), "post", f"{path}/approve/", code="permission.role", status=403, seen=target.version)
    body = {"because": "Virhe", "name_fi": "Toinen"}
    story.assert_refused(
        api(chen), "patch", f"indicators/{indicator.pk}/", body, code="permission.role", status=403,
        seen=indicator.version,
    )  # fmt: skip


def test_inv_04_nothing_is_measured_in_a_closed_programme(api: Any, chen: Person, indicator: Indicator) -> None:
    benefits.close(indicator.target.programme)
    story.assert_refused(api(chen), "post", measured_at(indicator), READING, code="programme.frozen", status=423)

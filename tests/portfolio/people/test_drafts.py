"""What was not submitted is read by its author, by those who may edit or decide it, and by the director alone."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from portfolio import clock, history
from portfolio.people.models import Person, Role
from portfolio.programmes.models import Plan, Programme
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.decisions import factories as decided
from tests.portfolio.steering import factories as steering
from tests.projects import factories as projects
from tests.reporting import factories as reports


@pytest.fixture(autouse=True)
def decisions_of_two_factories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both number their decisions from one."""
    monkeypatch.setattr(decided, "_sections", count(500))


def members(programme: Programme, project: Any, unit: Any) -> dict[str, Person]:
    """People with a task in the programme, one of each kind, who write none of what is looked at."""
    group = steering.group(programme)
    return {
        "elected": steering.member(group, "elected", "Elli").person,
        "official": steering.member(group, "official", "Olavi").person,
        "unit": story.person("Linus", Role.UNIT_OWNER, unit=unit),
        "project": story.person("Pia", Role.PROJECT_MANAGER, project_id=project.pk),
    }


def reads(api: Any, someone: Person, resource: str, pk: int, at: str = "") -> bool:
    """Whether somebody comes to a record by its list, a filter, its own address and its history; by all or by none."""
    client = api(someone)
    told = {
        "list": any(row["id"] == pk for row in client.get(f"{resource}/{at}").json()["results"]),
        "detail": client.get(f"{resource}/{pk}/{at}").status_code == 200,
    }
    if not at:
        told["history"] = client.get(f"{resource}/{pk}/history/").status_code == 200
    assert len(set(told.values())) == 1, (someone.name, resource, told)
    return told["list"]


def readers(api: Any, cast: dict[str, Person], resource: str, pk: int, at: str = "") -> set[str]:
    return {name for name, someone in cast.items() if reads(api, someone, resource, pk, at)}


def test_inv_114_a_draft_is_read_by_those_who_work_on_it(api: Any, setup_people: story.People) -> None:
    pilot = projects.pilot()
    project, programme, unit = pilot.project, pilot.project.programme, projects.body("line_unit", "Liikuntapalvelut")
    project.unit = unit
    projects.save(project)
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=programme)
    cast = {name: setup_people[name] for name in ("ana", "sirpa", "aud", "bo", "dee")} | {"chen": chen}
    cast |= members(programme, project, unit)
    work, insiders = api(chen), {"elected", "official", "unit", "project"}

    plan = work.post("plan-versions/", {"programme": programme.pk, "sections": {"summary": {"fi": "Luonnos"}}})
    assert plan.status_code == 201, plan.content
    pk = plan.json()["id"]
    assert readers(api, cast, "plan-versions", pk) == {"ana", "sirpa", "chen"}
    parent = Plan.objects.get(programme=programme)
    versions = {row["id"] for row in api(cast["aud"]).get(f"plans/{parent.pk}/").json()["versions"]}
    assert pk not in versions and pk in {row["id"] for row in work.get(f"plans/{parent.pk}/").json()["versions"]}

    report = api(cast["project"]).post(
        "status-reports/", {"project": project.pk, "status_on": "2022-06-30", "standing": "green", "text_fi": "Hyvin"}
    )
    assert report.status_code == 201, report.content
    status = report.json()["id"]
    assert readers(api, cast, "status-reports", status) == {"ana", "chen", "project"}
    seen = api(cast["project"]).post(f"status-reports/{status}/submit/", seen=1)
    assert seen.status_code == 200, seen.content
    assert readers(api, cast, "status-reports", status) == {"ana", "sirpa", "aud", "chen"} | insiders
    told = api(cast["aud"]).get(f"status-reports/{status}/history/").json()
    assert told["count"] == 1 and told["results"][0]["changes"]["submitted_on"][0] is None
    assert api(chen).get(f"status-reports/{status}/history/").json()["count"] == 2
    drafted = f"?as_of=seq:{history.head().seq - 1}"
    assert readers(api, cast, "status-reports", status, drafted) == {"ana", "chen", "project"}


def test_inv_114_a_target_in_preparation_is_read_once_it_is_proposed(api: Any, setup_people: story.People) -> None:
    programme = benefits.programme()
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=programme)
    cast = {name: setup_people[name] for name in ("ana", "sirpa", "aud", "bo")} | {"chen": chen}
    cast |= {"elected": steering.member(steering.group(programme), "elected", "Elli").person}
    target = benefits.drafted(programme)
    draft, makers = f"?as_of=seq:{history.head().seq}", {"ana", "sirpa", "chen"}
    version, plan = target.versions.get(), target.versions.get().indicator_plans.first()
    parts = {
        "benefit-targets": target.pk, "target-versions": version.pk, "indicators": plan.indicator_id,
        "indicator-plans": plan.pk,
    }  # fmt: skip
    for resource, pk in parts.items():
        assert readers(api, cast, resource, pk) == makers, resource
    for found in ("benefit-targets/?search=HT1", f"target-versions/?target={target.pk}", "indicators/?search=M1"):
        assert api(cast["elected"]).get(found).json()["count"] == 0, found
    target = benefits.proposed(programme, code="HT2")
    assert readers(api, cast, "benefit-targets", target.pk) == {*makers, "aud", "elected"}
    assert readers(api, cast, "target-versions", target.versions.get().pk) == {*makers, "aud", "elected"}

    approved = benefits.approved(programme, code="HT3")
    indicator = approved.indicators.first()
    plans = indicator.plans.get()
    assert readers(api, cast, "indicator-plans", plans.pk) == {*makers, "aud", "elected"}
    assert readers(api, cast, "indicator-plans", plans.pk, draft) == set(), "not there yet"
    value = api(chen).post(
        f"indicators/{indicator.pk}/measurements/",
        {"measured_on": "2022-06-30", "value": "90", "evidence": "Tilinpäätös"},
    )
    assert value.status_code == 201, value.content
    pk = value.json()["id"]
    assert readers(api, cast, "measurements", pk) == makers
    before = f"?as_of=seq:{history.head().seq}"
    assert api(cast["ana"]).post(f"measurements/{pk}/approve/", seen=1).status_code == 200
    assert readers(api, cast, "measurements", pk) == {*makers, "aud", "elected"}
    assert readers(api, cast, "measurements", pk, before) == makers, "a past state of a draft stays a draft's"
    assert api(cast["elected"]).get("measurements/?unapproved=true").json()["count"] == 0


def test_an_update_counts_as_submitted_at_the_cut_off_and_a_draft_report_is_its_makers(
    api: Any, setup_people: story.People
) -> None:
    programme = reports.indicator().target.programme
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=programme)
    cast = {name: setup_people[name] for name in ("ana", "sirpa", "aud", "bo")} | {"chen": chen}
    update = api(chen).post(
        "programme-updates/", {"programme": programme.pk, "status_on": str(reports.NEW_YEAR), "summary_fi": "Hyvin"}
    )
    assert update.status_code == 201, update.content
    pk = update.json()["id"]
    assert readers(api, cast, "programme-updates", pk) == {"ana", "sirpa", "chen"}
    report = reports.opened(reports.schedule(programme))
    with history.change(by=story.SETUP):
        report.cut_off_at = clock.now() + timedelta(milliseconds=1)
        report.checked_save()
    assert readers(api, cast, "programme-updates", pk) == {"ana", "sirpa", "chen", "aud"}
    assert readers(api, cast, "reports", report.pk) == {"ana", "sirpa"}


def test_what_two_records_share_is_told_to_who_sees_one_of_them(api: Any, setup_people: story.People) -> None:
    target = benefits.approved()
    link = projects.project(target.programme, targets=[{"target": target}]).target_links.get()
    group = steering.group(target.programme)
    bo = steering.member(group, "elected", "Elli")
    other = story.person("Chen", Role.PROGRAMME_MANAGER, programme=projects.programme("other", plan=False))
    cast = {name: setup_people[name] for name in ("ana", "sirpa", "aud", "bo", "dee", "uma")}
    cast |= {"elected": bo.person, "deputy": steering.deputy(bo, "Vera").person, "other": other}
    seen = readers(api, cast, "project-targets", link.pk)
    assert seen == {name for name, someone in cast.items() if reads(api, someone, "projects", link.project_id)}
    assert {"bo", "deputy", "other", "dee", "uma"}.isdisjoint(seen) and "ana" in seen

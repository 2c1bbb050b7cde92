"""Every route, walked: who is not signed in gets nowhere, a nobody sees nothing, an auditor writes nothing."""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from portfolio import history
from portfolio.benefits.models import BenefitTarget, TargetVersion
from portfolio.people import drafts, permissions
from portfolio.people.models import Person, Role
from tests import routes, story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.steering import factories as steering
from tests.projects import factories as projects

API = [pytest.param(route, id=route.path) for route in routes.api()]
# What anybody may see: signing in, the city's colours, health and the language.
PUBLIC = {
    "/healthz",
    "/healthz/deep",
    "/readyz",
    "/sign-in/",
    "/theme.css",
}
OF_ONES_OWN = {f"/api/v1/{name}/" for name in ("people", "directory", "accounts", "tokens")}
SHAPE = {"code", "message", "field", "rule", "params", "hint"}


def send(client: story.Client, method: str, path: str) -> Any:
    headers = {"If_Match": '"1"'} if method in ("post", "patch") else {}
    return client.call(method, path, {} if method in ("post", "patch") else None, **headers)


@pytest.mark.django_db
def test_without_sign_in_every_route_of_the_api_answers_401_in_the_one_shape(api: Any) -> None:
    nobody = api(None)
    assert len(API) > 150
    for route in routes.api():
        for method in route.methods:
            answer = send(nobody, method, route.path)
            assert answer.status_code == 401, f"{method} {route.path}: {answer.status_code}"
            (error,) = answer.json()["errors"]
            assert set(error) == SHAPE and error["code"] == "signin.required"
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
def test_without_sign_in_every_page_leads_to_the_sign_in(client: Any) -> None:
    for route in routes.routes():
        if route.path.startswith("/api/v1/") or route.path in PUBLIC:
            continue
        answer = client.get(route.path)
        assert answer.status_code in (302, 403, 405), f"{route.path}: {answer.status_code}"
        if answer.status_code == 302:
            assert "/sign-in/" in answer.headers["Location"], route.path


@pytest.fixture(autouse=True)
def decisions_of_two_factories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both number their decisions from one."""
    monkeypatch.setattr(decided, "_sections", count(500))


@pytest.fixture
def world(setup_people: story.People) -> story.People:
    """A programme with a group, a member, a target, a project and a pilot, so that there is something to hide."""
    pilot = projects.pilot()
    group = steering.group(pilot.project.programme)
    steering.member(group, "elected", "Eeva")
    return setup_people


def test_a_nobody_sees_nothing_and_writes_nothing(api: Any, world: story.People) -> None:
    somebody, dee, head = api(world["ana"]), api(world["dee"]), history.head()
    assert somebody.headers != dee.headers, "the first token, whose address is asked, is not one's own"
    for route in routes.api():
        for method in route.methods:
            answer = send(dee, method, route.path)
            where = f"{method} {route.path}: {answer.status_code}"
            assert answer.status_code < 500, where
            if method == "get" and route.is_list:
                own = 1 if route.path in OF_ONES_OWN else 0
                assert answer.status_code == 200 and answer.json()["count"] == own, where
            elif method == "get":
                own = route.path.removesuffix("1/") in OF_ONES_OWN  # the one there is may be one's own
                assert answer.status_code == 404 or own, where
            else:
                assert answer.status_code in (400, 403, 404), where
    assert history.head() == head


@pytest.mark.proof
def test_an_auditor_reads_all_and_writes_nothing(api: Any, world: story.People) -> None:
    ana, aud, head = api(world["ana"]), api(world["aud"]), history.head()
    for route in routes.api():
        for method in route.methods:
            answer = send(aud, method, route.path)
            where = f"{method} {route.path}: {answer.status_code}"
            assert answer.status_code < 500, where
            if method == "get" and route.is_list and hasattr(route.view.cls, "model"):
                seen, all_ = answer.json()["count"], send(ana, method, route.path).json()["count"]
                drafted = drafts.verbs(route.view.cls.model)  # what nobody has submitted is not the auditor's to read
                assert seen == all_ or (drafted and seen < all_), where
            elif method != "get":
                assert answer.status_code in (400, 403, 404, 412, 428), where
    assert history.head() == head


WRITES: dict[str, dict[str, Any]] = {
    "council-terms": {"label": "2029–2033", "starts_on": "2029-06-01", "ends_on": "2033-05-31"},
    "bodies": {"kind": "committee", "name_fi": "Lautakunta"},
    "partners": {"name": "Esimerkkiyhtiö", "kind": "company"},
    "people": {"name": "Chen"},
}


@pytest.mark.parametrize("resource", WRITES)
def test_a_sound_request_of_an_auditor_is_refused_for_the_role_alone(
    api: Any, world: story.People, resource: str
) -> None:
    for name in ("aud", "dee", "bo"):
        story.assert_refused(
            api(world[name]), "post", f"{resource}/", WRITES[resource], code="permission.role", status=403
        )
    allowed = world["uma"] if resource == "people" else world["ana"]
    assert api(allowed).post(f"{resource}/", WRITES[resource]).status_code == 201


def test_the_options_of_every_route_are_told_without_an_error(api: Any, world: story.People) -> None:
    ana = api(world["ana"])
    for route in routes.api():
        assert ana.call("options", route.path).status_code in (200, 405), route.path


class Sentence(NamedTuple):
    """One line of rights.txt."""

    role: str
    yes: bool
    verb: str
    where: str


def sentences() -> list[Sentence]:
    lines = (Path(__file__).with_name("rights.txt")).read_text().splitlines()
    parts = [line.split() for line in lines if line and not line.startswith("#")]
    return [Sentence(role, says == "yes", verb, where) for role, says, verb, where in parts]


def test_the_sentences_speak_of_every_verb_and_every_role() -> None:
    told = sentences()
    assert len(told) >= 120 and len(set(told)) == len(told)
    assert {each.verb for each in told} == set(permissions.TABLE)
    assert {each.role for each in told} == {role.value for role in Role}


@pytest.fixture
def places(setup_people: story.People) -> dict[str, Any]:
    ours, theirs = projects.pilot(), projects.pilot(projects.programme("other"))
    for pilot, name in ((ours, "Liikuntapalvelut"), (theirs, "Kirjasto")):
        pilot.project.unit = projects.body("line_unit", name)
        projects.save(pilot.project)
    return {"own": ours, "other": theirs, "city": None}


def holder(role: str, pilot: Any) -> Person:
    """Someone with the role on the place that is their own."""
    project = pilot.project
    scopes: dict[str, dict[str, Any]] = {
        "programme_manager": {"programme": project.programme},
        "project_manager": {"project_id": project.pk},
        "unit_owner": {"unit": project.unit},
    }
    if role not in ("elected_member", "official_member", "deputy"):
        return story.person("Chen", role, **scopes.get(role, {}))
    group = steering.group(project.programme)
    if role == "deputy":
        return steering.deputy(steering.member(group, "elected", "Eeva"), "Chen").person
    return steering.member(group, role.removesuffix("_member"), "Chen").person


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_inv_114_rights_are_as_the_sentences_say(places: dict[str, Any], role: str) -> None:
    chen = holder(role, places["own"])
    seated = permissions.holdings(chen, on=date(2022, 6, 1))
    assert {each.role for each in seated} == {role}
    wrong = []
    for told in (each for each in sentences() if each.role == role):
        pilot = places[told.where]
        if permissions.allowed_by(seated, told.verb, pilot and asked_of(told.verb, pilot)) is not told.yes:
            wrong.append(f"{told.role} {'may not' if told.yes else 'may'} {told.verb} {told.where}")
    assert wrong == []


@pytest.mark.proof
@pytest.mark.parametrize("role", [role.value for role in Role])
def test_a_list_tells_what_can_be_opened_and_nothing_else(api: Any, places: dict[str, Any], role: str) -> None:
    for target in BenefitTarget.objects.all():
        projects.save(TargetVersion(target=target, title_fi="Tavoite"))
    client, known, opened = api(holder(role, places["own"])), {route.path for route in routes.api()}, 0
    for route in (each for each in routes.api() if each.is_list and f"{each.path}1/" in known):
        told = {row["id"] for row in client.get(f"{route.path}?page_size=100").json()["results"]}
        rows = route.view.cls.model._default_manager.values_list("pk", flat=True)
        found = {pk for pk in rows if client.get(f"{route.path}{pk}/").status_code == 200}
        assert told == found, (route.path, told, found)
        opened += len(found)
    assert opened, "everybody sees themselves"


def asked_of(verb: str, pilot: Any) -> Any:
    """What the right is asked of: a programme, a benefit target that the project serves, or what the project has."""
    if verb in OF_A_TARGET:
        return pilot.project.target_links.get().target
    return pilot.project.programme if verb in OF_A_PROGRAMME else pilot


OF_A_TARGET = {"record_measurement", "correct_measurement"}
OF_A_PROGRAMME = {
    "edit_programme", "move_programme", "close_programme", "write_update", "write_plan", "approve_plan",
    "take_over_programme", "size_group", "appoint", "name_chair", "check_quota", "record_joint_event", "draft_target",
    "record_drafting", "propose_target", "approve_target", "return_target", "correct_version", "end_target",
    "replace_target", "correct_phase", "approve_measurement", "plan_project", "accept_support",
}  # fmt: skip


def test_a_job_does_what_is_its_own_and_nothing_else() -> None:
    report = history.Job("report")
    assert permissions.may(report, "open_report") and not permissions.may(report, "confirm_report")
    assert not any(permissions.may(history.Job("unknown"), verb) for verb in permissions.TABLE)

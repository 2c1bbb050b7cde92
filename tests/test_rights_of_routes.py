"""Sound requests to every route that writes, by people of each role: who may gets further, who may not is told so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from rest_framework import serializers

from portfolio.api import Input, Ref
from portfolio.api.moves import Move
from portfolio.decisions.models import Body, Decision, Wish
from portfolio.directory.api import AccountInput, AccountViewSet
from portfolio.people import drafts
from portfolio.people.models import Role
from portfolio.programmes.models import Phase, PhaseMove, Programme, ProgrammeSector, ProgrammeUpdate
from portfolio.strategy.models import CouncilAction, Goal
from portfolio.translations import commands as remarks
from projects.lessons.models import Lesson
from projects.money.models import Budget, Funding
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Partner, ProjectPartner
from reporting.models import Report, Snapshot
from tests import routes, story
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.decisions import factories as decided
from tests.portfolio.steering import factories as steering
from tests.projects import factories as projects
from tests.reporting import factories as reports
from tests.test_routes import sentences

PEOPLE = {
    "ana": Role.DIRECTOR, "sirpa": Role.SECRETARY, "uma": Role.USER_ADMIN, "aud": Role.AUDITOR,
    "bo": Role.COUNCIL_MEMBER,
}  # fmt: skip
SEE_ALL = ("ana", "sirpa", "aud")
# What creates something by itself, for its answer is kept by nobody.
NOT_KEPT = {AccountViewSet.create: AccountInput}
NOT_THE_DIRECTORS = {each.verb for each in sentences() if each.role == Role.DIRECTOR and not each.yes}


class Write(NamedTuple):
    """A way to write: the method, the path with {id}, the model of what is there, and what it takes."""

    method: str
    path: str
    model: Any
    given: type[Input] | None
    move: Move | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def writes() -> Iterator[Write]:
    for route in routes.api():
        room, actions = getattr(route.view, "cls", None), getattr(route.view, "actions", {})
        for method, action in tuple(actions.items()):
            if method not in ("post", "patch"):
                continue
            move = room.way(action)
            given = move.given if move else NOT_KEPT.get(getattr(room, action))
            path = route.path.removeprefix("/api/v1/")
            yield Write(method, path.replace("/1/", "/{id}/"), room.model, given, move)


def value(field: Any) -> Any:
    """Something that the field takes."""
    if isinstance(field, Ref):
        found = field.model._default_manager.order_by("pk").last()
        return found and found.pk
    if isinstance(field, Input):
        return body(type(field))
    if isinstance(field, serializers.ListSerializer):
        return [body(type(field.child))]
    if isinstance(field, serializers.ListField):
        return [value(field.child)]
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    for kind, told in (
        (serializers.DateTimeField, "2022-06-01T12:00:00+03:00"),
        (serializers.DateField, "2022-06-01"),
        (serializers.BooleanField, True),
        (serializers.IntegerField, 2),
        (serializers.DecimalField, "2"),
        (serializers.EmailField, "chen@city.invalid"),
        (serializers.URLField, "https://city.invalid/"),
        (serializers.DictField, {}),
        (serializers.JSONField, {}),
    ):
        if isinstance(field, kind):
            return told
    return "Esimerkki"


def body(given: type[Input] | None) -> dict[str, Any]:
    """A request that says all that must be said."""
    fields = given().fields.items() if given else ()
    return {name: value(field) for name, field in fields if field.required}


@pytest.fixture
def world(setup_people: story.People, monkeypatch: pytest.MonkeyPatch) -> story.People:
    """One of everything that somebody may write to."""
    monkeypatch.setattr(decided, "_sections", count(500))
    pilot = projects.pilot(state="running")
    project, programme = pilot.project, pilot.project.programme
    group = steering.group(programme)
    bo = steering.member(group, "elected", "Bo")
    steering.deputy(bo, "Eeva")
    steering.chair(group, bo.person)
    indicator = benefits.indicator(benefits.draft(programme, code="HT1"))
    benefits.measured(indicator)
    body, decision = Body.objects.first(), Decision.objects.first()
    day = date(2022, 6, 1)
    partner = projects.save(Partner(name="Esimerkkiyhtiö", kind="company"))
    for record in (
        CouncilAction(goal=Goal.objects.first(), order=1, text_fi="Esimerkki"),
        Wish(decision=decision, order=1, text_fi="Esimerkki"),
        ProgrammeSector(programme=programme, body=body),
        PhaseMove(programme=programme, phase="running", effective_on=day),
        ProgrammeUpdate(programme=programme, status_on=day, summary_fi="Esimerkki"),
        Milestone(project=project, order=1, name_fi="Etappi", planned_on=day, forecast_on=day),
        Risk(programme=programme, title_fi="Viive", likelihood=2, impact=2, owner=bo.person, identified_on=day),
        Lesson(project=project, learnt_fi="Kysy ensin", learnt_on=day),
        StatusReport(project=project, status_on=day, standing="green"),
        Budget(programme=programme, year=2022, total=10),
        Funding(programme=programme, year=2022, source="own_work", budget=10),
        ProjectPartner(project=project, partner=partner, starts_on=day),
    ):
        projects.save(record)
    remarks.translate_remark(source="Esimerkki", wording_sv="Exempel", by=story.SETUP)
    reports.frozen(reports.schedule(programme), date(2022, 6, 30))
    reports.opened(reports.schedule(programme))
    return setup_people


def send(client: story.Client, write: Write) -> Any:
    there = write.model._default_manager.order_by("pk").last()
    path = write.path.replace("{id}", str(there and there.pk))
    tag = {"If_Match": f'"{getattr(there, "version", 1)}"'} if "{id}" in write.path else {}
    return client.call(write.method, path, body(write.given), **tag)


def verbs() -> dict[str, str]:
    """The right that each way of writing asks for, as the hand-written file says."""
    lines = Path(__file__).with_name("rights_of_routes.txt").read_text().splitlines()
    parts = [line.split() for line in lines if line and not line.startswith("#")]
    return {f"{method} {path}": verb for method, path, verb in parts}


def answers(api: Any, world: story.People, names: tuple[str, ...]) -> Iterator[tuple[str, str, int, str]]:
    """Every way to write, tried by each of these people and undone: the way, the name, the status, the first code."""
    clients = {name: api(world[name]) for name in names}
    for write in writes():
        for name, client in clients.items():
            with transaction.atomic():
                answer = send(client, write)
                transaction.set_rollback(True)
            code = answer.json()["errors"][0]["code"] if answer.status_code >= 400 else ""
            yield write.name, name, answer.status_code, code


def of_drafts() -> set[str]:
    """The ways that lead to a kind of record that is hidden while it is a draft."""
    return {write.name for write in writes() if drafts.verbs(write.model) or write.model in (Report, Snapshot)}


def test_every_way_to_write_has_its_line_and_its_room_names_that_right() -> None:
    assert {write.name for write in writes()} == set(verbs())
    for write in writes():
        assert write.move is None or (write.move.right or "of_ones_own") == verbs()[write.name], write.name


@pytest.mark.proof
def test_inv_114_a_sound_request_is_answered_as_the_sentences_say(api: Any, world: story.People) -> None:
    """Who may is never told 403 or 404. Who may not is told the role, or that what they can't see is not there."""
    may = {(told.role, told.verb): told.yes for told in sentences() if told.where in ("city", "other")}
    asked, wrong, hiding = verbs(), [], of_drafts()
    for way, name, status, code in answers(api, world, tuple(PEOPLE)):
        yes = may.get((PEOPLE[name], asked[way]), False)
        if asked[way] == "of_ones_own":  # here that of the last who came, and the administrator's to end
            right = name in ("bo", "uma")
            wrong += [] if status == (200 if right else 404) else [f"{way}: {PEOPLE[name]} is told {status} {code}"]
            continue
        sees = name in SEE_ALL and way not in hiding
        hidden = (status == 404 and not sees) or code == "reference.unknown"
        right = status not in (401, 403, 404) if yes else code in ("permission.role", "permission.nobody") or hidden
        wrong += [] if right else [f"{way}: {PEOPLE[name]} is told {status} {code}"]
    assert wrong == []


@pytest.mark.proof
def test_inv_04_when_a_programme_has_closed_a_right_is_asked_for_before_it_is_refused(
    api: Any, world: story.People
) -> None:
    programme = Programme.objects.get()
    closing = projects.decision("close", name="Valtuusto", on=date(2025, 2, 3))
    programme.phase, programme.closed_by = Phase.CLOSED, closing
    projects.save(programme)
    wrong, frozen, hiding = [], set(), of_drafts()
    for way, name, status, code in answers(api, world, ("aud", "ana")):
        frozen |= {way} if code == "programme.frozen" else set()
        if verbs()[way] == "of_ones_own":
            continue
        refused = code == "permission.role" or (name == "aud" and status == 404 and way in hiding)
        refused |= name == "aud" and code == "reference.unknown"
        if (name == "aud") is not refused and verbs()[way] not in NOT_THE_DIRECTORS:
            wrong.append(f"{way}: {name} is told {status} {code}")
    assert wrong == [] and len(frozen) > 40, frozen

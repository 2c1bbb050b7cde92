"""Lists that tell where each row stands: as its detail does, by one statement more, and only if they are asked to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.benefits import commands, lines, queries
from portfolio.benefits.models import BenefitTarget, Indicator
from portfolio.people.models import Person, Role
from projects.progress import commands as progress
from projects.register.models import ProjectTarget
from tests import story
from tests.portfolio.benefits import factories
from tests.projects import factories as projects

DAYS = [date(2022, 12, 31), date(2024, 6, 30), date(2026, 1, 1)]
LIST = 3  # who asks, the rows, what is told along: a page that is not full tells its count


def costs(client: story.Client, path: str) -> tuple[int, list[dict[str, Any]]]:
    client.get(path)  # that a key is in use is noted once a while
    with CaptureQueriesContext(connection) as told:
        answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return len(told), answer.json()["results"]


@pytest.fixture
def measured(db: None) -> Indicator:
    """An indicator of a target in force, with an approved value and a newer one that waits."""
    indicator = Indicator.objects.get(target=factories.approved())
    factories.measured(indicator, approved=True)
    factories.measured(indicator, on=date(2023, 12, 31), value="75")
    return indicator


def test_an_indicator_tells_its_newest_value(measured: Indicator, ana: Person) -> None:
    cost, (row,) = costs(story.Client(ana), "indicators/")
    assert cost == LIST
    assert row["latest"] == {"value": "75.000000", "measured_on": "2023-12-31", "approved": False}
    assert row["standing"] == "not_reported", "the approved value is too old"
    detail = story.Client(ana).get(f"indicators/{measured.pk}/").json()
    assert (detail["latest"], detail["standing"]) == (row["latest"], row["standing"])


@pytest.mark.parametrize("day", DAYS)
def test_one_statement_judges_as_the_detail_does(measured: Indicator, day: date) -> None:
    average = factories.indicator(
        factories.draft(measured.target.programme, code="HT9"), code="M9", kind="average", direction="up",
        baseline_value=Decimal(3), target_value=Decimal(4), path=[],
    )  # fmt: skip
    commands.open_version(measured.target, because="Uusi mittari", by=story.SETUP)  # beside the one that is in force
    stepped = factories.draft(measured.target.programme, code="HT8")
    factories.measured(
        factories.indicator(stepped, path=[{"on": date(2023, 1, 1), "value": Decimal("80.000001")}]), approved=True
    )
    for on, value in ((date(2022, 6, 30), "3"), (date(2022, 12, 31), "5")):
        factories.measured(average, on=on, value=value, approved=True)
    found = [*lines.lines(BenefitTarget.objects.all(), on=day)]
    told = queries.targets_with_latest(on=day)
    assert {each.indicator_id: each.verdict for each in found} == {
        each.indicator.pk: each.verdict for stood in told for each in stood.indicators
    }
    assert lines.standings(found) == {stood.target.pk: stood.standing for stood in told}


def test_who_does_not_ask_does_not_pay(measured: Indicator, ana: Person) -> None:
    client = story.Client(ana)
    assert costs(client, "indicators/?fields=id,code") == (LIST - 1, [{"id": measured.pk, "code": measured.code}])
    cost, (row,) = costs(client, "benefit-targets/?fields=standing")
    assert (cost, row) == (LIST, {"standing": "not_reported"})


def test_the_past_has_no_standing(measured: Indicator, ana: Person) -> None:
    past = f"as_of=seq:{history.head().seq}"
    (row,) = story.Client(ana).get(f"indicators/?{past}").json()["results"]
    assert (row["latest"], row["standing"]) == (None, None)
    assert story.Client(ana).get(f"benefit-targets/?{past}&fields=standing").json()["results"] == [{"standing": None}]
    assert story.Client(ana).get(f"indicators/{measured.pk}/?{past}").json()["latest"] is None


def test_a_target_without_indicators_is_not_reported_on(ana: Person) -> None:
    factories.draft(code="HT2")
    (row,) = story.Client(ana).get("benefit-targets/?fields=code,standing").json()["results"]
    assert row == {"code": "HT2", "standing": None}, "a draft has promised nothing yet"


def test_a_project_tells_its_status_and_the_worst_of_its_targets(measured: Indicator, ana: Person) -> None:
    programme = measured.target.programme
    project = projects.project(programme)
    status = progress.draft_status(
        project, status_on=date(2022, 12, 31), standing="amber", text_fi="Hidastuu.", by=story.SETUP
    )
    path = "projects/?fields=id,status,standing"
    cost, (row,) = costs(story.Client(ana), path)
    assert (cost, row["status"], row["standing"]) == (LIST, None, "not_reported"), "a draft is nothing said yet"
    progress.submit_status(status, by=story.SETUP)
    (row,) = story.Client(ana).get(path).json()["results"]
    assert row["status"] == {"standing": "amber", "status_on": "2022-12-31"}
    detail = story.Client(ana).get(f"projects/{project.pk}/").json()
    assert (detail["status"], detail["standing"]) == (row["status"], row["standing"])


def test_who_sees_a_part_is_told_no_standing(measured: Indicator, ana: Person) -> None:
    """A project that works for another programme's target as well: its own manager sees both, its programme's not."""
    project = projects.project(factories.programme("toinen"))
    with history.change(by=story.SETUP):
        for served in ProjectTarget.objects.filter(project=project):
            served.ended_on = date(2022, 6, 1)
            served.checked_save()
        ProjectTarget(
            project=project, target=measured.target, role="supports", accepted_on=date(2022, 6, 1)
        ).checked_save()
    eve = story.person("Eve", Role.PROGRAMME_MANAGER, programme=project.programme)
    path = "projects/?fields=standing"
    assert story.Client(ana).get(path).json()["results"] == [{"standing": "not_reported"}]
    assert story.Client(eve).get(path).json()["results"] == [{"standing": None}]

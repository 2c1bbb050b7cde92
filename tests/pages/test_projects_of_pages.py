"""A project stands on its programme's page as it stands in the report."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from portfolio import history
from portfolio.people.models import Person
from projects.progress import commands as progress
from reporting.models import Report
from reporting.snapshot.queries import found_of, newest_snapshot
from tests import story
from tests.pages.conftest import Reader
from tests.pages.reading import markup
from tests.projects import factories as projects
from tests.reporting import factories

WORDS = {
    "fi": ("tavoitteen mukainen", "ei raportoitu", "käynnissä, viimeksi raportoitu", "suunniteltu"),
    "sv": ("enligt målet", "inte rapporterat", "pågår, senast rapporterat", "planerat"),
    "en": ("on track", "not reported", "running, last reported", "planned"),
}


@pytest.fixture
def running(db: None) -> Any:
    """A project that has told once, at the end of 2022, that all is well; and one that has not begun."""
    project = projects.project(running=True)
    told = progress.draft_status(project, status_on=date(2022, 12, 31), standing="green", by=story.SETUP)
    progress.submit_status(told, by=story.SETUP)
    projects.project(project.programme, code="P2", name_fi="Vasta aiottu")
    return project


def states(browser: Any, project: Any, query: str = "") -> list[str]:
    """What the page says of the state of each project, in words."""
    page = markup(browser.get(f"/programmes/{project.programme_id}/projects/{query}")).replace("\xad", "")
    cells = re.findall(r'<td role="cell" class="sta">(.*?)</td>', page, re.S)
    return [re.sub(r"<[^>]+>", "|", cell).strip("|") for cell in cells]


def found(report: Report) -> list[str]:
    """How the report says that each project stands."""
    found = found_of(newest_snapshot(report))
    return [each.standing for each in found.programmes[0].projects]


@pytest.mark.parametrize("language", WORDS)
def test_a_status_report_of_an_earlier_period_gives_no_standing(
    reader: Reader, ana: Person, running: Any, language: str
) -> None:
    """The page and the report judge alike: what is told of an older period is no colour of today."""
    good, none, last, planned = WORDS[language]
    browser, of = reader(ana, language), factories.schedule(running.programme)
    assert states(browser, running)[0].startswith(good), "before the first report the term counts"
    assert found(factories.frozen(of, factories.NEW_YEAR))[0] == "on_track"
    before = history.head().seq
    assert states(browser, running)[0].startswith(good)
    assert found(factories.frozen(of, factories.NEXT_YEAR))[0] == "not_reported"
    told, ahead = states(browser, running)
    assert told.startswith(none) and last in told and good not in told
    assert ahead == planned, "what has not begun has a state and no standing"
    assert states(browser, running, f"?as_of=seq:{before}")[0].startswith(good), "by the reports that were known then"

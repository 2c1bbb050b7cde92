"""What the programme's page claims of risks and money."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from portfolio import clock
from projects.money import commands as money
from tests import story
from tests.pages.reading import markup
from tests.projects import factories
from tests.projects.test_progress import a_risk

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return factories.project(running=True)


@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False)])
def test_a_mitigation_is_overdue_until_its_risk_is_closed_in_the_api_and_on_the_page(
    api, reader, ana, project, days, late
):
    by = clock.today() + timedelta(days=days)
    made = api(ana).post("risks/", a_risk(project, ana) | {"mitigate_by": by.isoformat()}).json()
    path, page = f"risks/{made['id']}/", f"/programmes/{project.programme_id}/risks/"
    told = api(ana).get(path).json()
    assert told["mitigation_overdue"] is late
    words = {"fi": "määräaika ylittynyt", "sv": "tidsfristen har gått ut", "en": "overdue"}
    for language, word in words.items():
        assert (word in markup(reader(ana, language).get(page))) is late
    api(ana).post(f"{path}close/", {"because": "Ohi."}, seen=told["version"])
    assert api(ana).get(path).json()["mitigation_overdue"] is False
    assert words["fi"] not in markup(reader(ana, "fi").get(page))


def test_figures_of_money_side_by_side_are_of_one_year_and_each_year_has_its_sum(reader, ana, project):
    years = {2023: ("400000.00", "90000.00"), 2024: ("430000.00", "70000.00")}
    for year, (own, other) in years.items():
        sources = [{"source": "appropriation", "budget": Decimal(own)}]
        sources += [{"source": "external", "funder": "Malli Oy", "budget": Decimal(other)}] if year == 2023 else []
        total = sum((each["budget"] for each in sources), Decimal(0))
        money.set_budget(project.programme, year=year, total=total, sources=sources, by=story.SETUP)
    facts, page = (markup(reader(ana, "en").get(f"/programmes/{project.programme_id}/{tab}")) for tab in ("", "money/"))
    assert "430,000\u00a0€" in facts and "t€" not in facts + page
    assert "Appropriation 2024" in facts and "External funding" not in facts
    sums = re.findall(r'class="sum"><td class="num">(\d+)</td>.*?<td class="n">([^<]+)</td>', page)
    assert [(year, re.sub(r"\D", "", told)) for year, told in sums] == [("2024", "430000"), ("2023", "490000")]

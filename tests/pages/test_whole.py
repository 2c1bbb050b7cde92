"""A verdict and a sum are the whole's, or absent: never those of the part that a reader sees."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from portfolio import clock, history
from portfolio.benefits.measuring import commands as measuring
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator
from portfolio.people.models import Person, Role
from portfolio.programmes.models import Programme
from projects.money import commands as money
from projects.register.models import Project
from tests import story
from tests.pages.reading import markup
from tests.portfolio.benefits import factories as benefits
from tests.projects import factories as projects

VALUES = {"HT1": "60", "HT2": "99", "HT3": "99"}  # from 100 to 60: one met, two far behind


@pytest.fixture(scope="module")
def entered(shared_database: str) -> int:
    """Three targets of which the first is met, and two projects; the first project serves the first target alone."""
    of = benefits.programme()
    today = clock.today()
    for code, value in VALUES.items():
        target = benefits.approved(of, code=code)
        benefits.measured(Indicator.objects.get(target=target), value=value, on=today, approved=True)
        served = {"targets": [{"target": target}]}
        made = projects.project(of, code=f"P-{code}", name_fi=f"Hanke {code}", **served)
        sources = [{"source": "appropriation", "budget": Decimal(1000)}]
        money.set_budget(of, project=made, year=2024, total=Decimal(1000), sources=sources, by=story.SETUP)
    return of.pk


@pytest.fixture
def programme(entered: int, db: None) -> Programme:
    return Programme.objects.get(pk=entered)


@pytest.fixture
def pia(programme: Programme) -> Person:
    """Manages the project of the first target, and sees no other."""
    return story.person("Pia", Role.PROJECT_MANAGER, project_id=Project.objects.get(code="P-HT1").pk)


def told(page: str) -> dict[str, str]:
    """The standing, the count and the sum that a page tells of the programme."""
    rows = re.sub(r'<form class="filters".*?</form>', " ", page, flags=re.S)  # which offers every standing
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", rows))
    found = {
        "standing": re.search(r"off track|needs attention|on track|target met|not reported", text),
        "fine": re.search(r"\d+ / \d+ met or on course", text),
        "projects": re.search(r"projects not shown to you|\d+ projects", text),
    }
    return {name: match[0] for name, match in found.items() if match}


def test_the_verdict_of_a_programme_is_the_same_for_whoever_sees_it(
    reader: Any, ana: Person, pia: Person, programme: Programme
) -> None:
    for path in ("/programmes/", f"/programmes/{programme.pk}/", f"/programmes/{programme.pk}/history/"):
        for query in ("", f"?as_of=seq:{history.head().seq}"):
            whole, part = (told(markup(reader(who).get(path + query))) for who in (ana, pia))
            assert whole["standing"] == part["standing"] == "off track", path
    listed = [told(markup(reader(who).get("/programmes/")))["fine"] for who in (ana, pia)]
    assert listed == ["1 / 3 met or on course"] * 2


def test_who_sees_a_part_is_told_how_much_there_is(reader: Any, ana: Person, pia: Person, programme: Programme) -> None:
    said = {
        "fi": "Sinulle näkyy hyötytavoitteita 1, ohjelmassa niitä on 3.",
        "sv": "Du ser 1 av programmets 3 programmål.",
        "en": "You see 1 of the programme’s 3 benefit targets.",
    }
    for language, words in said.items():
        assert words in markup(reader(pia, language).get(f"/programmes/{programme.pk}/targets/"))
        assert words not in markup(reader(ana, language).get(f"/programmes/{programme.pk}/targets/"))


def test_who_sees_no_target_is_told_no_verdict(reader: Any, bo: Person, programme: Programme) -> None:
    for path in ("/programmes/", f"/programmes/{programme.pk}/"):
        page = markup(reader(bo).get(path))
        assert "standing" not in told(page) and "fine" not in told(page), path


def test_a_sum_of_money_and_a_count_of_projects_are_the_wholes_or_absent(
    reader: Any, ana: Person, pia: Person, programme: Programme
) -> None:
    def read(who: Person, tab: str) -> str:
        return markup(reader(who).get(f"/programmes/{programme.pk}/{tab}"))

    assert "Appropriation" in read(ana, "") and "3,000" in read(ana, "money/")
    assert "Hanke HT3" in read(ana, "projects/")
    assert "Hanke HT1" in read(pia, "projects/") and "Hanke HT3" not in read(pia, "projects/")
    assert "Appropriation" not in read(pia, "")
    assert "shown to those who work" in read(pia, "money/") and "1,000" not in read(pia, "money/")
    listed = {who: markup(reader(who).get("/programmes/")) for who in (ana, pia)}
    assert told(listed[ana])["projects"] == "3 projects"
    assert told(listed[pia])["projects"] == "projects not shown to you"


def test_the_api_judges_a_target_alike_for_whoever_may_see_it(
    api: Any, ana: Person, pia: Person, programme: Programme
) -> None:
    seen = BenefitTarget.objects.get(code="HT1")
    whole, part = (api(who).get(f"benefit-targets/{seen.pk}/").json() for who in (ana, pia))
    assert whole["standing"] == part["standing"] == "met"
    assert whole["indicators"] == part["indicators"]
    unseen = BenefitTarget.objects.get(code="HT2")
    assert api(pia).get(f"benefit-targets/{unseen.pk}/").status_code == 404


def test_a_moment_of_the_past_has_the_wholes_verdict_of_then(
    reader: Any, ana: Person, pia: Person, programme: Programme
) -> None:
    then = history.head().seq
    for code in ("HT2", "HT3"):
        value = Measurement.objects.get(indicator__target__code=code)
        measuring.correct_measurement(value, value=Decimal(70), because="Tarkistus", by=ana)
    for query, standing in (("", "needs attention"), (f"?as_of=seq:{then}", "off track")):
        pages = [markup(reader(who).get(f"/programmes/{query}")) for who in (ana, pia)]
        assert [told(page)["standing"] for page in pages] == [standing] * 2


LOG = {
    "fi": ("Näet näistä", "Nämä muutokset näkyvät niille, joiden tehtäviin ne ohjelmassa kuuluvat.", "Tällaisia"),
    "sv": ("Du ser", "De här ändringarna visas för dem vars uppgifter i programmet de hör till.", "inga sådana"),
    "en": ("You see", "These changes are shown to those whose work in the programme they belong to.", "No changes of"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["sv", *(pytest.param(code, marks=pytest.mark.proof) for code in ("fi", "en"))])
def test_changes_that_a_reader_may_not_see_are_not_told_as_none(
    reader: Any, ana: Person, bo: Person, pia: Person, programme: Programme, language: str
) -> None:
    part, shut, none = LOG[language]
    outsider = story.person("Chen", Role.PROGRAMME_MANAGER, programme=benefits.programme("other"))
    insider = story.person("Ilse", Role.PROGRAMME_MANAGER, programme=programme)
    path = f"/programmes/{programme.pk}/history/"
    pages = {who: log_of(reader(who, language), path) for who in (ana, bo, pia, outsider, insider)}
    assert all(part in pages[who] for who in (bo, pia, outsider)), "a part is called a part"
    assert not any(part in pages[who] for who in (ana, insider)), "the whole is not"
    for area in ("targets", "projects", "money"):
        for who in (bo, outsider):
            page = log_of(reader(who, language), f"{path}?area={area}")
            assert shut in page and none not in page, area
        for who in (ana, insider):
            assert shut not in log_of(reader(who, language), f"{path}?area={area}")
    assert none in log_of(reader(bo, language), f"{path}?area=group"), "where there are none, there are none for all"


def log_of(browser: Any, path: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", markup(browser.get(path))))

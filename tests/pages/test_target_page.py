"""A benefit target has a page of its own: where it stands and why, what was measured, its versions, who serves it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portfolio import history
from portfolio.benefits import commands
from portfolio.benefits.measuring import commands as measuring
from portfolio.benefits.models import BenefitTarget, Indicator
from portfolio.people.models import Person, Role
from projects.register import commands as register
from tests import story
from tests.pages.conftest import Reader
from tests.pages.reading import markup, words
from tests.portfolio.benefits import factories as benefits
from tests.projects import factories as projects

BEFORE: dict[int, int] = {}


@pytest.fixture(scope="module")
def entered(shared_database: str) -> int:
    """A target measured three times: one value was corrected and approved again, the newest waits for approval."""
    target = benefits.approved()
    indicator = Indicator.objects.get(target=target)
    benefits.measured(indicator, value="95", on=date(2022, 6, 30), approved=True)
    wrong = benefits.measured(indicator, value="79", on=date(2022, 12, 31), approved=True)
    BEFORE[target.pk] = history.head().seq
    righted = measuring.correct_measurement(wrong, value=Decimal(88), because="Laskuvirhe.", by=story.SETUP)
    measuring.approve_measurement(righted, by=benefits.approver())
    benefits.measured(indicator, value="81", on=date(2023, 12, 31))
    return target.pk


@pytest.fixture
def target(entered: int, db: None) -> BenefitTarget:
    return BenefitTarget.objects.select_related("programme").get(pk=entered)


SAID = {
    "fi": ("|Mittarit|", "|odottaa hyväksyntää|", "aiemmin|79|", "|Kuka jatkaa mittaamista", "|Versio 2|"),
    "sv": ("|Mätare|", "|väntar på godkännande|", "tidigare|79|", "|Vem fortsätter mäta", "|Version 2|"),
    "en": ("|Indicators|", "|waits for approval|", "before|79|", "|Who goes on measuring", "|Version 2|"),
}


@pytest.mark.parametrize("language", SAID)
def test_a_target_tells_of_every_value_and_what_stays_open(
    reader: Reader, ana: Person, target: BenefitTarget, language: str
) -> None:
    head, waits, before, asked, second = SAID[language]
    page = words(reader(ana, language).get(f"/targets/{target.pk}/"))
    assert head in page and waits in page and "|81|Laskelma|" in page
    assert before in page and "Laskuvirhe." in page and "|Ari Hyväksyjä|" in page
    assert asked in page and second not in page, "one version is not compared"


def test_a_value_that_nobody_has_approved_is_shown_to_those_who_approve(reader: Reader, target: BenefitTarget) -> None:
    aud, path = story.person("Aud", Role.AUDITOR), f"/targets/{target.pk}/"
    manager = story.person("Manu", Role.PROGRAMME_MANAGER, programme=target.programme)
    assert "|81|" in words(reader(manager).get(path))
    page = words(reader(aud).get(path))
    assert "|81|" not in page and "waits for approval" not in page and "|88|" in page


@pytest.mark.parametrize("page", ["", "history/"])
def test_who_may_not_see_a_target_is_told_that_there_is_none(
    reader: Reader, people: story.People, target: BenefitTarget, page: str
) -> None:
    stranger = story.person("Chen", Role.PROGRAMME_MANAGER, programme=benefits.programme("other"))
    for someone in (people["bo"], people["uma"], people["dee"], stranger):
        assert reader(someone).get(f"/targets/{target.pk}/{page}").status_code == 404, someone.name
    assert reader(people["ana"]).get(f"/targets/{target.pk + 999}/{page}").status_code == 404
    assert reader(people["aud"]).get(f"/targets/{target.pk}/{page}").status_code == 200


def test_a_target_stands_on_a_day_as_it_was_known_then(reader: Reader, ana: Person, target: BenefitTarget) -> None:
    page = words(reader(ana).get(f"/targets/{target.pk}/?as_of=seq:{BEFORE[target.pk]}"))
    assert "|79|" in page and "|88|" not in page and "Corrected" not in page
    assert reader(ana).get(f"/targets/{target.pk}/?as_of=seq:0").status_code == 404, "it was not known yet"


def test_of_many_values_the_newest_are_shown_and_all_on_asking(
    reader: Reader, ana: Person, target: BenefitTarget
) -> None:
    for month in range(1, 8):
        benefits.measured(Indicator.objects.get(target=target), value=str(70 + month), on=date(2024, month, 15))
    path = f"/targets/{target.pk}/"
    page = words(reader(ana, "sv").get(path))
    assert "|77|Laskelma|" in page and "|95|Laskelma|" not in page and "|4 tidigare värden|" in page
    assert 'href="?values=all"' in markup(reader(ana).get(path))
    page = words(reader(ana, "sv").get(f"{path}?values=all"))
    assert "|77|Laskelma|" in page and "|95|Laskelma|" in page and "tidigare värden" not in page


def test_versions_stand_side_by_side_and_tell_what_each_changed(
    reader: Reader, ana: Person, target: BenefitTarget
) -> None:
    version = commands.open_version(target, because="Valtuusto kiristi tavoitetta.", by=story.SETUP)
    (plan,) = version.indicator_plans.all()
    measuring.plan_indicator(plan, target_value=Decimal(50), by=story.SETUP)
    commands.edit_draft(version, title_fi="Päästöt puolittuvat", by=story.SETUP)
    decision = benefits.council_approves(on=date(2023, 3, 6))
    commands.approve_version(version, decision=decision, by=story.SETUP)
    page = markup(reader(ana, "fi").get(f"/targets/{target.pk}/"))
    table = page.split('class="versions"')[1].split("</table>")[0]
    assert table.count('class="changed"') == 2, "the name and the figures"
    assert "Valtuusto kiristi tavoitetta." in table and f'href="/decisions/{decision.pk}/"' in table
    said = words(reader(ana, "fi").get(f"/targets/{target.pk}/"))
    assert "|Päästöt puolittuvat|" in said and "|Tavoite|60|31.12.2024|" in said and "|Tavoite|50|31.12.2024|" in said


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_shares_above_the_whole_are_marked(reader: Reader, ana: Person, target: BenefitTarget, language: str) -> None:
    path = f"/targets/{target.pk}/"
    too_much = {"fi": "yli kokonaisuuden", "sv": "mer än helheten", "en": "more than the whole"}[language]
    first = projects.project(target.programme, code="P1", targets=[{"target": target, "share": 60}])
    page = words(reader(ana, language).get(path))
    assert "|60" in page and too_much not in page
    second = projects.project(target.programme, code="P2", targets=[{"target": target, "share": 60}])
    page = words(reader(ana, language).get(path))
    assert "|120" in page and too_much in page
    assert all(f'href="/projects/{each.pk}/"' in markup(reader(ana, language).get(path)) for each in (first, second))


def test_support_counts_when_the_targets_programme_has_accepted_it(
    reader: Reader, ana: Person, target: BenefitTarget
) -> None:
    other = projects.project(benefits.programme("muu"), code="M1", name_fi="Muun ohjelman hanke")
    register.serve_target(other, target=target, share=30, support=True, by=story.SETUP)
    manager = story.person("Manu", Role.PROGRAMME_MANAGER, programme=target.programme)
    path = f"/targets/{target.pk}/"
    page = words(reader(ana).get(path))
    assert "|Muun ohjelman hanke|" in page and "|offers support|" in page and "|Together|" not in page
    assert "|A project that is not shown to you|" in words(reader(manager).get(path)), "its name is another programme's"
    register.accept_support(other, target=target, by=story.SETUP)
    page = words(reader(ana).get(path))
    assert "|supports|30%|" in page and "|Together|30%|" in page


def test_a_restated_series_names_the_one_before(reader: Reader, ana: Person, target: BenefitTarget) -> None:
    version = commands.open_version(target, because="Mittari vaihtui.", by=story.SETUP)
    (plan,) = version.indicator_plans.all()
    former = Indicator.objects.get(target=target)
    fresh = measuring.add_indicator(
        target, code="M2", kind="reach", rescaled_from=former, name_fi="Päästöt tonneina", name_sv="Utsläpp i ton",
        unit_fi="t", interval_months=12, owner=benefits.owner(), direction="down", by=story.SETUP,
    )  # fmt: skip
    measuring.plan_indicator(benefits.plan(fresh), by=story.SETUP, **benefits.FIGURES)
    measuring.leave_out_indicator(plan, by=story.SETUP)
    commands.approve_version(version, decision=benefits.council_approves(on=date(2023, 3, 6)), by=story.SETUP)
    page = words(reader(ana).get(f"/targets/{target.pk}/"))
    assert "goes on from “Päästöt”, restated on another scale" in page
    assert "|1 series that is no longer followed|" in page and "|Earlier values:|" in page and "|88|" in page


def test_a_draft_has_no_standing_and_says_its_state(reader: Reader, ana: Person, target: BenefitTarget) -> None:
    drafted = benefits.drafted(target.programme, code="HT9")
    answer = reader(ana, "fi").get(f"/targets/{drafted.pk}/")
    assert "|ohjausryhmän laatima|" in words(answer) and 'class="st ' not in markup(answer)
    bare = projects.target(target.programme, "HT8")
    assert "|HT8|" in words(reader(ana).get(f"/targets/{bare.pk}/")), "without a version it goes by its code"


def test_the_history_of_a_target_is_of_what_belongs_to_it_alone(
    reader: Reader, ana: Person, target: BenefitTarget
) -> None:
    other = benefits.approved(target.programme, code="HT2")
    page = words(reader(ana).get(f"/targets/{target.pk}/history/"))
    assert "Laskuvirhe." in page and "|88|" in page and "HT2" not in page
    assert "HT2" in words(reader(ana).get(f"/targets/{other.pk}/history/"))

"""A decision has a page of its own: all its parts, what rests on it, the way through the same matter."""

from __future__ import annotations

from datetime import date

import pytest

from portfolio.decisions import commands
from portfolio.decisions.models import Decision
from portfolio.people.models import Person
from reporting.pages.decisions import resting
from reporting.snapshot.nouns import references
from tests import story
from tests.pages.conftest import Reader
from tests.pages.reading import markup, words
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.decisions import factories
from tests.portfolio.programmes import factories as programmes

PARTS = {
    "fi": ("|hyväksyminen|", "|hylätty|", "|Liitteet|", "|tarkastettu|", "|Esittelijä|"),
    "sv": ("|godkännande|", "|förkastat|", "|Bilagor|", "|justerat|", "|Föredragande|"),
    "en": ("|approve|", "|not adopted|", "|Attachments|", "|checked|", "|Presenting officer|"),
}


def a_decision() -> Decision:
    board = factories.decision("board", "propose", decided_on=date(2021, 5, 31))
    return factories.decision(
        "council", None, section=49, case_number="2275/00.01.02/2021", presenter="Jukka Esittelijä",
        points=[{"kind": "approve", "text_fi": "Ehdotus hyväksyttiin.", "programmes": [programmes.programme()]}],
        amendments=[{"text_fi": "Poistetaan kohta 2.", "adopted": False}],
        annexes=[{"number": 1, "title_fi": "Hyötytavoitteet"}], preparers=[{"name": "Vesa Valmistelija"}],
        recipients=[{"name_fi": "Konsernihallinto"}], minutes_versions=[{"language": "fi", "official": True}],
        proposal_fi="Hyväksytään.", handling_fi="Keskustelun jälkeen päätettiin.", continues=[board],
    )  # fmt: skip


@pytest.mark.parametrize("language", PARTS)
def test_a_decision_shows_all_its_parts(reader: Reader, ana: Person, language: str) -> None:
    made = a_decision()
    answer = reader(ana, language).get(f"/decisions/{made.pk}/")
    page = words(answer)
    for said in (
        *PARTS[language],
        "|§ 49|",
        "|2275/00.01.02/2021|",
        "|Ehdotus hyväksyttiin.|",
        "|Poistetaan kohta 2.|",
    ):
        assert said in page, said
    for said in ("Jukka Esittelijä", "Vesa Valmistelija", "Konsernihallinto", "Keskustelun jälkeen päätettiin."):
        assert said in page, said
    (earlier,) = made.continues.all()
    assert f"/decisions/{earlier.earlier_id}/" in markup(answer), "the matter's earlier decision is a link"
    assert f"/decisions/{made.pk}/" in markup(reader(ana, language).get(f"/decisions/{earlier.earlier_id}/"))


def test_what_rests_on_a_decision_is_told_with_links(reader: Reader, people: story.People) -> None:
    target = benefits.approved()
    for pk, deed in ((target.approved_by_id, "approved"), (target.proposed_by_id, "proposed")):
        answer = reader(people["ana"]).get(f"/decisions/{pk}/")
        assert f"|Benefit target {deed}|" in words(answer) and f"/targets/{target.pk}/" in markup(answer)
        page = words(reader(people["bo"]).get(f"/decisions/{pk}/"))
        assert "HT1" not in page and "is shown to those who work in the programme" in page
    page = markup(reader(people["ana"]).get(f"/decisions/{target.programme.set_by_id}/"))
    assert f"/programmes/{target.programme_id}/" in page


def test_seats_and_plans_rest_on_decisions(reader: Reader, ana: Person) -> None:
    programme = programmes.running(programmes.programme())
    tenure = programme.steering_group.tenures.first()
    assert tenure.person.name in words(reader(ana).get(f"/decisions/{tenure.appointed_by_id}/"))
    plan = programme.plan.versions.get(state="approved")
    assert "|Programme plan approved|version 1.0" in words(reader(ana).get(f"/decisions/{plan.approved_by_id}/"))


def test_whatever_can_rest_on_a_decision_has_its_words() -> None:
    """A column that names a decision is told on the decision's page."""
    assert {(kind, column) for kind, columns in references().items() for column in columns} == set(resting.DEEDS)
    assert set(references()) == set(resting.THINGS)


def test_what_is_planned_or_unchecked_says_so(reader: Reader, ana: Person) -> None:
    planned = factories.decision("council", "approve", outcome="planned", planned_on=date(2027, 1, 15))
    page = words(reader(ana, "fi").get(f"/decisions/{planned.pk}/"))
    assert "|15.1.2027|esityslistalla|" in page and "|Päätökseen ei nojaa mitään.|" in page
    fresh = factories.decision("board", "approve", minutes_checked_on=None)
    assert "|ei vielä tarkastettu|" in words(reader(ana, "fi").get(f"/decisions/{fresh.pk}/"))


@pytest.mark.parametrize("page", ["", "history/"])
def test_a_decision_is_shown_to_all_with_a_task(reader: Reader, people: story.People, page: str) -> None:
    path = f"/decisions/{factories.decision().pk}/{page}"
    for name, status in (("ana", 200), ("bo", 200), ("aud", 200), ("uma", 404), ("dee", 404)):
        assert reader(people[name]).get(path).status_code == status, name


def test_its_history_tells_of_its_lines_too(reader: Reader, people: story.People) -> None:
    made = a_decision()
    commands.correct_decision(
        made, title_fi="Uusi otsikko", because="Kirjoitusvirhe.", by=people["sirpa"], seen=made.version
    )
    page = words(reader(people["ana"]).get(f"/decisions/{made.pk}/history/"))
    assert "Kirjoitusvirhe." in page and "Uusi otsikko" in page and "Poistetaan kohta 2." in page
    assert "Ehdotus hyväksyttiin." in page

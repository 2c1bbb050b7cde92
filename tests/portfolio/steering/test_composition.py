"""Who sat in the group on a day, as known on another: composition, parity and vacancies from the history."""

from datetime import date

import pytest

from portfolio import history
from portfolio.people.models import Person
from portfolio.steering import commands, queries
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories as programmes
from tests.portfolio.steering import factories

pytestmark = pytest.mark.django_db

STATUS_DATE = date(2022, 12, 31)


@pytest.fixture
def group(db):
    return factories.group(programmes.programme(), seats=2, deputies="personal")


def names(composition: queries.Composition) -> list[str | None]:
    return [seat.member.name if seat.member else None for seat in composition.seats]


def resigns(tenure, day: date) -> None:
    released = decided.decision("council", "accept_resignation", decided_on=day)
    commands.record_resignation(tenure, ends_on=day, ended_by=released, by=story.SETUP)


def test_inv_33_the_composition_of_any_day(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    factories.member(group, "official", "Chen")
    resigns(bo, date(2022, 6, 13))
    election = factories.election(decided_on=date(2022, 8, 22))
    factories.member(group, "elected", "Eeva", starts_on=date(2022, 8, 22), appointed_by=election, seat=bo.seat)

    def on(day: str) -> list[str | None]:
        seats = api(sirpa).get(f"steering-groups/{group.pk}/composition/?on={day}").json()["seats"]
        return [each["member"] and each["member"]["name"] for each in seats]

    assert on("2021-08-29") == [None, None, None, None]
    assert on("2021-08-30") == ["Bo", None, "Chen", None]
    assert on("2022-06-13") == ["Bo", None, "Chen", None]
    assert on("2022-06-14") == [None, None, "Chen", None]
    assert on("2022-12-31") == ["Eeva", None, "Chen", None]
    assert queries.parity(group.pk, date(2022, 6, 14)) == queries.Parity(2, 2, 0, 1)
    assert queries.vacancies(group.pk, date(2022, 6, 14)) == {"elected": 2, "official": 1}


def test_inv_33_the_status_date_as_it_was_known_at_the_cut(api, sirpa, group):
    bo = factories.member(group, "elected", "Bo")
    factories.chair(group, bo.person)
    cut = history.head().seq
    resigns(bo, date(2022, 11, 14))
    assert names(queries.composition(group.pk, STATUS_DATE, cut))[0] == "Bo"
    assert names(queries.composition(group.pk, STATUS_DATE))[0] is None
    assert queries.presiding(group.pk, STATUS_DATE, cut=cut).person_id == bo.person_id
    assert queries.presiding(group.pk, STATUS_DATE).person_id is None
    asked = f"steering-groups/{group.pk}/composition/?on={STATUS_DATE}&as_of=seq:{cut}"
    shown = api(sirpa).get(asked).json()
    assert (shown["as_of"], shown["seats"][0]["member"]["name"], shown["vacancies"]["elected"]) == (cut, "Bo", 1)


def test_inv_33_names_and_seats_are_those_of_then(group):
    bo = factories.member(group, "elected", "Bo")
    cut = history.head().seq
    with history.change(by=story.SETUP):
        person = Person.objects.get(pk=bo.person_id)
        person.name = "Bo Uusinimi"
        person.checked_save()
    commands.resize_group(
        group, elected_seats=3, official_seats=3, sized_by=decided.decision("council", "set"), by=story.SETUP,
        starts_on=date(2022, 1, 1),
    )  # fmt: skip
    then, now = queries.composition(group.pk, STATUS_DATE, cut), queries.composition(group.pk, STATUS_DATE)
    assert (names(then)[0], names(now)[0]) == ("Bo", "Bo Uusinimi")
    assert (then.parity.elected_seats, now.parity.elected_seats) == (2, 3)


def test_a_composition_costs_the_same_at_any_size(django_assert_num_queries):
    group = factories.group(programmes.programme(), seats=5, deputies="personal")
    for number in range(5):
        factories.deputy(factories.member(group, "elected", f"Jäsen {number}"), f"Varajäsen {number}")
    cut = history.head().seq
    with django_assert_num_queries(6):
        queries.composition(group.pk, STATUS_DATE)
    with django_assert_num_queries(6):
        queries.composition(group.pk, STATUS_DATE, cut)


def test_the_composition_is_shown_to_the_council_and_not_to_strangers(api, bo, dee, group):
    path = f"steering-groups/{group.pk}/composition/"
    assert api(bo).get(path).status_code == 200
    assert api(dee).get(path).status_code == 404
    assert api(None).get(path).status_code == 401


@pytest.mark.parametrize("query", ["on=31.12.2022", "on=2022-02-30", "day=2022-12-31"])
def test_a_day_that_is_none_is_refused(api, ana, group, query):
    path = f"steering-groups/{group.pk}/composition/?{query}"
    assert api(ana).get(path).status_code == 400


def test_a_group_unknown_at_the_cut_is_not_found(api, ana):
    before = history.head().seq
    group = factories.group(programmes.programme())
    assert api(ana).get(f"steering-groups/{group.pk}/composition/?as_of=seq:{before}").status_code == 404
    assert api(ana).get(f"steering-groups/{group.pk}/composition/?as_of=2999-01-01").status_code == 400

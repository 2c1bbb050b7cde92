"""Ana enters council terms: their dates are data, and they never overlap."""

import pytest

from portfolio.strategy.models import CouncilTerm
from tests import story
from tests.portfolio.strategy import factories

pytestmark = pytest.mark.django_db

TERM = {"label": "2021–2025", "starts_on": "2021-08-01", "ends_on": "2025-05-31"}


def test_ana_enters_a_term(api, ana):
    answer = api(ana).post("council-terms/", TERM)
    assert answer.status_code == 201
    assert answer.json()["label"] == "2021–2025"
    assert api(ana).get(f"council-terms/{answer.json()['id']}/history/").json()["count"] == 1


@pytest.mark.parametrize("who", ["bo", "aud"])
def test_who_reads_terms_does_not_write_them(api, setup_people, who):
    factories.term()
    client = api(setup_people[who])
    assert client.get("council-terms/").json()["count"] == 1
    assert client.post("council-terms/", TERM).status_code == 403


@pytest.mark.parametrize("ends_on", ["2021-08-01", "2020-12-31"])
def test_inv_01_a_term_starts_before_it_ends(api, ana, ends_on):
    story.assert_refused(api(ana), "post", "council-terms/", TERM | {"ends_on": ends_on}, code="term.range", status=400)
    assert not CouncilTerm.objects.exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [("2021-07-31", "2025-05-31"), ("2018-01-01", "2019-01-01"), ("2010-01-01", "2030-01-01")],
)
def test_inv_01_terms_do_not_overlap(api, ana, starts_on, ends_on):
    factories.term("2017–2021")
    body = {"label": "toinen", "starts_on": starts_on, "ends_on": ends_on}
    story.assert_refused(api(ana), "post", "council-terms/", body, code="term.overlap", status=409)


def test_inv_01_a_term_may_start_the_day_after_the_last_and_last_a_year_less(api, ana):
    factories.term("2017–2021")
    assert api(ana).post("council-terms/", TERM).status_code == 201


def test_inv_01_a_term_is_not_moved_onto_another(api, ana):
    factories.term("2017–2021")
    term = factories.term("2021–2025")
    story.assert_refused(
        api(ana), "patch", f"council-terms/{term.pk}/", {"starts_on": "2021-06-01"}, seen=term.version,
        code="term.overlap", status=409,
    )  # fmt: skip


def test_inv_01_the_end_of_a_term_is_moved_with_an_election(api, ana):
    term = factories.term("2017–2021")
    answer = api(ana).patch(
        f"council-terms/{term.pk}/", {"ends_on": "2021-07-30", "because": "Vaalit siirtyivät."}, seen=term.version
    )
    assert (answer.status_code, answer.json()["ends_on"]) == (200, "2021-07-30")
    assert api(ana).get(f"council-terms/{term.pk}/history/").json()["results"][0]["reason"] == "Vaalit siirtyivät."


def test_two_terms_have_two_names(api, ana):
    factories.term("2021–2025")
    body = {"label": "2021–2025", "starts_on": "2031-01-01", "ends_on": "2032-01-01"}
    story.assert_refused(api(ana), "post", "council-terms/", body, code="term.duplicate", status=409)


def test_inv_116_a_second_editor_is_told(api, ana):
    term = factories.term()
    path = f"council-terms/{term.pk}/"
    assert api(ana).patch(path, {"label": "2021-25"}, seen=term.version).status_code == 200
    answer = api(ana).patch(path, {"label": "muu"}, seen=term.version)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (412, "edit.stale")

"""An import file is cleaned as anything that is typed, and what can't be read is listed with its place."""

import copy

import pytest

from portfolio import history
from portfolio.people.models import Person
from tests import story
from tests.portfolio.importing.conftest import REGISTER


@pytest.mark.django_db
def test_an_import_is_cleaned_and_comes_again_without_a_change(run, older):
    register = copy.deepcopy(REGISTER)
    register["people"][0]["name"] = "\ufeffChe\u0301n\u00a0Esimerkki \U0001f30a"
    done = run(register)
    assert (done.status, done.lines) == (0, []), done.lines
    assert Person.objects.get(key="older:chen").name == "Chén\u00a0Esimerkki 🌊"
    head = history.head()
    register["people"][0]["name"] = "Chén\u00a0Esimerkki 🌊"
    assert (run(register).status, history.head()) == (0, head)


@pytest.mark.django_db
def test_an_import_of_a_row_stored_before_finds_nothing_new(run, older):
    run(older)
    person = Person.objects.get(key="older:chen")
    with history.change(by=story.SETUP):
        person.name = "Che\u0301n Esimerkki\ufeff"
        person.save()
    register, head = copy.deepcopy(REGISTER), history.head()
    register["people"][0]["name"] = "Chén Esimerkki"
    assert (run(register).status, history.head()) == (0, head)


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["\0", "\ufffd", "\ue000"])
def test_an_import_lists_what_cannot_be_read(run, sign):
    register = copy.deepcopy(REGISTER)
    register["programmes"][0]["name"]["fi"] = f"Puhdas{sign} kaupunki"
    done = run(register)
    [line] = [line for line in done.lines if "text.unreadable" in line]
    assert done.status == 1 and line.startswith("/programmes/0/name/fi (p): ") and f"U+{ord(sign):04X}" in line

"""A request asks for its day and its reader's roles once; what changes them counts at once, everywhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from portfolio import asking, clock, history
from portfolio.history.models import ChangeSet
from portfolio.people import permissions
from portfolio.people.models import Person, Role, RoleAssignment
from tests.story import SETUP

TODAY_AND_ROLES = 2  # the day, the roles assigned and by a seat


def give(person: Person, role: str) -> RoleAssignment:
    return RoleAssignment(person=person, role=role, starts_on=date(2017, 1, 1)).checked_save()


def test_a_request_asks_for_the_roles_once(ana: Person, django_assert_num_queries: Any) -> None:
    with asking.one_request():
        with django_assert_num_queries(TODAY_AND_ROLES):
            assert permissions.may(ana, "write_strategy") and permissions.may(ana, "open_report")
        with django_assert_num_queries(0):
            assert permissions.may(Person(pk=ana.pk, name="Ana"), "write_strategy"), "known by the id, not the object"
            assert clock.today()


def test_outside_a_request_nothing_is_remembered(ana: Person, django_assert_num_queries: Any) -> None:
    with asking.one_request():
        permissions.holdings(ana)
    for _ in range(2):
        with django_assert_num_queries(TODAY_AND_ROLES):
            permissions.holdings(ana)


def test_a_role_counts_in_the_change_that_gave_it_and_after_it(dee: Person) -> None:
    with asking.one_request():
        assert not permissions.role_names(dee)
        with history.change(by=SETUP):
            given = give(dee, Role.SECRETARY)
            assert permissions.role_names(dee) == {"secretary"}
        assert permissions.role_names(dee) == {"secretary"}
        with history.change(by=SETUP):
            given.ends_on = date(2017, 1, 2)
            given.checked_save()
            assert not permissions.role_names(dee)
        assert not permissions.role_names(dee)


def test_a_command_goes_by_the_rights_of_its_own_moment(dee: Person) -> None:
    with asking.one_request():
        permissions.role_names(dee)
        with history.change(by=SETUP), pytest.raises(PermissionDenied):
            permissions.require(dee, "write_strategy")
    with asking.one_request(), history.change(by=SETUP):
        give(dee, Role.DIRECTOR)
        permissions.require(dee, "write_strategy")


def test_a_change_has_one_day_of_its_own(dee: Person, django_assert_num_queries: Any) -> None:
    with history.change(by=SETUP), django_assert_num_queries(0):
        assert clock.today() == clock.today()
    with asking.one_request():
        clock.today()
        with history.change(by=SETUP), django_assert_num_queries(0):
            assert clock.today() == clock.today()


def test_a_change_knows_the_roles_it_is_signed_with_until_it_saves(ana: Person, django_assert_num_queries: Any) -> None:
    with history.change(by=ana):
        with django_assert_num_queries(0):
            assert permissions.role_names(ana) == {"director"}
        given = give(ana, Role.SECRETARY)
        assert permissions.role_names(ana) == {"director", "secretary"}
        given.delete()
        assert permissions.role_names(ana) == {"director"}


def test_whoever_has_left_signs_with_no_role(ana: Person) -> None:
    with history.change(by=SETUP):
        ana.active = False
        ana.checked_save()
    with history.change(by=ana) as opened:
        assert permissions.role_names(ana) == set()
        assert ChangeSet.objects.get(seq=opened.seq).role == ""


def test_what_a_change_took_back_is_not_remembered(dee: Person) -> None:
    with asking.one_request():
        with pytest.raises(ZeroDivisionError), history.change(by=SETUP):
            give(dee, Role.SECRETARY)
            assert permissions.role_names(dee) == {"secretary"}
            raise ZeroDivisionError
        assert not permissions.role_names(dee)


def test_somebody_deactivated_holds_nothing_at_once(ana: Person) -> None:
    with asking.one_request():
        assert permissions.role_names(ana)
        ana.active = False
        assert not permissions.role_names(ana)


def test_one_request_knows_nothing_of_another(ana: Person, dee: Person) -> None:
    with asking.one_request():
        assert permissions.role_names(ana)
        with asking.one_request():
            assert not permissions.role_names(dee)
        assert permissions.role_names(ana)
    assert asking.once("today", lambda: 1) == 1 and asking.once("today", lambda: 2) == 2

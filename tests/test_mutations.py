"""Rules taken away one by one: the test that is named after each then fails, so it is no toy (run by ./run proof)."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import sql

from portfolio import city, history
from portfolio.decisions import governance
from portfolio.people import commands as people
from portfolio.people import holdings, permissions
from portfolio.people.models import Account

STRATEGY, DECISIONS = "tests.portfolio.strategy.test_council_terms", "tests.portfolio.decisions.test_record_decision"
PROGRAMMES, PROJECTS = "tests.portfolio.programmes.test_set_programme", "tests.projects.test_register"
STEERING, PILOTS, PEOPLE = (
    "tests.portfolio.steering.test_groups", "tests.projects.test_pilots", "tests.portfolio.people.test_people",
)  # fmt: skip
REMARKS = "tests.portfolio.translations.test_translated_remarks"
Patch = Callable[[pytest.MonkeyPatch], None]


class Mutation(NamedTuple):
    """A rule, by the constraint that holds it or the patch that takes it away, and the test that must notice."""

    module: str
    test: str
    rule: str | Patch

    @property
    def name(self) -> str:
        return f"{self.rule if isinstance(self.rule, str) else self.rule.__name__}-{self.test}"


def anybody_may(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(permissions, "require", lambda by, verb, thing=None: None)


def any_case_number_will_do(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(city.CaseForm, "fits", lambda form, number: True)


def everybody_sees_all(patch: pytest.MonkeyPatch) -> None:
    monkey = lambda found, by, *, past=False: found  # noqa: E731
    patch.setattr(permissions, "visible", monkey)
    from portfolio.api import RoomViewSet

    patch.setattr(RoomViewSet, "visible", staticmethod(monkey))


def any_body_decides(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(governance, "lacks", lambda *given, **more: [])
    patch.setattr(governance, "require", lambda *given, **more: None)


def the_last_editor_wins(patch: pytest.MonkeyPatch) -> None:
    lock = history.lock
    patch.setattr(history, "lock", lambda model, pk, *, seen=None: lock(model, pk))


def accounts_outlive_their_people(patch: pytest.MonkeyPatch) -> None:
    """Both layers: an account that stays open, and keys and sessions that stay good."""
    patch.setattr(Account, "is_active", property(lambda self: True))
    patch.setattr(people, "end_access", lambda person: None)


def roles_have_no_dates(patch: pytest.MonkeyPatch) -> None:
    ever = "SELECT role, programme_id, project_id, unit_id FROM portfolio_roleassignment WHERE person_id = %(person)s"
    patch.setattr(holdings, "HELD", ever)
    patch.setattr(holdings, "remember", lambda *told, on: None)


MUTATIONS = [
    Mutation(STRATEGY, "test_inv_01_a_term_starts_before_it_ends", "term_starts_before_it_ends"),
    Mutation(STRATEGY, "test_inv_01_terms_do_not_overlap", "terms_do_not_overlap"),
    Mutation(STRATEGY, "test_inv_116_a_second_editor_is_told", the_last_editor_wins),
    Mutation(DECISIONS, "test_inv_06_a_case_number_has_its_form", any_case_number_will_do),
    Mutation(DECISIONS, "test_inv_05_no_section_below_one_in_the_database", "section_is_1_or_more"),
    Mutation(
        DECISIONS, "test_inv_07_no_planned_decision_without_its_time_in_the_database", "planned_decision_says_when"
    ),
    Mutation(DECISIONS, "test_inv_05_body_day_and_section_are_unique", "decision_once_by_body_day_and_section"),
    Mutation(PROGRAMMES, "test_inv_02_a_name_is_used_once_in_a_term", "programme_named_once_in_a_term"),
    Mutation(PROGRAMMES, "test_inv_02_a_code_is_used_once_in_a_term", "programme_coded_once_in_a_term"),
    Mutation(PROGRAMMES, "test_inv_03_only_the_council_sets_a_programme", any_body_decides),
    Mutation(STEERING, "test_inv_21_as_many_seats_for_officials_as_for_elected", "half_elected_half_officials"),
    Mutation(PROJECTS, "test_inv_71_a_project_ends_after_it_starts", "project_starts_before_it_ends"),
    Mutation(PROJECTS, "test_inv_70_a_share_is_a_percentage", "project_target_share_in_percent"),
    Mutation(
        PROJECTS, "test_inv_80_no_cancelling_without_a_reason_in_the_database", "project_cancelled_for_a_reason"
    ),
    Mutation(PROJECTS, "test_inv_75_the_delivery_mode_is_one_of_three", "project_delivery_known"),
    Mutation(
        PILOTS, "test_inv_79_no_adopted_pilot_without_its_decision_in_the_database", "pilot_adopted_by_a_line_decision"
    ),
    Mutation(PILOTS, "test_inv_79_the_programme_does_not_record_its_own_adoption", anybody_may),
    Mutation(REMARKS, "test_a_remark_has_one_translation", "remark_translated_once"),
    Mutation(REMARKS, "test_no_translation_without_a_wording", "remark_has_a_wording"),
    Mutation(REMARKS, "test_no_translation_into_its_own_language", "remark_not_translated_from_fi_into_itself"),
    Mutation(REMARKS, "test_only_the_office_translates", anybody_may),
    Mutation(PEOPLE, "test_a_role_is_held_once_at_a_time", "role_held_once"),
    Mutation(PEOPLE, "test_the_register_is_for_the_office_and_each_sees_themselves", everybody_sees_all),
    Mutation(PEOPLE, "test_a_deactivated_person_is_out_on_the_next_request", accounts_outlive_their_people),
    Mutation(PEOPLE, "test_inv_115_rights_begin_with_the_first_day_and_end_with_the_last", roles_have_no_dates),
]  # fmt: skip


def drop(owner: psycopg.Connection[Any], constraint: str) -> None:
    """Take a constraint out of the test's own database, as its owner could by mistake."""
    asked = "SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = %s"
    found = owner.execute(asked, [constraint]).fetchone()
    if found is None:
        owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(constraint)))
    else:
        table, name = sql.Identifier(found[0]), sql.Identifier(constraint)
        owner.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, name))


def cases(test: Callable[..., None]) -> list[dict[str, Any]]:
    """The parameters with which a test is run, or none."""
    for mark in getattr(test, "pytestmark", []):
        if mark.name == "parametrize":
            names, rows = mark.args[0], mark.args[1]
            names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
            return [dict(zip(names, row if len(names) > 1 else [row], strict=True)) for row in rows]
    return [{}]


def run(mutation: Mutation, request: pytest.FixtureRequest) -> None:
    """Each case of the test, until one fails."""
    from django.db import transaction

    test = getattr(importlib.import_module(mutation.module), mutation.test)
    for case in cases(test):
        names = inspect.signature(test).parameters
        given = {name: case[name] if name in case else request.getfixturevalue(name) for name in names}
        with transaction.atomic():
            test(**given)
            transaction.set_rollback(True)


@pytest.mark.proof
@pytest.mark.parametrize("mutation", [pytest.param(each, id=each.name) for each in MUTATIONS])
def test_a_rule_that_is_taken_away_is_missed_by_its_test(
    own_database: str,
    as_owner: Any,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    mutation: Mutation,
) -> None:
    if isinstance(mutation.rule, str):
        drop(as_owner, mutation.rule)
    else:
        mutation.rule(monkeypatch)
    request.getfixturevalue("db")
    with pytest.raises((AssertionError, KeyError, pytest.fail.Exception)):
        run(mutation, request)

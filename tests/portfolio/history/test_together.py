"""Records that are written together: whoever reads in between reads them; alone they would have come to the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models.expressions import RawSQL

from portfolio import history
from portfolio.history import Job
from portfolio.history.models import ChangeEntry
from portfolio.history.together import AT_ONCE, current, together
from portfolio.ledger import triggers
from portfolio.ledger.verification import verify
from portfolio.people.models import Person, RoleAssignment
from portfolio.refusals import Refused
from portfolio.strategy.models import CouncilTerm
from projects.money.models import Budget
from projects.progress.models import Milestone
from tests.portfolio.history import records

pytestmark = pytest.mark.django_db
TRIAL = Job("trial")


@contextmanager
def writing() -> Iterator[None]:
    with history.change(by=TRIAL) as opened, together(opened.seq):
        yield


@pytest.fixture
def sent() -> Iterator[list[str]]:
    """The statements that are sent while the test runs."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def writes(sent: list[str]) -> list[str]:
    return [sql for sql in sent if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


def people(count: int) -> list[Person]:
    return [Person(name=f"Person {number}").checked_save() for number in range(count)]


@pytest.mark.parametrize("model", records.every_tracked(), ids=lambda model: model._meta.label)
def test_a_record_of_any_kind_is_made_and_changed(model: Any) -> None:
    with writing():
        row = records.unsaved(model)
        assert current().save(row)  # type: ignore[union-attr]
    with writing():
        known = history.lock(model, row.pk)
        known.key = records.another_key()
        assert current().save(known) and known.version == 2  # type: ignore[union-attr]
    now = model._base_manager.get(pk=row.pk)
    made, changed = model.history.filter(id=row.pk).order_by("history_id")
    assert (made.history_type, made.version, made.key) == ("+", 1, None)
    assert (changed.history_type, records.state(changed, model)) == ("~", records.state(now, model))
    assert records.state(now, model) == records.state(known, model) and verify().sound


@pytest.mark.parametrize("model", records.every_insert_only(), ids=lambda model: model._meta.label)
def test_a_record_of_any_kind_that_is_written_once_is_made(model: Any) -> None:
    with history.change(by=TRIAL) as opened, together(opened.seq):
        row = records.unsaved(model)
        assert current().save(row) and row.seq == opened.seq  # type: ignore[union-attr]
    now = model._base_manager.get(pk=row.pk)
    given = {name: value for name, value in records.state(row, model).items() if name not in triggers.OWN_COLUMNS}
    assert given.items() <= records.state(now, model).items() and len(now.row_sha256) == 64
    assert ChangeEntry.objects.get(relation=model._meta.db_table, object_id=row.pk).row_sha256 == now.row_sha256
    assert verify().sound


def test_rows_of_a_kind_are_one_statement_and_as_many_rows_of_the_past(sent: list[str]) -> None:
    with writing():
        made = people(20)
        assert not writes(sent)
    assert len(writes(sent)) == 1
    assert {(one.pk, one.name) for one in Person.objects.all()} == {(one.pk, one.name) for one in made}
    assert Person.history.filter(history_type="+").count() == 20 and verify().sound


def test_no_more_wait_than_may(sent: list[str]) -> None:
    with writing():
        people(AT_ONCE + 1)
        assert len(writes(sent)) == 1


def test_whoever_reads_the_kind_reads_what_waits_and_whoever_reads_another_lets_it_wait(sent: list[str]) -> None:
    with writing():
        people(3)
        assert not CouncilTerm.objects.exists() and not writes(sent)
        assert Person.objects.count() == 3
        people(2)
        assert Person.history.count() == 5, "the triggers' rows are read too"
        people(2)
        assert CouncilTerm.objects.annotate(n=RawSQL("SELECT count(*) FROM portfolio_person", ())).count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM portfolio_person")
            assert cursor.fetchone() == (7,)
            people(1)
            cursor.execute("SELECT count(*) FROM (VALUES (1)) AS one, portfolio_person")
            assert cursor.fetchone() == (8,)


def test_a_row_is_one_object_however_it_is_found() -> None:
    with history.change(by=TRIAL):
        kept = records.made(RoleAssignment)
    with writing():
        role = RoleAssignment.objects.get(pk=kept.pk)
        assert history.lock(RoleAssignment, kept.pk) is role
        assert RoleAssignment.objects.select_related("person").get() is role
        assert Person.objects.get(pk=role.person_id) is role.person
        role.person.name = "Bo"
        role.person.checked_save()
        assert history.lock(Person, role.person_id).name == "Bo" and role.person.version == 2
        assert Person.objects.only("name").get() is not role.person, "what was fetched in part is nobody's whole"
    assert Person.objects.get().name == "Bo"
    assert RoleAssignment.objects.get() is not role, "after the block everybody fetches anew"


def test_each_change_of_a_row_leaves_its_row_of_the_past_and_one_that_changes_nothing_none() -> None:
    with writing():
        (ana,) = people(1)
        for name in ("Ana", "Ana", "Bo", "Chen"):
            ana.name = name
            ana.checked_save()
        assert ana.version == 4
    past = Person.history.order_by("history_id").values_list("name", "version", "history_type")
    assert list(past) == [("Person 0", 1, "+"), ("Ana", 2, "~"), ("Bo", 3, "~"), ("Chen", 4, "~")]
    assert Person.objects.get().version == 4 and verify().sound


def test_rows_that_change_in_different_columns_keep_the_others() -> None:
    with history.change(by=TRIAL):
        people(3)
    with writing():
        first, second, third = Person.objects.order_by("pk")
        first.unit, second.email, third.unit = "Sivistys", "b@example.org", "Tekninen"
        for one in (first, second, third):
            one.checked_save()
    assert list(Person.objects.order_by("pk").values_list("name", "unit", "email")) == [
        ("Person 0", "Sivistys", ""), ("Person 1", "", "b@example.org"), ("Person 2", "Tekninen", ""),
    ]  # fmt: skip


def test_values_arrive_as_they_were_given() -> None:
    with history.change(by=TRIAL):
        project = records.made(models_of("projects.Project"))
    with writing():
        words = "Rivi 1\nRivi 2 – “lainaus” \\ \" ' % %s {} \u2028 😀"
        Milestone(
            project=project, name_fi=words, planned_on=date(2024, 2, 29), forecast_on=date(2024, 2, 29)
        ).checked_save()
        Budget(programme=project.programme, project=project, year=2024, total=Decimal("1234567.89")).checked_save()
        states = {"summary": {"sv": {"state": "official", "of": "x" * 64}}}
        kept = history.lock(models_of("projects.Project"), project.pk)
        kept.texts = states
        kept.checked_save()
        states["summary"]["sv"]["state"] = "changed afterwards"
    made = Milestone.objects.get()
    words = words.replace("\n", " ").replace(" \u2028", "")  # a name has one line
    assert (made.name_fi, made.planned_on, made.reached_on) == (words, date(2024, 2, 29), None)
    assert Budget.objects.get().total == Decimal("1234567.89")
    assert models_of("projects.Project").objects.get().texts["summary"]["sv"]["state"] == "official"


def test_what_is_changed_inside_a_value_is_seen() -> None:
    with writing():
        project = records.unsaved(models_of("projects.Project"), texts={"summary": {"sv": {"state": "draft"}}})
        project.checked_save()
        project.texts["summary"]["sv"]["state"] = "official"
        project.checked_save()
    assert models_of("projects.Project").objects.get().texts["summary"]["sv"]["state"] == "official"


def test_parts_fetched_with_a_whole_are_known_until_one_is_saved(sent: list[str]) -> None:
    with history.change(by=TRIAL):
        role = records.made(RoleAssignment)
    with writing():
        person = history.lock(Person, role.person_id)
        models.prefetch_related_objects([person], "roles")
        sent.clear()
        assert list(person.roles.all()) == [history.lock(RoleAssignment, role.pk)] and not sent
        records.unsaved(
            RoleAssignment, person=person, starts_on=date(2001, 1, 1), ends_on=date(2001, 1, 2)
        ).checked_save()
        assert len(person.roles.all()) == 2


def test_a_field_refuses_at_once_and_a_constraint_when_the_rows_are_written() -> None:
    with writing(), pytest.raises(Refused, match=r"field\.required"):
        Person(name="").checked_save()
    assert not Person.objects.exists()
    with pytest.raises(DatabaseError, match="term_starts_before_it_ends"), writing():
        CouncilTerm(label="2021", starts_on=date(2021, 6, 1), ends_on=date(2021, 5, 31)).checked_save()
    assert not CouncilTerm.objects.exists() and not ChangeEntry.objects.exists()


def test_a_frozen_row_stays_frozen_when_what_freezes_it_waits_with_what_it_forbids() -> None:
    version = models_of("portfolio.TargetVersion")
    with history.change(by=TRIAL):
        kept = records.made(version, state="draft", title_fi="Ennen", because="")
        approved_by = records.made(models_of("portfolio.Decision"))
    with pytest.raises(DatabaseError, match="frozen"), writing():
        draft = history.lock(version, kept.pk)
        draft.state, draft.approved_by, draft.approved_on = "approved", approved_by, date(2022, 1, 1)
        draft.checked_save()
        draft.title_fi = "Jälkeen"
        draft.checked_save()
    assert version.objects.get().title_fi == "Ennen" and version.objects.get().state == "draft"


def test_nothing_is_written_of_a_block_that_fails() -> None:
    with pytest.raises(ZeroDivisionError), writing():
        people(2)
        raise ZeroDivisionError
    assert not Person.objects.exists()


def test_after_a_write_of_somebody_elses_everything_is_fetched_anew() -> None:
    with writing():
        ana, bo = people(2)
        Person.objects.filter(pk=ana.pk).update(name="Ana")
        assert history.lock(Person, ana.pk).name == "Ana"
        bo.name = "Bo"
        bo.checked_save()
        assert bo.version == 2, "saved by itself, as a record that the block no longer knows"
    assert set(Person.objects.values_list("name", flat=True)) == {"Ana", "Bo"} and verify().sound


def test_what_a_savepoint_takes_back_is_gone() -> None:
    with writing():
        people(1)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Person(name="Taken back").checked_save()
            raise ZeroDivisionError
        people(1)
    assert set(Person.objects.values_list("name", flat=True)) == {"Person 0"} and Person.objects.count() == 2
    assert verify().sound


def test_a_deleted_row_is_gone_for_all() -> None:
    with writing():
        ana, _ = people(2)
        ana.delete()
        assert Person.objects.count() == 1
        with pytest.raises(Person.DoesNotExist):
            history.lock(Person, 1 << 40)
    assert verify().sound


def models_of(label: str) -> Any:
    return next(model for model in records.every_tracked() if model._meta.label == label)

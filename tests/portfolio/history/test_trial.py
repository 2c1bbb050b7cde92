"""What is tried keeps nobody waiting and never stays; what it wrote is written again, and leaves the same past."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from portfolio import history
from portfolio.history import Job
from portfolio.history.models import ChangeEntry, ChangeSet
from portfolio.history.trial import trial, write_again
from portfolio.ledger import triggers
from portfolio.ledger.verification import verify
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.strategy.models import CouncilTerm
from projects.money.models import Budget
from projects.progress.models import Milestone
from tests.portfolio.history import records
from tests.portfolio.history.test_refusing import runtime

__all__ = ["runtime"]
TRIAL = Job("trial")


@contextmanager
def writing() -> Iterator[None]:
    """What is done in the block is tried, taken back, and written again."""
    with trial(by=TRIAL) as tried:
        yield
        states = tried.written()
    with history.change(by=TRIAL):
        write_again(states)


@pytest.fixture
def sent() -> Iterator[list[str]]:
    """The statements that are sent while the test runs."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def people(count: int) -> list[Person]:
    return [Person(name=f"Person {number}").checked_save() for number in range(count)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", records.every_tracked(), ids=lambda model: model._meta.label)
def test_a_record_of_any_kind_is_made_and_changed(model: Any) -> None:
    with writing():
        row = records.unsaved(model)
        row.save()
    with writing():
        known = history.lock(model, row.pk)
        known.key = records.another_key()
        known.save()
    now = model._base_manager.get(pk=row.pk)
    made, changed = model.history.filter(id=row.pk).order_by("history_id")
    assert (made.history_type, made.version, made.key) == ("+", 1, None)
    assert (changed.history_type, records.state(changed, model)) == ("~", records.state(now, model))
    assert (now.version, now.key) == (2, known.key) and verify().sound


@pytest.mark.django_db
@pytest.mark.parametrize("model", records.every_insert_only(), ids=lambda model: model._meta.label)
def test_a_record_of_any_kind_that_is_written_once_is_made(model: Any) -> None:
    with writing():
        row = records.unsaved(model)
        row.save()
    now = model._base_manager.get(pk=row.pk)
    own = {"seq", *triggers.OWN_COLUMNS}
    given = {name: value for name, value in records.state(row, model).items() if name not in own}
    assert given.items() <= records.state(now, model).items() and len(now.row_sha256) == 64
    assert now.seq == history.head().seq
    assert ChangeEntry.objects.get(relation=model._meta.db_table, object_id=row.pk).row_sha256 == now.row_sha256
    assert verify().sound


@pytest.mark.django_db
def test_new_rows_of_a_kind_are_one_statement_and_as_many_rows_of_the_past(sent: list[str]) -> None:
    with trial(by=TRIAL) as tried:
        made = people(20)
        states = tried.written()
    sent.clear()
    with history.change(by=TRIAL):
        write_again(states)
    assert len([sql for sql in sent if sql.startswith(("INSERT", "UPDATE", "DELETE"))]) == 1
    assert {(one.pk, one.name) for one in Person.objects.all()} == {(one.pk, one.name) for one in made}
    assert Person.history.filter(history_type="+").count() == 20 and verify().sound


@pytest.mark.django_db
def test_whoever_reads_in_a_trial_reads_what_was_written_and_nobody_after_it() -> None:
    head = history.head()
    with trial(by=TRIAL) as tried:
        people(3)
        assert Person.objects.count() == Person.history.count() == 3 and history.head() == head
        people(2)
        with history.change(by=TRIAL), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM portfolio_person")
            assert cursor.fetchone() == (5,)
        assert [state.op for state in tried.written()] == ["+"] * 5
    assert not Person.objects.exists() and not Person.history.exists() and not ChangeEntry.objects.exists()
    assert history.head() == head and not ChangeSet.objects.exists() and verify().sound


@pytest.mark.django_db
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


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_row_that_makes_room_for_another_does_so_again() -> None:
    with history.change(by=TRIAL):
        first, second = (records.made(models_of("portfolio.Programme"), key=key) for key in ("one", "two"))
    with writing():
        for row, key in ((first, None), (second, "one"), (first, "two")):
            row.key = key
            row.save()
    assert list(type(first).objects.order_by("pk").values_list("key", flat=True)) == ["two", "one"]
    assert first.history.count() == 3 and second.history.count() == 2 and verify().sound


@pytest.mark.django_db
def test_states_of_many_rows_are_a_statement_a_round_and_each_row_keeps_its_order(sent: list[str]) -> None:
    """Made, renamed and renamed again in turn, and of two kinds in between: three statements, and one for the terms."""
    with trial(by=TRIAL) as tried:
        for number in range(5):
            (person,) = people(1)
            CouncilTerm(
                label=f"{number}", starts_on=date(2001 + number, 6, 1), ends_on=date(2002 + number, 5, 31)
            ).checked_save()
            for name in ("Bo", f"Chen {number}"):
                person.name = name
                person.checked_save()
        states = tried.written()
    sent.clear()
    with history.change(by=TRIAL):
        write_again(states)
    assert len([sql for sql in sent if sql.startswith(("INSERT", "UPDATE"))]) == 4
    for number, each in enumerate(Person.objects.order_by("pk")):
        past = each.history.order_by("history_id").values_list("name", "version")
        assert list(past) == [("Person 0", 1), ("Bo", 2), (f"Chen {number}", 3)]
    assert CouncilTerm.objects.count() == 5 and verify().sound


@pytest.mark.django_db
def test_a_trial_fetches_a_record_and_what_it_belongs_to_once_until_it_is_saved(sent: list[str]) -> None:
    """Whoever locks it has a record of their own; outside of a trial each lock asks."""
    with history.change(by=TRIAL):
        project = records.made(models_of("projects.Project"), texts={"summary": {}})
        Milestone(
            project=project, name_fi="Etappi", planned_on=date(2024, 2, 29), forecast_on=date(2024, 2, 29)
        ).checked_save()
    kind, milestone = type(project), Milestone.objects.get()

    def fetched() -> int:
        return len([sql for sql in sent if sql.startswith("SELECT *") and "history_" not in sql])

    with trial(by=TRIAL, whole=True):
        sent.clear()
        first, second = history.lock(kind, project.pk), history.lock(Milestone, milestone.pk)
        assert second.project.programme == first.programme and fetched() == 3
        assert len([sql for sql in sent if sql.startswith("SELECT")]) == 3, "what it belongs to was not asked for again"
        first.code, first.texts["summary"] = "QQ", {"sv": {}}
        again = history.lock(kind, project.pk)
        assert (again.code, again.texts, fetched()) == (project.code, {"summary": {}}, 3)
        first.checked_save()
        assert history.lock(kind, project.pk).code == "QQ" and fetched() == 4
        second.delete()
        with pytest.raises(Milestone.DoesNotExist):
            history.lock(Milestone, milestone.pk)
    sent.clear()
    with history.change(by=TRIAL):
        assert history.lock(kind, project.pk).code == history.lock(kind, project.pk).code == project.code
    assert fetched() == 2


@pytest.mark.django_db
def test_values_arrive_as_they_were_given() -> None:
    with history.change(by=TRIAL):
        project = records.made(models_of("projects.Project"))
    with writing():
        words = "Rivi 1\nRivi 2 – “lainaus” \\ \" ' % %s {} (a,b) \u2028 😀"
        Milestone(
            project=project, name_fi=words, planned_on=date(2024, 2, 29), forecast_on=date(2024, 2, 29)
        ).checked_save()
        Budget(programme=project.programme, project=project, year=2024, total=Decimal("1234567.89")).checked_save()
        kept = history.lock(models_of("projects.Project"), project.pk)
        kept.texts = {"summary": {"sv": {"state": "official", "of": "x" * 64}}}
        kept.checked_save()
    made = Milestone.objects.get()
    words = words.replace("\n", " ").replace(" \u2028", "")  # a name has one line
    assert (made.name_fi, made.planned_on, made.reached_on) == (words, date(2024, 2, 29), None)
    assert Budget.objects.get().total == Decimal("1234567.89")
    assert models_of("projects.Project").objects.get().texts["summary"]["sv"]["state"] == "official"


@pytest.mark.django_db
def test_what_is_changed_inside_a_value_is_seen() -> None:
    with writing():
        project = records.unsaved(models_of("projects.Project"), texts={"summary": {"sv": {"state": "draft"}}})
        project.checked_save()
        project.texts["summary"]["sv"]["state"] = "official"
        project.checked_save()
    assert models_of("projects.Project").objects.get().texts["summary"]["sv"]["state"] == "official"
    assert models_of("projects.Project").history.count() == 2


@pytest.mark.django_db
def test_a_field_and_a_constraint_refuse_at_once() -> None:
    with trial(by=TRIAL), pytest.raises(Refused, match=r"field\.required"):
        Person(name="").checked_save()
    with trial(by=TRIAL), pytest.raises(Refused, match=r"term\.range"):
        CouncilTerm(label="2021", starts_on=date(2021, 6, 1), ends_on=date(2021, 5, 31)).checked_save()
    assert not CouncilTerm.objects.exists() and not ChangeEntry.objects.exists()


@pytest.mark.django_db
def test_in_a_whole_nothing_keeps_a_savepoint_and_the_first_refusal_ends_it(sent: list[str]) -> None:
    with pytest.raises(transaction.TransactionManagementError), history.change(by=TRIAL, whole=True):
        with history.change(by=TRIAL):
            people(1)
        assert not [sql for sql in sent if "SAVEPOINT" in sql][1:]  # the test's own transaction has the change's
        with pytest.raises(Refused):
            CouncilTerm(label="2021", starts_on=date(2021, 6, 1), ends_on=date(2021, 5, 31)).checked_save()
        people(1)
    assert not Person.objects.exists() and not ChangeEntry.objects.exists()


@pytest.mark.django_db
def test_a_frozen_row_stays_frozen_when_what_freezes_it_is_written_with_what_it_forbids() -> None:
    version = models_of("portfolio.TargetVersion")
    with history.change(by=TRIAL):
        kept = records.made(version, state="draft", title_fi="Ennen", because="")
        approved_by = records.made(models_of("portfolio.Decision"))
    with pytest.raises((DatabaseError, Refused), match="frozen"), writing():
        draft = history.lock(version, kept.pk)
        draft.state, draft.approved_by, draft.approved_on = "approved", approved_by, date(2022, 1, 1)
        draft.checked_save()
        draft.title_fi = "Jälkeen"
        draft.checked_save()
    assert version.objects.get().title_fi == "Ennen" and version.objects.get().state == "draft"


@pytest.mark.django_db
def test_nothing_is_written_of_a_block_that_fails() -> None:
    with pytest.raises(ZeroDivisionError), writing():
        people(2)
        raise ZeroDivisionError
    assert not Person.objects.exists() and history.head().seq == 0


@pytest.mark.django_db
def test_what_is_written_past_the_models_is_written_again_too() -> None:
    with writing():
        ana, bo = people(2)
        Person.objects.filter(pk=ana.pk).update(name="Ana")
        assert history.lock(Person, ana.pk).name == "Ana"
        bo.name = "Bo"
        bo.checked_save()
        assert bo.version == 2
    assert set(Person.objects.values_list("name", flat=True)) == {"Ana", "Bo"} and verify().sound


@pytest.mark.django_db
def test_what_a_savepoint_takes_back_is_gone() -> None:
    with writing():
        people(1)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Person(name="Taken back").checked_save()
            raise ZeroDivisionError
        people(1)
    assert set(Person.objects.values_list("name", flat=True)) == {"Person 0"} and Person.objects.count() == 2
    assert verify().sound


@pytest.mark.django_db
def test_a_deleted_row_is_gone_for_all() -> None:
    with writing():
        ana, _ = people(2)
        ana.delete()
        assert Person.objects.count() == 1
        with pytest.raises(Person.DoesNotExist):
            history.lock(Person, 1 << 40)
    assert Person.objects.count() == 1 and Person.history.filter(history_type="-").count() == 1
    assert verify().sound


@pytest.mark.parametrize(
    "after",
    [
        "",
        "SELECT history_close()",
        "SELECT history_open('job', NULL, '', 'by hand', NULL, '', '')",
        "SELECT set_config('salkku.change', '', true)",
        "SET CONSTRAINTS ALL IMMEDIATE",
    ],
)
def test_a_trial_is_never_kept_whoever_asks_for_its_commit(runtime: psycopg.Connection[Any], after: str) -> None:
    with pytest.raises(psycopg.DatabaseError, match="no_change_set") as refused, runtime.transaction():
        runtime.execute("SELECT history_try('by hand')")
        runtime.execute(
            "INSERT INTO portfolio_person (name, title_fi, title_sv, title_en, email, phone, council_group, unit, "
            "active, provenance) VALUES ('Mallory', '', '', '', '', '', '', '', true, 'recorded')"
        )
        if after:
            runtime.execute(after)
    assert refused.value.sqlstate == "SK001"
    assert not Person.objects.exists() and not ChangeSet.objects.exists() and verify().sound


def test_who_saves_beside_a_trial_saves_at_once(own_database: str) -> None:
    """A second connection saves, and asks for the past of this very moment, while the trial has written."""
    seen: list[Any] = []

    def beside() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            with history.change(by=TRIAL):
                Person(name="Beside").checked_save()
        seen.append((history.seq_at(history.head().recorded_at), list(Person.objects.values_list("name", flat=True))))
        connection.close()

    with trial(by=TRIAL) as tried:
        people(1)
        saver = threading.Thread(target=beside)
        saver.start()
        saver.join(20)
        assert seen == [(tried.head + 1, ["Beside"])]
    with history.change(by=TRIAL) as opened:
        assert opened.seq == tried.head + 2, "so that whoever has tried can tell"
    assert verify().sound


def models_of(label: str) -> Any:
    return next(model for model in records.every_tracked() if model._meta.label == label)

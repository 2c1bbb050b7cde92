"""A migration signs its rows, brings triggers along, and the past only grows: old states still rebuild and verify."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

from portfolio import history
from portfolio.history import Job
from portfolio.history.models import ChangeSet
from portfolio.ledger import triggers
from portfolio.ledger.migrating import HistoryExecutor, PastRewritten, Together, adapted, together
from portfolio.ledger.verification import verify
from portfolio.people.models import Person

TRIAL = Job("trial")
PAST = "historicalperson"


@pytest.fixture
def before(owner: Any) -> Iterator[ProjectState]:
    """Two people and a change, and the models as the migrations before knew them."""
    with history.change(by=TRIAL):
        ana = Person.objects.create(name="Ana", unit="Planning")
        Person.objects.create(name="Bo")
    with history.change(by=TRIAL):
        Person.objects.filter(pk=ana.pk).update(unit="Works")
    connection.check_constraints()
    state = ProjectState()
    for model in (Person, Person.history.model):
        state.add_model(ModelState.from_model(model))
    yield state
    apps.clear_cache()


def migrate(state: ProjectState, *operations: Any) -> ProjectState:
    """As our `migrate` applies one migration."""
    migration = migrations.Migration("trial", "portfolio")
    migration.operations = list(operations)
    executor = HistoryExecutor(connection)
    executor.recorder.ensure_schema()
    return executor.apply_migration(state, migration)


def column(table: str, name: str) -> bool:
    with connection.cursor() as cursor:
        return name in triggers.layout(cursor).get(table, {})


def added(name: str, field: Any) -> list[Any]:
    return [migrations.AddField(model, name, field.clone()) for model in ("person", PAST)]


def rename_everybody(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("UPDATE portfolio_person SET name = name || '!', nickname = 'nick'")


def test_rows_of_a_migration_are_signed_and_carry_the_new_column(before: ProjectState) -> None:
    migrate(
        before, *added("nickname", models.CharField(max_length=20, null=True)), migrations.RunPython(rename_everybody)
    )
    change = ChangeSet.objects.latest("seq")
    assert (change.seq, change.kind, change.job) == (3, "migration", "migrate portfolio.trial")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, nickname FROM portfolio_person_history WHERE history_seq = 3 ORDER BY id")
        assert cursor.fetchall() == [("Ana!", "nick"), ("Bo!", "nick")]
    assert [row.name for row in history.rows(Person, 2)] == ["Ana", "Bo"]
    assert [row.unit for row in history.rows(Person, 1)] == ["Planning", ""]
    assert verify().sound


def test_a_renamed_column_stands_beside_the_old_one_in_the_past(before: ProjectState) -> None:
    renames = [migrations.RenameField(model, "unit", "office") for model in ("person", PAST)]
    migrate(before, *renames)
    assert not column("portfolio_person", "unit")
    assert column("portfolio_person_history", "unit") and column("portfolio_person_history", "office")
    with connection.cursor() as cursor:
        cursor.execute("SELECT history_open('job', NULL, '', 'trial', NULL, '', '')")
        cursor.execute("UPDATE portfolio_person SET office = 'Parks' WHERE name = 'Ana'")
        cursor.execute("SELECT history_close()")
        cursor.execute("SELECT office FROM portfolio_person_history WHERE name = 'Ana' ORDER BY history_seq")
        assert cursor.fetchall() == [("Planning",), ("Works",), ("Parks",)]
        with pytest.raises(DatabaseError, match="history.append_only"), transaction.atomic():
            cursor.execute("UPDATE portfolio_person_history SET office = 'Mallory' WHERE office = 'Planning'")
    assert verify().sound


def test_an_erasure_reaches_what_a_column_was_called_before(before: ProjectState, monkeypatch: Any, owner: Any) -> None:
    monkeypatch.setattr(Person, "personal", (*Person.personal, "office"))
    migrate(before, *(migrations.RenameField(model, "unit", "office") for model in ("person", PAST)))
    owner.execute(
        "SELECT history_open('job', NULL, '', 'erasure', NULL, '', ''); UPDATE portfolio_person SET office = 'Parks';"
        "SELECT history_redact('portfolio_person', id, '{office,unit}', 'x') FROM portfolio_person WHERE name = 'Ana';"
        "SELECT history_close()"
    )
    owner.execute("SELECT DISTINCT office, coalesce(unit, '') FROM portfolio_person_history WHERE name = 'Ana'")
    assert owner.fetchall() == [("", "")]
    assert verify().sound and verify().redacted == 4


def test_a_dropped_column_stays_in_the_past(before: ProjectState) -> None:
    migrate(before, *(migrations.RemoveField(model, "unit") for model in ("person", PAST)))
    assert not column("portfolio_person", "unit") and column("portfolio_person_history", "unit")
    assert verify().sound


def test_the_past_is_never_retyped_or_moved(before: ProjectState) -> None:
    for wished in (
        migrations.AlterField(PAST, "unit", models.IntegerField(null=True)),
        migrations.AlterField(PAST, "unit", models.CharField(max_length=10, null=True)),
        migrations.AlterModelTable(PAST, "another"),
        migrations.RenameModel("HistoricalPerson", "HistoricalHuman"),
    ):
        state = before.clone()
        (step,) = adapted([wished])
        after = state.clone()
        step.state_forwards("portfolio", after)
        with pytest.raises(PastRewritten), connection.schema_editor() as editor:
            step.database_forwards("portfolio", editor, state, after)


def test_a_wider_column_keeps_old_hashes_true(before: ProjectState) -> None:
    wider = models.CharField(max_length=400, null=True)
    migrate(before, *(migrations.AlterField(model, "unit", wider.clone()) for model in ("person", PAST)))
    assert verify().sound


def test_a_migration_that_writes_nothing_leaves_no_change_set(before: ProjectState) -> None:
    head = history.head()
    migrate(before, *added("nickname", models.CharField(max_length=20, null=True)))
    assert history.head() == head


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'portfolio_person'")
        return {name for (name,) in cursor.fetchall()}


def test_indexes_in_a_row_are_taken_and_given_back_together(before: ProjectState) -> None:
    wished = [
        migrations.AddIndex("person", models.Index(fields=["unit"], name="by_unit")),
        migrations.AddConstraint("person", models.UniqueConstraint(fields=["name", "unit"], name="named_once")),
    ]
    (step,) = together(wished)
    assert isinstance(step, Together) and "by_unit" in step.describe()
    state = before.clone()
    after = migrate(state.clone(), *wished)
    assert {"by_unit", "named_once"} <= indexes()
    with connection.schema_editor() as editor:
        step.database_backwards("portfolio", editor, after, state)
    assert not {"by_unit", "named_once"} & indexes()


def test_steps_that_see_each_other_are_taken_one_by_one() -> None:
    fields = [("id", models.BigAutoField(primary_key=True))]
    wished = [
        *(migrations.CreateModel(name, list(fields)) for name in ("A", "B")),
        *(migrations.AddField("a", name, models.TextField()) for name in ("x", "y")),
        *(migrations.AddField("a", name, models.ForeignKey("B", models.PROTECT, to_field="x")) for name in ("b", "c")),
        *(migrations.AlterField("a", name, models.TextField(null=True)) for name in ("x", "y")),
        migrations.AddIndex("a", models.Index(fields=["x"], name="by_x")),
        migrations.RunSQL("SELECT 1"),
    ]
    kinds = [type(step).__name__ for step in together(wished)]
    assert kinds == ["Together", "Together", *["AddField"] * 2, *["AlterField"] * 2, "AddIndex", "RunSQL"]


def test_our_migrate_is_the_only_one(before: ProjectState) -> None:
    assert issubclass(HistoryExecutor, MigrationExecutor)
    from portfolio.management.commands.migrate import Command

    assert Command.__module__.startswith("portfolio.")

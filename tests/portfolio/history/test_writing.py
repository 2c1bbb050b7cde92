"""Every way to write leaves a correct row of the past, for every tracked model, as the runtime role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from portfolio import history
from portfolio.history import Job
from portfolio.history.models import ChangeEntry, ChangeSet
from portfolio.ledger.verification import verify
from tests.portfolio.history import records

pytestmark = pytest.mark.django_db
TRIAL = Job("trial")
Model = type[models.Model]
NAMED = "(key, name, title_fi, title_sv, title_en, email, phone, council_group, unit, active, provenance)"
VALUES = "'n' || n, 'Person', '', '', '', '', '', '', '', true, 'recorded'"
WRITES: dict[str, Callable[[Model, Any, str, Any], Any]] = {}


def writes(function: Callable[[Model, Any, str, Any], Any]) -> Callable[[Model, Any, str, Any], Any]:
    WRITES[function.__name__] = function
    return function


@writes
def save(model: Model, row: Any, column: str, value: Any) -> None:
    setattr(row, column, value)
    row.save()


@writes
def save_of_a_few_fields_while_others_are_dirty(model: Model, row: Any, column: str, value: Any) -> None:
    row.provenance = "demonstration"
    setattr(row, column, value)
    row.save(update_fields=[column])


@writes
def update(model: Model, row: Any, column: str, value: Any) -> None:
    model._base_manager.filter(pk=row.pk).update(**{column: value})


@writes
def bulk_update(model: Model, row: Any, column: str, value: Any) -> None:
    setattr(row, column, value)
    model._base_manager.bulk_update([row], [column])


@writes
def upsert(model: Model, row: Any, column: str, value: Any) -> None:
    setattr(row, column, value)
    model._base_manager.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=[column])


@writes
def expression(model: Model, row: Any, column: str, value: Any) -> None:
    setattr(row, column, Concat(Value(""), Value(value)))
    row.save()


@writes
def after_select_for_update(model: Model, row: Any, column: str, value: Any) -> None:
    locked = model._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    setattr(locked, column, value)
    locked.save()


@writes
def raw_sql(model: Model, row: Any, column: str, value: Any) -> None:
    _execute(f'UPDATE {model._meta.db_table} SET "{column}" = %s WHERE id = %s', [value, row.pk])


@writes
def raw_merge(model: Model, row: Any, column: str, value: Any) -> None:
    _execute(
        f"MERGE INTO {model._meta.db_table} t USING (SELECT %s::bigint AS id) s ON t.id = s.id "
        f'WHEN MATCHED THEN UPDATE SET "{column}" = %s',
        [row.pk, value],
    )


@writes
def loaded_fixture(model: Model, row: Any, column: str, value: Any) -> None:
    setattr(row, column, value)
    for loaded in serializers.deserialize("json", serializers.serialize("json", [row])):
        loaded.save()
    connection.check_constraints()


@writes
def update_or_create(model: Model, row: Any, column: str, value: Any) -> None:
    model._base_manager.update_or_create(pk=row.pk, defaults={column: value})


@pytest.mark.parametrize("model", records.every_tracked(), ids=lambda model: model._meta.label)
def test_every_way_to_change_a_row(model: Model) -> None:
    with history.change(by=TRIAL, because="made"):
        row = records.made(model)
    version = row.version
    for name, write in WRITES.items():
        column, value = "key", records.another_key()
        with history.change(by=TRIAL, because=name) as opened:
            write(model, model._base_manager.get(pk=row.pk), column, value)
        version += 1
        past = _only(model, opened.seq)
        now = model._base_manager.get(pk=row.pk)
        assert getattr(now, column) == value, name
        assert now.version == version, name
        assert (past.history_type, past.history_change_reason) == ("~", name)
        assert records.state(past, model) == records.state(now, model), name
        assert records.state(history.row(model, row.pk, opened.seq), model) == records.state(now, model)
        assert getattr(history.row(model, row.pk, opened.seq - 1), column) != value, name


@pytest.mark.parametrize("model", records.every_tracked(), ids=lambda model: model._meta.label)
def test_every_way_to_make_and_to_delete_a_row(model: Model) -> None:
    def create() -> Any:
        return records.made(model)

    def bulk_create() -> Any:
        (row,) = model._base_manager.bulk_create([records.unsaved(model)])
        return row

    def raw_insert() -> Any:
        row = records.unsaved(model)
        columns = [field for field in model._meta.concrete_fields if not field.primary_key]
        names = ", ".join(f'"{field.column}"' for field in columns)
        values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in columns]
        marks = ", ".join(["%s"] * len(columns))
        _execute(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks}) RETURNING id", values)
        return model._base_manager.latest("pk")

    def instance(row: Any) -> None:
        row.delete()

    def queryset(row: Any) -> None:
        model._base_manager.filter(pk=row.pk).delete()

    def raw_delete(row: Any) -> None:
        model._base_manager.filter(pk=row.pk)._raw_delete(using="default")

    for make, delete in zip((create, bulk_create, raw_insert), (instance, queryset, raw_delete), strict=True):
        with history.change(by=TRIAL, because="make") as opened:
            row = model._base_manager.get(pk=make().pk)
        past = _only(model, opened.seq, pk=row.pk)
        assert past.history_type == "+" and row.version == 1
        assert records.state(past, model) == records.state(row, model), make.__name__
        pk = row.pk
        with history.change(by=TRIAL, because="delete") as gone:
            delete(row)
        assert _only(model, gone.seq, pk=pk).history_type == "-", delete.__name__
        assert history.row(model, pk, gone.seq) is None
        assert records.state(history.row(model, pk, gone.seq - 1), model)["id"] == pk
        assert pk not in set(history.rows(model, gone.seq).values_list("id", flat=True))
        assert pk in set(history.rows(model, gone.seq - 1).values_list("id", flat=True))


@pytest.mark.parametrize("model", records.every_tracked(), ids=lambda model: model._meta.label)
def test_a_write_that_changes_nothing_leaves_nothing(model: Model) -> None:
    with history.change(by=TRIAL):
        row = records.made(model)
    head = history.head()
    with history.change(by=TRIAL, because="nothing"):
        row.save()
        model._base_manager.filter(pk=row.pk).update(provenance=F("provenance"))
        _execute(f"UPDATE {model._meta.db_table} SET version = version + 7 WHERE id = %s", [row.pk])
    assert model._base_manager.get(pk=row.pk).version == row.version
    assert history.head() == head
    assert ChangeSet.objects.count() == head.seq


@pytest.mark.parametrize("model", records.every_tracked(), ids=lambda model: model._meta.label)
def test_a_write_without_a_change_set_is_refused(model: Model) -> None:
    with history.change(by=TRIAL):
        row = records.made(model)
    attempts: list[Callable[[], Any]] = [
        lambda: model._base_manager.filter(pk=row.pk).update(key="another"),
        lambda: model._base_manager.filter(pk=row.pk)._raw_delete(using="default"),
        lambda: model._base_manager.bulk_create([type(row)(**(records.state(row, model) | {"id": None, "key": None}))]),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            attempt()
        assert refused.value.__cause__.sqlstate in ("SK001", "SK003", "23505", "23P01"), refused.value
        if attempt is attempts[0]:
            assert refused.value.__cause__.sqlstate == "SK001"


@pytest.mark.parametrize("model", records.every_insert_only(), ids=lambda model: model._meta.label)
def test_a_row_that_is_written_once(model: Model) -> None:
    with history.change(by=TRIAL) as opened:
        row = records.made(model)
    assert (row.seq, len(row.row_sha256)) == (opened.seq, 64) and row.salt
    entry = ChangeEntry.objects.get(relation=model._meta.db_table, object_id=row.pk)
    assert (entry.seq, entry.op, entry.row_sha256) == (opened.seq, "+", row.row_sha256)
    assert history.row(model, row.pk, opened.seq - 1) is None
    assert history.row(model, row.pk, opened.seq) == row
    for sql in ("UPDATE {} SET provenance = 'recorded'", "DELETE FROM {}", "TRUNCATE {}"):
        with history.change(by=TRIAL), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            _execute(sql.format(model._meta.db_table))
    with pytest.raises(DatabaseError, match="history.no_change_set"), transaction.atomic():
        _execute(f"INSERT INTO {model._meta.db_table} SELECT * FROM {model._meta.db_table} LIMIT 1")


def test_a_reference_set_to_null_when_its_row_goes_leaves_a_row_of_the_past() -> None:
    """No model of ours sets a reference to null by itself, so the statement is what Django would send."""
    schedule = _model("projects.Project")
    person = _model("portfolio.Person")
    with history.change(by=TRIAL):
        manager = records.made(person)
        project = records.made(schedule, manager=manager)
    with history.change(by=TRIAL) as opened:
        schedule._base_manager.filter(manager=manager).update(manager=None)
        manager.delete()
    assert history.row(schedule, project.pk, opened.seq).manager_id is None
    assert history.row(schedule, project.pk, opened.seq - 1).manager_id is not None
    assert history.row(person, manager.pk or 0, opened.seq) is None


def test_one_statement_makes_changes_and_deletes_many_rows() -> None:
    """Each row is kept once, with what was done to it; one that came out as it was leaves nothing."""
    with history.change(by=TRIAL):
        _execute(f"INSERT INTO portfolio_person {NAMED} SELECT {VALUES} FROM generate_series(1, 6) AS n")
    with history.change(by=TRIAL) as opened:
        _execute(
            "WITH gone AS (DELETE FROM portfolio_person WHERE key = 'n1'), "
            "changed AS (UPDATE portfolio_person SET unit = 'Works' WHERE key = 'n2'), "
            f"made AS (INSERT INTO portfolio_person {NAMED} SELECT {VALUES} FROM generate_series(7, 8) AS n) "
            f"INSERT INTO portfolio_person {NAMED} SELECT {VALUES} FROM unnest('{{3,4,5,6,9,10}}'::int[]) AS n "
            "ON CONFLICT (key) DO UPDATE SET unit = CASE excluded.key WHEN 'n3' THEN '' ELSE 'Parks' END"
        )
    past = _model("portfolio.Person").history.filter(history_seq=opened.seq)
    assert sorted(past.values_list("key", "history_type", "unit", "version")) == [
        ("n1", "-", "", 1),
        ("n10", "+", "", 1),
        ("n2", "~", "Works", 2),
        *((f"n{number}", "~", "Parks", 2) for number in (4, 5, 6)),
        *((f"n{number}", "+", "", 1) for number in (7, 8, 9)),
    ]
    assert ChangeEntry.objects.filter(seq=opened.seq).count() == 9 and verify().sound


def test_a_statement_that_meets_no_row_needs_no_change_set() -> None:
    head = history.head()
    for sql in ("UPDATE portfolio_person SET name = 'Mallory'", "DELETE FROM portfolio_person"):
        _execute(f"{sql} WHERE id = -1")
    _execute("INSERT INTO portfolio_person SELECT * FROM portfolio_person WHERE id = -1")
    assert history.head() == head


def test_rows_of_a_copy_are_kept_as_any_others() -> None:
    """COPY fires the triggers of a statement."""
    person = _model("portfolio.Person")
    with history.change(by=TRIAL) as opened, connection.cursor() as cursor:
        names = "name, title_fi, title_sv, title_en, email, phone, council_group, unit, active, provenance, version"
        with cursor.copy(f"COPY portfolio_person ({names}) FROM STDIN") as copy:
            for number in range(3):
                copy.write_row((f"Copied {number}", "", "", "", "", "", "", "", True, "recorded", 9))
    past = person.history.filter(history_seq=opened.seq)  # type: ignore[attr-defined]
    assert [row.name for row in past.order_by("id")] == ["Copied 0", "Copied 1", "Copied 2"]
    assert {row.version for row in past} == {1}


def test_a_row_says_who_when_and_why() -> None:
    person = _model("portfolio.Person")
    with history.change(by=TRIAL):
        ana = records.made(person, name="Ana")
    with history.change(by=ana, because="Ana moved", on_behalf_of=ana) as opened:
        person._base_manager.filter(pk=ana.pk).update(unit="Other")
    past, entered = _only(person, opened.seq), ChangeSet.objects.get(seq=opened.seq)
    assert (past.history_user_id, past.history_change_reason, past.history_date) == (
        ana.pk,
        "Ana moved",
        entered.recorded_at,
    )
    assert (entered.kind, entered.actor_id, entered.on_behalf_of_id, entered.job) == ("command", ana.pk, ana.pk, "")
    line = ChangeEntry.objects.get(seq=opened.seq)
    assert (line.relation, line.object_id, line.op, line.history_id) == (
        "portfolio_person",
        ana.pk,
        "~",
        past.history_id,
    )


def test_the_identity_of_a_row_never_changes() -> None:
    person = _model("portfolio.Person")
    with history.change(by=TRIAL):
        row = records.made(person)
        with pytest.raises(DatabaseError, match="history.identity"), transaction.atomic():
            person._base_manager.filter(pk=row.pk).update(id=row.pk + 1000)


def test_loaded_fixtures_do_not_end_a_change_set() -> None:
    """Loading checks constraints at once, which fires what waits for the commit; the command goes on all the same."""
    person = _model("portfolio.Person")
    fields = {"name": "Loaded", "title_fi": "", "title_sv": "", "title_en": ""}
    with history.change(by=TRIAL) as opened:
        connection.check_constraints()
        for loaded in serializers.deserialize(
            "python", [{"model": "portfolio.person", "pk": 991234, "fields": fields}]
        ):
            loaded.save()
        connection.check_constraints()
        records.made(person, name="After")
        connection.check_constraints()
    names = {row.name for row in person.history.filter(history_seq=opened.seq)}
    assert names == {"Loaded", "After"}
    assert verify().sound


def _model(label: str) -> Any:
    from django.apps import apps

    return apps.get_model(label)


def _only(model: Any, seq: int, pk: int | None = None) -> Any:
    past = model.history.filter(history_seq=seq)
    return past.get(id=pk) if pk else past.get()


def _execute(sql: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)

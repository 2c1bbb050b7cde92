"""Every constraint of the database is seen to bite: a write that breaks it alone is refused by its name.

Without the constraint the same write is taken, so it was this rule and nothing else that refused it. A constraint
without a line fails. Foreign keys are not tried, nor is what a column may not lack.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from psycopg.conninfo import conninfo_to_dict

from portfolio import history, refusals
from tests.constraints import portfolio_rows, project_rows, steering_rows
from tests.constraints.desk import Desk, Model, Rows, Said
from tests.story import SETUP

ROOMS = (portfolio_rows.ROWS, steering_rows.ROWS, project_rows.ROWS)
ROWS = Rows(*({name: said for room in ROOMS for name, said in room[part].items()} for part in range(3)))  # type: ignore[arg-type]
PACKAGES = ("portfolio", "projects", "reporting")

# What no request can break, so that it needs no words of its own: the program alone writes these rows or columns.
WITHOUT_WORDS = {
    "one_installation", "live_clock_is_true", "one_head", "a_person_or_a_job", "remark_known_by_its_words",
    "snapshot_by_its_payload", "findings_by_their_payload", "blob_by_its_content",
    "snapshot_of_a_report_or_of_another_kind", "work_of_a_document",
}  # fmt: skip

# Of a state in which a trigger lets no row begin, of a kind of which it lets none.
UNBEGUN = {"noted_by_a_decision", "snapshot_of_a_report_or_of_another_kind"}
ALONE = {"live_clock_is_true"}  # of a table that has its one row already

# A write that breaks the first breaks the others too; they are taken away before.
COVERED = {
    # PostgreSQL can't build the range of a role that ends before it starts.
    "role_period": ("role_held_once",),
    "role_of_no_project": ("role_on_a_known_project",),
    "portfolio_steeringgroup_elected_seats_check": ("half_elected_half_officials",),
    "portfolio_steeringgroup_official_seats_check": ("half_elected_half_officials",),
    "portfolio_indicator_interval_months_check": ("indicator_interval",),
    "portfolio_sdg_number_check": ("sdg_from_1_to_17",),
    "projects_budget_year_check": ("budget_year_range",),
    "projects_risk_likelihood_check": ("risk_scored_one_to_five",),
    "projects_risk_impact_check": ("risk_scored_one_to_five",),
}


class Line(NamedTuple):
    """A constraint of the catalogue, and the write that breaks it."""

    name: str
    model: Model
    said: Said
    first: Said | None = None  # the row that is there before, for a constraint between two rows
    of_a_column: bool = False


CATALOGUE = """
SELECT r.relname, coalesce(c.conname, i.relname), CASE WHEN c.contype = 'c' THEN 'check' ELSE 'between' END,
       array(SELECT attname::text FROM pg_attribute WHERE attrelid = r.oid
             AND attnum = ANY(coalesce(c.conkey, x.indkey::int2[])))
FROM pg_class r LEFT JOIN pg_index x ON x.indrelid = r.oid AND (x.indisunique OR x.indisexclusion)
LEFT JOIN pg_class i ON i.oid = x.indexrelid
LEFT JOIN pg_constraint c ON c.conrelid = r.oid AND c.conindid = x.indexrelid AND c.contype IN ('u', 'x')
WHERE r.relname = ANY(%(tables)s) AND x.indexrelid IS NOT NULL AND NOT x.indisprimary
UNION
SELECT r.relname, c.conname, 'check', array(SELECT attname::text FROM pg_attribute
                                             WHERE attrelid = r.oid AND attnum = ANY(c.conkey))
FROM pg_class r JOIN pg_constraint c ON c.conrelid = r.oid AND c.contype = 'c' WHERE r.relname = ANY(%(tables)s)
ORDER BY 1, 2
"""


def tables() -> dict[str, Model]:
    found = (model for name in PACKAGES for model in apps.get_app_config(name).get_models() if model._meta.managed)
    return {model._meta.db_table: model for model in found}


def catalogue() -> Iterator[Line]:
    """All constraints of our tables, each with its line: by hand, or as a column's own kind asks."""
    known = tables()
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE, {"tables": [*known]})
        found = cursor.fetchall()
    for table, name, kind, columns in found:
        model = known[table]
        if name in ROWS.breaking:
            told, said, *first = ROWS.breaking[name]
            assert told is model, name
            yield Line(name, model, said, None if kind == "check" else [*first, {}][0])
        else:
            yield _of_a_column(name, model, kind, columns)


def _of_a_column(name: str, model: Model, kind: str, columns: list[str]) -> Line:
    """What stands on a single column comes of its kind: a number that is not negative, a value that is there once."""
    assert len(columns) == 1, f"{name} has no line"
    [field] = [field for field in model._meta.concrete_fields if field.column == columns[0]]
    if kind == "check":
        assert isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField), f"{name} has no line"
        return Line(name, model, {field.name: -1}, of_a_column=True)
    assert field.unique, f"{name} has no line"
    beside = {column: value for column, value in ROWS.beside[model].items() if column != field.name}
    same = {"key": "lähde:1"} if field.name == "key" else {}
    return Line(name, model, beside | same, same)


@pytest.fixture(scope="module")
def owned(shared_database: str) -> Iterator[None]:
    """The module's own database as its owner, who alone can take a constraint away."""
    as_runtime = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    owner = conninfo_to_dict(os.environ["OWNER_DATABASE_URL"])
    connection.close()
    connection.settings_dict |= {"USER": owner["user"], "PASSWORD": owner.get("password") or ""}
    with connection.cursor() as cursor:  # no change set is to last, so none needs its seal
        cursor.execute("ALTER TABLE portfolio_changeset DISABLE TRIGGER seal_at_commit")
    yield
    connection.close()
    connection.settings_dict |= as_runtime


def write(row: models.Model) -> tuple[str, str]:
    """The constraint that refuses a row and the code of the refusal; nothing when it is taken, with its parents."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            settle()
    except IntegrityError as error:
        told = refusals.from_database(error, type(row)) or _of_its_columns(row)
        return str(error.__cause__.diag.constraint_name), told.code if told else ""  # type: ignore[union-attr]
    return "", ""


def _of_its_columns(row: models.Model) -> refusals.Refused | None:
    """What the form of a column says of a value that its type would take."""
    try:
        row.clean_fields()
    except ValidationError as error:
        return refusals.from_error(error, type(row))  # type: ignore[return-value]
    return None


def settle() -> None:
    """Foreign keys are looked at now; a table with checks yet to come can't lose a constraint."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def prepare(line: Line) -> None:
    """Take away what would hide the constraint: a rule that covers it, a trigger, the one row of its table.

    A trigger would set the version itself, and copy any other number to the past, where the same check stands.
    """
    for other in COVERED.get(line.name, ()):
        drop(other, line.model)
    table = connection.ops.quote_name(line.model._meta.db_table)
    with connection.cursor() as cursor:
        if line.of_a_column or line.name in ALONE | UNBEGUN:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        if line.name in ALONE:
            cursor.execute(f"DELETE FROM {table}")


def drop(name: str, model: Model) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name])
        known = cursor.fetchone()
        quoted = connection.ops.quote_name(name)
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quoted}" if known else f"DROP INDEX {quoted}")


def bites(line: Line, desk: Desk) -> str:
    """What is wrong with a constraint or its line, or ""."""
    if line.first is not None:
        first = desk.filled(line.model, line.first) if line.first else desk.row(line.model)
        if line.first:
            first.save(force_insert=True)
    row = desk.filled(line.model, (line.first or {}) | line.said)
    settle()
    prepare(line)
    refused, code = write(row)
    if refused != line.name:
        return f"{line.name} does not refuse its write" + (f", but {refused} does" if refused else "")
    if line.name not in WITHOUT_WORDS and code not in refusals.REFUSALS:
        return f"{line.name} is refused as {code!r}, of which there is no row"
    drop(line.name, line.model)
    still, _ = write(row)
    return f"without {line.name}, {still} refuses the same write" if still else ""


def tried(model: Model, lines: list[Line]) -> Iterator[str]:
    """All constraints of a table, each in its own savepoint over the parents that a sound row needs."""
    with transaction.atomic():
        with history.change(by=SETUP):
            desk = Desk(ROWS)
            desk.filled(model, {})
            settle()
            for line in lines:
                point, made = transaction.savepoint(), dict(desk.made)
                if wrong := bites(line, desk):
                    yield wrong
                transaction.savepoint_rollback(point)
                desk.made = made
        transaction.set_rollback(True)


def test_every_constraint_bites(owned: None) -> None:
    lines = sorted(catalogue(), key=lambda line: line.model._meta.db_table)
    assert set(ROWS.breaking) <= {line.name for line in lines}, "a line of a constraint that is gone"
    assert len(lines) > 250
    wrong: list[str] = []
    for model, group in groupby(lines, key=lambda line: line.model):
        wrong += tried(model, [*group])
    assert wrong == []


def test_every_named_constraint_has_a_line_by_hand() -> None:
    named = {constraint.name for model in tables().values() for constraint in model._meta.constraints}
    assert named <= set(ROWS.breaking), named - set(ROWS.breaking)


def test_a_constraint_that_lets_all_through_is_found_out(owned: None) -> None:
    [line] = [line for line in catalogue() if line.name == "term_starts_before_it_ends"]
    with transaction.atomic():
        with history.change(by=SETUP), connection.cursor() as cursor:
            drop(line.name, line.model)
            cursor.execute(f"ALTER TABLE {line.model._meta.db_table} ADD CONSTRAINT {line.name} CHECK (true)")
            assert bites(line, Desk(ROWS)) == f"{line.name} does not refuse its write"
        transaction.set_rollback(True)

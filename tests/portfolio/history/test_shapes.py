"""A list of hashed columns that no release made opens nothing, nor does one that the table has grown out of."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, transaction

from portfolio import history
from portfolio.history import Job
from portfolio.ledger import shapes, triggers
from portfolio.ledger.verification import verify
from portfolio.strategy.models import SDG
from reporting.models import Blob
from tests.portfolio.history import records

TRIAL = Job("trial")
OPEN = "SELECT history_open('job', NULL, '', 'setup', NULL, 'x', '');"
NEWEST = "(SELECT max(seq) FROM portfolio_changeset)"


def listed(table: str, columns: list[str]) -> str:
    """A list of columns under the very name that it would have."""
    return (
        "INSERT INTO portfolio_historyshape (digest, relation, columns, personal) VALUES "
        f"('{triggers.shape_of(table, columns)}', '{table}', '{json.dumps(columns)}', '[]') ON CONFLICT DO NOTHING;"
    )


def again(table: str, columns: list[str], *, tracked: bool) -> str:
    """The newest row once more, hashed by these columns alone, and its line in the ledger by hand."""
    rows, seq, key = (f"{table}_history", "history_seq", "history_id") if tracked else (table, "seq", "id")
    shape = triggers.shape_of(table, columns)
    more = "" if tracked else ", 'sha256', encode(sha256('forged'), 'hex'), 'content', '\\x666f72676564'::bytea"
    stamped = (
        "history_type = '~', history_date = c.recorded_at, history_change_reason = c.reason, history_user_id = NULL,"
    )
    what = "'~', history_id" if tracked else "'+', NULL"
    return f"""{OPEN}
    INSERT INTO {rows} SELECT (p).* FROM (SELECT jsonb_populate_record(r, jsonb_build_object('{key}', 9999, '{seq}',
      {NEWEST}, 'shape', '{shape}'{more})) AS p FROM {rows} r ORDER BY {seq} DESC LIMIT 1) x;
    UPDATE {rows} r SET {stamped if tracked else ""} row_sha256 = history_digest(salt, (SELECT jsonb_object_agg(k, v)
      FROM jsonb_each(to_jsonb(r)) AS e(k, v) WHERE k IN ({quoted(columns)})))
      FROM portfolio_changeset c WHERE c.seq = {NEWEST} AND r.{key} = 9999;
    INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256)
      SELECT {NEWEST}, '{table}', id, {what}, row_sha256 FROM {rows} WHERE {key} = 9999;
    SELECT history_close();"""


def quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def seen() -> set[tuple[str, str]]:
    return {(fault.table, fault.what) for fault in verify().faults}


def attack(tamper: Any, table: str, columns: list[str], later: str) -> set[tuple[str, str]]:
    with transaction.atomic():
        tamper(listed(table, columns) + again(table, columns, tracked=table != "reporting_blob"))
        found, head = seen(), history.head()
        tamper(later)
        assert seen() == found and history.head() == head  # what the list leaves out is open for ever
        transaction.set_rollback(True)
    return found


def test_a_list_that_leaves_columns_out_is_named(told: None, tamper: Any) -> None:
    with history.change(by=TRIAL):
        goal = records.made(SDG)
        records.made(Blob)
    for table, columns, later in (
        (
            "portfolio_sdg",
            ["id", "key", "version"],
            "UPDATE portfolio_sdg_history SET name_fi = 'forged' WHERE history_id = 9999;"
            f"UPDATE portfolio_sdg SET name_fi = 'forged' WHERE id = {goal.pk}",
        ),
        (
            "reporting_blob",
            ["id", "media_type"],
            "UPDATE reporting_blob SET content = 'other', sha256 = encode(sha256('other'), 'hex') WHERE id = 9999",
        ),
    ):
        shape = triggers.shape_of(table, columns)
        assert attack(tamper, table, columns, later) == {
            ("portfolio_historyshape", f"a list of columns that no release made, for {table}: {shape}")
        }
    assert verify().sound


def test_a_row_under_a_list_that_the_table_has_grown_out_of_is_named(told: None, tamper: Any) -> None:
    with history.change(by=TRIAL):
        table = records.made(_grown())._meta.db_table
    oldest = list(shapes.made()[table][0])
    assert attack(tamper, table, oldest, "SELECT 1") == {
        (f"{table}_history", "a row under a list of columns of before")
    }


def _grown() -> Any:
    """A table without personal columns that had fewer columns once."""
    lists = shapes.made()
    return next(m for m in records.every_tracked() if not m.personal and len(lists[m._meta.db_table]) > 1)


def test_what_the_migrations_tell_is_what_the_triggers_hash(db: None) -> None:
    with connection.cursor() as cursor:
        now = {
            needed.table: tuple(needed.columns) for needed in triggers.wanted(triggers.layout(cursor)) if needed.columns
        }
    assert {table: shapes.made()[table][-1] for table in now} == now

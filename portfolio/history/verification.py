"""Checks the ledger against itself, against the past's rows and against a published head.

The database only joins and writes plain columns as text; no function that the triggers use is called, and every hash is
computed here. So a function of the database that was made to lie hides nothing. Rows are read as they come and none is
kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection, transaction

from portfolio.history import canonical, triggers
from portfolio.history.past import START

# The columns of a past row that repeat its change set, and what they must equal there.
STAMPED = (
    "p.history_seq <> e.seq OR p.history_type <> e.op OR p.id <> e.object_id OR p.row_sha256 <> e.row_sha256 "
    "OR p.history_date <> c.recorded_at OR p.history_user_id IS DISTINCT FROM c.actor_id "
    "OR p.history_change_reason IS DISTINCT FROM c.reason"
)
# A change set as its seal covers it: its own statement, and the lines of the ledger in their order.
CHAIN = """
  SELECT c.seq, c.sha256, c.previous_sha256, coalesce(c.recorded_at < lag(c.recorded_at) OVER (ORDER BY c.seq), false),
         jsonb_build_object('seq', c.seq, 'kind', c.kind, 'actor_id', c.actor_id, 'role', c.role, 'job', c.job,
           'on_behalf_of_id', c.on_behalf_of_id, 'reason', c.reason, 'request_id', c.request_id,
           'recorded_at', c.recorded_at)::text, coalesce(entered.lines, '')
    FROM portfolio_changeset c LEFT JOIN (
      SELECT e.seq, string_agg(e.relation || ':' || e.object_id || ':' || e.op || ':'
             || coalesce(e.history_id::text, '') || ':' || e.row_sha256, ',' ORDER BY e.id) AS lines
        FROM portfolio_changeentry e WHERE e.seq >= %(start)s GROUP BY e.seq) AS entered USING (seq)
   WHERE c.seq >= %(start)s - 1 ORDER BY c.seq"""
ROWS_AT_ONCE, CHANGES_AT_ONCE = 500, 20


class Fault(NamedTuple):
    """Something that is not as it was written: where in the order of changes, in which table, and what."""

    seq: int
    table: str
    what: str
    object_id: int | None = None


class Published(NamedTuple):
    """A head as a report printed it."""

    seq: int
    sha256: str


@dataclass
class Verdict:
    """What a verification found, the earliest fault first."""

    first: int
    last: int
    sha256: str
    rows: int = 0
    redacted: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def verify(*, start: int = 1, against: Sequence[Published] = ()) -> Verdict:
    """Compute the whole ledger anew from change set `start` on and say what differs.

    A lawfully erased row is counted as redacted; what the erasure left is checked all the same.
    """
    with _one_moment() as cursor:
        cursor.execute("SELECT seq, sha256 FROM portfolio_head WHERE id = 1")
        last, sha256 = cursor.fetchone()
        verdict = Verdict(start, last, sha256)
        faults = [*_chain(cursor, start), *_head(cursor), *_published(cursor, against), *_shapes(cursor)]
        faults += _redactions(cursor, start)
        for table, kind in _tables(cursor):
            faults += _tracked(cursor, verdict, table) if kind == "tracked" else _written_once(cursor, verdict, table)
        verdict.faults = sorted(set(faults), key=lambda fault: (fault.seq, fault.table, fault.what))
    return verdict


@contextmanager
def _one_moment() -> Iterator[Any]:
    """One state of the database for every statement, and values written as the triggers write them."""
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for name, value in triggers.PINNED.items():
            cursor.execute(f"SET LOCAL {name} = {value}")
        yield cursor


def _read(sql: str, params: Mapping[str, Any], *, at_once: int = ROWS_AT_ONCE) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement as they come, while the database makes the next ones."""
    with connection.connection.cursor() as cursor:
        yield from cursor.stream(sql, params, size=at_once)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _chain(cursor: Any, start: int) -> Iterator[Fault]:
    """Numbers without a gap, times that never fall, each seal over the last one and the change set's own lines."""
    before, expected = (0, START.sha256) if start == 1 else (start - 2, None)
    for seq, sealed, previous, fell, statement, lines in _read(CHAIN, {"start": start}, at_once=CHANGES_AT_ONCE):
        if seq != before + 1:
            yield Fault(before + 1, "portfolio_changeset", "missing")
        elif seq >= start and (what := _unchained(sealed, previous, expected, f"{previous}|{statement}|{lines}")):
            yield Fault(seq, "portfolio_changeset", what)
        elif seq >= start and fell:
            yield Fault(seq, "portfolio_changeset", "recorded before the one before")
        before, expected = seq, sealed
    cursor.execute(
        "SELECT seq, relation, min(object_id) FROM portfolio_changeentry e WHERE NOT EXISTS "
        "(SELECT 1 FROM portfolio_changeset c WHERE c.seq = e.seq) GROUP BY 1, 2"
    )
    yield from (Fault(seq, table, "entered under no change set", pk) for seq, table, pk in cursor.fetchall())


def _unchained(sealed: str | None, previous: str, expected: str | None, text: str) -> str:
    """What is wrong with a change set's seal."""
    if sealed is None:
        return "never sealed"
    if previous != expected:
        return "does not follow the one before"
    return "" if _digest(text) == sealed else "its seal does not fit"


def _head(cursor: Any) -> Iterator[Fault]:
    """The head is the last change set; otherwise a tail was cut off."""
    cursor.execute(
        "SELECT h.seq, h.sha256, coalesce(max(c.seq), 0), coalesce((array_agg(c.sha256 ORDER BY c.seq DESC))[1], %s) "
        "FROM portfolio_head h LEFT JOIN portfolio_changeset c ON true WHERE h.id = 1 GROUP BY 1, 2",
        [START.sha256],
    )
    seq, sha256, newest, seal = cursor.fetchone()
    if seq != newest:
        yield Fault(min(seq, newest) + 1, "portfolio_changeset", "cut off" if newest < seq else "added past the head")
    elif sha256 != seal:
        yield Fault(seq, "portfolio_head", "is not the last seal")


def _published(cursor: Any, against: Sequence[Published]) -> Iterator[Fault]:
    """What was printed before still stands; this alone bounds who may do anything on the machine."""
    for head in against:
        cursor.execute("SELECT sha256 FROM portfolio_changeset WHERE seq = %s", [head.seq])
        found = cursor.fetchone()
        if found is None:
            yield Fault(head.seq, "portfolio_changeset", "was published and is missing")
        elif found[0] != head.sha256:
            yield Fault(head.seq, "portfolio_changeset", "was published with another seal")


def _shapes(cursor: Any) -> Iterator[Fault]:
    """The lists of hashed columns are those that their names were made from."""
    cursor.execute("SELECT digest, relation, columns FROM portfolio_historyshape")
    for digest, table, columns in cursor.fetchall():
        names = json.loads(columns) if isinstance(columns, str) else columns
        if triggers.shape_of(table, names) != digest:
            yield Fault(1, table, f"the columns of shape {digest} were changed")


def _sql_digest(state: str) -> str:
    """The hash of a state without a salt, for the few that an erasure left."""
    return f"encode(sha256(convert_to('|' || {state}, 'UTF8')), 'hex')"


def _redactions(cursor: Any, start: int) -> Iterator[Fault]:
    """Each record of an erasure is in the ledger as it was made, and each line of the ledger has its record."""
    cursor.execute(
        "SELECT coalesce(e.seq, r.seq), coalesce(e.object_id, r.id) FROM portfolio_redaction r FULL JOIN "
        "(SELECT * FROM portfolio_changeentry WHERE relation = 'portfolio_redaction') e ON e.object_id = r.id "
        f"WHERE (e.id IS NULL OR r.id IS NULL OR e.seq <> r.seq OR e.row_sha256 <> {_sql_digest('to_jsonb(r)::text')}) "
        "AND coalesce(e.seq, r.seq) >= %s",
        [start],
    )
    yield from (Fault(seq, "portfolio_redaction", "was altered", pk) for seq, pk in cursor.fetchall())


def _tables(cursor: Any) -> list[tuple[str, str]]:
    """Every table that the ledger or the models know, also one whose model is gone."""
    cursor.execute(
        "SELECT DISTINCT relation, history_id IS NULL FROM portfolio_changeentry "
        "WHERE relation <> 'portfolio_redaction'"
    )
    found = {table: "once" if own else "tracked" for table, own in cursor.fetchall()}
    found |= {model._meta.db_table: "tracked" for model in triggers.tracked_models()}
    found |= {model._meta.db_table: "once" for model in triggers.insert_only_models()}
    return sorted(found.items())


def _tracked(cursor: Any, verdict: Verdict, table: str) -> Iterator[Fault]:
    """Ledger and rows of the past both ways, each row's hash by its shape, and the newest rows against today's."""
    past = f"{table}_history"
    if not triggers.columns_of(cursor, past):
        yield Fault(_first_seq(cursor, table), past, "the table is missing")
        return
    cursor.execute(
        f"SELECT coalesce(e.seq, p.history_seq), coalesce(e.object_id, p.id), CASE WHEN p.history_id IS NULL "
        f"THEN 'a row is missing' WHEN e.id IS NULL THEN 'a row is not in the ledger' "
        f"ELSE 'a row differs from its line in the ledger' END FROM {past} p FULL JOIN "
        f"(SELECT * FROM portfolio_changeentry WHERE relation = %s) e ON e.history_id = p.history_id "
        f"LEFT JOIN portfolio_changeset c ON c.seq = e.seq WHERE coalesce(e.seq, p.history_seq) >= %s "
        f"AND (p.history_id IS NULL OR e.id IS NULL OR {STAMPED})",
        [table, verdict.first],
    )
    yield from (Fault(seq, past, what, pk) for seq, pk, what in cursor.fetchall())
    yield from _hashes(cursor, verdict, table, past, "history_seq")
    yield from _live(cursor, verdict, table)


def _written_once(cursor: Any, verdict: Verdict, table: str) -> Iterator[Fault]:
    """Ledger and rows both ways, and each row's hash by its shape."""
    if not triggers.columns_of(cursor, table):
        yield Fault(_first_seq(cursor, table), table, "the table is missing")
        return
    cursor.execute(
        f"SELECT coalesce(e.seq, p.seq), coalesce(e.object_id, p.id), CASE WHEN p.id IS NULL THEN 'a row is missing' "
        f"WHEN e.id IS NULL THEN 'a row is not in the ledger' ELSE 'a row differs from its line in the ledger' END "
        f"FROM {table} p FULL JOIN (SELECT * FROM portfolio_changeentry WHERE relation = %s) e ON e.object_id = p.id "
        f"WHERE coalesce(e.seq, p.seq) >= %s "
        f"AND (p.id IS NULL OR e.id IS NULL OR e.seq <> p.seq OR e.row_sha256 <> p.row_sha256)",
        [table, verdict.first],
    )
    yield from (Fault(seq, table, what, pk) for seq, pk, what in cursor.fetchall())
    yield from _hashes(cursor, verdict, table, table, "seq")


def _hashes(cursor: Any, verdict: Verdict, table: str, rows: str, seq: str) -> Iterator[Fault]:
    """Each row's hash, by the columns that its shape names; an erased row's by what the erasure left."""
    there = triggers.columns_of(cursor, rows)
    cursor.execute(
        f"SELECT p.shape, s.columns, p.many, p.least FROM (SELECT shape, count(*) AS many, min({seq}) AS least "
        f"FROM {rows} WHERE {seq} >= %s GROUP BY 1) p LEFT JOIN portfolio_historyshape s "
        f"ON s.digest = p.shape AND s.relation = %s",
        [verdict.first, table],
    )
    for shape, columns, count, first in cursor.fetchall():
        names = json.loads(columns) if isinstance(columns, str) else columns
        verdict.rows += count
        if names is None or not set(names) <= set(there):
            yield Fault(first, rows, f"the columns of shape {shape} are not known")
            continue
        yield from _wrong_hashes(cursor, verdict, (table, rows, seq), shape, {name: there[name] for name in names})


def _wrong_hashes(
    cursor: Any, verdict: Verdict, place: tuple[str, str, str], shape: str, columns: dict[str, str]
) -> Iterator[Fault]:
    table, rows, seq = place
    number = "p.history_id" if rows != table else "NULL::bigint"
    text = canonical.salted("p.salt", canonical.state("p", columns))
    read = _read(
        f"SELECT p.row_sha256, {text}, p.{seq}, p.id, p.salt IS NULL, {number} FROM {rows} p "
        f"WHERE p.shape = %(shape)s AND p.{seq} >= %(first)s",
        {"shape": shape, "first": verdict.first},
    )
    different = [row[2:] for row in read if sha256(row[1].encode()).hexdigest() != row[0]]
    erased = _erased(cursor, table, rows, columns, [row for *_, row in different if row is not None])
    for at, pk, saltless, row in different:
        if saltless and row in erased:
            verdict.redacted += 1
        else:
            yield Fault(at, rows, "a row was altered", pk)


def _erased(cursor: Any, table: str, rows: str, columns: dict[str, str], among: list[int]) -> set[int]:
    """Rows that an entered record of erasure accounts for: the newest one holds the hash of what was left."""
    if not among:
        return set()
    digest = _sql_digest(canonical.state("p", columns))
    cursor.execute(
        f"SELECT p.history_id FROM {rows} p CROSS JOIN LATERAL (SELECT row_sha256 FROM portfolio_redaction "
        f"WHERE relation = %s AND history_id = p.history_id ORDER BY id DESC LIMIT 1) r "
        f"WHERE p.history_id = ANY(%s) AND r.row_sha256 = {digest}",
        [table, among],
    )
    return {row for (row,) in cursor.fetchall()}


def _live(cursor: Any, verdict: Verdict, table: str) -> Iterator[Fault]:
    """Today's rows are the newest of the past: nothing was written with the triggers off."""
    columns = triggers.kept_columns(cursor, table, past=f"{table}_history")
    if not columns:
        return
    now, then = triggers.hashed("t", columns), triggers.hashed("p", columns)
    cursor.execute(
        f"SELECT coalesce((SELECT max(seq) FROM portfolio_changeentry WHERE relation = '{table}' "
        f"AND object_id = coalesce(t.id, p.id)), (SELECT seq + 1 FROM portfolio_head)), coalesce(t.id, p.id) "
        f"FROM {table} t FULL JOIN (SELECT n.* FROM (SELECT DISTINCT ON (id) history_id FROM {table}_history "
        f"ORDER BY id, history_seq DESC, history_id DESC) newest JOIN {table}_history n USING (history_id) "
        f"WHERE n.history_type <> '-') p ON p.id = t.id WHERE t.id IS NULL OR p.id IS NULL OR "
        f"(SELECT k FROM (SELECT {now}) k) IS DISTINCT FROM (SELECT k FROM (SELECT {then}) k)"
    )
    for seq, pk in cursor.fetchall():
        if seq >= verdict.first:
            yield Fault(seq, table, "today's row is not the newest of its past", pk)


def _first_seq(cursor: Any, table: str) -> int:
    cursor.execute("SELECT coalesce(min(seq), 0) FROM portfolio_changeentry WHERE relation = %s", [table])
    return int(cursor.fetchone()[0])

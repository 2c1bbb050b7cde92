"""Checks the ledger against itself, against the past's rows and against a published head.

The database only joins and writes plain columns as text; no function that the triggers use is called, and every hash is
computed here. So a function of the database that was made to lie hides nothing. Rows are read as they come and none is
kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

import psycopg
from django.db import DatabaseError, connection, transaction

from portfolio.history.past import START
from portfolio.ledger import canonical, erasure, shapes, triggers

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
Look = Callable[["DatabaseState", "Verification", str], Iterator["Discrepancy"]]
ROWS_AT_ONCE, CHANGES_AT_ONCE = 500, 20


class Discrepancy(NamedTuple):
    """Something that is not as it was written: where in the order of changes, in which table, and what."""

    seq: int
    table: str
    what: str
    object_id: int | None = None


class PrintedHead(NamedTuple):
    """A head as a report printed it."""

    seq: int
    sha256: str


class DatabaseState(NamedTuple):
    """One state of the database: where it is asked, and its tables' columns."""

    cursor: Any
    there: triggers.Layout


class Of(NamedTuple):
    """The rows of one shape: where they stand, and which columns were hashed."""

    rows: str
    seq: str
    shape: str
    columns: dict[str, str]
    apart: bool

    @property
    def sql(self) -> str:
        return f"FROM {self.rows} p WHERE p.shape = %(shape)s AND p.{self.seq} >= %(first)s"

    def where(self, verdict: Verification) -> dict[str, Any]:
        return {"shape": self.shape, "first": verdict.first}


@dataclass
class Verification:
    """What a verification found, the earliest fault first."""

    first: int
    last: int
    sha256: str
    rows: int = 0
    redacted: int = 0
    faults: list[Discrepancy] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


def verify(*, start: int = 1, against: Sequence[PrintedHead] = ()) -> Verification:
    """Compute the whole ledger anew from change set `start` on and say what differs.

    A lawfully erased row is counted as redacted; what the erasure left is checked all the same. A table, a column or a
    list that is missing or can't be read is a fault like another.
    """
    with _one_moment() as moment:
        cursor, verdict = moment.cursor, Verification(start, 0, START.sha256)
        looks = {
            "portfolio_changeset": lambda: _chain(cursor, start),
            "portfolio_head": lambda: _head(cursor, verdict),
            "the published heads": lambda: _published(cursor, against),
            "portfolio_historyshape": lambda: _shapes(moment),
            "portfolio_redaction": lambda: _redactions(cursor, start),
            "portfolio_changeentry": lambda: _bound(cursor, start),
        }
        looks |= {table: partial(look, moment, verdict, table) for table, look in _tables(moment)}
        faults = [fault for table, look in looks.items() for fault in _seen(table, start, look)]
        verdict.faults = sorted(set(faults), key=lambda fault: (fault.seq, fault.table, fault.what))
    return verdict


def _seen(table: str, start: int, look: Callable[[], Iterator[Discrepancy]]) -> list[Discrepancy]:
    """The faults of one look; one that the database can't answer is a fault itself, and the others go on."""
    faults: list[Discrepancy] = []
    try:
        with transaction.atomic():
            faults.extend(look())
    except (DatabaseError, psycopg.Error) as error:
        faults.append(Discrepancy(start, table, f"can't be read: {str(error).splitlines()[0]}"))
    return faults


@contextmanager
def _one_moment() -> Iterator[DatabaseState]:
    """One state of the database for every statement, and values written as the triggers write them."""
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for name, value in triggers.PINNED.items():
            cursor.execute(f"SET LOCAL {name} = {value}")
        yield DatabaseState(cursor, triggers.layout(cursor))


def _read(sql: str, params: Mapping[str, Any], *, at_once: int = ROWS_AT_ONCE) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement as they come, while the database makes the next ones."""
    with connection.connection.cursor() as cursor:
        yield from cursor.stream(sql, params, size=at_once)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _chain(cursor: Any, start: int) -> Iterator[Discrepancy]:
    """Numbers without a gap, times that never fall, each seal over the last one and the change set's own lines."""
    before, expected = (0, START.sha256) if start == 1 else (start - 2, None)
    for seq, sealed, previous, fell, statement, lines in _read(CHAIN, {"start": start}, at_once=CHANGES_AT_ONCE):
        if seq != before + 1:
            yield Discrepancy(before + 1, "portfolio_changeset", "missing")
        elif seq >= start and (what := _unchained(sealed, previous, expected, f"{previous}|{statement}|{lines}")):
            yield Discrepancy(seq, "portfolio_changeset", what)
        elif seq >= start and fell:
            yield Discrepancy(seq, "portfolio_changeset", "recorded before the one before")
        before, expected = seq, sealed
    cursor.execute(
        "SELECT seq, relation, min(object_id) FROM portfolio_changeentry e WHERE NOT EXISTS "
        "(SELECT 1 FROM portfolio_changeset c WHERE c.seq = e.seq) GROUP BY 1, 2"
    )
    yield from (Discrepancy(seq, table, "entered under no change set", pk) for seq, table, pk in cursor.fetchall())


def _unchained(sealed: str | None, previous: str, expected: str | None, text: str) -> str:
    """What is wrong with a change set's seal."""
    if sealed is None:
        return "never sealed"
    if previous != expected:
        return "does not follow the one before"
    return "" if _digest(text) == sealed else "its seal does not fit"


def _head(cursor: Any, verdict: Verification) -> Iterator[Discrepancy]:
    """The head is the last change set; otherwise a tail was cut off."""
    cursor.execute(
        "SELECT h.seq, h.sha256, coalesce(max(c.seq), 0), coalesce((array_agg(c.sha256 ORDER BY c.seq DESC))[1], %s) "
        "FROM portfolio_head h LEFT JOIN portfolio_changeset c ON true WHERE h.id = 1 GROUP BY 1, 2",
        [START.sha256],
    )
    if (found := cursor.fetchone()) is None:
        yield Discrepancy(verdict.first, "portfolio_head", "a row is missing")
        return
    seq, sha256, newest, seal = found
    verdict.last, verdict.sha256 = seq, sha256
    if seq != newest:
        yield Discrepancy(
            min(seq, newest) + 1, "portfolio_changeset", "cut off" if newest < seq else "added past the head"
        )
    elif sha256 != seal:
        yield Discrepancy(seq, "portfolio_head", "is not the last seal")


def _published(cursor: Any, against: Sequence[PrintedHead]) -> Iterator[Discrepancy]:
    """What was printed before still stands; this alone bounds who may do anything on the machine."""
    for head in against:
        cursor.execute("SELECT sha256 FROM portfolio_changeset WHERE seq = %s", [head.seq])
        found = cursor.fetchone()
        if found is None:
            yield Discrepancy(head.seq, "portfolio_changeset", "was published and is missing")
        elif found[0] != head.sha256:
            yield Discrepancy(head.seq, "portfolio_changeset", "was published with another seal")


def _shapes(moment: DatabaseState) -> Iterator[Discrepancy]:
    """The lists of hashed columns fit their names, hash apart only what is personal, and a release made each."""
    moment.cursor.execute("SELECT digest, relation, columns, personal FROM portfolio_historyshape")
    for digest, table, *lists in moment.cursor.fetchall():
        names, apart = (erasure.names_in(told) for told in lists)
        if not names or triggers.shape_of(table, names, apart) != digest or not set(apart) <= erasure.personal(table):
            yield Discrepancy(1, table, f"the columns of shape {digest} were changed")
        elif tuple(names) not in shapes.known(moment.there, table):
            yield Discrepancy(
                1, "portfolio_historyshape", f"a list of columns that no release made, for {table}: {digest}"
            )


def _redactions(cursor: Any, start: int) -> Iterator[Discrepancy]:
    """Each record of an erasure is in the ledger as it was made and reaches what it may; each line has its record."""
    cursor.execute(
        "SELECT coalesce(e.seq, r.seq), coalesce(e.object_id, r.id) FROM portfolio_redaction r FULL JOIN "
        "(SELECT * FROM portfolio_changeentry WHERE relation = 'portfolio_redaction') e ON e.object_id = r.id "
        "WHERE (e.id IS NULL OR r.id IS NULL OR e.seq <> r.seq "
        "OR e.row_sha256 <> encode(sha256(convert_to('|' || to_jsonb(r)::text, 'UTF8')), 'hex')) "
        "AND coalesce(e.seq, r.seq) >= %s",
        [start],
    )
    yield from (Discrepancy(seq, "portfolio_redaction", "was altered", pk) for seq, pk in cursor.fetchall())
    for seen in erasure.out_of_place(cursor, start):
        yield Discrepancy(seen.seq, "portfolio_redaction", seen.what, seen.object_id)


def _bound(cursor: Any, start: int) -> Iterator[Discrepancy]:
    """What binds the older rows of tables with personal columns."""
    for model in triggers.tracked_models():
        if model.personal:
            table = model._meta.db_table
            for seen in erasure.wrongly_bound(cursor, table, start):
                yield Discrepancy(seen.seq, f"{table}_history", seen.what, seen.object_id)


def _tables(moment: DatabaseState) -> list[tuple[str, Look]]:
    """Every table that the ledger or the models know, also one whose model is gone, and how it is looked at.

    One without a line in the ledger that is whole and empty has nothing that could differ.
    """
    known: dict[str, Look] = {model._meta.db_table: _tracked for model in triggers.tracked_models()}
    known |= {model._meta.db_table: _written_once for model in triggers.insert_only_models()}
    found: dict[str, Look] = {}
    empty: set[str] = set()
    try:
        with transaction.atomic():
            moment.cursor.execute(
                "SELECT DISTINCT relation, history_id IS NULL FROM portfolio_changeentry "
                "WHERE relation <> 'portfolio_redaction' AND op <> '='"
            )
            found = {table: _written_once if own else _tracked for table, own in moment.cursor.fetchall()}
            empty = shapes.empty(moment.cursor, moment.there, known.keys() - found.keys())
    except DatabaseError:
        pass  # what is wrong with the ledger is said where it is read
    return sorted((table, look) for table, look in (found | known).items() if table not in empty)


def _tracked(moment: DatabaseState, verdict: Verification, table: str) -> Iterator[Discrepancy]:
    """Ledger and rows of the past both ways, each row's hash by its shape, and the newest rows against today's."""
    cursor, past = moment.cursor, f"{table}_history"
    if past not in moment.there:
        yield Discrepancy(_first_seq(cursor, table), past, "the table is missing")
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
    yield from (Discrepancy(seq, past, what, pk) for seq, pk, what in cursor.fetchall())
    yield from _hashes(moment, verdict, table, past, "history_seq")
    yield from _live(moment, verdict, table)


def _written_once(moment: DatabaseState, verdict: Verification, table: str) -> Iterator[Discrepancy]:
    """Ledger and rows both ways, and each row's hash by its shape."""
    cursor = moment.cursor
    if table not in moment.there:
        yield Discrepancy(_first_seq(cursor, table), table, "the table is missing")
        return
    cursor.execute(
        f"SELECT coalesce(e.seq, p.seq), coalesce(e.object_id, p.id), CASE WHEN p.id IS NULL THEN 'a row is missing' "
        f"WHEN e.id IS NULL THEN 'a row is not in the ledger' ELSE 'a row differs from its line in the ledger' END "
        f"FROM {table} p FULL JOIN (SELECT * FROM portfolio_changeentry WHERE relation = %s) e ON e.object_id = p.id "
        f"WHERE coalesce(e.seq, p.seq) >= %s "
        f"AND (p.id IS NULL OR e.id IS NULL OR e.seq <> p.seq OR e.row_sha256 <> p.row_sha256)",
        [table, verdict.first],
    )
    yield from (Discrepancy(seq, table, what, pk) for seq, pk, what in cursor.fetchall())
    yield from _hashes(moment, verdict, table, table, "seq")


def _hashes(moment: DatabaseState, verdict: Verification, table: str, rows: str, seq: str) -> Iterator[Discrepancy]:
    """Each row's hash, by the columns that its shape names."""
    cursor, there = moment.cursor, moment.there[rows]
    page = erasure.book(cursor, table) if erasure.personal(table) else None
    cursor.execute(
        f"SELECT p.shape, s.columns, s.personal, p.many, p.least, p.most FROM (SELECT shape, count(*) AS many, "
        f"min({seq}) AS least, max({seq}) AS most FROM {rows} WHERE {seq} >= %s GROUP BY 1) p "
        f"LEFT JOIN portfolio_historyshape s ON s.digest = p.shape AND s.relation = %s",
        [verdict.first, table],
    )
    used: list[shapes.Used] = []
    for shape, columns, apart, count, first, last in cursor.fetchall():
        names = erasure.names_in(columns)
        used.append(shapes.Used(shape, tuple(names), first, last))
        verdict.rows += count
        if not names or not set(names) <= set(there):
            yield Discrepancy(first, rows, f"the columns of shape {shape} are not known")
            continue
        of = Of(rows, seq, shape, {name: there[name] for name in names}, apart=bool(erasure.names_in(apart)))
        yield from _reachable(verdict, of, page) if page else _wrong_hashes(verdict, of)
    yield from _gone_back(moment, table, rows, seq, used)


def _gone_back(
    moment: DatabaseState, table: str, rows: str, seq: str, used: list[shapes.Used]
) -> Iterator[Discrepancy]:
    """No row came under an older list of columns than a row before it: the columns added since would be left open."""
    if len(used) < 2:
        return
    for old, since in shapes.gone_back(used, shapes.known(moment.there, table)):
        moment.cursor.execute(f"SELECT {seq}, id FROM {rows} WHERE shape = %s AND {seq} > %s", [old.shape, since])
        late = moment.cursor.fetchall()
        yield from (Discrepancy(at, rows, "a row under a list of columns of before", pk) for at, pk in late)


def _wrong_hashes(verdict: Verification, of: Of) -> Iterator[Discrepancy]:
    """Rows that no erasure reaches: each stands as it was written."""
    text = canonical.salted("p.salt", canonical.state("p", of.columns))
    for digest, state, at, pk in _read(f"SELECT p.row_sha256, {text}, p.{of.seq}, p.id {of.sql}", of.where(verdict)):
        if _digest(state) != digest:
            yield Discrepancy(at, of.rows, erasure.ALTERED, pk)


def _reachable(verdict: Verification, of: Of, page: erasure.Book) -> Iterator[Discrepancy]:
    """Rows with personal columns: what was erased is counted, the rest stands as it was written."""
    among = sorted(erasure.personal(page.table) & of.columns.keys())
    for told in _read(f"SELECT {erasure.selected(of.seq, of.columns, among)} {of.sql}", of.where(verdict)):
        row = erasure.row(told, among)
        if what := erasure.wrong(row, page, apart=of.apart):
            yield Discrepancy(row.seq, of.rows, what, row.object_id)
        elif row.number in page.erased:
            verdict.redacted += 1


def _live(moment: DatabaseState, verdict: Verification, table: str) -> Iterator[Discrepancy]:
    """Today's rows are the newest of the past: nothing was written with the triggers off."""
    columns = triggers.kept_columns(moment.there, table, past=f"{table}_history")
    if not columns:
        return
    now, then = triggers.hashed("t", columns), triggers.hashed("p", columns)
    moment.cursor.execute(
        f"SELECT coalesce((SELECT max(seq) FROM portfolio_changeentry WHERE relation = '{table}' "
        f"AND object_id = coalesce(t.id, p.id)), (SELECT seq + 1 FROM portfolio_head)), coalesce(t.id, p.id) "
        f"FROM {table} t FULL JOIN (SELECT n.* FROM (SELECT DISTINCT ON (id) history_id FROM {table}_history "
        f"ORDER BY id, history_seq DESC, history_id DESC) newest JOIN {table}_history n USING (history_id) "
        f"WHERE n.history_type <> '-') p ON p.id = t.id WHERE t.id IS NULL OR p.id IS NULL OR "
        f"(SELECT k FROM (SELECT {now}) k) IS DISTINCT FROM (SELECT k FROM (SELECT {then}) k)"
    )
    for seq, pk in moment.cursor.fetchall():
        if seq >= verdict.first:
            yield Discrepancy(seq, table, "today's row is not the newest of its past", pk)


def _first_seq(cursor: Any, table: str) -> int:
    cursor.execute("SELECT coalesce(min(seq), 0) FROM portfolio_changeentry WHERE relation = %s", [table])
    return int(cursor.fetchone()[0])

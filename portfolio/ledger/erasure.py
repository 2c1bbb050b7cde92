"""Checks the rows that an erasure may reach: what stands fits its commitment, what is gone was taken by the book.

A personal column enters its row's hash by a commitment, a hash over a salt of its own and the value. An erasure takes
salt and value; the row's hash is computed from what stands, so under its cover nothing else can be altered. Rows that
are older than this rule were bound to commitments by one migration, whose lines (`=`) stand in the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from portfolio.ledger import canonical, triggers

BLANK = {"null", '""', "{}"}
ALTERED = "a row was altered"
# A line that binds an older row stands once, in the one migration that made them, for a row of before it.
WRONGLY_BOUND = """
  SELECT e.seq, e.object_id FROM portfolio_changeentry e LEFT JOIN {past} p USING (history_id)
    LEFT JOIN portfolio_historyshape s ON s.digest = p.shape LEFT JOIN portfolio_changeset c ON c.seq = e.seq
   WHERE e.relation = '{past}' AND e.seq >= %s AND (p.id IS DISTINCT FROM e.object_id OR p.history_seq >= e.seq
      OR s.personal <> '[]' OR c.kind <> 'migration' OR e.op <> '='
      OR EXISTS (SELECT 1 FROM portfolio_changeentry o WHERE o.relation = e.relation AND o.id < e.id
                  AND (o.seq <> e.seq OR o.history_id = e.history_id)))"""
RECORDS = """
  SELECT id, relation, object_id, history_id, seq, row_sha256, columns FROM portfolio_redaction ORDER BY id"""


class Wrong(NamedTuple):
    """What is wrong: under which change set, with which object."""

    seq: int
    object_id: int
    what: str


class ErasureRecord(NamedTuple):
    """The record of an erasure of one row."""

    pk: int
    table: str
    object_id: int
    row: int
    seq: int
    left: str
    columns: frozenset[str]


@dataclass(frozen=True)
class PastRow:
    """A row of the past, its values as canonical JSON."""

    seq: int
    object_id: int
    number: int
    salt: str | None
    sha256: str
    plain: str
    covered: str
    commitments: Mapping[str, Any]
    values: Mapping[str, str]

    @property
    def gone(self) -> set[str]:
        """The personal columns whose salt was taken."""
        return {name for name, commitment in self.commitments.items() if commitment.get("salt") is None}


@dataclass
class Book:
    """What the ledger says of one table: what its older rows are bound to, and which erasures were recorded."""

    table: str
    bound: dict[int, str] = field(default_factory=dict)
    bound_at: int = 0
    erased: dict[int, set[str]] = field(default_factory=dict)
    before: dict[int, str] = field(default_factory=dict)  # what an erasure left, by the rule that ended with `bound_at`


def personal(table: str) -> frozenset[str]:
    """The columns of a table that an erasure may reach."""
    of_it = (model for model in triggers.tracked_models() if model._meta.db_table == table)
    return frozenset(model.personal) if (model := next(of_it, None)) else frozenset()


def records(cursor: Any) -> Iterator[ErasureRecord]:
    """Every record of an erasure; columns that can't be read are none."""
    cursor.execute(RECORDS)
    for *told, columns in cursor.fetchall():
        yield ErasureRecord(*(*told, frozenset(names_in(columns))))


def names_in(columns: Any) -> list[str]:
    """The names in a list that stands in the database as JSON; what is no list of names holds none."""
    told = json.loads(columns) if isinstance(columns, str) else columns
    return told if isinstance(told, list) and all(isinstance(name, str) for name in told) else []


def out_of_place(cursor: Any, start: int) -> Iterator[Wrong]:
    """Records of an erasure where nothing may be erased."""
    for record in records(cursor):
        if record.seq >= start and not (record.columns and record.columns <= personal(record.table)):
            yield Wrong(record.seq, record.pk, f"erases what is not personal in {record.table}")


def book(cursor: Any, table: str) -> Book:
    """The page of one table."""
    cursor.execute(
        "SELECT history_id, row_sha256, seq FROM portfolio_changeentry WHERE relation = %s ORDER BY id DESC",
        [f"{table}_history"],
    )
    page = Book(table)
    for row, digest, page.bound_at in cursor.fetchall():
        page.bound[row] = digest
    for record in records(cursor):
        if record.table == table:
            page.erased.setdefault(record.row, set()).update(record.columns)
            if record.seq < page.bound_at:
                page.before[record.row] = record.left
    return page


def wrongly_bound(cursor: Any, table: str, start: int) -> Iterator[Wrong]:
    """Lines that bind what they may not."""
    cursor.execute(WRONGLY_BOUND.format(past=f"{table}_history"), [start])
    yield from (Wrong(seq, pk, "a line binds a row that it may not bind") for seq, pk in cursor.fetchall())


def selected(seq: str, columns: Mapping[str, str], among: list[str]) -> str:
    """The select list of a `Row`."""
    values = ", ".join(canonical.value("p", name, columns[name]) for name in among)
    plain, covered = canonical.state("p", columns), canonical.state("p", columns, committed=among)
    return (
        f"p.{seq}, p.id, p.history_id, p.salt::text, p.row_sha256, {plain}, {covered}, p.commitments::text, "
        f"ARRAY[{values}]::text[]"
    )


def row(told: tuple[Any, ...], among: list[str]) -> PastRow:
    """A `Row` of what was selected; commitments that can't be read are none."""
    *first, commitments, values = told
    found = json.loads(commitments or "{}")
    kept = found if isinstance(found, dict) and all(isinstance(one, dict) for one in found.values()) else {}
    return PastRow(*(*first, kept, dict(zip(among, values, strict=True))))


def wrong(row: PastRow, page: Book, *, apart: bool) -> str:
    """What is wrong with a row, or nothing; `apart` says that its shape hashes personal columns apart."""
    if what := _whole(row) if apart else _older(row, page):
        return what
    for name, value in sorted(row.values.items()):
        if what := _column(row, name, value, page):
            return what
    return ""


def _digest(salt: str | None, text: str) -> str:
    return sha256(f"{salt or ''}|{text}".encode()).hexdigest()


def _whole(row: PastRow) -> str:
    return "" if _digest(row.salt, row.covered) == row.sha256 else ALTERED


def _older(row: PastRow, page: Book) -> str:
    """A row of before: by its own hash as long as all of it stands, and always by what it was bound to."""
    if row.number not in page.bound:
        return "a row of an older shape was never bound"
    if _digest(None, row.covered) != page.bound[row.number]:
        return ALTERED
    if row.gone:
        return "an erasure left the salt of its row" if row.salt else ""
    left = page.before.get(row.number) if row.salt is None else row.sha256
    return "" if _digest(row.salt, row.plain) == left else ALTERED


def _column(row: PastRow, name: str, value: str, page: Book) -> str:
    erased = name in page.erased.get(row.number, ())
    if erased and value not in BLANK:
        return f"{name} was erased and has a value"
    commitment = row.commitments.get(name)
    if commitment is None:
        return ""  # the row's hash covers the value itself
    if (salt := commitment.get("salt")) is not None:
        return "" if _digest(str(salt), value) == commitment.get("sha256") else ALTERED
    return "" if erased else f"{name} was taken away and no erasure says so"

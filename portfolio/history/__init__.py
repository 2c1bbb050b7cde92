"""History that cannot be forgotten: change sets, the rows that triggers write, and the past read from them."""

from portfolio.history.changes import Job, at_once, change, lock, require_reason
from portfolio.history.models import Following, InsertOnly, Provenance, Tracked
from portfolio.history.past import head, instant, joined, known, newest, part, row, rows, seq_at
from portfolio.history.steps import Step

__all__ = [
    "Following",
    "InsertOnly",
    "Job",
    "Provenance",
    "Step",
    "Tracked",
    "at_once",
    "change",
    "head",
    "instant",
    "joined",
    "known",
    "lock",
    "newest",
    "part",
    "require_reason",
    "row",
    "rows",
    "seq_at",
]

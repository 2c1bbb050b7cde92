"""Pairs of files that count as backups, without a database behind them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from config import backups, manifest

ARCHIVE = b"an archive"


def telling(**otherwise: Any) -> str:
    """A manifest that fits the archive."""
    told = {
        "format": manifest.FORMAT,
        "made_at": "2027-01-01T02:00:00+00:00",
        "installation": "test",
        "head": {"seq": 7, "sha256": "0" * 64, "recorded_at": ""},
        "migrations": ["portfolio.0001_initial"],
        "rows": {"portfolio_person": 3},
        "program": "18.1",
        "bytes": len(ARCHIVE),
        "sha256": hashlib.sha256(ARCHIVE).hexdigest(),
    }
    return json.dumps(told | otherwise)


def pair(folder: Path, name: str, said: str = "") -> backups.Backup:
    """`salkku-NAME` with both its files; its manifest says what fits, or what it is given."""
    backup = backups.Backup(folder / f"salkku-{name}.json")
    backup.manifest.write_text(said or telling())
    backup.archive.write_bytes(ARCHIVE)
    return backup

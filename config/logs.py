"""How the log is written where a traceback would only fill it."""

from __future__ import annotations

import logging

LONGEST = 300


class InALine(logging.Formatter):
    """What is said, in one line, cut where a stranger made it long, and without a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        said = " ".join(record.getMessage().split())
        return f"{record.levelname} {record.name}: {said[:LONGEST]}"

"""Texts of many megabytes, which go to the database as the bytes they are: the usual way copies them five times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection, models
from django.db.models.expressions import Combinable
from psycopg.adapt import Buffer, Dumper

if TYPE_CHECKING:  # a field takes no arguments when it runs
    _TextField = models.TextField[str | Combinable | "Utf8", str]
else:
    _TextField = models.TextField
TEXT = psycopg.adapters.types["text"].oid


class Utf8(bytes):
    """A text as UTF-8."""


class _AsTheyAre(Dumper):
    oid = TEXT

    def dump(self, obj: Utf8) -> Buffer:
        """The bytes that the driver sends."""
        return obj


psycopg.adapters.register_dumper(Utf8, _AsTheyAre)  # before the first connection, which takes a copy of them


class LongTextField(_TextField):
    """A column of text that may be given as `Utf8`; to the schema and to migrations it is any other."""

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Utf8) else super().to_python(value)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


@contextmanager
def sent_apart() -> Iterator[None]:
    """Send values beside their statement meanwhile, as the server's protocol can: written into it they are copied."""
    usual = connection.connection.cursor_factory
    connection.connection.cursor_factory = psycopg.Cursor
    try:
        yield
    finally:
        connection.connection.cursor_factory = usual

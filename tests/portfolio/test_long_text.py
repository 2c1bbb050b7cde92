"""A long text arrives as it is, whichever way it is sent."""

from __future__ import annotations

import pytest
from django.db import connection

from portfolio.long_text import LongTextField, Utf8, sent_apart

WORDS = "Päästöt – 'x' \\ %s \N{GRINNING FACE}\n"


def arrives() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s || %s", [Utf8(WORDS.encode()), ""])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_bytes_arrive_as_the_text_that_they_are() -> None:
    assert arrives() == WORDS
    with sent_apart():
        assert arrives() == WORDS
    assert LongTextField().to_python(Utf8(b"x")) == b"x" and LongTextField().to_python(7) == "7"


@pytest.mark.django_db
def test_after_an_error_everything_is_sent_as_usual() -> None:
    connection.ensure_connection()
    usual = connection.connection.cursor_factory
    with pytest.raises(ValueError, match="stone"), sent_apart():
        assert connection.connection.cursor_factory is not usual
        raise ValueError("a stone")
    assert connection.connection.cursor_factory is usual

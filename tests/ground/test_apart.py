"""However slow they are to whom the watch tells something, it goes on in time, and ends when it is told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from config.watching import Looker, News, Watch, channels
from tests.ground.test_watch import DISK, NOW, of, seen


@contextmanager
def somebody_slow(begins: bytes, goes_on: bytes, asked: threading.Event | None = None) -> Iterator[int]:
    """A server that always says a little more, so that no wait for its next word is long; the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    caller, _from = server.accept()
                    threading.Thread(target=drip, args=(caller,), daemon=True).start()

        def drip(caller: socket.socket) -> None:
            with suppress(OSError), caller:
                caller.sendall(begins)
                while True:
                    caller.sendall(goes_on)
                    if asked:
                        asked.set()
                    time.sleep(0.05)

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def test_whoever_is_slow_behind_a_hook_or_a_letter_holds_nobody_up_beyond_the_time_for_all_of_it(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("config.watching.TOLD_WITHIN", 0.3)
    settings.ALARM_TO, settings.MAIL_URL = ["duty@city.invalid"], "smtp://mail"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    heard: list[News] = []
    with (
        somebody_slow(b"HTTP/1.1 200 OK\r\nX-A: ", b"a") as headers,
        somebody_slow(b"", b"HTTP/1.1 100 Continue\r\n\r\n") as promises,
        somebody_slow(b"220-", b"mail\r\n220-") as settings.EMAIL_PORT,
    ):
        for hook in (f"http://127.0.0.1:{headers}/", f"http://127.0.0.1:{promises}/", "sleep 60"):
            settings.ALARM_HOOK = hook
            begun = time.monotonic()
            Watch(tmp_path, NOW, channels() | {hook: heard.append}).take_note(seen(DISK))
            assert time.monotonic() - begun < 3
            said = capsys.readouterr().out
            assert all(f"{name} failed and is tried again: it did not end" in said for name in ("letter", "hook"))
    assert [of(news)[0] for news in heard] == [{"disk /d"}] * 3, "the others are told meanwhile"


def test_a_web_that_says_a_little_more_for_ever_is_told_of_in_time(
    own_database: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.condition.WEB_WITHIN", 0.5)
    with somebody_slow(b"HTTP/1.1 200 OK\r\nX-A: ", b"a") as port:
        settings.WEB_ADDRESS = f"http://127.0.0.1:{port}"
        told = {trouble.key: trouble for trouble in Looker().look(within=10).troubles}
    assert "it did not end within" in str(told["web"]) and not {"look web", "database"} & set(told)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_watch_ends_when_it_is_told_to_also_in_the_middle_of_telling(
    own_database: str, tmp_path: Path, settings: Any, number: signal.Signals
) -> None:
    before, settings.DATA_DIR = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}, tmp_path
    asked, ended_at = threading.Event(), [0.0]

    def end() -> None:
        asked.wait(60)
        ended_at[0] = time.monotonic()
        os.kill(os.getpid(), number)

    try:
        with somebody_slow(b"HTTP/1.1 200 OK\r\nX-A: ", b"a", asked) as port:
            settings.ALARM_HOOK = f"http://127.0.0.1:{port}/"
            threading.Thread(target=end, daemon=True).start()
            call_command("watch", "--patience", "1")
            assert time.monotonic() - ended_at[0] < 1.5
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert all("hook" not in row["told"] for row in json.loads((tmp_path / "watch.json").read_text()).values())

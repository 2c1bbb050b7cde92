"""What strangers send to the port, answered in short and told in the log in a line: no traceback each time."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.servers import PROJECT
from tests.ground.waiting import free_port, until
from tests.reporting.ticking import address_of

ODD = {
    "no host": b"GET /sign-in/ HTTP/1.1\r\n",
    "no host, as of old": b"GET /sign-in/ HTTP/1.0\r\n",
    "two hosts": b"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: city.invalid\r\n",
    "the same host twice": b"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n",
    "another host": b"GET /sign-in/ HTTP/1.1\r\nHost: city.invalid\r\n",
    "an empty host": b"GET /sign-in/ HTTP/1.1\r\nHost:\r\n",
    "no host's name": b"GET /sign-in/ HTTP/1.1\r\nHost: a b/\xff\r\n",
    "another's address": b"GET http://city.invalid/sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "no text in the path": b"GET /%ff%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "no length": b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: abc\r\n",
}


@pytest.fixture
def web(own_database: str, tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The real web server over a database of its own: its port and its log."""
    port, log = int(free_port()), tmp_path / "web.log"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "config.wsgi:application"]
    with log.open("wb") as said:
        serving = subprocess.Popen(command, cwd=PROJECT, env=address_of(own_database), stdout=said, stderr=said)
    try:
        until(lambda: answers(port), of=[serving], said=log)
        yield port, log
    finally:
        serving.terminate()
        serving.wait(60)


def answers(port: int) -> bool:
    try:
        return asked(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n").startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def asked(port: int, head: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as caller:
        caller.sendall(head + b"Connection: close\r\n\r\n")
        return b"".join(iter(lambda: caller.recv(65536), b""))


@pytest.mark.proof
def test_odd_requests_are_answered_in_short_and_leave_no_traceback(web: tuple[int, Path]) -> None:
    port, log = web
    statuses = {case: int(asked(port, head).split(b" ")[1]) for case, head in ODD.items()}
    assert {case: status for case, status in statuses.items() if status not in (200, 400, 404)} == {}
    assert statuses["another host"] == statuses["two hosts"] == statuses["no host's name"] == 400
    style = asked(port, b"GET /static/salkku.css HTTP/1.1\r\nHost: 127.0.0.1\r\n").lower()
    assert style.startswith(b"http/1.1 200") and b"access-control-allow-origin" not in style
    said = log.read_text()
    assert "Traceback" not in said, said
    assert "city.invalid" in said, "in a line, so that a wrong ALLOWED_HOSTS is found"
    assert answers(port)

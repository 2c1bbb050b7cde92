"""The main job, as a newcomer runs it: one command, and the council's reports lie there as files."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from config.demo import stage
from tests.ground.waiting import hear
from tests.reporting import renditions

PROJECT = Path(__file__).resolve().parents[2]
FILES = [
    f"council-report-{day}-vuosiseuranta.{rest}"
    for day in ("2022-12-31", "2023-12-31")
    for rest in (
        "snapshot.json",
        "bundle.json",
        *(f"{lang}.{form}" for lang in ("fi", "sv", "en") for form in ("pdf", "html")),
    )
]


def run(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`./run …` with a data folder of its own, as from a fresh terminal."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"DATA_DIR": str(data)}
    return subprocess.run(
        ["./run", *words], cwd=PROJECT, env=environment | more, capture_output=True, text=True, timeout=900, check=False
    )


def run_through_a_kill(data: Path) -> tuple[int, str]:
    """The same from nothing, the servers killed outright under it while it imports: its status and what it said."""
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"DATA_DIR": str(data)}
    playing = subprocess.Popen(
        ["./run", "demo", "--once"], cwd=PROJECT, env=plain, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = hear(playing, "Importing the city's", within=600)
    os.kill(json.loads((data / "servers.json").read_text())["pid"], signal.SIGKILL)
    said += playing.communicate(timeout=900)[0]
    return playing.returncode, said


def as_of(data: Path, moment: str) -> dict[str, object]:
    """A programme of the demonstration as the API tells it to the director."""
    token = run(data, "manage", "api_token", "director").stdout.strip().splitlines()[-1]
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "from portfolio.programmes.models import Programme\n"
        f"client = Client(headers={{'Authorization': 'Bearer {token}'}})\n"
        "one = Programme.objects.get(name_fi='Kestävä Espoo', council_term__label='2021–2025')\n"
        f"print(client.get(f'/api/v1/programmes/{{one.pk}}/{moment}', SERVER_NAME='127.0.0.1').content.decode())\n"
    )
    told = run(data, "manage", "shell", "-v", "0", "-c", script)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout.strip().splitlines()[-1])  # type: ignore[no-any-return]


@pytest.mark.proof
def test_one_command_makes_the_reports_and_finds_its_work_done_the_second_time(tmp_path):
    data = tmp_path / "var"
    status, said = run_through_a_kill(data)
    assert status == 0, said
    assert "the demonstration goes on from where it was" in said
    out = data / "out"
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    digests = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in FILES}
    snapshots = [json.loads((out / name).read_text()) for name in FILES if name.endswith("snapshot.json")]
    told = [snapshot["document"]["caught_up_because"]["fi"] for snapshot in snapshots]
    assert told == ["", ""], "opened five minutes after its cut-off, the second says what it would have said"

    with pikepdf.open(out / "council-report-2023-12-31-vuosiseuranta.sv.pdf") as pdf:
        assert str(pdf.Root.Lang).startswith("sv") and pdf.Root.MarkInfo.Marked

    bundle = (out / "council-report-2023-12-31-vuosiseuranta.bundle.json").read_bytes()
    again = subprocess.run(
        [sys.executable, "-m", "reporting.documents.rendering", "fi.pdf"],
        input=bundle, capture_output=True, cwd=PROJECT, env={"TZ": "Asia/Tokyo", "LC_ALL": "C"}, check=True,
    )  # fmt: skip
    assert (
        hashlib.sha256(renditions.unpacked(again.stdout)["fi.pdf"]).hexdigest()
        == digests["council-report-2023-12-31-vuosiseuranta.fi.pdf"]
    )

    then, later, now = (as_of(data, moment) for moment in ("?as_of=2022-01-01", "?as_of=2023-07-01", ""))
    assert (then["phase"], later["phase"], now["phase"]) == ("organised", "running", "running")
    assert later["description_fi"] != now["description_fi"]

    refused = run(data, "psql", "-c", "UPDATE portfolio_person SET name = 'x'")
    assert refused.returncode != 0 and "history.no_change_set" in refused.stderr
    past = run(data, "psql", "-c", "UPDATE portfolio_person_history SET name = 'x'")
    assert past.returncode != 0 and "permission denied" in past.stderr
    assert run(data, "manage", "verify_history").returncode == 0

    second = run(data, "demo", "--once")
    assert second.returncode == 0 and "performed already" in second.stdout
    assert {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in FILES} == digests


# Commands that the play leaves to the tests: what nobody did in those two and a half years, or a machine does.
NEVER_PLAYED = Path(__file__).with_name("never_played.txt")


def test_the_play_uses_every_command_but_those_listed():
    played = {step.do for step in stage.steps()}
    missing = {name for name in commands_in_the_code() if name not in played}
    assert missing == set(NEVER_PLAYED.read_text().split()), "bring tests/demo/never_played.txt up to date"


def commands_in_the_code() -> set[str]:
    """Every public function of the packages' commands, as the script names them."""
    found = set()
    for package in ("portfolio", "projects", "reporting"):
        for path in (PROJECT / package).rglob("commands.py"):
            room = ".".join(path.relative_to(PROJECT).parent.parts)
            functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
            found |= {f"{room}.{node.name}" for node in functions if not node.name.startswith("_")}
    return found

"""What systemd would do with our units, as far as docs/how-to/deploy.md needs it: started, stopped, run once.

systemctl.py UNITS RUN start|stop|enable|daemon-reload [--now] NAME...
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path


def main(units: Path, run: Path, verb: str, names: list[str]) -> int:
    for name in names:
        if name.endswith(".timer"):
            assert (units / name).exists()
        elif verb == "stop":
            stop(run / name)
        elif verb in ("start", "enable") and (status := start(units / f"{name}.service", run / name)):
            return status
    return 0


def start(unit: Path, pid: Path) -> int:
    """Start what the unit says, with the variables of its file and no others; wait for one that is to end."""
    told = dict(re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE))
    lines = Path(told["EnvironmentFile"]).read_text().split()
    environment = {"PATH": os.environ["PATH"]} | dict(line.split("=", 1) for line in lines)
    with pid.with_suffix(".log").open("ab") as log:
        started = subprocess.Popen(
            shlex.split(told["ExecStart"]), cwd=told["WorkingDirectory"], env=environment, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    if told.get("Type") == "oneshot":
        return started.wait()
    pid.write_text(str(started.pid))
    return 0


def stop(pid: Path) -> None:
    number = int(pid.read_text())
    os.kill(number, signal.SIGTERM)
    while alive(number):
        time.sleep(0.1)


def alive(pid: int) -> bool:
    """One that has ended and that nobody has waited for is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    units, run, verb, *names = sys.argv[1:]
    sys.exit(main(Path(units), Path(run), verb, [name for name in names if name != "--now"]))

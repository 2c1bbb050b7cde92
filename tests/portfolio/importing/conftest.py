"""A small register with one record of every kind that an import takes in, and the command run on it."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

Record = dict[str, Any]
COMMON = {"provenance": "taken_over"}


def text(words: str) -> Record:
    return {"fi": words, "sv": f"{words} (sv)", "en": f"{words} (en)"}


def decision(key: str, body: str, kind: str, on: str, section: int) -> Record:
    point = {"key": f"{key}.1", "number": 1, "kind": kind, "text": text("Esimerkki")}
    return COMMON | {
        "key": key, "body": body, "title": text(key), "decided_on": on, "outcome": "made", "section": section,
        "case_number": "425/00.01.02/2018", "points": [point],
    }  # fmt: skip


# A programme of 2017–2021 as an older register tells it.
REGISTER: Record = {
    "format": "salkku-import", "version": 1, "source": "older",
    "city": {
        "name": text("Esimerkkilä"), "official_languages": ["fi", "sv"], "service_languages": ["fi", "sv", "en"],
        "time_zone": "Europe/Helsinki",
    },
    "text_states": {"fi": "official", "sv": "unofficial", "en": "unofficial"},
    "council_terms": [
        COMMON | {"key": "t", "label": "2017–2021", "starts_on": "2017-06-01", "ends_on": "2021-07-31"},
    ],
    "sdgs": [COMMON | {"key": "sdg-13", "number": 13, "name": text("Ilmastotekoja")}],
    "bodies": [
        COMMON | {"key": "council", "kind": "council", "name": text("Valtuusto")},
        COMMON | {"key": "board", "kind": "board", "name": text("Hallitus")},
    ],
    "people": [
        COMMON | {
            "key": "chen", "name": "Chen Esimerkki", "title": text("johtaja"),
            "roles": [{"key": "chen.role", "role": "director", "starts_on": "2017-06-01"}],
        },
    ],
    "decisions": [
        decision("set", "council", "set", "2017-06-12", 7),
        decision("approve", "council", "approve", "2017-10-16", 8),
    ],
    "strategies": [
        COMMON | {
            "key": "s", "council_term": "t", "name": text("Tarina"), "adopted_by": "approve",
            "focus_areas": [
                {"key": "a", "order": 1, "name": text("Ympäristö"), "goals": [
                    {"key": "g", "order": 1, "text": text("Päästöt vähenevät")},
                ]},
            ],
        },
    ],
    "programmes": [
        COMMON | {
            "key": "p", "council_term": "t", "code": "clean", "order": 1, "name": text("Puhdas kaupunki"),
            "set_by": "set", "phases": [{"key": "p.set", "phase": "topic_set", "effective_on": "2017-06-12"}],
        },
    ],
    "steering_groups": [
        COMMON | {
            "key": "sg", "programme": "p", "elected_seats": 1, "official_seats": 1, "deputies": "none",
            "legal_nature": "working_group", "sized_by": "set",
            "seats": [
                {"key": "sg.e1", "kind": "elected", "number": 1}, {"key": "sg.o1", "kind": "official", "number": 1},
            ],
        },
    ],
    "benefit_targets": [
        COMMON | {
            "key": "h1", "programme": "p", "code": "H1", "order": 1, "state": "draft", "goals": ["g"],
            "versions": [{"key": "h1.v1", "number": 1, "state": "draft", "title": text("Päästöt vähenevät")}],
        },
    ],
    "partners": [COMMON | {"key": "uni", "name": "Esimerkkiyliopisto", "kind": "university"}],
    "projects": [
        COMMON | {
            "key": "x", "programme": "p", "code": "P1", "kind": "project", "name": text("Sähköbussit"),
            "summary": text("Bussit vaihtuvat."), "state": "planned", "starts_on": "2018-01-01",
            "ends_on": "2020-12-31", "delivery": "own_work", "targets": [{"target": "h1"}],
        },
    ],
    "milestones": [
        COMMON | {"key": "m", "project": "x", "order": 1, "name": text("Linja auki"), "planned_on": "2019-01-01"},
    ],
    "schedules": [
        COMMON | {
            "key": "y", "name": text("Seuranta"), "council_term": "t", "rhythm": "single_dates",
            "history_only": True, "entries": [{"key": "y.1", "status_on": "2018-12-31"}],
        },
    ],
}  # fmt: skip


def register() -> Record:
    """The register, to be changed at will."""
    return copy.deepcopy(REGISTER)


class Outcome:
    """What the command said, and how it ended."""

    def __init__(self, status: int, lines: list[str], told: str) -> None:
        self.status, self.lines, self.told = status, lines, told

    @property
    def codes(self) -> list[str]:
        return [line.split(" – ")[1].split(":")[0] for line in self.lines]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Outcome]:
    """Import a register, or any text, as the office would: by the command on a file."""

    def run(data: Any, *arguments: str) -> Outcome:
        path = tmp_path / "register.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_portfolio", str(path), *arguments, stdout=out, stderr=err)
        except CommandError as error:
            return Outcome(error.returncode, err.getvalue().splitlines(), f"{out.getvalue()}{error}")
        return Outcome(0, err.getvalue().splitlines(), out.getvalue())

    return run


@pytest.fixture
def older() -> Record:
    return register()

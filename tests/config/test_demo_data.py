"""The bundled data can be read by the next person: it fits its schema, and the play calls commands that exist."""

import importlib
import inspect
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from jsonschema import Draft202012Validator, FormatChecker

from config.demo import stage
from portfolio import clock, history
from portfolio.texts import says_words
from tests import story

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "config" / "demo"
PLAY = sorted((DEMO / "play").glob("*.json"))
LANGUAGES = ("fi", "sv", "en")


def portfolio() -> dict[str, Any]:
    return json.loads((DEMO / "espoo.json").read_text())


def steps() -> list[dict[str, Any]]:
    return sorted((step for path in PLAY for step in json.loads(path.read_text())), key=lambda step: step["on"])


def texts(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if "fi" in value and isinstance(value["fi"], str):
            yield value
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("@"):
        yield value[1:]
    elif isinstance(value, dict):
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_portfolio_fits_the_schema() -> None:
    schema = json.loads((ROOT / "portfolio" / "importing" / "schema.json").read_text())
    faults = Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(portfolio())
    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []


def test_the_strategy_of_2017_is_whole() -> None:
    strategy = next(each for each in portfolio()["strategies"] if each["key"] == "espoo-tarina-1.1")
    goals = [goal for area in strategy["focus_areas"] for goal in area["goals"]]
    assert [len(area["goals"]) for area in strategy["focus_areas"]] == [14, 5, 15, 8]
    assert sum(len(goal["actions"]) for goal in goals) == 112


def test_every_text_is_there_in_three_languages() -> None:
    told = [*texts(portfolio()), *texts([step["with"] for step in steps()])]
    assert [text for text in told if not all(text.get(language) for language in LANGUAGES)] == []


def in_languages(value: Any) -> Iterator[dict[str, str]]:
    """Every text of the register and of the play, with what the register says of each language."""
    if isinstance(value, list):
        for one in value:
            yield from in_languages(one)
    elif isinstance(value, dict):
        if isinstance(value.get("fi"), str):
            yield value
        for name in (name.removesuffix("_fi") for name in value if name.endswith("_fi")):
            yield {code: value.get(f"{name}_{code}", "") for code in LANGUAGES}
        for one in value.values():
            yield from in_languages(one)


def test_no_name_in_swedish_or_english_is_the_copied_finnish() -> None:
    """One that is the same on purpose says so in the register, or is marked so in the play."""
    marked = [step["with"]["record"] for step in steps() if step["do"] == "portfolio.translations.mark_text"]
    copied = {
        told["fi"]
        for told in in_languages([portfolio(), steps()])
        for code in ("sv", "en")
        if told["fi"] and told.get(code) == told["fi"] and says_words(told["fi"])
        if told.get("state", {}).get(code) not in ("same", "official")
    }
    assert copied == {"t CO₂-ekv."} and marked == ["@indicators:2021-2025.kestava-espoo.ke1.1"]
    alone = [step["as"] for step in steps() if {"council_group", "unit", "name"} & set(step["with"]) and "as" in step]
    assert [name for name in alone if name.startswith("partners:")] == [], "a partner is named in three languages"


def test_nothing_real_is_left_unsourced() -> None:
    lists = ("decisions", "programmes", "steering_groups", "benefit_targets", "projects")
    rows = [row for name in lists for row in portfolio()[name]]
    assert [row["key"] for row in rows if row["provenance"] == "taken_over" and not row.get("sources")] == []


@pytest.mark.parametrize("path", PLAY, ids=lambda path: path.stem)
def test_the_play_calls_commands_as_they_are(path: Path) -> None:
    for step in json.loads(path.read_text()):
        room, name = stage.MOVED.get(step["do"], step["do"]).rsplit(".", 1)
        taken = inspect.signature(getattr(importlib.import_module(f"{room}.commands"), name)).parameters
        free = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in taken.values())
        assert free or set(step["with"]) <= set(taken), f"{step['on']} {step['do']}"


def test_the_play_speaks_of_what_is_there() -> None:
    data = portfolio()
    known = {f"{kind}:{row['key']}" for kind, rows in data.items() if isinstance(rows, list) for row in rows}
    known |= {f"seats:{seat['key']}" for group in data["steering_groups"] for seat in group["seats"]}
    people = {row["key"] for row in data["people"]}
    for step in steps():
        assert step["by"] in people, step
        for reference in references(step["with"]):
            kind, key = reference.split(":", 1)
            assert kind in ("fundings", "reports") or f"{'indicators' if kind == 'draft_plan' else kind}:{key}" in known
        known.add(step.get("as", ""))
        people |= {step["as"].removeprefix("people:")} if step.get("as", "").startswith("people:") else set()


def test_decisions_that_a_document_tells_are_marked_and_invented_ones_can_be_told_apart() -> None:
    recorded = [step for step in steps() if step["do"] == "portfolio.decisions.record_decision"]
    invented = [step["with"] for step in recorded if step.get("provenance") != "taken_over"]
    assert all(each.get("section", 900) >= 900 for each in invented)
    assert all(each.get("case_number", "999").startswith("999") for each in invented)
    assert all("presenter" not in each and "preparers" not in each for each in invented)


@pytest.mark.django_db
def test_a_step_that_fails_is_named_beside_the_failure_itself(dee):
    with history.change(by=story.SETUP):
        dee.key = "play:dee"
        dee.checked_save()
    told = {"given": {"name": "Chen"}, "called": "", "provenance": "demonstration", "because": ""}
    at = clock.now() - timedelta(days=1)
    step = stage.Step(number=7, mark="play-7", at=at, by="dee", do="portfolio.people.register_person", **told)
    with pytest.raises(PermissionDenied) as denied:
        stage.Stage("older", [step]).perform([step])
    (note,) = denied.value.__notes__
    assert "step 7" in note and "dee: portfolio.people.register_person" in note

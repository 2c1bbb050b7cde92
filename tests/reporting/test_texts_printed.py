"""Whatever a report tells in words is asked for where a language lacks it, and looked through for signs without a font.

A register with every property there is, in Finnish alone, becomes the facts of two reports; each text in them is
found again in the lists that the office works through. A text that is new in the facts fails here until it is in both.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any, get_args, get_type_hints

import pytest

from portfolio.decisions.commands import add_wish, delay_wish
from portfolio.decisions.models import Decision
from reporting.documents import formats, rendering
from reporting.facts import ReportFacts, Text
from reporting.models import Report, ReportSchedule
from reporting.reports import document
from reporting.wording import remarks, texts, undrawable
from tests.portfolio.importing.conftest import run, text
from tests.portfolio.importing.everything import everything
from tests.reporting import factories
from tests.story import SETUP

pytestmark = pytest.mark.django_db
__all__ = ["run"]

SIGN, SOFT = "🌊", "\u00ad"
OF_THE_FILE = {"city", "text_states"}
# What the city's identity says.
OF_THE_IDENTITY = {
    "CityFacts.name", "DocumentFacts.title", "DocumentFacts.period", "DocumentFacts.prepared_by",
    "DocumentFacts.proposal", "DocumentFacts.caught_up_because", "HandlingFacts.body",
}  # fmt: skip
# What is kept in the snapshot and printed nowhere.
ON_NO_PAGE = {
    "ProgrammeFacts.description", "TargetFacts.description", "ProjectFacts.summary", "MeasurementFacts.evidence",
    "TargetFacts.owner", "RiskFacts.owner",
}  # fmt: skip
# What says again a name or a title that stands elsewhere in the facts.
SAID_AGAIN = {
    "LateFacts.label", "SaidFacts.text", "SaidFacts.unit", "DifferenceFacts.programme", "DifferenceFacts.subject",
    "CorrectionFacts.by", "CityFacts.officials_named_by", "ReportFacts.missing",
}  # fmt: skip
# Reasons that no register can bring; `test_remarks` holds each against the list of remarks.
REASONS_OF_HERE = {"CorrectionFacts.because", "TargetFacts.ended_because", "DocumentFacts.supersedes_because"}


def finnish(part: Any, numbers: Iterator[int]) -> Any:
    """A register in Finnish alone, in which no two texts are the same."""
    if isinstance(part, list):
        return [finnish(each, numbers) for each in part]
    if not isinstance(part, dict):
        return part
    if "fi" in part and "sv" in part:
        return {"fi": f"{part['fi']} sana{chr(97 + (n := next(numbers)) // 26)}{chr(97 + n % 26)} {SIGN}"}
    return {name: each if name in OF_THE_FILE else finnish(each, numbers) for name, each in part.items()}


def told(part: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Each text of the facts: whose member it is, and its words."""
    if isinstance(part, Text):
        yield where, part.known
    elif isinstance(part, tuple):
        for each in part:
            yield from told(each, where)
    elif dataclasses.is_dataclass(part):
        for one in dataclasses.fields(part):
            here = f"{type(part).__name__}.{one.name}"
            yield from told(getattr(part, one.name), where if where in ON_NO_PAGE else here)


def page(report: Report) -> str:
    frozen = rendering.unbundle(json.loads(document.source(report.snapshots.get())))
    return formats.render(frozen, lang="fi", form="html").decode().replace(SOFT, "")


def place(resource: str, record_id: int, field: str) -> tuple[str, int, str]:
    """Which text of which record, in whatever language."""
    return resource, record_id, field.removesuffix("_en").removesuffix("_fi")


def members(kind: Any, seen: set[Any]) -> Iterator[str]:
    """Every member of the facts that holds a text."""
    if kind in seen or not dataclasses.is_dataclass(kind):
        return
    seen.add(kind)
    for name, hint in get_type_hints(kind).items():
        inside = {hint, *get_args(hint)}
        if Text in inside:
            yield f"{kind.__name__}.{name}"
        for each in inside - {Text}:
            yield from members(each, seen)


@pytest.fixture
def reports(run: Any) -> list[Report]:
    """Of two days, so that each thing of the register is told in one of them."""
    data = everything()
    for person in data["people"]:
        person |= {"title": text("Tehtävä"), "council_group": text("Ryhmä")}
    data = finnish(data, count())
    old = next(each for each in data["decisions"] if each["key"] == "old")
    old["points"][0] |= {"kind": "set", "programmes": ["p"]}
    done = run(data)
    assert (done.status, done.lines) == (0, [])
    wish = add_wish(Decision.objects.get(key="older:approve"), text_fi=f"Odottava toive {SIGN}", by=SETUP)
    delay_wish(wish, delay_fi=f"Selvitys on kesken {SIGN}", by=SETUP)
    return [factories.frozen(ReportSchedule.objects.get(), date(year, 12, 31)) for year in (2018, 2020)]


@pytest.mark.proof
def test_every_text_of_a_report_is_asked_for_in_other_languages_and_looked_through(reports, sirpa):
    seen: set[str] = set()
    reasons = set(remarks.missing(sirpa, languages=["en"]).values_list("source", flat=True))
    for report in reports:
        known = {(where, words) for where, words in told(factories.facts(report)) if words}
        seen |= {where for where, _ in known}
        shown = page(report)
        assert not [words for where, words in known if where in ON_NO_PAGE and SIGN in words and words in shown]
        printed = {words for where, words in known if where not in OF_THE_IDENTITY | ON_NO_PAGE}
        lacking = texts.missing(sirpa, languages=["en"], report=report)[:]
        assert printed - {row["original"] for row in lacking} - reasons == set()
        signs = {place(each.resource, each.record_id, each.field) for each in undrawable.found(report, sirpa)}
        odd = [row for row in lacking if row["original"] in printed and SIGN in row["original"]]
        assert {place(row["resource"], row["record_id"], row["field"]) for row in odd} - signs == set()
    assert set(members(ReportFacts, set())) - seen - OF_THE_IDENTITY == SAID_AGAIN | REASONS_OF_HERE

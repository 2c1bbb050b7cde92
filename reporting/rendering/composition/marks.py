"""The small marks of where a row comes from: invented for a demonstration, or taken over from an older register.

Where everything but what was taken over is invented, one sentence says so, on the cover and on every page, and a reader
needs to know one mark alone: the dagger of what is real.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from reporting import facts
from reporting.facts import Provenance

MARKS: dict[Provenance, str] = {"demonstration": "*", "taken_over": "†"}
KINDS: dict[type, str] = {
    facts.DecisionFacts: "decisions",
    facts.EventFacts: "events",
    facts.IndicatorFacts: "targets",
    facts.MeasurementFacts: "measurements",
    facts.MilestoneFacts: "projects",
    facts.MoneyFacts: "money",
    facts.PersonFacts: "people",
    facts.ProgrammeFacts: "programmes",
    facts.ProjectFacts: "projects",
    facts.RiskFacts: "risks",
    facts.StatusFacts: "projects",
    facts.TargetFacts: "targets",
    facts.UpdateFacts: "updates",
    facts.WishFacts: "wishes",
}


def all_invented(report: facts.ReportFacts) -> bool:
    """Whether the report is a demonstration in which no row was recorded in earnest."""
    return report.document.demonstration and all(found != "recorded" for _, found in _walk(report))


def signs(report: facts.ReportFacts) -> dict[Provenance, str]:
    """The mark of each provenance that has one in a report."""
    return {"taken_over": MARKS["taken_over"]} if all_invented(report) else MARKS


def kinds(report: facts.ReportFacts, provenance: Provenance) -> list[str]:
    """The kinds of content that have rows of this provenance, each once, in the order of their names."""
    return sorted({kind for kind, found in _walk(report) if found == provenance})


def _walk(value: object) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, tuple):
        for each in value:
            yield from _walk(each)
    elif is_dataclass(value):
        if kind := KINDS.get(type(value)):
            yield kind, getattr(value, "provenance", "recorded")
        for one in fields(value):
            yield from _walk(getattr(value, one.name))

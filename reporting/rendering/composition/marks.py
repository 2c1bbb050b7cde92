"""The small marks of where a row comes from: invented for a demonstration, or taken over from an older register."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from reporting import facts
from reporting.facts import Provenance
from reporting.rendering import document as d

MARKS: dict[Provenance, str] = {"demonstration": "*", "taken_over": "†"}
KINDS: dict[type, str] = {
    facts.DecisionFacts: "decisions",
    facts.EventFacts: "events",
    facts.IndicatorFacts: "targets",
    facts.MeasurementFacts: "measurements",
    facts.MoneyFacts: "money",
    facts.PersonFacts: "people",
    facts.ProjectFacts: "projects",
    facts.RiskFacts: "risks",
    facts.TargetFacts: "targets",
    facts.UpdateFacts: "updates",
    facts.WishFacts: "wishes",
}


def mark(provenance: Provenance) -> d.Runs:
    """Nothing for what was recorded here."""
    return (d.Run(MARKS[provenance], "small"),) if provenance in MARKS else ()


def kinds(report: facts.ReportFacts, provenance: Provenance) -> list[str]:
    """The kinds of content that have rows of this provenance, each once, in the order of their names."""
    return sorted({kind for kind, found in _walk(report) if found == provenance})


def _walk(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, tuple):
        for each in value:
            yield from _walk(each)
    elif is_dataclass(value):
        if kind := KINDS.get(type(value)):
            yield kind, getattr(value, "provenance", "recorded")
        for one in fields(value):
            yield from _walk(getattr(value, one.name))

"""The small marks of where a row comes from: invented for a demonstration, or taken over from an older register.

Where everything but what was taken over is invented, one sentence says so, on the cover and on every page, and a reader
needs to know one mark alone: the dagger of what is real.
"""

from reporting import facts
from reporting.facts import Provenance, canonical

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
    return report.document.demonstration and all(found != "recorded" for _, found in _rows(report))


def signs(*, all_invented: bool) -> dict[Provenance, str]:
    """The mark of each provenance that has one in a report."""
    return {"taken_over": MARKS["taken_over"]} if all_invented else MARKS


def kinds(report: facts.ReportFacts) -> dict[Provenance, list[str]]:
    """Of each provenance that has a mark, the kinds of content that have such rows, in the order of their names."""
    rows = _rows(report)
    return {one: sorted(kind for kind, found in rows if found == one) for one in MARKS}


def _rows(report: facts.ReportFacts) -> set[tuple[str, str | None]]:
    """The kinds of rows that there are, each with the provenances in which it occurs."""
    found: set[tuple[str, str | None]] = set()
    waiting: list[object] = [report]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting += part
        elif members := canonical.names(type(part)):
            if kind := KINDS.get(type(part)):
                found.add((kind, getattr(part, "provenance", "recorded")))
            waiting += [getattr(part, name) for name in members]
    return found

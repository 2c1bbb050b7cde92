"""Random indicators of every kind, put into a portfolio, and what each door then tells of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from portfolio import history
from portfolio.benefits import commands
from portfolio.benefits.measuring import commands as measuring
from portfolio.benefits.models import BenefitTarget, Indicator
from portfolio.history import Provenance
from portfolio.programmes.models import Programme
from portfolio.strategy.models import CouncilTerm
from tests.portfolio.benefits import factories
from tests.reporting.html_reading import Node, Reading
from tests.story import SETUP

KINDS = ("reach", "keep_at_least", "keep_at_most", "keep_within", "rank", "zero", "average", "done", "qualitative")
BEGUN = 1100  # days from the baseline to the judging day
WORDS = {
    "toteutunut": "met",
    "tavoitteen mukainen": "on_track",
    "vaatii huomiota": "at_risk",
    "poikkeaa tavoitteesta": "off_track",
    "ei raportoitu": "not_reported",
}
NUMBER = re.compile("[−-]?\\d[\\d\u202f]*(?:,\\d+)?")
DEEDS = {"ei vielä tehty": Decimal(0), "tehty": Decimal(1)}


@dataclass(frozen=True)
class Drawn:
    """One indicator as it was drawn; days are counted back from the judging day, `due_in` forward."""

    kind: str
    direction: str
    decimals: int
    figures: dict[str, Any]
    due_in: int
    path: tuple[tuple[int, Decimal], ...]
    series: tuple[tuple[int, Decimal, bool], ...]
    interval: int | None = 12
    rubric: tuple[dict[str, Any], ...] = ()


@st.composite
def indicators(draw: Any, kind: str) -> Drawn:
    """An indicator of a kind with figures that its kind allows; some unknown, some old, some that nobody approved."""
    decimals = 0 if kind in ("rank", "done", "qualitative") else draw(st.integers(0, 2))
    values = _values(kind, decimals)
    figures, direction = _figures(draw, kind, values)
    days = draw(st.lists(st.integers(0, BEGUN - 1), unique=True, max_size=5))
    due_in = draw(st.integers(-400, 800))
    bends = draw(st.lists(st.integers(1 - due_in, BEGUN - 1), unique=True, max_size=2)) if due_in > -BEGUN else []
    return Drawn(
        kind=kind,
        direction=direction,
        decimals=decimals,
        figures=figures,
        due_in=due_in,
        path=tuple((day, draw(values)) for day in bends) if kind in ("reach", "zero") else (),
        series=tuple((day, draw(values), draw(st.sampled_from([True, True, True, False]))) for day in days),
        interval=draw(st.sampled_from([6, 12, 12, 36, None])),
        rubric=_rubric(draw) if kind == "qualitative" else (),
    )


def _values(kind: str, decimals: int) -> st.SearchStrategy[Decimal]:
    if kind == "done":
        return st.sampled_from([Decimal(0), Decimal(1)])
    if kind in ("rank", "qualitative"):
        return st.integers(1, 4 if kind == "qualitative" else 9).map(Decimal)
    return st.decimals(0 if kind == "zero" else -20, 120, places=decimals)


def _figures(draw: Any, kind: str, values: st.SearchStrategy[Decimal]) -> tuple[dict[str, Any], str]:
    start, end = draw(values), draw(values)
    if kind == "keep_within":
        return {"lower": min(start, end), "upper": max(start, end) + 1, "target_value": None}, "none"
    if kind in ("keep_at_least", "keep_at_most"):
        return {"target_value": end, "baseline_value": start}, "none"
    if kind == "rank":
        return {"target_value": min(start, end), "baseline_value": max(start, end), "group_size": 9}, "down"
    if kind == "zero":
        return {"target_value": draw(st.sampled_from([Decimal(0), None])), "baseline_value": start + 1}, "down"
    if kind == "done":
        return {"target_value": None, "baseline_value": None}, draw(st.sampled_from(["up", "none"]))
    if kind == "qualitative":
        return {"target_value": draw(st.sampled_from([Decimal(4), None])), "baseline_value": Decimal(1)}, "up"
    return _way(draw, kind, start, end)


def _way(draw: Any, kind: str, start: Decimal, end: Decimal) -> tuple[dict[str, Any], str]:
    """From one figure to another; of what is taken over, an end or the direction may be unknown."""
    end = end + 1 if start == end else end
    figures: dict[str, Any] = {"baseline_value": start, "target_value": end}
    if kind == "average" and draw(st.booleans()):
        figures["period_starts_on"] = draw(st.integers(100, BEGUN - 1))
    unknown = draw(st.sampled_from(["", "", "", "baseline_value", "target_value", "direction"]))
    if unknown in figures:
        figures[unknown] = None
    return figures, "" if unknown == "direction" else "up" if end > start else "down"


def _rubric(draw: Any) -> tuple[dict[str, Any], ...]:
    verdicts = ("off_track", "at_risk", "on_track", "met") if draw(st.booleans()) else ()
    levels = ({"value": n, "label": {"fi": f"taso {n}", "sv": f"nivå {n}", "en": f"level {n}"}} for n in range(1, 5))
    return tuple(level | ({"verdict": verdicts[n]} if verdicts else {}) for n, level in enumerate(levels))


def portfolios(each: int) -> st.SearchStrategy[tuple[Drawn, ...]]:
    """So many indicators of every kind."""
    return st.tuples(*(indicators(kind) for kind in KINDS for _ in range(each)))


def programme(on: date, code: str) -> Programme:
    """A programme of a term around a day."""
    with history.change(by=SETUP):
        begins, ends = on - timedelta(days=BEGUN + 60), on + timedelta(days=900)
        term = CouncilTerm.objects.first() or CouncilTerm(label="Kausi", starts_on=begins, ends_on=ends).checked_save()
        set_by = factories.decision("council", "set", on=begins)
        return Programme(council_term=term, code=code, name_fi=f"Ohjelma {code}", set_by=set_by).checked_save()


def put(drawn: Drawn, code: str, of: Programme, on: date) -> BenefitTarget:
    """A target of an older register with one indicator, in force, with its values by the day."""
    target = proposed(drawn, code, of, on)
    decided = factories.council_approves(on=on - timedelta(days=990))
    target = commands.approve_target(target, decision=decided, by=SETUP)
    measure(drawn, target, on)
    return target


def proposed(drawn: Drawn, code: str, of: Programme, on: date) -> BenefitTarget:
    """The same on its way to the council."""
    target = factories.draft(of, code=code, title_fi=f"Tavoite {code}", title_sv=f"Mål {code}")
    with history.change(by=SETUP):
        target.provenance = Provenance.TAKEN_OVER
        target = target.checked_save()
    indicator = measuring.add_indicator(
        target, code="M1", kind=drawn.kind, direction=drawn.direction, decimals=drawn.decimals, rubric=[*drawn.rubric],
        interval_months=drawn.interval, name_fi=f"Mittari {code}", name_sv=f"Mätare {code}", by=SETUP,
    )  # fmt: skip
    begun = on - timedelta(days=BEGUN)
    measuring.plan_indicator(factories.plan(indicator), by=SETUP, **_planned(drawn, on, begun))
    target.refresh_from_db()
    target = commands.record_drafting(target, drafted_on=on - timedelta(days=1000), by=SETUP)
    return commands.propose_target(target, decision=None, by=SETUP)


def measure(drawn: Drawn, target: BenefitTarget, on: date) -> None:
    """What was drawn of its values, with the days counted back from one."""
    indicator = Indicator.objects.get(target=target)
    for days, value, approved in drawn.series:
        factories.measured(indicator, value=str(value), on=on - timedelta(days=days), approved=approved)


def _planned(drawn: Drawn, on: date, begun: date) -> dict[str, Any]:
    figures = dict(drawn.figures)
    if starts := figures.get("period_starts_on"):
        figures["period_starts_on"] = on - timedelta(days=starts)
    due = on + timedelta(days=drawn.due_in)
    path = [{"on": on - timedelta(days=day), "value": value} for day, value in drawn.path]
    bends = [point for point in path if begun < point["on"] < due]
    return {"baseline_on": begun, "target_on": due, "path": bends, **figures}


@dataclass(frozen=True)
class Told:
    """What a door tells of one target: its standing, the value and whether that counts, the target."""

    standing: str
    value: Decimal | None = None
    decimals: int = 6
    goal: str = ""

    def like(self, other: Told) -> bool:
        """Whether both tell the same, one of them perhaps rounded."""
        if self.standing != other.standing or (self.value is None) != (other.value is None):
            return False
        if self.value is None or other.value is None:
            return True
        places = Decimal(1).scaleb(-min(self.decimals, other.decimals))
        return abs(self.value - other.value) <= places / 2


def number(text: str) -> tuple[Decimal | None, int]:
    """The first value of a cell, and how many decimals it is written with."""
    for word, value in DEEDS.items():
        if text.startswith(word):
            return value, 0
    found = NUMBER.search(text)
    if not found:
        return None, 0
    written = found[0].replace("\u202f", "").replace("−", "-").replace(",", ".")
    return Decimal(written), len(written.partition(".")[2])


def by_api(answer: dict[str, Any]) -> Told:
    (indicator,) = answer["indicators"]
    value = indicator["value"]
    assert indicator["standing"] == answer["standing"]
    return Told(answer["standing"], None if value is None else Decimal(value))


def by_page(content: bytes) -> dict[str, Told]:
    """Of each target on the page of a programme's targets."""
    rows = [row for row in Reading(content).root.all("tr") if len(row.all("td")) == 4]
    return dict(_target(row) for row in rows)


def _target(row: Node) -> tuple[str, Told]:
    code = next(one.text() for one in row.all("span") if one.attributes.get("class") == "code")
    standing, newest, goal, _next = row.all("td")
    written = [one.text() for one in newest.all("b")]
    value, decimals = number(written[0]) if written else (None, 0)
    if value is None and written:
        value = Decimal(written[0].removeprefix("taso "))
    return code, Told(WORDS[standing.text()], value, decimals, goal.text())


def by_tables(tables: list[list[list[str]]]) -> dict[str, Told]:
    """Of each target in the annex of a report: code, name, baseline, newest, target, standing."""
    rows = [row for table in tables for row in table if len(row) == 6 and re.fullmatch(r"T\d+", row[0].strip())]
    return {row[0].strip(): _row(row[3].strip(), row[5].strip(), row[4].strip()) for row in rows}


def _row(newest: str, standing: str, goal: str) -> Told:
    word = next(word for word in WORDS if standing.startswith(word))
    known = newest.partition("viimeksi ")[2] if newest.startswith("ei raportoitu") else newest
    value, decimals = number(known) if known else (None, 0)
    return Told(WORDS[word], value, decimals, goal)


def of_finding(standing: str, value: Decimal | None) -> Told:
    return Told(standing, value)

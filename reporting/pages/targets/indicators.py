"""An indicator on a page: where it stands, its drawing, and the same figures in a table, all from one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.benefits.standing import CURRENT_RULE
from reporting.compilation import figures, standings
from reporting.compilation.course import KEPT
from reporting.compilation.findings import Figure, IndicatorFinding
from reporting.documents.rendering import readings
from reporting.documents.rendering.language import Voice
from reporting.facts import IndicatorFacts, Text
from reporting.pages.targets.charts import Chart, chart

SHORT_UNIT = 6  # in a table the unit stands beside the figure only where it is short


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """A figure with its day: written out, or a level of a scale in words; `nothing` stands where neither is known.

    `number` is what is written out, where that is one number and no limit or range.
    """

    label: str | Promise
    on: date | None
    nothing: str | Promise = "–"
    value: str = ""
    number: Decimal | None = None
    unit: Text = Text()
    level: Text | None = None
    counts: bool = True
    remarks: str = ""


@dataclass(frozen=True)
class IndicatorView:
    """An indicator with where it stands, its drawing, and the same numbers for the table."""

    facts: IndicatorFacts
    finding: IndicatorFinding
    chart: Chart | None
    rows: tuple[FigureRow, ...]

    @property
    def newest(self) -> FigureRow:
        """The value that is judged: told in place of a drawing where there is none, as of a thing done or not done."""
        return next(row for row in self.rows if row.nothing != "–")


def drawn(views: Iterable[IndicatorView]) -> frozenset[str]:
    """What the drawings have that needs a word: paths, means, limits to be kept."""
    kinds = (each.facts.kind for each in views if each.chart)
    return frozenset("mean" if kind == "average" else "limit" if kind in KEPT else "path" for kind in kinds)


def indicator(facts: IndicatorFacts, on: date, voice: Voice) -> IndicatorView:
    """One indicator as it stands on a day."""
    finding = standings.of_indicator(facts, on=on, by=CURRENT_RULE)
    drawing = chart(facts, finding, voice.number, on=on)
    return IndicatorView(facts, finding, drawing, tuple(_rows(facts, finding, on, voice)))


def _rows(facts: IndicatorFacts, finding: IndicatorFinding, on: date, voice: Voice) -> Iterator[FigureRow]:
    if facts.kind != "done":
        yield _row(voice, facts, _("Baseline"), figures.baseline(facts), facts.baseline_on)
    yield actual(facts, finding, voice)
    if expected := path(facts, finding, on, voice):
        yield expected
    yield aim(facts, voice)


def aim(facts: IndicatorFacts, voice: Voice) -> FigureRow:
    """What is to be reached or kept, and by when."""
    return _row(voice, facts, _("Target"), figures.target(facts), facts.target_on)


def actual(facts: IndicatorFacts, finding: IndicatorFinding, voice: Voice) -> FigureRow:
    """The value that is judged, with what has to be said beside it."""
    label = _("Mean of the period") if facts.kind == "average" else _("Actual")
    row = _row(voice, facts, label, _newest(facts, finding), finding.latest_on)
    remarks = ", ".join(readings.remarks(voice, facts, finding))
    return replace(row, counts=finding.counts, remarks=remarks, nothing=_("not reported"))


def path(facts: IndicatorFacts, finding: IndicatorFinding, on: date, voice: Voice) -> FigureRow | None:
    """What the path promised for a day, where there is one."""
    expected = figures.expected(facts, finding, CURRENT_RULE)
    return _row(voice, facts, _("Path"), expected, on) if expected else None


def _newest(facts: IndicatorFacts, finding: IndicatorFinding) -> Figure | None:
    figure = figures.value(facts, finding)
    return replace(figure, on=None) if figure else None


def _row(
    voice: Voice, facts: IndicatorFacts, label: str | Promise, figure: Figure | None, on: date | None
) -> FigureRow:
    if figure is None:
        return FigureRow(label=label, on=on)
    level = next((one.label for one in facts.rubric if one.value == figure.value), None)
    if level is not None:
        return FigureRow(label=label, on=on, level=level)
    if told := readings.level(voice, facts, figure.value):
        return FigureRow(label=label, on=on, value=told)
    short = facts.unit if len(voice.words(facts.unit)[0]) <= SHORT_UNIT else Text()
    told = voice.figure(replace(figure, unit=short), brief=True)
    return FigureRow(label=label, on=on, value=told, number=_number(figure), unit=facts.unit)


def _number(figure: Figure) -> Decimal | None:
    plain = figure.upper is None and not figure.limit and figure.on is None
    return figures.rounded(figure.value, figure.decimals) if plain else None

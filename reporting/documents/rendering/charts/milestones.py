"""A project's milestones on one line: planned as a tick, reached as a dot, forecast as a ring, the slip between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reporting.documents.rendering.charts.drawing import (
    GREY,
    INK,
    PAPER,
    RULE,
    Lettering,
    Stroke,
    dot,
    drawing,
    line,
    word,
)
from reporting.documents.rendering.charts.trajectory import Scale
from reporting.facts import ColourFacts

WIDTH, HEIGHT = 119.0, 21.0
MONTH = 31


@dataclass(frozen=True)
class DrawnMilestone:
    """A milestone as drawn; one that nobody owes any more, for its project is over, has its planned day alone."""

    planned: date
    real: date
    reached: bool
    owed: bool = True


def row(stages: Sequence[DrawnMilestone], scale: Scale, status: date, colours: ColourFacts) -> str:
    """The row's own line runs through from the axis above it."""
    middle, parts = HEIGHT / 2, _years(scale, status)
    for stage in stages:
        plan, real = _x(scale, stage.planned), _x(scale, stage.real)
        if not stage.owed:
            parts.append(_planned(plan))
            continue
        slip = (stage.real - stage.planned).days
        if slip > MONTH:
            parts.append(line([(plan, middle), (real, middle)], Stroke(INK, 1.6)))
        elif slip < -MONTH:
            parts.append(line([(plan, middle), (real, middle)], Stroke(GREY, 0.6, "1.5 1.5")))
        parts.append(_planned(plan))
        parts.append(dot(real, middle, 2.7, colours.brand if stage.reached else PAPER, colours.brand, 1.1))
    return drawing(WIDTH, HEIGHT, parts)


def _planned(x: float) -> str:
    return line([(x, HEIGHT / 2 - 4.5), (x, HEIGHT / 2 + 4.5)], Stroke(INK, 0.8))


def axis(scale: Scale, status: date) -> str:
    years = range(scale.first_year, scale.last_year + 1)
    step = 1 if len(years) <= 5 else 2
    labels = [
        word(_x(scale, date(year, 1, 1)) + 2.5, HEIGHT / 2 + 3, str(year), Lettering(7.4, INK, weight=600))
        for year in years
        if (year - scale.first_year) % step == 0
    ]
    return drawing(WIDTH, HEIGHT, _years(scale, status) + labels)


def _years(scale: Scale, status: date) -> list[str]:
    years = [_x(scale, date(year, 1, 1)) for year in range(scale.first_year, scale.last_year + 1)]
    lines = [line([(x, 0), (x, HEIGHT)], Stroke(RULE, 0.5)) for x in years]
    now = _x(scale, status)
    return [*lines, line([(now, 0), (now, HEIGHT)], Stroke(INK, 0.7))]


def _x(scale: Scale, on: date) -> float:
    return 3 + scale.share(on) * (WIDTH - 6)

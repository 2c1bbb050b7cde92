"""Like for like: one line per target between two reports, the changed ones heavy and named, the same ones light."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.compilation.findings import BEST_FIRST, TargetChange
from reporting.documents.rendering.charts.drawing import (
    GREY,  # fmt: skip
    INK,  # fmt: skip
    PAPER,  # fmt: skip
    STANDING_INK,  # fmt: skip
    THIN,  # fmt: skip
    Lettering,  # fmt: skip
    Stroke,  # fmt: skip
    box,  # fmt: skip
    cross,  # fmt: skip
    dot,  # fmt: skip
    drawing,  # fmt: skip
    line,  # fmt: skip
    mark,  # fmt: skip
    shape,  # fmt: skip
    word,  # fmt: skip
)
from reporting.facts import ColourFacts, Standing

WIDTH = 493.0
LEFT, RIGHT, TOP, GAP = 126.0, WIDTH - 150, 20.0, 10.0
MOVED = ("better", "worse", "reporting", "target_changed", "rule")
STEP, SMALLEST_NAMED, TALLEST = 7.6, 5.5, 560.0


@dataclass(frozen=True)
class ChangeWords:
    """What is written beside the lines."""

    before: str
    now: str
    standings: dict[Standing, str]


@dataclass(frozen=True)
class Side:
    """Where each target and each standing stands at one edge."""

    at: dict[str, float]
    tops: dict[Standing, float]
    counts: dict[Standing, int]
    bottom: float


def change(targets: Sequence[TargetChange], words: ChangeWords, colours: ColourFacts) -> str:
    """Slope says better or worse, colour only repeats it; with very many targets the lines lose their names."""
    step = min(STEP, TALLEST / max(len(targets), 1))
    before = _side({t.key: t.before for t in targets if t.before}, {t.key: t.now for t in targets}, step)
    now = _side({t.key: t.now for t in targets if t.now}, {t.key: t.before for t in targets}, step)
    parts = _heads(words) + _edge(before, words, step, left=True) + _edge(now, words, step, left=False)
    parts += [_same(t, before, now) for t in targets if t.change in ("same", "restated")]
    for target in targets:
        if target.change == "restated":
            parts += _restated(target, before, named=step >= SMALLEST_NAMED)
        if target.change in MOVED:
            parts += _moved(target, before, now, colours, named=step >= SMALLEST_NAMED)
    parts += [part for t in targets if t.change == "added" for part in _added(t, now, step)]
    parts += [part for t in targets if t.change == "ended" for part in _ended(t, before, step)]
    return drawing(WIDTH, max(before.bottom, now.bottom), parts)


def _side(mine: dict[str, Standing], other: dict[str, Standing | None], step: float) -> Side:
    y, at, tops, counts = TOP, {}, {}, {}
    for kind in BEST_FIRST:
        keys = sorted((key for key in mine if mine[key] == kind), key=lambda key: (_rank(other.get(key)), key))
        tops[kind], counts[kind] = y, len(keys)
        for key in keys:
            at[key], y = y + step / 2, y + step
        y = max(y, tops[kind] + STEP * 1.4) + GAP
    return Side(at, tops, counts, y)


def _rank(standing: Standing | None) -> int:
    return BEST_FIRST.index(standing) if standing else len(BEST_FIRST)


def _heads(words: ChangeWords) -> list[str]:
    return [
        word(LEFT, 8, words.before, Lettering(8, INK, "end", 600)),
        word(RIGHT, 8, words.now, Lettering(8, INK, "start", 600)),
    ]


def _edge(side: Side, words: ChangeWords, step: float, *, left: bool) -> list[str]:
    x, sign, anchor = (LEFT - 8, -1, "end") if left else (RIGHT + 8, 1, "start")
    outer, outer_anchor = (0.0, "start") if left else (WIDTH, "end")
    parts = []
    for kind in BEST_FIRST:
        top, height = side.tops[kind], max(side.counts[kind] * step, STEP * 1.4)
        middle = top + height / 2
        parts.append(mark(kind, x + sign * 6, middle, 3.8, STANDING_INK[kind]))
        parts.append(word(x + sign * 15, middle + 2.9, words.standings[kind], Lettering(8.4, INK, anchor)))
        parts.append(line([(x, top + 1), (x, top + height - 1)], Stroke(INK, 0.8)))
        parts.append(word(outer, middle + 4.2, str(side.counts[kind]), Lettering(12, INK, outer_anchor, 600)))
    return parts


def _curve(y1: float, y2: float, stroke: Stroke) -> str:
    x1, x2 = LEFT - 2, RIGHT + 2
    return shape(f"M{x1:.2f} {y1:.2f}C{x1 + 90:.2f} {y1:.2f} {x2 - 90:.2f} {y2:.2f} {x2:.2f} {y2:.2f}", stroke)


def _same(target: TargetChange, before: Side, now: Side) -> str:
    return _curve(before.at[target.key], now.at[target.key], Stroke(THIN, 0.6))


def _moved(target: TargetChange, before: Side, now: Side, colours: ColourFacts, *, named: bool) -> list[str]:
    stroke = {
        "better": Stroke(colours.brand, 1.5),
        "worse": Stroke(colours.accent, 1.9),
        "reporting": Stroke(GREY, 1, "3 2"),
        "target_changed": Stroke(INK, 1, "0.6 2.2", round=True),
        "rule": Stroke(INK, 1, "0.6 2.2", round=True),
    }[target.change]
    was, is_ = before.at[target.key], now.at[target.key]
    parts = [_curve(was, is_, stroke)]
    if named:
        width = 4.3 * len(target.code) + 3
        parts += [box(LEFT + 3, was - 4, width, 8, PAPER), _name(target, LEFT + 4.5, was, "start", stroke.ink)]
        parts += [box(RIGHT - 3 - width, is_ - 4, width, 8, PAPER), _name(target, RIGHT - 4.5, is_, "end", stroke.ink)]
    return parts


def _restated(target: TargetChange, before: Side, *, named: bool) -> list[str]:
    """Where it stood as known now: an open dot, for another standing was printed."""
    y = before.at[target.key]
    ring = dot(LEFT + 5, y, 2.1, PAPER, INK, 0.9)
    return [ring, _name(target, LEFT + 10, y, "start", INK)] if named else [ring]


def _name(target: TargetChange, x: float, y: float, anchor: str, ink: str) -> str:
    return word(x, y + 2.5, target.code, Lettering(7.2, ink, anchor, 700))


def _added(target: TargetChange, now: Side, step: float) -> list[str]:
    y, x = now.at[target.key], RIGHT - 32
    parts = [box(x - 18, y - 3.6, 52, 7.2, PAPER), line([(x, y), (RIGHT + 2, y)], Stroke(INK, 1))]
    parts.append(line([(x, y - 2.6), (x, y + 2.6)], Stroke(INK, 1)))
    return [*parts, _name(target, x - 4, y, "end", INK)] if step >= SMALLEST_NAMED else parts[1:]


def _ended(target: TargetChange, before: Side, step: float) -> list[str]:
    y, x = before.at[target.key], LEFT + 38
    parts = [line([(LEFT - 2, y), (x, y)], Stroke(GREY, 1)), cross(x, y, 3, Stroke(GREY, 1.1))]
    return [*parts, _name(target, x + 7, y, "start", GREY)] if step >= SMALLEST_NAMED else parts

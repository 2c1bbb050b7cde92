"""The cover's drawing: every target beside its agreed path up to the status date, the future left empty."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.compilation.findings import BEST_FIRST
from reporting.facts import ColourFacts, Standing
from reporting.rendering.charts.drawing import (
    PAPER,
    Hand,
    Point,
    Stroke,
    box,
    drawing,
    length,
    line,
    mark,
    spaced,
    word,
)

WIDTH, HEIGHT = 595.3, 415.0
LEFT, RIGHT, TARGET, BASELINE = 56.7, WIDTH - 45.4, 74.0, HEIGHT - 66
PALE, WARM = "#DCE8EA", "#F2A27E"
SMALL, LABEL = 8.2, 9.4
ROOM_FOR_LABELS, ROOM_FOR_TWO_WORDS = 190, 150


@dataclass(frozen=True)
class Way:
    """One target's way, in shares of the time and of the height, and the mark at its end."""

    points: tuple[Point, ...]
    end: Point
    standing: Standing


@dataclass(frozen=True)
class CoverWords:
    """What is written on the cover's drawing."""

    baseline: str
    target: str
    path: str
    due: str
    status: str
    standings: dict[Standing, str]


def cover(ways: Sequence[Way], counts: dict[Standing, int], now: float, words: CoverWords, colours: ColourFacts) -> str:
    """`now` is the status date as a share of the time from the first baseline to the last target."""
    paper = colours.brand_strong
    parts = [box(0, 0, WIDTH, HEIGHT, paper)]
    faint = Stroke(PAPER, 0.5, opacity=0.45)
    parts += [line([(LEFT, _y(share)), (RIGHT, _y(share))], faint) for share in (0, 1)]
    parts.append(line([(LEFT, _y(0)), (RIGHT, _y(1))], Stroke(PAPER, 0.8, "1 5", 0.9, round=True)))
    parts.append(line([(_x(now), _y(0) + 16), (_x(now), 32)], Stroke(WARM, 0.9)))
    thin = Stroke(PAPER, 0.9, opacity=0.72 if len(ways) <= 60 else 0.3)
    parts += [line([_at(point) for point in (*way.points, way.end)], thin) for way in ways if way.points]
    parts += _labels(ways, counts, _x(now), words, paper)
    # The weakest last, so that no good mark hides a poor one.
    for way in sorted(ways, key=lambda way: BEST_FIRST.index(way.standing)):
        parts.append(mark(way.standing, *_at(way.end), 3.5, PAPER, paper))
    return drawing(WIDTH, HEIGHT, parts + _axis(now, words, paper))


def _labels(ways: Sequence[Way], counts: dict[Standing, int], x: float, words: CoverWords, paper: str) -> list[str]:
    """Beside the marks of each standing its own mark, its word and how many there are; no line runs through them."""
    kinds = [kind for kind in BEST_FIRST if counts.get(kind)]
    wanted = []
    for kind in kinds:
        heights = [_y(way.end[1]) for way in ways if way.standing == kind]
        middle = sum(heights) / max(len(heights), 1)
        wanted.append(min(heights, key=lambda y: abs(y - middle), default=middle) + 3)
    parts = []
    for kind, y in zip(kinds, spaced(wanted, 15, 44, BASELINE - 6), strict=True):
        text = f"{words.standings[kind]} {counts[kind]}"
        wide = length(text, LABEL) + 16
        left = x - 11 - wide if x > WIDTH - ROOM_FOR_LABELS else x + 11
        parts.append(box(left - 3, y - 9.5, wide + 6, 13, paper))
        parts += [mark(kind, left + 3.5, y - 3.2, 3, PAPER, paper), word(left + 12, y, text, Hand(LABEL, PAPER))]
    return parts


def _axis(now: float, words: CoverWords, paper: str) -> list[str]:
    """The words of the axes; where two would meet below the axis, one takes the next line."""
    below, x = _y(0) + 14, _x(now)
    late = x > WIDTH - ROOM_FOR_LABELS
    status = Hand(SMALL, PAPER, "end" if late else "start", 600)
    pale, end = Hand(SMALL, PALE), Hand(SMALL, PALE, "end")
    near = x - LEFT < ROOM_FOR_TWO_WORDS
    path_wide = length(words.path, SMALL) + 6
    return [
        word(x + (-6 if late else 6), below, words.status, status),
        word(LEFT, below + (12 if near else 0), words.baseline, pale),
        word(RIGHT, below + (12 if late else 0), words.due, end),
        box(RIGHT - path_wide, _y(0.8) - 9, path_wide, 12, paper) if not late else "",
        word(RIGHT, _y(0.8), words.path, end) if not late else "",
        word(LEFT, _y(1) - 6, words.target, pale) if late else word(RIGHT, _y(1) - 6, words.target, end),
    ]


def _at(point: Point) -> Point:
    return _x(point[0]), _y(point[1])


def _x(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


def _y(share: float) -> float:
    return BASELINE - share * (BASELINE - TARGET)

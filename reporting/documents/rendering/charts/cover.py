"""The cover's drawing: every target beside its agreed path up to the status date, the future left empty.

A strong line ends at the last approved value; from there to the mark of the status date it is broken. Marks that would
cover one another stand side by side at their height, so that they can be counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.compilation.findings import BEST_FIRST
from reporting.documents.rendering.charts.drawing import (
    PAPER,
    Lettering,
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
from reporting.facts import ColourFacts, Standing

WIDTH, HEIGHT = 595.3, 415.0
LEFT, RIGHT, TARGET, BASELINE = 56.7, WIDTH - 45.4, 74.0, HEIGHT - 66
PALE, WARM = "#DCE8EA", "#F2A27E"
SMALL, LABEL = 8.2, 9.4
ROOM_FOR_LABELS, ROOM_FOR_TWO_WORDS, ROOM_FOR_MARKS = 190, 150, 85
SIZE, APART = 3.5, 8.2


@dataclass(frozen=True)
class Way:
    """One target's way, in shares of the time and of the height, and the mark at its end.

    `measured` says that the end itself was measured, and is not only where the last value stands beside the path now.
    """

    points: tuple[Point, ...]
    end: Point
    standing: Standing
    measured: bool = True


@dataclass(frozen=True)
class CoverWords:
    """What is written on the cover's drawing."""

    baseline: str
    target: str
    path: str
    due: str
    status: str
    standings: dict[Standing, str]
    notes: tuple[str, ...] = ()


def cover(ways: Sequence[Way], counts: dict[Standing, int], now: float, words: CoverWords, colours: ColourFacts) -> str:
    """`now` is the status date as a share of the time from the first baseline to the last target."""
    paper = colours.brand_strong
    parts = [box(0, 0, WIDTH, HEIGHT, paper)]
    faint = Stroke(PAPER, 0.5, opacity=0.45)
    parts += [line([(LEFT, _y(share)), (RIGHT, _y(share))], faint) for share in (0, 1)]
    parts.append(line([(LEFT, _y(0)), (RIGHT, _y(1))], Stroke(PAPER, 0.8, "1 5", 0.9, round=True)))
    parts.append(line([(_x(now), _y(0) + 16), (_x(now), 32)], Stroke(WARM, 0.9)))
    # The weakest last, so that no good mark hides a poor one.
    ways = sorted(ways, key=lambda way: BEST_FIRST.index(way.standing))
    ends = _apart(ways)
    for way in ways:
        parts += _line(way, 0.72 if len(ways) <= 60 else 0.3)
    parts += _labels(ways, counts, _edge(ends, _x(now)), words, paper)
    for way, end in zip(ways, ends, strict=True):
        parts.append(mark(way.standing, *end, SIZE, PAPER, paper))
    return drawing(WIDTH, HEIGHT, parts + _axis(now, words, paper))


def _line(way: Way, opacity: float) -> list[str]:
    """The way up to the status date: strong to the last measured value, broken from there."""
    if not way.points:
        return []
    points, end = [_at(point) for point in way.points], _at(way.end)
    if way.measured:
        return [line([*points, end], Stroke(PAPER, 0.9, opacity=opacity))]
    strong = [line(points, Stroke(PAPER, 0.9, opacity=opacity))] if len(points) > 1 else []
    return [*strong, line([points[-1], end], Stroke(PAPER, 0.9, "3 3", opacity))]


def _apart(ways: Sequence[Way]) -> list[Point]:
    """Where the marks stand: at their heights, and beside one another where they would cover each other."""
    placed: list[Point] = []
    for way in ways:
        x, y = _at(way.end)
        step = APART if x - LEFT < ROOM_FOR_MARKS or x > WIDTH - ROOM_FOR_LABELS else -APART
        while LEFT <= x + step <= RIGHT and any(max(abs(x - px), abs(y - py)) < APART - 0.1 for px, py in placed):
            x += step
        placed.append((x, y))
    return placed


def _edge(ends: Sequence[Point], now: float) -> float:
    """From where words may stand beside the marks of the status date."""
    return max([now, *(x for x, _ in ends)]) if now - LEFT < ROOM_FOR_MARKS else now


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
        parts += [mark(kind, left + 3.5, y - 3.2, 3, PAPER, paper), word(left + 12, y, text, Lettering(LABEL, PAPER))]
    return parts


def _axis(now: float, words: CoverWords, paper: str) -> list[str]:
    """The words of the axes; where two would meet below the axis, one takes the next line."""
    below, x = _y(0) + 14, _x(now)
    late = x > WIDTH - ROOM_FOR_LABELS
    status = Lettering(SMALL, PAPER, "end" if late else "start", 600)
    pale, end = Lettering(SMALL, PALE), Lettering(SMALL, PALE, "end")
    near = x - LEFT < ROOM_FOR_TWO_WORDS
    path_wide = length(words.path, SMALL) + 6
    return [
        word(x + (-6 if late else 6), below, words.status, status),
        word(LEFT, below + (12 if near else 0), words.baseline, pale),
        word(RIGHT, below + (12 if late else 0), words.due, end),
        box(RIGHT - path_wide, _y(0.8) - 9, path_wide, 12, paper) if not late else "",
        word(RIGHT, _y(0.8), words.path, end) if not late else "",
        word(LEFT, _y(1) - 6, words.target, pale) if late else word(RIGHT, _y(1) - 6, words.target, end),
        *(word(LEFT, below + 28 + 11 * n, note, pale) for n, note in enumerate(words.notes)),
    ]


def _at(point: Point) -> Point:
    return _x(point[0]), _y(point[1])


def _x(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


def _y(share: float) -> float:
    return BASELINE - share * (BASELINE - TARGET)

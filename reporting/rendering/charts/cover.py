"""The cover: every target on its way from baseline to target, the future left empty."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.compilation.findings import BEST_FIRST
from reporting.facts import ColourFacts, Standing
from reporting.rendering.charts.drawing import PAPER, Hand, Stroke, box, drawing, line, mark, spaced, word

WIDTH, HEIGHT = 595.3, 415.0
LEFT, RIGHT, TARGET, BASELINE = 56.7, WIDTH - 45.4, 74.0, HEIGHT - 66
PALE, WARM = "#DCE8EA", "#F2A27E"
DEFAULT_HEIGHT: dict[Standing, float] = {
    "met": 1.02,
    "on_track": 0.62,
    "at_risk": 0.4,
    "off_track": 0.2,
    "not_reported": 0.06,
}


@dataclass(frozen=True)
class Way:
    """One target's way: shares of the time and of the distance, and where it stands."""

    points: tuple[tuple[float, float], ...]
    standing: Standing


@dataclass(frozen=True)
class CoverWords:
    """What is written on the cover's drawing."""

    baseline: str
    target: str
    due: str
    status: str
    standings: dict[Standing, str]


def cover(ways: Sequence[Way], counts: dict[Standing, int], now: float, words: CoverWords, colours: ColourFacts) -> str:
    """`now` is the status date as a share of the time from the first baseline to the last target."""
    parts = [box(0, 0, WIDTH, HEIGHT, colours.brand_strong)]
    faint = Stroke(PAPER, 0.5, opacity=0.45)
    parts += [line([(LEFT, _y(share)), (RIGHT, _y(share))], faint) for share in (0, 1)]
    parts.append(line([(LEFT, _y(0)), (RIGHT, _y(1))], Stroke(PAPER, 0.8, "1 5", 0.9, round=True)))
    parts.append(line([(_x(now), _y(0) + 16), (_x(now), 32)], Stroke(WARM, 0.9)))
    opacity = 0.72 if len(ways) <= 60 else 0.3
    ends: list[tuple[float, float, Standing]] = []
    for way in ways:
        points = [(LEFT, _y(0)), *((_x(x), _y(max(-0.1, min(1.12, y)))) for x, y in way.points)]
        parts.append(line(points, Stroke(PAPER, 0.9, opacity=opacity)))
        ends.append((*points[-1], way.standing))
    parts += [mark(kind, x, y, 3.5, PAPER, colours.brand_strong) for x, y, kind in ends]
    return drawing(WIDTH, HEIGHT, parts + _labels(ends, counts, _x(now), words) + _axis(now, words))


def _labels(
    ends: Sequence[tuple[float, float, Standing]], counts: dict[Standing, int], x: float, words: CoverWords
) -> list[str]:
    kinds = [kind for kind in BEST_FIRST if counts.get(kind)]
    wanted = []
    for kind in kinds:
        heights = [y for _, y, found in ends if found == kind]
        wanted.append(sum(heights) / len(heights) + 3 if heights else _y(DEFAULT_HEIGHT[kind]))
    placed = spaced(wanted, 15, 44, BASELINE - 6)
    anchor, at = ("end", x - 11) if x > WIDTH - 190 else ("start", x + 11)
    hand = Hand(9.4, PAPER, anchor)
    return [
        word(at, y, f"{words.standings[kind]}  {counts[kind]}", hand) for kind, y in zip(kinds, placed, strict=True)
    ]


def _axis(now: float, words: CoverWords) -> list[str]:
    below, x = _y(0) + 14, _x(now)
    status = Hand(8.2, PAPER, "end" if x > WIDTH - 190 else "start", 600)
    parts = [word(x + (-6 if status.anchor == "end" else 6), below, words.status, status)]
    if x - LEFT > 150:
        parts.append(word(LEFT, below, words.baseline, Hand(8.2, PALE)))
    if RIGHT - x > 190:
        parts.append(word(RIGHT, below, words.due, Hand(8.2, PALE, "end")))
    return [*parts, word(RIGHT, _y(1) - 6, words.target, Hand(8.2, PALE, "end"))]


def _x(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


def _y(share: float) -> float:
    return BASELINE - share * (BASELINE - TARGET)

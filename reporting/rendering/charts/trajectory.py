"""One indicator over time: baseline, planned path, measured points, target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from reporting.facts import ColourFacts
from reporting.rendering.charts.drawing import (
    GREY,
    INK,
    LABEL,
    PAPER,
    THIN,
    Hand,
    Stroke,
    cross,
    dot,
    drawing,
    length,
    line,
    word,
)  # fmt: skip

WIDTH, HEIGHT = 152.0, 98.0
LEFT, RIGHT, LOW, HIGH = 8.0, WIDTH - 2, HEIGHT - 15, 12.0


@dataclass(frozen=True)
class Scale:
    """The days that all the report's trajectories share."""

    first_year: int
    last_year: int

    def share(self, on: date) -> float:
        start, end = date(self.first_year, 1, 1).toordinal(), date(self.last_year + 1, 1, 1).toordinal()
        return max(0.0, min(1.0, (on.toordinal() - start) / (end - start)))

    def x(self, on: date) -> float:
        return LEFT + self.share(on) * (RIGHT - LEFT)


@dataclass(frozen=True)
class Course:
    """What is drawn of an indicator; values as numbers, `label` writes one in the report's language."""

    label: Callable[[float], str]
    measured: tuple[tuple[date, float], ...]
    path: tuple[tuple[date, float], ...] = ()
    baseline: tuple[date, float] | None = None
    target: tuple[date, float] | None = None
    limits: tuple[float, ...] = ()
    late: frozenset[date] = frozenset()
    restated: tuple[tuple[date, float], ...] = ()


@dataclass(frozen=True)
class CourseWords:
    """What may be written into a trajectory."""

    late: str
    nothing: str
    restated: Callable[[str], str]


def trajectory(course: Course, scale: Scale, status: date, words: CourseWords, colours: ColourFacts) -> str:
    """Draws what there is; without measurements it says so."""
    y = _heights(course)
    parts = [*_axis(scale), line([(scale.x(status), HIGH - 8), (scale.x(status), LOW)], Stroke(THIN, 0.6))]
    parts += _plan(course, scale, y)
    parts += _measured(course, scale, y, colours)
    parts += _restated(course, scale, y, words)
    parts += _start(course, scale, y, colours)
    return drawing(WIDTH, HEIGHT, parts + _latest(course, scale, y, words, colours))


def _heights(course: Course) -> Callable[[float], float]:
    values = [value for _, value in (*course.measured, *course.path, *course.restated)] + list(course.limits)
    values += [point[1] for point in (course.baseline, course.target) if point]
    bottom, top = (min(values), max(values)) if values else (0.0, 1.0)
    if top == bottom:
        bottom, top = bottom - 1, top + 1
    return lambda value: LOW - 15 - (value - bottom) / (top - bottom) * (LOW - HIGH - 17)


def _axis(scale: Scale) -> list[str]:
    years = range(scale.first_year, scale.last_year + 1)
    step = 1 if len(years) <= 5 else 2
    parts = [line([(LEFT, LOW), (RIGHT, LOW)], Stroke(INK, 0.5))]
    for year in years:
        x = scale.x(date(year, 1, 1))
        parts.append(line([(x, LOW), (x, LOW + 2.6)], Stroke(INK, 0.5)))
        if (year - scale.first_year) % step == 0:
            middle = (x + scale.x(date(year + 1, 1, 1))) / 2
            parts.append(word(middle, LOW + 10.2, str(year), Hand(6.8, GREY, "middle")))
    return parts


def _falling(course: Course) -> bool:
    return bool(course.baseline and course.target and course.target[1] < course.baseline[1])


def _plan(course: Course, scale: Scale, y: Callable[[float], float]) -> list[str]:
    parts = []
    for limit in course.limits:
        parts.append(line([(LEFT, y(limit)), (RIGHT - 6, y(limit))], Stroke(INK, 1.2)))
        parts.append(word(RIGHT - 6, y(limit) - 4, course.label(limit), Hand(LABEL, INK, "end", 600)))
    if course.target is None or course.limits:
        return parts
    x, height = scale.x(course.target[0]), y(course.target[1])
    way = [point for point in (course.baseline, *course.path, course.target) if point]
    if len(way) > 1:
        parts.append(line([(scale.x(on), y(value)) for on, value in way], Stroke(GREY, 0.7, "2 2")))
    parts.append(line([(x - 7, height), (min(x + 7, RIGHT), height)], Stroke(INK, 1.5)))
    below = height + (9.5 if _falling(course) else -4)
    return [*parts, word(min(x + 7, RIGHT), below, course.label(course.target[1]), Hand(LABEL, INK, "end", 600))]


def _measured(course: Course, scale: Scale, y: Callable[[float], float], colours: ColourFacts) -> list[str]:
    start = [course.baseline] if course.baseline else []
    points = [(scale.x(on), y(value)) for on, value in (*start, *course.measured)]
    parts = [line(points, Stroke(colours.brand, 1.3))] if len(points) > 1 and course.measured else []
    for on, value in course.measured[:-1]:
        fill, radius = (PAPER, 1.9) if on in course.late else (colours.brand, 1.5)
        parts.append(dot(scale.x(on), y(value), radius, fill, colours.brand, 1))
    return parts


def _restated(course: Course, scale: Scale, y: Callable[[float], float], words: CourseWords) -> list[str]:
    parts = []
    for on, old in course.restated:
        x, height = scale.x(on), y(old)
        text = words.restated(course.label(old))
        hand = Hand(6.6, GREY, "end" if x > length(text, 6.6) + LEFT else "start", italic=True)
        parts.append(cross(x, height, 2, Stroke(GREY, 0.9)))
        parts.append(word(x + (-4 if hand.anchor == "end" else 4), height - 3.5, text, hand))
    return parts


def _start(course: Course, scale: Scale, y: Callable[[float], float], colours: ColourFacts) -> list[str]:
    if course.baseline is None:
        return []
    x, height = scale.x(course.baseline[0]), y(course.baseline[1])
    below = height + (-5.5 if _falling(course) else 10)
    text = word(max(x - 2, 0), below, course.label(course.baseline[1]), Hand(LABEL, GREY))
    return [dot(x, height, 2.1, PAPER, colours.brand, 1), text]


def _latest(
    course: Course, scale: Scale, y: Callable[[float], float], words: CourseWords, colours: ColourFacts
) -> list[str]:
    if not course.measured:
        return [word((LEFT + RIGHT) / 2, HIGH + 4, words.nothing, Hand(LABEL, GREY, "middle", italic=True))]
    on, value = course.measured[-1]
    x, height, late = scale.x(on), y(value), on in course.late
    over = height < _planned_height(course, on, y)
    text = course.label(value)
    inside = x + 5.5 + length(text, 8.2) > WIDTH
    hand = Hand(8.2, INK, "end" if inside else "start", 700)
    at = x + (-5.5 if inside else 5.5)
    parts = [dot(x, height, 2.6, PAPER if late else colours.brand, colours.brand, 1.2)]
    parts.append(word(at, height + (-4 if over else 8), text, hand))
    if late:
        note = Hand(6.6, GREY, hand.anchor, italic=True)
        parts.append(word(at, height + (-12 if over else 15.5), words.late, note))
    return parts


def _planned_height(course: Course, on: date, y: Callable[[float], float]) -> float:
    """Where the plan runs on a day, so that a label can stay on its other side."""
    way: Sequence[tuple[date, float]] = [point for point in (course.baseline, *course.path, course.target) if point]
    for earlier, later in zip(way, way[1:], strict=False):
        if earlier[0] <= on <= later[0] and later[0] > earlier[0]:
            share = (on - earlier[0]).days / (later[0] - earlier[0]).days
            return y(earlier[1] + (later[1] - earlier[1]) * share)
    return y(way[-1][1]) if way else LOW

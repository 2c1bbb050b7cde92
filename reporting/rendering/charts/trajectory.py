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
    Point,
    Stroke,
    cross,
    dot,
    drawing,
    length,
    line,
    word,
)  # fmt: skip

WIDTH, HEIGHT = 152.0, 90.0
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
    now = [(scale.x(status), HIGH - 8 + 4.0 * n) for n in range(int((LOW - HIGH) / 4))]
    taken = Taken([*_way(course, scale, y), *now])
    parts += _plan(course, scale, y, taken)
    parts += _measured(course, scale, y, colours)
    parts += _start(course, scale, y, colours, taken)
    parts += _latest(course, scale, y, words, colours, taken)
    return drawing(WIDTH, HEIGHT, parts + _restated(course, scale, y, words, taken))


class Taken:
    """Where words and lines already stand, so that the next word finds a free place."""

    def __init__(self, lines: Sequence[Point]) -> None:
        self.points = list(lines)
        self.boxes: list[tuple[float, float, float, float]] = []

    def best(self, text: str, size: float, places: Sequence[tuple[float, float, str]]) -> tuple[float, float, str]:
        """The first place with the fewest collisions; it is then taken."""
        place = min(places, key=lambda one: self._collisions(_area(text, size, one)))
        self.boxes.append(_area(text, size, place))
        return place

    def take(self, text: str, size: float, place: tuple[float, float, str]) -> None:
        self.boxes.append(_area(text, size, place))

    def _collisions(self, area: tuple[float, float, float, float]) -> int:
        left, top, right, bottom = area
        outside = 10 * ((left < -2) + (right > WIDTH + 1) + (top < -1) + (bottom > LOW - 1))
        words = sum(left < x2 and right > x1 and top < y2 and bottom > y1 for x1, y1, x2, y2 in self.boxes)
        crossed = sum(left < x < right and top < y < bottom for x, y in self.points)
        return outside + 6 * words + min(crossed, 4)


def _area(text: str, size: float, place: tuple[float, float, str]) -> tuple[float, float, float, float]:
    x, y, anchor = place
    width = length(text, size)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return left, y - 0.78 * size, left + width, y + 0.12 * size


def _way(course: Course, scale: Scale, y: Callable[[float], float]) -> list[Point]:
    """Points along the measured and the planned line, close enough that no word slips between them."""
    start = [course.baseline] if course.baseline else []
    target = [course.target] if course.target else []
    found: list[Point] = []
    for way in ([*start, *course.measured], [*start, *course.path, *target]):
        stops = [(scale.x(on), y(value)) for on, value in way]
        for (x1, y1), (x2, y2) in zip(stops, stops[1:], strict=False):
            found += [(x1 + (x2 - x1) * n / 24, y1 + (y2 - y1) * n / 24) for n in range(25)]
    return found


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


def _plan(course: Course, scale: Scale, y: Callable[[float], float], taken: Taken) -> list[str]:
    parts = []
    for limit in course.limits:
        parts.append(line([(LEFT, y(limit)), (RIGHT - 6, y(limit))], Stroke(INK, 1.2)))
        parts.append(word(RIGHT - 6, y(limit) - 4, course.label(limit), Hand(LABEL, INK, "end", 600)))
        taken.take(course.label(limit), LABEL, (RIGHT - 6, y(limit) - 4, "end"))
    if course.target is None or course.limits:
        return parts
    x, height = scale.x(course.target[0]), y(course.target[1])
    way = [point for point in (course.baseline, *course.path, course.target) if point]
    if len(way) > 1:
        parts.append(line([(scale.x(on), y(value)) for on, value in way], Stroke(GREY, 0.7, "2 2")))
    parts.append(line([(x - 7, height), (min(x + 7, RIGHT), height)], Stroke(INK, 1.5)))
    below = height + (9.5 if _falling(course) else -4)
    label = course.label(course.target[1])
    taken.take(label, LABEL, (min(x + 7, RIGHT), below, "end"))
    return [*parts, word(min(x + 7, RIGHT), below, label, Hand(LABEL, INK, "end", 600))]


def _measured(course: Course, scale: Scale, y: Callable[[float], float], colours: ColourFacts) -> list[str]:
    start = [course.baseline] if course.baseline else []
    points = [(scale.x(on), y(value)) for on, value in (*start, *course.measured)]
    parts = [line(points, Stroke(colours.brand, 1.3))] if len(points) > 1 and course.measured else []
    for on, value in course.measured[:-1]:
        fill, radius = (PAPER, 1.9) if on in course.late else (colours.brand, 1.5)
        parts.append(dot(scale.x(on), y(value), radius, fill, colours.brand, 1))
    return parts


def _restated(course: Course, scale: Scale, y: Callable[[float], float], words: CourseWords, taken: Taken) -> list[str]:
    parts = []
    for on, old in course.restated:
        x, height = scale.x(on), y(old)
        text = words.restated(course.label(old))
        above, below = height - 4, height + 9
        places = [(x - 4, above, "end"), (x + 4, below, "start"), (x + 4, above, "start"), (x - 4, below, "end")]
        far = [(x + 4, below + 9, "start"), (x + 4, above - 9, "start")]
        at, level, anchor = taken.best(text, 6.6, [*places, *far])
        parts.append(cross(x, height, 2, Stroke(GREY, 0.9)))
        parts.append(word(at, level, text, Hand(6.6, GREY, anchor, italic=True)))
    return parts


def _start(course: Course, scale: Scale, y: Callable[[float], float], colours: ColourFacts, taken: Taken) -> list[str]:
    if course.baseline is None:
        return []
    x, height = scale.x(course.baseline[0]), y(course.baseline[1])
    label = course.label(course.baseline[1])
    at, level, anchor = max(x - 2, 0), height + (-5.5 if _falling(course) else 10), "start"
    taken.take(label, LABEL, (at, level, anchor))
    return [dot(x, height, 2.1, PAPER, colours.brand, 1), word(at, level, label, Hand(LABEL, GREY))]


def _latest(
    course: Course,
    scale: Scale,
    y: Callable[[float], float],
    words: CourseWords,
    colours: ColourFacts,
    taken: Taken,
) -> list[str]:
    if not course.measured:
        return [word((LEFT + RIGHT) / 2, HIGH + 4, words.nothing, Hand(LABEL, GREY, "middle", italic=True))]
    on, value = course.measured[-1]
    x, height, late = scale.x(on), y(value), on in course.late
    text = course.label(value)
    above, below = height - 4, height + 8
    right = [(x + 5.5, above, "start"), (x + 5.5, below, "start"), (x + 5.5, height + 2.6, "start")]
    left = [(x - 5.5, above, "end"), (x - 5.5, below, "end")]
    if height >= _planned_height(course, on, y):
        right[:2] = reversed(right[:2])
    at, level, anchor = taken.best(text, 8.2, right + left)
    parts = [dot(x, height, 2.6, PAPER if late else colours.brand, colours.brand, 1.2)]
    parts.append(word(at, level, text, Hand(8.2, INK, anchor, 700)))
    if late:
        step = -8.5 if level < height else 7.5
        parts.append(word(at, level + step, words.late, Hand(6.6, GREY, anchor, italic=True)))
    return parts


def _planned_height(course: Course, on: date, y: Callable[[float], float]) -> float:
    """Where the plan runs on a day, so that a label can stay on its other side."""
    way: Sequence[tuple[date, float]] = [point for point in (course.baseline, *course.path, course.target) if point]
    for earlier, later in zip(way, way[1:], strict=False):
        if earlier[0] <= on <= later[0] and later[0] > earlier[0]:
            share = (on - earlier[0]).days / (later[0] - earlier[0]).days
            return y(earlier[1] + (later[1] - earlier[1]) * share)
    return y(way[-1][1]) if way else LOW

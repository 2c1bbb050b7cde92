"""One indicator over time: baseline, planned path, measured points, target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from reporting.compilation.course import Course, Stop, Years
from reporting.documents.rendering.charts.drawing import (
    GREY,  # fmt: skip
    INK,  # fmt: skip
    LABEL,  # fmt: skip
    PAPER,  # fmt: skip
    THIN,  # fmt: skip
    Lettering,  # fmt: skip
    Point,  # fmt: skip
    Stroke,  # fmt: skip
    box,  # fmt: skip
    cross,  # fmt: skip
    dot,  # fmt: skip
    drawing,  # fmt: skip
    line,  # fmt: skip
    word,  # fmt: skip
)
from reporting.facts import ColourFacts

WIDTH, HEIGHT = 152.0, 90.0
MOST_NAMES, MOST_TICKS = 5, 20
LEFT, RIGHT, LOW, HIGH = 8.0, WIDTH - 2, HEIGHT - 15, 12.0
WIDE, STRONG = 0.5, 0.54  # of its size: the most that a letter of a label takes on the mean, and in bold
Place = tuple[float, float, str]
Area = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scale(Years):
    """The days that all the report's trajectories share."""

    def x(self, on: date) -> float:
        return self.at(self.share(on))

    def at(self, share: float) -> float:
        return LEFT + share * (RIGHT - LEFT)


@dataclass(frozen=True)
class Marks:
    """What the report marks on a course besides: late entries, and figures as they were printed before."""

    late: frozenset[date] = frozenset()
    restated: tuple[Stop, ...] = ()


@dataclass(frozen=True)
class CourseWords:
    """What may be written into a trajectory; `label` writes a value, `latest` the one that is judged."""

    late: str
    nothing: str
    restated: Callable[[str], str]
    label: Callable[[Decimal], str]
    latest: str


@dataclass(frozen=True)
class Sheet:
    """Where values lie on the paper, and how it is drawn on."""

    scale: Scale
    y: Callable[[Decimal], float]
    words: CourseWords
    colours: ColourFacts
    taken: "TakenSpace"
    dots: list[str] = field(default_factory=list)

    def at(self, stop: Stop) -> Point:
        return self.scale.x(stop[0]), self.y(stop[1])


def trajectory(
    course: Course, scale: Scale, status: date, words: CourseWords, colours: ColourFacts, marks: Marks = Marks()
) -> str:
    """Draws what there is; without measurements it says so. Words lie on top, and no line runs through one."""
    y = _heights(course, marks)
    lines = [*_axis(scale), line([(scale.x(status), HIGH - 8), (scale.x(status), LOW)], Stroke(THIN, 0.6))]
    now = [(scale.x(status), HIGH - 8 + 3.0 * n) for n in range(int((LOW - HIGH + 8) / 3))]
    sheet = Sheet(scale, y, words, colours, TakenSpace([*_way(course, scale, y), *now]))
    lines += _plan(course, sheet)
    lines += _measured(course, sheet, marks)
    _start(course, sheet)
    _latest(course, sheet, marks)
    _restated(marks, sheet)
    return drawing(WIDTH, HEIGHT, [*lines, *sheet.taken.paper(), *sheet.dots, *sheet.taken.words()])


class TakenSpace:
    """Where words and lines already stand, so that the next word finds a free place."""

    def __init__(self, lines: Sequence[Point]) -> None:
        self.points = list(lines)
        self.areas: list[Area] = []
        self.written: list[tuple[str, Place, Lettering]] = []

    def write(self, text: str, places: Sequence[Place], hand: Lettering) -> Place:
        """Writes in the first place with the fewest collisions, moved so that the drawing's edge cuts nothing off."""
        size = min(hand.size, hand.size * WIDTH / (_length(text, hand) or 1))
        hand = replace(hand, size=size)
        inside = [_inside(text, hand, place) for place in places]
        place = min(inside, key=lambda one: self._collisions(_area(text, hand, one)))
        self.areas.append(_area(text, hand, place))
        self.written.append((text, place, hand))
        return place

    def paper(self) -> list[str]:
        """Blank paper under the words that a line would run through."""
        crossed = (area for area in self.areas if self._crossed(area))
        return [box(left - 1, top, right - left + 2, low - top, PAPER) for left, top, right, low in crossed]

    def words(self) -> list[str]:
        return [word(x, y, text, replace(hand, anchor=anchor)) for text, (x, y, anchor), hand in self.written]

    def _collisions(self, area: Area) -> int:
        left, top, right, bottom = area
        outside = 10 * ((top < -1) + (bottom > LOW - 1))
        words = sum(left < x2 and right > x1 and top < y2 and bottom > y1 for x1, y1, x2, y2 in self.areas)
        return outside + 6 * words + min(self._crossed(area), 4)

    def _crossed(self, area: Area) -> int:
        left, top, right, bottom = area
        return sum(left < x < right and top < y < bottom for x, y in self.points)


def _length(text: str, hand: Lettering) -> float:
    return len(text) * hand.size * (STRONG if hand.weight > 400 else WIDE)


def _area(text: str, hand: Lettering, place: Place) -> Area:
    x, y, anchor = place
    width = _length(text, hand)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return left, y - 0.78 * hand.size, left + width, y + 0.12 * hand.size


def _inside(text: str, hand: Lettering, place: Place) -> Place:
    """The place moved by as much as the word would pass the left or the right edge."""
    left, _, right, _ = _area(text, hand, place)
    return place[0] - max(right - WIDTH, 0) - min(left, 0), place[1], place[2]


def _joined(course: Course) -> tuple[Stop, ...]:
    """The measured values that one line runs through; a mean's values and a deed's days are not joined."""
    if course.shape != "line" or not course.measured:
        return ()
    start = (course.baseline,) if course.baseline and course.baseline[0] < course.measured[0][0] else ()
    return (*start, *course.measured)


def _way(course: Course, scale: Scale, y: Callable[[Decimal], float]) -> list[Point]:
    """Points along the measured and the planned line, close enough that no word slips between them."""
    found: list[Point] = []
    for way in (_joined(course), course.path, _mean(course)):
        stops = [(scale.x(on), y(value)) for on, value in way]
        for (x1, y1), (x2, y2) in zip(stops, stops[1:], strict=False):
            found += [(x1 + (x2 - x1) * n / 24, y1 + (y2 - y1) * n / 24) for n in range(25)]
    found += [(LEFT + 3.0 * n, y(limit)) for limit in course.limits for n in range(int((RIGHT - 6 - LEFT) / 3))]
    found += [(scale.x(on), y(value)) for on, value in course.measured]
    if course.shape == "deed" and course.target:
        x, height = scale.x(course.target[0]), y(course.target[1])
        found += [(x, height + n) for n in range(-7, 8)]
    return found


def _mean(course: Course) -> tuple[Stop, ...]:
    """A mean as a level line over its period."""
    if course.shape != "mean" or course.latest is None or course.period is None:
        return ()
    return (course.period[0], course.latest[1]), (course.period[1], course.latest[1])


def _heights(course: Course, marks: Marks) -> Callable[[Decimal], float]:
    values = [float(value) for value in (*course.values, *(old for _, old in marks.restated))]
    bottom, top = (min(values), max(values)) if values else (0.0, 1.0)
    if course.shape == "deed" or top == bottom:
        bottom, top = bottom - 1, top + 1
    if course.shape == "deed":
        return lambda value: (LOW + HIGH) / 2
    return lambda value: LOW - 15 - (float(value) - bottom) / (top - bottom) * (LOW - HIGH - 17)


def _axis(scale: Scale) -> list[str]:
    """A tick where a year begins, its name in the middle of it."""
    parts = [line([(LEFT, LOW), (RIGHT, LOW)], Stroke(INK, 0.5))]
    for _, begins, _ in scale.named(MOST_TICKS):
        parts.append(line([(scale.at(begins), LOW), (scale.at(begins), LOW + 2.6)], Stroke(INK, 0.5)))
    for year, begins, ends in scale.named(MOST_NAMES):
        middle = scale.at((begins + ends) / 2)
        parts.append(word(middle, LOW + 10.2, str(year), Lettering(6.8, GREY, "middle")))
    return parts


def _falling(course: Course) -> bool:
    return bool(course.baseline and course.target and course.target[1] < course.baseline[1])


def _plan(course: Course, sheet: Sheet) -> list[str]:
    parts = []
    for limit in course.limits:
        height, hand = sheet.y(limit), Lettering(LABEL, INK, weight=600)
        parts.append(line([(LEFT, height), (RIGHT - 6, height)], Stroke(INK, 1.2)))
        above, below = (RIGHT - 6, height - 4, "end"), (RIGHT - 6, height + 9.5, "end")
        sheet.taken.write(sheet.words.label(limit), [above, below], hand)
    if course.target is None:
        return parts
    if len(course.path) > 1:
        parts.append(line([sheet.at(stop) for stop in course.path], Stroke(GREY, 0.7, "2 2")))
    return parts + (_day(course.target, sheet) if course.shape == "deed" else _aim(course, course.target, sheet))


def _aim(course: Course, target: Stop, sheet: Sheet) -> list[str]:
    x, height = sheet.at(target)
    end = min(x + 7, RIGHT)
    above, below = (end, height - 4, "end"), (end, height + 9.5, "end")
    places = [below, above] if _falling(course) else [above, below]
    sheet.taken.write(sheet.words.label(target[1]), places, Lettering(LABEL, INK, weight=600))
    return [line([(x - 7, height), (end, height)], Stroke(INK, 1.5))]


def _day(target: Stop, sheet: Sheet) -> list[str]:
    """The day by which a thing is to be done."""
    x, height = sheet.at(target)
    return [line([(x, height - 7), (x, height + 7)], Stroke(INK, 1.5))]


def _measured(course: Course, sheet: Sheet, marks: Marks) -> list[str]:
    brand, way = sheet.colours.brand, _joined(course)
    parts = [line([sheet.at(stop) for stop in way], Stroke(brand, 1.3))] if len(way) > 1 else []
    if mean := _mean(course):
        parts.append(line([sheet.at(stop) for stop in mean], Stroke(brand, 1.5)))
    for stop in course.measured:
        if course.shape == "line" and stop == course.latest:
            continue
        x, y = sheet.at(stop)
        ink = THIN if course.shape == "mean" else brand
        sheet.dots.append(_sign(x, y, 1.5, ink, late=stop[0] in marks.late, undone=_undone(course, stop)))
    return parts


def _restated(marks: Marks, sheet: Sheet) -> None:
    for stop in marks.restated:
        x, height = sheet.at(stop)
        text = sheet.words.restated(sheet.words.label(stop[1]))
        above, below = height - 4, height + 9
        places = [(x - 4, above, "end"), (x + 4, below, "start"), (x + 4, above, "start"), (x - 4, below, "end")]
        far = [(x + 4, below + 9, "start"), (x + 4, above - 9, "start"), (x - 4, above - 9, "end")]
        sheet.taken.write(text, [*places, *far, (x - 4, below + 9, "end")], Lettering(6.6, GREY, italic=True))
        sheet.dots.append(cross(x, height, 2, Stroke(GREY, 0.9)))


def _start(course: Course, sheet: Sheet) -> None:
    if course.baseline is None:
        return
    x, height = sheet.at(course.baseline)
    above, below = (x - 2, height - 5.5, "start"), (x - 2, height + 10, "start")
    places = [above, below] if _falling(course) else [below, above]
    sheet.taken.write(sheet.words.label(course.baseline[1]), places, Lettering(LABEL, GREY))
    sheet.dots.append(dot(x, height, 2.1, PAPER, sheet.colours.brand, 1))


def _undone(course: Course, stop: Stop) -> bool:
    return course.shape == "deed" and not stop[1]


def _sign(x: float, y: float, radius: float, ink: str, *, late: bool, undone: bool) -> str:
    """A full dot, an open square of what is not yet done; in a ring what was recorded late. Open is the baseline's."""
    r = radius
    corners = [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r), (x - r, y - r)]
    sign = (
        box(x - r, y - r, 2 * r, 2 * r, PAPER) + line(corners, Stroke(ink, 1.2))
        if undone
        else dot(x, y, radius, ink, ink, 1)
    )
    return sign + (dot(x, y, radius + 2, "none", ink, 0.8) if late else "")


def _latest(course: Course, sheet: Sheet, marks: Marks) -> None:
    """The value that is judged; one that does not count is grey, as known and no answer."""
    if course.latest is None:
        if not course.measured:
            middle = ((LEFT + RIGHT) / 2, HIGH + 4, "middle")
            sheet.taken.write(sheet.words.nothing, [middle], Lettering(LABEL, GREY, italic=True))
        return
    on = course.latest[0]
    x, height = sheet.at(course.latest)
    late, brand = on in marks.late, sheet.colours.brand
    ink = (brand, INK, 700) if course.counts else (THIN, GREY, 400)
    at, level, anchor = sheet.taken.write(
        sheet.words.latest, _beside(course, sheet, x, height), Lettering(8.2, ink[1], weight=ink[2])
    )
    if course.shape != "mean":
        sheet.dots.append(_sign(x, height, 2.6, ink[0], late=late, undone=_undone(course, course.latest)))
    if late:
        step = -8.5 if level < height else 7.5
        sheet.taken.write(sheet.words.late, [(at, level + step, anchor)], Lettering(6.6, GREY, italic=True))


def _beside(course: Course, sheet: Sheet, x: float, height: float) -> list[Place]:
    """Places for the words of the newest value, first those on the other side of it than the plan."""
    above, below = height - 4, height + 8
    right = [(x + 5.5, above, "start"), (x + 5.5, below, "start"), (x + 5.5, height + 2.6, "start")]
    left = [(x - 5.5, above, "end"), (x - 5.5, below, "end")]
    if height >= _planned_height(course, sheet):
        right[:2] = reversed(right[:2])
    return right + left


def _planned_height(course: Course, sheet: Sheet) -> float:
    """Where the plan runs on the day of the newest value, so that its words can stay on the other side."""
    way = course.path or tuple(stop for stop in (course.baseline, course.target) if stop)
    on = course.latest[0] if course.latest else date.max
    for earlier, later in zip(way, way[1:], strict=False):
        if earlier[0] <= on <= later[0] and later[0] > earlier[0]:
            share = (on - earlier[0]).days / (later[0] - earlier[0]).days
            return sheet.y(earlier[1]) + (sheet.y(later[1]) - sheet.y(earlier[1])) * share
    return sheet.y(way[-1][1]) if way else LOW

"""Strokes and words of a drawing, and the five marks of standing that survive a photocopier."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from reporting.facts import ColourFacts, Standing

INK, GREY, HAIR, RULE, THIN, PAPER = "#14232B", "#47565F", "#C3CDD2", "#D5DCE0", "#84929B", "#FFFFFF"
STANDING_INK: dict[Standing, str] = {
    "met": "#0F4C81",
    "on_track": "#1B6B43",
    "at_risk": "#8A5200",
    "off_track": "#A3241B",
    "not_reported": "#55626B",
}
LABEL = 7.2
Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn."""

    ink: str = GREY
    width: float = 0.5
    dash: str = ""
    opacity: float = 1
    round: bool = False


def drawing(width: float, height: float, parts: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}pt" '
        f'height="{height:g}pt" font-family="Source Sans 3, sans-serif">{"".join(parts)}</svg>'
    )


def line(points: Sequence[Point], stroke: Stroke = Stroke()) -> str:
    return shape("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points), stroke)


def shape(path: str, stroke: Stroke) -> str:
    extra = f' stroke-dasharray="{stroke.dash}"' if stroke.dash else ""
    extra += ' stroke-linecap="round"' if stroke.round else ""
    extra += f' opacity="{stroke.opacity:g}"' if stroke.opacity != 1 else ""
    return (
        f'<path d="{path}" fill="none" stroke="{stroke.ink}" stroke-width="{stroke.width:g}" '
        f'stroke-linejoin="round"{extra}/>'
    )


def dot(x: float, y: float, radius: float, fill: str, stroke: str = "none", width: float = 0) -> str:
    return (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:g}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"/>'
    )


def box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{fill}"/>'


@dataclass(frozen=True)
class Lettering:
    """How a word is written."""

    size: float = LABEL
    ink: str = GREY
    anchor: str = "start"
    weight: int = 400
    italic: bool = False


def word(x: float, y: float, text: str, hand: Lettering = Lettering()) -> str:
    style = ' font-style="italic"' if hand.italic else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{hand.size:g}" fill="{hand.ink}" text-anchor="{hand.anchor}" '
        f'font-weight="{hand.weight}"{style}>{escape(text, quote=False)}</text>'
    )


def length(text: str, size: float) -> float:
    """About how wide a word is: enough to keep two words apart."""
    return len(text) * size * 0.47


def mark(kind: Standing, x: float, y: float, r: float, ink: str = "", paper: str = PAPER) -> str:
    """Tick in a circle, circle, triangle, square, open diamond."""
    ink = ink or STANDING_INK[kind]
    if kind == "met":
        tick = [(x - r * 0.48, y + r * 0.02), (x - r * 0.12, y + r * 0.4), (x + r * 0.5, y - r * 0.38)]
        return dot(x, y, r, ink) + line(tick, Stroke(paper, r * 0.28))
    if kind == "on_track":
        return dot(x, y, r, ink)
    if kind == "at_risk":
        return _filled([(x, y - r * 1.1), (x + r * 1.12, y + r * 0.85), (x - r * 1.12, y + r * 0.85)], ink)
    if kind == "off_track":
        return box(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8, ink)
    return _filled([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], paper, ink, r * 0.3)


def _filled(points: Sequence[Point], fill: str, stroke: str = "none", width: float = 0) -> str:
    path = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    return f'<path d="M{path}Z" fill="{fill}" stroke="{stroke}" stroke-width="{width:.2f}"/>'


def cross(x: float, y: float, r: float, stroke: Stroke) -> str:
    return line([(x - r, y - r), (x + r, y + r)], stroke) + line([(x - r, y + r), (x + r, y - r)], stroke)


def money_bar(used: float, available: float, colours: ColourFacts, *, width: float = 57, grey: bool = False) -> str:
    """The track ends at a tick, which is what was available; what passes it is overspent."""
    full = width / 1.2
    parts = [
        box(0, 3.5, full, 0.5, GREY),
        box(0, 2, full * min(used / available, 1), 3.4, GREY if grey else colours.brand),
    ]
    if used > available:
        parts.append(box(full, 2, full * min(used / available - 1, 0.19), 3.4, colours.accent))
    return drawing(width, 8, [*parts, box(full - 0.4, 0.2, 0.9, 7, INK)])


def spaced(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The same heights pushed apart so that words don't touch, kept between two limits."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    placed = [0.0] * len(wanted)
    least = low
    for n in order:
        placed[n] = max(wanted[n], least)
        least = placed[n] + gap
    most = high
    for n in reversed(order):
        placed[n] = min(placed[n], most)
        most = placed[n] - gap
    return placed

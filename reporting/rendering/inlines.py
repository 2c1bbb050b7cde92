"""Runs of text, standings, figures and drawings as HTML."""

import hashlib
from html import escape

from reporting.rendering import document as d

TAGS = {"strong": "strong", "em": "em"}


def runs(parts: d.Runs, room: int = 0) -> str:
    return "".join(inline(part, room) for part in parts)


def inline(part: d.Inline, room: int = 0) -> str:
    match part:
        case d.Run():
            return styled(escape(part.text), part.style, part.lang)
        case d.Break():
            return "<br>"
        case d.Status():
            return f'<span class="standing">{mark(part.kind)}{styled(escape(part.word), part.style)}</span>'
        case d.Swarm():
            return f'<span class="swarm" aria-hidden="true">{"".join(mark(kind) for kind in part.kinds)}</span>'
        case d.Counts():
            return f'<span class="counts">{styled(" / ".join(part.numbers), part.style)}</span>'
        case d.Number():
            return styled(number(part, room), part.style)
        case d.Picture():
            return svg(part.svg, part.alt, "" if part.alt else "bar")
        case d.Link():
            return f'<a href="#{part.to}">{escape(part.text)}</a>'


def number(part: d.Number, room: int) -> str:
    """The fraction has the same room in every cell of a column, so that the commas stand in line."""
    if not room:
        return escape(part.whole + part.fraction)
    return f'{escape(part.whole)}<span class="fraction room-{room}">{escape(part.fraction)}</span>'


def styled(text: str, style: d.Style, foreign: str = "") -> str:
    if style in TAGS:
        return f"<{TAGS[style]}{lang(foreign)}>{text}</{TAGS[style]}>"
    if style == "smallstrong":
        return f'<strong class="small"{lang(foreign)}>{text}</strong>'
    if style or foreign:
        cls = f' class="{style}"' if style else ""
        return f"<span{cls}{lang(foreign)}>{text}</span>"
    return text


def lang(code: str) -> str:
    return f' lang="{code}"' if code else ""


def mark(kind: str) -> str:
    return f'<svg class="mark" aria-hidden="true"><use href="#m-{kind}"/></svg>'


def svg(drawing: str, alt: str = "", cls: str = "") -> str:
    """A drawing inline; with its words as title and description, or hidden when it only repeats what stands beside it."""
    style = f' class="{cls}"' if cls else ""
    if not alt:
        return drawing.replace("<svg ", f'<svg{style} aria-hidden="true" focusable="false" ', 1)
    # The name of the ids comes from what the drawing shows, so that it is unique in the file and the same each time.
    key = hashlib.sha256((alt + drawing).encode()).hexdigest()[:10]
    title, _, rest = alt.partition(". ")
    said = f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(rest or title)}</desc>'
    opened = drawing.replace("<svg ", f'<svg{style} role="img" aria-labelledby="t{key} d{key}" ', 1)
    return opened.replace(">", f">{said}", 1)

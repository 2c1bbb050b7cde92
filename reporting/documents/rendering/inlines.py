"""Runs of text, standings, figures and drawings as HTML."""

from html import escape
from itertools import count

from reporting.documents.rendering import document as d

# Where the number of a drawing in its file will stand; no text of a report holds it.
NUMBER = "\0"
PLACES = 4
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
            marks = "".join(mark(kind) for kind in part.kinds)
            return f'<span class="swarm" role="img" aria-label="{escape(part.words)}">{marks}</span>'
        case d.Counts():
            return f'<span class="counts">{styled(" / ".join(part.numbers), part.style)}</span>'
        case d.Number():
            return styled(number(part, room), part.style)
        case d.Picture():
            return svg(part.svg, part.alt, "" if part.alt else "bar")
        case d.Link():
            return f'<a href="#{part.to}">{escape(part.text)}</a>'


def number(part: d.Number, room: int) -> str:
    """The commas of a column stand in line by the room behind a number; the number itself is one piece of text."""
    words = escape(part.whole + part.fraction)
    missing = room - max(len(part.fraction) - 1, 0)
    if not room or (part.fraction and not missing):
        return words
    return f'<span class="{"short" if part.fraction else "whole"}-{missing}">{words}</span>'


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
    """A drawing inline: with its words as title and description, or hidden when it repeats what stands beside it."""
    style = f' class="{cls}"' if cls else ""
    if not alt:
        return drawing.replace("<svg ", f'<svg{style} aria-hidden="true" focusable="false" ', 1)
    title, _, rest = alt.partition(". ")
    said = f'<title id="t{NUMBER}">{escape(title)}</title><desc id="d{NUMBER}">{escape(rest or title)}</desc>'
    opened = drawing.replace("<svg ", f'<svg{style} role="img" aria-labelledby="t{NUMBER} d{NUMBER}" ', 1)
    return opened.replace(">", f">{said}", 1)


def numbered(body: str) -> str:
    """Gives every named drawing ids of its own, in the order of the file."""
    first, *rest = body.split(NUMBER)
    numbers = count()
    return first + "".join(f"{next(numbers) // PLACES}{part}" for part in rest)

"""Parts in another language inside a sentence: marked where a text falls back, made runs of their own at the end."""

import re
from dataclasses import is_dataclass, replace
from typing import Any

from reporting.documents.rendering.document import Run, Section
from reporting.facts.canonical import names

# Noncharacters of Unicode: they are for use inside a program, and no text of a snapshot holds them.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARKED = re.compile(f"{OPEN}(..)(.*?){CLOSE}", re.DOTALL)


def marked(words: str, lang: str) -> str:
    """Words in another language than the sentence in which they stand."""
    return f"{OPEN}{lang}{words}{CLOSE}"


def plain(words: str) -> str:
    """Without marks: for a caption or a description, which can't carry a language of its own."""
    return MARKED.sub(r"\2", words) if OPEN in words else words


def resolved(part: Any) -> Any:
    """The part of a document with every marked piece as a run of its language; the same object where there is none."""
    if isinstance(part, str):
        return plain(part)
    if isinstance(part, tuple):
        return _all(part)
    if isinstance(part, Section) and (whole := MARKED.match(part.title)):
        return replace(part, title=plain(part.title), lang=whole[1])
    if is_dataclass(part) and not isinstance(part, type):
        now = {name: resolved(old) for name in names(type(part)) if (old := getattr(part, name))}
        changed = {name: new for name, new in now.items() if new is not getattr(part, name)}
        return replace(part, **changed) if changed else part
    return part


def _all(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    found: list[Any] = []
    for part in parts:
        if isinstance(part, Run):
            found += _runs(part) if OPEN in part.text else (part,)
        else:
            found.append(resolved(part))
    return parts if len(found) == len(parts) and all(map(_is, found, parts)) else tuple(found)


def _is(new: Any, old: Any) -> bool:
    return new is old


def _runs(run: Run) -> list[Run]:
    pieces, found = MARKED.split(run.text), []
    for n in range(0, len(pieces), 3):
        lang, words = pieces[n + 1 : n + 3] if n + 2 < len(pieces) else ("", "")
        found += [Run(pieces[n], run.style, run.lang)] if pieces[n] else []
        found += [Run(words, run.style, lang)] if words else []
    return found

"""Composes the report of one language: the order of its chapters is the order of this page."""

from collections.abc import Iterator

from reporting.documents.rendering import document as d
from reporting.documents.rendering import foreign, glyphs
from reporting.documents.rendering.composition import annexes, change, cover, front, programme, record
from reporting.documents.rendering.composition.telling import Telling
from reporting.documents.rendering.frozen import Frozen
from reporting.documents.rendering.language import Voice
from reporting.facts import Language


def compose(frozen: Frozen, lang: Language) -> d.Document:
    """The whole report as blocks; every figure comes from the snapshot or from the findings kept with it."""
    facts = frozen.facts
    terms = tuple((one.ours, one.theirs) for one in facts.city.terms if one.language == lang)
    voice = Voice(lang, facts.city.time_zone, facts.city.languages[0], terms, marks=True)
    telling = Telling(facts, frozen.findings, voice, frozen.before)
    found: d.Document = glyphs.legible(foreign.resolved(_document(telling)))
    return found


def _document(telling: Telling) -> d.Document:
    facts = telling.facts
    return d.Document(
        lang=telling.voice.lang,
        title=telling.title,
        author=telling.words(facts.city.name),
        keywords=tuple(telling.say("keywords").split("|")),
        head_left=telling.say("book"),
        head_right=telling.say("book.of", day=telling.status_day),
        foot=_foot(telling),
        contents=telling.say("contents"),
        reader=telling.say("reader"),
        skip=telling.say("skip"),
        brand=facts.city.colours.brand,
        brand_strong=facts.city.colours.brand_strong,
        accent=facts.city.colours.accent,
        blocks=tuple(_blocks(telling)),
    )


def _foot(telling: Telling) -> str:
    document = telling.facts.document
    parts = [telling.say("draft")] if document.state == "draft" else []
    if invented := telling.invented("short"):
        parts.append(invented)
    return " · ".join(parts)


def _blocks(telling: Telling) -> Iterator[d.Block]:
    yield cover.page(telling)
    yield from front.contents(telling)
    yield from front.summary(telling)
    yield from record.earlier(telling)
    for facts, finding in telling.programmes():
        yield from programme.chapter(telling, facts, finding)
    yield from change.chapter(telling)
    yield from annexes.targets(telling)
    yield from annexes.projects(telling)
    yield from annexes.decisions(telling)
    yield from annexes.method(telling)

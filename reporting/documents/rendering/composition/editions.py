"""The edition, the reason for it, and what differs from the one that it replaces."""

from collections.abc import Iterator
from itertools import groupby

from reporting.documents.rendering import document as d
from reporting.documents.rendering.composition.telling import DASH, Telling, joined, run
from reporting.facts import DifferenceFacts, SaidFacts

SHOWN = 40  # differences; the snapshot has them all
LONGEST = 90  # characters of a text that is quoted


def editions(telling: Telling) -> Iterator[d.Block]:
    document = telling.facts.document
    columns = (d.Column(telling.say("document.edition"), width="31mm"), d.Column(telling.say("edition.because")))
    because = telling.voice.text(document.supersedes_because) or run(telling.say("edition.first"))
    yield d.Table(
        telling.say("method.editions"),
        columns,
        (d.Row((run(telling.say("cover.edition", number=document.edition)), because)),),
    )
    if telling.facts.corrects_sha256:
        yield from _differences(telling)
    yield d.Paragraph(run(telling.say("edition.note")), small=True)


def _differences(telling: Telling) -> Iterator[d.Block]:
    found, before = telling.facts.differences, telling.facts.document.edition - 1
    columns = (
        d.Column(telling.say("difference.what")),
        d.Column(telling.say("cover.edition", number=before), width="42mm"),
        d.Column(telling.say("cover.edition", number=before + 1), width="42mm"),
    )
    rows: list[d.Row] = []
    for programme, some in groupby(found[:SHOWN], key=lambda one: one.programme):
        rows.append(d.Row((telling.voice.text(programme) or run(telling.say("difference.whole")),), "group"))
        rows += (d.Row(_difference(telling, one)) for one in some)
    caption = telling.say("edition.differences", number=before)
    yield d.Paragraph(run(caption, "strong"))
    yield d.Table(caption, columns, tuple(rows), telling.say("edition.same", number=before), size=8.1, pad=3)
    if len(found) > SHOWN:
        yield d.Paragraph(run(telling.say("edition.more", count=len(found) - SHOWN)), small=True)


def _difference(telling: Telling, one: DifferenceFacts) -> tuple[d.Runs, d.Runs, d.Runs]:
    was, now = _said(telling, one, one.was), _said(telling, one, one.now)
    if one.change == "changed" and was == now and one.was and one.was.figure is not None:
        was, now = _said(telling, one, one.was, exactly=True), _said(telling, one, one.now, exactly=True)
    elif one.change == "changed" and was == now:
        elsewhere = "difference.further_on" if telling.in_one_language else "difference.elsewhere"
        now = run(telling.say(elsewhere if one.was else "difference.changed"))
        was = was if one.was and len(was) == 1 else run(DASH)
    if one.change == "added" and not one.now:
        now = run(telling.say("difference.added"))
    if one.change == "removed":
        now = run(telling.say("difference.removed"))
    return _what(telling, one), was or run(DASH), now or run(DASH)


def _what(telling: Telling, one: DifferenceFacts) -> d.Runs:
    """The subject, then what of it: `Ghg emissions, measured 31.12.2023`."""
    day = telling.voice.short_day(one.on) if one.on else ""
    word = telling.say(f"difference.{one.what}", day=day, number=telling.words(one.subject)).strip(" ,")
    seated = one.what.startswith(("member.", "deputy."))
    source = run(telling.say(one.subject_code)) if one.subject_code else ()
    subject = () if seated else joined((telling.voice.text(one.subject), source), ", ")
    return joined((subject, run(word)), ", ") if subject else run(word[:1].upper() + word[1:])


def _said(telling: Telling, one: DifferenceFacts, said: SaidFacts | None, *, exactly: bool = False) -> d.Runs:
    """What an edition says as it says it, and whether it was approved; `exactly` where a difference is rounded away."""
    if said is None:
        return ()
    words = _words(telling, one, said, exactly)
    return words if said.approved else (*words, *run(f" ({telling.say('not_approved')})"))


def _words(telling: Telling, one: DifferenceFacts, said: SaidFacts, exactly: bool) -> d.Runs:
    if said.figure is not None:
        exponent = said.figure.normalize().as_tuple().exponent
        decimals = max(-exponent, said.decimals) if exactly and isinstance(exponent, int) else said.decimals
        number = telling.voice.number(said.figure, decimals)
        return run(telling.voice.measured(number, said.unit, telling.name(one.subject)))
    if said.day is not None:
        return run(telling.voice.short_day(said.day))
    if said.code:
        return run(telling.say(said.code))
    return _quoted(telling, said)


def _quoted(telling: Telling, said: SaidFacts) -> d.Runs:
    """A name or a sentence as it reads; of a longer text its beginning."""
    words, lang = telling.voice.words(said.text)
    if len(words) <= LONGEST:
        return telling.voice.text(said.text)
    begun = words[:LONGEST].rsplit(" ", 1)[0]
    return (d.Run(f"{begun} …", lang="" if lang == telling.voice.lang else lang),)

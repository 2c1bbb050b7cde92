"""Earlier decisions and the council's wishes, and the annex of all decisions."""

from collections.abc import Iterable, Iterator

from reporting.documents.rendering import document as d
from reporting.documents.rendering.composition.telling import DASH, Telling, lines, run
from reporting.facts import DecisionFacts, WishFacts


def earlier(telling: Telling) -> Iterator[d.Block]:
    """The chain of decisions behind the programmes, and every wish with its answer."""
    yield d.Chapter("decisions", telling.say("decisions"))
    yield d.Paragraph(run(telling.say("decisions.lede")))
    yield d.Section(telling.say("decisions.earlier"))
    yield decisions(telling, telling.facts.decisions, telling.say("decisions.earlier"))
    yield d.Section(telling.say("wishes"))
    yield _wishes(telling)


def decisions(telling: Telling, rows: Iterable[DecisionFacts], caption: str) -> d.Table:
    columns = (
        d.Column(telling.say("decision.when"), width="21mm"),
        d.Column(telling.say("decision.body"), width="30mm"),
        d.Column(telling.say("decision.section"), width="20mm"),
        d.Column(telling.say("decision.what")),
        d.Column(telling.say("case_number"), width="33mm"),
    )
    told = tuple(_decision(telling, one) for one in rows)
    return d.Table(caption, columns, told, telling.say("decisions.none"), size=8.1, pad=3, head=3)


def _decision(telling: Telling, one: DecisionFacts) -> d.Row:
    unknown = run(telling.say("decision.unknown"), "muted")
    kinds = telling.voice.listed([telling.say(code) for code in _acts(one)])
    outcome = "" if one.outcome == "made" else telling.say("outcome." + one.outcome)
    notes = [kinds, outcome, telling.say("decision.provisional") if one.provisional else ""]
    small = run(" · ".join(note for note in notes if note), "small")
    return d.Row(
        (
            run(telling.voice.when(one)),
            telling.voice.text(one.body),
            run(str(one.section))
            if one.section is not None
            else unknown
            if one.provenance == "taken_over"
            else run(DASH),
            lines(telling.named(one.title, one.provenance), small),
            run(one.case_number) if one.case_number else unknown if one.provenance == "taken_over" else run(DASH),
        )
    )


def _acts(one: DecisionFacts) -> Iterable[str]:
    """What was done, as done; of a decision that was not made, what it was to do. An official is named, not elected.

    Who is let go and who is chosen in the same decision are the one and the successor.
    """
    kinds = list(dict.fromkeys("name" if k == "elect" and one.body_kind == "manager" else k for k in one.kinds))
    for chosen, succession in (("elect", "succession"), ("name", "succession_named")):
        if {"accept_resignation", chosen} <= set(kinds):
            kinds[kinds.index("accept_resignation")] = succession
            kinds.remove(chosen)
    return ["kind." + kind if one.outcome == "made" else "act." + kind for kind in kinds]


def _wishes(telling: Telling) -> d.Table:
    columns = (
        d.Column(telling.say("wish"), width="62mm"),
        d.Column(telling.say("wish.made"), width="36mm"),
        d.Column(telling.say("wish.state"), width="24mm"),
        d.Column(telling.say("wish.answer")),
    )
    rows = tuple(_wish(telling, one) for one in telling.facts.wishes)
    return d.Table(telling.say("wishes"), columns, rows, telling.say("wishes.none"))


def _wish(telling: Telling, one: WishFacts) -> d.Row:
    said_on = one.answered_on or one.delayed_on
    said = telling.voice.text(one.answer) or telling.voice.text(one.delay)
    unanswered = () if one.state == "answered" else run(telling.say("wish.no_answer"), "muted")
    return d.Row(
        (
            telling.named(one.text, one.provenance),
            run(telling.reference(one.decision)),
            run(telling.say("wish." + one.state), "strong" if one.state == "open" else ""),
            lines(unanswered, said, run(telling.voice.day(said_on), "small") if said_on else ()),
        )
    )

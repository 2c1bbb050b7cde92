"""One decision: what was proposed, decided and handled, its papers, what became of wishes, and what rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portfolio import field_words
from portfolio.decisions.models import (
    Continuation,
    Decision,
    DecisionAmendment,
    DecisionAnnex,
    DecisionPoint,
    DecisionPreparer,
    DecisionRecipient,
    MinutesVersion,
    PointProgramme,
    Wish,
)
from portfolio.people.models import Person
from portfolio.refusals import Refused
from reporting.facts import DecisionFacts, Text
from reporting.pages.decisions.resting import Resting, count, resting
from reporting.pages.links import Made, Under, made, under
from reporting.pages.moment import Moment, view
from reporting.reports.models import Report
from reporting.snapshot import nouns
from reporting.snapshot.world import World, ordered, person, text


@dataclass(frozen=True)
class Head:
    """What stands above every page of a decision; the programmes are those that its points name."""

    id: int
    title: Text
    facts: DecisionFacts
    outcome: str
    programmes: tuple[Under, ...]


@dataclass(frozen=True)
class Point:
    """One thing that the decision does, and about which programmes."""

    number: int
    kind: str
    text: Text
    programmes: tuple[Under, ...]


@dataclass(frozen=True)
class Amendment:
    """A proposal to change the item, and whether the body took it; None: the source does not tell."""

    text: Text
    adopted: bool | None


@dataclass(frozen=True)
class WishView:
    """A wish of the council with its answer, or why there is none yet."""

    text: Text
    adopted: bool | None
    under: Under | None
    owner: str
    answer: Text
    answered_on: date | None
    delay: Text
    delayed_on: date | None


@dataclass(frozen=True)
class Minutes:
    """A language in which the minutes exist."""

    language: str
    official: bool
    url: str


@dataclass(frozen=True)
class DecisionPage(Head):
    """Everything the page of a decision says."""

    minutes_checked_on: date | None
    presenter: str
    planned: Text
    proposal: Text
    handling: Text
    explanation: Text
    points: tuple[Point, ...]
    amendments: tuple[Amendment, ...]
    wishes: tuple[WishView, ...]
    annexes: tuple[tuple[int, Text], ...]
    preparers: tuple[str, ...]
    recipients: tuple[Text, ...]
    minutes: tuple[Minutes, ...]
    continues: tuple[Made, ...]
    continued_by: tuple[Made, ...]
    resting: tuple[Resting, ...]
    hidden: bool  # whether something rests on it that the reader may not see


def decision(pk: int, shown: Moment, by: Person) -> DecisionPage:
    """One decision at a moment, for one reader; the same number of statements at any size.

    Raises Refused `not_found` where there is none, or none that the reader may see.
    """
    found = view(nouns.of_decision(pk, shown.cut, shown.on, past=shown.past), by, Decision, Report, past=shown.past)
    world, row = found.world, _row(found.world, pk)
    rests = resting(world, pk)
    return DecisionPage(
        **vars(_head(world, row)),
        minutes_checked_on=row.minutes_checked_on,
        presenter=row.presenter,
        planned=text(row, "planned_text"),
        proposal=text(row, "proposal"),
        handling=text(row, "handling"),
        explanation=text(row, "explanation"),
        points=tuple(_points(world, row)),
        amendments=tuple(
            Amendment(text(each, "text"), each.adopted) for each in ordered(world.rows[DecisionAmendment], "order")
        ),
        wishes=tuple(_wishes(world)),
        annexes=tuple((each.number, text(each, "title")) for each in ordered(world.rows[DecisionAnnex], "number")),
        preparers=tuple(each.name for each in ordered(world.rows[DecisionPreparer], "order")),
        recipients=tuple(text(each, "name") for each in ordered(world.rows[DecisionRecipient], "order")),
        minutes=tuple(_minutes(world)),
        continues=tuple(_linked(world, pk, "decision_id", "earlier_id")),
        continued_by=tuple(_linked(world, pk, "earlier_id", "decision_id")),
        resting=rests,
        hidden=count(resting(found.whole, pk)) > count(rests),
    )


def head(pk: int, shown: Moment, by: Person) -> Head:
    """What stands above the history of a decision; the same number of statements at any size.

    Raises Refused `not_found` where there is none, or none that the reader may see.
    """
    world = view(nouns.head_of_decision(pk, shown.cut, shown.on, past=shown.past), by, Decision, past=shown.past).world
    return _head(world, _row(world, pk))


def _row(world: World, pk: int) -> Decision:
    row = world.get(Decision, pk)
    if row is None:
        raise Refused("not_found")
    return row


def _head(world: World, row: Decision) -> Head:
    named = made(world, row.id)
    assert named is not None
    points = {point.id for point in world.where(DecisionPoint, decision_id=row.id)}
    about = {link.programme_id for link in world.rows[PointProgramme] if link.point_id in points}
    return Head(
        id=row.id,
        title=named.facts.title,
        facts=named.facts,
        outcome=str(Decision.Outcome(row.outcome).label),
        programmes=tuple(under(world, pk) for pk in sorted(about)),
    )


def _points(world: World, row: Decision) -> Iterator[Point]:
    for point in ordered(world.where(DecisionPoint, decision_id=row.id), "number"):
        links = world.where(PointProgramme, point_id=point.id)
        kind = str(DecisionPoint.Kind(point.kind).label)
        about = tuple(under(world, link.programme_id) for link in ordered(links))
        yield Point(point.number, kind, text(point, "text"), about)


def _wishes(world: World) -> Iterator[WishView]:
    for row in ordered(world.rows[Wish], "order"):
        owner = person(world, row.owner_id)
        yield WishView(
            text=text(row, "text"),
            adopted=row.adopted,
            under=under(world, row.programme_id) if row.programme_id else None,
            owner=owner.name if owner else "",
            answer=text(row, "answer"),
            answered_on=row.answered_on,
            delay=text(row, "delay"),
            delayed_on=row.delayed_on,
        )


def _minutes(world: World) -> Iterator[Minutes]:
    for row in ordered(world.rows[MinutesVersion], "language"):
        yield Minutes(str(field_words.NAMES[row.language]), row.official, row.url)


def _linked(world: World, pk: int, here: str, there: str) -> Iterator[Made]:
    """Decisions in the same matter, the earliest first."""
    numbers = {getattr(row, there) for row in world.rows[Continuation] if getattr(row, here) == pk}
    rows = sorted(
        (row for row in world.rows[Decision] if row.id in numbers),
        key=lambda row: (row.decided_on or row.latest_on or date.max, row.id),
    )
    return (each for row in rows if (each := made(world, row.id)))

"""Takes a snapshot: what was known at a cut about the time up to a status date, as facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from portfolio import city
from portfolio.history.models import ChangeSet
from portfolio.history.tables import Row
from portfolio.strategy.models import CouncilTerm, Strategy
from reporting.compilation import Findings, editions, standings
from reporting.facts import (
    CityFacts,
    ColourFacts,
    CutFacts,
    DocumentFacts,
    EarlierFacts,
    HandlingFacts,
    LateFacts,
    ReportFacts,
    Text,
)
from reporting.snapshot import decisions, late, programmes
from reporting.snapshot.world import World, remark, text

MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True)
class Order:
    """What is to be described: the report's own row in plain values, and what was said before it.

    `said` are the findings that the `previous` report printed.
    """

    status_date: date
    period_starts_on: date
    cut_off_at: datetime
    compiled_at: datetime
    cut: int
    edition: int
    term_id: int
    programme_ids: frozenset[int]
    case_number: str = ""
    annex_number: int | None = None
    supersedes_because: str = ""
    caught_up_on: date | None = None
    corrected: ReportFacts | None = None
    previous: ReportFacts | None = None
    said: Findings | None = None
    earlier: tuple[EarlierFacts, ...] = ()


def take(order: Order) -> ReportFacts:
    """The facts of a report: everything read at `order.cut`, seen from the status date; names and scales as of then."""
    world = World.at(order.cut, status_date=order.status_date, period_starts_on=order.period_starts_on)
    chosen = programmes.active(world, set(order.programme_ids), order.term_id)
    facts = tuple(programmes.programme(world, row) for row in chosen)
    made = {fact.key: fact for programme in facts for fact in programme.decisions}
    taken = ReportFacts(
        city=_city(world, order),
        document=_document(world, order),
        cut=_cut(order),
        previous_sha256=order.previous.sha256 if order.previous else "",
        earlier=order.earlier,
        programmes=facts,
        decisions=tuple(
            sorted(made.values(), key=lambda fact: (fact.decided_on or order.status_date, fact.section or 0, fact.key))
        ),
        wishes=decisions.wishes(world, order.previous.wishes if order.previous else ()),
        late=_late(world, order, chosen),
        rule=standings.current_rule(),
    )
    return _as_a_correction(taken, order.corrected) if order.corrected else taken


def _as_a_correction(taken: ReportFacts, corrected: ReportFacts) -> ReportFacts:
    """A new edition says what differs from the one that it replaces (INV-97)."""
    differing = editions.differences(taken, corrected)
    return replace(taken, corrects_sha256=corrected.sha256, differences=differing)


def _city(world: World, order: Order) -> CityFacts:
    told = city.identity()
    strategies = [s for s in world.rows[Strategy] if s.council_term_id == order.term_id]
    return CityFacts(
        name=_told(told.signature),
        strategy=text(strategies[0], "name") if strategies else Text(),
        colours=ColourFacts(**told.colours),
        official_languages=told.official,
        languages=told.languages,
        time_zone=settings.TIME_ZONE,
    )


def _document(world: World, order: Order) -> DocumentFacts:
    words = city.identity().report
    term = world.get(CouncilTerm, order.term_id)
    return DocumentFacts(
        title=_filled(words.title, order),
        period=_filled(words.period, order),
        council_term=term.label if term else "",
        status_date=order.status_date,
        period_starts_on=order.period_starts_on,
        edition=order.edition,
        supersedes_because=remark(world, order.supersedes_because),
        case_number=order.case_number,
        annex_number=order.annex_number,
        prepared_by=_filled(words.prepared_by, order),
        proposal=_filled(words.proposal, order),
        handling=tuple(HandlingFacts(body=_told(body)) for body in words.handling),
        caught_up_because=_filled(words.caught_up, order) if order.caught_up_on else Text(),
        demonstration=_invented(world),
    )


def _told(words: city.Words) -> Text:
    """A text of the identity, which is written in the city's first language."""
    said: dict[str, Any] = dict(words)
    return Text(**said, source=city.identity().first)


def _filled(words: city.Words, order: Order) -> Text:
    """A configured sentence with the year of the status date and, for a late report, the day it was caught up."""
    caught_up = order.caught_up_on or order.status_date
    day = f"{caught_up.day}.{caught_up.month}.{caught_up.year}"
    days = {"fi": day, "sv": day, "en": f"{caught_up.day} {MONTHS[caught_up.month - 1]} {caught_up.year}"}
    year = order.status_date.year
    return _told({code: sentence.format(day=days[code], year=year) for code, sentence in words.items()})


def _invented(world: World) -> bool:
    """Whether anything in the portfolio is demonstration data; then the report says so."""
    return any(getattr(row, "provenance", "") == "demonstration" for rows in world.rows.values() for row in rows)


def _cut(order: Order) -> CutFacts:
    sealed = ChangeSet.objects.filter(seq=order.cut).values_list("sha256", flat=True).first()
    return CutFacts(
        cut_off_at=order.cut_off_at, seq=order.cut, chain_head=sealed or "0" * 64, compiled_at=order.compiled_at
    )


def _late(world: World, order: Order, chosen: list[Row]) -> tuple[LateFacts, ...]:
    if order.previous is None:
        return ()
    before = order.previous
    return late.late(world, chosen, previous_on=before.document.status_date, previous_cut=before.cut.seq)


def period_start(previous: date | None, term_starts_on: date, status_date: date) -> date:
    """The day after the previous status date; for the first report of a term, the term's first day."""
    start = previous + timedelta(days=1) if previous else term_starts_on
    return min(start, status_date)

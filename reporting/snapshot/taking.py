"""Takes a snapshot: what was known at a cut about the time up to a status date, as facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings

from portfolio import city
from portfolio.decisions.models import Body
from portfolio.history.models import ChangeSet
from portfolio.programmes.models import Programme
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
    TermFacts,
    Text,
)
from reporting.snapshot import decisions, late, programmes
from reporting.snapshot.batches import BATCH, LongWorld
from reporting.snapshot.naming import Naming, told
from reporting.snapshot.world import World, remark, text


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
    named_after: tuple[date, date]
    schedule: Text = Text()
    case_number: str = ""
    annex_number: int | None = None
    supersedes_because: str = ""
    caught_up_on: date | None = None
    corrected: ReportFacts | None = None
    previous: ReportFacts | None = None
    said: Findings | None = None
    earlier: tuple[EarlierFacts, ...] = ()
    largest: int = 0  # about how many projects, or targets, the city has


def take(order: Order) -> ReportFacts:
    """The facts of a report: everything read at `order.cut`, seen from the status date; names and scales as of then."""
    kind = LongWorld if order.largest > BATCH else World
    world = kind.at(order.cut, status_date=order.status_date, period_starts_on=order.period_starts_on)
    chosen = programmes.active(world, set(order.programme_ids), order.term_id)
    programmes.will_tell(world, chosen)
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
    ours = city.identity()
    strategies = [s for s in world.rows[Strategy] if s.council_term_id == order.term_id]
    return CityFacts(
        name=told(ours.signature),
        strategy=text(strategies[0], "name") if strategies else Text(),
        colours=ColourFacts(**ours.colours),
        official_languages=ours.languages.official,
        languages=ours.languages.reports,
        officials_named_by=_names_officials(world, ours.officials_named_by),
        terms=tuple(
            TermFacts(language=language, ours=word, theirs=own)
            for language in ours.languages.reports
            for word, own in sorted(ours.terms.get(language, {}).items())
        ),
        time_zone=settings.TIME_ZONE,
    )


def _names_officials(world: World, kind: str) -> Text:
    """The body that names the officials, as the city calls it."""
    return text(next((body for body in world.rows[Body] if body.kind == kind and body.active), None), "name")


def _document(world: World, order: Order) -> DocumentFacts:
    words = city.identity().report
    naming = Naming(_named_after(order), order.caught_up_on or order.status_date)
    term = world.get(CouncilTerm, order.term_id)
    return DocumentFacts(
        title=naming.filled(words.title),
        period=naming.period(words.period),
        council_term=term.label if term else "",
        status_date=order.status_date,
        period_starts_on=order.period_starts_on,
        edition=order.edition,
        supersedes_because=remark(world, order.supersedes_because),
        case_number=order.case_number,
        annex_number=order.annex_number,
        prepared_by=naming.filled(words.prepared_by),
        proposal=naming.filled(words.proposal),
        handling=tuple(HandlingFacts(body=told(body)) for body in words.handling),
        caught_up_because=naming.filled(words.caught_up) if order.caught_up_on else Text(),
        demonstration=world.invented,
        schedule=order.schedule,
    )


def _named_after(order: Order) -> tuple[date, date]:
    """The rhythm's own period, or from the first day told of: a first report of a series reaches further back."""
    first, last = order.named_after
    begins = order.period_starts_on
    return (begins if begins.year == last.year and begins < first else first), last


def _cut(order: Order) -> CutFacts:
    sealed = ChangeSet.objects.filter(seq=order.cut).values_list("sha256", flat=True).first()
    return CutFacts(
        cut_off_at=order.cut_off_at, seq=order.cut, chain_head=sealed or "0" * 64, compiled_at=order.compiled_at
    )


def _late(world: World, order: Order, chosen: list[Programme]) -> tuple[LateFacts, ...]:
    if order.previous is None:
        return ()
    before = order.previous
    return late.late(world, chosen, previous_on=before.document.status_date, previous_cut=before.cut.seq)

"""A whole snapshot: the city, the document, the cut, and every programme."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal, TypeAlias

from reporting.facts import canonical
from reporting.facts.benefits import Standing
from reporting.facts.differences import DifferenceFacts
from reporting.facts.programmes import ProgrammeFacts
from reporting.facts.rule import RuleFacts
from reporting.facts.words import DecisionFacts, Language, Provenance, Text

SCHEMA = 1
LateKind: TypeAlias = Literal["decision", "milestone", "tenure", "project_move", "phase", "money", "other"]


@dataclass(frozen=True, kw_only=True)
class WishFacts:
    """A wish of the council and its answer, if there is one."""

    key: str
    text: Text
    state: Literal["open", "answered"]
    decision: DecisionFacts
    answer: Text = Text()
    answered_on: date | None = None
    delay: Text = canonical.later(Text())
    delayed_on: date | None = canonical.later(None)
    provenance: Provenance = canonical.later("recorded")


@dataclass(frozen=True, kw_only=True)
class LateFacts:
    """Anything but a measurement that was valid by the previous status date and recorded after its cut (INV-93)."""

    what: LateKind
    programme: str
    label: Text
    valid_on: date
    recorded_at: datetime
    provenance: Provenance = canonical.later("recorded")


@dataclass(frozen=True, kw_only=True)
class PrintedFacts:
    """What an earlier report said of one programme or target."""

    key: str
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class EarlierFacts:
    """The standings that an earlier report printed; oldest first in `ReportFacts.earlier`."""

    status_date: date
    edition: int
    programmes: tuple[PrintedFacts, ...] = ()
    targets: tuple[PrintedFacts, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HandlingFacts:
    """A body that is to handle the report, and when, if that is agreed."""

    body: Text
    planned_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ColourFacts:
    """The city's own colours; everything else derives from them."""

    brand: str = "#0B4F5C"
    brand_strong: str = "#083B45"
    accent: str = "#C4501B"


@dataclass(frozen=True, kw_only=True)
class TermFacts:
    """The city's own word in place of one of ours, in one language."""

    language: Language
    ours: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class CityFacts:
    """The city as it signs: its name in the genitive of each language; and the name of its strategy.

    `languages` are those in which the report is made, the city's first language first; `officials_named_by` is the body
    that names the officials of a steering group; `terms` are the city's own words.
    """

    name: Text
    strategy: Text = Text()
    colours: ColourFacts = ColourFacts()
    official_languages: tuple[Language, ...] = ("fi", "sv")
    time_zone: str = "Europe/Helsinki"
    languages: tuple[Language, ...] = canonical.later(("fi", "sv", "en"))
    officials_named_by: Text = canonical.later(Text())
    terms: tuple[TermFacts, ...] = canonical.later(())


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """What kind of document this is, in which series; `draft` prints the word, `edition` leaves it out."""

    title: Text
    period: Text
    council_term: str
    status_date: date
    period_starts_on: date
    edition: int = 1
    state: Literal["draft", "edition"] = "edition"
    supersedes_because: Text = Text()
    case_number: str = ""
    annex_number: int | None = None
    prepared_by: Text = Text()
    proposal: Text = Text()
    handling: tuple[HandlingFacts, ...] = ()
    caught_up_because: Text = Text()
    demonstration: bool = False
    schedule: Text = canonical.later(Text())


@dataclass(frozen=True, kw_only=True)
class CutFacts:
    """What was known: the last change set read, and the head of the chain there."""

    cut_off_at: datetime
    seq: int
    chain_head: str
    compiled_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """A whole snapshot. `missing` are programmes active on the status date that could not be included (INV-95).

    `rule` is what it is judged by; one without it was judged by rule 1.
    A correction says what differs from the edition that it replaces, and which snapshot that was (INV-97).
    """

    schema: int = SCHEMA
    city: CityFacts
    document: DocumentFacts
    cut: CutFacts
    previous_sha256: str = ""
    earlier: tuple[EarlierFacts, ...] = ()
    programmes: tuple[ProgrammeFacts, ...] = ()
    missing: tuple[Text, ...] = ()
    decisions: tuple[DecisionFacts, ...] = ()
    wishes: tuple[WishFacts, ...] = ()
    late: tuple[LateFacts, ...] = ()
    rule: RuleFacts | None = canonical.later(None)
    corrects_sha256: str = canonical.later("")
    differences: tuple[DifferenceFacts, ...] = canonical.later(())

    def to_json(self) -> canonical.Json:
        return canonical.encode(self)

    @classmethod
    def from_json(cls, data: canonical.Json) -> "ReportFacts":
        facts = canonical.decode(cls, data)
        if facts.schema != SCHEMA:
            raise canonical.Malformed(f"$.schema: {facts.schema} is not {SCHEMA}")
        return facts

    @cached_property
    def sha256(self) -> str:
        """The checksum of the snapshot, printed in the report and kept with its row."""
        return canonical.sha256(self)

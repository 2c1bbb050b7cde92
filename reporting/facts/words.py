"""Texts, people and decisions as a report speaks of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from portfolio.languages import Language as Language
from reporting.facts import canonical

Provenance: TypeAlias = Literal["recorded", "taken_over", "demonstration"]
BodyKind: TypeAlias = Literal["council", "board", "manager", "committee", "line_unit", "other"]
PointKind: TypeAlias = Literal[
    "set",
    "elect",
    "accept_resignation",
    "propose",
    "approve",
    "state_opinion",
    "note",
    "close",
    "return",
    "table",
    "remove",
]
Outcome: TypeAlias = Literal["planned", "made", "returned", "tabled", "removed"]
DatePrecision: TypeAlias = Literal["day", "month", "season", "year", "range", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text in the city's languages; an empty one is missing and the renderer falls back, visibly.

    `unofficial` names the languages whose wording no body has adopted, `outdated` those whose source has changed since.
    A statement stays in the language in which it was given, its `source`.
    """

    fi: str = ""
    sv: str = ""
    en: str = ""
    source: Language = "fi"
    unofficial: tuple[Language, ...] = ()
    outdated: tuple[Language, ...] = ()
    statement: bool = canonical.later(False)

    @property
    def wordings(self) -> tuple[str, str, str]:
        """The words alone, by which two texts are the same or not."""
        return self.fi, self.sv, self.en

    @property
    def known(self) -> str:
        """The words in the first language that has any, by which texts are put in order; "" where nobody wrote one."""
        return self.fi or self.sv or self.en

    @classmethod
    def of(cls, words: Mapping[str, str], source: Language = "fi", unofficial: tuple[Language, ...] = ()) -> "Text":
        """What is said in each language, by its code."""
        return cls(
            fi=words.get("fi", ""),
            sv=words.get("sv", ""),
            en=words.get("en", ""),
            source=source,
            unofficial=unofficial,
        )


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """Name, task and council group or unit: no more of a person ever reaches a report (INV-103)."""

    name: str
    title: Text = Text()
    affiliation: Text = Text()
    provenance: Provenance = "recorded"


@dataclass(frozen=True, kw_only=True)
class DecisionFacts:
    """A body's decision as it is referred to: what the source did not tell is left empty, never invented."""

    key: str
    body: Text
    body_kind: BodyKind
    title: Text
    kinds: tuple[PointKind, ...] = ()
    outcome: Outcome = "made"
    decided_on: date | None = None
    planned_on: date | None = None
    date_precision: DatePrecision = "day"
    date_text: Text = Text()
    section: int | None = None
    case_number: str = ""
    provisional: bool = False
    provenance: Provenance = "recorded"

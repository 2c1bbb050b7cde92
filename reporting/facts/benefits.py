"""What is known of benefit targets, their indicators and what was measured."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from reporting.facts import canonical
from reporting.facts.words import DecisionFacts, PersonFacts, Provenance, Text

TargetState: TypeAlias = Literal["draft", "drafted", "proposed", "approved", "replaced", "ended"]
IndicatorKind: TypeAlias = Literal[
    "reach", "keep_at_least", "keep_at_most", "keep_within", "rank", "zero", "average", "done", "qualitative"
]
Direction: TypeAlias = Literal["up", "down", "none"]
Sign: TypeAlias = Literal["benefit", "disbenefit"]
Standing: TypeAlias = Literal["met", "on_track", "at_risk", "off_track", "not_reported"]


@dataclass(frozen=True, kw_only=True)
class CorrectionFacts:
    """One correction of a recorded value: what it was, why it changed, when that was recorded."""

    old_value: Decimal
    because: Text
    corrected_at: datetime
    seq: int
    by: Text = Text()
    by_provenance: Provenance = canonical.later("recorded")


@dataclass(frozen=True, kw_only=True)
class MeasurementFacts:
    """`recorded_at` and `seq` are those of the first recording, so that a late entry shows.

    `by_the_register` says that the approval is that of an older register.
    """

    on: date
    value: Decimal
    evidence: Text = Text()
    note: Text = Text()
    approved: bool = True
    recorded_at: datetime
    seq: int
    corrections: tuple[CorrectionFacts, ...] = ()
    provenance: Provenance = "recorded"
    by_the_register: bool = canonical.later(False)


@dataclass(frozen=True, kw_only=True)
class PathPointFacts:
    """Where the plan says the value should be on a day."""

    on: date
    value: Decimal


@dataclass(frozen=True, kw_only=True)
class RubricLevelFacts:
    """One level of a qualitative scale, and the standing that it means, if the scale says so."""

    value: Decimal
    label: Text
    verdict: Standing | None = None


@dataclass(frozen=True, kw_only=True)
class IndicatorFacts:
    """One indicator with its approved plan and everything measured up to the status date.

    An interval, a direction or a figure that nobody knows is None.
    """

    key: str
    code: str
    name: Text
    unit: Text
    decimals: int
    kind: IndicatorKind
    direction: Direction | None = "up"
    interval_months: int | None = None
    baseline_value: Decimal | None = None
    baseline_on: date | None = None
    baseline_source: Text = Text()
    path: tuple[PathPointFacts, ...] = ()
    target_value: Decimal | None = None
    target_on: date | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    group_size: int | None = None
    period_ends_on: date | None = None
    rubric: tuple[RubricLevelFacts, ...] = ()
    source: Text = Text()
    rescaled_from: str = ""
    measurements: tuple[MeasurementFacts, ...] = ()
    provenance: Provenance = "recorded"
    period_starts_on: date | None = canonical.later(None)


@dataclass(frozen=True, kw_only=True)
class GoalFacts:
    """A goal of the strategy under its focus area."""

    key: str
    focus_area: Text
    text: Text


@dataclass(frozen=True, kw_only=True)
class SdgFacts:
    """One of the 17 Sustainable Development Goals."""

    number: int
    name: Text


@dataclass(frozen=True, kw_only=True)
class TargetFacts:
    """A benefit target in its version of the cut; `key` is its identity over versions and reports.

    `version_because` is why the version before was changed.
    """

    key: str
    code: str
    state: TargetState
    sign: Sign = "benefit"
    version: int = 1
    title: Text
    description: Text = Text()
    explanation: Text = Text()
    owner: PersonFacts | None = None
    owner_unit: Text = Text()
    approved_by: DecisionFacts | None = None
    ended_on: date | None = None
    ended_because: Text = Text()
    ended_by: DecisionFacts | None = canonical.later(None)
    version_because: Text = canonical.later(Text())
    goals: tuple[GoalFacts, ...] = ()
    sdgs: tuple[SdgFacts, ...] = ()
    indicators: tuple[IndicatorFacts, ...] = ()
    provenance: Provenance = "recorded"

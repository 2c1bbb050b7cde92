"""What is known of projects, pilots, money and risks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from reporting.facts import canonical
from reporting.facts.words import DecisionFacts, PersonFacts, Provenance, Text

ProjectKind: TypeAlias = Literal["project", "action", "pilot"]
Delivery: TypeAlias = Literal["own_work", "funding", "co_funding"]
MoneySource: TypeAlias = Literal["appropriation", "external", "co_funding", "own_work"]
Light: TypeAlias = Literal["green", "amber", "red", "grey"]
ProjectState: TypeAlias = Literal["planned", "running", "suspended", "ended", "cancelled"]
LessonKind: TypeAlias = Literal["worked", "failed", "advice"]
PilotState: TypeAlias = Literal[
    "planned", "running", "evaluated", "adopted", "adopted_by_partner", "ended_without_adoption"
]


@dataclass(frozen=True, kw_only=True)
class MilestoneFacts:
    """A stage of a project: planned, forecast and, once there, reached; whence it comes as of a status report."""

    key: str
    name: Text
    planned_on: date
    forecast_on: date | None = None
    reached_on: date | None = None
    replanned_because: Text = Text()
    provenance: Provenance | None = canonical.later(None)


@dataclass(frozen=True, kw_only=True)
class ProjectMoveFacts:
    """When a project came into a state, by its own date, and why."""

    state: ProjectState
    effective_on: date
    because: Text = Text()


@dataclass(frozen=True, kw_only=True)
class StatusFacts:
    """The newest status report of a project; `grey` says that nothing was reported.

    Where its words come from is None in a snapshot from before that was told.
    """

    status_on: date
    standing: Light
    text: Text = Text()
    provenance: Provenance | None = canonical.later(None)


@dataclass(frozen=True, kw_only=True)
class PilotFacts:
    """How a pilot ended, what was learnt, and what the line organisation decided."""

    state: PilotState
    result: Text = Text()
    lessons: Text = Text()
    decision: DecisionFacts | None = None
    adopted_by: Text = Text()


@dataclass(frozen=True, kw_only=True)
class LessonFacts:
    """Something that a project taught by the status date, and had not withdrawn; of no kind where nobody said."""

    key: str
    learnt: Text
    matters_to: Text = Text()
    kind: LessonKind | None = None
    learnt_on: date
    provenance: Provenance = "recorded"


@dataclass(frozen=True, kw_only=True)
class ProjectFacts:
    """A project, action or pilot; `serves` names targets by key, its own programme's and others'.

    How it is delivered is None where nobody said.
    """

    key: str
    code: str
    kind: ProjectKind
    name: Text
    summary: Text = Text()
    climate_impact: Text = canonical.later(Text())
    state: ProjectState
    delivery: Delivery | None = None
    serves: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    unit: Text = Text()
    manager: PersonFacts | None = None
    partners: tuple[Text, ...] = ()
    milestones: tuple[MilestoneFacts, ...] = ()
    moves: tuple[ProjectMoveFacts, ...] = ()
    status: StatusFacts | None = None
    pilot: PilotFacts | None = None
    lessons: tuple[LessonFacts, ...] = canonical.later(())
    provenance: Provenance = "recorded"


@dataclass(frozen=True, kw_only=True)
class MoneyFacts:
    """One source of money up to the status date, in euros; of an appropriation `budget` is what is available."""

    key: str
    source: MoneySource
    funder: Text = Text()
    period: str = ""
    project: str = ""
    budget: Decimal | None = None
    granted: Decimal | None = None
    used: Decimal | None = None
    provenance: Provenance = "recorded"


@dataclass(frozen=True, kw_only=True)
class RiskFacts:
    """A risk open on the status date; its level is likelihood times impact."""

    key: str
    title: Text
    likelihood: int
    impact: int
    mitigation: Text = Text()
    mitigate_by: date | None = None
    owner: PersonFacts | None = None
    project: str = ""
    provenance: Provenance = "recorded"

    @property
    def level(self) -> int:
        return self.likelihood * self.impact


@dataclass(frozen=True, kw_only=True)
class ClosedRiskFacts:
    """A risk that was closed in the period, with its level of then, the day and why."""

    key: str
    title: Text
    level: int
    closed_on: date
    because: Text = Text()
    provenance: Provenance = "recorded"

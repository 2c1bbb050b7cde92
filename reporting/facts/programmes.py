"""What is known of a programme as a whole and of its steering group on the status date."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from reporting.facts import canonical
from reporting.facts.benefits import TargetFacts
from reporting.facts.projects import ClosedRiskFacts, MoneyFacts, ProjectFacts, RiskFacts
from reporting.facts.words import DecisionFacts, PersonFacts, Provenance, Text

Phase: TypeAlias = Literal["topic_set", "organised", "targets_approved", "running", "closing", "closed"]
Office: TypeAlias = Literal["", "chair", "vice_chair"]
SeatKind: TypeAlias = Literal["elected", "official", "attending"]
GroupRole: TypeAlias = Literal["member", "deputy", "attending", "chair", "vice_chair"]
Ending: TypeAlias = Literal["", "resigned", "replaced", "term_ended", "member_left", "seat_closed", "other", "unknown"]
Deputies: TypeAlias = Literal["personal", "none"]
LegalNature: TypeAlias = Literal["working_group", "commission"]


@dataclass(frozen=True, kw_only=True)
class UpdateFacts:
    """The few sentences of a programme that figures cannot say, for one status date."""

    status_on: date
    summary: Text = Text()
    cooperation: Text = Text()
    priorities: Text = Text()
    attention: Text = Text()
    provenance: Provenance = canonical.later("recorded")


@dataclass(frozen=True, kw_only=True)
class MemberFacts:
    """Who held a seat on the status date, in which capacity, since when; None if the source does not tell the day."""

    person: PersonFacts
    since: date | None
    office: Office = ""
    appointed_by: DecisionFacts | None = None


@dataclass(frozen=True, kw_only=True)
class SeatFacts:
    """A decided seat; without a member it is vacant."""

    kind: SeatKind
    number: int
    label: Text = Text()
    member: MemberFacts | None = None
    deputy: MemberFacts | None = None


@dataclass(frozen=True, kw_only=True)
class GroupChangeFacts:
    """Someone came into or left a seat or an office in the period; `ending` says why they left."""

    on: date
    person: PersonFacts
    what: Literal["came", "left"]
    role: GroupRole = "member"
    kind: SeatKind = "elected"
    ending: Ending = ""
    decision: DecisionFacts | None = None


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """A steering group on the status date; no attendance by person."""

    elected_seats: int
    official_seats: int
    deputies: Deputies = "none"
    legal_nature: LegalNature = "working_group"
    sized_by: DecisionFacts | None = None
    seats: tuple[SeatFacts, ...] = ()
    changes: tuple[GroupChangeFacts, ...] = ()
    meetings_held: int | None = None
    meetings_quorate: int | None = None


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """A joint event of the steering groups or with partners."""

    title: Text
    held_on: date
    provenance: Provenance = canonical.later("recorded")


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """The programme plan in force on the status date."""

    number: str
    approved_by: DecisionFacts | None = None
    approved_on: date | None = None
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class ProgrammeFacts:
    """One programme: its task, targets, work, money, people and words.

    `targets` also holds those ended in the period, so that they can be named, `closed_risks` the risks closed in it;
    `decisions` is its chain, in order.
    """

    key: str
    code: str
    name: Text
    aim: Text = Text()
    description: Text = Text()
    phase: Phase
    phase_since: date | None = None
    decisions: tuple[DecisionFacts, ...] = ()
    plan: PlanFacts | None = None
    targets: tuple[TargetFacts, ...] = ()
    projects: tuple[ProjectFacts, ...] = ()
    money: tuple[MoneyFacts, ...] = ()
    risks: tuple[RiskFacts, ...] = ()
    sectors: tuple[Text, ...] = ()
    partners: tuple[Text, ...] = ()
    events: tuple[EventFacts, ...] = ()
    update: UpdateFacts | None = None
    group: GroupFacts | None = None
    provenance: Provenance = "recorded"
    closed_risks: tuple[ClosedRiskFacts, ...] = canonical.later(())

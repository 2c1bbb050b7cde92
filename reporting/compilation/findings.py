"""What a compilation answers: codes and numbers, in no language."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from reporting.facts import IndicatorFacts, Provenance, Standing, TargetFacts, Text, canonical

Better: TypeAlias = Literal[
    "better", "worse", "reporting", "same", "target_changed", "rule", "restated", "added", "ended"
]
What: TypeAlias = Literal[
    "target_value",
    "target_on",
    "baseline_value",
    "baseline_on",
    "limits",
    "path",
    "period_start",
    "period",
    "indicator",
]
Cause: TypeAlias = Literal["", "corrected", "late", "approved"]
BEST_FIRST: tuple[Standing, ...] = ("met", "on_track", "at_risk", "off_track", "not_reported")
FINE: frozenset[Standing] = frozenset({"met", "on_track"})


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its unit, to be written by each language in its own way.

    With `upper` it is a range from value to upper; `limit` says that it is a least or a most; `on` is the day of a
    value that is old.
    """

    value: Decimal
    decimals: int
    unit: Text = Text()
    upper: Decimal | None = canonical.later(None)
    limit: str = canonical.later("")
    on: date | None = canonical.later(None)


Param: TypeAlias = int | date | str | Text | Figure


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence as its code and what goes into it; `phrases` says it in each language."""

    code: str
    params: tuple[tuple[str, Param], ...] = ()


def say(code: str, **params: Param) -> Sentence:
    return Sentence(code=code, params=tuple(params.items()))


@dataclass(frozen=True, kw_only=True)
class IndicatorFinding:
    """Where one indicator stands: its newest value with its own day, and what the path promised for the status date.

    Of an average the value is the mean of `mean_of` values. `age_days` lie between the value's day and the status
    date; `unjudged` says why the value does not count, `awaiting_on` on which day a newer one was measured that nobody
    has approved.
    """

    key: str
    standing: Standing
    latest_value: Decimal | None = None
    latest_on: date | None = None
    counts: bool = False
    expected: Decimal | None = None
    lag: Decimal | None = None
    late_on: tuple[date, ...] = ()
    age_days: int | None = canonical.later(None)
    mean_of: int | None = canonical.later(None)
    unjudged: str = canonical.later("")
    awaiting_on: date | None = canonical.later(None)


@dataclass(frozen=True, kw_only=True)
class TargetFinding:
    """Where one approved benefit target stands, and stood in the previous report.

    `before` is what that report printed, `restated` the same judged with what is known now; `alike` is where the target
    would stand today by the target and the rule of then. Like is compared with like: `restated` with `alike`.
    """

    key: str
    code: str
    standing: Standing
    before: Standing | None
    indicators: tuple[IndicatorFinding, ...]
    restated: Standing | None = None
    alike: Standing | None = None
    change: Better | None = None


@dataclass(frozen=True, kw_only=True)
class StandingCount:
    """How many targets have a standing."""

    standing: Standing
    count: int


@dataclass(frozen=True, kw_only=True)
class ProjectFinding:
    """The milestone of a project that slipped most, in whole months (early is negative), and if it is overdue."""

    key: str
    standing: Standing
    slip_months: int | None = None
    milestone: str = ""
    overdue: bool = False
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MoneyFinding:
    """The money of one source and funder, in euros; nothing known is None, not 0."""

    source: str
    funder: Text
    available: Decimal | None
    used: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Overspent:
    """A row of money of which more was used than there was in its period; without a project it is the programme's."""

    period: str
    source: str
    funder: Text
    project: str
    available: Decimal
    used: Decimal


@dataclass(frozen=True, kw_only=True)
class RiskFinding:
    """An open risk's level now and in the previous report (None: it was not there).

    `overdue` says that the day by which it was to be mitigated has passed; `due_before` is the day that the previous
    report had, if it was another.
    """

    key: str
    level: int
    before: int | None
    overdue: bool = canonical.later(False)
    due_before: date | None = canonical.later(None)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """One row of the overall table: of a programme, or of all together; money of all periods, and of the last year."""

    targets: int
    fine: int
    by_standing: tuple[StandingCount, ...]
    projects: int
    running: int
    ended: int
    available: Decimal | None
    used: Decimal | None
    external: Decimal | None
    same: int = 0
    fine_same: int = 0
    fine_before: int = 0
    year_available: Decimal | None = canonical.later(None)
    year_used: Decimal | None = canonical.later(None)
    year_external: Decimal | None = canonical.later(None)


@dataclass(frozen=True, kw_only=True)
class ProgrammeFinding:
    """What the figures say of one programme; `before`, `restated` and `alike` as of a target.

    `money` is of all `periods`, `year_money` of the status date's year.
    """

    key: str
    standing: Standing
    before: Standing | None
    totals: Totals
    targets: tuple[TargetFinding, ...]
    projects: tuple[ProjectFinding, ...]
    money: tuple[MoneyFinding, ...]
    risks: tuple[RiskFinding, ...]
    lede: tuple[Sentence, ...]
    vacancies: int = 0
    restated: Standing | None = None
    alike: Standing | None = None
    year_money: tuple[MoneyFinding, ...] = canonical.later(())
    periods: tuple[str, ...] = canonical.later(())
    overspent: tuple[Overspent, ...] = canonical.later(())


@dataclass(frozen=True, kw_only=True)
class TargetChange:
    """What became of one target between the two reports.

    `before` is the earlier standing as it is known now, `printed` what the earlier report said; `alike` is today's by
    the target and the rule of then. Where the earlier standing itself moved, `cause` says by what.
    """

    key: str
    code: str
    title: Text
    change: Better
    before: Standing | None
    now: Standing | None
    because: Text = Text()
    printed: Standing | None = None
    alike: Standing | None = None
    cause: Cause = ""


@dataclass(frozen=True, kw_only=True)
class PlanChange:
    """One figure of a target that the council changed; an indicator that came or went has only one side."""

    indicator: Text
    what: What
    on: date | None = None
    old: tuple[Param, ...] = ()
    new: tuple[Param, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChangedTarget:
    """A target that the council changed: its figures, and where it stands by the old and by the new."""

    key: str
    code: str
    title: Text
    because: Text
    old: Standing
    new: Standing
    figures: tuple[PlanChange, ...]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The like-for-like comparison; `previous - ended = common = now - added`, and the groups add up.

    Of the common targets `fine_before` counts the standings of then as known now, `fine_now` those of today by the
    targets and the rule of then; the other two count what each report prints.
    """

    status_date: date
    previous: int
    ended: int
    common: int
    added: int
    now: int
    fine_before: int
    fine_now: int
    fine_before_all: int
    fine_now_all: int
    targets: tuple[TargetChange, ...]
    rule_before: int = 1
    rule_now: int = 1

    def of(self, change: Better) -> tuple[TargetChange, ...]:
        return tuple(one for one in self.targets if one.change == change)


@dataclass(frozen=True, kw_only=True)
class Restated:
    """A figure that the previous report printed otherwise, its reason, and the standing of then with both."""

    code: str
    indicator: str
    what: Literal["measurement", "baseline", "target"]
    on: date | None
    old: Decimal
    new: Decimal | None
    because: Text
    by: Text
    corrected_at: datetime | None
    standing_printed: Standing
    standing_restated: Standing
    approved: bool = True
    by_provenance: Provenance = canonical.later("recorded")


@dataclass(frozen=True, kw_only=True)
class Late:
    """Something valid by the previous status date that was recorded after its cut."""

    what: str
    programme: str
    label: Text
    valid_on: date
    recorded_at: datetime
    figure: Figure | None = None
    provenance: Provenance = canonical.later("recorded")


@dataclass(frozen=True, kw_only=True)
class ProjectChange:
    """A day of a project, or of one of its milestones, that was moved; or the targets that it serves, by code.

    `label` names the milestone; `serves` are the targets that it serves now, `served` those of then.
    """

    programme: str
    key: str
    code: str
    name: Text
    what: Literal["starts_on", "ends_on", "milestone", "serves"]
    label: Text = Text()
    was: date | None = None
    now: date | None = None
    serves: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    because: Text = Text()
    provenance: Provenance = "recorded"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that should have been reported and was not, by name; an old value with its own date."""

    what: Literal["programme", "update", "indicator", "status", "target"]
    programme: str
    code: str
    name: Text
    last: Figure | None = None
    last_on: date | None = None
    indicator: str = canonical.later("")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One of the three results, or of the three matters for the council's attention; whence what it is of comes."""

    programme: str
    title: Text
    sentence: Sentence
    provenance: Provenance = canonical.later("recorded")


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Everything that a report says in figures."""

    totals: Totals
    programmes: tuple[ProgrammeFinding, ...]
    lede: tuple[Sentence, ...]
    results: tuple[Item, ...]
    attention: tuple[Item, ...]
    changes: Changes | None
    change_lede: tuple[Sentence, ...]
    restated: tuple[Restated, ...]
    late: tuple[Late, ...]
    gaps: tuple[Gap, ...]
    changed: tuple[ChangedTarget, ...] = ()
    change_notes: tuple[Sentence, ...] = ()
    projects: tuple[ProjectChange, ...] = canonical.later(())

    @classmethod
    def from_json(cls, data: canonical.Json) -> "Findings":
        """Findings as they were kept; what later ones say besides has a default, so that older ones stay readable."""
        return canonical.decode(cls, data)


@dataclass(frozen=True)
class JudgedTarget:
    """A target of the snapshot with its finding, as the compiler passes them on."""

    programme: str
    facts: TargetFacts
    finding: TargetFinding

    def indicators(self) -> list[tuple[IndicatorFacts, IndicatorFinding]]:
        return list(zip(self.facts.indicators, self.finding.indicators, strict=True))

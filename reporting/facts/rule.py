"""The written rule that a report judges by, with every threshold of it."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class RuleFacts:
    """The rule in force at the freeze, as the benefits room words it; shares of targets are part and whole.
    `high_risk` is the level from which an open risk is told to the council.

    A report judges, and words its method, by this; a snapshot without it was judged by rule 1.
    """

    version: int
    grace_days: int
    on_track_within: Decimal
    at_risk_within: Decimal
    kept_nearly_within: Decimal
    off_track_above: tuple[int, int]
    fine_from: tuple[int, int]
    only_approved: bool
    assumed_interval_months: int | None
    means_of_the_period: bool
    targets_of_their_kind: bool
    unknown_is_unjudged: bool
    high_risk: int

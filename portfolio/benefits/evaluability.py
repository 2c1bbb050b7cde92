"""What an audit committee would ask of a benefit target and the record does not answer: pure, the red list's source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from portfolio.approvals import is_approved
from portfolio.benefits import gate
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import IndicatorPlan, TargetVersion
from portfolio.benefits.path import WITH_A_PATH, Point
from portfolio.benefits.standing import Unjudged
from portfolio.texts import first

QUESTIONS = {
    "no_indicator": _("How would one see that the target is reached? It has no indicator."),
    "no_goal": _("Which goal of the strategy does it serve? None is linked."),
    "no_owner": _("Who answers for the benefit? No owner is named."),
    "no_owner_unit": _("Which unit of the line keeps the benefit after the programme? None is named."),
    "no_description": _("What changes, and for whom? There is no description."),
    "indicator_incomplete": _("From where to where, by when, measured by whom? The indicator is incomplete."),
    "no_path": _("What is expected on the way? Between baseline and target there is no step."),
    "no_successor": _("Who goes on measuring after the programme? No successor is named."),
    "no_source": _("Where do the figures come from? The indicator names no source."),
    "never_measured": _("Has it been measured at all? There is no value."),
    "overdue": _("Is the newest value still true? It is older than the interval allows."),
    "no_evidence": _("What is the newest value based on? No evidence is given."),
    "not_approved": _("Has somebody else checked the newest value? Nobody has approved it."),
}
LONG_WAY_DAYS = 548  # a year and a half: a shorter way needs no step between


class Judged(Protocol):
    """A verdict, or what was found from one: it says why there is none."""

    @property
    def unjudged(self) -> str | None: ...


@dataclass(frozen=True)
class Question:
    """One question that stays open; about one indicator, when it is named."""

    code: str
    indicator: str = ""

    @property
    def sentence(self) -> str:
        """The question in the reader's language."""
        return str(QUESTIONS[self.code])


def of_target(version: TargetVersion, *, indicators: int, goals: int) -> Iterator[Question]:
    """What is open about the target itself."""
    open_questions = {
        "no_indicator": not indicators,
        "no_goal": not goals,
        "no_owner": version.owner_id is None,
        "no_owner_unit": version.owner_unit_id is None,
        "no_description": not first(version, "description"),
    }
    return (Question(code) for code, is_open in open_questions.items() if is_open)


def of_indicator(
    plan: IndicatorPlan, *, path: Sequence[Point], latest: Measurement | None, verdict: Judged
) -> Iterator[Question]:
    """What is open about one indicator on a day."""
    indicator = plan.indicator
    open_questions = {
        "indicator_incomplete": bool(gate.missing(plan)),
        "no_path": not path and _is_a_long_way(plan),
        "no_successor": indicator.successor_id is None,
        "no_source": not first(indicator, "source"),
        "never_measured": latest is None,
        "overdue": verdict.unjudged == Unjudged.TOO_OLD,
        "no_evidence": latest is not None and not latest.evidence,
        "not_approved": latest is not None and not is_approved(latest),
    }
    return (Question(code, indicator.code) for code, is_open in open_questions.items() if is_open)


def _is_a_long_way(plan: IndicatorPlan) -> bool:
    if plan.kind not in WITH_A_PATH or plan.baseline_on is None or plan.target_on is None:
        return False
    return (plan.target_on - plan.baseline_on).days > LONG_WAY_DAYS

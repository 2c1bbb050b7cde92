"""What has not been submitted yet, by one rule for each kind of record: now, at a cut, of each past state (INV-114).

A draft is read by whoever made it, by those who may edit or decide it, and by the director. What a state of the past
was, it stays: the drafts of then are not opened by what was submitted later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from portfolio import history
from portfolio.approvals import APPROVED

NOW = 2**62  # a cut that no change set reaches


@dataclass(frozen=True)
class When:
    """Which rows are looked at: those of now, those known at a cut, or each state of the past at its own moment."""

    cut: int | None = None
    each: bool = False

    def rows(self, model: type[Model]) -> QuerySet[Any]:
        """All rows of a model; of states at their own moments those of now."""
        return history.known(model, None if self.cut is None or self.cut >= NOW else self.cut)

    def part_of(self, link: str, label: str, rule: Rule) -> Q:
        """The rows that are part of a record of which the rule holds."""
        model = apps.get_model(label)
        if not self.each:
            return Q(**{f"{link}_id__in": self.rows(model).filter(rule(self)).values("id")})
        past = model.history.model.objects
        newest = past.filter(
            id=OuterRef(OuterRef(f"{link}_id")), history_seq__lte=OuterRef(OuterRef("history_seq"))
        ).order_by("-history_seq", "-history_id")
        then = past.order_by().filter(history_id=Subquery(newest.values("history_id")[:1]))
        return Q(Exists(then.filter(rule(self))))


Rule = Callable[[When], Q]

TARGET, VERSION = "portfolio.BenefitTarget", "portfolio.TargetVersion"
INDICATOR, PLAN = "portfolio.Indicator", "portfolio.IndicatorPlan"
RETURNED = Q(state="drafted", returned_by__isnull=False)
ON_TARGETS = ("draft_target", "record_drafting", "propose_target", "approve_target", "return_target")


def _target(when: When) -> Q:
    """Not yet proposed; one that a body has returned has been."""
    return Q(state__in=("draft", "drafted")) & ~RETURNED


def _before_a_body(when: When) -> Q:
    return Q(state="proposed") | RETURNED


def _version(when: When) -> Q:
    return Q(state="draft") & ~when.part_of("target", TARGET, _before_a_body)


def _of_target(when: When) -> Q:
    return when.part_of("target", TARGET, _target)


def _plan(when: When) -> Q:
    return when.part_of("target_version", VERSION, _version)


def _path_point(when: When) -> Q:
    return when.part_of("plan", PLAN, _plan)


def _indicator(when: When) -> Q:
    """In no version but drafts."""
    then = When() if when.each else when
    plans = then.rows(apps.get_model(PLAN)).filter(~_plan(then))
    return ~Q(id__in=plans.values("indicator_id"))


def _measurement(when: When) -> Q:
    return ~APPROVED | when.part_of("indicator", INDICATOR, _indicator)


def _update(when: When) -> Q:
    """An update is submitted by the cut-off of the report that it is for."""
    return ~Q(provenance="taken_over") & ~_submitted_updates(when)


_cut_offs: list[Rule] = []


def tell_cut_offs(rule: Rule) -> None:
    """Let the reports say which updates their cut-offs have taken."""
    _cut_offs[:] = [rule]


def _submitted_updates(when: When) -> Q:
    return _cut_offs[0](when)


# Kind of record → what is a draft of it, and the rights to edit or decide it.
RULES: dict[str, tuple[Rule, tuple[str, ...]]] = {
    "portfolio.PlanVersion": (lambda when: Q(state="draft"), ("write_plan", "approve_plan")),
    "portfolio.ProgrammeUpdate": (_update, ("write_update", "open_report")),
    TARGET: (_target, ON_TARGETS),
    VERSION: (_version, ON_TARGETS),
    "portfolio.TargetGoal": (_of_target, ON_TARGETS),
    "portfolio.TargetSdg": (_of_target, ON_TARGETS),
    INDICATOR: (_indicator, ON_TARGETS),
    PLAN: (_plan, ON_TARGETS),
    "portfolio.PathPoint": (_path_point, ON_TARGETS),
    "portfolio.Measurement": (_measurement, ("record_measurement", "approve_measurement", "open_report")),
    "projects.StatusReport": (lambda when: Q(submitted_on__isnull=True), ("report_status",)),
    "projects.ProjectTarget": (_of_target, ("serve_target", "accept_support", *ON_TARGETS)),
}


def verbs(model: type[Model]) -> tuple[str, ...]:
    """The rights that open drafts of a kind; none for what has no drafts."""
    return RULES.get(model._meta.label, (None, ()))[1]


def drafts(model: type[Model], when: When) -> Q:
    """The rows that are drafts."""
    return RULES[model._meta.label][0](when)


@cache
def _past(model: type[Model]) -> Any:
    return model.history.model  # type: ignore[attr-defined]


def made_by(model: type[Model], person_id: int) -> Q:
    """The rows that a person has entered."""
    made = _past(model).objects.order_by().filter(history_type="+", history_user_id=person_id)
    return Q(id__in=made.values("id"))

"""What a benefit target lacks before it may go to the board and be approved by the council, all at once."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from portfolio import city, field_words
from portfolio.benefits import lifecycle
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, TargetVersion
from portfolio.benefits.standing import Kind
from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.history import Provenance
from portfolio.refusals import Lack
from portfolio.texts import first, wordings

OF_EVERY_INDICATOR = ("direction", "interval_months", "owner_id")
OF_EVERY_PLAN = ("baseline_on", "baseline_source", "target_on")
FIGURES: dict[str, tuple[str, ...]] = {
    Kind.KEEP_WITHIN: ("baseline_value", "lower", "upper"),
    Kind.RANK: ("baseline_value", "target_value", "group_size"),
    Kind.DONE: (),
    Kind.QUALITATIVE: (),
}
NUMBERS = ("baseline_value", "target_value")
WITHOUT_UNIT = (Kind.DONE, Kind.QUALITATIVE)

NAMES = {
    "direction": _("the direction"),
    "interval_months": _("how often it is measured"),
    "owner_id": _("the owner"),
    "unit": _("the unit"),
    "group": _("the name of the group in which it is ranked"),
    "rubric": _("the scale: at least two levels, and the level to reach or a verdict for each"),
    "baseline_value": _("the baseline"),
    "baseline_on": _("the date of the baseline"),
    "baseline_source": _("the source of the baseline"),
    "target_value": _("the target value"),
    "target_on": _("the date of the target"),
    "lower": _("the lower limit"),
    "upper": _("the upper limit"),
    "group_size": _("the size of the group in which it is ranked"),
}


def proposal_lacks(target: BenefitTarget, decision: Decision | None) -> list[Lack]:
    """All that stands between a drafted target and the board's proposal; changes nothing."""
    version = target.versions.get(state=TargetVersion.State.DRAFT)
    unknown = decision is None and target.provenance == Provenance.TAKEN_OVER
    wrong = [] if unknown else governance.lacks(decision, "benefit.propose", programme=target.programme)
    return [*version_lacks(version), *wrong]


def approval_lacks(target: BenefitTarget, decision: Decision | None) -> list[Lack]:
    """All that the decision lacks to approve targets of this programme in its term (INV-52); changes nothing."""
    wrong = governance.lacks(decision, "benefit.approve", programme=target.programme)
    if decision is None or decision.decided_on is None:
        return wrong
    programme = target.programme
    begun = programme.set_by.decided_on or programme.council_term.starts_on
    if not begun <= decision.decided_on <= programme.council_term.ends_on:
        wrong.append(Lack("benefit.other_term", field="decision", term=programme.council_term.label))
    return wrong


def ending_lacks(target: BenefitTarget, decision: Decision | None, *, ended_on: date) -> list[Lack]:
    """All that stands in the way of ending what the council approved (INV-52, INV-54); changes nothing.

    A group's handling ends nothing. Of a target taken over from an older register the decision may be unknown.
    """
    if decision is None and target.provenance == Provenance.TAKEN_OVER:
        return []
    wrong = governance.lacks(decision, "benefit.end", programme=target.programme)
    if decision and decision.decided_on and ended_on < decision.decided_on:
        wrong.append(Lack("benefit.end_before_decision", field="ended_on", earliest=decision.decided_on))
    return wrong


@dataclass(frozen=True)
class Lacking:
    """The next state of a target, and everything that it lacks for it."""

    next: list[str]
    errors: list[Lack]


def ahead(target: BenefitTarget) -> Lacking:
    """What the target lacks for its next state, all at once; asking changes nothing."""
    return Lacking(sorted(lifecycle.NEXT_STATES[target.state]), _lacks_ahead(target))


def _lacks_ahead(target: BenefitTarget) -> list[Lack]:
    """All that is missing for the board's proposal or the council's approval."""
    if target.state in lifecycle.IN_PREPARATION:
        return proposal_lacks(target, target.proposed_by)
    if target.state == BenefitTarget.State.PROPOSED:
        draft = target.versions.get(state=TargetVersion.State.DRAFT)
        return [*version_lacks(draft), *approval_lacks(target, target.approved_by)]
    return []


def version_lacks(version: TargetVersion) -> list[Lack]:
    """All that the wording and figures of a version lack for the board and the council; changes nothing."""
    plans = version.indicator_plans.select_related("indicator")
    return list(_lacks(version, plans=plans, goals=version.target.target_goals.count()))


def _lacks(version: TargetVersion, *, plans: Collection[IndicatorPlan], goals: int) -> Iterator[Lack]:
    """What is missing before the board proposes the version (INV-50, INV-55, INV-59).

    Of a target taken over from an older register only that is asked which its source can know: nothing.
    """
    if version.target.provenance == Provenance.TAKEN_OVER:
        return
    for name in ("title", "description"):
        yield from _languages_missing(version, name)
    if not goals:
        yield Lack("benefit.no_goal", field="goals")
    if not plans:
        yield Lack("benefit.no_indicator", field="indicators")
    for plan in plans:
        yield from _languages_missing(plan.indicator, "name", indicator=plan.indicator.code)
        yield from _incomplete(plan)


def _languages_missing(record: TargetVersion | Indicator, name: str, **params: str) -> Iterator[Lack]:
    for language in city.identity().languages.official:
        if not wordings(record, name)[language]:
            yield Lack(
                "text.language_missing",
                field=f"{name}_{language}",
                language=field_words.NAMES[language],
                **params,
            )


def _incomplete(plan: IndicatorPlan) -> Iterator[Lack]:
    for name in missing(plan):
        yield Lack(
            "indicator.incomplete",
            field=name.removesuffix("_id"),
            indicator=plan.indicator.code,
            missing=NAMES[name],
        )


def missing(plan: IndicatorPlan) -> list[str]:
    """The columns of an indicator and its plan that its kind needs and that are empty; zero is not empty (INV-58)."""
    indicator, kind = plan.indicator, plan.indicator.kind
    of_indicator = [*OF_EVERY_INDICATOR]
    of_indicator += [] if kind in WITHOUT_UNIT else ["unit"]
    of_indicator += ["group"] if kind == Kind.RANK else []
    empty = [name for name in of_indicator if (first(indicator, name) or getattr(indicator, name, "")) in (None, "")]
    if kind == Kind.QUALITATIVE and not _has_a_scale(plan):
        empty.append("rubric")
    return empty + [name for name in (*FIGURES.get(kind, NUMBERS), *OF_EVERY_PLAN) if getattr(plan, name) in (None, "")]


def _has_a_scale(plan: IndicatorPlan) -> bool:
    levels = plan.indicator.rubric
    return len(levels) >= 2 and (plan.target_value is not None or all("verdict" in level for level in levels))

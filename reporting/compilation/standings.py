"""From facts to the arguments of the one judge in the benefits room, and from its verdict to a finding."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal

from portfolio.benefits import standing as rule
from reporting.compilation.findings import BEST_FIRST, IndicatorFinding
from reporting.facts import IndicatorFacts, ReportFacts, RuleFacts, Standing

HIGH_RISK = 15
HIGH_RISK_BY_RULE_1 = 15  # reports of that rule are judged by it, whatever the level of today is


def current_rule() -> RuleFacts:
    """The rule in force, to be frozen with a snapshot."""
    return _frozen(rule.CURRENT_RULE, HIGH_RISK)


def terms_of(report: ReportFacts) -> RuleFacts:
    """What a report judges by, as it stands in its snapshot; one from before it stood there was judged by rule 1."""
    return report.rule or _frozen(rule.RULES[1], HIGH_RISK_BY_RULE_1)


def rule_of(report: ReportFacts) -> rule.Rule:
    """The same as the judge takes it."""
    given = vars(terms_of(report))
    return rule.Rule(**{one.name: given[one.name] for one in fields(rule.Rule)})


def _frozen(one: rule.Rule, high_risk: int) -> RuleFacts:
    return RuleFacts(**vars(one), high_risk=high_risk)


def of_indicator(facts: IndicatorFacts, *, on: date, by: rule.Rule, late_on: tuple[date, ...] = ()) -> IndicatorFinding:
    """The verdict of a day under a rule."""
    return finding(facts.key, rule.judge(readings(facts), yardstick(facts), by, on), late_on=late_on)


def finding(key: str, verdict: rule.Verdict, *, late_on: tuple[date, ...] = ()) -> IndicatorFinding:
    """What is told of a verdict."""
    return IndicatorFinding(
        key=key,
        standing=_word(verdict.standing),
        latest_value=verdict.value,
        latest_on=verdict.on,
        counts=verdict.counts,
        expected=verdict.expected,
        lag=verdict.lag,
        late_on=late_on,
        age_days=verdict.age_days,
        mean_of=verdict.mean_of,
        unjudged=verdict.unjudged.value if verdict.unjudged else "",
        awaiting_on=verdict.awaiting_on,
    )


def same_if_written(facts: IndicatorFacts, finding: IndicatorFinding, due: Decimal, by: rule.Rule) -> bool:
    """Whether whoever holds the value against the path's as it is written comes to the verdict that the rule gave."""
    if finding.lag is None or finding.latest_value is None:
        return True
    lag = rule.behind(yardstick(facts), finding.latest_value, due)
    return rule.by_lag(lag, by) == rule.by_lag(finding.lag, by)


def of_target(indicators: Sequence[IndicatorFinding]) -> Standing:
    """Its weakest indicator decides; none at all is not reported."""
    return _word(rule.worst(rule.Standing(finding.standing) for finding in indicators))


def of_programme(targets: Iterable[Standing], by: rule.Rule) -> Standing:
    """By the shares of its targets."""
    return _word(rule.of_programme((rule.Standing(standing) for standing in targets), by))


def yardstick(facts: IndicatorFacts) -> rule.Yardstick:
    """What the facts promise; what is unknown stays unknown."""
    baseline = None
    if facts.baseline_value is not None and facts.baseline_on is not None:
        baseline = rule.Point(facts.baseline_on, facts.baseline_value)
    return rule.Yardstick(
        kind=rule.Kind(facts.kind),
        direction=rule.Direction(facts.direction) if facts.direction else None,
        target_on=facts.target_on,
        interval_months=facts.interval_months,
        target=facts.target_value,
        baseline=baseline,
        path=[rule.Point(point.on, point.value) for point in facts.path],
        lower=facts.lower,
        upper=facts.upper,
        group_size=facts.group_size,
        period_starts_on=facts.period_starts_on,
        period_ends_on=facts.period_ends_on,
        verdicts={level.value: rule.Standing(level.verdict) for level in facts.rubric if level.verdict},
    )


def readings(facts: IndicatorFacts) -> list[rule.Reading]:
    """What was measured, as the judge reads it."""
    return [rule.Reading(each.on, each.value, each.approved) for each in facts.measurements]


def _word(answer: rule.Standing) -> Standing:
    return next(standing for standing in BEST_FIRST if standing == answer.value)

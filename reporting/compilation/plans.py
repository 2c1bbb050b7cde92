"""What the council changed of a target between two reports: figure by figure, as it was and as it is."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from reporting.compilation import figures
from reporting.compilation.earlier import Earlier
from reporting.compilation.findings import ChangedTarget, JudgedTarget, Param, PlanChange, What
from reporting.facts import IndicatorFacts, TargetFacts


def changed(now: Sequence[JudgedTarget], before: dict[str, Earlier]) -> tuple[ChangedTarget, ...]:
    """The common targets whose figures are others in a new version; another title alone changes no target."""
    pairs = ((judged, before[judged.facts.key].facts) for judged in now if judged.facts.key in before)
    return tuple(_changed(judged, before[then.key], then) for judged, then in pairs if is_changed(then, judged.facts))


def is_changed(then: TargetFacts, now: TargetFacts) -> bool:
    return then.version != now.version and any(True for _ in _figures(then, now))


def _changed(judged: JudgedTarget, earlier: Earlier, then: TargetFacts) -> ChangedTarget:
    facts = judged.facts
    return ChangedTarget(
        key=facts.key,
        code=facts.code,
        title=facts.title,
        because=facts.version_because,
        old=earlier.alike,
        new=judged.finding.standing,
        figures=tuple(_figures(then, facts)),
    )


def _figures(then: TargetFacts, now: TargetFacts) -> Iterator[PlanChange]:
    was, is_ = ({one.key: one for one in target.indicators} for target in (then, now))
    for key in dict.fromkeys((*was, *is_)):
        if key in was and key in is_:
            yield from _differing(was[key], is_[key])
        else:
            gone, come = (_aimed(found[key]) if key in found else () for found in (was, is_))
            yield PlanChange(indicator=(is_.get(key) or was[key]).name, what="indicator", old=gone, new=come)


def _differing(then: IndicatorFacts, now: IndicatorFacts) -> Iterator[PlanChange]:
    """Figures are held against each other as they are; a unit that got its Swedish name is no change."""
    both = (then, now)
    values: tuple[tuple[What, list[Decimal | None]], ...] = (
        ("target_value", [one.target_value for one in both]),
        ("baseline_value", [one.baseline_value for one in both]),
    )
    # A snapshot from before the start of a period was kept in it knows of none.
    starts: list[date | None] = [one.period_starts_on for one in both] if then.period_starts_on else [None, None]
    days: tuple[tuple[What, list[date | None]], ...] = (
        ("target_on", [one.target_on for one in both]),
        ("baseline_on", [one.baseline_on for one in both]),
        ("period_start", starts),
        ("period", [one.period_ends_on for one in both]),
    )
    for what, (value, later) in values:
        if value != later:
            yield PlanChange(indicator=now.name, what=what, old=_of(then, value), new=_of(now, later))
    if (then.lower, then.upper) != (now.lower, now.upper):
        yield PlanChange(indicator=now.name, what="limits", old=_limits(then), new=_limits(now))
    for what, (day, moved) in days:
        if day != moved:
            yield PlanChange(indicator=now.name, what=what, old=_day(day), new=_day(moved))
    yield from _steps(then, now)


def _steps(then: IndicatorFacts, now: IndicatorFacts) -> Iterator[PlanChange]:
    was, is_ = ({point.on: point.value for point in one.path} for one in (then, now))
    for on in sorted({*was, *is_}):
        if was.get(on) != is_.get(on):
            old, new = _of(then, was.get(on)), _of(now, is_.get(on))
            yield PlanChange(indicator=now.name, what="path", on=on, old=old, new=new)


def _aimed(facts: IndicatorFacts) -> tuple[Param, ...]:
    """What an indicator that came or went asks for."""
    return _limits(facts) or _of(facts, facts.target_value) or (facts.name,)


def _of(facts: IndicatorFacts, value: Decimal | None) -> tuple[Param, ...]:
    """A figure with its unit, or the level of a scale by its name."""
    if value is None:
        return ()
    level = next((level.label for level in facts.rubric if level.value == value), None)
    return (level or figures.typed(facts, value),)


def _limits(facts: IndicatorFacts) -> tuple[Param, ...]:
    if facts.lower is None or facts.upper is None:
        return ()
    return (*_of(facts, facts.lower), *_of(facts, facts.upper))


def _day(on: date | None) -> tuple[Param, ...]:
    return () if on is None else (on,)

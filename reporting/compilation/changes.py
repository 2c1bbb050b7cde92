"""What changed since the previous report, on the targets that stand in both; what was restated, and what came late."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from reporting.compilation import plans, standings
from reporting.compilation.earlier import Earlier
from reporting.compilation.findings import (
    BEST_FIRST,
    FINE,
    Better,
    Changes,
    Figure,
    JudgedTarget,
    Late,
    Restated,
    Sentence,
    TargetChange,
    say,
)
from reporting.facts import IndicatorFacts, MeasurementFacts, ReportFacts, Standing, TargetFacts, Text

NO_REASON = Text()


def compare(
    now: Sequence[JudgedTarget], before: Mapping[str, Earlier], facts: ReportFacts, previous: ReportFacts
) -> Changes:
    """Compares like with like: a target is the same by its identity, whatever its version or title.

    The earlier standing is that of the earlier day as known now; today's is held against it by the target and the rule
    of then, so that neither a lowered bar, nor a new rule, nor a correction is counted as better or worse.
    """
    known = {target.key: target for programme in facts.programmes for target in programme.targets}
    common = [judged for judged in now if judged.facts.key in before]
    here = {judged.facts.key for judged in now}
    kept = [_kept(judged, before[judged.facts.key]) for judged in common]
    added = [_change(judged.facts, "added", None, judged.finding.standing) for judged in now if judged not in common]
    ended = [_ended(one, known.get(key)) for key, one in before.items() if key not in here]
    return Changes(
        status_date=previous.document.status_date,
        previous=len(before),
        ended=len(ended),
        common=len(common),
        added=len(added),
        now=len(now),
        fine_before=sum(before[judged.facts.key].restated in FINE for judged in common),
        fine_now=sum(judged.finding.alike in FINE for judged in common),
        fine_before_all=sum(one.printed in FINE for one in before.values()),
        fine_now_all=sum(judged.finding.standing in FINE for judged in now),
        targets=tuple(kept + added + ended),
        rule_before=standings.rule_of(previous).version,
        rule_now=standings.rule_of(facts).version,
    )


def kind(facts: TargetFacts, standing: Standing, earlier: Earlier, *, new_rule: bool) -> Better:
    """What became of a target that stands in both reports, by the first that holds.

    The council changed it; or the rule did; or it moved from where it stood, as known now; or only what is known of
    then is another.
    """
    if plans.is_changed(earlier.facts, facts):
        return "target_changed"
    if new_rule and earlier.alike != standing:
        return "rule"
    moved = change(earlier.restated, standing)
    return "restated" if moved == "same" and earlier.printed != earlier.restated else moved


def change(before: Standing, now: Standing) -> Better:
    """Better or worse only between two reported standings; coming into or out of reporting is neither."""
    if before == now:
        return "same"
    if "not_reported" in (before, now):
        return "reporting"
    return "better" if BEST_FIRST.index(now) < BEST_FIRST.index(before) else "worse"


def lede(changes: Changes | None) -> tuple[Sentence, ...]:
    """The chapter's claim: how the whole figure moved, and how it moved on the same targets."""
    if changes is None:
        return (say("change.first"),)
    whole = say("change.whole", before=changes.fine_before_all, now=changes.fine_now_all)
    code = "change.same_targets" if changes.added or changes.ended else "change.all_same"
    same = say(code, common=changes.common, before=changes.fine_before, now=changes.fine_now)
    return (whole, same) if changes.added or changes.ended else (same,)


def notes(changes: Changes | None) -> Iterator[Sentence]:
    """What the comparison leaves out of better and worse, and why its figures are not those that were printed."""
    if changes is None:
        return
    if targets := len(changes.of("target_changed")):
        yield say("change.lede.target_changed", count=targets)
    if targets := len(changes.of("rule")):
        yield say("change.lede.rule", count=targets, before=str(changes.rule_before), now=str(changes.rule_now))
    moved = [one for one in changes.targets if one.printed and one.before and one.printed != one.before]
    if moved:
        yield say("change.lede.restated", count=len(moved))


def restated(facts: ReportFacts, before: Mapping[str, Earlier]) -> tuple[Restated, ...]:
    """Every figure of a common indicator that the previous report printed otherwise.

    What the council changed in a new version of the target is no correction and has a table of its own.
    """
    return tuple(
        one
        for programme in facts.programmes
        for target in programme.targets
        if target.key in before
        for now, then in _common_indicators(target, before[target.key].facts)
        for one in _restated(target, now, then, before[target.key])
    )


def late(facts: ReportFacts, previous: ReportFacts) -> tuple[Late, ...]:
    """Valid by the previous status date, recorded after its cut (INV-93); a corrected figure is restated instead."""
    measured = [
        Late(
            what="measurement",
            programme=programme.key,
            label=indicator.name,
            valid_on=measurement.on,
            recorded_at=measurement.recorded_at,
            figure=Figure(value=measurement.value, decimals=indicator.decimals, unit=indicator.unit),
            provenance=measurement.provenance,
        )
        for programme in facts.programmes
        for target in programme.targets
        for indicator in target.indicators
        for measurement in indicator.measurements
        if is_late(measurement, previous)
    ]
    others = [
        Late(
            what=entry.what,
            programme=entry.programme,
            label=entry.label,
            valid_on=entry.valid_on,
            recorded_at=entry.recorded_at,
            provenance=entry.provenance,
        )
        for entry in facts.late
    ]
    return tuple(measured + others)


def is_late(measurement: MeasurementFacts, previous: ReportFacts | None) -> bool:
    return (
        previous is not None and measurement.on <= previous.document.status_date and measurement.seq > previous.cut.seq
    )


def _kept(judged: JudgedTarget, earlier: Earlier) -> TargetChange:
    finding = judged.finding
    assert finding.change is not None
    because = judged.facts.version_because if finding.change == "target_changed" else NO_REASON
    moved = earlier.printed != earlier.restated
    return replace(
        _change(judged.facts, finding.change, earlier.restated, finding.standing, because),
        printed=earlier.printed,
        alike=finding.alike,
        cause=earlier.cause if moved else "",
    )


def _ended(earlier: Earlier, known: TargetFacts | None) -> TargetChange:
    because = known.ended_because if known else NO_REASON
    return replace(_change(earlier.facts, "ended", earlier.restated, None, because), printed=earlier.printed)


def _change(
    facts: TargetFacts, what: Better, before: Standing | None, now: Standing | None, because: Text = NO_REASON
) -> TargetChange:
    return TargetChange(
        key=facts.key, code=facts.code, title=facts.title, change=what, before=before, now=now, because=because
    )


def _common_indicators(now: TargetFacts, then: TargetFacts) -> Iterator[tuple[IndicatorFacts, IndicatorFacts]]:
    known = {indicator.key: indicator for indicator in then.indicators}
    return ((indicator, known[indicator.key]) for indicator in now.indicators if indicator.key in known)


def _restated(target: TargetFacts, now: IndicatorFacts, then: IndicatorFacts, earlier: Earlier) -> Iterator[Restated]:
    values = {measurement.on: measurement for measurement in now.measurements}
    for old in then.measurements:
        new = values.get(old.on)
        if new is None or new.value != old.value:
            figures = RestatedFigure(old.on, old.value, new.value if new else None)
            yield _restatement(target.code, "measurement", figures, now.key, earlier, new)
    if target.version != earlier.facts.version:
        return
    of_the_plan: tuple[tuple[Literal["baseline", "target"], date | None, Decimal | None, Decimal | None], ...] = (
        ("baseline", then.baseline_on, then.baseline_value, now.baseline_value),
        ("target", then.target_on, then.target_value, now.target_value),
    )
    for what, on, was, is_ in of_the_plan:
        if was is not None and was != is_:
            yield _restatement(target.code, what, RestatedFigure(on, was, is_), now.key, earlier)


@dataclass(frozen=True)
class RestatedFigure:
    """One figure as it was printed and as it is now; None where there is none any more."""

    on: date | None
    old: Decimal
    new: Decimal | None


def _restatement(
    code: str,
    what: Literal["measurement", "baseline", "target"],
    figures: RestatedFigure,
    indicator: str,
    earlier: Earlier,
    source: MeasurementFacts | None = None,
) -> Restated:
    newest = source.corrections[-1] if source and source.corrections else None
    return Restated(
        code=code,
        indicator=indicator,
        what=what,
        on=figures.on,
        old=figures.old,
        new=figures.new,
        because=newest.because if newest else Text(),
        by=newest.by if newest else Text(),
        by_provenance=newest.by_provenance if newest else "recorded",
        corrected_at=newest.corrected_at if newest else None,
        standing_printed=earlier.printed_indicators[indicator],
        standing_restated=earlier.indicators[indicator].standing,
        approved=source is None or source.approved,
    )

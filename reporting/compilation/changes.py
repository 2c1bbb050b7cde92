"""What changed since the previous report, on the targets that stand in both; what was restated, and what came late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from reporting.compilation import standings
from reporting.compilation.findings import (
    BEST_FIRST,
    FINE,
    Better,
    Changes,
    Figure,
    Judged,
    Late,
    Restated,
    Sentence,
    TargetChange,
    say,
)
from reporting.facts import IndicatorFacts, MeasurementFacts, ReportFacts, Standing, TargetFacts, Text

NO_REASON = Text()


def compare(now: Sequence[Judged], before: Sequence[Judged], facts: ReportFacts, previous: ReportFacts) -> Changes:
    """Compares like with like: a target is the same by its identity, whatever its version or title."""
    was = {judged.facts.key: judged for judged in before}
    is_ = {judged.facts.key: judged for judged in now}
    common = [key for key in was if key in is_]
    known = {target.key: target for programme in facts.programmes for target in programme.targets}
    moved = [_kept(is_[key], was[key].finding.standing) for key in common]
    added = [_added(judged) for key, judged in is_.items() if key not in was]
    ended = [_ended(judged, known.get(key)) for key, judged in was.items() if key not in is_]
    return Changes(
        status_date=previous.document.status_date,
        previous=len(was),
        ended=len(ended),
        common=len(common),
        added=len(added),
        now=len(is_),
        fine_before=sum(was[key].finding.standing in FINE for key in common),
        fine_now=sum(is_[key].finding.standing in FINE for key in common),
        fine_before_all=sum(judged.finding.standing in FINE for judged in before),
        fine_now_all=sum(judged.finding.standing in FINE for judged in now),
        targets=tuple(moved + added + ended),
    )


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


def restated(facts: ReportFacts, previous: ReportFacts) -> tuple[Restated, ...]:
    """Every figure of a common indicator that the previous report printed otherwise."""
    return tuple(
        one
        for target, now, then in _common_indicators(facts, previous)
        for one in _restated(target, now, then, previous.document.status_date)
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
        )
        for entry in facts.late
    ]
    return tuple(measured + others)


def is_late(measurement: MeasurementFacts, previous: ReportFacts | None) -> bool:
    return (
        previous is not None and measurement.on <= previous.document.status_date and measurement.seq > previous.cut.seq
    )


def _kept(judged: Judged, before: Standing) -> TargetChange:
    now = judged.finding.standing
    return _change(judged, change(before, now), before, now)


def _added(judged: Judged) -> TargetChange:
    return _change(judged, "added", None, judged.finding.standing)


def _ended(judged: Judged, known: TargetFacts | None) -> TargetChange:
    return _change(judged, "ended", judged.finding.standing, None, known.ended_because if known else Text())


def _change(
    judged: Judged, kind: Better, before: Standing | None, now: Standing | None, because: Text = NO_REASON
) -> TargetChange:
    facts = judged.facts
    return TargetChange(
        key=facts.key, code=facts.code, title=facts.title, change=kind, before=before, now=now, because=because
    )


def _common_indicators(
    facts: ReportFacts, previous: ReportFacts
) -> Iterator[tuple[TargetFacts, IndicatorFacts, IndicatorFacts]]:
    then = {
        indicator.key: indicator
        for programme in previous.programmes
        for target in programme.targets
        for indicator in target.indicators
    }
    for programme in facts.programmes:
        for target in programme.targets:
            for indicator in target.indicators:
                if indicator.key in then:
                    yield target, indicator, then[indicator.key]


def _restated(target: TargetFacts, now: IndicatorFacts, then: IndicatorFacts, on: date) -> Iterator[Restated]:
    values = {measurement.on: measurement for measurement in now.measurements}
    for old in then.measurements:
        new = values.get(old.on)
        if new is None or new.value != old.value:
            yield _restatement(
                target, now, then, on, "measurement", Figures(old.on, old.value, new.value if new else None), new
            )
    baselines = Figures(then.baseline_on, then.baseline_value, now.baseline_value)
    targets = Figures(then.target_on, then.target_value, now.target_value)
    if baselines.differ():
        yield _restatement(target, now, then, on, "baseline", baselines)
    if targets.differ():
        yield _restatement(target, now, then, on, "target", targets)


@dataclass(frozen=True)
class Figures:
    """One figure as it was printed and as it is now."""

    on: date | None
    old: Decimal | None
    new: Decimal | None

    def differ(self) -> bool:
        return self.old is not None and self.old != self.new


def _restatement(
    target: TargetFacts,
    now: IndicatorFacts,
    then: IndicatorFacts,
    on: date,
    what: Literal["measurement", "baseline", "target"],
    figures: Figures,
    source: MeasurementFacts | None = None,
) -> Restated:
    newest = source.corrections[-1] if source and source.corrections else None
    return Restated(
        code=target.code,
        indicator=now.key,
        what=what,
        on=figures.on,
        old=figures.old or Decimal(0),
        new=figures.new,
        because=newest.because if newest else Text(),
        by=newest.by if newest else Text(),
        corrected_at=newest.corrected_at if newest else None,
        standing_printed=standings.of_indicator(then, on=on).standing,
        standing_restated=standings.of_indicator(now, on=on).standing,
    )

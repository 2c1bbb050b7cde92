"""The sample in which the council changed a target, a figure was corrected, one came late and the rule was another."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from reporting.facts import CorrectionFacts, IndicatorFacts, MeasurementFacts, ReportFacts, TargetFacts
from tests.reporting import renditions, sample
from tests.reporting.sample_words import ADDED, text

REASON = text(
    "Kaupungin verotulot jäivät arviosta.|Stadens skatteinkomster blev lägre än väntat.|Tax revenue fell short."
)
MISCOUNTED = text("Yksi kysely oli laskettu kahdesti.|En enkät hade räknats två gånger.|A survey was counted twice.")
WHO = text("Aino Esimerkki, ohjelmapäällikkö|Aino Esimerkki, programchef|Aino Esimerkki, programme manager")


def with_target(facts: ReportFacts, code: str, change) -> ReportFacts:
    """The facts with one target changed."""

    def edited(target: TargetFacts) -> TargetFacts:
        return change(target) if target.code == code else target

    programmes = tuple(replace(p, targets=tuple(edited(t) for t in p.targets)) for p in facts.programmes)
    return replace(facts, programmes=programmes)


def with_indicator(facts: ReportFacts, code: str, change) -> ReportFacts:
    return with_target(facts, code, lambda t: replace(t, indicators=(change(t.indicators[0]), *t.indicators[1:])))


def measured(facts: IndicatorFacts, on: date, value: str | None, **given) -> IndicatorFacts:
    """The indicator with another value on a day, or without one."""
    kept = {each.on: each for each in facts.measurements}
    old = kept.pop(on, None)
    if value is not None:
        fresh = MeasurementFacts(on=on, value=Decimal(0), recorded_at=sample.instant(on), seq=sample.seq_of(on))
        kept[on] = replace(old or fresh, value=Decimal(value), **given)
    return replace(facts, measurements=tuple(kept[day] for day in sorted(kept)))


def lowered(facts: ReportFacts, code: str, to: str) -> ReportFacts:
    """The council lowered a target by a decision of its own."""
    changed = with_target(
        facts, code, lambda target: replace(target, version=2, approved_by=ADDED, version_because=REASON)
    )
    return with_indicator(changed, code, lambda one: replace(one, target_value=Decimal(to)))


def corrected(facts: ReportFacts, code: str, on: date, value: str) -> ReportFacts:
    """A figure was corrected after the previous report's cut."""

    def change(one: IndicatorFacts) -> IndicatorFacts:
        old = next(each.value for each in one.measurements if each.on == on)
        at = sample.instant(sample.NEW_YEAR - timedelta(days=60))
        entry = CorrectionFacts(
            old_value=old, because=MISCOUNTED, corrected_at=at, seq=sample.CUTS[sample.SUMMER] + 1, by=WHO
        )
        return measured(one, on, value, corrections=(entry,))

    return with_indicator(facts, code, change)


def stricter(facts: ReportFacts, version: int = 1, **thresholds) -> ReportFacts:
    """The report as another version of the rule judges it."""
    return replace(facts, rule=replace(facts.rule, version=version, **thresholds))


def then() -> ReportFacts:
    return renditions.then()


def now() -> ReportFacts:
    """T3's target was lowered so that it looks on track; A4 stood better than was printed, for a figure was wrong."""
    return corrected(lowered(renditions.now(), "T3", "22.0"), "A4", date(2022, 12, 31), "12.7")

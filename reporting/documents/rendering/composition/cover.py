"""The cover: every target beside the path that was agreed for it, drawn from its verdict and so never above it.

The dotted line is the agreed path of all: a mark on it is where it should be, one below it lags by so much of the way.
A target is drawn by the indicator that decides its standing. What is to be kept lies on the line while it holds and
below it when it is broken; only what has been reached stands above the target line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolio.benefits import path as agreed
from reporting.compilation import standings
from reporting.compilation.findings import BEST_FIRST, IndicatorFinding, TargetFinding
from reporting.documents.rendering import document as d
from reporting.documents.rendering.charts.cover import CoverWords, Way, cover
from reporting.documents.rendering.composition.telling import Telling, approved, indicators
from reporting.facts import IndicatorFacts, RuleFacts, Standing, TargetFacts

REACHED, HIGHEST, BELOW_TARGET = 1.035, 1.09, 0.96
AHEAD, DEEPEST = Decimal(-1), Decimal("0.8")
# So much deeper than the rule's threshold a worse standing begins, so that the eye sees which it is.
STEP_TO_RISK, STEP_OFF, USUALLY_OFF = Decimal("0.02"), Decimal("0.03"), Decimal("0.2")


@dataclass(frozen=True)
class Depths:
    """How far behind the path a standing lies, by the thresholds of the rule that the report was judged by."""

    on_track: Decimal
    at_risk: Decimal
    nearly_kept: Decimal

    @classmethod
    def of(cls, rule: RuleFacts) -> "Depths":
        return cls(rule.on_track_within, rule.at_risk_within, rule.kept_nearly_within)

    def of_standing(self, standing: Standing) -> tuple[Decimal, Decimal, Decimal] | None:
        """The least and the most, and where one lies of which no lag is known; None of what has no depth."""
        risk, off = min(self.on_track + STEP_TO_RISK, self.at_risk), self.at_risk + STEP_OFF
        return {
            "on_track": (AHEAD, self.on_track, Decimal(0)),
            "at_risk": (risk, self.at_risk, (risk + self.at_risk) / 2),
            "off_track": (off, max(off, DEEPEST), self.at_risk + USUALLY_OFF),
        }.get(standing)

    def broken(self, share: Decimal) -> Decimal:
        """Of a limit broken by a share of it: what is nearly kept lies as deep as what is at risk."""
        if not share or not self.nearly_kept:
            return self.at_risk + share if share else Decimal(0)
        return self.on_track + share / self.nearly_kept * (self.at_risk - self.on_track)


@dataclass(frozen=True)
class Time:
    """The time of the drawing: from the first baseline to the last target."""

    start: date
    end: date

    def share(self, day: date) -> float:
        return max(0.0, min(1.0, (day - self.start).days / (self.end - self.start).days))


@dataclass(frozen=True)
class Ground:
    """What every way is drawn on."""

    on: date
    time: Time
    depths: Depths

    def height(self, now: float, lag: Decimal | None, standing: Standing | None) -> float:
        """The path at that time less the lag, kept where the standing has it: what is not reached is below the target.

        Without a standing it is where it was.
        """
        if standing == "met":
            return min(HIGHEST, max(REACHED, now - float(lag or 0)))
        if standing and (known := self.depths.of_standing(standing)):
            least, most, unknown = known
            lag = max(least, min(most, unknown if lag is None else lag))
        return max(0.0, min(BELOW_TARGET, now - float(lag or 0)))


def page(telling: Telling) -> d.Cover:
    document = telling.facts.document
    title = telling.title.removesuffix(telling.status_day).strip().rstrip(",")
    facts = [
        (telling.say("cover.compiled"), telling.voice.instant(telling.facts.cut.compiled_at)),
        (telling.say("cover.edition", number=document.edition), telling.say("cover.edition.where")),
        (telling.say("cover.handling"), _handling(telling)),
    ]
    counts = [f"{telling.say('standing.' + kind)} {count}" for kind, count in _counts(telling).items()]
    return d.Cover(
        city=telling.words(telling.facts.city.name),
        term=telling.say("cover.term", term=document.council_term),
        title=title,
        date=telling.status_day,
        facts=tuple(fact for fact in facts if fact[1]),
        note=telling.invented("long"),
        draft=telling.say("draft") if document.state == "draft" else "",
        svg=_drawing(telling),
        alt=" ".join(
            (
                telling.say("cover.alt", targets=telling.findings.totals.targets, counts=", ".join(counts)),
                *_notes(telling),
            )
        ),
    )


def _notes(telling: Telling) -> tuple[str, str]:
    """What the height means, and what was not measured."""
    return telling.say("cover.height"), telling.say("cover.broken")


def _handling(telling: Telling) -> str:
    parts = []
    for one in telling.facts.document.handling:
        when = f" {telling.voice.short_day(one.planned_on)}" if one.planned_on else ""
        parts.append(telling.words(one.body) + when)
    return ", ".join(parts)


def _counts(telling: Telling) -> dict[Standing, int]:
    return {one.standing: one.count for one in telling.findings.totals.by_standing if one.count}


def _drawing(telling: Telling) -> str:
    time = _time(telling)
    ground = Ground(telling.status_date, time, Depths.of(standings.terms_of(telling.facts)))
    ways = [
        _way(ground, *_deciding(target, found, ground.depths))
        for facts, finding in telling.programmes()
        for target, found in approved(facts, finding)
    ]
    words = CoverWords(
        baseline=telling.say("cover.baseline", day=telling.voice.day(time.start)),
        target=telling.say("cover.target"),
        path=telling.say("cover.path"),
        due=telling.voice.day(time.end),
        status=telling.say("cover.status", day=telling.status_day),
        standings={kind: telling.say("standing." + kind) for kind in BEST_FIRST},
        notes=_notes(telling),
    )
    return cover(ways, _counts(telling), time.share(telling.status_date), words, telling.colours)


def _time(telling: Telling) -> Time:
    days = [
        day
        for p in telling.facts.programmes
        for t in p.targets
        for i in t.indicators
        for day in (i.baseline_on, i.target_on)
        if day
    ]
    start, end = min(days, default=telling.status_date), max(days, default=telling.status_date)
    return Time(start, end) if start < end else Time(date(start.year, 1, 1), date(start.year + 1, 1, 1))


def _deciding(
    target: TargetFacts, found: TargetFinding, depths: Depths
) -> tuple[IndicatorFacts | None, IndicatorFinding | None, Standing]:
    """The indicator whose standing is the target's, of several the one that lags most."""
    same = [pair for pair in indicators(target, found) if pair[1].standing == found.standing]
    same.sort(key=lambda pair: _behind(pair[0], pair[1], depths), reverse=True)
    return (*same[0], found.standing) if same else (None, None, found.standing)


def _behind(facts: IndicatorFacts, found: IndicatorFinding, depths: Depths) -> Decimal:
    """How far behind its path an indicator lies; of one that has no path, the least there is."""
    if facts.kind in agreed.KEPT and found.latest_value is not None:
        return _broken(facts, found.latest_value, depths)
    return Decimal("-Infinity") if found.lag is None else found.lag


def _way(ground: Ground, facts: IndicatorFacts | None, found: IndicatorFinding | None, standing: Standing) -> Way:
    """The way of one target; its mark stands on the status date, or where it was last seen if it is not reported."""
    points = tuple(_points(ground, facts)) if facts else ()
    now = ground.time.share(ground.on)
    if standing == "not_reported":
        return Way(points[:-1], points[-1] if points else (now, 0.0), standing)
    lag = found.lag if found else None
    if facts and found and facts.kind in agreed.KEPT and found.latest_value is not None:
        lag = _broken(facts, found.latest_value, ground.depths)
    seen = found is not None and found.latest_on == ground.on
    return Way(points, (now, ground.height(now, lag, standing)), standing, measured=seen)


def _points(ground: Ground, facts: IndicatorFacts) -> Iterator[tuple[float, float]]:
    """Where it was beside its path on each day of a measurement; of a mean or a thing to be done there is no path."""
    plan = standings.yardstick(facts)
    kept = facts.kind in agreed.KEPT
    if not kept and (facts.kind not in agreed.WITH_A_PATH or not agreed.stops(plan)):
        return
    if facts.baseline_on:
        begun = ground.time.share(facts.baseline_on)
        yield begun, begun
    for one in facts.measurements:
        if one.approved and one.on <= ground.on:
            lag = _broken(facts, one.value, ground.depths) if kept else agreed.lag(plan, one.value, on=one.on)
            reached = not kept and agreed.reached(plan, one.value)
            then = ground.time.share(one.on)
            yield then, ground.height(then, lag, "met" if reached else None)


def _broken(facts: IndicatorFacts, value: Decimal, depths: Depths) -> Decimal:
    """By how much a limit is broken, in the measure of a lag."""
    lower, upper = agreed.limits(standings.yardstick(facts))
    below = lower - value if lower is not None else Decimal(0)
    above = value - upper if upper is not None else Decimal(0)
    size = upper - lower if lower is not None and upper is not None else abs(lower or upper or Decimal(1))
    return depths.broken(max(below, above, Decimal(0)) / (size or Decimal(1)))

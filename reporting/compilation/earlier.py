"""The previous report's targets once more: where they stood as known now, and where they stand by the terms of then."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reporting.compilation import standings
from reporting.compilation.findings import Cause, Findings, IndicatorFinding
from reporting.facts import IndicatorFacts, ReportFacts, Standing, TargetFacts


@dataclass(frozen=True)
class Earlier:
    """One target of the previous report.

    `printed` is what the report said; `restated` the same day judged with today's knowledge, by the target and the
    rule of then; `alike` today judged by them.
    """

    facts: TargetFacts
    programme: str
    printed: Standing
    restated: Standing
    alike: Standing
    indicators: dict[str, IndicatorFinding]
    printed_indicators: dict[str, Standing]
    cause: Cause


def earlier(facts: ReportFacts, previous: ReportFacts, said: Findings | None) -> dict[str, Earlier]:
    """The approved targets of the previous report by key; without what it `said` it is judged by its own facts."""
    known = {target.key: target for programme in facts.programmes for target in programme.targets}
    told = PrintedStandings(said)
    return {
        target.key: _earlier(target, programme.key, known.get(target.key), told, (facts, previous))
        for programme in previous.programmes
        for target in programme.targets
        if target.state == "approved"
    }


class PrintedStandings:
    """The standings that a report printed, of targets and of indicators; nothing, where its findings are not known."""

    def __init__(self, said: Findings | None) -> None:
        targets = [target for programme in said.programmes for target in programme.targets] if said else []
        self.targets = {target.key: target.standing for target in targets}
        self.indicators = {one.key: one.standing for target in targets for one in target.indicators}


def _earlier(
    then: TargetFacts,
    programme: str,
    now: TargetFacts | None,
    told: PrintedStandings,
    reports: tuple[ReportFacts, ReportFacts],
) -> Earlier:
    facts, previous = reports
    rule, on = standings.rule_of(previous), previous.document.status_date
    printed = [standings.of_indicator(one, on=on, by=rule) for one in then.indicators]
    plans = tuple(by_the_target_of_then(then, now))
    restated = [standings.of_indicator(one, on=on, by=rule) for one in plans]
    alike = [standings.of_indicator(one, on=facts.document.status_date, by=rule) for one in plans]
    return Earlier(
        facts=then,
        programme=programme,
        printed=told.targets.get(then.key, standings.of_target(printed)),
        restated=standings.of_target(restated),
        alike=standings.of_target(alike),
        indicators={one.key: one for one in restated},
        printed_indicators={one.key: told.indicators.get(one.key, one.standing) for one in printed},
        cause=_cause(plans, then, previous),
    )


def by_the_target_of_then(then: TargetFacts, now: TargetFacts | None) -> Iterable[IndicatorFacts]:
    """The indicators as the council had approved them then, with everything that is known of them now."""
    known = {one.key: one for one in now.indicators} if now else {}
    same_version = now is not None and now.version == then.version
    for one in then.indicators:
        if one.key not in known:
            yield one
        elif same_version:
            yield known[one.key]
        else:
            yield replace(one, measurements=known[one.key].measurements)


def _cause(now: Iterable[IndicatorFacts], then: TargetFacts, previous: ReportFacts) -> Cause:
    """Why the standing of then could be another one now: corrected first, then late, then approved since."""
    cut, until = previous.cut.seq, previous.document.status_date
    pending = {(one.key, m.on) for one in then.indicators for m in one.measurements if not m.approved}
    measured = [(one.key, m) for one in now for m in one.measurements if m.on <= until]
    if any(correction.seq > cut for _, m in measured for correction in m.corrections):
        return "corrected"
    if any(m.seq > cut for _, m in measured):
        return "late"
    return "approved" if any(m.approved and (key, m.on) in pending for key, m in measured) else ""

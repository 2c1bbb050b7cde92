"""Turns a snapshot, and the one before it, into findings; it has heard of no database and of no language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portfolio.benefits.standing import Rule
from reporting.compilation import changes, plans, replans, standings, summary, work
from reporting.compilation.earlier import Earlier, earlier
from reporting.compilation.findings import (
    BEST_FIRST,
    FINE,
    Findings,
    JudgedTarget,
    ProgrammeFinding,
    StandingCount,
    TargetFinding,
    Totals,
)
from reporting.facts import EarlierFacts, PrintedFacts, ProgrammeFacts, ReportFacts, Standing, TargetFacts

__all__ = ["Findings", "compile_report", "printed"]


def compile_report(facts: ReportFacts, previous: ReportFacts | None = None, said: Findings | None = None) -> Findings:
    """Everything the report says in figures; the same facts always give the same findings (INV-94).

    `said` are the findings that the previous report printed; without them it is judged by its own facts.
    """
    before = earlier(facts, previous, said) if previous else {}
    now = _judge(facts, previous, before)
    compared = changes.compare(now, before, facts, previous) if previous else None
    then = {programme.key: programme for programme in previous.programmes} if previous else {}
    told = {one.key: one.standing for one in said.programmes} if said else {}
    seen = Compared(now, before, standings.rule_of(previous or facts), told)
    found = [_programme(one, then.get(one.key), seen, facts) for one in facts.programmes]
    programmes = list(zip(facts.programmes, found, strict=True))
    return Findings(
        totals=_together([one.totals for one in found], now),
        programmes=tuple(found),
        lede=summary.lede(found, now, compared),
        results=summary.results(now, programmes, facts),
        attention=summary.attention(now, programmes, facts),
        changes=compared,
        change_lede=changes.lede(compared),
        change_notes=tuple(changes.notes(compared)),
        restated=changes.restated(facts, before),
        late=changes.late(facts, previous) if previous else (),
        gaps=summary.gaps(now, facts),
        changed=plans.changed(now, before),
        projects=replans.replanned(facts, previous) if previous else (),
    )


def printed(findings: Findings, *, status_date: date, edition: int) -> EarlierFacts:
    """What later reports show of this one: the standings that it printed."""
    return EarlierFacts(
        status_date=status_date,
        edition=edition,
        programmes=tuple(PrintedFacts(key=one.key, standing=one.standing) for one in findings.programmes),
        targets=tuple(
            PrintedFacts(key=target.key, standing=target.standing)
            for one in findings.programmes
            for target in one.targets
        ),
    )


@dataclass(frozen=True)
class Compared:
    """All targets of today and of the previous report, the rule of then, and what it printed of programmes."""

    now: Sequence[JudgedTarget]
    before: Mapping[str, Earlier]
    rule: Rule
    told: Mapping[str, Standing]


def _judge(facts: ReportFacts, previous: ReportFacts | None, before: Mapping[str, Earlier]) -> list[JudgedTarget]:
    """Every approved target with its standing, in the order of the report."""
    new_rule = previous is not None and standings.rule_of(previous) != standings.rule_of(facts)
    return [
        JudgedTarget(programme.key, target, _beside(_target(target, facts, previous), target, before, new_rule))
        for programme in facts.programmes
        for target in programme.targets
        if target.state == "approved"
    ]


def _target(facts: TargetFacts, report: ReportFacts, previous: ReportFacts | None) -> TargetFinding:
    rule = standings.rule_of(report)
    found = tuple(
        standings.of_indicator(
            indicator,
            on=report.document.status_date,
            late_on=tuple(m.on for m in indicator.measurements if changes.is_late(m, previous)),
            by=rule,
        )
        for indicator in facts.indicators
    )
    return TargetFinding(
        key=facts.key, code=facts.code, standing=standings.of_target(found), before=None, indicators=found
    )


def _beside(finding: TargetFinding, facts: TargetFacts, before: Mapping[str, Earlier], new_rule: bool) -> TargetFinding:
    """The finding beside what the previous report said, if the target was in it."""
    then = before.get(facts.key)
    if then is None:
        return finding
    what = changes.kind(facts, finding.standing, then, new_rule=new_rule)
    alike = then.alike if what in {"target_changed", "rule"} else finding.standing
    return replace(finding, before=then.printed, restated=then.restated, alike=alike, change=what)


def _programme(
    facts: ProgrammeFacts, then: ProgrammeFacts | None, seen: Compared, report: ReportFacts
) -> ProgrammeFinding:
    mine = [judged for judged in seen.now if judged.programme == facts.key]
    since, on = report.document.period_starts_on, report.document.status_date
    finding = ProgrammeFinding(
        key=facts.key,
        standing=standings.of_programme((judged.finding.standing for judged in mine), standings.rule_of(report)),
        before=None,
        totals=_totals(facts, mine, on),
        targets=tuple(judged.finding for judged in mine),
        projects=tuple(work.project(project, since=since, on=on) for project in facts.projects),
        money=work.money(facts.money),
        risks=work.risks(facts, then, on=on),
        lede=summary.programme_lede(facts, mine),
        vacancies=_vacancies(facts),
        year_money=work.money(work.of_the_year(facts.money, on)),
        periods=tuple(sorted({row.period for row in facts.money if row.period})),
        overspent=work.overspent(facts.money),
    )
    return _programme_beside(finding, mine, seen) if then else finding


def _programme_beside(finding: ProgrammeFinding, mine: Sequence[JudgedTarget], seen: Compared) -> ProgrammeFinding:
    """The finding beside what the previous report said of the programme; like its targets, held to the rule of then."""
    before = [one for one in seen.before.values() if one.programme == finding.key]
    printed = standings.of_programme((one.printed for one in before), seen.rule)
    return replace(
        finding,
        before=seen.told.get(finding.key, printed),
        restated=standings.of_programme((one.restated for one in before), seen.rule),
        alike=standings.of_programme((one.finding.alike or one.finding.standing for one in mine), seen.rule),
    )


def _totals(facts: ProgrammeFacts, judged: Sequence[JudgedTarget], on: date) -> Totals:
    lines, of_the_year = work.money(facts.money), work.money(work.of_the_year(facts.money, on))
    available, used = work.appropriation(lines)
    year_available, year_used = work.appropriation(of_the_year)
    same = [one.finding for one in judged if one.finding.restated is not None]
    return Totals(
        targets=len(judged),
        fine=_fine(one.finding.standing for one in judged),
        by_standing=_counts(one.finding.standing for one in judged),
        projects=len(facts.projects),
        running=sum(project.state == "running" for project in facts.projects),
        ended=sum(project.state in {"ended", "cancelled"} for project in facts.projects),
        available=available,
        used=used,
        external=work.external(lines),
        same=len(same),
        fine_same=sum(one.alike in FINE for one in same),
        fine_before=sum(one.restated in FINE for one in same),
        year_available=year_available,
        year_used=year_used,
        year_external=work.external(of_the_year),
    )


def _together(rows: Sequence[Totals], judged: Sequence[JudgedTarget]) -> Totals:
    return Totals(
        targets=sum(row.targets for row in rows),
        fine=sum(row.fine for row in rows),
        by_standing=_counts(one.finding.standing for one in judged),
        projects=sum(row.projects for row in rows),
        running=sum(row.running for row in rows),
        ended=sum(row.ended for row in rows),
        available=work.total(row.available for row in rows),
        used=work.total(row.used for row in rows),
        external=work.total(row.external for row in rows),
        same=sum(row.same for row in rows),
        fine_same=sum(row.fine_same for row in rows),
        fine_before=sum(row.fine_before for row in rows),
        year_available=work.total(row.year_available for row in rows),
        year_used=work.total(row.year_used for row in rows),
        year_external=work.total(row.year_external for row in rows),
    )


def _fine(standings_: Iterable[Standing]) -> int:
    return sum(standing in FINE for standing in standings_)


def _counts(standings_: Iterable[Standing]) -> tuple[StandingCount, ...]:
    all_ = list(standings_)
    return tuple(StandingCount(standing=standing, count=all_.count(standing)) for standing in BEST_FIRST)


def _vacancies(facts: ProgrammeFacts) -> int:
    """Seats decided and held by nobody on the status date."""
    if facts.group is None:
        return 0
    held = sum(seat.member is not None for seat in facts.group.seats if seat.kind != "attending")
    return max(facts.group.elected_seats + facts.group.official_seats - held, 0)

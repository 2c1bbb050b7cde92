"""What the first page says: the claim, three results and three matters for attention, all chosen by written rule.

Results: first the targets that were met in the period, then the pilots taken into use, then the targets that came to be
on track, then those furthest on their way. One that needs attention or is off track is no result, unless there is no
other. Matters: the targets off track, the overspent appropriations, the highest risks, the targets not reported, and
those that came to need attention; one of each kind before a second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain, zip_longest

from portfolio.benefits.standing import Rule
from reporting.compilation import figures, standings, work
from reporting.compilation.course import KEPT
from reporting.compilation.findings import (
    FINE,
    Changes,
    Figure,
    Gap,
    IndicatorFinding,
    Item,
    JudgedTarget,
    Overspent,
    ProgrammeFinding,
    Sentence,
    say,
)
from reporting.facts import IndicatorFacts, ProgrammeFacts, ReportFacts

Programmes = Sequence[tuple[ProgrammeFacts, ProgrammeFinding]]


def lede(
    found: Sequence[ProgrammeFinding], judged: Sequence[JudgedTarget], compared: Changes | None
) -> tuple[Sentence, ...]:
    """How many programmes and targets are fine, and the same on the targets that can be compared."""
    fine = sum(one.standing in FINE for one in found)
    fine_targets = sum(one.finding.standing in FINE for one in judged)
    sentences = [
        say("lede.programmes", fine=fine, all=len(found)),
        say("lede.targets", fine=fine_targets, all=len(judged)) if judged else say("lede.no_targets"),
    ]
    if compared is None:
        return (*sentences, say("lede.first"))
    numbers = {"common": compared.common, "now": compared.fine_now, "before": compared.fine_before}
    trend = (compared.fine_now > compared.fine_before) - (compared.fine_now < compared.fine_before)
    return (*sentences, say(("lede.same", "lede.better", "lede.worse")[trend], **numbers))


def programme_lede(facts: ProgrammeFacts, standings: Sequence[JudgedTarget]) -> tuple[Sentence, ...]:
    """The programme in one or two sentences of counts."""
    if not standings:
        return (say("programme.no_targets"),)
    fine = sum(one.finding.standing in FINE for one in standings)
    running = sum(project.state == "running" for project in facts.projects)
    return (
        say("programme.targets", fine=fine, all=len(standings)),
        say("programme.projects", running=running, all=len(facts.projects)),
    )


def results(judged: Sequence[JudgedTarget], programmes: Programmes, facts: ReportFacts) -> tuple[Item, ...]:
    """Three at most, and from three programmes as long as there are as many."""
    by = standings.rule_of(facts)
    reported = [one for one in judged if one.facts.sign == "benefit" and _of_itself(one)]
    come = {None, "better", "reporting"}
    met = [one for one in reported if one.finding.standing == "met" and one.finding.change in come]
    better = [one for one in reported if one.finding.change == "better" and one.finding.standing in FINE]
    rest = [one for one in reported if one.finding.standing in FINE]
    targets = [
        _told("result.met" if one.finding.standing == "met" else "result.progress", one, by)
        for one in chain(met, better, sorted(rest, key=_share, reverse=True))
    ]
    pilots = list(_adopted(facts, programmes))
    found = [*targets[: len(met)], *pilots, *targets[len(met) :]]
    return _spread(found or [_told("result.improved", one, by) for one in reported if one.finding.change == "better"])


def _of_itself(judged: JudgedTarget) -> bool:
    """Whether it would stand as well by the target and the rule of the previous report: no lowered bar is a result."""
    return judged.finding.alike is None or judged.finding.alike in FINE or judged.finding.standing not in FINE


def attention(judged: Sequence[JudgedTarget], programmes: Programmes, facts: ReportFacts) -> tuple[Item, ...]:
    """Three at most; one of each kind before a second of any."""
    by = standings.rule_of(facts)
    off = sorted((one for one in judged if one.finding.standing == "off_track"), key=_lag, reverse=True)
    missing = [one for one in judged if one.finding.standing == "not_reported"]
    worse = [one for one in judged if one.finding.standing == "at_risk" and one.finding.change == "worse"]
    kinds: list[list[Item]] = [
        [_told("attention.off_track", one, by) for one in off],
        list(_overspent(programmes)),
        list(_high_risks(programmes, standings.terms_of(facts).high_risk)),
        [_missing(one) for one in missing],
        [_told("attention.at_risk", one, by) for one in worse],
    ]
    turns = chain.from_iterable(zip_longest(*kinds))
    return _different(item for item in turns if item is not None)


def gaps(judged: Sequence[JudgedTarget], facts: ReportFacts) -> tuple[Gap, ...]:
    """All that should have been reported and was not, by name (INV-95, INV-96)."""
    missing = [Gap(what="programme", programme="", code="", name=name) for name in facts.missing]
    updates = [
        Gap(what="update", programme=one.key, code=one.code, name=one.name)
        for one in facts.programmes
        if one.update is None or one.update.status_on != facts.document.status_date
    ]
    since = facts.document.period_starts_on
    silent = [
        Gap(what="status", programme=one.key, code=project.code, name=project.name)
        for one in facts.programmes
        for project in one.projects
        if project.state == "running" and work.project_standing(project, since=since) == "not_reported"
    ]
    unmeasured = [gap for one in judged for gap in _unmeasured(one)]
    return tuple(missing + updates + unmeasured + silent)


def _unmeasured(judged: JudgedTarget) -> Iterable[Gap]:
    if not judged.facts.indicators:
        yield Gap(what="target", programme=judged.programme, code=judged.facts.code, name=judged.facts.title)
    for indicator, finding in judged.indicators():
        if finding.standing == "not_reported":
            last = figures.value(indicator, finding)
            yield Gap(
                what="indicator",
                programme=judged.programme,
                code=judged.facts.code,
                name=indicator.name,
                last=replace(last, on=None) if last else None,
                last_on=finding.latest_on,
                indicator=indicator.key,
            )


def _telling(judged: JudgedTarget) -> tuple[IndicatorFacts, IndicatorFinding] | None:
    """The indicator that carries the sentence: one in numbers whose standing is the target's, the first if several."""
    for indicator, finding in judged.indicators():
        in_numbers = indicator.kind not in {"done", "qualitative"} and indicator.target_on and figures.target(indicator)
        if finding.counts and in_numbers and finding.standing == judged.finding.standing:
            return indicator, finding
    return None


# What has no path has no expected value: the limit is told, or that the value is a mean.
LIMITS = {frozenset({"lower"}): "at_least", frozenset({"upper"}): "at_most", frozenset({"lower", "upper"}): "within"}


def _told(code: str, judged: JudgedTarget, by: Rule) -> Item:
    """The item's sentence with the figures of the telling indicator; without one, in words alone."""
    telling = _telling(judged)
    sentence = _in_numbers(code, *telling, by) if telling else None
    return _item(judged, sentence or _in_words(code, judged))


def _item(judged: JudgedTarget, sentence: Sentence) -> Item:
    facts = judged.facts
    return Item(programme=judged.programme, title=facts.title, sentence=sentence, provenance=facts.provenance)


def _in_numbers(code: str, indicator: IndicatorFacts, finding: IndicatorFinding, by: Rule) -> Sentence | None:
    """The same figures as in table and chart; what has no path is held against its limits, an average by its mean."""
    told: dict[str, Figure | None] = {"value": figures.value(indicator, finding)}
    if indicator.kind == "average":
        code, told = f"{code}.mean", {"mean": told["value"], "target": figures.target(indicator)}
    elif indicator.kind in KEPT and code.startswith("attention."):
        limits = figures.limits(indicator)
        code, told = f"{code}.{LIMITS[frozenset(limits)]}", {**told, **limits}
    elif indicator.kind in KEPT:
        code, told["target"] = f"{code}.held", figures.target(indicator)
    elif code.startswith("attention."):
        told |= {"expected": figures.expected(indicator, finding, by), "target": figures.target(indicator)}
    else:
        told |= {"baseline": figures.baseline(indicator), "target": figures.target(indicator)}
    known = {name: value for name, value in told.items() if value is not None}
    due = {"due": indicator.target_on} if indicator.target_on else {}
    return say(code, indicator=indicator.name, **known, **due) if len(known) == len(told) and due else None


def _in_words(code: str, judged: JudgedTarget) -> Sentence:
    """Of a rubric, the level reached; else the verdict alone."""
    for indicator, finding in judged.indicators():
        level = next((one.label for one in indicator.rubric if one.value == finding.latest_value), None)
        if level and finding.standing == judged.finding.standing:
            return say(f"{code}.level", indicator=indicator.name, level=level)
    return say(f"{code}.words")


def _missing(judged: JudgedTarget) -> Item:
    """Why nothing is judged, with the last value that is known."""
    for indicator, finding in judged.indicators():
        if finding.standing == "not_reported" and finding.latest_on is not None:
            sentence = _last_known(indicator, finding, finding.latest_on)
            return _item(judged, sentence)
    return _item(judged, say("attention.never"))


def _last_known(indicator: IndicatorFacts, finding: IndicatorFinding, on: date) -> Sentence:
    why = "missing" if finding.unjudged in ("", "too_old") else f"unjudged.{finding.unjudged}"
    if indicator.kind in ("done", "qualitative"):
        return say(f"attention.{why}.words", indicator=indicator.name, on=on)
    value = figures.value(indicator, finding)
    assert value is not None
    return say(f"attention.{why}", indicator=indicator.name, value=replace(value, on=None), on=on)


def _adopted(facts: ReportFacts, programmes: Programmes) -> Iterable[Item]:
    """Pilots that the line organisation took into use in the period."""
    since, until = facts.document.period_starts_on, facts.document.status_date
    for programme, _ in programmes:
        for project in programme.projects:
            pilot = project.pilot
            if pilot is None or pilot.decision is None or pilot.decision.decided_on is None:
                continue
            if pilot.state in {"adopted", "adopted_by_partner"} and since <= pilot.decision.decided_on <= until:
                sentence = say("result.adopted", unit=pilot.adopted_by, on=pilot.decision.decided_on)
                yield Item(
                    programme=programme.key, title=project.name, sentence=sentence, provenance=project.provenance
                )


def _overspent(programmes: Programmes) -> Iterable[Item]:
    """The most overspent appropriation of each programme in the newest year, its own or that of a project."""
    for facts, finding in programmes:
        newest = max(finding.periods, default="")
        own = [one for one in finding.overspent if one.source == "appropriation" and one.period == newest]
        if own:
            worst = max(own, key=lambda one: one.used - one.available)
            of = next((project for project in facts.projects if project.key == worst.project), facts)
            sentence = _overrun(facts, worst)
            yield Item(programme=facts.key, title=of.name, sentence=sentence, provenance=of.provenance)


def _overrun(facts: ProgrammeFacts, row: Overspent) -> Sentence:
    """Whose row was overspent, and whether the programme's whole appropriation of that year was, if it is more."""
    rows = [one for one in facts.money if one.period == row.period and one.source == "appropriation"]
    told = {"used": _euros(row.used), "available": _euros(row.available), "excess": _euros(row.used - row.available)}
    there, used = work.appropriation(work.money(rows))
    if len(rows) < 2 or there is None or used is None:
        return say("attention.overspent.year", year=row.period, **told)
    whose, whole = "project" if row.project else "own", "over" if used > there else "within"
    sums = {"all_used": _euros(used), "all_available": _euros(there)}
    return say(f"attention.overspent.{whose}.{whole}", year=row.period, **told, **sums)


def _euros(amount: Decimal) -> Figure:
    """To the cent where there are cents."""
    return Figure(value=amount, decimals=0 if amount == amount.to_integral_value() else 2)


def _high_risks(programmes: Programmes, high: int) -> Iterable[Item]:
    """The highest open risk of each programme, if it is high, the highest first."""
    highest = [(facts, finding.risks[0]) for facts, finding in programmes if finding.risks]
    for facts, finding in sorted(highest, key=lambda pair: -pair[1].level):
        if finding.level >= high:
            risk = next(risk for risk in facts.risks if risk.key == finding.key)
            sentence = say("attention.risk", programme=facts.name, level=finding.level)
            yield Item(programme=facts.key, title=risk.title, sentence=sentence, provenance=risk.provenance)


def _lag(judged: JudgedTarget) -> Decimal:
    return max((finding.lag for finding in judged.finding.indicators if finding.lag is not None), default=Decimal(0))


def _share(judged: JudgedTarget) -> Decimal:
    """How much of the way from baseline to target is behind it; what has no path has no way either."""
    telling = _telling(judged)
    if telling is None or telling[1].expected is None:
        return Decimal(-1)
    indicator, finding = telling
    start, end, value = indicator.baseline_value, figures.target_value(indicator), finding.latest_value
    if start is None or end is None or value is None or start == end:
        return Decimal(-1)
    return (value - start) / (end - start)


def _different(items: Iterable[Item]) -> tuple[Item, ...]:
    """The first three with different titles."""
    chosen: dict[tuple[str, ...], Item] = {}
    for item in items:
        chosen.setdefault(item.title.wordings, item)
    return tuple(list(chosen.values())[:3])


def _spread(items: Sequence[Item]) -> tuple[Item, ...]:
    """The first three, a programme's second only when no other programme has a first."""
    seen: set[str] = set()
    firsts: list[Item] = []
    for item in items:
        if item.programme not in seen:
            seen.add(item.programme)
            firsts.append(item)
    return _different([*firsts, *items])

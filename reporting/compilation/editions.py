"""What differs between an edition and the one that it replaces: place by place, from their snapshots alone (INV-97)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from portfolio.benefits.standing import Rule
from reporting.compilation import figures, standings
from reporting.facts import (
    ClosedRiskFacts,
    DifferenceFacts,
    GroupFacts,
    IndicatorFacts,
    MoneyFacts,
    ProgrammeFacts,
    ProjectFacts,
    ReportFacts,
    RiskFacts,
    SaidFacts,
    TargetFacts,
    Text,
    canonical,
)

Way: TypeAlias = tuple[str, ...]
THERE, NONE = SaidFacts(), Text()


@dataclass(frozen=True)
class Place:
    """Where in a report something is said, and what. Its way begins with that of what it is a part of."""

    way: Way
    what: str
    said: SaidFacts = THERE
    subject: Text = Text()
    subject_code: str = ""
    on: date | None = None


def differences(now: ReportFacts, before: ReportFacts) -> tuple[DifferenceFacts, ...]:
    """Every difference, in the order of the report; of what was added or left out, not its parts."""
    names = {one.key: one.name for report in (before, now) for one in report.programmes}
    was, is_ = dict(_places(before)), dict(_places(now))
    found = [*_common_and_new(was, is_), *((way, place, None) for way, place in was.items() if way not in is_)]
    order = {key: number for number, key in enumerate(["", *names])}
    told = [(way, one) for way, one in _differing(found, was, is_, names)]
    told += list(_otherwise(now, before, {way[0] for way, _ in told}, names))
    return tuple(one for _way, one in sorted(told, key=lambda each: order[each[0][0]]))


Pair: TypeAlias = tuple[Way, Place | None, Place | None]


def _common_and_new(was: Mapping[Way, Place], is_: Mapping[Way, Place]) -> Iterator[Pair]:
    for way, place in is_.items():
        if way not in was or was[way].said != place.said:
            yield way, was.get(way), place


def _differing(
    found: list[Pair], was: Mapping[Way, Place], is_: Mapping[Way, Place], names: Mapping[str, Text]
) -> Iterator[tuple[Way, DifferenceFacts]]:
    for way, old, new in found:
        wholes = [way[:length] for length in range(1, len(way))]
        if any((whole in was) != (whole in is_) for whole in wholes):
            continue
        place = new or old
        assert place is not None
        yield (
            way,
            DifferenceFacts(
                programme=names.get(way[0], Text()),
                what=place.what,
                subject=place.subject,
                subject_code=place.subject_code,
                on=place.on,
                change="changed" if old and new else "added" if new else "removed",
                was=old.said if old and old.said != THERE else None,
                now=new.said if new and new.said != THERE else None,
            ),
        )


def _otherwise(
    now: ReportFacts, before: ReportFacts, told: set[str], names: Mapping[str, Text]
) -> Iterator[tuple[Way, DifferenceFacts]]:
    """Programmes that differ in something that no place names: said, so that no difference is silent."""
    then = {one.key: canonical.dumps(one) for one in before.programmes}
    for one in now.programmes:
        if one.key in then and one.key not in told and then[one.key] != canonical.dumps(one):
            yield (one.key,), DifferenceFacts(programme=names[one.key], what="other", change="changed")


def _places(report: ReportFacts) -> Iterator[tuple[Way, Place]]:
    for place in _all(report):
        yield place.way, place


def _all(report: ReportFacts) -> Iterator[Place]:
    if report.document.case_number:
        yield Place(("", "case"), "case", _text(report.document.case_number))
    yield Place(("", "rule"), "rule", _text(str(standings.rule_of(report).version)))
    for missing in report.missing:
        yield Place(("", "missing", missing.known), "missing", subject=missing)
    for wish in report.wishes:
        yield Place(("", "wish", wish.key), "wish", subject=wish.text)
        yield from _worded(("", "wish", wish.key, "answer"), "answer", wish.answer, wish.text)
        yield from _worded(("", "wish", wish.key, "delay"), "delay", wish.delay, wish.text)
    codes = {target.key: target.code for programme in report.programmes for target in programme.targets}
    judging = Judging(report.document.status_date, standings.rule_of(report), codes)
    for programme in report.programmes:
        yield from _programme(programme, judging)


@dataclass(frozen=True)
class Judging:
    """The day and the rule by which an edition judges, and the codes of its targets."""

    on: date
    by: Rule
    codes: Mapping[str, str]


def _programme(facts: ProgrammeFacts, judging: Judging) -> Iterator[Place]:
    own = (facts.key,)
    yield Place(own, "programme", subject=facts.name)
    yield from _worded((*own, "name"), "name", facts.name)
    yield Place((*own, "phase"), "phase", SaidFacts(code=f"phase.{facts.phase}"))
    for target in facts.targets:
        yield from _target((*own, "target", target.key), target, judging)
    for project in facts.projects:
        yield from _project((*own, "project", project.key), project, judging.codes)
    for money in facts.money:
        yield from _money((*own, "money", money.key), money, {project.key: project.name for project in facts.projects})
    for risk in facts.risks:
        yield from _risk((*own, "risk", risk.key), risk)
    for closed in facts.closed_risks:
        yield from _closed((*own, "closed_risk", closed.key), closed)
    if facts.group:
        yield from _group((*own, "group"), facts.group)
    for decision in facts.decisions:
        yield Place((*own, "decision", decision.key), "decision", subject=decision.title, on=decision.decided_on)
    yield from _words(own, facts)


def _words(own: Way, facts: ProgrammeFacts) -> Iterator[Place]:
    texts = {"aim": facts.aim, "description": facts.description}
    if facts.update:
        texts |= {
            "summary": facts.update.summary,
            "cooperation": facts.update.cooperation,
            "priorities": facts.update.priorities,
            "attention": facts.update.attention,
        }
    for what, text in texts.items():
        yield from _worded((*own, what), what, text)


def _target(own: Way, facts: TargetFacts, judging: Judging) -> Iterator[Place]:
    yield Place(own, "target", subject=facts.title)
    yield from _worded((*own, "title"), "title", facts.title, facts.title)
    if facts.state == "approved":
        found = tuple(standings.of_indicator(indicator, on=judging.on, by=judging.by) for indicator in facts.indicators)
        said = SaidFacts(code=f"standing.{standings.of_target(found)}")
        yield Place((*own, "standing"), "standing", said, facts.title)
    for indicator in facts.indicators:
        yield from _indicator((*own, indicator.key), indicator)


def _indicator(own: Way, facts: IndicatorFacts) -> Iterator[Place]:
    yield Place(own, "indicator", subject=facts.name)
    for what, value in (("baseline", facts.baseline_value), ("target_value", facts.target_value)):
        if value is not None:
            yield Place((*own, what), what, _figure(facts, value), facts.name)
    if facts.target_on:
        yield Place((*own, "target_on"), "target_on", SaidFacts(day=facts.target_on), facts.name)
    for each in facts.measurements:
        way = (*own, "measured", each.on.isoformat())
        said = replace(_figure(facts, each.value), approved=each.approved)
        yield Place(way, "measurement", said, facts.name, on=each.on)


def _figure(facts: IndicatorFacts, value: Decimal) -> SaidFacts:
    level = next((level.label for level in facts.rubric if level.value == value), None)
    if level:
        return SaidFacts(text=level)
    if facts.kind == "done":
        return SaidFacts(code="done" if value else "not_done")
    return SaidFacts(figure=value, decimals=figures.typed(facts, value).decimals, unit=facts.unit)


def _project(own: Way, facts: ProjectFacts, codes: Mapping[str, str]) -> Iterator[Place]:
    yield Place(own, "project", subject=facts.name)
    yield from _worded((*own, "name"), "project_name", facts.name, facts.name)
    yield from _worded((*own, "climate_impact"), "climate_impact", facts.climate_impact, facts.name)
    yield Place((*own, "state"), "state", SaidFacts(code=f"state.{facts.state}"), facts.name)
    if facts.pilot:
        yield Place((*own, "pilot"), "state", SaidFacts(code=f"pilot.{facts.pilot.state}"), facts.name)
    for what, day in (("starts_on", facts.starts_on), ("ends_on", facts.ends_on)):
        if day:
            yield Place((*own, what), what, SaidFacts(day=day), facts.name)
    for each in facts.milestones:
        way = (*own, "milestone", each.key)
        yield Place(way, "milestone", subject=each.name)
        days = (("planned_on", each.planned_on), ("forecast_on", each.forecast_on), ("reached_on", each.reached_on))
        for what, day in days:
            if day:
                yield Place((*way, what), what, SaidFacts(day=day), each.name)
    if served := ", ".join(codes[key] for key in facts.serves if key in codes):
        yield Place((*own, "serves"), "serves", _text(served), facts.name)
    if facts.status:
        yield from _worded((*own, "status"), "status", facts.status.text, facts.name)


def _money(own: Way, facts: MoneyFacts, projects: Mapping[str, Text]) -> Iterator[Place]:
    subject, code = projects.get(facts.project, facts.funder), f"source.{facts.source}"
    yield Place(own, "money", subject=subject, subject_code=code)
    for what, amount in (("budget", facts.budget), ("granted", facts.granted), ("used", facts.used)):
        if amount is not None:
            decimals = 0 if amount == amount.to_integral_value() else 2
            said = SaidFacts(figure=amount, decimals=decimals, unit=Text(fi="€", sv="€", en="€"))
            yield Place((*own, what), what, said, subject, code)


def _risk(own: Way, facts: RiskFacts) -> Iterator[Place]:
    yield Place(own, "risk", subject=facts.title)
    yield Place((*own, "level"), "level", SaidFacts(figure=Decimal(facts.level)), facts.title)


def _closed(own: Way, facts: ClosedRiskFacts) -> Iterator[Place]:
    yield Place(own, "closed_risk", SaidFacts(day=facts.closed_on), facts.title)
    yield Place((*own, "level"), "level", SaidFacts(figure=Decimal(facts.level)), facts.title)
    yield from _worded((*own, "because"), "closed_because", facts.because, facts.title)


def _group(own: Way, facts: GroupFacts) -> Iterator[Place]:
    for seat in facts.seats:
        for what, member in (("member", seat.member), ("deputy", seat.deputy)):
            if member:
                way = (*own, seat.kind, str(seat.number), what)
                yield Place(way, f"{what}.{seat.kind}", _text(member.person.name), _text(str(seat.number)).text)
                if member.office:
                    said = SaidFacts(code=f"office.{member.office}")
                    yield Place((*way, "office"), "office", said, _text(member.person.name).text)


def _text(words: str) -> SaidFacts:
    return SaidFacts(text=Text(fi=words, sv=words, en=words))


def _worded(way: Way, what: str, text: Text, subject: Text = NONE) -> Iterator[Place]:
    if text != NONE:
        yield Place(way, what, SaidFacts(text=text), subject)

"""The annexes: every target and figure, every project, every decision, and how it all was made."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from reporting.documents.rendering import document as d
from reporting.documents.rendering.composition import editions, marks, programme, record, rule, work
from reporting.documents.rendering.composition.marks import MARKS
from reporting.documents.rendering.composition.telling import DASH, Telling, lines, run
from reporting.facts import DecisionFacts, IndicatorFacts, MeasurementFacts


def targets(telling: Telling) -> Iterator[d.Block]:
    """All benefit targets and indicators, and behind them every measurement."""
    yield d.Chapter("annex-targets", telling.say("annex.targets"))
    for facts, finding in telling.programmes():
        name = telling.words(facts.name)
        yield d.Section(name, listed=False)
        yield programme.target_table(telling, facts, finding, telling.say("annex.targets.of", name=name))
    yield d.Section(telling.say("annex.series"))
    yield d.Paragraph(run(telling.say("annex.series.key")), small=True)
    columns = (
        d.Column(telling.say("code"), width="11mm"),
        d.Column(telling.say("indicator"), telling.say("indicator.sub"), "64mm"),
        d.Column(telling.say("series.plan"), width="56mm"),
        d.Column(telling.say("series.values")),
    )
    rows = tuple(
        d.Row(_series(telling, target.code, indicator))
        for facts in telling.facts.programmes
        for target in facts.targets
        for indicator in target.indicators
    )
    yield d.Table(telling.say("annex.series"), columns, rows, telling.say("targets.none"), size=7.6, pad=2, head=1)


def _series(telling: Telling, code: str, indicator: IndicatorFacts) -> tuple[d.Runs, ...]:
    months = indicator.interval_months
    every = telling.voice.interval(months) if months else telling.say("unjudged.no_interval")
    about = ", ".join(part for part in (telling.say("indicator." + indicator.kind), every) if part)
    source = telling.words(indicator.source)
    shown = [m for m in indicator.measurements if m.on <= telling.status_date]
    values = [
        f"{telling.voice.short_day(m.on)}: {telling.bare(indicator, m.value)}" + _approval(telling, m) for m in shown
    ]
    return (
        run(code, "muted"),
        lines(telling.named(indicator.name, indicator.provenance), run(about, "small"), run(source, "small")),
        run(" · ".join(f"{telling.voice.short_day(on)}: {said}" for on, said in _promised(telling, indicator)) or DASH),
        run(" · ".join(values)) if values else run(telling.say("course.nothing"), "muted"),
    )


def _promised(telling: Telling, indicator: IndicatorFacts) -> Iterator[tuple[date, str]]:
    """From the baseline along the path to the target; a limit or a range as such."""
    if indicator.baseline_on and indicator.baseline_value is not None:
        yield indicator.baseline_on, telling.bare(indicator, indicator.baseline_value)
    yield from ((point.on, telling.bare(indicator, point.value)) for point in indicator.path)
    if indicator.target_on and (goal := telling.goal(indicator)):
        yield indicator.target_on, goal


def _approval(telling: Telling, measured: MeasurementFacts) -> str:
    """Said only where nobody here has approved a value."""
    if not measured.approved:
        return f" ({telling.say('value.unapproved')})"
    return f" ({telling.say('approved.register')})" if measured.by_the_register else ""


def projects(telling: Telling) -> Iterator[d.Block]:
    """All projects, actions and pilots, their milestones in days, and all money in euros."""
    yield d.Chapter("annex-projects", telling.say("annex.projects"))
    columns: tuple[d.Column, ...] = (
        d.Column(telling.say("code"), width="15mm"),
        d.Column(telling.say("project")),
        d.Column(telling.say("serves"), width="19mm"),
        d.Column(telling.say("project.unit"), telling.say("project.delivery"), "41mm"),
        d.Column(telling.say("project.span"), width="25mm"),
        d.Column(telling.say("state"), width="22mm"),
    )
    yield d.Table(
        telling.say("annex.projects"),
        columns,
        work.project_rows(telling),
        telling.say("projects.none"),
        size=8,
        pad=2.6,
        head=1,
    )
    yield from _milestones(telling)
    yield from _money(telling)


def _milestones(telling: Telling) -> Iterator[d.Block]:
    yield d.Section(telling.say("annex.milestones"))
    columns = (
        d.Column(telling.say("code"), width="15mm"),
        d.Column(telling.say("milestone")),
        d.Column(telling.say("milestone.planned"), width="27mm"),
        d.Column(telling.say("milestone.forecast"), width="27mm"),
        d.Column(telling.say("milestone.reached"), width="27mm"),
    )
    yield d.Table(
        telling.say("annex.milestones"),
        columns,
        work.milestone_rows(telling),
        telling.say("milestones.none"),
        size=8,
        pad=2,
        head=1,
    )


def _money(telling: Telling) -> Iterator[d.Block]:
    yield d.Section(telling.say("annex.money"))
    columns = (
        d.Column(telling.say("money.source")),
        d.Column(telling.say("project"), width="18mm"),
        d.Column(telling.say("money.period"), width="16mm"),
        d.Column(telling.say("money.budget"), telling.say("money.unit"), "24mm", "right"),
        d.Column(telling.say("money.granted"), telling.say("money.unit"), "24mm", "right"),
        d.Column(telling.say("money.used"), telling.say("money.unit"), "24mm", "right"),
    )
    yield d.Table(
        telling.say("annex.money"), columns, work.money_rows(telling), telling.say("money.none"), size=8, pad=2
    )


def decisions(telling: Telling) -> Iterator[d.Block]:
    """Every decision that the report refers to, in the order they were made."""
    yield d.Chapter("annex-decisions", telling.say("annex.decisions"))
    found = {one.key: one for one in _referred(telling)}
    dated = sorted(
        found.values(), key=lambda one: (one.decided_on is None, str(one.decided_on), one.section or 0, one.key)
    )
    yield record.decisions(telling, dated, telling.say("annex.decisions"))


def _referred(telling: Telling) -> Iterator[DecisionFacts]:
    yield from telling.facts.decisions
    for facts in telling.facts.programmes:
        yield from facts.decisions
        yield from (target.approved_by for target in facts.targets if target.approved_by)
        yield from (p.pilot.decision for p in facts.projects if p.pilot and p.pilot.decision)
        if facts.plan and facts.plan.approved_by:
            yield facts.plan.approved_by
        if facts.group:
            yield from (change.decision for change in facts.group.changes if change.decision)
    yield from (wish.decision for wish in telling.facts.wishes)


def method(telling: Telling) -> Iterator[d.Block]:
    """Two clocks, written rules, what is missing, where the figures come from, and how the report is verified."""
    yield d.Chapter("annex-method", telling.say("annex.method"))
    cut = telling.voice.instant(telling.facts.cut.cut_off_at)
    clocks = run(telling.say("method.clocks.text", day=telling.status_day, cut=cut))
    yield d.Railed(telling.say("method.clocks"), (d.Paragraph(clocks),), heading=True)
    yield from rule.method(telling)
    parts: list[tuple[str, d.Runs]] = [
        ("method.comparison", run(telling.say("method.comparison.text"))),
        ("method.missing", run(_missing(telling))),
        ("method.sources", run(_sources(telling))),
    ]
    if telling.facts.document.demonstration:
        parts.append(("method.demonstration", run(telling.say("method.demonstration.text"))))
    if told := list(_marks(telling)):
        parts.append(("method.marks", run(" ".join(told))))
    if caught_up := telling.voice.text(telling.facts.document.caught_up_because):
        parts.append(("method.caught_up", caught_up))
    for code, runs in parts:
        yield d.Railed(telling.say(code), (d.Paragraph(runs),), heading=True)
    head = telling.say("method.presentation" if telling.in_one_language else "method.languages")
    yield d.Railed(head, (d.Paragraph(run(_languages(telling))),), heading=True)
    yield d.Railed(telling.say("method.authenticity"), tuple(_authenticity(telling)), heading=True)
    yield d.Railed(telling.say("method.editions"), tuple(editions.editions(telling)), heading=True)


def _missing(telling: Telling) -> str:
    gaps = len(telling.findings.gaps)
    missing = [telling.words(name) for name in telling.facts.missing]
    parts = (
        [telling.say("method.missing.programmes", names=telling.voice.listed(missing))]
        if missing
        else [telling.say("method.missing.all")]
    )
    parts.append(telling.say("method.missing.gaps", number=gaps) if gaps else telling.say("gaps.none"))
    if telling.findings.changes:
        parts.append(telling.say("method.missing.late", number=len(telling.findings.late)))
        parts.append(telling.say("method.missing.restated", number=len(telling.findings.restated)))
    return " ".join(parts)


def _sources(telling: Telling) -> str:
    named = {
        telling.words(source)
        for facts in telling.facts.programmes
        for target in facts.targets
        for indicator in target.indicators
        for source in (indicator.source, indicator.baseline_source)
    }
    told = sorted(name for name in named if name)
    parts = [telling.say("method.sources.text")]
    if told and len(told) <= 12:
        parts.append(telling.say("method.sources.named", names="; ".join(told)))
    return " ".join(parts)


def _marks(telling: Telling) -> Iterator[str]:
    """What each mark means, and of which kinds of content it is found on."""
    kinds = marks.kinds(telling.facts)
    for provenance, sign in MARKS.items():
        if provenance == "demonstration" and telling.all_invented:
            yield telling.say("marks.demonstration.all", mark=MARKS["taken_over"])
        elif found := kinds[provenance]:
            named = telling.voice.listed([one for kind in found for one in telling.say("kind_of." + kind).split("|")])
            yield telling.say("marks." + provenance, mark=sign, kinds=named)


def _languages(telling: Telling) -> str:
    """Which versions are official, where there are several, and how the report tells what it tells."""
    presentation = telling.say("method.presentation.text")
    if telling.in_one_language:
        return presentation
    city = telling.facts.city
    official = [telling.say("language." + lang) for lang in city.official_languages]
    others = set(city.languages) - set(city.official_languages)
    versions = "method.languages.text" if others else "method.languages.official"
    told = telling.say(versions, official=telling.voice.listed(official))
    return f"{told} {telling.say('method.languages.same')} {presentation}"


def _authenticity(telling: Telling) -> Iterator[d.Block]:
    files = "method.authenticity.single" if telling.in_one_language else "method.authenticity.text"
    yield d.Paragraph(run(telling.say(files, seq=telling.voice.number(Decimal(telling.facts.cut.seq), 0))))
    rows = [
        (telling.say("sha.snapshot"), telling.facts.sha256),
        (telling.say("sha.chain"), telling.facts.cut.chain_head),
    ]
    if telling.facts.previous_sha256:
        rows.append((telling.say("sha.previous"), telling.facts.previous_sha256))
    columns = (d.Column(telling.say("sha.what"), width="31mm"), d.Column(telling.say("sha")))
    table = tuple(d.Row((run(label), run(_grouped(value)))) for label, value in rows)
    yield d.Table(telling.say("method.authenticity"), columns, table, size=7.8)


def _grouped(sha: str) -> str:
    return " ".join(sha[n : n + 8] for n in range(0, len(sha), 8))

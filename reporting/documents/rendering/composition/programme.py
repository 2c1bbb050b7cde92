"""One programme: how it is going, and what is done about it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reporting.compilation import figures
from reporting.compilation.course import Course, course
from reporting.compilation.findings import IndicatorFinding, ProgrammeFinding, TargetFinding
from reporting.documents.rendering import document as d
from reporting.documents.rendering.charts.trajectory import CourseWords, Marks, trajectory
from reporting.documents.rendering.composition import past, risks, steering, taught, work
from reporting.documents.rendering.composition.telling import DASH, Telling, approved, indicators, lines, run
from reporting.facts import DecisionFacts, EventFacts, IndicatorFacts, ProgrammeFacts, Provenance, TargetFacts, Text


def chapter(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> Iterator[d.Block]:
    name, lang = telling.voice.words(facts.name)
    yield d.Chapter(f"programme-{facts.code.lower()}", name, "" if lang == telling.voice.lang else lang)
    yield d.Opening((*telling.voice.text(facts.aim), *telling.mark(facts.provenance)), _references(telling, facts))
    yield from _overall(telling, facts, finding)
    yield from _targets(telling, facts, finding)
    yield from past.history(telling, facts, finding)
    yield from work.projects(telling, facts, finding)
    yield from taught.pilots(telling, facts)
    yield d.Pair(tuple(work.money(telling, facts, finding)), tuple(steering.group(telling, facts)))
    yield from risks.table(telling, facts, finding)
    yield d.Pair(tuple(_strategy(telling, facts)), (*_cooperation(telling, facts), *_priorities(telling, facts)))


def _references(telling: Telling, facts: ProgrammeFacts) -> tuple[tuple[str, d.Runs], ...]:
    """Who set, approved and planned: by body, day and section."""
    set_by = _last(facts, "set", "council")
    targets_by = [t.approved_by for t in facts.targets if t.approved_by and t.state == "approved"]
    found = {decision.key: decision for decision in targets_by}
    sdgs = sorted({sdg.number for target in facts.targets for sdg in target.sdgs})
    areas = dict.fromkeys(telling.words(goal.focus_area) for target in facts.targets for goal in target.goals)
    strategy = telling.words(telling.facts.city.strategy) or telling.say("strategy")
    rows: list[tuple[str, d.Runs]] = [
        (telling.say("programme.set"), run(telling.reference(set_by)) if set_by else ()),
        (telling.say("targets"), lines(*(run(telling.reference(one)) for one in found.values()))),
        (telling.say("plan"), _plan(telling, facts)),
        (telling.say("phase"), run(telling.say("phase." + facts.phase))),
        (strategy, run(", ".join(areas))),
        (telling.say("sdgs.short"), run(telling.voice.listed([str(number) for number in sdgs]))),
    ]
    return tuple(row for row in rows if row[1])


def _plan(telling: Telling, facts: ProgrammeFacts) -> d.Runs:
    if facts.plan is None:
        return run(telling.say("plan.none"), "muted")
    number = telling.say("plan.number", number=facts.plan.number)
    return lines(run(number), run(telling.reference(facts.plan.approved_by)) if facts.plan.approved_by else ())


def _last(facts: ProgrammeFacts, kind: str, body: str) -> DecisionFacts | None:
    found = [one for one in facts.decisions if kind in one.kinds and one.body_kind == body and one.outcome == "made"]
    return found[-1] if found else None


def _overall(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> Iterator[d.Block]:
    yield d.Section(telling.say("programme.overall"), listed=False)
    claim = " ".join(telling.voice.sentence(sentence) for sentence in finding.lede)
    said = d.Run(telling.say("standing") + ": ", "strong")
    yield d.Paragraph((said, telling.standing(finding.standing, "strong"), d.Run(". "), d.Run(claim)))
    yield _words(telling, facts.update.summary if facts.update else Text())
    if facts.update and (attention := telling.voice.text(facts.update.attention)):
        yield d.Paragraph((d.Run(telling.say("programme.attention") + " ", "strong"), *attention))


def _words(telling: Telling, text: Text) -> d.Paragraph:
    return d.Paragraph(telling.voice.text(text) or run(telling.say("not_reported.text"), "muted"))


def _targets(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> Iterator[d.Block]:
    """The figures in a table, and the same as small charts."""
    yield d.Section(telling.say("programme.targets.head"), listed=False)
    yield target_table(telling, facts, finding, telling.say("programme.targets.head"), brief=True)
    items = tuple(
        _multiple(telling, target, indicator, found)
        for target, target_finding in approved(facts, finding)
        for indicator, found in indicators(target, target_finding)
    )
    if items:
        yield d.Section(telling.say("programme.course"), listed=False)
        yield d.Paragraph(run(telling.say("course.key")), small=True)
        yield d.Multiples(items)
        yield from _explanations(telling, facts, finding)


def _explanations(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> Iterator[d.Block]:
    """Of a target with several indicators under all the charts: no one of them is what it explains."""
    for target, _ in approved(facts, finding):
        if len(target.indicators) > 1 and (told := telling.voice.text(target.explanation)):
            yield d.Paragraph((d.Run(f"{target.code} ", "strong"), *told))


def target_table(
    telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding, caption: str, *, brief: bool = False
) -> d.Table:
    """The figures of every indicator; dates that all rows share stand in the head, `brief` leaves out the measures."""
    found = approved(facts, finding)
    pairs = [pair for target, one in found for pair in indicators(target, one)]
    common = Common(
        baseline=_shared(indicator.baseline_on for indicator, _ in pairs),
        latest=_shared(one.latest_on for _, one in pairs if one.latest_on),
        target=_shared(indicator.target_on for indicator, _ in pairs),
        brief=brief,
    )
    dates = [telling.voice.short_day(on) if on else telling.say("day.low") for on in common.dates()]
    columns = (
        d.Column(telling.say("code"), width="9mm"),
        d.Column(telling.say("target"), "" if brief else telling.say("unit.low")),
        d.Column(telling.say("baseline"), dates[0], "22mm", "right"),
        d.Column(telling.say("latest"), dates[1], "26mm", "right"),
        d.Column(telling.say("target.value"), dates[2], "24mm", "right"),
        d.Column(telling.say("standing"), "" if brief else telling.say("standing.before"), "42mm"),
    )
    rows = [row for target, one in found for row in _target_rows(telling, target, one, common)]
    return d.Table(caption, columns, tuple(rows), telling.say("targets.none"), size=8.1, pad=2.6, head=1)


@dataclass(frozen=True)
class Common:
    """The dates that every row of a table shares, if they do."""

    baseline: date | None
    latest: date | None
    target: date | None
    brief: bool

    def dates(self) -> tuple[date | None, date | None, date | None]:
        return self.baseline, self.latest, self.target


def _shared(days: Iterable[date | None]) -> date | None:
    """The day that most rows have, when at least two thirds have it."""
    counted = Counter(days)
    if not counted:
        return None
    day, number = max(counted.items(), key=lambda item: (item[1], str(item[0])))
    return day if 3 * number >= 2 * counted.total() else None


def _target_rows(telling: Telling, target: TargetFacts, whole: TargetFinding, common: Common) -> Iterator[d.Row]:
    several = len(target.indicators) > 1
    for n, (indicator, found) in enumerate(indicators(target, whole)):
        first = n == 0
        name = telling.named(target.title, target.provenance, "" if common.brief else "strong") if first else ()
        disbenefit = run(telling.say("disbenefit"), "small") if first and target.sign == "disbenefit" else ()
        own = "recorded" if first else indicator.provenance
        measure = (*telling.named(indicator.name, own, "small"), *run(telling.unit(indicator), "small"))
        yield d.Row(
            (
                run(target.code, "muted"),
                lines(name, disbenefit, () if common.brief and not several else measure),
                _dated(telling, indicator, common),
                latest(telling, indicator, found, common),
                goal(telling, indicator, common),
                _standings(telling, whole, found, common, first=first, several=several),
            )
        )
    if not target.indicators:
        status: d.Runs = (telling.standing(whole.standing),)
        yield d.Row(
            (run(target.code, "muted"), telling.named(target.title, target.provenance), *[run(DASH)] * 3, status)
        )


def _standings(
    telling: Telling, whole: TargetFinding, found: IndicatorFinding, common: Common, *, first: bool, several: bool
) -> d.Runs:
    """The target's standing, and what it was; with several indicators each has its own below."""
    own: d.Runs = (telling.standing(found.standing),)
    if not first:
        return lines(run(telling.say("target.of_indicator"), "small"), own)
    before = _before(telling, whole, brief=common.brief)
    if not several:
        return lines((telling.standing(whole.standing),), before)
    together, of_indicator = (run(telling.say(code), "small") for code in ("target.together", "target.of_indicator"))
    return lines(together, (telling.standing(whole.standing, "strong"),), before, of_indicator, own)


def _before(telling: Telling, whole: TargetFinding, *, brief: bool) -> d.Runs:
    """What the previous report printed, if that or what is known of it now is another; and that the target changed."""
    if whole.before is None:
        return run(telling.say("target.new"), "small") if telling.compared_with else ()
    changed = run(telling.say("standing.target_changed") if whole.change == "target_changed" else "", "small")
    printed = telling.say("standing." + whole.before)
    if brief:
        return changed
    if whole.restated and whole.restated != whole.before:
        restated = telling.say("standing." + whole.restated)
        return lines(run(telling.say("standing.restated", printed=printed, restated=restated), "small"), changed)
    was = telling.say("standing.was", word=printed) if whole.before != whole.standing else ""
    return lines(run(was, "small"), changed)


def _dated(telling: Telling, indicator: IndicatorFacts, common: Common) -> d.Runs:
    if indicator.baseline_value is None:
        return run(DASH)
    return lines(
        _figure(telling, indicator, indicator.baseline_value), _unless(telling, indicator.baseline_on, common.baseline)
    )


def _unless(telling: Telling, on: date | None, common: date | None) -> d.Runs:
    """A day, unless the head of the column says it."""
    return run(telling.voice.short_day(on), "small") if on and on != common else ()


def _figure(telling: Telling, indicator: IndicatorFacts, value: Decimal) -> d.Runs:
    if level := telling.level(indicator, value):
        return run(level)
    return (telling.voice.aligned(value, figures.typed(indicator, value).decimals),)


def latest(telling: Telling, indicator: IndicatorFacts, found: IndicatorFinding, common: Common) -> d.Runs:
    """The newest value with its own day; one too old to count says that nothing was reported (INV-96)."""
    said = lines(*(run(remark, "small") for remark in telling.remarks(indicator, found)))
    figure = figures.value(indicator, found)
    if figure is None or found.latest_on is None:
        return lines(run(telling.say("standing.not_reported"), "muted"), said)
    if found.counts:
        late = run(telling.say("late.low"), "small") if found.latest_on in found.late_on else ()
        level = telling.level(indicator, figure.value)
        value = run(level, "strong") if level else (telling.voice.aligned(figure.value, figure.decimals, "strong"),)
        return lines(value, _unless(telling, found.latest_on, common.latest), said, late)
    day = telling.voice.short_day(found.latest_on)
    last = telling.say("last.known", value=telling.newest(indicator, found), day=day)
    return lines(run(telling.say("standing.not_reported"), "muted"), run(last, "small"), said)


def goal(telling: Telling, indicator: IndicatorFacts, common: Common) -> d.Runs:
    day = _unless(telling, indicator.target_on, common.target)
    figure = figures.target(indicator)
    if figure is None:
        return day or run(DASH)
    plain = figure.upper is None and not figure.limit
    return lines(_figure(telling, indicator, figure.value) if plain else run(telling.goal(indicator)), day)


def _multiple(telling: Telling, target: TargetFacts, indicator: IndicatorFacts, found: IndicatorFinding) -> d.Multiple:
    title, lang = telling.voice.words(target.title)
    drawn = course(indicator, found, on=telling.status_date)
    words = _course_words(telling.quiet, indicator, found)
    svg = trajectory(
        drawn, telling.scale, telling.status_date, words, telling.colours, _marks(telling, indicator, found)
    )
    picture = d.Picture(svg, describe(telling.quiet, indicator, found, drawn), 54)
    return d.Multiple(
        title=f"{target.code} {title}{telling.sign(target.provenance)}",
        sub=(*telling.voice.text(indicator.name), *run(telling.unit(indicator))),
        picture=picture,
        status=telling.standing(found.standing),
        words=telling.voice.text(target.explanation, "muted") if len(target.indicators) == 1 else (),
        lang="" if lang == telling.voice.lang else lang,
    )


def _course_words(telling: Telling, indicator: IndicatorFacts, found: IndicatorFinding) -> CourseWords:
    newest, unseen = telling.newest(indicator, found), found.unjudged == "not_approved"
    if found.latest_value is not None and telling.level(indicator, found.latest_value):
        newest = telling.drawn(indicator, found.latest_value)
    return CourseWords(
        late=telling.say("late.low"),
        nothing=telling.say("unjudged.not_approved" if unseen else "course.nothing"),
        restated=lambda old: telling.say("restated.was", value=old),
        label=lambda value: telling.drawn(indicator, value),
        latest=telling.say("course.mean", value=newest) if indicator.kind == "average" else newest,
    )


def _marks(telling: Telling, indicator: IndicatorFacts, found: IndicatorFinding) -> Marks:
    restated = {
        one.on: one.old
        for one in telling.findings.restated
        if one.indicator == indicator.key and one.what == "measurement" and one.on
    }
    return Marks(late=frozenset(found.late_on), restated=tuple(sorted(restated.items())))


def describe(telling: Telling, indicator: IndicatorFacts, found: IndicatorFinding, drawn: Course) -> str:
    """The chart in words, made from the same figures."""
    parts = [telling.words(indicator.name) + telling.unit(indicator)]
    if drawn.baseline:
        parts.append(_at(telling, indicator, "alt.baseline", *drawn.baseline))
    values = [f"{telling.voice.day(on)}: {telling.bare(indicator, value)}" for on, value in drawn.measured]
    parts.append(telling.say("alt.measured", values="; ".join(values)) if values else telling.say("course.nothing"))
    if drawn.shape == "mean" and drawn.latest:
        parts.append(telling.say("course.mean", value=telling.newest(indicator, found)))
    if (goal_ := telling.goal(indicator)) and indicator.target_on:
        parts.append(telling.say("alt.target", value=goal_, day=telling.voice.day(indicator.target_on)))
    parts.append(telling.say("alt.standing", word=telling.say("standing." + found.standing)))
    parts += telling.remarks(indicator, found)
    return ". ".join(part[:1].upper() + part[1:] for part in parts) + "."


def _at(telling: Telling, indicator: IndicatorFacts, code: str, on: date, value: Decimal) -> str:
    return telling.say(code, value=telling.bare(indicator, value), day=telling.voice.day(on))


def _cooperation(telling: Telling, facts: ProgrammeFacts) -> Iterator[d.Block]:
    yield d.Section(telling.say("cooperation"), listed=False)
    if facts.update and (told := telling.voice.text(facts.update.cooperation)):
        yield d.Paragraph(told)
    partners: list[tuple[Text, Provenance]] = [(each, facts.provenance) for each in facts.partners]
    partners += [(each, project.provenance) for project in facts.projects for each in project.partners]
    unique = {telling.words(partner): (partner, whence) for partner, whence in partners}
    rows = [
        (telling.say("sectors"), lines(*(telling.voice.text(one) for one in facts.sectors))),
        (telling.say("partners"), lines(*(telling.named(*one) for one in unique.values()))),
        (
            telling.say("events"),
            lines(*(_event(telling, one) for one in facts.events)),
        ),
    ]
    columns = (d.Column(telling.say("cooperation.what"), width="24mm"), d.Column(telling.say("cooperation.who")))
    table = tuple(d.Row((run(label), value or run(telling.say("none.noted"), "muted"))) for label, value in rows)
    yield d.Table(telling.say("cooperation"), columns, table)


def _event(telling: Telling, one: EventFacts) -> d.Runs:
    day = d.Run(f" {telling.voice.short_day(one.held_on)}", "muted")
    return (*telling.named(one.title, one.provenance), day)


def _priorities(telling: Telling, facts: ProgrammeFacts) -> Iterator[d.Block]:
    yield d.Section(telling.say("priorities"), listed=False)
    yield _words(telling, facts.update.priorities if facts.update else Text())


def _strategy(telling: Telling, facts: ProgrammeFacts) -> Iterator[d.Block]:
    """Which goals of the strategy and which SDGs the targets serve."""
    yield d.Section(telling.say("strategy.links"), listed=False)
    live = [target for target in facts.targets if target.state == "approved"]
    rows: dict[str, tuple[d.Runs, list[str]]] = {}
    for target in live:
        for goal_ in target.goals:
            text = lines(telling.voice.text(goal_.text), telling.voice.text(goal_.focus_area, "small"))
            rows.setdefault(f"g{goal_.key}", (text, []))[1].append(target.code)
    for target in live:
        for sdg in sorted(target.sdgs, key=lambda one: one.number):
            name = (d.Run(telling.say("sdg", number=sdg.number) + " "), *telling.voice.text(sdg.name))
            rows.setdefault(f"s{sdg.number:02}", (name, []))[1].append(target.code)
    columns = (d.Column(telling.say("strategy.goal")), d.Column(telling.say("targets"), width="26mm"))
    goals = [key for key in rows if key.startswith("g")]
    order = [*goals, *sorted(key for key in rows if key.startswith("s"))]
    table = tuple(d.Row((rows[key][0], run(", ".join(rows[key][1])))) for key in order)
    yield d.Table(telling.say("strategy.links"), columns, table, telling.say("strategy.none"))

"""What changed since the previous report, what was restated, what came late, and what was not reported."""

from collections.abc import Iterable, Iterator
from datetime import date

from reporting.compilation.findings import (
    BEST_FIRST,
    Better,
    ChangedTarget,
    Changes,
    Gap,
    IndicatorFinding,
    Param,
    ProjectChange,
    Restated,
    TargetChange,
)
from reporting.documents.rendering import document as d
from reporting.documents.rendering.charts.change import ChangeWords, change
from reporting.documents.rendering.composition.telling import DASH, Telling, joined, lines, run
from reporting.facts import IndicatorFacts, Provenance, Standing, TargetFacts, Text

GROUPS: tuple[Better, ...] = (
    "better", "worse", "reporting", "target_changed", "rule", "restated", "same", "added", "ended",
)  # fmt: skip
ONLY_IF_ANY: frozenset[Better] = frozenset({"target_changed", "rule", "restated"})


def chapter(telling: Telling) -> Iterator[d.Block]:
    yield d.Chapter("change", telling.say("change.title"))
    claim = " ".join(telling.voice.sentence(sentence) for sentence in telling.findings.change_lede)
    yield d.Opening(run(claim))
    if notes := " ".join(telling.voice.sentence(sentence) for sentence in telling.findings.change_notes):
        yield d.Paragraph(run(notes))
    if changes := telling.findings.changes:
        yield from _comparison(telling, changes)
        if changed := telling.findings.changed:
            yield d.Section(telling.say("changed"))
            yield _changed(telling, changed)
        if replanned := telling.findings.projects:
            yield d.Section(telling.say("replanned"))
            yield _replanned(telling, replanned)
        yield d.Section(telling.say("restated"))
        yield _restated(telling)
        yield d.Section(telling.say("late"))
        yield _late(telling)
    if ended := list(_ended_unseen(telling)):
        yield d.Section(telling.say("ended"))
        yield _ended(telling, ended)
    yield d.Section(telling.say("gaps"))
    yield _gaps(telling)


def _comparison(telling: Telling, changes: Changes) -> Iterator[d.Block]:
    """The counts that reconcile, the drawing, and the same in words."""
    counts = (changes.previous, changes.ended, changes.common, changes.added, changes.now)
    words = ("equation.previous", "equation.ended", "equation.common", "equation.added", "equation.now")
    terms = tuple((str(count), telling.say(word)) for count, word in zip(counts, words, strict=True))
    yield d.Equation(terms, ("\u2212", "=", "+", "="))
    now = telling.voice.short_day(telling.status_date)
    names: dict[Standing, str] = {kind: telling.say("standing." + kind) for kind in BEST_FIRST}
    drawn = change(
        changes.targets, ChangeWords(telling.voice.short_day(changes.status_date), now, names), telling.colours
    )
    yield d.Drawing(d.Picture(drawn, _alt(telling, changes), 174))
    yield d.Paragraph(run(telling.say("change.key")), small=True)
    columns = (
        d.Column(telling.say("change"), width="40mm"),
        d.Column(telling.say("count"), width="15mm", align="right"),
        d.Column(telling.say("targets")),
    )
    rows = tuple(_group(telling, group, changes.of(group)) for group in _groups(changes))
    yield d.Table(telling.say("change.caption", day=telling.voice.day(changes.status_date)), columns, rows)


def _groups(changes: Changes) -> list[Better]:
    """The groups that are told even when they are empty, and the others that are not."""
    return [group for group in GROUPS if group not in ONLY_IF_ANY or changes.of(group)]


def _group(telling: Telling, group: Better, targets: tuple[TargetChange, ...]) -> d.Row:
    if group == "same":
        names = run(", ".join(target.code for target in targets) or DASH)
        named: d.Runs = (*names, d.Run(" " + telling.say("names.annex"), "small")) if targets else names
    else:
        named = joined((_target(telling, target) for target in targets), " · ") or run(DASH)
    reasons = dict.fromkeys(telling.voice.text(target.because, "small") for target in targets)
    if group == "ended":
        reasons |= dict.fromkeys(run(_ended_by(telling, target), "small") for target in targets)
    return d.Row((run(telling.say("group." + group)), run(str(len(targets))), lines(named, *reasons)))


def _ended_by(telling: Telling, target: TargetChange) -> str:
    """Which decision of the council ended a target; that none is known is said, not hidden."""
    known = telling.targets.get(target.key)
    told = [f"{target.code}: {_ending(telling, known)}", *_last_standing(telling, target)]
    return "; ".join([*told, *_last_values(telling, known)])


def _ending(telling: Telling, known: TargetFacts | None) -> str:
    decision = known.ended_by if known else None
    return telling.reference(decision) if decision else telling.say("ended.no_decision")


def _last_standing(telling: Telling, target: TargetChange) -> Iterator[str]:
    """Where an ended target stood in the comparison."""
    if target.before and telling.compared_with:
        day, word = telling.voice.short_day(telling.compared_with), _standing(telling, target.before)
        yield telling.say("ended.last", day=day, word=word)


def _last_values(telling: Telling, known: TargetFacts | None) -> Iterator[str]:
    """The last value of each indicator of an ended target, beside what was asked."""
    for indicator in known.indicators if known else ():
        approved = [one for one in indicator.measurements if one.approved]
        if approved:
            last = max(approved, key=lambda one: one.on)
            yield _last_value(telling, indicator, last.on, telling.bare(indicator, last.value))


def _last_value(telling: Telling, indicator: IndicatorFacts, on: date, value: str) -> str:
    told = {"indicator": telling.words(indicator.name), "on": telling.voice.short_day(on)}
    goal, value = telling.goal(indicator), telling.measured(indicator, value)
    return telling.say("ended.value" if goal else "ended.value.bare", **told, value=value, target=goal)


def _ended_unseen(telling: Telling) -> Iterator[TargetFacts]:
    """Targets that ended in the period and stand in no comparison: of a first report, or new since the previous one."""
    changes = telling.findings.changes
    told = {one.key for one in changes.targets} if changes else set()
    return (one for one in telling.targets.values() if one.state in ("ended", "replaced") and one.key not in told)


def _ended(telling: Telling, targets: Iterable[TargetFacts]) -> d.Table:
    columns = (
        d.Column(telling.say("code"), width="10mm"),
        d.Column(telling.say("target"), width="62mm"),
        d.Column(telling.say("ended.on"), width="24mm"),
        d.Column(telling.say("changed.because")),
    )
    rows = tuple(
        d.Row(
            (
                run(one.code, "muted"),
                telling.named(one.title, one.provenance),
                run(telling.voice.short_day(one.ended_on) if one.ended_on else DASH),
                lines(
                    run(_ending(telling, one), "strong"),
                    telling.voice.text(one.ended_because),
                    *(run(value, "small") for value in _last_values(telling, one)),
                ),
            )
        )
        for one in targets
    )
    return d.Table(telling.say("ended"), columns, rows, head=1)


def _replanned(telling: Telling, changes: Iterable[ProjectChange]) -> d.Table:
    """Days of projects and milestones that were moved, and targets that are served or are no more."""
    columns = (
        d.Column(telling.say("code"), width="15mm"),
        d.Column(telling.say("replanned.what")),
        d.Column(telling.say("replanned.was"), width="28mm"),
        d.Column(telling.say("replanned.now"), width="28mm"),
        d.Column(telling.say("because"), width="46mm"),
    )
    rows = tuple(d.Row(_replan(telling, one)) for one in changes)
    return d.Table(telling.say("replanned"), columns, rows, head=1)


def _replan(telling: Telling, one: ProjectChange) -> tuple[d.Runs, ...]:
    what = joined((run(telling.say(f"replanned.{one.what}"), "small"), telling.voice.text(one.label, "small")), " ")
    sides: tuple[str, ...] = (", ".join(one.served), ", ".join(one.serves))
    if one.what != "serves":
        sides = tuple(telling.voice.short_day(day) if day else "" for day in (one.was, one.now))
    return (
        run(one.code, "muted"),
        lines(telling.named(one.name, one.provenance), what),
        run(sides[0] or DASH),
        run(sides[1] or DASH, "strong"),
        telling.voice.text(one.because) or run(telling.say(_why(one)), "muted"),
    )


def _why(one: ProjectChange) -> str:
    """A snapshot knows why a milestone was moved; why a project was, or its ties, stands in the history alone."""
    return "replanned.no_reason" if one.what == "milestone" else "replanned.in_history"


def _target(telling: Telling, target: TargetChange) -> d.Runs:
    told = "; ".join(_moved(telling, target))
    return (
        d.Run(target.code + " ", "strong"),
        *telling.named(target.title, telling.whence(target.key)),
        *run(f" ({told})" if told else "", "small"),
    )


def _moved(telling: Telling, target: TargetChange) -> Iterator[str]:
    """From where to where; by the earlier target or rule; and what was printed, where that is known better now."""
    if target.before and target.now and target.change != "restated":
        yield f"{_standing(telling, target.before)} → {_standing(telling, target.now)}"
    if target.alike and (
        by := {"target_changed": "change.by_old_target", "rule": "change.by_old_rule"}.get(target.change)
    ):
        yield telling.say(by, word=_standing(telling, target.alike))
    if target.printed and target.before and target.printed != target.before:
        printed, restated = _standing(telling, target.printed), _standing(telling, target.before)
        yield telling.say("change.printed", printed=printed, restated=restated)
    if target.cause:
        yield telling.say(f"change.cause.{target.cause}")
    if told := _same_value(telling, target):
        yield telling.say(told)


def _same_value(telling: Telling, target: TargetChange) -> str:
    """That a target stands otherwise on the measurement of the previous report: only the path has gone on."""
    if telling.before is None or target.change not in ("better", "worse", "reporting"):
        return ""
    then = {one.key: one for found in telling.before.programmes for each in found.targets for one in each.indicators}
    deciding = [found for _, found in telling.judged_of(target.key) if found.standing == target.now]
    same = [found for found in deciding if found.latest_on and found.latest_on == _day_of(then.get(found.key))]
    if not deciding or len(same) < len(deciding):
        return ""
    return "change.same_value.awaiting" if any(one.awaiting_on for one in same) else "change.same_value"


def _day_of(found: IndicatorFinding | None) -> date | None:
    return found.latest_on if found else None


def _standing(telling: Telling, kind: Standing) -> str:
    return telling.say("standing." + kind)


def _alt(telling: Telling, changes: Changes) -> str:
    before, now = telling.voice.day(changes.status_date), telling.status_day
    parts = [telling.say("change.alt", before=before, now=now)]
    for group in _groups(changes):
        codes = ", ".join(target.code for target in changes.of(group)) or telling.say("none.low")
        parts.append(f"{telling.say('group.' + group)}: {codes}.")
    return " ".join(parts)


def _changed(telling: Telling, changed: tuple[ChangedTarget, ...]) -> d.Table:
    """What the council changed: each figure as it was and is, the decision, the reason, and both standings."""
    columns = (
        d.Column(telling.say("code"), width="10mm"),
        d.Column(telling.say("changed.what"), width="58mm"),
        d.Column(telling.say("restated.old"), width="22mm", align="right"),
        d.Column(telling.say("restated.new"), width="22mm", align="right"),
        d.Column(telling.say("changed.because")),
    )
    rows = (row for target in changed for row in _changed_rows(telling, target))
    return d.Table(telling.say("changed"), columns, tuple(rows), head=1)


def _changed_rows(telling: Telling, target: ChangedTarget) -> Iterator[d.Row]:
    facts = telling.targets[target.key]
    decision = run(telling.reference(facts.approved_by), "strong") if facts.approved_by else ()
    because = telling.voice.text(target.because) or run(telling.say("changed.no_reason"))
    effect = run(telling.say("changed.effect", old=_standing(telling, target.old), new=_standing(telling, target.new)))
    for n, figure in enumerate(target.figures):
        day = telling.voice.short_day(figure.on) if figure.on else ""
        what = run(telling.say(f"changed.{figure.what}", day=day), "small")
        yield d.Row(
            (
                run(target.code, "muted"),
                lines(
                    telling.named(target.title, telling.whence(target.key)) if n == 0 else (),
                    telling.voice.text(figure.indicator, "small"),
                    what,
                ),
                run(_params(telling, figure.old, figure.indicator)),
                run(_params(telling, figure.new, figure.indicator), "strong"),
                lines(decision, because, effect) if n == 0 else (),
            )
        )


def _params(telling: Telling, values: tuple[Param, ...], of: Text) -> str:
    subject = telling.name(of)
    return "–".join(str(telling.voice.param("figure", value, subject)) for value in values) or DASH


def _restated(telling: Telling) -> d.Table:
    columns = (
        d.Column(telling.say("code"), width="10mm"),
        d.Column(telling.say("restated.figure"), width="62mm"),
        d.Column(telling.say("restated.old"), width="17mm", align="right"),
        d.Column(telling.say("restated.new"), width="17mm", align="right"),
        d.Column(telling.say("restated.because")),
    )
    known = {i.key: i for p in telling.facts.programmes for t in p.targets for i in t.indicators}
    rows = tuple(d.Row(_restatement(telling, one, known[one.indicator])) for one in telling.findings.restated)
    return d.Table(telling.say("restated"), columns, rows, telling.say("restated.none"), head=1)


def _restatement(telling: Telling, one: Restated, indicator: IndicatorFacts) -> tuple[d.Runs, ...]:
    day = telling.voice.short_day(one.on) if one.on else ""
    what = "" if one.what == "measurement" else telling.say("restated." + one.what) + " "
    if one.standing_printed == one.standing_restated:
        effect = telling.say("restated.same")
    else:
        effect = telling.say("restated.effect", word=telling.say("standing." + one.standing_restated))
    when = telling.voice.instant(one.corrected_at) if one.corrected_at else ""
    who = telling.words(one.by)
    who += telling.sign(one.by_provenance) if who else ""
    named = telling.say("restated.by", who=who) if who else telling.say("restated.no_by")
    by = ", ".join(part for part in (named, when) if part)
    reason = telling.voice.text(one.because) or run(telling.say("restated.no_reason"))
    awaits = "" if one.approved else f" {telling.say('restated.not_approved')}"
    return (
        run(one.code, "muted"),
        (*telling.named(indicator.name, indicator.provenance), d.Run(f"{telling.unit(indicator)}, {what}{day}")),
        run(telling.bare(indicator, one.old)),
        run(telling.bare(indicator, one.new) if one.new is not None else DASH, "strong"),
        lines((*reason, d.Run(f" {effect}{awaits}")), run(by, "small")),
    )


def _late(telling: Telling) -> d.Table:
    columns = (
        d.Column(telling.say("late.what"), width="1fr"),
        d.Column(telling.say("programme"), width="42mm"),
        d.Column(telling.say("late.valid"), width="26mm"),
        d.Column(telling.say("late.recorded"), width="44mm"),
    )
    names = {facts.key: telling.named(facts.name, facts.provenance) for facts in telling.facts.programmes}
    rows = tuple(
        d.Row(
            (
                (
                    *telling.voice.text(one.label),
                    *run(
                        f": {telling.voice.figure(one.figure, subject=telling.name(one.label))}" if one.figure else ""
                    ),
                    *telling.mark(one.provenance),
                ),
                names[one.programme] if one.programme in names else run(DASH),
                run(telling.voice.short_day(one.valid_on)),
                run(telling.voice.instant(one.recorded_at)),
            )
        )
        for one in telling.findings.late
    )
    return d.Table(telling.say("late"), columns, rows, telling.say("late.none"))


def _gaps(telling: Telling) -> d.Table:
    columns = (
        d.Column(telling.say("gap.what"), width="1fr"),
        d.Column(telling.say("gap.kind"), width="52mm"),
        d.Column(telling.say("gap.last"), width="50mm"),
    )
    return d.Table(
        telling.say("gaps"),
        columns,
        tuple(d.Row(_gap(telling, one)) for one in telling.findings.gaps),
        telling.say("gaps.none"),
    )


def _gap(telling: Telling, one: Gap) -> tuple[d.Runs, ...]:
    code = run(one.code + " ", "muted") if one.what != "update" else ()
    return (
        (*code, *telling.named(one.name, _whence(telling, one))),
        run(telling.say("gap." + one.what)),
        _last(telling, one) or run(DASH),
    )


def _whence(telling: Telling, one: Gap) -> Provenance:
    """Where that comes from of which nothing was reported."""
    if one.indicator in telling.judged:
        return telling.judged[one.indicator][0].provenance
    mine = next((programme for programme in telling.facts.programmes if programme.key == one.programme), None)
    if mine is None:
        return "recorded"
    known = {project.code: project.provenance for project in mine.projects}
    known |= {target.code: target.provenance for target in mine.targets}
    return known.get(one.code, mine.provenance)


def _last(telling: Telling, one: Gap) -> d.Runs:
    """The last value that is known, with its day, and why it is not judged."""
    if one.indicator in telling.judged:
        indicator, found = telling.judged[one.indicator]
        day = telling.voice.short_day(found.latest_on) if found.latest_on else ""
        known = telling.measured(indicator, telling.newest(indicator, found))
        value = run(f"{known}, {day}") if day else ()
        return lines(value, run(", ".join(telling.remarks(indicator, found)), "small"))
    if one.last and one.last_on:
        last = telling.voice.figure(one.last, subject=telling.name(one.name))
        return run(f"{last}, {telling.voice.short_day(one.last_on)}")
    return ()

"""Where a programme and its targets stood in earlier reports."""

from collections.abc import Iterator

from reporting.compilation.findings import ProgrammeFinding, TargetFinding
from reporting.documents.rendering import document as d
from reporting.documents.rendering.composition.telling import DASH, Telling, approved, joined, lines, run
from reporting.facts import ProgrammeFacts, Standing


def history(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> Iterator[d.Block]:
    """The standings as earlier reports printed them; the unchanged in grey, so that the turns show.

    What the previous report printed stands as printed; under it, what is known of that day now, if it is another.
    """
    if (before := telling.compared_with) is None:
        return
    reports = [one for one in telling.facts.earlier if one.status_date < before][-2:]
    days = [*(one.status_date for one in reports), before, telling.status_date]
    printed = [{one.key: one.standing for one in (*report.programmes, *report.targets)} for report in reports]
    past = (d.Column(telling.voice.short_day(day), width="31mm") for day in days)
    columns = (d.Column(telling.say("target")), *past)
    whole = [*(one.get(facts.key) for one in printed), finding.before, finding.standing]
    name = run(telling.say("programme.whole"), "strong")
    rows = [_past_row(telling, name, whole, finding.restated)]
    for target, found in approved(facts, finding):
        series = [*(one.get(target.key) for one in printed), found.before, found.standing]
        name = joined((run(target.code, "muted"), telling.named(target.title, target.provenance)), " ")
        rows.append(_past_row(telling, name, series, found.restated, _council_changed(telling, found)))
    title = telling.say("history", number=len(days))
    yield d.Section(title, listed=False)
    yield d.Table(title, columns, tuple(rows), size=8, pad=3.4, gutter=2)


def _council_changed(telling: Telling, found: TargetFinding) -> str:
    """That the council changed the target meanwhile: another standing may be no other course."""
    if found.change != "target_changed":
        return ""
    changed = next((one.figures for one in telling.findings.changed if one.key == found.key), ())
    values = [one for one in changed if one.what == "target_value" and one.old and one.new]
    if len(values) != 1:
        return telling.say("standing.target_changed")
    old, new = (telling.voice.param("figure", side[0]) for side in (values[0].old, values[0].new))
    return telling.say("standing.target_changed.figure", old=str(old), new=str(new))


def _past_row(
    telling: Telling, name: d.Runs, series: list[Standing | None], restated: Standing | None, changed: str = ""
) -> d.Row:
    cells = [_past(telling, series, n) for n in range(len(series))]
    cells[-1] = lines(cells[-1], run(changed, "small"))
    if restated and restated != series[-2]:
        word = telling.say("history.restated", word=telling.say("standing." + restated))
        cells[-2] = lines(cells[-2], run(word, "small"))
    return d.Row((name, *cells))


def _past(telling: Telling, series: list[Standing | None], n: int) -> d.Runs:
    standing = series[n]
    if standing is None:
        return run(DASH)
    same = 0 < n < len(series) - 1 and series[n - 1] == standing
    return (telling.standing(standing, "muted" if same else ""),)

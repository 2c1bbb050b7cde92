"""A programme's projects with their milestones, and its money."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

from reporting.compilation.findings import MoneyFinding, Overspent, ProgrammeFinding, ProjectFinding
from reporting.compilation.work import EXTERNAL, SOURCES, available, expected_on, is_owed, slip_days, total
from reporting.documents.rendering import document as d
from reporting.documents.rendering.charts import milestones
from reporting.documents.rendering.charts.drawing import money_bar
from reporting.documents.rendering.composition.telling import DASH, Telling, lines, run
from reporting.facts import MilestoneFacts, MoneyFacts, ProgrammeFacts, ProjectFacts, Provenance, Text

MILESTONES = 41.0  # millimetres of the row of milestones


def projects(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> Iterator[d.Block]:
    """One row each: whom it serves, where it stands, its milestones on a common axis, the greatest slip."""
    yield d.Section(telling.say("projects.head"), listed=False)
    alt = telling.say("axis.alt", first=telling.scale.first_year, last=telling.scale.last_year, day=telling.status_day)
    axis = d.Picture(milestones.axis(telling.scale, telling.status_date), alt, MILESTONES)
    columns = (
        d.Column(telling.say("project"), width="40mm"),
        d.Column(telling.say("serves"), width="19mm"),
        d.Column(telling.say("standing"), width="49mm"),
        d.Column(telling.say("milestones"), width="43mm", picture=axis),
        d.Column(telling.say("slip")),
    )
    pairs = zip(facts.projects, finding.projects, strict=True)
    rows = tuple(_project(telling, one, found) for one, found in pairs if one.kind != "pilot" or one.milestones)
    if rows:
        yield d.Paragraph(run(telling.say("milestones.key")), small=True)
    yield d.Table(telling.say("projects.head"), columns, rows, telling.say("projects.none"), pad=3, flush=True)
    yield from _moves(telling, facts)
    yield from _climate(telling, facts)


def serves(telling: Telling, project: ProjectFacts) -> str:
    return ", ".join(telling.targets[key].code for key in project.serves if key in telling.targets)


def _project(telling: Telling, project: ProjectFacts, found: ProjectFinding) -> d.Row:
    return d.Row(
        (
            telling.named(project.name, project.provenance),
            run(serves(telling, project) or DASH, "muted"),
            state(telling, project, found),
            _milestones(telling, project),
            _slip(telling, project, found),
        )
    )


def state(telling: Telling, project: ProjectFacts, found: ProjectFinding) -> d.Runs:
    """Its standing while it runs, else its state; and the sentence of its own report."""
    if project.state != "running":
        return run(telling.say("state." + project.state))
    words = telling.named(project.status.text, project.status.provenance, "small") if project.status else ()
    return lines((telling.standing(found.standing),), words if found.standing != "not_reported" else ())


def _milestones(telling: Telling, project: ProjectFacts) -> d.Runs:
    if not project.milestones:
        return run(telling.say("milestones.none"), "muted")
    stages = [
        milestones.DrawnMilestone(one.planned_on, expected_on(one), one.reached_on is not None, is_owed(project, one))
        for one in project.milestones
    ]
    alt = "; ".join(_stage(telling, project, one) for one in project.milestones)
    return (d.Picture(milestones.row(stages, telling.scale, telling.status_date, telling.colours), alt, MILESTONES),)


def _stage(telling: Telling, project: ProjectFacts, one: MilestoneFacts) -> str:
    real = "alt.reached" if one.reached_on else "alt.forecast"
    planned = telling.say("alt.planned", name=telling.quiet.words(one.name), day=telling.voice.day(one.planned_on))
    if not is_owed(project, one):
        return planned
    return planned + telling.say(real, day=telling.voice.day(expected_on(one)))


def _slip(telling: Telling, project: ProjectFacts, found: ProjectFinding) -> d.Runs:
    if found.slip_months is None:
        return run(DASH)
    if found.slip_months == 0:
        return _slight(telling, project)
    name = next(one.name for one in project.milestones if one.key == found.milestone)
    sign = "+" if found.slip_months > 0 else "\u2212"
    length = abs(found.slip_months)
    months = run(telling.say("slip.months", months=f"{sign}{length}", number=length), "strong")
    overdue = run(telling.say("slip.overdue"), "small") if found.overdue else ()
    return lines(months, telling.voice.text(name, "small"), overdue)


def _slight(telling: Telling, project: ProjectFacts) -> d.Runs:
    """Half a month at the most, which rounds to none: of the milestones the one that is farthest from its plan."""
    owed = [one for one in project.milestones if is_owed(project, one)]
    farthest = max(owed, key=lambda one: abs(slip_days(one, on=telling.status_date)))
    days = slip_days(farthest, on=telling.status_date)
    if days == 0:
        return run(telling.say("slip.none"), "muted")
    said = telling.say("slip.under" if days > 0 else "slip.under.early")
    overdue = farthest.reached_on is None and expected_on(farthest) < telling.status_date
    return lines(
        run(said, "strong"),
        telling.voice.text(farthest.name, "small"),
        run(telling.say("slip.overdue"), "small") if overdue else (),
    )


def _moves(telling: Telling, facts: ProgrammeFacts) -> Iterator[d.Block]:
    """What began, ended, was suspended or cancelled in the period, with its reason."""
    since, until = telling.facts.document.period_starts_on, telling.status_date
    rows = [
        d.Row(
            (
                telling.named(project.name, project.provenance),
                run(telling.say("state." + move.state)),
                run(telling.voice.short_day(move.effective_on)),
                telling.voice.text(move.because) or run(DASH),
            )
        )
        for project in facts.projects
        for move in project.moves
        if move.state != "planned" and since <= move.effective_on <= until
    ]
    if rows:
        yield d.Section(telling.say("moves"), listed=False)
        columns = (
            d.Column(telling.say("project"), width="58mm"),
            d.Column(telling.say("moves.now"), width="28mm"),
            d.Column(telling.say("day"), width="26mm"),
            d.Column(telling.say("because")),
        )
        yield d.Table(telling.say("moves"), columns, tuple(rows))


def _climate(telling: Telling, facts: ProgrammeFacts) -> Iterator[d.Block]:
    """What was assessed of the projects' impact on the climate, of those of which it was."""
    assessed = [project for project in facts.projects if project.climate_impact.known]
    if not assessed:
        return
    yield d.Section(telling.say("climate_impact"), listed=False)
    columns = (d.Column(telling.say("project"), width="58mm"), d.Column(telling.say("climate_impact")))
    rows = (
        d.Row((telling.named(one.name, one.provenance), telling.voice.text(one.climate_impact))) for one in assessed
    )
    yield d.Table(telling.say("climate_impact"), columns, tuple(rows))


def source(telling: Telling, code: str, funder: Text) -> str:
    """An outside funder by name; the city's own by kind."""
    name = telling.words(funder)
    return name if name and code in EXTERNAL else telling.say("source." + code)


def money(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> Iterator[d.Block]:
    """By source, the year of the status date first and then the term so far; each part sums by itself."""
    yield d.Section(telling.say("money"), listed=False)
    columns = (
        d.Column(telling.say("money.source"), width="1fr"),
        d.Column(telling.say("money.available"), telling.say("money.available.sub"), "21mm", "right"),
        d.Column(telling.say("money.used"), telling.say("money.unit"), "18mm", "right"),
    )
    year = str(telling.status_date.year)
    parts = [(year, finding.year_money)] if finding.year_money else []
    if list(finding.periods) != [year] or not parts:
        parts.append((_span_of(telling, finding.periods), finding.money))
    signs = _signs(facts.money)
    rows = [row for n, part in enumerate(parts) for row in _part(telling, *part, signs, drawn=n == 0)]
    yield d.Table(telling.say("money"), columns, tuple(rows), telling.say("money.none"))
    if rows:
        yield d.Paragraph(run(telling.say("money.key")), small=True)
    for over in finding.overspent:
        yield d.Paragraph(run(_overspent(telling, facts, over)), small=True)


def _span_of(telling: Telling, periods: tuple[str, ...]) -> str:
    """All the years that the money is of."""
    if len(periods) < 2:
        return "".join(periods)
    return telling.say("money.span", first=periods[0], last=periods[-1])


Sources: TypeAlias = tuple[str, Text]


def _signs(rows: Iterable[MoneyFacts]) -> dict[Sources, Provenance]:
    """Where the money of each source and funder comes from; what is invented in part is marked as invented."""
    signs: dict[Sources, Provenance] = {}
    for row in rows:
        key = (row.source, row.funder if row.source in EXTERNAL else Text())
        signs[key] = row.provenance if signs.get(key) != "demonstration" else "demonstration"
    return signs


def _part(
    telling: Telling,
    period: str,
    money: tuple[MoneyFinding, ...],
    signs: dict[Sources, Provenance],
    *,
    drawn: bool,
) -> Iterator[d.Row]:
    """The money of one period: its name, a row for each source, and their sum; the first part is drawn too."""
    if not money:
        return
    if period:
        yield d.Row((run(period, "strong"),), "group")
    most = max((float(line.available or line.used or 0) for line in money), default=0.0) or 1.0
    for line in money:
        named = (
            *run(source(telling, line.source, line.funder)),
            *telling.mark(signs.get((line.source, line.funder), "recorded")),
        )
        yield d.Row(_money(telling, line, named, _bar(telling, line, most) if drawn else ()))
    sums = (total(line.available for line in money), total(line.used for line in money))
    yield d.Row((run(telling.say("total"), "strong"), *(run(telling.euros(one), "strong") for one in sums)), "total")


def _overspent(telling: Telling, facts: ProgrammeFacts, over: Overspent) -> str:
    """Which row was overspent, in which year and by how much: others' remainder hides nothing."""
    names = {project.key: project.code for project in facts.projects}
    return telling.say(
        "money.overspent",
        period=over.period,
        source=source(telling, over.source, over.funder),
        whose=names.get(over.project, telling.say("money.programmes_own")),
        used=telling.euros(over.used),
        available=telling.euros(over.available),
        excess=telling.euros(over.used - over.available),
    )


def _bar(telling: Telling, line: MoneyFinding, most: float) -> d.Runs:
    if not line.available or line.used is None:
        return ()
    width = max(40.0 * float(line.available) / most, 3.0)
    own = line.source not in EXTERNAL
    svg = money_bar(float(line.used), float(line.available), telling.colours, width=width * 2.85, grey=not own)
    return (d.Picture(svg, width=width),)


def _money(telling: Telling, line: MoneyFinding, named: d.Runs, bar: d.Runs) -> tuple[d.Runs, ...]:
    excess = ""
    if line.used is not None and line.available is not None and line.used > line.available:
        excess = telling.say("overspent.euros", amount=telling.euros(line.used - line.available))
    return (
        lines(named, bar, run(excess, "small")),
        run(telling.euros(line.available)),
        run(telling.euros(line.used)),
    )


def project_rows(telling: Telling) -> tuple[d.Row, ...]:
    """The annex of all projects: who does it, how it is paid, when, in which state."""
    rows: list[d.Row] = []
    for facts in telling.facts.programmes:
        rows.append(d.Row((telling.named(facts.name, facts.provenance),), "group"))
        for project in facts.projects:
            kind = telling.say("project.kind." + project.kind)
            rows.append(
                d.Row(
                    (
                        run(project.code, "muted"),
                        lines(telling.named(project.name, project.provenance), run(kind, "small")),
                        run(serves(telling, project) or DASH),
                        lines(telling.voice.text(project.unit), run(_delivery(telling, project), "small")) or run(DASH),
                        lines(*_span(telling, project.starts_on, project.ends_on)),
                        run(telling.say("state." + project.state)),
                    )
                )
            )
    return tuple(rows)


def _delivery(telling: Telling, project: ProjectFacts) -> str:
    """How it is paid and done, if anybody said."""
    return telling.say("delivery." + project.delivery) if project.delivery else ""


def _span(telling: Telling, start: date | None, end: date | None) -> tuple[d.Runs, d.Runs]:
    """From and to, the second under the first."""
    first, last = (telling.voice.short_day(day) if day else DASH for day in (start, end))
    return run(f"{first} –"), run(last)


def milestone_rows(telling: Telling) -> tuple[d.Row, ...]:
    return tuple(
        d.Row(
            (
                run(project.code, "muted"),
                lines(
                    telling.named(one.name, one.provenance or project.provenance),
                    telling.voice.text(one.replanned_because, "small"),
                ),
                run(telling.voice.short_day(one.planned_on)),
                run(telling.voice.short_day(one.forecast_on) if one.forecast_on and is_owed(project, one) else DASH),
                run(telling.voice.short_day(one.reached_on) if one.reached_on else DASH, "strong"),
            )
        )
        for facts in telling.facts.programmes
        for project in facts.projects
        for one in project.milestones
    )


def money_rows(telling: Telling) -> tuple[d.Row, ...]:
    """Every row of money, as recorded, under its programme and year; one without a project is the programme's own."""
    rows: list[d.Row] = []
    for facts in telling.facts.programmes:
        if not facts.money:
            continue
        rows.append(d.Row((telling.named(facts.name, facts.provenance),), "group"))
        names = {project.key: project.code for project in facts.projects}
        for period in sorted({row.period for row in facts.money}):
            of_it = [row for row in facts.money if row.period == period]
            of_it.sort(
                key=lambda row: (
                    names.get(row.project, ""),
                    SOURCES.index(row.source),
                    row.funder.known,
                )
            )
            rows += [_money_row(telling, row, names) for row in of_it]
            rows.append(_money_sum(telling, period, of_it))
    return tuple(rows)


def _money_row(telling: Telling, row: MoneyFacts, names: dict[str, str]) -> d.Row:
    there, excess = available(row), ""
    if row.used is not None and there is not None and row.used > there:
        excess = telling.say("overspent.euros", amount=telling.euros(row.used - there))
    return d.Row(
        (
            (*run(source(telling, row.source, row.funder)), *telling.mark(row.provenance)),
            run(names.get(row.project, DASH), "muted"),
            run(row.period or DASH),
            run(telling.euros(row.budget)),
            run(telling.euros(row.granted)),
            lines(run(telling.euros(row.used)), run(excess, "small")),
        )
    )


def _money_sum(telling: Telling, period: str, rows: list[MoneyFacts]) -> d.Row:
    sums = (total(r.budget for r in rows), total(r.granted for r in rows), total(r.used for r in rows))
    cells = (run(telling.euros(one), "strong") for one in sums)
    return d.Row((run(telling.say("total"), "strong"), (), run(period or DASH, "strong"), *cells), "total")

"""A programme's risks: the open ones with their days, and those closed in the period."""

from collections.abc import Iterator

from reporting.compilation.findings import ProgrammeFinding, RiskFinding
from reporting.documents.rendering import document as d
from reporting.documents.rendering.composition.telling import DASH, Telling, joined, lines, run
from reporting.facts import ClosedRiskFacts, ProgrammeFacts, RiskFacts


def table(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> Iterator[d.Block]:
    """Highest first; level is likelihood times impact. Below it the closed ones."""
    yield d.Section(telling.say("risks"), listed=False)
    columns = (
        d.Column(telling.say("risk.level"), width="13mm", align="right"),
        d.Column(telling.say("risk"), telling.say("risk.sub"), "64mm"),
        d.Column(telling.say("risk.mitigation"), telling.say("risk.by")),
        d.Column(telling.say("change"), width="26mm"),
    )
    known = {risk.key: risk for risk in facts.risks}
    rows = []
    for found in finding.risks:
        risk = known[found.key]
        parts = telling.say("risk.parts", likelihood=risk.likelihood, impact=risk.impact)
        rows.append(
            d.Row(
                (
                    run(str(found.level), "strong"),
                    lines(telling.named(risk.title, risk.provenance), run(parts, "small")),
                    lines(
                        telling.voice.text(risk.mitigation) or run(telling.say("risk.no_mitigation"), "muted"),
                        _due(telling, risk, found),
                    ),
                    run(_risk_change(telling, found.level, found.before)),
                )
            )
        )
    yield d.Table(telling.say("risks"), columns, tuple(rows), telling.say("risks.none"), pad=3.4, head=1)
    if facts.closed_risks:
        closed = joined((_closed(telling, risk) for risk in facts.closed_risks), " · ")
        yield d.Paragraph((d.Run(telling.say("risks.closed") + ": ", "strong"), *closed), small=True)


def _closed(telling: Telling, risk: ClosedRiskFacts) -> d.Runs:
    """A risk that was closed in the period: how high it was, when it was closed, and why."""
    level, day = str(risk.level), telling.voice.short_day(risk.closed_on)
    because = telling.voice.text(risk.because)
    return (
        *telling.named(risk.title, risk.provenance),
        d.Run(f" ({telling.say('risks.closed.at', level=level, day=day)})"),
        *((d.Run(": "), *because) if because else ()),
    )


def _due(telling: Telling, risk: RiskFacts, found: RiskFinding) -> d.Runs:
    """By when it is to be mitigated, and was to be by the previous report; in bold words once that has passed."""
    if risk.mitigate_by is None:
        return ()
    day = telling.voice.short_day(risk.mitigate_by)
    moved = telling.voice.short_day(found.due_before) if found.due_before else ""
    due = run(
        telling.say("risk.due.moved", day=day, before=moved) if moved else telling.say("risk.due", day=day), "small"
    )
    return (*due, d.Run(", "), *run(telling.say("risk.overdue"), "smallstrong")) if found.overdue else due


def _risk_change(telling: Telling, level: int, before: int | None) -> str:
    if telling.compared_with is None:
        return DASH
    if before is None:
        return telling.say("risk.new")
    if level == before:
        return telling.say("risk.same")
    return telling.say("risk.up" if level > before else "risk.down", before=before)

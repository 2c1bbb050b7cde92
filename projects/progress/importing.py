"""How milestones, risks and status reports of projects are taken in from an import file."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio import history
from portfolio.importing.desk import BECAUSE, IMPORT, Desk, Given, after, day
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from projects.progress import commands as progress
from projects.progress.models import Milestone, Risk, StatusReport


def take_milestones(desk: Desk) -> None:
    """Milestones: planned, replanned as often as told, reached."""
    for placed in desk.document.of("milestones"):
        row, project = placed.record, desk.get("projects", placed.record["project"])
        if project is None:
            continue
        given: Given = {"order": row["order"], "planned_on": day(row["planned_on"]), **desk.texts(placed, "name")}
        given |= desk.states(placed, short=("name",))
        command = partial(progress.add_milestone, project, **given, by=IMPORT)
        edit = partial(_edit_milestone, desk, placed)
        milestone = desk.take(placed, Milestone, command, content=given, edit=edit)
        if milestone is not None:
            _replan(desk, placed, milestone)
            _reach(desk, placed, milestone)


def _edit_milestone(desk: Desk, placed: Placed, milestone: Any, other: Given) -> Any:
    if "planned_on" in other:
        desk.freeze(placed, {"planned_on": other["planned_on"]}, milestone)
        return milestone
    return progress.edit_milestone(milestone, **other, because=BECAUSE, by=IMPORT)


def _replan(desk: Desk, placed: Placed, milestone: Any) -> None:
    """Each new day that it was given, after the one that it has here."""
    row = placed.record
    once = [{"forecast_on": row.get("forecast_on"), "because": row.get("replanned_because", "")}]
    replans = [
        {"because": "", **replan, "forecast_on": day(replan["forecast_on"])}
        for replan in row.get("replans", once if "forecast_on" in row else ())
    ]
    if not replans or not desk.news(placed, milestone, {"forecast_on": replans[-1]["forecast_on"]}):
        return
    for replan in after(replans, milestone, "forecast_on"):
        desk.attempt(placed, partial(progress.replan_milestone, milestone, **replan, by=IMPORT))


def _reach(desk: Desk, placed: Placed, milestone: Any) -> None:
    if "reached_on" not in placed.record:
        return
    milestone = history.lock(Milestone, milestone.pk)
    reached: Given = {"reached_on": day(placed.record["reached_on"])}
    if desk.news(placed, milestone, reached):
        desk.attempt(placed, partial(progress.reach_milestone, milestone, **reached, by=IMPORT))


def take_risks(desk: Desk) -> None:
    """Risks with their scores, the first and those that followed."""
    for placed in desk.document.of("risks"):
        row = placed.record
        score: Given = {name: row[name] for name in ("likelihood", "impact")}
        given: Given = {"identified_on": day(row["identified_on"])}
        given |= {"mitigate_by": day(row["mitigate_by"])} if "mitigate_by" in row else {}
        given |= desk.texts(placed, "title") | desk.texts(placed, "mitigation")
        given |= desk.states(placed, "mitigation", short=("title",))
        given |= {"owner": owner} if (owner := desk.get("people", row.get("owner"))) else {}
        programme, project = desk.get("programmes", row["programme"]), desk.get("projects", row.get("project"))
        told = given | score | {"project": project}
        there = desk.there(Risk, placed.key) is not None
        command = partial(progress.identify_risk, programme, **told, by=IMPORT)
        risk = desk.take(placed, Risk, command, content=given, edit=partial(_edit_risk, desk, placed))
        if risk is not None:
            _score(desk, placed, risk, there)
            _close(desk, placed, risk)


def _edit_risk(desk: Desk, placed: Placed, risk: Any, other: Given) -> Any:
    if "identified_on" in other:
        desk.freeze(placed, {"identified_on": other["identified_on"]}, risk)
        return risk
    return progress.edit_risk(risk, **other, because=BECAUSE, by=IMPORT)


def _score(desk: Desk, placed: Placed, risk: Any, there: bool) -> None:
    """The scores after the first; of a risk that is here already, the last one that the file tells."""
    row = placed.record
    first = {"likelihood": row["likelihood"], "impact": row["impact"], "because": ""}
    scores = row.get("scores") or ([first] if there else [])
    latest = {name: scores[-1][name] for name in ("likelihood", "impact")} if scores else {}
    if not there or desk.news(placed, risk, latest):
        for score in scores[-1:] if there else scores:
            desk.attempt(placed, partial(progress.score_risk, risk, **score, by=IMPORT))


def _close(desk: Desk, placed: Placed, risk: Any) -> None:
    row = placed.record
    if "closed_on" not in row:
        return
    risk = history.lock(Risk, risk.pk)
    if desk.news(placed, risk, {"closed_on": day(row["closed_on"])}):
        closed: Given = {"closed_on": day(row["closed_on"]), "because": row.get("closed_because", "")}
        desk.attempt(placed, partial(progress.close_risk, risk, **closed, by=IMPORT))


def take_status_reports(desk: Desk) -> None:
    """How projects stood on their days, in the words of those who managed them."""
    for placed in desk.document.of("status_reports"):
        row, project = placed.record, desk.get("projects", placed.record["project"])
        given: Given = {"status_on": day(row["status_on"]), "standing": row["standing"], **desk.texts(placed, "text")}
        given |= desk.states(placed, "text")
        command = partial(progress.draft_status, project, **given, by=IMPORT)
        edit = partial(_edit_status, desk, placed)
        report = desk.take(placed, StatusReport, command, content=given, edit=edit)
        if report is not None and "submitted_on" in row:
            _submit(desk, placed, report)


def _edit_status(desk: Desk, placed: Placed, report: Any, other: Given) -> Any:
    if report.submitted_on or "status_on" in other:
        desk.freeze(placed, other, report)
        return report
    return progress.edit_status(report, **other, because=BECAUSE, by=IMPORT)


def _submit(desk: Desk, placed: Placed, report: Any) -> None:
    row = placed.record
    report = history.lock(StatusReport, report.pk)
    submitted: Given = {"submitted_on": day(row["submitted_on"])}
    submitted |= {"submitted_by": person} if (person := desk.get("people", row.get("submitted_by"))) else {}
    if desk.news(placed, report, submitted):
        desk.attempt(placed, partial(progress.take_over_status, report, **submitted, by=IMPORT))


register(21, take_milestones, take_risks, take_status_reports)

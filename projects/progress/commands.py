"""What can be done about a project's milestones, risks and status reports."""

from datetime import date
from typing import Any

from portfolio import clock, history
from portfolio.people.models import Person
from portfolio.programmes.access import Actor, opened
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from projects import guard
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Project

MILESTONE, RISK, STATUS = guard.described(Milestone), guard.described(Risk), guard.described(StatusReport)


def add_milestone(
    project: Project,
    *,
    name_fi: str = "",
    planned_on: date,
    by: Actor,
    **described: Any,
) -> Milestone:
    """Set a milestone on a day within the project's dates (INV-77)."""
    with history.change(by=by):
        project = _project(project, by=by, verb="keep_milestones")
        _require_inside(project, planned_on)
        milestone = Milestone(
            project=project,
            name_fi=name_fi,
            planned_on=planned_on,
            forecast_on=planned_on,
        )
        return guard.describe(milestone, described, known=MILESTONE).checked_save()


def edit_milestone(
    milestone: Milestone, *, because: str = "", by: Actor, seen: int | None = None, **changes: Any
) -> Milestone:
    """Change a milestone's name or order; its dates have commands of their own (INV-112)."""
    with history.change(by=by, because=because):
        milestone = _milestone(milestone, by=by, seen=seen)
        return guard.describe(milestone, changes, known=MILESTONE).checked_save()


def replan_milestone(
    milestone: Milestone, *, forecast_on: date, because: str, by: Actor, seen: int | None = None
) -> Milestone:
    """Give a milestone another day for a reason; the day first planned stays beside it (INV-77).

    An older register may not tell the reason of what is taken over from it (INV-05).
    """
    with history.change(by=by, because=because):
        milestone = _milestone(milestone, by=by, seen=seen)
        if milestone.reached_on:
            raise Refused("milestone.reached", reached_on=milestone.reached_on)
        if milestone.provenance != history.Provenance.TAKEN_OVER:
            history.require_reason(because, "milestone.reason")
        milestone.forecast_on = forecast_on
        milestone.replanned_because = because
        return milestone.checked_save()


def reach_milestone(
    milestone: Milestone, *, reached_on: date, because: str = "", by: Actor, seen: int | None = None
) -> Milestone:
    """Record the day a milestone was reached, never one to come (INV-77)."""
    with history.change(by=by, because=because):
        milestone = _milestone(milestone, by=by, seen=seen)
        if milestone.reached_on:
            raise Refused("milestone.reached", reached_on=milestone.reached_on)
        if reached_on > clock.today():
            raise Refused("milestone.future", field="reached_on", day=reached_on)
        milestone.reached_on = reached_on
        return milestone.checked_save()


def identify_risk(
    programme: Programme,
    *,
    title_fi: str = "",
    likelihood: int,
    impact: int,
    owner: Person | None = None,
    project: Project | None = None,
    identified_on: date | None = None,
    by: Actor,
    **described: Any,
) -> Risk:
    """Put a risk of a programme, or of one of its projects, in the register with a score and an owner (INV-81)."""
    with history.change(by=by):
        programme = history.lock(Programme, programme.pk)
        opened(programme, "keep_risks", by, project)
        if project and project.programme_id != programme.pk:
            raise Refused("project.other_programme", field="project", project=project.code)
        risk = Risk(
            programme=programme,
            project=project,
            title_fi=title_fi,
            likelihood=likelihood,
            impact=impact,
            owner=owner,
            identified_on=_past(identified_on, "identified_on"),
        )
        return guard.describe(risk, described, known=RISK).checked_save()


def edit_risk(risk: Risk, *, because: str = "", by: Actor, seen: int | None = None, **changes: Any) -> Risk:
    """Change a risk's words, owner or mitigation; its score is given by `score_risk` (INV-81)."""
    with history.change(by=by, because=because):
        risk = _open_risk(risk, by=by, seen=seen)
        return guard.describe(risk, changes, known=RISK).checked_save()


def score_risk(risk: Risk, *, likelihood: int, impact: int, because: str, by: Actor, seen: int | None = None) -> Risk:
    """Judge a risk anew, one to five each way; the level follows and earlier scores stay in the history (INV-81)."""
    with history.change(by=by, because=because, required="risk.reason"):
        risk = _open_risk(risk, by=by, seen=seen)
        risk.likelihood = likelihood
        risk.impact = impact
        return risk.checked_save()


def close_risk(risk: Risk, *, because: str, closed_on: date | None = None, by: Actor, seen: int | None = None) -> Risk:
    """Close a risk that has passed, or has come true, and say which (INV-80, INV-81)."""
    with history.change(by=by, because=because):
        risk = _open_risk(risk, by=by, seen=seen)
        risk.closed_on = _past(closed_on, "closed_on")
        risk.closed_because = because.strip()
        return risk.checked_save()


def draft_status(
    project: Project,
    *,
    status_on: date,
    standing: str = StatusReport.Standing.GREY,
    by: Actor,
    **described: Any,
) -> StatusReport:
    """Begin a project's status report for a status date (the standings are defined in `scale.STANDINGS`)."""
    with history.change(by=by):
        project = _project(project, by=by, verb="report_status")
        report = StatusReport(project=project, status_on=status_on, standing=standing)
        return guard.describe(report, described, known=STATUS).checked_save()


def edit_status(
    report: StatusReport, *, because: str = "", by: Actor, seen: int | None = None, **changes: Any
) -> StatusReport:
    """Change a status report until it is submitted."""
    with history.change(by=by, because=because):
        report = _status(report, by=by, seen=seen)
        return guard.describe(report, changes, known=STATUS).checked_save()


def submit_status(report: StatusReport, *, because: str = "", by: Actor, seen: int | None = None) -> StatusReport:
    """Submit a status report, once its day has come and amber or red is explained; it is frozen from then on."""
    with history.change(by=by, because=because):
        report = _status(report, by=by, seen=seen)
        report.submitted_on = clock.today()
        report.submitted_by = by if isinstance(by, Person) else None
        return report.checked_save()


def take_over_status(
    report: StatusReport, *, submitted_on: date, submitted_by: Person | None = None, by: Actor, seen: int | None = None
) -> StatusReport:
    """Enter when and by whom a status report was submitted, as an older register tells it (decision 19).

    Raises Refused `status.frozen` for one that was submitted here, and `transition.invalid` for one that began here.
    """
    with history.change(by=by):
        report = _status(report, by=by, seen=seen)
        if report.provenance == "recorded":
            raise Refused("transition.invalid", field="submitted_on", at="draft", to="submitted")
        report.submitted_on, report.submitted_by = _past(submitted_on, "submitted_on"), submitted_by
        return report.checked_save()


def _project(project: Project, *, by: Actor, verb: str) -> Project:
    project = history.lock(Project, project.pk)
    opened(project.programme, verb, by, project)
    return project


def _milestone(milestone: Milestone, *, by: Actor, seen: int | None) -> Milestone:
    milestone = history.lock(Milestone, milestone.pk, seen=seen)
    opened(milestone.project.programme, "keep_milestones", by, milestone.project)
    return milestone


def _open_risk(risk: Risk, *, by: Actor, seen: int | None) -> Risk:
    risk = history.lock(Risk, risk.pk, seen=seen)
    opened(risk.programme, "keep_risks", by, risk.project)
    if risk.closed_on:
        raise Refused("risk.closed", closed_on=risk.closed_on)
    return risk


def _status(report: StatusReport, *, by: Actor, seen: int | None) -> StatusReport:
    report = history.lock(StatusReport, report.pk, seen=seen)
    opened(report.project.programme, "report_status", by, report.project)
    if report.submitted_on:
        raise Refused("status.frozen", submitted_on=report.submitted_on)
    return report


def _require_inside(project: Project, planned_on: date) -> None:
    early = project.starts_on is not None and planned_on < project.starts_on
    late = project.ends_on is not None and planned_on > project.ends_on
    if early or late:
        raise Refused("milestone.dates", field="planned_on", planned_on=planned_on, name="")


def _past(given: date | None, field: str) -> date:
    day = given or clock.today()
    if day > clock.today():
        raise Refused("risk.future", field=field, day=day)
    return day

"""How partners, projects, milestones, risks and money are taken in from an import file."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any

from portfolio import city, history
from portfolio.importing.desk import IMPORT, Desk, Given, amount, day
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from projects.money import commands as money
from projects.money.models import Budget, Funding
from projects.pilots import commands as pilots
from projects.progress import commands as progress
from projects.progress.models import Milestone, Risk
from projects.register import commands as projects
from projects.register.models import Partner, Project

BECAUSE = "import"  # for commands that ask; nothing keeps it, for the change set says whose import it is


def take_partners(desk: Desk) -> None:
    """The register of partners."""
    for placed in desk.document.of("partners"):
        given: Given = {"kind": placed.record["kind"]}
        given |= desk.names(placed, "name") | desk.states(placed, short=("name",))
        desk.take(
            placed,
            Partner,
            partial(projects.create_partner, **given, provenance=placed.provenance, by=IMPORT),
            content=given,
            edit=lambda partner, other: projects.edit_partner(partner, **other, because=BECAUSE, by=IMPORT),
        )


def take_projects(desk: Desk) -> None:
    """Projects, actions and pilots, each led to the state that the register tells."""
    for placed in desk.document.of("projects"):
        there = desk.there(Project, placed.key)
        project = _plan_project(desk, placed)
        if project is None or there:
            continue
        for key in placed.record.get("partners", ()):
            if partner := desk.get("partners", key):
                desk.attempt(placed, partial(projects.join_partner, project, partner=partner, by=IMPORT))
        if "pilot" in placed.record:
            _take_pilot(desk, placed, project)
        for move in desk.document.inside(placed, "project_moves"):
            _move(desk, move, project)


def _plan_project(desk: Desk, placed: Placed) -> Any:
    row = placed.record
    given: Given = {name: row[name] for name in ("code", "kind", "delivery") if name in row}
    given |= {name: day(row[name]) for name in ("starts_on", "ends_on") if name in row}
    given |= desk.texts(placed, "name") | desk.texts(placed, "summary")
    given |= desk.states(placed, "summary", short=("name",))
    given |= {"unit": unit} if (unit := desk.get("bodies", row.get("unit"))) else {}
    given |= {"manager": person} if (person := desk.get("people", row.get("manager"))) else {}
    targets: Any = [
        {"target": target, "share": link.get("share")}
        for link in row.get("targets", ())
        if (target := desk.get("benefit_targets", link["target"]))
    ]
    first = day(row["moves"][0]["effective_on"]) if row.get("moves") else day(row.get("starts_on"))
    programme = desk.get("programmes", row["programme"])
    return desk.take(
        placed,
        Project,
        lambda: projects.create_project(
            programme,
            targets=targets,
            effective_on=first,
            provenance=placed.provenance,
            **given,
            by=IMPORT,
        ),
        content=given,
        edit=lambda project, other: projects.edit_project(project, **other, because=BECAUSE, by=IMPORT),
    )


def _move(desk: Desk, placed: Placed, project: Any) -> None:
    row = placed.record
    project = history.lock(Project, project.pk)
    if project.state == row["state"]:
        return
    said = {
        "because": row.get("because") or _words(row["effective_on"]),
        "effective_on": day(row["effective_on"]),
    }
    if project.provenance == "taken_over":
        desk.attempt(placed, lambda: projects.take_over_state(project, state=row["state"], **said, by=IMPORT))
    elif command := _command(project.state, row["state"]):
        desk.attempt(placed, lambda: command(project, **said, by=IMPORT))


def _command(at: str, to: str) -> Any:
    if (at, to) == ("suspended", "running"):
        return projects.resume_project
    commands = {"running": projects.start_project, "suspended": projects.suspend_project}
    return {**commands, "ended": projects.end_project, "cancelled": projects.cancel_project}.get(to)


def _words(when: Any) -> str:
    """What the source says of a day that it does not give exactly."""
    words = when["text"] if isinstance(when, dict) else {}
    return str(next((words[code] for code in city.identity().languages if words.get(code)), ""))


def _take_pilot(desk: Desk, placed: Placed, project: Any) -> None:
    """A pilot with the ending that the register tells; one that is still to end goes its way by hand."""
    inside = desk.document.inside(placed, "pilots")[0]
    row, moves = inside.record, placed.record.get("moves") or [{}]
    on: Given = {"effective_on": day(moves[-1].get("effective_on"))}
    key = desk.key(inside.key)
    pilot = desk.attempt(
        inside, lambda: pilots.plan_pilot(project, key=key, provenance=inside.provenance, **on, by=IMPORT)
    )
    if pilot is None or row["state"] == "planned":
        return
    told = desk.texts(inside, "result") | desk.texts(inside, "lessons")
    told |= {"adopted_unit": desk.get("bodies", row.get("adopted_unit"))}
    told |= {"adopted_partner": desk.get("partners", row.get("adopted_partner"))}
    decision = desk.get("decisions", row.get("decision"))
    desk.attempt(
        inside, lambda: pilots.take_over_state(pilot, state=row["state"], decision=decision, **told, **on, by=IMPORT)
    )


def take_milestones(desk: Desk) -> None:
    """Milestones: planned, replanned, reached."""
    for placed in desk.document.of("milestones"):
        row, project = placed.record, desk.get("projects", placed.record["project"])
        if project is None:
            continue
        given: Given = {"order": row["order"], "planned_on": day(row["planned_on"]), **desk.texts(placed, "name")}
        given |= desk.states(placed, short=("name",))
        there = desk.there(Milestone, placed.key)
        milestone = desk.take(
            placed,
            Milestone,
            partial(progress.add_milestone, project, **given, provenance=placed.provenance, by=IMPORT),
            content=given,
        )
        if milestone is None or there:
            continue
        if "forecast_on" in row and row["forecast_on"] != row["planned_on"]:
            moved = {"forecast_on": day(row["forecast_on"]), "because": row.get("replanned_because", "")}
            desk.attempt(placed, partial(progress.replan_milestone, milestone, **moved, by=IMPORT))
        if "reached_on" in row:
            reached: Given = {"reached_on": day(row["reached_on"])}
            desk.attempt(placed, partial(progress.reach_milestone, milestone, **reached, by=IMPORT))


def take_risks(desk: Desk) -> None:
    """Risks with their scores."""
    for placed in desk.document.of("risks"):
        row = placed.record
        given: Given = {name: row[name] for name in ("likelihood", "impact")}
        given |= {"identified_on": day(row["identified_on"])}
        given |= {"mitigate_by": day(row["mitigate_by"])} if "mitigate_by" in row else {}
        given |= desk.texts(placed, "title") | desk.texts(placed, "mitigation")
        scope = {"owner": desk.get("people", row["owner"]), "project": desk.get("projects", row.get("project"))}
        programme = desk.get("programmes", row["programme"])
        there = desk.there(Risk, placed.key)
        risk = desk.take(
            placed,
            Risk,
            partial(progress.identify_risk, programme, **given, **scope, provenance=placed.provenance, by=IMPORT),
            content=given,
        )
        if risk is not None and not there and "closed_on" in row:
            closed = {"closed_on": day(row["closed_on"]), "because": row.get("closed_because", "")}
            desk.attempt(placed, partial(progress.close_risk, risk, **closed, by=IMPORT))


def take_fundings(desk: Desk) -> None:
    """Money: the sources of one year and purpose make one budget."""

    def purpose(placed: Placed) -> tuple[str, str, int]:
        row = placed.record
        return row["programme"], row.get("project", ""), row["year"]

    for (programme_key, project_key, year), found in groupby(
        sorted(desk.document.of("fundings"), key=purpose), key=purpose
    ):
        rows = list(found)
        key = desk.key(rows[0].key)
        if desk.there(Funding, rows[0].key) or desk.there(Budget, rows[0].key):
            continue
        programme, project = desk.get("programmes", programme_key), desk.get("projects", project_key)
        sources: Any = [_source(desk, placed) for placed in rows]
        total = sum(source["budget"] for source in sources)
        given: Given = {"year": year, "total": total, "sources": sources, "provenance": rows[0].provenance}
        keys = {"projects.Budget": [key], "projects.Funding": [desk.key(placed.key) for placed in rows]}
        budget = desk.attempt(
            rows[0],
            partial(money.set_budget, programme, project=project, **given, by=IMPORT),
            keys=keys,
        )
        for placed in rows if budget is not None else ():
            _use(desk, placed)


def _source(desk: Desk, placed: Placed) -> Given:
    row = placed.record
    source: Given = {"source": row["source"], "budget": amount(row["budget"])}
    source |= desk.names(placed, "funder") | desk.states(placed, short=("funder",))
    return source | ({"granted": amount(row["granted"])} if "granted" in row else {})


def _use(desk: Desk, placed: Placed) -> None:
    row = placed.record
    funding = desk.there(Funding, placed.key)
    if funding is not None and "used" in row:
        used = {"used": amount(row["used"]), "used_on": day(row.get("used_on")) or day(f"{row['year']}-12-31")}
        desk.attempt(placed, lambda: money.record_use(funding, **used, by=IMPORT))


register(20, take_partners, take_projects, take_milestones, take_risks, take_fundings)

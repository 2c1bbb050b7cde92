"""How partners and projects with their moves, targets and pilots are taken in from an import file."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio import city, history
from portfolio.importing import plain
from portfolio.importing.desk import BECAUSE, IMPORT, Desk, Given, day
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from projects.pilots import commands as pilots
from projects.pilots.models import Pilot
from projects.register import commands as projects
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget

SUPPORTS = "supports"


def take_partners(desk: Desk) -> None:
    """The register of partners."""
    for placed in desk.document.of("partners"):
        given: Given = {"kind": placed.record["kind"]}
        given |= desk.names(placed, "name") | desk.states(placed, short=("name",))
        desk.take(
            placed,
            Partner,
            partial(projects.create_partner, **given, by=IMPORT),
            content=given,
            edit=lambda partner, other: projects.edit_partner(partner, **other, because=BECAUSE, by=IMPORT),
        )


def take_projects(desk: Desk) -> None:
    """Projects, actions and pilots, each led to the state that the register tells."""
    for placed in desk.document.of("projects"):
        there = desk.there(Project, placed.key) is not None
        if (project := _plan_project(desk, placed)) is None:
            continue
        _tie(desk, placed, project)
        _join_partners(desk, placed, project)
        _say_what_goes_on(desk, placed, project)
        for pilot in desk.document.inside(placed, "pilots"):
            _take_pilot(desk, pilot, placed, project)
        for move in desk.document.inside(placed, "project_moves"):
            _move(desk, move, project, there)


def _plan_project(desk: Desk, placed: Placed) -> Any:
    row = placed.record
    given: Given = {name: row[name] for name in ("code", "kind")} | desk.described(placed, Project)
    targets: Any = [
        {"target": target, "share": link.get("share")}
        for link in row.get("targets", ())
        if link.get("role") != SUPPORTS and (target := desk.get("benefit_targets", link["target"]))
    ]
    first = day(row["moves"][0]["effective_on"]) if row.get("moves") else day(row.get("starts_on"))
    programme = desk.get("programmes", row["programme"])
    command = partial(
        projects.create_project,
        programme,
        targets=targets,
        effective_on=first,
        **given,
        by=IMPORT,
    )
    return desk.take(placed, Project, command, content=given, edit=partial(_edit_project, desk, placed))


def _edit_project(desk: Desk, placed: Placed, project: Any, other: Given) -> Any:
    if frozen := {"code", "kind"} & set(other):
        desk.freeze(placed, frozen)
        return project
    return projects.edit_project(project, **other, because=BECAUSE, by=IMPORT)


def _tie(desk: Desk, placed: Placed, project: Any) -> None:
    """The targets that it serves, if a later file names more, and the support that it gives to other programmes."""
    links = {link.target_id: link for link in desk.parts(project, ProjectTarget, "project_id")}
    for told in placed.record.get("targets", ()):
        target = desk.get("benefit_targets", told["target"])
        link = links.get(target.pk) if target else None
        if link is not None:
            _tied_again(desk, placed, link, told)
        elif target is not None:
            _offer(desk, placed, project, target, told)


def _tied_again(desk: Desk, placed: Placed, link: Any, told: Given) -> None:
    """An offer that was accepted since is accepted; its share and role are as they were agreed."""
    given: Given = {"share": told.get("share"), "role": told.get("role", ProjectTarget.Role.SERVES)}
    accepted_on = told.get("accepted_on") if given["role"] == ProjectTarget.Role.SUPPORTS else None
    given |= {"accepted_on": day(accepted_on)} if accepted_on else {}
    other = desk.news(placed, link, given)
    if link.accepted_on is None and "accepted_on" in other:
        accepted: Given = {"accepted_on": other.pop("accepted_on")}
        desk.attempt(placed, partial(projects.accept_offer, link, **accepted, by=IMPORT))
    if other:
        desk.freeze(placed, other, link)


def _offer(desk: Desk, placed: Placed, project: Any, target: Any, told: Given) -> None:
    given = {"target": target, "share": told.get("share"), "support": told.get("role") == SUPPORTS}
    link = desk.attempt(placed, partial(projects.serve_target, project, **given, by=IMPORT))
    if link is not None and "accepted_on" in told:
        accepted_on = day(told["accepted_on"])
        desk.attempt(placed, partial(projects.accept_offer, link, accepted_on=accepted_on, by=IMPORT))


def _join_partners(desk: Desk, placed: Placed, project: Any) -> None:
    named = placed.record.get("partners", ())
    joined = {link.partner_id: link for link in desk.parts(project, ProjectPartner, "project_id")} if named else {}
    for told in named:
        row: Given = told if isinstance(told, dict) else {"partner": told}
        partner = desk.get("partners", row["partner"])
        if partner is None:
            continue
        given: Given = {f"task_{code}": words for code, words in row.get("task", {}).items() if code != "state"}
        if partner.pk in joined:
            _joined_again(desk, placed, joined[partner.pk], row, given)
            continue
        given |= {"starts_on": day(row.get("starts_on"))}
        link = desk.attempt(placed, partial(projects.join_partner, project, partner=partner, **given, by=IMPORT))
        if link is not None and "ends_on" in row:
            ended: Given = {"ends_on": day(row["ends_on"])}
            desk.attempt(placed, partial(projects.part_partner, link, **ended, by=IMPORT))


def _joined_again(desk: Desk, placed: Placed, link: Any, row: Given, task: Given) -> None:
    """A partner whose part has ended since; its task and its first day are as they were agreed."""
    days: Given = {name: day(row[name]) for name in ("starts_on", "ends_on") if name in row}
    other = desk.news(placed, link, task | days)
    if link.ends_on is None and "ends_on" in other:
        ended: Given = {"ends_on": other.pop("ends_on")}
        desk.attempt(placed, partial(projects.part_partner, link, **ended, by=IMPORT))
    if other:
        desk.freeze(placed, other, link)


def _say_what_goes_on(desk: Desk, placed: Placed, project: Any) -> None:
    """That it came over from an earlier term, and that it goes on in the line."""
    row = placed.record
    told = {"carried_over_because": row.get("carried_over_because", "")}
    if told["carried_over_because"] and desk.news(placed, project, told):
        command = partial(projects.carry_over_project, project, because=told["carried_over_because"], by=IMPORT)
        desk.attempt(placed, command)
    if "continues_in" not in row:
        return
    unit = desk.get("bodies", row["continues_in"])
    if desk.news(placed, project, {"continues_in": unit, "continues_because": row["continues_because"]}):
        said: Given = {"unit": unit, "because": row["continues_because"]}
        desk.attempt(placed, partial(projects.continue_project, project, **said, by=IMPORT))


def _move(desk: Desk, placed: Placed, project: Any, there: bool) -> None:
    """A move that is not here yet; a project that somebody has moved here since is left where it is."""
    desk.kinds["project_moves"] = ProjectMove
    row, on = placed.record, day(placed.record["effective_on"])
    made = (
        {(move.state, move.effective_on) for move in desk.parts(project, ProjectMove, "project_id")} if there else set()
    )
    if (row["state"], on) in made:
        return
    project = history.lock(Project, project.pk)
    if there and desk.ours(project, ["state"]):
        desk.leave(placed, "state", project.state, row["state"])
        desk.told.add((placed.place, ""))
        return
    said: Given = {"because": row.get("because") or _words(row["effective_on"]), "effective_on": on}
    keys = {ProjectMove._meta.label: [desk.key(placed.key)]}
    if project.provenance == "taken_over":
        command: Any = partial(projects.take_over_state, project, state=row["state"])
    else:
        command = partial(_command(project.state, row["state"]), project)
    desk.attempt(placed, partial(command, **said, by=IMPORT), keys=keys)


def _command(at: str, to: str) -> Any:
    if (at, to) == ("suspended", "running"):
        return projects.resume_project
    commands = {"running": projects.start_project, "suspended": projects.suspend_project}
    return {**commands, "ended": projects.end_project, "cancelled": projects.cancel_project}[to]


def _words(when: Any) -> str:
    """What the source says of a day that it does not give exactly."""
    words = when["text"] if isinstance(when, dict) else {}
    return str(next((words[code] for code in city.identity().languages.service if words.get(code)), ""))


def _take_pilot(desk: Desk, placed: Placed, of_project: Placed, project: Any) -> None:
    """A pilot with the ending that the register tells; one that is still to end goes its way by hand."""
    row, moves = placed.record, of_project.record.get("moves") or [{}]
    on: Given = {"effective_on": day(row.get("effective_on") or moves[-1].get("effective_on"))}
    told = desk.texts(placed, "result") | desk.texts(placed, "lessons")
    kept = {"decision": desk.get("decisions", row.get("decision"))}
    kept |= {"adopted_unit": desk.get("bodies", row.get("adopted_unit"))}
    kept |= {"adopted_partner": desk.get("partners", row.get("adopted_partner"))}
    there = desk.there(Pilot, placed.key) is not None
    content = {"state": row["state"], **told, **{name: found for name, found in kept.items() if found}}
    plan = partial(pilots.plan_pilot, project, **on, by=IMPORT)
    pilot = desk.take(placed, Pilot, plan, content=content)
    if pilot is not None and not there and row["state"] != "planned":
        state = partial(pilots.take_over_state, pilot, state=row["state"], **kept, **told, **on, by=IMPORT)
        desk.attempt(placed, state)


def take_as_the_interface_does(desk: Desk) -> None:
    """Records of the rooms whose view sets say so (`taken_in`)."""
    from projects import resources  # the interface is loaded by those who serve it, and by an import when it begins

    for view_set in resources.every():
        if view_set.taken_in and (create := view_set.way("create")):
            kind, edit = resources.named(view_set).replace("-", "_"), view_set.way("partial_update")
            plain.take(desk, kind, view_set.model, create.command, edit and edit.command)  # type: ignore[arg-type]


register(20, take_partners, take_projects)
register(22, take_as_the_interface_does)

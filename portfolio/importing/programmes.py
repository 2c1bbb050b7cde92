"""How programmes, their phases, sectors and plans are taken in."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio.importing.desk import BECAUSE, IMPORT, Desk, Given, day, precision
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from portfolio.phases import commands as phases
from portfolio.programmes import commands as programmes
from portfolio.programmes.models import PhaseMove, PlanVersion, Programme, ProgrammeUpdate

SENTENCES = ("summary", "cooperation", "priorities", "attention")


def take_programmes(desk: Desk) -> None:
    """Programmes with the phases that the register tells, their sectors and plans."""
    for placed in desk.document.of("programmes"):
        row = placed.record
        given: Given = {"code": row["code"], "order": row["order"]}
        for name in ("name", "aim", "description"):
            given |= desk.texts(placed, name)
        given |= desk.states(placed, "aim", "description", short=("name",))
        if (programme := _set_programme(desk, placed, given)) is None:
            continue
        for phase in desk.document.inside(placed, "phases"):
            if phase.record["phase"] != "closed":
                _take_phase(desk, phase, programme)
        for key in row.get("sectors", ()):
            body = desk.get("bodies", key)
            if body and not programme.sectors.filter(body=body).exists():
                desk.attempt(placed, partial(programmes.add_sector, programme, body=body, by=IMPORT))
        for plan in desk.document.inside(placed, "plan_versions"):
            _take_plan(desk, plan, programme)


def _set_programme(desk: Desk, placed: Placed, given: Given) -> Any:
    row = placed.record
    first = row["phases"][0]
    term, set_by = desk.get("council_terms", row["council_term"]), desk.get("decisions", row["set_by"])
    return desk.take(
        placed,
        Programme,
        lambda: programmes.set_programme(
            term,
            set_by=set_by,
            effective_on=day(first["effective_on"]),
            **given,
            by=IMPORT,
        ),
        content=given,
        edit=lambda programme, other: programmes.edit_programme(programme, **other, because=BECAUSE, by=IMPORT),
        keys={"portfolio.PhaseMove": [desk.key(first["key"])]},
    )


def _take_phase(desk: Desk, placed: Placed, programme: Any) -> None:
    row = placed.record
    desk.kinds["phases"] = PhaseMove
    if programme.phase_moves.filter(phase=row["phase"]).exists():
        return
    decision = desk.get("decisions", row.get("decision"))
    dated = precision(row["effective_on"])
    desk.attempt(
        placed,
        lambda: phases.take_over_phase(
            programme, phase=row["phase"], effective_on=day(row["effective_on"]), decision=decision,
            because=row.get("because", ""), **dated, by=IMPORT,
        ),
        keys={PhaseMove._meta.label: [desk.key(placed.key)]},
    )  # fmt: skip


def take_updates(desk: Desk) -> None:
    """The few sentences on a status date that figures cannot say."""
    for placed in desk.document.of("programme_updates"):
        programme = desk.get("programmes", placed.record["programme"])
        given: Given = {"status_on": day(placed.record["status_on"])}
        for name in SENTENCES:
            given |= desk.texts(placed, name)
        given |= desk.states(placed, *SENTENCES)
        command = partial(programmes.write_update, programme, **given, by=IMPORT)
        desk.take(placed, ProgrammeUpdate, command, content=given, edit=partial(_edit_update, desk, placed))


def _edit_update(desk: Desk, placed: Placed, update: Any, other: Given) -> Any:
    if "status_on" in other:
        desk.freeze(placed, ["status_on"])
        return update
    return programmes.edit_update(update, **other, because=BECAUSE, by=IMPORT)


def close_programmes(desk: Desk) -> None:
    """Programmes that the register tells to be closed: last of all, since what is closed takes nothing in."""
    for placed in desk.document.of("phases"):
        programme = desk.get("programmes", placed.parent.key if placed.parent else None)
        if programme is not None and placed.record["phase"] == "closed":
            _take_phase(desk, placed, programme)


def _take_plan(desk: Desk, placed: Placed, programme: Any) -> None:
    row = placed.record
    decision = desk.get("decisions", row.get("approved_by"))
    content: Given = {name: row[name] for name in ("number", "state", "sections") if name in row}
    content |= {"approved_on": day(row["approved_on"])} if "approved_on" in row else {}
    desk.take(
        placed,
        PlanVersion,
        lambda: programmes.take_over_plan_version(
            programme, number=row["number"], state=row["state"], approved_by=decision,
            approved_on=day(row.get("approved_on")), sections=row.get("sections"), by=IMPORT,
        ),
        content=content,
    )  # fmt: skip


register(13, take_programmes)
register(18, take_updates)
register(90, close_programmes)

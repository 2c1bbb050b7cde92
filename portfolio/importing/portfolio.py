"""How terms, bodies, decisions, strategies, programmes and steering groups are taken in, kind by kind."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio.decisions import commands as decisions
from portfolio.decisions.models import Body, Decision
from portfolio.importing.desk import IMPORT, Desk, Given, day, precision
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from portfolio.programmes import commands as programmes
from portfolio.programmes.models import Programme
from portfolio.steering import commands as steering
from portfolio.steering.models import Chairship, Seat, SteeringGroup, Tenure
from portfolio.strategy import commands as strategy
from portfolio.strategy.models import SDG, CouncilAction, CouncilTerm, FocusArea, Goal, Strategy

BECAUSE = "import"


def take_terms(desk: Desk) -> None:
    """Council terms and the Sustainable Development Goals."""
    for placed in desk.document.of("council_terms"):
        row = placed.record
        given = {"label": row["label"], "starts_on": day(row["starts_on"]), "ends_on": day(row["ends_on"])}
        desk.take(
            placed,
            CouncilTerm,
            partial(strategy.record_council_term, **given, by=IMPORT),
            content=given,
            edit=lambda term, other: strategy.edit_council_term(term, **other, because=BECAUSE, by=IMPORT),
        )
    for placed in desk.document.of("sdgs"):
        given = {"number": placed.record["number"], **desk.texts(placed, "name")}
        desk.take(placed, SDG, partial(strategy.record_sdg, **given, by=IMPORT), content=given)


def take_bodies(desk: Desk) -> None:
    """The bodies that decide."""
    for placed in desk.document.of("bodies"):
        given = {"kind": placed.record["kind"], "active": placed.record.get("active", True)}
        given |= desk.texts(placed, "name") | desk.texts(placed, "short")
        desk.take(
            placed,
            Body,
            partial(decisions.record_body, **given, by=IMPORT),
            content=given,
            edit=lambda body, other: decisions.edit_body(body, **other, by=IMPORT),
        )


PLAIN_OF_A_DECISION = ("outcome", "council_item", "section", "case_number", "presenter")


def take_decisions(desk: Desk) -> None:
    """Decisions with all their lines, the earliest first."""
    for placed in sorted(desk.document.of("decisions"), key=lambda found: _turn(desk, found)):
        row, given = placed.record, _decision(desk, placed)
        lines: Given = _lines(desk, placed)
        body = desk.get("bodies", row["body"])
        continues = [found for key in row.get("continues", ()) if (found := desk.get("decisions", key))]
        keys = {"portfolio.DecisionPoint": [desk.key(point["key"]) for point in row["points"]]}
        desk.take(
            placed,
            Decision,
            partial(
                decisions.record_decision,
                body=body,
                continues=continues,
                provenance=placed.provenance,
                **given,
                **lines,
                by=IMPORT,
            ),
            content=given,
            keys=keys,
        )


def _turn(desk: Desk, placed: Placed) -> tuple[str, int]:
    """By its day, and on the same day after the decisions that it continues."""
    return str(day(placed.record.get("decided_on")) or ""), _depth(desk, placed, frozenset())


def _depth(desk: Desk, placed: Placed, passed: frozenset[str]) -> int:
    earlier = [desk.document.find("decisions", key) for key in placed.record.get("continues", ()) if key not in passed]
    return max((1 + _depth(desk, found, passed | {placed.key}) for found in earlier if found), default=0)


def _decision(desk: Desk, placed: Placed) -> Given:
    row = placed.record
    given: Given = {name: row[name] for name in PLAIN_OF_A_DECISION if name in row}
    for name in ("title", "proposal", "handling", "explanation"):
        given |= desk.texts(placed, name)
    given |= desk.states(placed, "proposal", "handling", "explanation")
    given |= {name: day(row[name]) for name in ("minutes_checked_on",) if name in row}
    decided, planned = row.get("decided_on"), row.get("planned_on")
    if isinstance(decided, dict):
        given |= precision(decided)
        bounds = {"earliest_on": day(decided.get("not_before")), "latest_on": day(decided.get("not_after"))}
        given |= {name: found for name, found in bounds.items() if found}
    elif decided:
        given["decided_on"] = day(decided)
    if isinstance(planned, dict):
        given |= {f"planned_text_{code}": words for code, words in planned["text"].items() if code != "state"}
    elif planned:
        given["planned_on"] = day(planned)
    return given


def _lines(desk: Desk, placed: Placed) -> Given:
    row, document = placed.record, desk.document
    texts = {"points": "text", "annexes": "title", "amendments": "text", "wishes": "text", "recipients": "name"}
    lines: dict[str, list[Given]] = {}
    for name in ("points", "preparers", "annexes", "recipients", "amendments", "wishes", "minutes_versions"):
        lines[name] = [_line(desk, found, texts.get(name)) for found in document.inside(placed, name)]
    return {name: found for name, found in lines.items() if found and row}


def _line(desk: Desk, placed: Placed, text: str | None) -> Given:
    plain = ("number", "order", "kind", "language", "official", "url", "adopted")
    line = {name: placed.record[name] for name in plain if name in placed.record}
    if text:
        line |= desk.texts(placed, text)
    elif "name" in placed.record:
        line["name"] = placed.record["name"]
    if placed.kind == "wishes":
        line |= desk.texts(placed, "answer")
        line |= {"answered_on": day(placed.record["answered_on"])} if "answered_on" in placed.record else {}
        line |= {"owner": owner} if (owner := desk.get("people", placed.record.get("owner"))) else {}
    return line


def name_programmes(desk: Desk) -> None:
    """Say which programmes the points of a decision are about."""
    for placed in desk.document.of("points"):
        chosen = [found for key in placed.record.get("programmes", ()) if (found := desk.get("programmes", key))]
        decision = desk.get("decisions", placed.parent.key if placed.parent else None)
        if not chosen or decision is None:
            continue
        point = decision.points.get(number=placed.record["number"])
        if {one.pk for one in chosen} - set(point.programme_links.values_list("programme_id", flat=True)):
            desk.attempt(
                placed,
                partial(
                    decisions.name_programmes, decision, number=placed.record["number"], programmes=chosen, by=IMPORT
                ),
            )


def take_strategies(desk: Desk) -> None:
    """Strategies with their focus areas, goals and the council's actions."""
    for placed in desk.document.of("strategies"):
        row = placed.record
        given = desk.texts(placed, "name") | desk.texts(placed, "vision") | desk.states(placed, "vision")
        term, adopted = desk.get("council_terms", row["council_term"]), desk.get("decisions", row.get("adopted_by"))
        desk.take(
            placed,
            Strategy,
            partial(strategy.record_strategy, council_term=term, adopted_by=adopted, **given, by=IMPORT),
            content=given,
            edit=_edit_strategy,
        )
    _take_parts(desk, "focus_areas", "strategies", FocusArea, strategy.add_focus_area, "strategy", ("name", "aim"))
    _take_parts(desk, "goals", "focus_areas", Goal, strategy.add_goal, "focus_area", ("text",))
    _take_parts(desk, "council_actions", "goals", CouncilAction, strategy.add_council_action, "goal", ("text",))


def _edit_strategy(part: Any, other: Given) -> Any:
    return strategy.edit_strategy(part, **other, because=BECAUSE, by=IMPORT)


def _take_parts(desk: Desk, kind: str, above: str, model: Any, command: Any, name: str, texts: tuple[str, ...]) -> None:
    for placed in desk.document.of(kind):
        whole = desk.get(above, placed.parent.key if placed.parent else None)
        if whole is None:
            continue
        given: Given = {"order": placed.record["order"]}
        for text in texts:
            given |= desk.texts(placed, text)
        given |= desk.states(placed, *(text for text in texts if text != "name"))
        desk.take(
            placed,
            model,
            partial(command, **{name: whole}, **given, by=IMPORT),
            content=given,
            edit=_edit_strategy,
        )


def take_programmes(desk: Desk) -> None:
    """Programmes with the phases that the register tells, their sectors and plans."""
    for placed in desk.document.of("programmes"):
        row = placed.record
        given: Given = {"code": row["code"], "order": row["order"]}
        for name in ("name", "aim", "description"):
            given |= desk.texts(placed, name)
        given |= desk.states(placed, "aim", "description")
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
            provenance=placed.provenance,
            **given,
            by=IMPORT,
        ),
        content=given,
        edit=lambda programme, other: programmes.edit_programme(programme, **other, because=BECAUSE, by=IMPORT),
        keys={"portfolio.PhaseMove": [desk.key(first["key"])]},
    )


def _take_phase(desk: Desk, placed: Placed, programme: Any) -> None:
    row = placed.record
    if programme.phase_moves.filter(phase=row["phase"]).exists():
        return
    decision = desk.get("decisions", row.get("decision"))
    dated = precision(row["effective_on"])
    desk.attempt(
        placed,
        lambda: programmes.take_over_phase(
            programme, phase=row["phase"], effective_on=day(row["effective_on"]), decision=decision,
            because=row.get("because", ""), key=desk.key(placed.key), **dated, by=IMPORT,
        ),
    )  # fmt: skip


def close_programmes(desk: Desk) -> None:
    """Programmes that the register tells to be closed: last of all, since what is closed takes nothing in."""
    for placed in desk.document.of("phases"):
        programme = desk.get("programmes", placed.parent.key if placed.parent else None)
        if programme is not None and placed.record["phase"] == "closed":
            _take_phase(desk, placed, programme)


def _take_plan(desk: Desk, placed: Placed, programme: Any) -> None:
    row = placed.record
    from portfolio.programmes.models import PlanVersion

    decision = desk.get("decisions", row.get("approved_by"))
    desk.take(
        placed,
        PlanVersion,
        lambda: programmes.take_over_plan_version(
            programme, number=row["number"], state=row["state"], approved_by=decision,
            approved_on=day(row.get("approved_on")), sections=row.get("sections"), by=IMPORT,
        ),
        content={"number": row["number"]},
    )  # fmt: skip


def take_groups(desk: Desk) -> None:
    """Steering groups with their decided seats, and who held them."""
    for placed in desk.document.of("steering_groups"):
        row = placed.record
        given = {name: row[name] for name in ("elected_seats", "official_seats", "deputies", "legal_nature")}
        decided = {
            (s["kind"], s["number"]): desk.key(s["key"]) for s in row.get("seats", ()) if s["kind"] != "attending"
        }
        programme, sized_by = desk.get("programmes", row["programme"]), desk.get("decisions", row.get("sized_by"))
        group = desk.take(
            placed,
            SteeringGroup,
            partial(
                steering.size_group,
                programme,
                sized_by=sized_by,
                seat_keys=decided,
                provenance=placed.provenance,
                **given,
                by=IMPORT,
            ),
            content=given,
        )
        if group is not None:
            _take_seats(desk, placed, group)
    _take_tenures(desk)
    _take_chairships(desk)


def _take_seats(desk: Desk, of_group: Placed, group: Any) -> None:
    for placed in desk.document.inside(of_group, "seats"):
        row = placed.record
        if row["kind"] != "attending":
            desk.child("seats", placed.key, desk.there(Seat, placed.key))
            continue
        given = {"number": row["number"], **desk.texts(placed, "label")}
        starts_on = group.seats.order_by("starts_on").values_list("starts_on", flat=True).first()
        desk.take(
            placed,
            Seat,
            partial(
                steering.open_attending_seat,
                group,
                starts_on=starts_on,
                provenance=placed.provenance,
                **given,
                by=IMPORT,
            ),
            content=given,
        )


def _take_tenures(desk: Desk) -> None:
    for placed in sorted(desk.document.of("tenures"), key=lambda found: found.record["starts_on"]):
        row = placed.record
        seat, person = desk.get("seats", row["seat"]), desk.get("people", row["person"])
        if seat is None or person is None:
            continue
        given = {"starts_on": day(row["starts_on"])}
        told = given | {"appointed_by": desk.get("decisions", row.get("appointed_by")), "provenance": placed.provenance}
        tenure = desk.take(
            placed,
            Tenure,
            partial(_appoint, seat, person, row["capacity"], told),
            content=given,
        )
        if tenure is not None and "ends_on" in row and tenure.ends_on is None:
            ended = {"ends_on": day(row["ends_on"]), "ending": row.get("ending", "other")}
            ended_by = desk.get("decisions", row.get("ended_by"))
            desk.attempt(
                placed,
                partial(steering.end_tenure, tenure, **ended, ended_by=ended_by, by=IMPORT),
            )


def _appoint(seat: Any, person: Any, capacity: str, told: Given) -> Any:
    if capacity == "deputy":
        member = seat.tenures.filter(capacity="member", starts_on__lte=told["starts_on"]).order_by("-starts_on").first()
        return steering.appoint_deputy(member, person=person, **told, by=IMPORT)
    return steering.appoint_member(seat.group, kind=seat.kind, seat=seat, person=person, **told, by=IMPORT)


def _take_chairships(desk: Desk) -> None:
    for placed in desk.document.of("chairships"):
        row = placed.record
        group, person = desk.get("steering_groups", row["group"]), desk.get("people", row["person"])
        given = {"office": row["office"], "starts_on": day(row["starts_on"])}
        named_by = desk.get("decisions", row.get("named_by"))
        chairship = desk.take(
            placed,
            Chairship,
            partial(
                steering.name_chair,
                group,
                person=person,
                named_by=named_by,
                provenance=placed.provenance,
                **given,
                by=IMPORT,
            ),
            content=given,
        )
        if chairship is not None and "ends_on" in row and chairship.ends_on is None:
            ends_on = day(row["ends_on"])
            assert ends_on is not None
            desk.attempt(placed, partial(steering.end_chairship, chairship, ends_on=ends_on, by=IMPORT))


register(
    10, take_terms, take_bodies, take_decisions, take_strategies, take_programmes, name_programmes,
    take_groups,
)  # fmt: skip
register(90, close_programmes)

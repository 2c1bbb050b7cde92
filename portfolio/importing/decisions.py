"""How bodies and their decisions are taken in."""

from __future__ import annotations

from functools import partial

from portfolio.decisions import commands as decisions
from portfolio.decisions.models import Body, Decision
from portfolio.importing.desk import IMPORT, Desk, Given, day, precision
from portfolio.importing.document import Placed
from portfolio.importing.taking import register


def take_bodies(desk: Desk) -> None:
    """The bodies that decide."""
    for placed in desk.document.of("bodies"):
        given = {"kind": placed.record["kind"], "active": placed.record.get("active", True)}
        given |= desk.texts(placed, "name") | desk.texts(placed, "short") | desk.states(placed, short=("name",))
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
    for placed in desk.document.in_turn("decisions", "continues", _turn):
        row, given = placed.record, _decision(desk, placed)
        lines: Given = _lines(desk, placed)
        body = desk.get("bodies", row["body"])
        continues = [found for key in row.get("continues", ()) if (found := desk.get("decisions", key))]
        keys = {
            model._meta.label: [desk.key(found.key) for found in desk.document.inside(placed, name)]
            for name, (model, _) in decisions.COUNTED.items()
        }
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


def _turn(placed: Placed) -> str:
    return str(day(placed.record.get("decided_on")) or "")


def _decision(desk: Desk, placed: Placed) -> Given:
    row = placed.record
    given: Given = {name: row[name] for name in PLAIN_OF_A_DECISION if name in row}
    for name in ("title", "proposal", "handling", "explanation"):
        given |= desk.texts(placed, name)
    given |= desk.states(placed, "proposal", "handling", "explanation", short=("title",))
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


def place_wishes(desk: Desk) -> None:
    """Say which programmes the wishes of the council are about."""
    for placed in desk.document.of("wishes"):
        programme = desk.get("programmes", placed.record.get("programme"))
        decision = desk.get("decisions", placed.parent.key if placed.parent else None)
        if programme is None or decision is None:
            continue
        wish = decision.wishes.filter(order=placed.record["order"]).first()
        if wish is not None and desk.news(placed, wish, {"programme": programme}):
            desk.attempt(placed, partial(decisions.place_wish, wish, programme=programme, by=IMPORT))


register(11, take_bodies, take_decisions)
register(14, name_programmes, place_wishes)

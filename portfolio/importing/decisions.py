"""How bodies and their decisions are taken in."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio.decisions import commands as decisions
from portfolio.decisions.models import Body, Decision, Wish
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


TEXTS = {"points": "text", "annexes": "title", "amendments": "text", "wishes": "text", "recipients": "name"}
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
    lines: dict[str, list[Given]] = {}
    for name in ("points", "preparers", "annexes", "recipients", "amendments", "wishes", "minutes_versions"):
        lines[name] = [_line(desk, found, TEXTS.get(name)) for found in document.inside(placed, name)]
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


def take_lines_again(desk: Desk) -> None:
    """The lines of decisions that were here already: later ones are added, an answer is given, the rest is frozen."""
    known = {placed.key: desk.get("decisions", placed.key) for placed in desk.document.of("decisions")}
    known = {key: found for key, found in known.items() if found is not None and not desk.is_new(found)}
    for name, (model, counter) in decisions.COUNTED.items() if known else ():
        of_ours = model._default_manager.filter(decision__key__startswith=desk.key(""))
        there = {(row.decision_id, getattr(row, counter)): row for row in of_ours}
        for placed in desk.document.of(name):
            if placed.parent and (decision := known.get(placed.parent.key)):
                row = there.get((decision.pk, placed.record[counter]))
                _line_again(desk, placed, decision, row, _line(desk, placed, TEXTS.get(name)))


def _line_again(desk: Desk, placed: Placed, decision: Any, row: Any, line: Given) -> None:
    if row is None:
        _add_line(desk, placed, decision, line)
        return
    other = desk.news(placed, row, line)
    answer = {name: other.pop(name) for name in list(other) if name.startswith("answer")}
    if placed.kind == "wishes" and "owner" in other:
        desk.attempt(placed, partial(decisions.assign_wish, row, owner=other.pop("owner"), by=IMPORT))
    if answer and row.state == Wish.State.OPEN:
        desk.attempt(placed, partial(decisions.answer_wish, row, **answer, by=IMPORT))
    elif answer:
        other |= answer
    if other:
        desk.freeze(placed, other, row)


def _add_line(desk: Desk, placed: Placed, decision: Any, line: Given) -> None:
    adding: dict[str, Any] = {
        "wishes": decisions.add_wish,
        "amendments": decisions.add_amendment,
        "minutes_versions": decisions.add_minutes_version,
    }
    if placed.kind not in adding:
        desk.freeze(placed, ["number" if "number" in placed.record else "order"])
        return
    model, _ = decisions.COUNTED[placed.kind]
    keys = {model._meta.label: [desk.key(placed.key)]}
    desk.attempt(placed, partial(adding[placed.kind], decision, **line, by=IMPORT), keys=keys)


def name_programmes(desk: Desk) -> None:
    """Say which programmes the points of a decision are about."""
    for placed in desk.document.of("points"):
        chosen = [found for key in placed.record.get("programmes", ()) if (found := desk.get("programmes", key))]
        decision = desk.get("decisions", placed.parent.key if placed.parent else None)
        if not chosen or decision is None:
            continue
        point = decision.points.filter(number=placed.record["number"]).first()
        if point and {one.pk for one in chosen} - set(point.programme_links.values_list("programme_id", flat=True)):
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


register(11, take_bodies, take_decisions, take_lines_again)
register(14, name_programmes, place_wishes)

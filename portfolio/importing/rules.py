"""The portfolio's rules as far as a file alone can break them, each yielding its faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal

from portfolio import city
from portfolio.benefits.standing import DIRECTIONS, Kind
from portfolio.importing.document import Document, Fault, Placed
from portfolio.texts import SAME

Rule = Callable[[Document, date, Callable[[date], datetime]], Iterator[Fault]]


def _day(value: object) -> date | None:
    return (
        date.fromisoformat(value)
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)
        else None
    )


def _fault(placed: Placed, field: str, code: str, told: str = "") -> Fault:
    given = placed.record.get(field)
    return Fault(f"{placed.place}/{field}", placed.key, str(given), code, told)


def _body_kind(document: Document, decision: Placed | None) -> str:
    body = document.find("bodies", decision.record.get("body")) if decision else None
    return str(body.record["kind"]) if body else ""


def _point_kinds(decision: Placed | None) -> set[str]:
    return {point["kind"] for point in decision.record.get("points", ())} if decision else set()


def _carries(document: Document, key: str | None, bodies: set[str], kinds: set[str]) -> bool:
    decision = document.find("decisions", key)
    if decision is None:
        return False
    return _body_kind(document, decision) in bodies and bool(_point_kinds(decision) & kinds)


def terms(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """Terms start before they end and do not overlap (INV-01)."""
    found = [(placed, *_span(placed)) for placed in document.of("council_terms")]
    for placed, start, stop in found:
        if start >= stop:
            yield _fault(placed, "ends_on", "term.range")
    for placed in _overlapping(found):
        yield _fault(placed, "starts_on", "term.overlap")


def _span(placed: Placed) -> tuple[date, date]:
    """From its first day to its last; without a last one to the end of the calendar."""
    start = placed.record["starts_on"]
    start = start["not_after"] if isinstance(start, dict) else start
    return _day(start) or date.min, _day(placed.record.get("ends_on")) or date.max


def _overlapping(spans: list[tuple[Placed, date, date]]) -> Iterator[Placed]:
    """Those that begin before one that began earlier has ended."""
    last = date.min
    for number, (placed, start, stop) in enumerate(sorted(spans, key=lambda span: span[1])):
        if number and start <= last:
            yield placed
        last = max(last, stop)


def decisions(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """A decision has what its kind needs; only what is taken over may lack it (INV-05 to INV-08)."""
    seen: set[tuple[object, ...]] = set()
    for placed in document.of("decisions"):
        row, day = placed.record, _day(placed.record.get("decided_on"))
        numbered = _body_kind(document, placed) in ("council", "board")
        if placed.provenance != "taken_over" and row["outcome"] == "made":
            for field in ("decided_on", *(("section", "case_number") if numbered else ())):
                if field not in row:
                    yield _fault(placed, field, "decision.incomplete")
        if "case_number" in row and not (form := city.identity().case_number).fits(row["case_number"]):
            yield _fault(placed, "case_number", "case_number.format", f"as in {form.example}")
        if day and day > today and row["outcome"] != "planned":
            yield _fault(placed, "decided_on", "decision.future")
        if day and "section" in row:
            if (identity := (row["body"], day, row["section"])) in seen:
                yield _fault(placed, "section", "decision.duplicate")
            seen.add(identity)
    for placed in document.in_circles("decisions", "continues"):
        yield _fault(placed, "continues", "import.circle", "a decision continues earlier ones, never itself")


def authority(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """What rests on a decision rests on one that was made, by the right body and of the right kind."""
    uses = [
        ("programmes", "set_by", {"council"}, {"set", "approve"}, "decision.wrong_body"),
        ("programmes", "closed_by", {"council"}, {"close"}, "programme.close_needs_decision"),
        ("benefit_targets", "approved_by", {"council"}, {"approve"}, "benefit.needs_council_decision"),
        ("benefit_targets", "proposed_by", {"board"}, {"propose"}, "benefit.needs_board_proposal"),
        ("target_versions", "approved_by", {"council"}, {"approve"}, "benefit.needs_council_decision"),
        ("plan_versions", "approved_by", {"board"}, {"approve"}, "plan.needs_board_decision"),
    ]
    for kind, field, bodies, kinds, code in uses:
        for placed in document.of(kind):
            decision = document.find("decisions", placed.record.get(field))
            if decision is None:
                continue
            if decision.record["outcome"] == "planned":
                yield _fault(placed, field, "decision.not_made")
            elif decision.record["outcome"] in ("returned", "tabled", "removed"):
                yield _fault(placed, field, "decision.not_approving")
            elif _body_kind(document, decision) and not _carries(document, placed.record.get(field), bodies, kinds):
                yield _fault(placed, field, code, f"{' or '.join(sorted(bodies))}, kind {' or '.join(sorted(kinds))}")


def programmes(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """One programme of a name and of a code in a term (INV-02); closed only with its decision (INV-04)."""
    seen: set[tuple[object, ...]] = set()
    for placed in document.of("programmes"):
        row = placed.record
        for field, value in (("name", row["name"][city.identity().first]), ("code", row["code"])):
            if (identity := (row["council_term"], field, value)) in seen:
                yield Fault(f"{placed.place}/{field}", placed.key, str(value), "programme.duplicate")
            seen.add(identity)
        if any(move["phase"] == "closed" for move in row["phases"]) and "closed_by" not in row:
            yield _fault(placed, "closed_by", "programme.close_needs_decision")


def groups(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """One group a programme, as many elected seats as official (INV-20, INV-21)."""
    seen: set[str] = set()
    for placed in document.of("steering_groups"):
        row = placed.record
        if row["programme"] in seen:
            yield _fault(placed, "programme", "group.exists")
        seen.add(row["programme"])
        for sized in (placed, *document.inside(placed, "resizings")):
            if sized.record["elected_seats"] != sized.record["official_seats"]:
                yield _fault(sized, "official_seats", "group.parity")
        yield from _seats_of(document, placed)


def _seats_of(document: Document, group: Placed) -> Iterator[Fault]:
    """Each seat once, and no more of a kind than were decided; those that attend and speak are not decided."""
    seen: set[tuple[str, int]] = set()
    sizes = [group.record, *(placed.record for placed in document.inside(group, "resizings"))]
    for placed in document.inside(group, "seats"):
        kind, number = placed.record["kind"], placed.record["number"]
        if (kind, number) in seen:
            yield _fault(placed, "number", "seat.duplicate")
        seen.add((kind, number))
        decided = number if kind == "attending" else max(sized[f"{kind}_seats"] for sized in sizes)
        if number > decided:
            yield _fault(placed, "number", "group.parity", f"{decided} {kind} seats were decided")


def seats(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """Who held a seat: the right way round, by the group's rule on deputies, one at a time (INV-25 to INV-31)."""
    held: dict[tuple[str, str], list[tuple[Placed, date, date]]] = {}
    for placed in document.of("tenures"):
        row, (start, stop) = placed.record, _span(placed)
        if stop < start:
            yield _fault(placed, "ends_on", "member.range")
        held.setdefault((row["seat"], row["capacity"]), []).append((placed, start, stop))
        seat = document.find("seats", row["seat"])
        group = seat.parent.record if seat and seat.parent else {}
        if row["capacity"] == "deputy" and group.get("deputies") == "none":
            yield _fault(placed, "capacity", "deputy.policy")
        if seat and (told := _misappointed(document, placed, seat)):
            yield _fault(placed, "appointed_by", "member.appointer", told)
    for spans in held.values():
        for placed in _overlapping(spans):
            yield _fault(placed, "seat", "member.overlap")


def _misappointed(document: Document, tenure: Placed, seat: Placed) -> str:
    """Which body appoints to the seat, if the decision named is another's; none may be named (INV-24)."""
    wanted = {"elected": "council", "official": city.identity().officials_named_by}.get(seat.record["kind"])
    given = _body_kind(document, document.find("decisions", tenure.record.get("appointed_by")))
    return f"a decision of the {wanted} appoints to this seat" if wanted and given not in ("", wanted) else ""


def chairs(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """A chair holds an elected seat on the day; one of whose seats the file tells nothing isn't judged (INV-28)."""
    held: dict[tuple[str, str], list[tuple[date, date, str]]] = {}
    for placed in document.of("tenures"):
        row, seat = placed.record, document.find("seats", placed.record["seat"])
        if seat and seat.parent:
            as_what = "chair.deputy" if row["capacity"] == "deputy" else seat.record["kind"]
            held.setdefault((seat.parent.key, row["person"]), []).append((*_span(placed), as_what))
    for placed in document.of("chairships"):
        told, day = held.get((placed.record["group"], placed.record["person"])), _span(placed)[0]
        kinds = {kind for start, stop, kind in told or () if start <= day <= stop}
        if told and "elected" not in kinds:
            code = "chair.deputy" if "chair.deputy" in kinds else "chair.kind" if kinds else "chair.not_member"
            yield _fault(placed, "person", code, "one who holds an elected seat on that day")


def _coded_once(found: list[Placed], duplicate: str) -> Iterator[Fault]:
    """A code stands once in a programme."""
    seen: set[tuple[str, str]] = set()
    for placed in found:
        coded = placed.record["programme"], placed.record["code"]
        if coded in seen:
            yield _fault(placed, "code", duplicate)
        seen.add(coded)


def targets(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """A code once a programme; an approved target names its council decision; a target names a goal (INV-50 to 59)."""
    yield from _coded_once(document.of("benefit_targets"), "benefit.duplicate")
    for placed in document.of("benefit_targets"):
        row = placed.record
        if row["state"] in ("approved", "replaced", "ended") and "approved_by" not in row:
            yield _fault(placed, "approved_by", "benefit.needs_council_decision")
        if row["state"] == "proposed" and "proposed_by" not in row and placed.provenance != "taken_over":
            yield _fault(placed, "proposed_by", "benefit.needs_board_proposal")
        if placed.provenance != "taken_over" and not row.get("goals"):
            yield _fault(placed, "goals", "benefit.no_goal")
        yield from _versions_of(document, placed)


def _versions_of(document: Document, target: Placed) -> Iterator[Fault]:
    """Numbered from one, each approved in its turn; only a target that the council has approved has a second one."""
    versions = document.inside(target, "target_versions")
    wanted = _version_states(target.record["state"], versions)
    for number, (placed, state) in enumerate(zip(versions, wanted, strict=True), start=1):
        if placed.record["number"] != number:
            yield _fault(placed, "number", "import.versions", f"the versions stand in order: this is number {number}")
        if placed.record["state"] != state:
            yield _fault(placed, "state", "import.versions", f"as the target stands, this one is {state}")
    of_target, of_version = target.record.get("approved_by"), versions[0].record.get("approved_by")
    if of_version not in (None, of_target):
        yield _fault(versions[0], "approved_by", "import.versions", "the first version was approved with its target")


def _version_states(state: str, versions: list[Placed]) -> list[str]:
    """What the versions of a target in this state are, the last one perhaps a draft of the next."""
    if state not in ("approved", "replaced", "ended"):
        return ["superseded"] * (len(versions) - 1) + ["draft"]
    open_one = ["draft"] if len(versions) > 1 and versions[-1].record["state"] == "draft" else []
    return ["superseded"] * (len(versions) - 1 - len(open_one)) + ["approved", *open_one]


def indicators(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """The day of a target comes after that of its baseline; a way to go agrees with its direction (INV-56)."""
    for placed in document.of("indicator_plans"):
        row = placed.record
        indicator = document.find("indicators", row["indicator"])
        if (_day(row.get("target_on")) or date.max) <= (_day(row.get("baseline_on")) or date.min):
            yield _fault(placed, "target_on", "indicator.dates")
        kind = indicator.record["kind"] if indicator else ""
        direction = indicator.record.get("direction") if indicator and kind == "reach" else None
        ends = [Decimal(row[name]) for name in ("baseline_value", "target_value") if name in row]
        way = ends[1] - ends[0] if len(ends) == 2 else None
        if way is not None and ((direction == "up" and way <= 0) or (direction == "down" and way >= 0)):
            yield _fault(placed, "target_value", "indicator.direction")
    for placed in document.of("indicators"):
        given = placed.record.get("direction")
        possible = sorted(DIRECTIONS[Kind(placed.record["kind"])])
        if given is not None and given not in possible:
            yield _fault(placed, "direction", "indicator.direction", f"of this kind: {' or '.join(possible) or 'none'}")
    for version in document.of("target_versions"):
        yield from _plans_of(document, version)


def _plans_of(document: Document, version: Placed) -> Iterator[Fault]:
    """Each indicator of the target once, and each day of its path once."""
    planned: set[str] = set()
    for placed in document.inside(version, "indicator_plans"):
        key = placed.record["indicator"]
        indicator = document.find("indicators", key)
        if indicator and indicator.parent is not version.parent:
            yield _fault(placed, "indicator", "import.reference_unknown", "an indicator of the same target")
        if key in planned:
            yield _fault(placed, "indicator", "indicator.duplicate")
        planned.add(key)
        days: set[str] = set()
        for point in document.inside(placed, "path_points"):
            if point.record["on"] in days:
                yield _fault(point, "on", "indicator.path")
            days.add(point.record["on"])


def measurements(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """Measured between the baseline and today, once a day, as finely as the indicator tells (INV-57, INV-58)."""
    seen: set[tuple[str, str]] = set()
    began = _baselines(document)
    for placed in document.of("measurements"):
        row, indicator = placed.record, document.find("indicators", placed.record["indicator"])
        if not began.get(row["indicator"], date.min) <= (_day(row["measured_on"]) or date.min) <= today:
            yield _fault(placed, "measured_on", "measurement.date", "from the day of the baseline to today")
        decimals = indicator.record.get("decimals", 0) if indicator else None
        if decimals is not None and -int(Decimal(row["value"]).normalize().as_tuple().exponent) > decimals:
            yield _fault(placed, "value", "measurement.decimals", f"at most {decimals} decimals")
        if (row["indicator"], row["measured_on"]) in seen:
            yield _fault(placed, "measured_on", "measurement.duplicate")
        seen.add((row["indicator"], row["measured_on"]))


def _baselines(document: Document) -> dict[str, date]:
    """The first day of each indicator that has one."""
    first: dict[str, date] = {}
    for plan in document.of("indicator_plans"):
        if day := _day(plan.record.get("baseline_on")):
            first[plan.record["indicator"]] = min(day, first.get(plan.record["indicator"], date.max))
    return first


def projects(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """Codes once, dates in order, targets of its own programme, endings with what they need (INV-70 to 79)."""
    yield from _coded_once(document.of("projects"), "project.duplicate")
    for placed in document.of("projects"):
        row = placed.record
        if "starts_on" in row and "ends_on" in row and row["ends_on"] < row["starts_on"]:
            yield _fault(placed, "ends_on", "project.dates")
        reached = row["moves"][-1]["state"] if row.get("moves") else "planned"
        if row["state"] != reached:
            yield _fault(placed, "state", "import.state", f"the moves lead to {reached}")
        yield from _served_by(document, placed)
    for pilot in document.of("pilots"):
        if pilot.record["state"] == "ended_without_adoption" and "lessons" not in pilot.record:
            yield _fault(pilot, "lessons", "pilot.no_lessons")
        if pilot.record["state"] == "adopted" and pilot.provenance != "taken_over" and "decision" not in pilot.record:
            yield _fault(pilot, "decision", "pilot.needs_line_decision")
    for milestone in document.of("milestones"):
        project = document.find("projects", milestone.record["project"])
        start, stop = (project.record.get("starts_on"), project.record.get("ends_on")) if project else (None, None)
        planned = milestone.record["planned_on"]
        if (start and planned < start) or (stop and planned > stop):
            yield _fault(milestone, "planned_on", "milestone.dates")
        if (_day(milestone.record.get("reached_on")) or date.min) > today:
            yield _fault(milestone, "reached_on", "milestone.future", "a day that has come")


def _served_by(document: Document, project: Placed) -> Iterator[Fault]:
    """It serves targets of its own programme, one at least, and supports those of others, each once (INV-70)."""
    links, seen = project.record.get("targets", ()), set()
    if project.provenance != "taken_over" and all(link.get("role") == "supports" for link in links):
        yield _fault(project, "targets", "project.no_target")
    for number, link in enumerate(links):
        target, place = document.find("benefit_targets", link["target"]), f"{project.place}/targets/{number}/target"
        own = target is None or target.record["programme"] == project.record["programme"]
        if own is (link.get("role") == "supports") and target is not None:
            yield Fault(place, project.key, link["target"], "project.support_own" if own else "project.foreign_target")
        if link["target"] in seen:
            yield Fault(place, project.key, link["target"], "project.target_duplicate")
        seen.add(link["target"])


def schedules(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """A status date lies in its schedule's time, and the cut-off after its end (INV-91, INV-104)."""
    for placed in document.of("schedule_entries"):
        schedule = placed.parent.record if placed.parent else {}
        term = document.find("council_terms", schedule.get("council_term"))
        day, cut = _day(placed.record["status_on"]), placed.record.get("cut_at")
        if term and day and not term.record["starts_on"] <= placed.record["status_on"] <= term.record["ends_on"]:
            yield _fault(placed, "status_on", "schedule.range")
        if day and cut and datetime.fromisoformat(cut) <= end(day):
            yield _fault(placed, "cut_at", "report.too_early")


def same_texts(document: Document, today: date, end: Callable[[date], datetime]) -> Iterator[Fault]:
    """What is said to be the same in a language is the same there (INV-98)."""
    first = city.identity().first
    for placed in (placed for kind in document.by_kind for placed in document.of(kind)):
        for name, words in placed.record.items():
            states = words.get("state") if isinstance(words, dict) else None
            for code, state in states.items() if isinstance(states, dict) else ():
                if state == SAME and words.get(code, words[first]) != words[first]:
                    yield Fault(f"{placed.place}/{name}/{code}", placed.key, words[code], "text.not_same")


RULES: tuple[Rule, ...] = (
    terms, decisions, authority, programmes, groups, seats, chairs, targets, indicators, measurements, projects,
    schedules, same_texts,
)  # fmt: skip

"""What can be done with bodies, decisions and wishes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar, cast

from portfolio import clock, history
from portfolio.decisions import governance, lifecycle
from portfolio.decisions.models import (
    Body,
    Continuation,
    Decision,
    DecisionAmendment,
    DecisionAnnex,
    DecisionPoint,
    DecisionPreparer,
    DecisionRecipient,
    MinutesVersion,
    PointProgramme,
    Wish,
)
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Lack, Refused

Actor = Person | history.Job
Line = Mapping[str, Any]
Outcome = Decision.Outcome
Added = TypeVar("Added", Wish, DecisionAmendment, MinutesVersion)

# The kinds of line of a decision: by what they are counted.
COUNTED: dict[str, tuple[Any, str]] = {
    "points": (DecisionPoint, "number"),
    "annexes": (DecisionAnnex, "number"),
    "preparers": (DecisionPreparer, "order"),
    "recipients": (DecisionRecipient, "order"),
    "amendments": (DecisionAmendment, "order"),
    "wishes": (Wish, "order"),
    "minutes_versions": (MinutesVersion, "language"),
}


def record_body(*, kind: str, name_fi: str = "", by: Actor, **described: Any) -> Body:
    """Enter a body that decides; a city has one council, one board and one manager at a time."""
    with history.change(by=by):
        permissions.require(by, "record_body")
        return Body(kind=kind, name_fi=name_fi, **described).checked_save()


def edit_body(body: Body, *, by: Actor, seen: int | None = None, **changes: Any) -> Body:
    """Change the names of a body, or end its use; what it decided stays its own."""
    with history.change(by=by):
        body = history.lock(Body, body.pk, seen=seen)
        permissions.require(by, "record_body")
        for field, value in changes.items():
            setattr(body, field, value)
        return body.checked_save()


def record_decision(
    *,
    body: Body,
    title_fi: str = "",
    outcome: str,
    continues: Iterable[Decision] = (),
    by: Actor,
    **described: Any,
) -> Decision:
    """Record an item of a body's agenda or minutes with its points, annexes, people and recipients.

    A decision that has been made has its day, a point and, from the council and the board, section and case number
    (INV-05); the case number has its form (INV-06); a planned one has no day of deciding (INV-07) and no day is still
    to come (INV-08); kinds come from the list (INV-10). Only what is taken over from an older register may lack some.
    """
    lines = {name: described.pop(name, ()) for name in COUNTED}
    with history.change(by=by):
        permissions.require(by, "record_decision")
        decision = Decision(body=body, title_fi=title_fi, outcome=outcome, **described)
        _check(decision, [point.get("kind", "") for point in lines["points"]])
        decision.checked_save()
        for name, given in lines.items():
            _add_lines(decision, name, given, after=0)
        for earlier in continues:
            Continuation(decision=decision, earlier=earlier, provenance=decision.provenance).checked_save()
        return decision


def edit_decision(decision: Decision, *, by: Actor, seen: int | None = None, **changes: Any) -> Decision:
    """Change an item that is still planned; one that the body has dealt with is corrected with a reason (INV-12)."""
    with history.change(by=by):
        decision = _locked(decision, by=by, verb="record_decision", seen=seen)
        if decision.outcome != Outcome.PLANNED:
            raise Refused("decision.already_made", outcome=decision.outcome)
        return _apply(decision, changes)


def record_outcome(decision: Decision, *, outcome: str, by: Actor, seen: int | None = None, **changes: Any) -> Decision:
    """Record what the body did with a planned item: made, returned, left on the table or removed (INV-07).

    The planned day stays beside the actual one, so that a slip can be seen.
    """
    with history.change(by=by):
        decision = _locked(decision, by=by, verb="record_decision", seen=seen)
        if decision.outcome != Outcome.PLANNED:
            raise Refused("decision.already_made", outcome=decision.outcome)
        return _apply(decision, changes | {"outcome": outcome})


def check_minutes(decision: Decision, *, checked_on: date, by: Actor, seen: int | None = None) -> Decision:
    """Record the day on which the minutes were checked; from then on the decision is final (INV-09)."""
    with history.change(by=by):
        decision = _locked(decision, by=by, verb="record_decision", seen=seen)
        if decision.minutes_checked_on is not None:
            raise Refused("decision.minutes_already_checked", field="checked_on", on=decision.minutes_checked_on)
        if decision.outcome == Outcome.PLANNED or decision.body.kind in governance.WITHOUT_MINUTES:
            raise Refused("decision.minutes_none", outcome=decision.outcome, body=decision.body.kind)
        if checked_on > clock.today():
            raise Refused("decision.future", field="checked_on", given=checked_on)
        decision.minutes_checked_on = checked_on
        return decision.checked_save()


def correct_decision(
    decision: Decision, *, because: str, by: Actor, seen: int | None = None, **changes: Any
) -> Decision:
    """Correct what was recorded wrongly, with a reason; the old wording stays in the history (INV-12, INV-110).

    Lines are corrected by their number and none is lost. While other records rest on the decision, its body, its
    outcome, the kinds of its points and the checking of its minutes stay as they are.
    """
    with history.change(by=by, because=because, required=True):
        decision = _locked(decision, by=by, verb="correct_decision", seen=seen)
        if lost := _authority_changed(decision, changes):
            _require_unused(decision, lost)
        return _apply(decision, changes)


def name_programmes(
    decision: Decision,
    *,
    number: int,
    programmes: Iterable[Any],
    because: str = "",
    by: Actor,
    seen: int | None = None,
) -> DecisionPoint:
    """Say which programmes the point of this number is about; until then it is about the matter as a whole.

    The programmes that a point sets up exist only after it, so this follows the recording.
    """
    with history.change(by=by, because=because):
        decision = _locked(decision, by=by, verb="record_decision", seen=seen)
        point = decision.points.filter(number=number).first()
        if point is None:
            raise Refused("decision.no_such_point", field="number", given=number)
        _name_more(point, programmes)
        _count_line_change(decision)
        return point


def add_wish(decision: Decision, *, text_fi: str = "", by: Actor, seen: int | None = None, **described: Any) -> Wish:
    """Record a wish (toivomus) that was attached to a decision, with the one who will answer it (INV-10)."""
    return _add_line_to(decision, Wish, {"text_fi": text_fi, **described}, by=by, seen=seen)


def add_amendment(
    decision: Decision, *, text_fi: str = "", by: Actor, seen: int | None = None, **described: Any
) -> DecisionAmendment:
    """Record a change to the item that was proposed in the meeting, and whether it was adopted (INV-10)."""
    return _add_line_to(decision, DecisionAmendment, {"text_fi": text_fi, **described}, by=by, seen=seen)


def add_minutes_version(
    decision: Decision, *, language: str, official: bool, by: Actor, seen: int | None = None, **described: Any
) -> MinutesVersion:
    """Record that the minutes exist in a language, officially or as an unofficial translation."""
    line = {"language": language, "official": official, **described}
    return _add_line_to(decision, MinutesVersion, line, by=by, seen=seen)


def assign_wish(wish: Wish, *, owner: Person, by: Actor, seen: int | None = None) -> Wish:
    """Name the one who sees to it that a wish of the council is answered."""
    with history.change(by=by):
        wish = history.lock(Wish, wish.pk, seen=seen)
        permissions.require(by, "record_wish")
        if not owner.active:
            raise Refused("person.inactive", field="owner")
        wish.owner = owner
        return wish.checked_save()


def delay_wish(wish: Wish, *, delay_fi: str = "", by: Actor, seen: int | None = None, **described: Any) -> Wish:
    """Say why an open wish of the council has no answer yet; the next report prints it.

    Its owner may, and the director. Said anew for each report: an older reason is no answer to a later one.
    """
    with history.change(by=by):
        wish = _answerable(wish, by=by, seen=seen)
        if wish.state != Wish.State.OPEN:
            raise Refused("wish.answered", answered_on=wish.answered_on)
        wish.delay_fi, wish.delayed_on = delay_fi, clock.today()
        for field, value in described.items():
            setattr(wish, field, value)
        return wish.checked_save()


def place_wish(wish: Wish, *, programme: Any, by: Actor, seen: int | None = None) -> Wish:
    """Say which programme a wish of the council is about; it may be set up by the same decision, and so come after."""
    with history.change(by=by):
        wish = history.lock(Wish, wish.pk, seen=seen)
        permissions.require(by, "record_wish")
        wish.programme = programme
        return wish.checked_save()


def answer_wish(
    wish: Wish,
    *,
    answer_fi: str = "",
    answered_on: date | None = None,
    because: str = "",
    by: Actor,
    seen: int | None = None,
    **described: Any,
) -> Wish:
    """Answer a wish of the council; its owner may, and the director. A second answer needs a reason (INV-110)."""
    with history.change(by=by, because=because):
        wish = _answerable(wish, by=by, seen=seen)
        if wish.state == Wish.State.ANSWERED:
            history.require_reason(because, "wish.answered", answered_on=wish.answered_on)
        answered_on = answered_on or clock.today()
        if answered_on > clock.today():
            raise Refused("decision.future", field="answered_on", given=answered_on)
        wish.state, wish.answer_fi, wish.answered_on = Wish.State.ANSWERED, answer_fi, answered_on
        wish.delay_fi, wish.delay_sv, wish.delay_en, wish.delayed_on = "", "", "", None
        for field, value in described.items():
            setattr(wish, field, value)
        return wish.checked_save()


def _answerable(wish: Wish, *, by: Actor, seen: int | None) -> Wish:
    """The wish, locked for its owner or the director."""
    wish = history.lock(Wish, wish.pk, seen=seen)
    if right := right_to_answer(wish, by):
        permissions.require(by, right)
    return wish


def right_to_answer(wish: Wish, by: Actor) -> str:
    """The right to answer a wish; its owner needs none."""
    own = isinstance(by, Person) and by.active and by.pk == wish.owner_id
    return "" if own else "answer_wish"


def _locked(decision: Decision, *, by: Actor, verb: str, seen: int | None) -> Decision:
    decision = history.lock(Decision, decision.pk, seen=seen)
    permissions.require(by, verb)
    return decision


def _check(decision: Decision, kinds: Sequence[str]) -> None:
    if found := lifecycle.lacks_of_record(decision, kinds, today=clock.today()):
        raise Refused.all(found)


def _apply(decision: Decision, changes: Mapping[str, Any]) -> Decision:
    """Set the fields and the lines that were given, check the whole, save what changed."""
    lines = {name: changes[name] for name in COUNTED if name in changes}
    for field, value in changes.items():
        if field not in COUNTED:
            setattr(decision, field, value)
    _check(decision, list(_kinds_after(decision, lines.get("points", ())).values()))
    decision.line_changes += bool(lines)
    decision.checked_save()
    for name, given in lines.items():
        _set_lines(decision, name, given)
    return decision


def _kinds_after(decision: Decision, given: Sequence[Line]) -> dict[int, str]:
    """The kinds of the points by number, once the given ones are in place."""
    kinds = dict(decision.points.values_list("number", "kind"))
    for place, line in enumerate(given, start=1):
        number = line.get("number", place)
        kinds[number] = line.get("kind", kinds.get(number, ""))
    return kinds


def _authority_changed(decision: Decision, changes: Mapping[str, Any]) -> list[str]:
    """The fields on which others rest and that the correction would change."""
    lost = [field for field in ("body", "outcome") if field in changes and changes[field] != getattr(decision, field)]
    if "minutes_checked_on" in changes and changes["minutes_checked_on"] is None and decision.minutes_checked_on:
        lost.append("minutes_checked_on")
    kinds = dict(decision.points.values_list("number", "kind"))
    after = _kinds_after(decision, changes.get("points", ()))
    return lost + ["points" for number in kinds if after[number] != kinds[number]][:1]


def _require_unused(decision: Decision, fields: Iterable[str]) -> None:
    if used_by := governance.resting_on(decision):
        raise Refused.all(Lack("decision.in_use", field=field, used_by=used_by) for field in fields)


def _add_line_to(decision: Decision, model: type[Added], line: Line, *, by: Actor, seen: int | None) -> Added:
    """Add what came up in the meeting to an item that the body has dealt with."""
    (name,) = (name for name, (counted, _) in COUNTED.items() if counted is model)
    with history.change(by=by):
        decision = _locked(decision, by=by, verb="record_wish" if model is Wish else "record_decision", seen=seen)
        if decision.outcome == Outcome.PLANNED:
            raise Refused("decision.line_too_early", outcome=decision.outcome)
        there = 0 if model is MinutesVersion else model._default_manager.filter(decision=decision).count()
        (added,) = _add_lines(decision, name, [line], after=there)
        _count_line_change(decision)
        return cast(Added, added)


def _add_lines(decision: Decision, name: str, given: Sequence[Line], *, after: int) -> list[Any]:
    """New lines, numbered after those already there unless they bring their number."""
    model, counter = COUNTED[name]
    return [_add_line(model, decision, {counter: place, **line}) for place, line in enumerate(given, start=after + 1)]


def _add_line(model: type[Any], decision: Decision, line: Line) -> Any:
    fields = {"provenance": decision.provenance, **line}
    programmes = fields.pop("programmes", ())
    if model is Wish and any(fields.get(f"answer_{code}") for code in LANGUAGES):
        fields["state"] = Wish.State.ANSWERED
    added = model(decision=decision, **fields).checked_save()
    _name_more(added, programmes)
    return added


def _set_lines(decision: Decision, name: str, given: Sequence[Line]) -> None:
    """Change the lines that are there, by their number; add the others; lose none."""
    model, counter = COUNTED[name]
    there = {getattr(line, counter): line for line in model._default_manager.filter(decision=decision)}
    for place, line in enumerate(given, start=1):
        known = there.get(line.get(counter, place))
        if known is None:
            _add_line(model, decision, {counter: place, **line})
            continue
        for field, value in line.items():
            if field != "programmes":
                setattr(known, field, value)
        known.checked_save()
        _name_more(known, line.get("programmes", ()))


def _name_more(point: Any, programmes: Iterable[Any]) -> None:
    if not (programmes := list(programmes)):
        return
    named = set(point.programme_links.values_list("programme_id", flat=True))
    for programme in programmes:
        if programme.pk not in named:
            PointProgramme(point=point, programme=programme, provenance=point.provenance).checked_save()


def _count_line_change(decision: Decision) -> None:
    """A changed line makes a new version of the item, so that a second editor is told (INV-116)."""
    decision.line_changes += 1
    decision.checked_save()

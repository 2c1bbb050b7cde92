"""Which move needs the decision of which body and of which kind: a table that a secretary can read."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import models

from portfolio import city
from portfolio.decisions.kinds import PointKind
from portfolio.decisions.models import PUT_OFF, Body, Decision, PointProgramme
from portfolio.history import InsertOnly, Provenance, Tracked
from portfolio.refusals import Lack, Refused

COUNCIL, BOARD, MANAGER = Body.Kind.COUNCIL, Body.Kind.BOARD, Body.Kind.MANAGER
COMMITTEE, LINE_UNIT = Body.Kind.COMMITTEE, Body.Kind.LINE_UNIT
SET, ELECT, PROPOSE = PointKind.SET, PointKind.ELECT, PointKind.PROPOSE
APPROVE, NOTE, CLOSE = PointKind.APPROVE, PointKind.NOTE, PointKind.CLOSE
RELEASE = PointKind.ACCEPT_RESIGNATION


class Authority(NamedTuple):
    """The bodies and the kinds of decision that carry a move, and the code of the refusal without them."""

    bodies: tuple[Body.Kind, ...]
    kinds: tuple[PointKind, ...]
    code: str


# move                        body                     kind of decision    refused as
AUTHORITY: dict[str, Authority] = {
    "strategy.adopt": Authority((COUNCIL,), (SET, APPROVE), "decision.wrong_body"),
    "programme.set": Authority((COUNCIL,), (SET, APPROVE), "decision.wrong_body"),  # INV-03
    "group.size": Authority((COUNCIL,), (SET, ELECT, APPROVE), "decision.wrong_body"),  # INV-21
    "member.elect": Authority((COUNCIL,), (ELECT,), "member.appointer"),  # INV-24
    "member.name": Authority((MANAGER,), (ELECT,), "member.appointer"),  # INV-24
    "member.release": Authority((COUNCIL,), (RELEASE,), "member.resignation_not_accepted"),  # INV-24
    "chair.name": Authority((COUNCIL,), (ELECT,), "chair.appointer"),  # INV-28
    "benefit.propose": Authority((BOARD,), (PROPOSE,), "benefit.needs_board_proposal"),  # INV-53
    "benefit.approve": Authority((COUNCIL,), (APPROVE,), "benefit.needs_council_decision"),  # INV-52
    "benefit.end": Authority((COUNCIL,), (APPROVE, CLOSE), "benefit.end_needs_council_decision"),  # INV-52, INV-54
    "plan.approve": Authority((BOARD,), (APPROVE,), "plan.needs_board_decision"),  # INV-72
    "programme.close": Authority((COUNCIL,), (CLOSE,), "programme.close_needs_decision"),  # INV-04
    "report.propose": Authority((BOARD,), (PROPOSE,), "report.needs_proposal"),  # INV-92
    "report.note": Authority((COUNCIL,), (NOTE,), "report.needs_note"),  # INV-101
    "pilot.adopt": Authority((LINE_UNIT, COMMITTEE), (SET, APPROVE), "pilot.needs_line_decision"),  # INV-79
}


def authority_of(move: str) -> Authority:
    """Who carries a move; who names a group's officials is the city's own (INV-24)."""
    found = AUTHORITY[move]
    return found._replace(bodies=(Body.Kind(city.identity().officials_named_by),)) if move == "member.name" else found


# An older register tells who decided, and often not by which kind of point: that is taken at its word (INV-05). The
# body never is: a decision of another body appoints nobody.
TAKEN_AT_ITS_WORD = frozenset({"member.elect", "member.name", "member.release"})

# An official signs alone; there are no minutes for others to check (Local Government Act, section 107).
WITHOUT_MINUTES = frozenset({MANAGER, LINE_UNIT})


def is_final(decision: Decision) -> bool:
    """Made, and its minutes checked; one taken over from an older register counts as final (INV-05, INV-09)."""
    if decision.outcome != Decision.Outcome.MADE:
        return False
    return (
        decision.minutes_checked_on is not None
        or decision.provenance == Provenance.TAKEN_OVER
        or decision.body.kind in WITHOUT_MINUTES
    )


def lacks(decision: Decision | None, move: str, *, programme: Any = None, field: str = "decision") -> list[Lack]:
    """All that the decision lacks to carry the move; empty when it carries it.

    A planned decision carries nothing (INV-07), nor does one that put the matter off (INV-11); body and kind come
    from the table; the minutes must have been checked (INV-09). Programmes named on the points limit them to these.
    """
    authority = authority_of(move)
    accepts = {"accepts_bodies": [*authority.bodies], "accepts_kinds": [*authority.kinds]}
    if decision is None:
        return [Lack(authority.code, field=field, body=None, kinds=[], **accepts)]
    kinds = _kinds(decision, programme)
    given = {"decision": decision.pk, "body": decision.body.kind, "kinds": kinds, "outcome": decision.outcome}
    return [Lack(code, field=field, **given, **accepts) for code in _codes(decision, move, kinds)]


def require(decision: Decision | None, move: str, programme: Any = None, *, field: str = "decision") -> None:
    """Refuse the move unless the decision carries it, naming all that is missing at once."""
    if missing := lacks(decision, move, programme=programme, field=field):
        raise Refused.all(missing)


def resting_on(decision: Decision) -> list[str]:
    """The records of other rooms and packages that refer to the decision, as "kind id" (INV-12)."""
    found: list[str] = []
    for relation in Decision._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or not _is_reference(relation.related_model):
            continue
        rows = relation.related_model._default_manager.filter(**{relation.field.name: decision})
        ids = rows.order_by("pk").values_list("pk", flat=True)
        found += [f"{relation.related_model._meta.model_name} {pk}" for pk in ids]
    return found


def _is_reference(model: type[models.Model]) -> bool:
    return issubclass(model, Tracked | InsertOnly) and model.__module__ != Decision.__module__


def _codes(decision: Decision, move: str, kinds: list[str]) -> Iterable[str]:
    authority = authority_of(move)
    taken_at_its_word = decision.provenance == Provenance.TAKEN_OVER and move in TAKEN_AT_ITS_WORD
    puts_off = decision.outcome in PUT_OFF or (kinds and set(kinds) <= set(PUT_OFF.values()))
    if decision.outcome == Decision.Outcome.PLANNED:
        yield "decision.not_made"
    elif puts_off:
        yield "decision.not_approving"
    wrong_kind = not taken_at_its_word and not puts_off and not set(kinds) & set(authority.kinds)
    if decision.body.kind not in authority.bodies or wrong_kind:
        yield authority.code
    if decision.outcome == Decision.Outcome.MADE and not is_final(decision):
        yield "decision.minutes_unchecked"


def _kinds(decision: Decision, programme: Any) -> list[str]:
    """The kinds of the points that are about the programme, or about the matter as a whole."""
    named: dict[int, set[int]] = {}
    for link in PointProgramme.objects.filter(point__decision=decision).order_by():
        named.setdefault(link.point_id, set()).add(link.programme_id)
    return [
        point.kind
        for point in decision.points.all()
        if programme is None or point.pk not in named or programme.pk in named[point.pk]
    ]

"""What can be asked about decisions: their lines, their warnings, what waits for an answer."""

from typing import Any

from django.db.models import Model, Q, QuerySet

from portfolio import city, history
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
from portfolio.refusals import Lack

# What a detail shows of each kind of line, in the order of the document.
SHOWN: dict[str, tuple[type[Model], str, tuple[str, ...]]] = {
    "points": (DecisionPoint, "number", ("kind", "text_fi", "text_sv", "text_en", "version")),
    "preparers": (DecisionPreparer, "order", ("name",)),
    "annexes": (DecisionAnnex, "number", ("title_fi", "title_sv", "title_en")),
    "recipients": (DecisionRecipient, "order", ("name_fi", "name_sv", "name_en")),
    "minutes_versions": (MinutesVersion, "language", ("official", "url")),
    "amendments": (DecisionAmendment, "order", ("text_fi", "text_sv", "text_en", "adopted")),
    "wishes": (Wish, "order", ("text_fi", "text_sv", "text_en", "adopted", "state", "owner_id", "programme_id")),
}


def lines(decision_id: int, *, cut: int | None = None) -> dict[str, list[Any]]:
    """The lines of a decision, now or after change set `cut`: one statement a kind."""
    found: dict[str, list[Any]] = {
        name: list(_rows(model, cut).filter(decision_id=decision_id).order_by(counter).values("id", counter, *columns))
        for name, (model, counter, columns) in SHOWN.items()
    }
    ids = [point["id"] for point in found["points"]]
    links = list(_rows(PointProgramme, cut).filter(point_id__in=ids).values_list("point_id", "programme_id"))
    for point in found["points"]:
        point["programmes"] = sorted(programme for owner, programme in links if owner == point["id"])
    earlier = _rows(Continuation, cut).filter(decision_id=decision_id).values_list("earlier_id", flat=True)
    return found | {"continues": sorted(earlier)}


def _rows(model: type[Model], cut: int | None) -> QuerySet[Any]:
    return model._default_manager.all() if cut is None else history.rows(model, cut)


def warnings(decision: Decision) -> list[Lack]:
    """What is saved and shown but looks odd: the year of the case (INV-06), no proposal of the board (INV-13)."""
    found = []
    day = decision.decided_on or decision.latest_on or decision.planned_on
    case_year = city.identity().case_number.year(decision.case_number)
    if day and case_year is not None and case_year > day.year:
        found.append(Lack("case_number.year", field="case_number", case_year=case_year, year=day.year))
    decided = decision.outcome not in (Decision.Outcome.PLANNED, Decision.Outcome.REMOVED)
    if decided and decision.body.kind == Body.Kind.COUNCIL and not _board_proposals(decision).exists():
        found.append(Lack("decision.no_board_proposal", field="continues"))
    return found


def _board_proposals(decision: Decision) -> QuerySet[Decision]:
    """The board's proposals in the same matter, not after the decision."""
    same_matter = Q(continued_by__decision=decision)
    if decision.case_number:
        same_matter |= Q(case_number=decision.case_number)
    proposals = Decision.objects.filter(
        same_matter, body__kind=Body.Kind.BOARD, outcome=Decision.Outcome.MADE, points__kind=DecisionPoint.Kind.PROPOSE
    )
    if decision.decided_on is None:
        return proposals
    return proposals.filter(Q(decided_on__lte=decision.decided_on) | Q(decided_on__isnull=True))


def open_wishes(*, owner_id: int | None = None) -> QuerySet[Wish]:
    """The wishes of the council that still wait for an answer, of one owner or of all."""
    waiting = Wish.objects.filter(state=Wish.State.OPEN).exclude(adopted=False).select_related("decision__body")
    told = waiting.order_by("decision", "order")
    return told if owner_id is None else told.filter(owner_id=owner_id)

"""What a decision must say before it is kept, and what may follow its being on an agenda."""

from collections.abc import Iterator, Sequence
from datetime import date

from portfolio.decisions.kinds import PointKind
from portfolio.decisions.models import PUT_OFF, Body, Decision
from portfolio.history import Provenance
from portfolio.refusals import Lack
from portfolio.texts import first

Outcome = Decision.Outcome

# The rules of procedure of the council and the board number each item and file it under a case.
NUMBERED_AND_FILED = frozenset({Body.Kind.COUNCIL, Body.Kind.BOARD})


def lacks_of_record(decision: Decision, kinds: Sequence[str], *, today: date) -> list[Lack]:
    """All that stands in the way of keeping this decision with points of these kinds (INV-05…08, INV-10)."""
    return [
        *_kinds_unknown(kinds),
        *_incomplete(decision, kinds),
        *_kinds_against_outcome(decision, kinds),
        *_days(decision, today),
    ]


def _kinds_unknown(kinds: Sequence[str]) -> Iterator[Lack]:
    for place, kind in enumerate(kinds):
        if kind not in PointKind.values:
            yield Lack("decision.kind", field=f"points.{place}.kind", given=kind, accepted=PointKind.values)


def _incomplete(decision: Decision, kinds: Sequence[str]) -> Iterator[Lack]:
    """One recorded here is complete; one taken over from an older register may lack what the source lacks (INV-05)."""
    if decision.section is not None and decision.section < 1:
        yield Lack("decision.incomplete", field="section", given=decision.section)
    if decision.outcome in (Outcome.PLANNED, Outcome.REMOVED):
        if decision.outcome == Outcome.PLANNED and not (decision.planned_on or first(decision, "planned_text")):
            yield Lack("decision.incomplete", field="planned_on")
        return
    if not kinds:
        yield Lack("decision.incomplete", field="points")
    if decision.provenance == Provenance.TAKEN_OVER:
        return
    if decision.decided_on is None:
        yield Lack("decision.incomplete", field="decided_on")
    if decision.body.kind in NUMBERED_AND_FILED:
        if decision.section is None:
            yield Lack("decision.incomplete", field="section")
        if not decision.case_number:
            yield Lack("decision.incomplete", field="case_number")


def _kinds_against_outcome(decision: Decision, kinds: Sequence[str]) -> Iterator[Lack]:
    """What was put off decided nothing else; what was made decided something (INV-10, INV-11)."""
    known = {kind for kind in kinds if kind in PointKind.values}
    putting_off = known & set(PUT_OFF.values())
    if decision.outcome in PUT_OFF:
        against = bool(known) and known != {PUT_OFF[Outcome(decision.outcome)]}
    else:
        against = bool(known) and known == putting_off
    if against:
        yield Lack("decision.kind", field="outcome", given=decision.outcome, kinds=sorted(known))


def _days(decision: Decision, today: date) -> Iterator[Lack]:
    """The planned day may be to come, no other; and only what was decided has a day of deciding (INV-07, INV-08)."""
    for field in ("decided_on", "minutes_checked_on"):
        day = getattr(decision, field)
        if day is not None and decision.outcome == Outcome.PLANNED:
            yield Lack("decision.planned_dates", field=field)
        elif day is not None and day > today:
            yield Lack("decision.future", field=field, given=day)

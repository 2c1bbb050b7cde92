"""What moves a programme from phase to phase: the gates are asked, the day is kept, and a wrong day is mended.

Verbs: move_programme, close_programme, take_over_programme, correct_phase.
"""

from datetime import date
from typing import Any

from portfolio import clock, history
from portfolio.decisions import governance
from portfolio.decisions.models import Decision
from portfolio.history import Provenance
from portfolio.people import permissions
from portfolio.phases import gates
from portfolio.programmes import lifecycle
from portfolio.programmes.access import opened
from portfolio.programmes.lifecycle import day_of
from portfolio.programmes.models import DatePrecision, Phase, PhaseMove, Programme
from portfolio.refusals import Refused, require


def organise(programme: Programme, *, by: Any, effective_on: date | None = None, seen: int | None = None) -> Programme:
    """Mark a programme organised: the council has sized its group and named the chair, both halves have members."""
    return _move(programme, Phase.ORGANISED, by=by, on=effective_on, seen=seen)


def approve_targets(
    programme: Programme,
    *,
    by: Any,
    decision: Decision | None = None,
    effective_on: date | None = None,
    seen: int | None = None,
) -> Programme:
    """Record that the council has approved the programme's benefit targets (INV-52)."""
    return _move(programme, Phase.TARGETS_APPROVED, by=by, on=effective_on, decision=decision, seen=seen)


def start_running(
    programme: Programme, *, by: Any, effective_on: date | None = None, seen: int | None = None
) -> Programme:
    """Let a programme run: the city board has approved its plan (INV-72)."""
    return _move(programme, Phase.RUNNING, by=by, on=effective_on, seen=seen)


def begin_closing(
    programme: Programme, *, by: Any, effective_on: date | None = None, because: str = "", seen: int | None = None
) -> Programme:
    """Begin to wind a programme up, before the council closes it."""
    return _move(programme, Phase.CLOSING, by=by, on=effective_on, because=because, seen=seen)


def close_programme(
    programme: Programme,
    *,
    decision: Decision | None,
    by: Any,
    effective_on: date | None = None,
    because: str = "",
    seen: int | None = None,
) -> Programme:
    """Close a programme by the council's decision to close it; it may precede the end of the term (INV-04)."""
    return _move(
        programme,
        Phase.CLOSED,
        by=by,
        on=effective_on,
        decision=decision,
        because=because,
        seen=seen,
        verb="close_programme",
    )


def take_over_phase(
    programme: Programme,
    *,
    phase: str,
    effective_on: date,
    by: Any,
    decision: Decision | None = None,
    because: str = "",
    date_precision: str = DatePrecision.DAY,
    **date_text: str,
) -> Programme:
    """Enter a phase as an older register tells it.

    What the gates ask for may be unknown there, so they are not asked; the order of phases holds, and closing still
    needs the council's decision (INV-04).
    """
    with history.change(by=by, because=because):
        programme = history.lock(Programme, programme.pk)
        if programme.provenance == Provenance.RECORDED:
            raise Refused("programme.not_taken_over")
        opened(programme, "take_over_programme", by)
        if not lifecycle.before(programme.phase, phase):
            raise Refused("programme.transition", field="phase", at=programme.phase, to=phase)
        if phase == Phase.CLOSED:
            governance.require(decision, "programme.close", programme)
        dated = {"date_precision": date_precision, **date_text}
        return _enter(
            programme, phase, on=effective_on, decision=decision, because=because,
            provenance=programme.provenance, **dated,
        )  # fmt: skip


def correct_phase(move: PhaseMove, *, effective_on: date, because: str, by: Any) -> PhaseMove:
    """Mend the day of a phase that was entered wrongly, with the reason (INV-110).

    The phases keep their order and none begins before the decision that it rests on (INV-112); a group is organised
    on that day too, and a plan is not approved before the targets (INV-73). A closed programme's phases are mended
    all the same, for its closing can't be entered anew (INV-04).
    """
    with history.change(by=by, because=because, required=True):
        programme = history.lock(Programme, move.programme_id)
        permissions.require(by, "correct_phase", programme)
        exact = {"date_precision": DatePrecision.DAY, "date_text_fi": "", "date_text_sv": "", "date_text_en": ""}
        mended = move.mended(because=because, effective_on=effective_on, **exact)
        if effective_on == move.effective_on and move.date_precision == DatePrecision.DAY:
            return move
        require(gates.correction_lacks(move, on=effective_on))
        return mended.checked_save()


def _move(
    programme: Programme,
    to: str,
    *,
    by: Any,
    on: date | None,
    decision: Decision | None = None,
    because: str = "",
    seen: int | None = None,
    verb: str = "move_programme",
) -> Programme:
    """The gate answers with all that is missing at once; then the programme moves and the step is kept (INV-112)."""
    with history.change(by=by, because=because):
        programme = history.lock(Programme, programme.pk, seen=seen)
        permissions.require(by, verb, programme)
        decision = gates.carrying_decision(programme, to, decision)
        on = on or (day_of(decision) if to == Phase.CLOSED else clock.today())
        require(gates.move_lacks(programme, to, on=on, decision=decision))
        return _enter(programme, to, on=on, decision=decision, because=because)


def _enter(programme: Programme, phase: str, *, on: date, decision: Decision | None, **said: Any) -> Programme:
    PhaseMove(programme=programme, phase=phase, effective_on=on, decision=decision, **said).checked_save()
    if programme.phase == phase:
        return programme
    programme.phase = phase
    programme.closed_by = decision if phase == Phase.CLOSED else None
    return programme.checked_save()

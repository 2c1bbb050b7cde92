"""What can be mended about the phases of a programme that were entered wrongly: the old entry stays in the history.

Verbs: correct_phase.
"""

from datetime import date
from typing import Any

from portfolio import history
from portfolio.people import permissions
from portfolio.programmes import gates
from portfolio.programmes.models import DatePrecision, PhaseMove, Programme
from portfolio.refusals import require


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

"""Which values count as approved: the one rule, for rows at hand and for the database."""

from typing import Any

from django.db.models import Q

from portfolio.history import Provenance

# A value taken over was approved in the register it comes from; once it is corrected here, somebody here approves it.
BY_THE_REGISTER = Q(provenance=Provenance.TAKEN_OVER, approved_by__isnull=True, corrected_because="")
APPROVED = Q(approved_by__isnull=False) | BY_THE_REGISTER


def by_the_register(measurement: Any) -> bool:
    """Whether a value, or a past state of it, rests on the approval of the register that it was taken over from."""
    return (
        measurement.provenance == Provenance.TAKEN_OVER
        and measurement.approved_by_id is None
        and not measurement.corrected_because
    )


def is_approved(measurement: Any) -> bool:
    """Whether somebody approved a value here, or the register did that it was taken over from (INV-113)."""
    return measurement.approved_by_id is not None or by_the_register(measurement)

"""How what was measured is taken in."""

from __future__ import annotations

from functools import partial

from portfolio.benefits.measuring import commands as measuring
from portfolio.benefits.measuring.models import Measurement
from portfolio.importing.desk import IMPORT, Desk, Given, amount, day
from portfolio.importing.taking import register


def take_measurements(desk: Desk) -> None:
    """What was measured."""
    for placed in sorted(desk.document.of("measurements"), key=lambda found: found.record["measured_on"]):
        row = placed.record
        indicator = desk.get("indicators", row["indicator"])
        given: Given = {"measured_on": day(row["measured_on"]), "value": amount(row["value"])}
        given |= {name: row[name] for name in ("evidence", "measured_by") if name in row} | desk.texts(placed, "note")
        if indicator is None:
            continue
        measurement = desk.take(
            placed,
            Measurement,
            partial(measuring.record_measurement, indicator, **given, by=IMPORT),
            content=given,
        )
        approver = desk.get("people", row.get("approved_by"))
        if measurement is not None and approver is not None and _lacks_approval(desk, measurement):
            approved: Given = {"approved_by": approver, "approved_on": day(row["approved_on"])}
            desk.attempt(placed, partial(measuring.take_over_approval, measurement, **approved, by=IMPORT))


def _lacks_approval(desk: Desk, measurement: Measurement) -> bool:
    """Not approved yet, nor corrected here since, which takes the approval away."""
    return measurement.approved_by_id is None and not desk.ours(measurement, ["approved_by"])


register(17, take_measurements)

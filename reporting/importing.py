"""How reporting schedules are taken in from an import file."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from portfolio.importing.desk import IMPORT, Desk, day
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from reporting import commands
from reporting.models import ReportSchedule, ScheduledDate


def take_schedules(desk: Desk) -> None:
    """When the council is reported to, with each status date and its cut-off."""
    for placed in desk.document.of("schedules"):
        row = placed.record
        given = {"rhythm": row["rhythm"], "history_only": row.get("history_only", False), **desk.texts(placed, "name")}
        term = desk.get("council_terms", row["council_term"])
        programmes = [found for key in row.get("programmes", ()) if (found := desk.get("programmes", key))]
        schedule = desk.take(
            placed,
            ReportSchedule,
            partial(
                commands.schedule_reports, term, programmes=programmes, provenance=placed.provenance, **given, by=IMPORT
            ),
            content=given,
        )
        for entry in desk.document.inside(placed, "schedule_entries"):
            _take_date(desk, entry, schedule)


def _take_date(desk: Desk, placed: Placed, schedule: ReportSchedule | None) -> None:
    if schedule is None:
        return
    status_date, cut = day(placed.record["status_on"]), placed.record.get("cut_at")
    assert status_date is not None
    given = {"status_date": status_date, "cut_off_at": datetime.fromisoformat(cut) if cut else None}
    desk.take(
        placed,
        ScheduledDate,
        lambda: commands.schedule_date(schedule, **given, by=IMPORT),
        content=given,
    )


register(30, take_schedules)

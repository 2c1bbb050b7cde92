"""How reporting schedules are taken in from an import file."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial

from portfolio.importing.desk import IMPORT, Desk, Given, day
from portfolio.importing.document import Placed
from portfolio.importing.taking import register
from reporting.schedule.commands import schedule_date, schedule_reports
from reporting.schedule.models import ReportSchedule, ScheduledDate


def take_schedules(desk: Desk) -> None:
    """When the council is reported to, with each status date and its cut-off."""
    for placed in desk.document.of("schedules"):
        row = placed.record
        given: Given = {
            "rhythm": row["rhythm"],
            "history_only": row.get("history_only", False),
            **desk.texts(placed, "name"),
        }
        given |= {name: day(row[name]) for name in ("starts_on", "ends_on") if name in row}
        given |= {"grace_days": row["grace_days"]} if "grace_days" in row else {}
        given |= {"cut_off_time": time.fromisoformat(row["cut_off_time"])} if "cut_off_time" in row else {}
        given |= {"decision": decision} if (decision := desk.get("decisions", row.get("decision"))) else {}
        term = desk.get("council_terms", row["council_term"])
        programmes = [found for key in row.get("programmes", ()) if (found := desk.get("programmes", key))]
        schedule = desk.take(
            placed,
            ReportSchedule,
            partial(schedule_reports, term, programmes=programmes, **given, by=IMPORT),
            content=given,
        )
        for entry in desk.document.inside(placed, "schedule_entries"):
            _take_date(desk, entry, schedule)


def _take_date(desk: Desk, placed: Placed, schedule: ReportSchedule | None) -> None:
    if schedule is None:
        return
    status_date, cut = day(placed.record["status_on"]), placed.record.get("cut_at")
    assert status_date is not None
    given: Given = {"status_date": status_date, "cut_off_at": datetime.fromisoformat(cut) if cut else None}
    given |= desk.texts(placed, "name")
    desk.take(
        placed,
        ScheduledDate,
        lambda: schedule_date(schedule, **given, by=IMPORT),
        content=given,
    )


register(30, take_schedules)

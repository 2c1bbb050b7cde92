"""Since when a status report tells of today: the period of the newest report on a programme."""

from __future__ import annotations

from datetime import date

from portfolio.programmes.models import Programme
from portfolio.strategy.models import CouncilTerm
from reporting.reports.models import Report
from reporting.schedule.models import ReportSchedule, ScheduledProgramme
from reporting.snapshot.world import World


def period_begins(world: World, programme_id: int, on: date) -> date:
    """The first day of the period of the newest report on the programme by a day; before the first, of its term."""
    row = world.get(Programme, programme_id)
    if row is None:
        return date.min
    naming = {link.schedule_id for link in world.rows[ScheduledProgramme]}
    named = {link.schedule_id for link in world.where(ScheduledProgramme, programme_id=row.id)}
    of_term = {schedule.id for schedule in world.where(ReportSchedule, council_term_id=row.council_term_id)} - naming
    told = [each for each in world.rows[Report] if each.schedule_id in named | of_term and each.status_date <= on]
    if told:
        begun: date = max(told, key=lambda each: (each.status_date, each.period_starts_on)).period_starts_on
        return begun
    term = world.get(CouncilTerm, row.council_term_id)
    return term.starts_on if term else date.min

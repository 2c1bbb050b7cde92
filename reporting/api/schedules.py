"""Schedules over the API: when the council is reported to."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portfolio import clock
from portfolio.api import A_REASON, Input, Ref, RoomViewSet, move, of, says, where
from portfolio.api.fields import shape_of, shown
from portfolio.decisions.models import Decision
from reporting.reports import commands, queries
from reporting.schedule.commands import schedule_date, schedule_reports
from reporting.schedule.models import ReportSchedule, ScheduledDate
from reporting.schedule.queries import next_timing
from reporting.schedule.timetable import Timing


class DateInput(Input):
    says = of(ScheduledDate, "status_date", "cut_off_at") | of(ScheduledDate, "name", needed=False)


SCHEDULED = says(
    "ScheduleInput", "name", "rhythm", "cut_off_time",
    grace_days=serializers.IntegerField(min_value=0, max_value=365, required=False),
    decision=Ref(Decision, required=False), dates=DateInput(many=True, required=False),
)  # fmt: skip
CUT_OFF = says("CutOffInput", cut_off_at=serializers.DateTimeField(allow_null=True), because=A_REASON)


UNTOLD = ("named",)


class ReportScheduleViewSet(RoomViewSet):
    """When the council is reported to."""

    model = ReportSchedule
    without = ("source_language", "texts")
    filters = where("council_term")
    ordering = ("starts_on",)

    create = move(SCHEDULED, schedule_reports)
    dates = move(DateInput, schedule_date, right="schedule_reports", creates=True)
    correct_cut_off = move(CUT_OFF, commands.correct_cut_off, right="schedule_reports")

    beside = {
        "next_status_date": serializers.DateField(allow_null=True),
        "next_cut_off_at": serializers.DateTimeField(allow_null=True),
        "before_the_record": shape_of(Timing, "BeforeTheRecord", but=UNTOLD)(many=True, allow_null=True),
    }

    def extra(self, schedule: ReportSchedule) -> dict[str, Any]:
        timing = next_timing(schedule)
        before = queries.before_the_record(schedule, now=clock.now())
        return {
            "next_status_date": timing and timing.status_date,
            "next_cut_off_at": timing and timing.cut_off_at,
            "before_the_record": [shown(each, but=UNTOLD) for each in before],
        }

"""Schedules over the API: when the council is reported to."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portfolio import clock
from portfolio.api import Input, Ref, RoomViewSet, move, text_inputs
from portfolio.api.schema import lines
from portfolio.decisions.models import Decision
from portfolio.programmes.models import Programme
from portfolio.strategy.models import CouncilTerm
from reporting.reports import commands, queries
from reporting.schedule.commands import schedule_date, schedule_reports
from reporting.schedule.models import ReportSchedule
from reporting.schedule.queries import next_timing
from reporting.schedule.timetable import Rhythm


class DateInput(Input):
    status_date = serializers.DateField()
    cut_off_at = serializers.DateTimeField(required=False, allow_null=True)
    locals().update(text_inputs("name", 200, required=False))


class CutOffInput(Input):
    status_date = serializers.DateField()
    cut_off_at = serializers.DateTimeField(allow_null=True)
    because = serializers.CharField()


class ScheduleInput(Input):
    council_term = Ref(CouncilTerm)
    locals().update(text_inputs("name", 200))
    rhythm = serializers.ChoiceField(choices=[(rhythm.value, rhythm.value) for rhythm in Rhythm])
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False)
    grace_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    cut_off_time = serializers.TimeField(required=False)
    decision = Ref(Decision, required=False)
    programmes = serializers.ListField(child=Ref(Programme), required=False)
    dates = DateInput(many=True, required=False)


class ReportScheduleViewSet(RoomViewSet):
    """When the council is reported to."""

    model = ReportSchedule
    columns = (
        "council_term_id", "name_fi", "name_sv", "name_en", "rhythm", "starts_on", "ends_on", "grace_days",
        "cut_off_time", "history_only", "decision_id",
    )  # fmt: skip
    filters = {"council_term": "council_term_id"}
    ordering = ("starts_on",)
    create = move(ScheduleInput, schedule_reports, right="schedule_reports")
    dates = move(DateInput, schedule_date, right="schedule_reports", creates=True)
    correct_cut_off = move(CutOffInput, commands.correct_cut_off, right="schedule_reports")

    beside = {
        "next_status_date": serializers.DateField(allow_null=True),
        "next_cut_off_at": serializers.DateTimeField(allow_null=True),
        "before_the_record": lines(
            "BeforeTheRecord", status_date=serializers.DateField(), cut_off_at=serializers.DateTimeField()
        ),
    }

    def extra(self, schedule: ReportSchedule) -> dict[str, Any]:
        timing = next_timing(schedule)
        return {
            "next_status_date": timing.status_date if timing else None,
            "next_cut_off_at": timing.cut_off_at if timing else None,
            "before_the_record": [
                {"status_date": each.status_date, "cut_off_at": each.cut_off_at}
                for each in queries.before_the_record(schedule, now=clock.now())
            ],
        }

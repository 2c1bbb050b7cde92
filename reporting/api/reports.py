"""Schedules and reports over the API, with their files."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from portfolio.api import A_REASON, RoomViewSet, move, question, says, until, where
from portfolio.api.rendering import AsItIs
from portfolio.api.schema import error_responses, lines
from portfolio.refusals import Refused
from reporting.api.files import file_response, one_file, snapshot_response, told
from reporting.reports import commands, document, lifecycle, queries, turns
from reporting.reports.models import Report
from reporting.snapshot.queries import newest_snapshot
from reporting.wording import undrawable
from reporting.work.models import TOLD, Work

State = Report.State


REASON = says("ReasonInput", because=A_REASON)
ANNEX_NUMBER = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)


class ReportViewSet(RoomViewSet):
    """Reports, one row an edition; their files, and their moves up to noted."""

    model = Report
    without = ("let_on_at",)
    filters = where("schedule", "state", "status_date")
    ordering = ("-status_date", "edition")
    follows = lifecycle.NEXT

    create = move(says("ReportInput", cut_off_at=None), commands.open_report)
    confirm = move(
        None, commands.confirm_report, to=State.CONFIRMED, called=_("Confirm the report"),
        question=_("Confirm the report?"),
    )  # fmt: skip
    send = move(
        None, commands.send_report, to=State.SENT, called=_("Send to the council"),
        question=_("Send the report to the council?"),
    )  # fmt: skip
    record_proposal = move(
        "DecisionInput", commands.record_proposal, right="note_report", at=lifecycle.PROPOSED_FROM,
        when=until("proposed_by_id"), authority="report.propose", called=_("Record the board’s proposal"),
        question=_("The board’s proposal"), page="propose",
    )  # fmt: skip
    note = move(
        "DecisionInput", commands.note_report, to=State.NOTED, authority="report.note",
        called=_("Record that the council noted it"), question=_("The council’s decision"),
    )  # fmt: skip
    retake = move(REASON, commands.retake_report, to=State.OPEN)
    supersede = move(REASON, commands.supersede_report, right="retake_report", at=lifecycle.FINAL)
    name_annex = move(says("AnnexInput", annex_number=ANNEX_NUMBER), commands.name_annex, right="confirm_report")
    unpark = move(REASON, commands.unpark, right="retake_report")

    beside = {
        "snapshot_sha256": serializers.CharField(allow_null=True),
        "cut_seq": serializers.IntegerField(allow_null=True),
        "files": lines("ReportFile", **{name: serializers.CharField() for name in ("language", "format", "sha256")}),
        "work": lines("ReportWork", Work, TOLD),
    }

    def extra(self, report: Report) -> dict[str, Any]:
        """Its files with their checksums, its snapshot, and the machine's work on it."""
        return queries.files(report) | _turn(report)

    @one_file
    def file(self, request: Request, pk: str, language: str, kind: str) -> HttpResponseBase:
        """One file of the report, byte for byte as it was rendered: fi, sv or en; pdf or html."""
        return file_response(request, self.thing(pk), language, kind)

    undrawable = question(undrawable.found)

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.OBJECT, **error_responses(404)})
    @action(detail=True, methods=["get"], url_path=r"snapshot\.json", content_negotiation_class=AsItIs)
    def snapshot(self, request: Request, pk: str) -> HttpResponseBase:
        """What the report rests on, as canonical JSON."""
        return snapshot_response(request, self.thing(pk))

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.OBJECT, **error_responses(404)})
    @action(detail=True, methods=["get"], url_path=r"bundle\.json", content_negotiation_class=AsItIs)
    def bundle(self, request: Request, pk: str) -> HttpResponseBase:
        """What its files are printed from: snapshot, findings and those of the report before, each with its SHA-256."""
        report = self.thing(pk)
        found = newest_snapshot(report)
        if found is None:
            raise Refused("not_found")
        if before := document.compared_with(found):
            self.thing(str(before.report_id))  # whoever may not see that report does not see what it found
        made = document.source(found)
        name = f"{queries.file_stem(report)}.bundle.json"
        return told(
            request, HttpResponse(made, content_type="application/json"), hashlib.sha256(made).hexdigest(), name
        )


def _turn(report: Report) -> dict[str, Any]:
    """For which earlier status date it waits, which later ones wait for it, and why it is not to be confirmed yet."""
    waits = turns.waiting(report)
    told = waits and {
        "status_date": waits.status_date,
        "report_id": waits.report.pk if waits.report else None,
        "parked": waits.parked,
        "cut_off_at": waits.report.cut_off_at if waits.report else None,
    }
    before = [each.lack.as_dict() for each in turns.before_a_draft(report)]
    return {"waits_for": told, "holds_up": turns.held_up(report), "confirmed_after": before}

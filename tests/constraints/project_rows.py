"""Rows of projects, their money, progress and pilots, and of reports, and what breaks each of their constraints."""

from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Body
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from projects.lessons.models import Lesson
from projects.money.models import Budget, Funding
from projects.pilots.models import Pilot, PilotMove
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget
from reporting.models import (
    Blob,
    Findings,
    Publication,
    Rendition,
    Report,
    ReportSchedule,
    ScheduledDate,
    ScheduledProgramme,
    Snapshot,
    Work,
)
from tests.constraints.desk import Another, Broken, Model, Moved, Rows, Said

SENT = ("frozen", "draft", "confirmed", "sent")
DAY, BEFORE, LATER = date(2022, 6, 1), date(2022, 5, 31), date(2022, 6, 30)

SOUND: dict[Model, Said] = {
    Project: {"code": "P1", "delivery": "own_work", "starts_on": DAY, "ends_on": LATER},
    Partner: {"name": "Kumppani"},
    ProjectPartner: {"starts_on": DAY},
    Budget: {"year": 2022, "total": Decimal(10)},
    Funding: {"year": 2022, "source": "own_work", "budget": Decimal(10)},
    Risk: {"owner": Person, "likelihood": 2, "impact": 2},
    Report: {"status_date": DAY},
    Snapshot: {"report": Report, "payload": "{}", "sha256": sha256(b"{}").hexdigest()},
    Findings: {"payload": "{}", "sha256": sha256(b"{}").hexdigest()},
    Blob: {"content": b"a", "sha256": sha256(b"a").hexdigest()},
    Publication: {"report": Moved(Report, SENT)},
    Work: {"kind": "freeze", "report": Report},
}

BESIDE: dict[Model, Said] = {
    Project: {"code": "P2"},
    Partner: {"name": "Toinen kumppani"},
    ProjectTarget: {"target": Another(BenefitTarget)},
    ProjectPartner: {"partner": Another(Partner)},
    ProjectMove: {},
    Budget: {"year": 2023},
    Funding: {"year": 2023},
    Milestone: {},
    Risk: {},
    Lesson: {},
    StatusReport: {"status_on": LATER},
    Pilot: {"project": Another(Project)},
    PilotMove: {},
    ReportSchedule: {},
    ScheduledDate: {"status_date": LATER},
    ScheduledProgramme: {"programme": Another(Programme)},
    Report: {"edition": 2},
    Snapshot: {"number": 2},
    Findings: {"snapshot": Another(Snapshot)},
    Blob: {"content": b"b", "sha256": sha256(b"b").hexdigest()},
    Rendition: {"language": "sv"},
    Publication: {"report": Moved(Another(Report), SENT)},
}

BREAKING: dict[str, Broken] = {
    "project_coded_once": (Project, {"name_fi": "Toinen"}),
    "project_starts_before_it_ends": (Project, {"ends_on": BEFORE}),
    "project_continues_for_a_reason": (Project, {"continues_in": Body}),
    "project_delivery_known": (Project, {"delivery": "barter"}),
    "project_state_known": (Project, {"state": "lost"}),
    "projectmove_corrected_for_a_reason": (ProjectMove, {"corrects": ProjectMove}),
    "project_cancelled_for_a_reason": (ProjectMove, {"state": "cancelled"}),
    "project_target_linked_once": (ProjectTarget, {"share": 10}),
    "project_target_share_in_percent": (ProjectTarget, {"share": 101}),
    "project_target_only_support_is_accepted": (ProjectTarget, {"accepted_on": DAY}),
    "partner_named_once": (Partner, {"kind": "company"}),
    "project_partner_once_at_a_time": (ProjectPartner, {"starts_on": LATER}),
    "project_partner_starts_before_it_ends": (ProjectPartner, {"ends_on": BEFORE}),
    # money
    "budget_once_a_year": (Budget, {"total": Decimal(20)}),
    "budget_not_negative": (Budget, {"total": Decimal(-1)}),
    "budget_year_range": (Budget, {"year": 1999}),
    "funding_source_once_a_year": (Funding, {"budget": Decimal(20)}),
    "funding_not_negative": (Funding, {"granted": Decimal(-1)}),
    "funding_used_by_a_day": (Funding, {"used": Decimal(1)}),
    # progress
    "milestone_replanned_for_a_reason": (Milestone, {"forecast_on": LATER}),
    "risk_scored_one_to_five": (Risk, {"likelihood": 6}),
    "risk_has_an_owner": (Risk, {"owner": None}),
    "risk_closed_for_a_reason": (Risk, {"closed_on": LATER}),
    "risk_closed_after_identified": (Risk, {"closed_on": BEFORE, "closed_because": "Ohi."}),
    "lesson_withdrawn_for_a_reason": (Lesson, {"withdrawn_on": LATER}),
    "status_reported_once_a_day": (StatusReport, {"standing": "green"}),
    "status_submitted_after_its_day": (StatusReport, {"submitted_on": BEFORE}),
    "status_amber_and_red_explained": (StatusReport, {"standing": "amber", "submitted_on": LATER}),
    # pilots
    "pilot_state_known": (Pilot, {"state": "lost", "result_fi": "Ei tiedossa."}),
    "pilot_evaluated_with_a_result": (Pilot, {"state": "evaluated"}),
    "pilot_adopted_by_a_line_decision": (Pilot, {"state": "adopted", "result_fi": "Toimi."}),
    "pilot_adopted_by_a_named_partner": (Pilot, {"state": "adopted_by_partner", "result_fi": "Toimi."}),
    "pilot_ended_with_lessons": (Pilot, {"state": "ended_without_adoption", "result_fi": "Ei toiminut."}),
    "pilotmove_corrected_for_a_reason": (PilotMove, {"corrects": PilotMove}),
    # reports
    "schedule_range": (ReportSchedule, {"ends_on": BEFORE}),
    "status_date_once": (ScheduledDate, {"cut_off_at": datetime(2022, 6, 22, 12, tzinfo=UTC)}),
    "scheduled_once": (ScheduledProgramme, {}),
    "one_report_an_edition": (Report, {"case_number": "425/00.01.02/2022"}),
    "report_period": (Report, {"period_starts_on": LATER}),
    "noted_by_a_decision": (Report, {"state": "noted"}),
    "superseded_with_a_reason": (Report, {"edition": 2, "supersedes": Report}),
    "reporting_report_supersedes_id_key": (
        Report, {"edition": 3}, {"edition": 2, "supersedes": Report, "supersedes_because": "Virhe."},
    ),
    "snapshot_once": (Snapshot, {"cut_seq": 2}),
    "snapshot_of_a_report_or_of_another_kind": (Snapshot, {"kind": "minutes"}),
    "snapshot_by_its_payload": (Snapshot, {"payload": "[]"}),
    "findings_by_their_payload": (Findings, {"payload": "[]"}),
    "reporting_blob_sha256_key": (Blob, {"media_type": "text/html"}),
    "blob_by_its_content": (Blob, {"content": b"b"}),
    "rendered_once": (Rendition, {"renderer": "b"}),
    "one_work_each": (Work, {}),
    "work_of_a_document": (Work, {"report": None}),
}  # fmt: skip

ROWS = Rows(SOUND, BESIDE, BREAKING)

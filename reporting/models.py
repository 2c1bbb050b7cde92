"""All models of the package, room by room: Django finds them by loading this module."""

from reporting.documents.models import Blob, Rendition
from reporting.reports.models import Publication, Report
from reporting.schedule.models import ReportSchedule, ScheduledDate, ScheduledProgramme
from reporting.snapshot.models import Findings, Snapshot
from reporting.work.models import Heartbeat, Work

__all__ = [
    "Blob", "Findings", "Heartbeat", "Publication", "Rendition", "Report", "ReportSchedule", "ScheduledDate",
    "ScheduledProgramme", "Snapshot", "Work",
]  # fmt: skip

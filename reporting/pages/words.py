"""The words that pages have for codes, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AREAS: dict[str, str | Promise] = {
    "": _("everything"),
    "decisions": _("programme and decisions"),
    "group": _("steering group"),
    "targets": _("benefit targets and measurements"),
    "projects": _("projects"),
    "money": _("money and risks"),
}

# What a record is called by the name of its resource.
RESOURCES: dict[str, str | Promise] = {
    "bodies": _("Body"),
    "people": _("Person"),
    "strategies": _("Strategy"),
    "focus-areas": _("Focus area"),
    "goals": _("Goal of the strategy"),
    "sdgs": _("UN goal"),
    "decisions": _("Decision"),
    "wishes": _("Wish of the council"),
    "programmes": _("Programme"),
    "programme-updates": _("Situation in words"),
    "seats": _("Seat"),
    "joint-events": _("Joint event"),
    "benefit-targets": _("Benefit target"),
    "target-versions": _("Version of the target"),
    "indicators": _("Indicator"),
    "indicator-plans": _("Figures of the indicator"),
    "measurements": _("Measurement"),
    "projects": _("Project"),
    "project-moves": _("State of the project"),
    "milestones": _("Milestone"),
    "risks": _("Risk"),
    "status-reports": _("Status report"),
    "pilots": _("Pilot"),
    "partners": _("Partner"),
    "fundings": _("Money"),
    "reports": _("Report"),
    "report-schedules": _("Reporting schedule"),
}

REPORT_STEPS: dict[str, str | Promise] = {
    "open": _("Collecting"),
    "frozen": _("Facts frozen"),
    "draft": _("Draft"),
    "confirmed": _("Confirmed"),
    "sent": _("Sent to the council"),
    "proposed": _("Proposed by the board"),
    "noted": _("Noted by the council"),
}

# The heading and the link of a format of files, where they are not its title.
FILES: dict[str, tuple[str | Promise, str | Promise]] = {"html": (_("To read"), _("HTML"))}

"""The words that pages have for codes, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.field_words import LANGUAGES as LANGUAGES

# The shape of each standing (the name of a symbol and of a colour in the stylesheet).
SHAPES = {"met": "met", "on_track": "on", "at_risk": "risk", "off_track": "off", "not_reported": "none"}
# A project's own traffic light, in the shapes of standings.
LIGHTS = {"green": "on", "amber": "risk", "red": "off", "grey": "none"}

AREAS: dict[str, str | Promise] = {
    "": _("everything"),
    "decisions": _("programme and decisions"),
    "group": _("steering group"),
    "targets": _("benefit targets and measurements"),
    "projects": _("projects"),
    "money": _("money and risks"),
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

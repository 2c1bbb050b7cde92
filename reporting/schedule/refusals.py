"""What can be refused about schedules."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "schedule.range": Refusal(
        400, "INV-104", _("A schedule ends on the day it begins, or later, and lies in its term.")
    ),
    "schedule.duplicate": Refusal(409, "INV-104", _("The schedule already has this date or programme.")),
    "schedule.named": Refusal(
        409,
        "INV-94",
        _("The term already has a schedule of this name."),
        _("Give it another one: it stands in the titles and file names of its reports."),
    ),
    "schedule.late": Refusal(
        400,
        "INV-104",
        _("The cut-off is too late: later reports of the schedule would wait for it."),
        _("It lies at most {most} days after the status date or, where that is longer past, {late} days after today."),
    ),
    "schedule.no_date": Refusal(400, "INV-104", _("The schedule has no such status date.")),
    "schedule.date_frozen": Refusal(
        423,
        "INV-104",
        _("The facts of this status date have been taken: its cut-off stays."),
        _("Take the draft's facts again, or make a new edition."),
    ),
}

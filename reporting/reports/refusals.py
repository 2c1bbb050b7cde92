"""What can be refused about reports."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "report.status_date": Refusal(
        400, "INV-90", _("No programme of the schedule was alive on {status_date}."), _("Choose a day in its life.")
    ),
    "report.too_early": Refusal(
        400,
        "INV-91",
        _("Nothing is compiled before the status date has ended."),
        _("The cut-off comes after the end of the status date."),
    ),
    "report.order": Refusal(
        409,
        "INV-92",
        _("The order is: status date, compiled, confirmed, city board, council."),
        _("The decision must not be earlier than {earliest}."),
    ),
    "report.duplicate": Refusal(409, "INV-94", _("There is already a report of this status date.")),
    "report.programme_missing": Refusal(409, "INV-95", _("The report lacks a programme that was active: {programme}.")),
    "report.wish_unanswered": Refusal(
        409,
        "INV-97",
        _("The report prints a wish of the council without an answer and without a reason: {wish}"),
        _("Answer the wish, or say why it has no answer yet; then take the draft's facts again."),
    ),
    "report.earlier_unconfirmed": Refusal(
        409,
        "INV-93",
        _("The schedule's report of {status_date}, which comes before this one, is not confirmed yet."),
        _("Confirm that one first; this one tells of it."),
    ),
    "report.previous_retaken": Refusal(
        409,
        "INV-93",
        _("The report of {status_date} was made, corrected or taken again after this draft's facts were taken."),
        _("Take the draft's facts again."),
    ),
    "report.frozen": Refusal(
        423, "INV-97", _("A confirmed report is frozen."), _("A correction is a new edition with a reason.")
    ),
    "report.transition": Refusal(
        409, "INV-112", _("The report is {at}; this can't follow from there."), _("What can follow: {accepted}.")
    ),
    "report.not_rendered": Refusal(
        409, "INV-97", _("The report is not yet rendered in every language: {missing}."), _("Wait for the machine.")
    ),
    "report.not_parked": Refusal(409, "", _("The machine has given up nothing of this report.")),
    "report.superseded": Refusal(409, "INV-97", _("A newer edition has already been opened.")),
}

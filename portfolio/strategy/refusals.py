"""What can be refused about council terms, strategies, goals and actions."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "term.range": Refusal(
        400, "INV-01", _("A council term starts before it ends."), _("Give a last day that is after the first.")
    ),
    "term.overlap": Refusal(
        409,
        "INV-01",
        _("Council terms do not overlap."),
        _("Let the term start the day after the one before it ends, or later."),
    ),
    "term.duplicate": Refusal(409, "INV-01", _("There is already a council term of this name.")),
    "strategy.duplicate": Refusal(409, "", _("The term already has a strategy of this name.")),
    "focus_area.duplicate": Refusal(409, "", _("The strategy already has a focus area of this number.")),
    "goal.duplicate": Refusal(409, "", _("The focus area already has a goal of this number.")),
    "council_action.duplicate": Refusal(409, "", _("The goal already has an action of this number.")),
    "sdg.range": Refusal(400, "INV-59", _("The Sustainable Development Goals are numbered from 1 to 17.")),
    "sdg.duplicate": Refusal(409, "INV-59", _("This Sustainable Development Goal is already there.")),
}

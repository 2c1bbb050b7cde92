"""What can be refused about benefit targets, indicators and measurements."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "benefit.duplicate": Refusal(409, "INV-50", _("The programme already has a benefit target with this code.")),
    "text.language_missing": Refusal(
        409, "INV-50", _("A text is missing in one of the official languages: {language}."),
        _("Write the text in Finnish and in Swedish before it goes to the board and the council."),
    ),
    "benefit.transition": Refusal(
        409, "INV-51", _("A benefit target can't go from “{at}” to “{to}”."),
        _("Draft, drafted by the group, proposed by the board, approved by the council, replaced or ended."),
    ),
    "benefit.needs_council_decision": Refusal(
        409, "INV-52", _("A benefit target can't be approved without a decision of the council."),
        _("Add the decision: body, date, section and case number."),
    ),
    "benefit.end_needs_council_decision": Refusal(
        409, "INV-54", _("What the council has approved is ended or replaced by a decision of the council alone."),
        _("Add the decision: body, date, section and case number."),
    ),
    "benefit.end_before_decision": Refusal(
        409, "INV-54", _("A benefit target does not end before the council has decided it."),
        _("The earliest day is {earliest}."),
    ),
    "benefit.needs_board_proposal": Refusal(
        409, "INV-53", _("A benefit target is proposed to the council by a decision of the city board alone."),
        _("Add the board's decision that proposes it to the council."),
    ),
    "benefit.other_term": Refusal(
        409, "INV-52", _("The decision was not made in the programme's time: {term}."),
        _("Give the council's decision of the programme's own term."),
    ),
    "benefit.frozen": Refusal(
        423, "INV-54", _("The council has approved this wording and these figures; they stay as they are."),
        _("Open a new version, which needs a council decision of its own, or correct a typing error with a reason."),
    ),
    "benefit.proposed": Refusal(
        423, "INV-54", _("The board has proposed this benefit target to the council; it stays as proposed."),
        _("Record that it was returned, then change it."),
    ),
    "benefit.draft_open": Refusal(409, "INV-54", _("The benefit target already has a draft of a new version.")),
    "benefit.version_current": Refusal(409, "INV-54", _("The benefit target already has an approved version.")),
    "benefit.no_correction": Refusal(400, "INV-54", _("The correction changes nothing.")),
    "benefit.not_returned": Refusal(
        409, "INV-11", _("The decision neither returned the matter nor left it on the table."),
    ),
    "benefit.no_indicator": Refusal(409, "INV-55", _("The benefit target has no indicator yet.")),
    "benefit.no_goal": Refusal(
        409, "INV-59", _("The benefit target serves no goal of the strategy yet."), _("Link at least one goal."),
    ),
    "benefit.goal_linked": Refusal(409, "INV-59", _("The benefit target already serves this goal.")),
    "benefit.type": Refusal(
        400, "INV-60", _("A benefit target is either a benefit or a dis-benefit."), _("Accepted: benefit, disbenefit."),
    ),
    "benefit.successor": Refusal(
        409, "INV-51", _("A benefit target is replaced by another one that the council has approved."),
    ),
    "benefit.date": Refusal(400, "INV-51", _("That day is still to come, or lies before the step it follows.")),
    "sdg.range": Refusal(400, "INV-59", _("The Sustainable Development Goals are numbered from 1 to 17.")),
    "indicator.duplicate": Refusal(409, "INV-55", _("The benefit target already has an indicator with this code.")),
    "indicator.incomplete": Refusal(409, "INV-55", _("Indicator {indicator} still lacks {missing}.")),
    "indicator.direction": Refusal(
        400, "INV-56", _("Kind, direction, baseline and target of the indicator don't agree."),
        _("To reach more, the target lies above the baseline; to reach less, below it."),
    ),
    "indicator.dates": Refusal(
        400, "INV-56", _("The target date lies after the baseline date, the path between them."),
    ),
    "indicator.range": Refusal(400, "INV-56", _("The lower limit lies below the upper.")),
    "indicator.rank": Refusal(400, "INV-56", _("A rank is a place in the group: from 1 to the number of its members.")),
    "indicator.rubric": Refusal(
        400, "INV-56", _("A scale is a list of levels, each with its own number, its words and, if wanted, a verdict."),
    ),
    "indicator.path": Refusal(400, "INV-56", _("The path has one value for a day.")),
    "indicator.decimals": Refusal(400, "INV-57", _("An indicator has at most six decimals.")),
    "indicator.interval": Refusal(400, "INV-55", _("An indicator is measured every 1 to 60 months.")),
    "indicator.unit_fixed": Refusal(
        409, "INV-57", _("The indicator has values already, so its unit stays."),
        _("Add a new indicator in the other unit and say from which one it was rescaled."),
    ),
    "indicator.rescaled_from": Refusal(
        400, "INV-57", _("An indicator is rescaled from another one of the same target."),
    ),
    "measurement.date": Refusal(
        400, "INV-57", _("A measurement is dated from the day of the baseline to today."),
    ),
    "measurement.duplicate": Refusal(
        409, "INV-57", _("The indicator already has a value for that day."), _("Correct that value with a reason."),
    ),
    "measurement.empty": Refusal(
        400, "INV-58", _("A measurement has a value; nothing measured is not zero."),
        _("Give the number, 0 included, or leave the day unreported."),
    ),
    "measurement.scale": Refusal(
        400, "INV-56", _("The value is not on the scale of the indicator."),
        _("A rank from 1 to the size of the group, 0 or 1 for not done or done, a level of the scale in words."),
    ),
    "measurement.decimals": Refusal(400, "INV-57", _("The indicator is measured with {decimals} decimals.")),
    "measurement.approved": Refusal(409, "INV-113", _("The value has been approved already.")),
}  # fmt: skip

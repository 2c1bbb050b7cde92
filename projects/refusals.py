"""What can be refused about projects, progress, money and pilots, and what is only warned of."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

WARNING = 200  # saved and shown, never refused

REGISTER = {
    "project.duplicate": Refusal(409, "INV-70", _("The programme already has a project of this code.")),
    "project.dates": Refusal(400, "INV-71", _("A project ends on the day it starts, or later.")),
    "project.outside_programme": Refusal(
        WARNING,
        "INV-71",
        _("Project {project} lies outside the life of its programme, {begins} to {ends}, and no line unit owns it."),
        _("Name the line unit that owns it, or change its dates."),
    ),
    "project.no_target": Refusal(
        400,
        "INV-70",
        _("A project serves at least one benefit target of its own programme."),
        _("Name the benefit target."),
    ),
    "project.foreign_target": Refusal(
        400,
        "INV-70",
        _("Benefit target {target} is another programme's: the project can't serve it, only support it."),
        _("Offer support, and let that programme's manager accept it."),
    ),
    "project.support_own": Refusal(
        400, "INV-70", _("Benefit target {target} is the project's own programme's: serve it instead of supporting it.")
    ),
    "project.support_only": Refusal(409, "INV-70", _("Only an open offer of support is accepted.")),
    "project.target_duplicate": Refusal(409, "INV-70", _("The project is already tied to this benefit target.")),
    "project.target_unlinked": Refusal(409, "INV-70", _("The project is not tied to benefit target {target}.")),
    "project.share": Refusal(400, "INV-70", _("The share of the contribution is a percentage from 1 to 100.")),
    "project.programme_not_active": Refusal(
        409,
        "INV-74",
        _("A project starts only while its programme is running."),
        _("If it is carried over from an earlier term, say so and why."),
    ),
    "project.plan_not_approved": Refusal(
        409,
        "INV-74",
        _("A project starts only on a programme plan that the city board has approved."),
        _("If it is carried over from an earlier term, say so and why."),
    ),
    "project.mode": Refusal(400, "INV-75", _("The delivery mode is own work, funding or co-funding.")),
    "day.future": Refusal(400, "", _("The day {day} is still to come.")),
    "project.reason": Refusal(400, "INV-80", _("Give the reason.")),
    "project.move_future": Refusal(400, "INV-112", _("The day {day} is still to come.")),
    "project.move_order": Refusal(400, "INV-112", _("The project was already moved on {last}; {day} is before that.")),
    "project.move_before_next": Refusal(
        400, "INV-112", _("The next move took place on {following}; {day} is after that.")
    ),
    "project.other_programme": Refusal(400, "INV-70", _("Project {project} belongs to another programme.")),
    "partner.duplicate": Refusal(409, "", _("A partner of this name is already in the register.")),
    "project.partner_duplicate": Refusal(409, "", _("The partner already takes part in the project.")),
    "project.partner_dates": Refusal(400, "", _("A partner's part ends on the day it began, or later.")),
}

PROGRESS = {
    "milestone.dates": Refusal(
        400, "INV-77", _("A milestone is planned for a day within the project's dates; {planned_on} is outside them.")
    ),
    "milestone.future": Refusal(400, "INV-77", _("A milestone is reached on a day that has come.")),
    "milestone.reached": Refusal(409, "INV-77", _("The milestone was reached on {reached_on}.")),
    "milestone.reason": Refusal(400, "INV-77", _("Say why the milestone moves.")),
    "risk.range": Refusal(400, "INV-81", _("Likelihood and impact are whole numbers from 1 to 5.")),
    "risk.owner": Refusal(400, "INV-81", _("A risk has an owner.")),
    "risk.reason": Refusal(400, "INV-81", _("Say why the risk is judged anew, or how it ended.")),
    "risk.dates": Refusal(400, "INV-81", _("A risk is closed on the day it was identified, or later.")),
    "risk.future": Refusal(400, "INV-81", _("The day {day} is still to come.")),
    "risk.closed": Refusal(409, "INV-81", _("The risk was closed on {closed_on}.")),
    "risk.no_mitigation": Refusal(
        WARNING,
        "INV-81",
        _("A high risk (level {level}) is open and has no mitigation with a date."),
        _("Say what will be done about it, and by when."),
    ),
    "status.duplicate": Refusal(409, "", _("The project already has a status report for this day.")),
    "status.too_early": Refusal(400, "", _("A status report is submitted once its day has come.")),
    "status.unexplained": Refusal(
        400, "", _("Amber and red need a sentence: what is wrong, and what is being done about it.")
    ),
    "status.frozen": Refusal(
        423, "", _("The status report has been submitted and stays as it is."), _("Tell the rest in the next one.")
    ),
}

MONEY = {
    "money.negative": Refusal(400, "INV-76", _("Money is given in euros, zero or more, with two decimals.")),
    "money.overrun": Refusal(
        WARNING, "INV-76", _("More has been used ({used} €) of a source of {year} than was granted.")
    ),
    "funding.sum": Refusal(
        400, "INV-76", _("The sources come to {sources} €, but the budget is {total} €: the two must be equal.")
    ),
    "funding.duplicate": Refusal(409, "INV-76", _("This source and funder already stand in the year's budget.")),
    "funding.used_on": Refusal(400, "INV-76", _("A sum used comes with the day by which it was used.")),
    "funding.future": Refusal(400, "INV-76", _("The day {day} is still to come.")),
    "budget.duplicate": Refusal(
        409, "INV-76", _("The year already has a budget."), _("Revise the one that is there, with a reason.")
    ),
    "budget.year": Refusal(400, "INV-76", _("The year is a calendar year.")),
    "budget.reason": Refusal(400, "INV-80", _("Say why the budget is revised.")),
}

PILOTS = {
    "pilot.not_a_pilot": Refusal(400, "INV-78", _("Project {project} is not of the kind pilot.")),
    "pilot.duplicate": Refusal(409, "INV-78", _("The project already has its pilot card.")),
    "pilot.transition": Refusal(409, "INV-78", _("This can't follow from the pilot's present state.")),
    "pilot.project_not_running": Refusal(409, "INV-78", _("A pilot begins once its project {project} is running.")),
    "pilot.no_result": Refusal(400, "INV-78", _("Say what came of the pilot, good or bad.")),
    "pilot.no_partner": Refusal(400, "INV-78", _("Name the partner that takes the pilot into use.")),
    "pilot.no_lessons": Refusal(
        400,
        "INV-78",
        _("A pilot may end without adoption, but its lessons are written down."),
        _("Tell what was learnt."),
    ),
    "closing.open_items": Refusal(
        409,
        "INV-102",
        _("{project} {name} has not ended."),
        _("Bring it to its end, or name the line unit in which it goes on after the programme."),
    ),
}

# A target without projects is warned of here, the lowest place that sees both.
BENEFITS = {
    "benefit.no_project": Refusal(
        WARNING, "INV-61", _("Benefit target {target} has no project, or all its projects have ended.")
    ),
}

REFUSALS = REGISTER | PROGRESS | MONEY | PILOTS | BENEFITS

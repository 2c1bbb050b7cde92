"""What can be refused about decisions, what makes a decision too little for a move, and what is warned about."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

WARNING = 200  # saved and shown, never refused

REFUSALS = {
    # the record itself
    "body.duplicate": Refusal(409, "", _("There is already a body of this name.")),
    "body.only_one": Refusal(
        409, "", _("The city has one council, one board and one mayor or city manager at a time.")
    ),
    "decision.incomplete": Refusal(
        400,
        "INV-05",
        _("The decision is incomplete: a decision that has been made has its body, day, title, kind and outcome."),
        _("From the council and the city board also give the section (§), from 1 upwards, and the case number."),
    ),
    "decision.duplicate": Refusal(
        409, "INV-05", _("The body already has a decision of this day and section."), _("Use the one already recorded.")
    ),
    "case_number.format": Refusal(
        400, "INV-06", _("This is not a case number."), _("A case number looks like {example}.")
    ),
    "decision.planned_dates": Refusal(
        400,
        "INV-07",
        _("A planned decision has no day of deciding yet."),
        _("Give the planned day; record the outcome once the body has decided."),
    ),
    "decision.already_made": Refusal(
        409,
        "INV-07",
        _("The body has already dealt with this item."),
        _("Correct it with a reason, or record the new handling as a decision of its own."),
    ),
    "decision.future": Refusal(
        400, "INV-08", _("That day is still to come."), _("A day to come may be given as the planned day.")
    ),
    "decision.dates": Refusal(400, "INV-08", _("These days can't follow each other in this order.")),
    "decision.minutes_none": Refusal(
        409, "INV-09", _("There are no minutes to check: the decision has not been made by a body that keeps them.")
    ),
    "decision.minutes_already_checked": Refusal(
        409, "INV-09", _("The minutes have already been checked."), _("A wrong day is corrected with a reason.")
    ),
    "decision.kind": Refusal(
        400,
        "INV-10",
        _("The kind of a decision comes from the list, and agrees with its outcome."),
        _("Amendments and wishes are recorded as lines of their own."),
    ),
    "decision.in_use": Refusal(
        409,
        "INV-12",
        _("Other records rest on this decision, so it can't lose what they rest on."),
        _("First correct the records that rest on it."),
    ),
    "decision.numbered_twice": Refusal(400, "", _("The decision already has a line of this number.")),
    "decision.minutes_language": Refusal(409, "", _("The minutes are already there in this language.")),
    "decision.no_such_point": Refusal(400, "INV-05", _("The decision has no point of this number.")),
    "decision.programme_twice": Refusal(400, "", _("The point already names this programme.")),
    "decision.continues_twice": Refusal(400, "INV-13", _("The decision already continues this one.")),
    "decision.continues_itself": Refusal(400, "INV-13", _("A decision does not continue itself.")),
    "wish.answer": Refusal(400, "", _("An answered wish has its answer and the day of the answer.")),
    "wish.answered": Refusal(409, "", _("The wish has already been answered."), _("A new answer needs a reason.")),
    "wish.delay": Refusal(400, "", _("An open wish says why it has no answer yet, and on which day that was said.")),
    "decision.line_too_early": Refusal(
        409, "INV-10", _("A wish or an amendment belongs to an item that the body has dealt with.")
    ),
    # too little for a move
    "decision.wrong_body": Refusal(
        409,
        "INV-03",
        _("This rests on a decision of the council to set up or to approve."),
        _("Add the council's decision: day, section (§) and case number. It may precede the term."),
    ),
    "decision.not_made": Refusal(
        409,
        "INV-07",
        _("The decision is only planned, and a planned decision carries nothing."),
        _("Record its outcome once the body has decided."),
    ),
    "decision.not_approving": Refusal(
        409,
        "INV-11",
        _("The matter was returned, left on the table or removed from the agenda, so nothing was approved."),
        _("The matter waits for the body's next decision."),
    ),
    "decision.minutes_unchecked": Refusal(
        409,
        "INV-09",
        _("The minutes of the decision have not been checked, so it is not final yet."),
        _("Record the day on which the minutes were checked."),
    ),
    "member.appointer": Refusal(
        409,
        "INV-24",
        _("The council elects the elected members; the officials are named by the body that has the task in the city."),
        _("Add that decision, of the kind elect or name."),
    ),
    "chair.appointer": Refusal(
        409,
        "INV-28",
        _("The council names the chair and the vice chair."),
        _("Add the council's decision, of the kind elect or name."),
    ),
    "benefit.needs_board_proposal": Refusal(
        409,
        "INV-53",
        _("A benefit target is proposed only by a decision of the city board to propose it to the council."),
        _("Add the city board's decision: day, section (§), case number, kind propose."),
    ),
    "benefit.needs_council_decision": Refusal(
        409,
        "INV-52",
        _("A benefit target can't be marked as approved without the council's decision to approve it."),
        _("Add the decision: body, day, section (§), case number."),
    ),
    "plan.needs_board_decision": Refusal(
        409,
        "INV-72",
        _("A programme plan is approved only by a decision of the city board to approve it."),
        _("Add the city board's decision: day, section (§), case number, kind approve."),
    ),
    "programme.close_needs_decision": Refusal(
        409,
        "INV-04",
        _("A programme is closed only by a decision of the council to close it."),
        _("Add the council's decision, of the kind close. It may precede the end of the term."),
    ),
    "report.needs_proposal": Refusal(
        409,
        "INV-92",
        _("A report is brought to the council only by a decision of the city board to propose it."),
        _("Add the city board's decision, of the kind propose."),
    ),
    "report.needs_note": Refusal(
        409,
        "INV-101",
        _("A report is noted only by a decision of the council to note it."),
        _("Add the council's decision, of the kind note."),
    ),
    "pilot.needs_line_decision": Refusal(
        409,
        "INV-79",
        _("A pilot is adopted only by a decision of the line organisation, never by the programme itself."),
        _("Add the decision of the unit or committee that takes the pilot into use."),
    ),
    # warnings
    "case_number.year": Refusal(
        WARNING, "INV-06", _("The case number says {case_year}, a later year than that of the decision, {year}.")
    ),
    "decision.no_board_proposal": Refusal(
        WARNING,
        "INV-13",
        _("No proposal of the city board is recorded before this decision of the council."),
        _("Record the proposal, with the same case number or as an earlier decision that this one continues."),
    ),
}

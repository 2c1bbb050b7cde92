"""What can be refused about programmes, their phases, plans and updates; missing decisions stand in their own room."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "programme.duplicate": Refusal(
        409,
        "INV-02",
        _("The council term already has a programme of this name or code."),
        _("The same name may be used again in another term."),
    ),
    "programme.frozen": Refusal(423, "INV-04", _("The programme is closed; nothing in it changes any more.")),
    "programme.transition": Refusal(
        409,
        "INV-112",
        _("The programme can't enter this phase from the one it is in."),
        _("The phases follow one another; none is skipped."),
    ),
    "programme.move_future": Refusal(400, "INV-112", _("A phase is entered today or on a day gone by.")),
    "programme.move_order": Refusal(
        409, "INV-112", _("A phase can't begin before the one that precedes it: {last} or later is accepted.")
    ),
    "programme.move_before_next": Refusal(
        409, "INV-112", _("A phase can't begin after the one that follows it: {next} or earlier is accepted.")
    ),
    "programme.move_before_decision": Refusal(
        409, "INV-112", _("A phase can't begin before the decision that it rests on: {decided} or later is accepted.")
    ),
    "programme.no_group": Refusal(
        409, "INV-20", _("The programme has no steering group of a size the council has decided.")
    ),
    "programme.no_elected_members": Refusal(
        409, "INV-24", _("The steering group has no elected members appointed by the council.")
    ),
    "programme.no_official_members": Refusal(409, "INV-24", _("The steering group has no officials named to it.")),
    "programme.no_chair": Refusal(409, "INV-28", _("The steering group has no chair named by the council.")),
    "programme.no_approved_targets": Refusal(
        409, "INV-52", _("The council has not approved any benefit target of the programme.")
    ),
    "programme.no_approved_plan": Refusal(409, "INV-72", _("The city board has not approved the programme plan.")),
    "programme.not_taken_over": Refusal(
        409, "INV-112", _("Only a programme taken over from an older register is entered this way.")
    ),
    "programme.sector_duplicate": Refusal(409, "", _("The sector already takes part in the programme.")),
    "update.duplicate": Refusal(
        409, "", _("The programme already has an update for this status date."), _("Change the one that is there.")
    ),
    "plan.targets_not_approved": Refusal(
        409,
        "INV-73",
        _("The council had not approved the benefit targets when the board decided on the plan."),
        _("Record the council's approval first, or give the reason for the other order."),
    ),
    "plan.frozen": Refusal(
        423, "INV-72", _("This version of the plan is frozen."), _("Begin a new draft; it starts from this content.")
    ),
    "plan.transition": Refusal(
        409, "INV-112", _("This can't follow from the state of the version."), _("A draft is submitted, then approved.")
    ),
    "plan.one_at_a_time": Refusal(
        409, "INV-72", _("A plan has one draft, one submitted and one valid version at a time.")
    ),
    "plan.number_taken": Refusal(409, "INV-72", _("The plan already has a version of this number.")),
    "plan.number": Refusal(
        400, "INV-72", _("Drafts are numbered 0.1, 0.2 … and 1.1, 1.2 …; whole numbers are for approved versions.")
    ),
    "plan.sections": Refusal(
        400,
        "",
        _("A plan has these sections, each with texts in fi, sv and en: {accepts}."),
        _("Not accepted: {section}."),
    ),
    "plan.empty": Refusal(409, "", _("The plan says nothing yet."), _("Write at least one section in Finnish.")),
}

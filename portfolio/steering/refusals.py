"""What can be refused about steering groups, their seats, holders and chairs; and the two warnings about them."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "group.exists": Refusal(
        409, "INV-20", _("The programme already has its steering group."), _("Change the size of the group there is.")
    ),
    "group.parity": Refusal(
        400,
        "INV-21",
        _("A steering group has as many seats for officials as for elected members, and at least one of each."),
    ),
    "group.needs_decision": Refusal(
        409, "INV-21", _("The council decides the number of seats."), _("Give its decision.")
    ),
    "group.seats_full": Refusal(
        409, "INV-22", _("All seats of this kind are held."), _("End a membership first, or let the council add seats.")
    ),
    "group.seats_held": Refusal(
        409, "INV-22", _("Seat {number} has a holder; it can't be closed."), _("End the membership first.")
    ),
    "group.vacancy": Refusal(409, "INV-23", _("Seats of the group are vacant: {vacant}.")),
    "group.quota": Refusal(
        409,
        "INV-32",
        _("The 40 % quota, at least {least} of {holders}, is unchecked, or unmet without a special reason."),
    ),
    "group.quota_date": Refusal(400, "INV-32", _("The quota was checked today or on a day gone by.")),
    "seat.duplicate": Refusal(409, "INV-21", _("The group already has a seat of this kind and number.")),
    "seat.range": Refusal(400, "INV-31", _("A seat ends on or after the day it starts.")),
    "seat.label": Refusal(400, "INV-30", _("A seat with the right to attend and speak says for whom it is.")),
    "seat.other_kind": Refusal(409, "INV-24", _("The seat is of another kind or of another group.")),
    "seat.not_open": Refusal(409, "INV-31", _("The seat does not exist on the day the membership would start.")),
    "seat.no_vote": Refusal(
        409,
        "INV-30",
        _("The seat gives the right to attend and speak; it has no vote and is outside parity and quorum."),
    ),
    "member.resignation_not_accepted": Refusal(
        409,
        "INV-24",
        _("An elected member leaves the seat when the council has accepted the resignation."),
        _("Give the council's decision with a point that accepts the resignation."),
    ),
    "member.duplicate": Refusal(409, "INV-27", _("The person already sits in this group in that time.")),
    "member.range": Refusal(400, "INV-31", _("A membership ends on or after the day it starts.")),
    "member.overlap": Refusal(
        409, "INV-31", _("The seat has a holder in that time."), _("End that membership, or appoint a successor.")
    ),
    "member.ending": Refusal(400, "INV-31", _("A membership that has ended says how it ended.")),
    "member.starts_on": Refusal(
        400, "INV-31", _("A membership recorded here has its first day; only an older register may lack it.")
    ),
    "member.ended": Refusal(409, "INV-31", _("The membership has ended already, on {ends_on}.")),
    "member.not_ended": Refusal(409, "INV-31", _("The membership has not ended yet."), _("Record how it ends.")),
    "deputy.policy": Refusal(409, "INV-25", _("The group has no deputies; so the council has decided.")),
    "deputy.kind": Refusal(
        409,
        "INV-26",
        _("A personal deputy is of the same kind as the member: elected for elected, official for official."),
    ),
    "deputy.taken": Refusal(409, "INV-26", _("The member already has a personal deputy in that time.")),
    "deputy.self": Refusal(409, "INV-26", _("Nobody is their own deputy.")),
    "deputy.chain": Refusal(409, "INV-26", _("A deputy has no deputy.")),
    "deputy.member_left": Refusal(409, "INV-26", _("The member is not in office on the day the deputy would start.")),
    "deputy.member_missing": Refusal(
        400, "INV-26", _("A personal deputy replaces one member; a member replaces nobody.")
    ),
    "chair.kind": Refusal(409, "INV-28", _("The chair and the vice chair are elected members, not officials.")),
    "chair.not_member": Refusal(409, "INV-28", _("The chair and the vice chair are members of the group on that day.")),
    "chair.same": Refusal(409, "INV-28", _("The chair and the vice chair are two persons.")),
    "chair.taken": Refusal(
        409, "INV-28", _("The group has a holder of this office in that time."), _("End that chairship first.")
    ),
    "chair.range": Refusal(400, "INV-28", _("A chairship ends on or after the day it starts.")),
    "chair.starts_on": Refusal(
        400, "INV-28", _("A chairship recorded here has its first day; only an older register may lack it.")
    ),
    "chair.ended": Refusal(409, "INV-28", _("The chairship has ended already, on {ends_on}.")),
    "chair.not_ended": Refusal(409, "INV-28", _("The chairship has not ended yet."), _("Record how it ends.")),
    "chair.deputy": Refusal(
        409,
        "INV-29",
        _("A deputy does not lead the group."),
        _("The vice chair presides, or the meeting elects a chair for the time being."),
    ),
    "event.groups": Refusal(400, "", _("A joint event brings together the steering groups of two programmes or more.")),
    "event.date": Refusal(400, "", _("An event is recorded when it has been held.")),
    "event.group_duplicate": Refusal(409, "", _("The group is named twice.")),
}

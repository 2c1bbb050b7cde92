"""What can be refused about people and roles."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "role.range": Refusal(400, "", _("A role ends on the day it begins, or later.")),
    "role.overlap": Refusal(409, "", _("The person already holds this role in that period.")),
    "role.programme_missing": Refusal(400, "INV-114", _("A programme manager's role needs its programme.")),
    "role.project_missing": Refusal(400, "INV-114", _("A project manager's role needs its project.")),
    "person.inactive": Refusal(409, "", _("The person is no longer active.")),
    "person.active": Refusal(409, "", _("The person is active already.")),
    "account.exists": Refusal(409, "", _("The person already has an account.")),
    "account.username_taken": Refusal(409, "", _("The user name is in use.")),
    "account.password_weak": Refusal(400, "", _("The password needs at least twelve characters.")),
    "token.days": Refusal(400, "", _("A token works for at least one day and at most {most}.")),
}

"""What can be refused about people and roles."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "role.range": Refusal(400, "", _("A role ends on the day it begins, or later.")),
    "role.overlap": Refusal(409, "", _("The person already holds this role in that period.")),
    "role.programme_missing": Refusal(400, "INV-114", _("A programme manager's role needs its programme.")),
    "role.project_missing": Refusal(400, "INV-114", _("A project manager's role needs its project.")),
    "role.project_unknown": Refusal(400, "INV-114", _("There is no such project.")),
    "role.unit_kind": Refusal(
        400, "INV-114", _("This body is no unit in use."), _("A unit owner’s role is held on a unit of the line.")
    ),
    "role.unit_missing": Refusal(400, "INV-114", _("A unit owner's role needs its unit.")),
    "role.programme_foreign": Refusal(
        400, "INV-114", _("This role is not held on one programme."), _("Only a programme manager’s is.")
    ),
    "role.project_foreign": Refusal(
        400, "INV-114", _("This role is not held on one project."), _("Only a project manager’s is.")
    ),
    "role.unit_foreign": Refusal(400, "INV-114", _("This role is not held on one unit."), _("Only a unit owner’s is.")),
    "role.ended": Refusal(
        409,
        "INV-115",
        _("A role is not lengthened."),
        _("Give the role anew from the day on which it is to be held."),
    ),
    "role.taken_away": Refusal(
        409,
        "INV-115",
        _("The role has been taken away already and stays so."),
        _("Give the role anew from the day on which it is to be held."),
    ),
    "role.last_administrator": Refusal(
        409,
        "INV-114",
        _("From {on} on nobody would administer the users."),
        _("Give the role first, for as long, to another active person who can sign in."),
    ),
    "role.too_early": Refusal(400, "INV-115", _("A role begins in the year 2000 or later.")),
    "person.inactive": Refusal(409, "", _("The person is no longer active.")),
    "person.active": Refusal(409, "", _("The person is active already.")),
    "account.exists": Refusal(409, "", _("The person already has an account.")),
    "account.username_taken": Refusal(409, "", _("The user name is in use.")),
    "account.username": Refusal(400, "", _("A user name has 1–60 characters and no spaces.")),
    "account.username_scripts": Refusal(
        400,
        "",
        _("A user name is not mixed from several alphabets."),
        _("Type it anew: one letter looks like another one."),
    ),
    "account.username_reserved": Refusal(
        400,
        "",
        _("User names that begin with “{reserved}” are kept for erased people."),
        _("Choose another user name."),
    ),
    "account.password_weak": Refusal(400, "", _("The password needs at least twelve characters.")),
    "account.password_long": Refusal(400, "", _("The password has at most {most} characters.")),
    "account.password_common": Refusal(400, "", _("The password is among those that are guessed first.")),
    "account.password_numeric": Refusal(400, "", _("The password needs something else than digits too.")),
    "account.password_similar": Refusal(400, "", _("The password is too much like the name or the email address.")),
    "account.password_control": Refusal(400, "", _("The password has a character that can't be typed.")),
    "account.password_wrong": Refusal(400, "", _("This is not your present password.")),
    "account.password_differs": Refusal(400, "", _("The two new passwords are not the same.")),
    "account.password_same": Refusal(400, "", _("Choose another password than the present one.")),
    "account.own": Refusal(
        409, "", _("Nobody gives themselves a temporary password."), _("Choose a new password on your own page.")
    ),
    "account.temporary": Refusal(
        403, "", _("Your password is temporary."), _("Sign in on the site and choose one of your own first.")
    ),
    "token.days": Refusal(400, "", _("A token works for at least one day and at most {most}.")),
    "signin.shut": Refusal(429, "", _("There were too many attempts to sign in. Try again in {minutes} min.")),
}

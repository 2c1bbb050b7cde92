"""What can be refused about translations of remarks."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "remark.duplicate": Refusal(
        409, "", _("This remark has its translation already."), _("Change that one, or add the language it lacks.")
    ),
    "remark.no_wording": Refusal(
        400, "", _("A translation says something in at least one other language."), _("Give the wording.")
    ),
    "remark.own_language": Refusal(
        400,
        "",
        _("A remark is not translated into the language in which it was written."),
        _("Leave that language out, or name the language in which the remark was written."),
    ),
}

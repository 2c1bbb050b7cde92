"""What can be refused about translations."""

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
    "text.own_language": Refusal(
        409,
        "INV-98",
        _("A text is marked the same in another language than its own, and only where there is a text."),
        _("Name the language that says it as the original does."),
    ),
    "text.not_same": Refusal(
        409,
        "INV-98",
        _("The wording in this language differs from the original, so it is not the same."),
        _("Take the wording away first, or leave it as the translation that it is."),
    ),
    "text.no_statement": Refusal(
        409,
        "INV-98",
        _("There are no words in this language that could be a statement."),
        _("Name the language in which the statement was given."),
    ),
}

"""What can be refused about documents of any kind."""

from django.utils.translation import gettext_lazy as _

from portfolio.refusals import Refusal

REFUSALS = {
    "document.not_parked": Refusal(409, "", _("The machine has given up nothing of this document.")),
}

"""What a point of a decision can do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PointKind(models.TextChoices):
    """What a point of a decision does; amendments and wishes are lines of their own (INV-10)."""

    SET = "set", _("set up")
    ELECT = "elect", _("elect or name")
    ACCEPT_RESIGNATION = "accept_resignation", _("accept a resignation")
    PROPOSE = "propose", _("propose")
    APPROVE = "approve", _("approve")
    STATE_OPINION = "state_opinion", _("state an opinion")
    NOTE = "note", _("take note")
    CLOSE = "close", _("close")
    RETURN = "return", _("return for preparation")
    TABLE = "table", _("leave on the table")
    REMOVE = "remove", _("remove from the agenda")

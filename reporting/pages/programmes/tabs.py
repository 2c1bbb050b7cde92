"""The pages of one programme: what each is called, and where it stands under the programme's own address."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Tab:
    """A page of a programme; its template is named after it."""

    name: str
    title: str | Promise

    @property
    def path(self) -> str:
        """What follows the programme's own address; nothing for the first page."""
        return "" if self.name == OVERVIEW else f"{self.name}/"


OVERVIEW = "overview"
TABS = (
    Tab(OVERVIEW, _("Overview")),
    Tab("targets", _("Benefit targets")),
    Tab("projects", _("Projects")),
    Tab("risks", _("Risks")),
    Tab("money", _("Money")),
    Tab("decisions", _("Decisions")),
    Tab("group", _("Steering group")),
    Tab("history", _("History")),
)

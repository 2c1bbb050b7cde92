"""What somebody asks of the portfolio, programmes and their order; it stands in the address and can be passed on."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.programmes.models import Phase
from reporting.compilation.findings import BEST_FIRST

ORDERS: dict[str, str | Promise] = {
    "standing": _("the worst first"),
    "name": _("by name"),
    "milestone": _("the latest milestone first"),
    "money": _("most of the money used first"),
    "risk": _("the highest risk first"),
    "updated": _("the oldest figures first"),
    "report": _("the next report first"),
}
CODES = {"standing": BEST_FIRST, "phase": tuple(Phase.values), "order": tuple(ORDERS)}
DOWN = {"standing", "milestone", "money", "risk"}  # the greatest first
COLUMNS: tuple[tuple[str, str | Promise], ...] = (
    ("name", _("Programme")),
    ("standing", _("Standing")),
    ("", _("Weakest target")),
    ("milestone", _("Next milestone")),
    ("money", _("Money of the year")),
    ("risk", _("Greatest risk")),
    ("updated", _("Told last")),
    ("report", _("Next report")),
)


@dataclass(frozen=True)
class Column:
    """A head of the table, with the address that orders by it; `sort` where it is ordered by it."""

    title: str | Promise
    address: str
    sort: str


@dataclass(frozen=True)
class Asked:
    """The filters and the order of the portfolio; what nobody offers is not asked."""

    text: str = ""
    standing: str = ""
    phase: str = ""
    term: str = ""
    order: str = "standing"
    as_of: str = ""

    @classmethod
    def of(cls, given: QueryDict, as_of: str) -> Self:
        """What an address asks."""
        told = {each.name: given.get(each.name, "").strip()[:100] for each in fields(cls)}
        known = {name: said for name, said in told.items() if said and said in CODES.get(name, (said,))}
        return cls(**known | {"as_of": as_of})

    @property
    def filters(self) -> dict[str, str]:
        """Those that leave programmes out."""
        named = ("text", "standing", "phase", "term")
        return {name: getattr(self, name) for name in named if getattr(self, name)}

    @property
    def address(self) -> str:
        """The same question as an address has it."""
        said = {
            each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name) != each.default
        }
        return f"?{urlencode(said)}" if said else "?"

    @property
    def cleared(self) -> str:
        """All programmes in this order."""
        return Asked(order=self.order, as_of=self.as_of).address

    def columns(self, *, reports: bool) -> list[Column]:
        """The heads of the table; that of the next report where there is one to come."""
        shown = (each for each in COLUMNS if reports or each[0] != "report")
        return [Column(title, self._by(order), self._sort(order)) for order, title in shown]

    def _by(self, order: str) -> str:
        return replace(self, order=order).address if order else ""

    def _sort(self, order: str) -> str:
        if order != self.order:
            return ""
        return "descending" if order in DOWN else "ascending"

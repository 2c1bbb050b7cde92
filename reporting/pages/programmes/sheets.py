"""The lists of the portfolio and of a programme's pages as columns of a file: the same rows, each thing in a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reporting.facts import Text
from reporting.pages.export import Cell, Column, table
from reporting.pages.programmes.listing import Listing, ProgrammeRow, TermRows
from reporting.pages.programmes.money import MoneyPage, MoneyView
from reporting.pages.programmes.projects import ProjectRow, ProjectsPage
from reporting.pages.programmes.risks import RiskRow, RisksPage
from reporting.pages.programmes.targets import DraftRow, IndicatorRow, TargetRow, TargetsPage
from reporting.pages.targets.indicators import FigureRow
from reporting.templatetags.written import plain, stands

HIDDEN = _("not shown to you")
Sheet = Iterable[list[Cell]]


@dataclass(frozen=True)
class Line:
    """A programme in its council term."""

    term: TermRows
    row: ProgrammeRow


@dataclass(frozen=True)
class TargetLine:
    """A benefit target with one of its indicators, or without any."""

    target: TargetRow | DraftRow
    each: IndicatorRow | None = None

    @property
    def value(self) -> FigureRow | None:
        """The value that is judged."""
        return self.each.value if self.each else None


def figure(row: FigureRow | None) -> Cell:
    """A figure as a number, else as the page writes it."""
    if row is None:
        return None
    if row.number is not None:
        return row.number
    return plain(row.level) if row.level else row.value or (row.nothing if row.nothing != "–" else None)


def _standing(code: str | None) -> Cell:
    return stands(code) if code else None


def _overdue(overdue: bool) -> Cell:
    return _("overdue") if overdue else None


def _unit(row: FigureRow | None) -> Cell:
    return plain(row.unit) if row else None


def _or_hidden(cell: Cell, hidden: bool) -> Cell:
    return HIDDEN if hidden else cell


def _group(row: ProgrammeRow) -> Cell:
    return f"{row.seats.elected} + {row.seats.official}" if row.seats else None  # no number: 5 + 5 seats


def _of(part: str, name: str) -> Callable[[Line], Cell]:
    """What a part of a line has, if the line has it."""

    def cell(line: Line) -> Cell:
        found = getattr(line.row, part)
        told = getattr(found, name) if found else None
        return plain(told) if isinstance(told, Text) else told

    return cell


PORTFOLIO: tuple[Column[Line], ...] = (
    Column(_("Council term"), lambda line: line.term.label),
    Column(_("Programme"), lambda line: plain(line.row.name)),
    Column(_("Phase"), lambda line: line.row.phase),
    Column(_("Projects"), lambda line: _or_hidden(line.row.projects, line.row.projects is None)),
    Column(_("Projects running"), lambda line: _or_hidden(line.row.running, line.row.projects is None)),
    Column(_("Steering group"), lambda line: _group(line.row)),
    Column(_("Vacant seats"), _of("seats", "vacant")),
    Column(_("Standing"), lambda line: _standing(line.row.standing)),
    Column(_("Targets met or on course"), lambda line: line.row.fine if line.row.targets else None),
    Column(
        _("Benefit targets"),
        lambda line: line.row.targets or _or_hidden(None, line.row.hidden),
    ),
    Column(_("Weakest target: code"), _of("weakest", "code")),
    Column(_("Weakest target"), _of("weakest", "title")),
    Column(_("Newest value"), lambda line: figure(line.row.weakest.value) if line.row.weakest else None),
    Column(_("Path"), lambda line: figure(line.row.weakest.path) if line.row.weakest else None),
    Column(_("Unit"), lambda line: _unit(line.row.weakest.value) if line.row.weakest else None),
    Column(_("Next milestone"), _of("milestone", "name")),
    Column(_("Day of the milestone"), _of("milestone", "on")),
    Column(_("Slip, days"), _of("milestone", "slip")),
    Column(
        _("Money of the year: used, €"), lambda line: _or_hidden(_of("money", "used")(line), line.row.money is None)
    ),
    Column(
        _("Money of the year: available, €"),
        lambda line: _or_hidden(_of("money", "available")(line), line.row.money is None),
    ),
    Column(_("Greatest risk: level"), lambda line: _or_hidden(_of("risk", "level")(line), line.row.risks_hidden)),
    Column(_("Greatest risk"), lambda line: _or_hidden(_of("risk", "title")(line), line.row.risks_hidden)),
    Column(_("Mitigation"), lambda line: _overdue(bool(line.row.risk and line.row.risk.overdue))),
    Column(_("Measured on"), lambda line: line.row.measured_on),
    Column(_("Status of projects on"), lambda line: line.row.told_on),
)
NEXT_REPORT: Column[Line] = Column(_("Next report"), lambda line: line.row.next_report_on)


def _state(line: TargetLine) -> Cell:
    target = line.target
    if isinstance(target, DraftRow):
        return target.state
    words: dict[str, str | Promise] = {"replaced": _("replaced"), "ended": _("ended")}
    return _standing(target.standing) or words.get(target.state)


TARGETS: tuple[Column[TargetLine], ...] = (
    Column(_("Code"), lambda line: line.target.code),
    Column(_("Benefit target"), lambda line: plain(line.target.title)),
    Column(_("Standing"), _state),
    Column(_("Ended on"), lambda line: line.target.ended_on if isinstance(line.target, TargetRow) else None),
    Column(_("Indicator"), lambda line: plain(line.each.name) if line.each else None),
    Column(_("Newest value"), lambda line: figure(line.value)),
    Column(_("Measured on"), lambda line: line.value.on if line.value else None),
    Column(_("Remarks"), lambda line: line.value.remarks if line.value else None),
    Column(_("Path"), lambda line: figure(line.each.path) if line.each else None),
    Column(_("Target"), lambda line: figure(line.each.aim) if line.each else None),
    Column(_("Day of the target"), lambda line: line.each.aim.on if line.each else None),
    Column(_("Unit"), lambda line: _unit(line.value)),
    Column(_("Measured next"), lambda line: line.each.due_on if line.each else None),
    Column(_("Deadline"), lambda line: _overdue(bool(line.each and line.each.late))),
)
PROJECTS: tuple[Column[ProjectRow], ...] = (
    Column(_("Code"), lambda row: row.view.facts.code),
    Column(_("Project"), lambda row: plain(row.view.facts.name)),
    Column(_("Kind"), lambda row: row.view.kind),
    Column(_("Climate impact"), lambda row: plain(row.view.facts.climate_impact)),
    Column(_("State"), lambda row: row.view.pilot if row.view.pilot and not row.view.standing else row.view.state),
    Column(_("Standing of the project"), lambda row: _standing(row.view.standing)),
    Column(
        _("Last reported on"),
        lambda row: row.view.facts.status.status_on if row.view.standing and row.view.facts.status else None,
    ),
    Column(pgettext_lazy("head of a column", "Serves"), lambda row: ", ".join(row.view.serves)),
    Column(_("Next milestone"), lambda row: plain(row.view.milestone)),
    Column(_("Day of the milestone"), lambda row: row.view.milestone_on),
    Column(_("Slip, days"), lambda row: row.view.slip),
    Column(_("Money used, €"), lambda row: row.view.used),
    Column(_("Money available, €"), lambda row: row.view.budget),
    Column(_("Greatest risk: level"), lambda row: row.risk.level if row.risk else None),
    Column(_("Greatest risk"), lambda row: plain(row.risk.title) if row.risk else None),
)
RISKS: tuple[Column[RiskRow], ...] = (
    Column(_("Level"), lambda row: row.level),
    Column(_("Likelihood"), lambda row: row.likelihood),
    Column(_("Impact"), lambda row: row.impact),
    Column(_("Risk"), lambda row: plain(row.title)),
    Column(_("Mitigation"), lambda row: plain(row.mitigation)),
    Column(_("Project"), lambda row: plain(row.project) if row.project_id else None),
    Column(_("Mitigated by"), lambda row: row.mitigate_by),
    Column(_("Deadline"), lambda row: _overdue(row.overdue)),
    Column(_("Owner"), lambda row: row.owner),
)
MONEY: tuple[Column[MoneyView], ...] = (
    Column(_("Year"), lambda row: row.year),
    Column(_("Source"), lambda row: _("Together") if row.together else row.source),
    Column(_("Budget"), lambda row: row.budget),
    Column(_("Granted"), lambda row: row.granted),
    Column(_("Used"), lambda row: row.used),
)


def portfolio(found: Listing) -> Sheet:
    """The programmes that were asked for, in their order."""
    lines = (Line(term, row) for term in found.terms for row in term.programmes)
    return table((*PORTFOLIO, NEXT_REPORT) if found.reports else PORTFOLIO, lines)


def _target_lines(found: TargetsPage) -> Iterator[TargetLine]:
    for target in found.page.rows:
        yield from (TargetLine(target, each) for each in target.indicators or (None,))
    yield from map(TargetLine, found.drafts)


def targets(found: TargetsPage) -> Sheet:
    """Each target as often as it has indicators; then those on their way to the council."""
    return table(TARGETS, _target_lines(found))


def projects(found: ProjectsPage) -> Sheet:
    """The projects that the reader may see."""
    return table(PROJECTS, found.page.rows)


def risks(found: RisksPage) -> Sheet:
    """The open risks that the reader may see, the highest first."""
    return table(RISKS, found.page.rows)


def money(found: MoneyPage) -> Sheet:
    """Sums by year and source with those of each year; none where a part of the money is hidden."""
    return table(MONEY, found.rows)


# Of the pages of a programme those that are lists, and what makes a file of each.
SHEETS: dict[str, Callable[[Any], Sheet]] = {"targets": targets, "projects": projects, "risks": risks, "money": money}

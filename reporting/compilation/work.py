"""Projects, money and risks in figures."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol

from projects.progress.scale import mitigation_overdue
from reporting.compilation.findings import MoneyFinding, Overspent, ProjectFinding, RiskFinding
from reporting.facts import MilestoneFacts, MoneyFacts, ProgrammeFacts, ProjectFacts, RiskFacts, Standing, Text

STANDINGS: dict[str, Standing] = {
    "green": "on_track",
    "amber": "at_risk",
    "red": "off_track",
    "grey": "not_reported",
}
SOURCES = ("appropriation", "own_work", "external", "co_funding")
EXTERNAL = ("external", "co_funding")
OVER = ("ended", "cancelled")


def project(facts: ProjectFacts, *, since: date, on: date) -> ProjectFinding:
    """Its own standing, and the milestone that slipped most; one that is overdue slips to the status date.

    Of a project that has ended only what it reached counts; one that was cancelled is late with nothing any more.
    """
    moved = tuple(move.state for move in facts.moves if move.state != "planned" and since <= move.effective_on <= on)
    standing = project_standing(facts, since=since)
    owed = [one for one in facts.milestones if is_owed(facts, one) and facts.state != "cancelled"]
    if not owed:
        return ProjectFinding(key=facts.key, standing=standing, moved=moved)
    worst = max(owed, key=lambda milestone: (abs(slip(milestone, on=on)), milestone.planned_on))
    return ProjectFinding(
        key=facts.key,
        standing=standing,
        slip_months=slip(worst, on=on),
        milestone=worst.key,
        overdue=expected_on(worst) < on and worst.reached_on is None,
        moved=moved,
    )


def is_owed(project: ProjectFacts, milestone: MilestoneFacts) -> bool:
    """Whether a milestone was reached or is still to come: of a project that is over nothing more is expected."""
    return milestone.reached_on is not None or project.state not in OVER


def project_standing(facts: ProjectFacts, *, since: date) -> Standing:
    """As its newest status report says; ended is met, and a running project without a report of the period has none."""
    if facts.state == "ended":
        return "met"
    if facts.status is None or facts.status.status_on < since:
        return "not_reported"
    return STANDINGS[facts.status.standing]


def expected_on(milestone: MilestoneFacts) -> date:
    return milestone.reached_on or milestone.forecast_on or milestone.planned_on


def slip(milestone: MilestoneFacts, *, on: date) -> int:
    """Whole months between the planned day and the real one, rounded to the nearest."""
    return round(slip_days(milestone, on=on) / 30.44)


def slip_days(milestone: MilestoneFacts, *, on: date) -> int:
    """Days between the planned day and the real one; one that is overdue slips to the status date."""
    real = expected_on(milestone)
    if milestone.reached_on is None and real < on:
        real = on
    return (real - milestone.planned_on).days


def money(rows: Iterable[MoneyFacts]) -> tuple[MoneyFinding, ...]:
    """One line per source and funder, the city's own first; rows do not overlap, so they add up."""
    groups: dict[tuple[int, str], list[MoneyFacts]] = {}
    for row in rows:
        groups.setdefault((SOURCES.index(row.source), row.funder.known), []).append(row)
    return tuple(
        MoneyFinding(
            source=group[0].source,
            funder=group[0].funder if group[0].source in EXTERNAL else Text(),
            available=total(available(row) for row in group),
            used=total(row.used for row in group),
        )
        for _, group in sorted(groups.items())
    )


def of_the_year(rows: Iterable[MoneyFacts], on: date) -> list[MoneyFacts]:
    """The money of the status date's own year: appropriations are annual, so years are never added unsaid."""
    return [row for row in rows if row.period == str(on.year)]


def overspent(rows: Iterable[MoneyFacts]) -> tuple[Overspent, ...]:
    """Every row of which more was used than its period had, however much others have left; the newest first."""
    found = [
        Overspent(
            period=row.period,
            source=row.source,
            funder=row.funder if row.source in EXTERNAL else Text(),
            project=row.project,
            available=there,
            used=row.used,
        )
        for row in rows
        if row.used is not None and (there := available(row)) is not None and row.used > there
    ]
    return tuple(sorted(found, key=lambda one: one.period, reverse=True))


class Source(Protocol):
    """What a source of money was to give, and what it granted."""

    @property
    def source(self) -> str: ...
    @property
    def budget(self) -> Decimal | None: ...
    @property
    def granted(self) -> Decimal | None: ...


def available(row: Source) -> Decimal | None:
    """What may be used: the appropriation in the budget, or what a funder has granted; a plan is no grant."""
    if row.source in EXTERNAL:
        return row.granted
    return row.budget if row.budget is not None else row.granted


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; of nothing known it is unknown, not nought."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def appropriation(lines: Iterable[MoneyFinding]) -> tuple[Decimal | None, Decimal | None]:
    own = [line for line in lines if line.source == "appropriation"]
    return total(line.available for line in own), total(line.used for line in own)


def external(lines: Iterable[MoneyFinding]) -> Decimal | None:
    return total(line.available for line in lines if line.source in EXTERNAL)


def risks(programme: ProgrammeFacts, previous: ProgrammeFacts | None, *, on: date) -> tuple[RiskFinding, ...]:
    """Highest first, each with its level in the previous report; one still open after its day of mitigation is late."""
    then = {risk.key: risk for risk in previous.risks} if previous else {}
    ordered: list[RiskFacts] = sorted(programme.risks, key=lambda risk: (-risk.level, risk.title.known, risk.key))
    return tuple(
        RiskFinding(
            key=risk.key,
            level=risk.level,
            before=then[risk.key].level if risk.key in then else None,
            overdue=mitigation_overdue(risk.mitigate_by, on=on),
            due_before=_moved_from(then.get(risk.key), risk),
        )
        for risk in ordered
    )


def _moved_from(then: RiskFacts | None, now: RiskFacts) -> date | None:
    """By when it was to be mitigated as the previous report had it, if that day was moved since."""
    return then.mitigate_by if then and then.mitigate_by != now.mitigate_by else None

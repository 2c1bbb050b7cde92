"""What can be done about money: set a year's budget with its sources, revise it, grant, use."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from portfolio import clock, history
from portfolio.programmes.access import Actor, opened
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from portfolio.texts import in_step
from projects.money.models import Budget, Funding
from projects.register.models import Project


class _Source(TypedDict):
    source: str
    budget: Decimal


class Source(_Source, total=False):
    """One source of a budget: what it is, who gives it, how much."""

    funder: str
    funder_fi: str
    funder_sv: str
    funder_en: str
    source_language: str
    texts: dict[str, Any]
    granted: Decimal | None


def set_budget(
    programme: Programme,
    *,
    year: int,
    total: Decimal,
    sources: Sequence[Source],
    project: Project | None = None,
    by: Actor,
) -> Budget:
    """Set what a project, or the programme beside its projects, may cost in a year; the sources sum to it (INV-76)."""
    with history.change(by=by):
        programme = history.lock(Programme, programme.pk)
        opened(programme, "keep_money", by, project)
        if project and project.programme_id != programme.pk:
            raise Refused("project.other_programme", field="project", project=project.code)
        _require_sum(total, sources)
        budget = Budget(programme=programme, project=project, year=year, total=total).checked_save()
        for given in sources:
            funding = Funding(programme=programme, project=project, year=year)
            _describe(funding, given).checked_save()
        return budget


def revise_budget(
    budget: Budget,
    *,
    total: Decimal,
    sources: Sequence[Source],
    because: str,
    by: Actor,
    seen: int | None = None,
) -> Budget:
    """Replace a year's budget for a reason: named sources get their new sum, others fall to zero (INV-76, INV-80)."""
    with history.change(by=by, because=because, required="budget.reason"):
        budget = history.lock(Budget, budget.pk, seen=seen)
        opened(budget.programme, "keep_money", by, budget.project)
        _require_sum(total, sources)
        _replace_sources(budget, sources)
        budget.total = total
        return budget.checked_save()


def grant_funding(
    funding: Funding, *, granted: Decimal, because: str = "", by: Actor, seen: int | None = None
) -> Funding:
    """Record what a source has granted (INV-76)."""
    with history.change(by=by, because=because):
        funding = _funding(funding, by=by, seen=seen)
        funding.granted = granted
        return funding.checked_save()


def record_use(
    funding: Funding, *, used: Decimal, used_on: date, because: str = "", by: Actor, seen: int | None = None
) -> Funding:
    """Record how much of a source had been used by a day; more than granted is a warning, never a refusal (INV-76)."""
    with history.change(by=by, because=because):
        funding = _funding(funding, by=by, seen=seen)
        if used_on > clock.today():
            raise Refused("funding.future", field="used_on", day=used_on)
        funding.used = used
        funding.used_on = used_on
        return funding.checked_save()


def _funding(funding: Funding, *, by: Actor, seen: int | None) -> Funding:
    funding = history.lock(Funding, funding.pk, seen=seen)
    opened(funding.programme, "keep_money", by, funding.project)
    return funding


def _require_sum(total: Decimal, sources: Sequence[Source]) -> None:
    together = sum((given["budget"] for given in sources), Decimal(0))
    if together != total:
        raise Refused("funding.sum", field="total", total=total, sources=together)


def _describe(funding: Funding, given: Source) -> Funding:
    """A funder's name is told in one language or in three."""
    for field, value in in_step(funding, dict(given), "funder").items():
        setattr(funding, field, value)
    return funding


def _replace_sources(budget: Budget, sources: Sequence[Source]) -> None:
    standing = {
        (funding.source, funding.funder): funding
        for funding in Funding.objects.filter(
            programme=budget.programme_id, project=budget.project_id, year=budget.year
        )
    }
    for given in sources:
        place = given["source"], in_step(Funding(), dict(given), "funder").get("funder", "")
        funding = standing.pop(place, None) or Funding(
            programme=budget.programme, project=budget.project, year=budget.year, provenance=budget.provenance
        )
        _describe(funding, given).checked_save()
    for unnamed in standing.values():
        unnamed.budget = Decimal(0)
        unnamed.checked_save()

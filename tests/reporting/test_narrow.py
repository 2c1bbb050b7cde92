"""A page reads less than a report and says the same: one truth, however little of the world is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portfolio import history
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, PathPoint
from portfolio.programmes.models import Programme
from portfolio.steering.commands import size_group
from portfolio.strategy.models import CouncilTerm
from projects.pilots.models import Pilot, PilotMove
from projects.progress.models import Milestone
from projects.register.models import Partner, Project, ProjectPartner, ProjectTarget
from reporting.pages.programmes.listing import living, standing_of
from reporting.snapshot import kinds, narrow, programmes
from reporting.snapshot.world import World
from tests import story
from tests.benchmarks.test_report import portfolio
from tests.portfolio.decisions import factories as decided
from tests.portfolio.steering import factories as steering
from tests.story import SETUP

MIDSUMMER, ADVENT = date(2022, 6, 24), date(2022, 11, 27)


@pytest.fixture
def cuts(db: None) -> list[int]:
    """Two programmes and a steering group; then three change sets that approve, entangle and undo."""
    portfolio(projects=8, indicators=8, values=24, programmes=2)
    sized_by = decided.decision("council", "set", section=900)
    first = Programme.objects.get(code="ohjelma-0")
    group = size_group(first, elected_seats=2, official_seats=2, deputies="personal", sized_by=sized_by, by=SETUP)
    steering.deputy(steering.member(group, "elected", "Eeva"), "Varpu")
    chen, found = story.person("Chen"), [history.head().seq]
    for change in (approve, entangle, undo):
        with history.change(by=SETUP, because="setup"):
            change(chen)
        found.append(history.head().seq)
    return found


def approve(chen: Any) -> None:
    """The values of all indicators but one, to the last month but one: one at its target, one an average."""
    known = Measurement.objects.filter(measured_on__lt=date(2022, 10, 25)).exclude(indicator__code="MHT1")
    known.update(approved_by=chen, approved_on=date(2022, 11, 5))
    known.filter(indicator__code="MHT4").update(value=60)
    Indicator.objects.filter(code="MHT3").update(kind="average")


def entangle(chen: Any) -> None:
    """Support of another programme's target, a partner, a pilot, a path, a rescaled indicator, a correction."""
    ours, theirs = Project.objects.get(code="P0"), BenefitTarget.objects.get(code="HT1")
    ProjectTarget(
        project=ours, target=theirs, role="supports", accepted_on=date(2022, 4, 1), accepted_by=chen
    ).checked_save()
    ProjectPartner(project=ours, partner=Partner(name="Esimerkki Oy").checked_save()).checked_save()
    pilot = Pilot(project=Project.objects.get(code="P6")).checked_save()
    PilotMove(pilot=pilot, state="running", effective_on=date(2022, 5, 2)).checked_save()
    indicator = Indicator.objects.get(code="MHT0")
    PathPoint(plan=indicator.plans.get(), on=date(2022, 6, 30), value=90).checked_save()
    Indicator.objects.filter(code="MHT2").update(rescaled_from=Indicator.objects.get(code="MHT1"))
    corrected = Measurement.objects.filter(indicator=indicator, measured_on__lt=date(2021, 6, 1)).first()
    corrected.value, corrected.corrected_because = 77, "Counted anew."
    corrected.checked_save()


def undo(chen: Any) -> None:
    """A project moves to the other programme, a milestone is deleted."""
    Project.objects.filter(code="P2").update(programme=Programme.objects.get(code="ohjelma-1"))
    Milestone.objects.filter(project__code="P4").first().delete()


@pytest.mark.parametrize("on", [MIDSUMMER, ADVENT])
def test_a_page_tells_of_a_programme_what_the_report_tells(cuts: list[int], on: date) -> None:
    told = set()
    for cut in cuts:
        whole = World.at(cut, status_date=on, period_starts_on=narrow.EVER)
        for row in whole.rows[Programme]:
            facts, own = facts_in(whole, row.id), narrow.of_programme(row.id, cut, on)
            assert facts_in(own, row.id) == facts
            assert len(own.rows[Measurement]) < len(whole.rows[Measurement])
            head = facts_in(narrow.head_of_programme(row.id, cut, on), row.id)
            assert (head.name, head.phase, stands(head, on)) == (facts.name, facts.phase, stands(facts, on))
            told.add(facts)
    assert len(told) > 6, "the change sets must make a difference"


@pytest.mark.parametrize("on", [MIDSUMMER, ADVENT])
def test_the_list_tells_what_the_report_tells(cuts: list[int], on: date) -> None:
    seen = set()
    for cut in cuts:
        whole, listed = World.at(cut, status_date=on, period_starts_on=narrow.EVER), narrow.of_all(cut, on)
        assert len(listed.rows[Measurement]) < len(whole.rows[Measurement])
        for row in whole.rows[Programme]:
            one, other = facts_in(whole, row.id), facts_in(listed, row.id)
            assert (one.name, one.phase, stands(one, on)) == (other.name, other.phase, stands(other, on))
            assert [(p.key, p.state) for p in one.projects] == [(p.key, p.state) for p in other.projects]
            assert held(one) == held(other)
            seen |= set(stands(one, on))
    assert len(seen) > 2, "there must be standings to compare"


def test_a_programme_that_is_not_there_has_no_rows(cuts: list[int]) -> None:
    assert not any(narrow.of_programme(0, cuts[-1], ADVENT).rows[table] for table in narrow.BELONGING)
    assert not narrow.head_of_programme(Programme.objects.first().pk, 0, ADVENT).rows[Programme]


def facts_in(world: World, pk: int) -> Any:
    return programmes.programme(world, world.get(Programme, pk))


def stands(facts: Any, on: date) -> list[str]:
    return [standing_of(target, on) for target in living(facts)]


def held(facts: Any) -> Any:
    """The seats, and whether somebody sits there."""
    group = facts.group
    return group and (group.elected_seats, [(seat.kind, seat.number, bool(seat.member)) for seat in group.seats])


@pytest.mark.proof
def test_what_is_read_for_a_list_is_all_that_a_list_tells(cuts: list[int]) -> None:
    """Without any table that the list does not read, a report's world tells the same of what stands in the list."""
    whole = World.at(cuts[1], status_date=ADVENT, period_starts_on=narrow.EVER)
    listed, standing = {*narrow.LISTED, Measurement}, {*narrow.STANDING, Measurement, CouncilTerm, Programme}
    page = {Programme, *kinds.OWN, *kinds.LINKED, *kinds.NAMED, *kinds.SHARED}
    for told, read in ((in_the_list, listed), (in_the_head, standing), (facts_of_all, page)):
        missed = {kind for kind in kinds.MODELS if differs(told, whole, kind)}
        assert missed <= read, f"{told.__name__} tells of {missed - read}, which is not read"


def differs(told: Callable[[World], Any], world: World, kind: Any) -> bool:
    """Whether it makes a difference that a table is not read; where it can't be left out alone, the tests above do."""
    try:
        return bool(told(replace(world, rows=world.rows | {kind: []}, _by={})) != told(world))
    except AssertionError:  # a row names one that is not there
        return False


def in_the_list(world: World) -> Any:
    facts = facts_of_all(world)
    return [(f.name, f.phase, stands(f, ADVENT), [(p.key, p.state) for p in f.projects], held(f)) for f in facts]


def in_the_head(world: World) -> Any:
    return [(facts.name, facts.phase, stands(facts, ADVENT)) for facts in facts_of_all(world)]


def facts_of_all(world: World) -> list[Any]:
    return [facts_in(world, row.id) for row in world.rows[Programme]]

"""A page reads less than a report and says the same: one truth, however little of the world is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio import history
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, PathPoint
from portfolio.benefits.standing import CURRENT_RULE
from portfolio.history.tables import index
from portfolio.programmes.models import Programme
from portfolio.steering.commands import size_group
from projects.pilots.models import Pilot, PilotMove
from projects.progress.models import Milestone
from projects.register.models import Partner, Project, ProjectPartner, ProjectTarget
from reporting.compilation import standings
from reporting.snapshot import kinds, late, narrow, overall, programmes
from reporting.snapshot.batches import LongWorld
from reporting.snapshot.judged import judged
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
            head = facts_in(narrow.heads(cut, on, row.id), row.id)
            assert (head.name, head.phase, head.phase_since) == (facts.name, facts.phase, facts.phase_since)
            assert told_of(judged(cut, on, programme_id=row.id)) == told_by(facts, on)
            told.add(facts)
    assert len(told) > 6, "the change sets must make a difference"


@pytest.mark.parametrize("on", [MIDSUMMER, ADVENT])
def test_the_list_tells_what_the_report_tells(cuts: list[int], on: date) -> None:
    seen = set()
    for cut in cuts:
        whole, listed = World.at(cut, status_date=on, period_starts_on=narrow.EVER), narrow.heads(cut, on)
        targets, seats = index(judged(cut, on), "programme_id"), overall.seats(cut, on)
        projects = index(overall.projects(cut, on), "programme_id")
        risks, money = index(overall.risks(cut, on), "programme_id"), index(overall.money(cut, on), "programme_id")
        for row in whole.rows[Programme]:
            one, other = facts_in(whole, row.id), facts_in(listed, row.id)
            assert (one.name, one.phase) == (other.name, other.phase)
            assert told_of(targets[row.id]) == told_by(one, on)
            assert [ahead(p) for p in one.projects] == [
                (p.state, p.forecast_on, p.told_on) for p in projects.get(row.id, [])
            ]
            assert [(r.likelihood, r.impact) for r in one.risks] == [
                (r.likelihood, r.impact) for r in risks.get(row.id, [])
            ]
            assert sorted(m.budget for m in one.money) == sorted(m.budget for m in money.get(row.id, []))
            assert held(one) == (seats[row.id] if row.id in seats else None)
            seen |= {standing for _, _, standing, _ in told_by(one, on)}
    assert len(seen) > 2, "there must be standings to compare"


def test_what_is_there_now_is_read_as_what_was_there_at_the_newest_change(cuts: list[int]) -> None:
    """Live tables and the history say the same; the pages of today read the former."""
    for on in (MIDSUMMER, ADVENT):
        assert judged(None, on) == judged(cuts[-1], on)
        assert overall.projects(None, on) == overall.projects(cuts[-1], on)
        assert sorted(overall.money(None, on)) == sorted(overall.money(cuts[-1], on))
        assert overall.risks(None, on) == overall.risks(cuts[-1], on)
        assert overall.seats(None, on) == overall.seats(cuts[-1], on)
        assert overall.elections(None, on) == overall.elections(cuts[-1], on)


@pytest.mark.parametrize("size", [1, 3, 500])
def test_a_report_read_in_batches_tells_what_one_tells_that_is_read_at_once(cuts: list[int], size: int) -> None:
    """Facts, what came late, and whether anything is invented; at each cut, and whatever the batches cut through."""
    told = set()
    for cut in cuts:
        whole, parts = (kind.at(cut, status_date=ADVENT, period_starts_on=MIDSUMMER) for kind in (World, LongWorld))
        chosen = whole.rows[Programme]
        parts.batch = size
        programmes.will_tell(parts, chosen)
        for row in chosen:
            assert facts_in(parts, row.id) == facts_in(whole, row.id)
        late_of = {"previous_on": ADVENT, "previous_cut": 0}
        found = late.late(whole, chosen, **late_of)
        assert late.late(parts, chosen, **late_of) == found
        assert parts.invented is whole.invented is False
        assert all(len(parts.rows[kind]) <= size * 24 for kind in (ProjectTarget, PathPoint, Measurement))
        told |= {(cut, len(found))}
    assert all(many for _, many in told) and len(told) == len(cuts)


def test_one_invented_row_that_is_not_at_hand_makes_the_whole_report_one_of_a_demonstration(cuts: list[int]) -> None:
    with history.change(by=SETUP, because="setup"):
        Milestone.objects.filter(project__code="P5").update(provenance="demonstration")
    before, after = (
        LongWorld.at(cut, status_date=ADVENT, period_starts_on=MIDSUMMER).invented
        for cut in (cuts[-1], history.head().seq)
    )
    assert (before, after) == (False, True)


def test_each_further_batch_costs_three_statements_of_targets_and_one_of_projects(cuts: list[int]) -> None:
    costs = []
    for size in (8, 4, 2):
        world = LongWorld.at(cuts[0], status_date=ADVENT, period_starts_on=MIDSUMMER)
        world.batch = size
        programmes.will_tell(world, world.rows[Programme])
        with CaptureQueriesContext(connection) as asked:
            facts_of_all(world)
        costs.append(len(asked))
    further = 3 + 1  # targets: rows, corrected ones, when they were recorded; projects: rows
    assert costs == [costs[0], costs[0] + further, costs[0] + 3 * further]


def test_a_programme_that_is_not_there_has_no_rows(cuts: list[int]) -> None:
    assert not any(narrow.of_programme(0, cuts[-1], ADVENT).rows[table] for table in narrow.BELONGING)
    assert not narrow.heads(0, ADVENT, Programme.objects.first().pk).rows[Programme]
    assert judged(0, ADVENT) == [] == overall.projects(0, ADVENT)


def facts_in(world: World, pk: int) -> Any:
    return programmes.programme(world, world.get(Programme, pk))


def told_by(facts: Any, on: date) -> list[tuple[Any, ...]]:
    """Of each target code, state, standing, and of its indicators the value that is judged and what was expected."""
    found = []
    for target in facts.targets:
        each = [standings.of_indicator(one, on=on, by=CURRENT_RULE) for one in target.indicators]
        values = [(one.latest_value, one.latest_on, one.expected, one.lag, one.counts) for one in each]
        found.append((target.code, target.state, standings.of_target(each), values))
    return found


def told_of(found: Any) -> list[tuple[Any, ...]]:
    """The same of what was read narrowly."""
    verdicts = [(target, [each.verdict for each in target.indicators]) for target in found]
    return [
        (target.code, target.state, target.standing, [(v.value, v.on, v.expected, v.lag, v.counts) for v in each])
        for target, each in verdicts
    ]


def ahead(project: Any) -> tuple[Any, ...]:
    """State, the day of the next milestone, the newest status."""
    days = [m.forecast_on or m.planned_on for m in project.milestones if m.reached_on is None]
    return project.state, min(days, default=None), project.status and project.status.status_on


def held(facts: Any) -> Any:
    """The seats, and how many somebody holds."""
    group = facts.group
    sitting = group and sum(seat.member is not None for seat in group.seats if seat.kind != "attending")
    return group and (group.elected_seats, group.official_seats, sitting)


@pytest.mark.proof
def test_what_is_read_for_a_page_is_all_that_a_page_tells(cuts: list[int]) -> None:
    """Without any table that the page does not read, a report's world tells the same of what stands on the page."""
    whole = World.at(cuts[1], status_date=ADVENT, period_starts_on=narrow.EVER)
    page = {Programme, *kinds.OWN, *kinds.LINKED, *kinds.NAMED, *kinds.SHARED}
    missed = {kind for kind in kinds.MODELS if differs(facts_of_all, whole, kind)}
    assert missed <= page, f"the page tells of {missed - page}, which is not read"


def differs(told: Callable[[World], Any], world: World, kind: Any) -> bool:
    """Whether it makes a difference that a table is not read; where it can't be left out alone, the tests above do."""
    try:
        return bool(told(replace(world, rows=world.rows | {kind: []}, _by={})) != told(world))
    except AssertionError:  # a row names one that is not there
        return False


def facts_of_all(world: World) -> list[Any]:
    return [facts_in(world, row.id) for row in world.rows[Programme]]

"""How benefit targets, their indicators and measurements are taken in."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio import history
from portfolio.benefits import commands as benefits
from portfolio.benefits.measuring import commands as measuring
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan, Measurement, TargetVersion
from portfolio.importing.desk import IMPORT, Desk, Given, amount, day
from portfolio.importing.document import Placed
from portfolio.importing.taking import register

BECAUSE = "import"


def take_targets(desk: Desk) -> None:
    """Benefit targets, each led up to its state by the commands that lead there."""
    for placed in desk.document.of("benefit_targets"):
        if (target := _draft(desk, placed)) is not None:
            _lead(desk, placed, target)


def _draft(desk: Desk, placed: Placed) -> Any:
    row = placed.record
    version = desk.document.inside(placed, "target_versions")[0]
    given: Given = {"code": row["code"], "order": row["order"], "sign": row.get("sign", "benefit")}
    wording = desk.texts(version, "title") | desk.texts(version, "description")
    wording |= desk.states(version, "description", short=("title",))
    wording |= {"owner": owner} if (owner := desk.get("people", version.record.get("owner"))) else {}
    wording |= {"owner_unit": unit} if (unit := desk.get("bodies", version.record.get("owner_unit"))) else {}
    programme = desk.get("programmes", row["programme"])
    goals = [found for key in row.get("goals", ()) if (found := desk.get("goals", key))]
    sdgs = [found.number for key in row.get("sdgs", ()) if (found := desk.get("sdgs", key))]
    there = desk.there(BenefitTarget, placed.key)
    target = desk.take(
        placed,
        BenefitTarget,
        lambda: benefits.draft_target(programme, goals=goals, sdgs=sdgs, **given, **wording, by=IMPORT),
        content=given,
        keys={TargetVersion._meta.label: [desk.key(version.key)]},
    )
    if target is not None and not there:
        _take_indicators(desk, placed, version, target)
    for found in desk.document.inside(placed, "indicators"):
        desk.child("indicators", found.key, desk.there(Indicator, found.key))
    return target


PLAIN_OF_AN_INDICATOR = ("code", "kind", "decimals", "direction", "interval_months", "rubric")
FIGURES = ("baseline_value", "target_value", "lower", "upper")
DAYS = ("baseline_on", "target_on", "period_starts_on", "period_ends_on")


def _take_indicators(desk: Desk, placed: Placed, version: Placed, target: Any) -> None:
    plans = {found.record["indicator"]: found for found in desk.document.inside(version, "indicator_plans")}
    for found in desk.document.inside(placed, "indicators"):
        row = found.record
        given: Given = {name: row[name] for name in PLAIN_OF_AN_INDICATOR if name in row}
        for name in ("name", "unit", "source", "group"):
            given |= desk.texts(found, name)
        given |= desk.states(found, short=("name", "unit", "source", "group"))
        for name in ("owner", "successor"):
            given |= {name: person} if (person := desk.get("people", row.get(name))) else {}
        plan = plans.get(found.key)
        indicator = desk.take(
            found,
            Indicator,
            partial(measuring.add_indicator, target, **given, by=IMPORT),
            content={},
            keys={IndicatorPlan._meta.label: [desk.key(plan.key)]} if plan else {},
        )
        if indicator is not None and plan:
            _plan(desk, plan)


def _plan(desk: Desk, placed: Placed) -> None:
    row = placed.record
    figures: Given = {name: amount(row[name]) for name in FIGURES if name in row}
    figures |= {name: day(row[name]) for name in DAYS if name in row}
    figures |= {name: row[name] for name in ("baseline_source", "group_size") if name in row}
    path = [{"on": day(point["on"]), "value": amount(point["value"])} for point in row.get("path", ())]
    plan = desk.there(IndicatorPlan, placed.key)
    desk.attempt(placed, lambda: measuring.plan_indicator(plan, path=path, **figures, by=IMPORT))


def _lead(desk: Desk, placed: Placed, target: Any) -> None:
    """From where the target is to where the register says it was."""
    row = placed.record
    approved, proposed = desk.get("decisions", row.get("approved_by")), desk.get("decisions", row.get("proposed_by"))
    drafted_on = day(row.get("drafted_on")) or _before(approved or proposed)
    moves = {
        "drafted": lambda: benefits.record_drafting(target, drafted_on=drafted_on, by=IMPORT),
        "proposed": lambda: benefits.propose_target(target, decision=proposed, by=IMPORT),
        "approved": lambda: benefits.approve_target(target, decision=approved, by=IMPORT),
        "ended": lambda: benefits.end_target(
            target,
            decision=desk.get("decisions", row.get("ended_by")),
            ended_on=day(row["ended_on"]),
            because=BECAUSE,
            by=IMPORT,
        ),
    }
    order = ["draft", *moves]
    wanted = "ended" if row["state"] == "replaced" else row["state"]
    for state in order[order.index(target.state) + 1 : order.index(wanted) + 1] if target.state in order else ():
        if desk.attempt(placed, moves[state]) is None:
            return
        target = history.lock(BenefitTarget, target.pk)


def _before(decision: Any) -> Any:
    return decision.decided_on or decision.latest_on if decision else None


def take_measurements(desk: Desk) -> None:
    """What was measured."""
    desk.fetch_parts("indicators", "plans")
    for placed in sorted(desk.document.of("measurements"), key=lambda found: found.record["measured_on"]):
        row = placed.record
        indicator = desk.get("indicators", row["indicator"])
        given: Given = {"measured_on": day(row["measured_on"]), "value": amount(row["value"])}
        given |= {name: row[name] for name in ("evidence", "measured_by") if name in row} | desk.texts(placed, "note")
        if indicator is None:
            continue
        there = desk.there(Measurement, placed.key)
        measurement = desk.take(
            placed,
            Measurement,
            partial(measuring.record_measurement, indicator, **given, by=IMPORT),
            content=given,
        )
        approver = desk.get("people", row.get("approved_by"))
        if measurement is not None and not there and approver is not None:
            approved: Given = {"approved_by": approver, "approved_on": day(row["approved_on"])}
            desk.attempt(placed, partial(measuring.take_over_approval, measurement, **approved, by=IMPORT))


register(17, take_targets, take_measurements)

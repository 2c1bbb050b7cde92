"""How benefit targets are taken in: their versions with indicators, plans and paths, one after the other."""

from __future__ import annotations

from functools import partial
from typing import Any

from portfolio import history
from portfolio.benefits import commands as benefits
from portfolio.benefits.measuring import commands as measuring
from portfolio.benefits.models import (
    BenefitTarget,
    Indicator,
    IndicatorPlan,
    PathPoint,
    TargetGoal,
    TargetSdg,
    TargetVersion,
)
from portfolio.importing.desk import BECAUSE, IMPORT, Desk, Given, amount, day
from portfolio.importing.document import Placed
from portfolio.importing.taking import register

PLAIN_OF_AN_INDICATOR = ("code", "kind", "decimals", "direction", "interval_months", "rubric")
FIGURES = ("baseline_value", "target_value", "lower", "upper")
DAYS = ("baseline_on", "target_on", "period_starts_on", "period_ends_on")
IN_PREPARATION = ("draft", "drafted", "proposed", "approved")
ENDS = ("ended", "replaced")


def take_targets(desk: Desk) -> None:
    """Targets with their first version, led to its approval; then the later versions; the ends last, by their days."""
    targets = desk.document.of("benefit_targets")
    for placed in targets:
        if (target := _draft(desk, placed)) is not None and _lead(desk, placed, target):
            for version in desk.document.inside(placed, "target_versions")[1:]:
                _take_later(desk, placed, version, target)
    for placed in sorted(
        (placed for placed in targets if placed.record["state"] in ENDS), key=lambda placed: placed.record["ended_on"]
    ):
        if (target := desk.get("benefit_targets", placed.key)) is not None:
            _end(desk, placed, history.lock(BenefitTarget, target.pk))


def _draft(desk: Desk, placed: Placed) -> Any:
    row = placed.record
    first = desk.document.inside(placed, "target_versions")[0]
    given: Given = {"code": row["code"], "order": row["order"], "sign": row.get("sign", "benefit")}
    programme = desk.get("programmes", row["programme"])
    given_sdgs = [found.number for key in row.get("sdgs", ()) if (found := desk.get("sdgs", key))]
    goals = [found for key in row.get("goals", ()) if (found := desk.get("goals", key))]
    sdgs = [found for key in row.get("sdgs", ()) if (found := desk.get("sdgs", key))]
    wording = _wording(desk, first)
    there = desk.there(BenefitTarget, placed.key)
    target = desk.take(
        placed,
        BenefitTarget,
        lambda: benefits.draft_target(programme, goals=goals, sdgs=given_sdgs, **given, **wording, by=IMPORT),
        content=given,
        edit=lambda target, other: benefits.edit_target(target, **other, by=IMPORT),
        keys={TargetVersion._meta.label: [desk.key(first.key)]},
    )
    if target is None:
        return None
    for indicator in desk.document.inside(placed, "indicators"):
        if found := desk.there(Indicator, indicator.key):
            desk.child("indicators", indicator.key, found)
    if there is not None:
        _link_again(desk, placed, target, goals, sdgs)
    _take_version(desk, placed, first, target)
    return target


def _wording(desk: Desk, version: Placed) -> Given:
    wording = desk.texts(version, "title") | desk.texts(version, "description")
    wording |= desk.states(version, "description", short=("title",))
    wording |= {"owner": owner} if (owner := desk.get("people", version.record.get("owner"))) else {}
    return wording | ({"owner_unit": unit} if (unit := desk.get("bodies", version.record.get("owner_unit"))) else {})


def _link_again(desk: Desk, placed: Placed, target: Any, goals: list[Any], sdgs: list[Any]) -> None:
    """Goals that a later file names too; what somebody has taken away here stays away."""
    linked = {link.goal_id for link in desk.parts(target, TargetGoal, "target_id")}
    for goal in goals:
        if goal.pk not in linked and not desk.gone(placed, "goals", TargetGoal, target_id=target.pk, goal_id=goal.pk):
            desk.attempt(placed, partial(benefits.link_goal, target, goal=goal, by=IMPORT))
    served = {link.sdg_id for link in desk.parts(target, TargetSdg, "target_id")}
    for sdg in sdgs:
        if sdg.pk not in served and not desk.gone(placed, "sdgs", TargetSdg, target_id=target.pk, sdg_id=sdg.pk):
            desk.attempt(placed, partial(benefits.link_sdg, target, number=sdg.number, by=IMPORT))


def _take_version(desk: Desk, of_target: Placed, placed: Placed, target: Any) -> Any:
    """The wording, indicators and figures of a version that is there, as a draft or frozen."""
    desk.kinds |= {"target_versions": TargetVersion, "indicator_plans": IndicatorPlan}
    version = desk.there(TargetVersion, placed.key)
    desk.child("target_versions", placed.key, version)
    if version is None:
        return None
    wording = _wording(desk, placed) | ({"because": because} if (because := placed.record.get("because")) else {})
    if other := desk.news(placed, version, wording):
        if version.state == TargetVersion.State.DRAFT and "because" not in other:
            desk.attempt(placed, partial(benefits.edit_draft, version, **other, by=IMPORT))
        else:
            desk.freeze(placed, other, version)
    plans = {found.record["indicator"]: found for found in desk.document.inside(placed, "indicator_plans")}
    for found in _indicators_of(desk, of_target, placed):
        _take_indicator(desk, found, plans.get(found.key), target)
    for plan in plans.values():
        _plan(desk, plan, version)
    return version


def _indicators_of(desk: Desk, of_target: Placed, version: Placed) -> list[Placed]:
    """The indicators that a version brings: those planned in it first; the first one also brings what none plans."""
    versions = desk.document.inside(of_target, "target_versions")
    first: dict[str, str] = {}
    for each in reversed(versions):
        first |= {plan["indicator"]: each.key for plan in each.record.get("plans", ())}
    found = desk.document.inside(of_target, "indicators")
    return [placed for placed in found if first.get(placed.key, versions[0].key) == version.key]


def _take_indicator(desk: Desk, placed: Placed, plan: Placed | None, target: Any) -> None:
    row = placed.record
    given: Given = {name: row[name] for name in PLAIN_OF_AN_INDICATOR if name in row}
    for name in ("name", "unit", "source", "group"):
        given |= desk.texts(placed, name)
    given |= desk.states(placed, short=("name", "unit", "source", "group"))
    for name in ("owner", "successor"):
        given |= {name: person} if (person := desk.get("people", row.get(name))) else {}
    desk.take(
        placed,
        Indicator,
        partial(measuring.add_indicator, target, **given, by=IMPORT),
        content=given,
        edit=lambda indicator, other: measuring.edit_indicator(indicator, **other, because=BECAUSE, by=IMPORT),
        keys={IndicatorPlan._meta.label: [desk.key(plan.key)]} if plan else {},
    )


def _plan(desk: Desk, placed: Placed, version: Any) -> None:
    """What the version promises of an indicator, and the way there."""
    row, indicator = placed.record, desk.get("indicators", placed.record["indicator"])
    if indicator is None:
        return
    plan = desk.there(IndicatorPlan, placed.key) or version.indicator_plans.filter(indicator=indicator).first()
    desk.child("indicator_plans", placed.key, plan)
    figures: Given = {name: amount(row[name]) for name in FIGURES if name in row}
    figures |= {name: day(row[name]) for name in DAYS if name in row}
    figures |= {name: row[name] for name in ("baseline_source", "group_size") if name in row}
    path = {day(point["on"]): amount(point["value"]) for point in row.get("path", ())}
    if plan is None:
        desk.freeze(placed, ["indicator"])
        return
    other = desk.news(placed, plan, figures) | _path_again(desk, placed, plan, path)
    if other and version.state != TargetVersion.State.DRAFT:
        desk.freeze(placed, other)
    elif other:
        keys = {PathPoint._meta.label: [desk.key(point["key"]) for point in row.get("path", ())]}
        desk.attempt(placed, partial(measuring.plan_indicator, plan, **other, by=IMPORT), keys=keys)


def _path_again(desk: Desk, placed: Placed, plan: Any, path: dict[Any, Any]) -> Given:
    """The path, if it is another one than here and nobody has changed it here."""
    there = {point.on: point.value for point in desk.parts(plan, PathPoint, "plan_id")}
    if there == path:
        return {}
    if desk.ours(plan, ["path_edition"]):
        desk.leave(placed, "path", _told(there), _told(path))
        return {}
    return {"path": [{"on": on, "value": value} for on, value in path.items()]}


def _told(path: dict[Any, Any]) -> str:
    return ", ".join(f"{on} {value.normalize():f}" for on, value in sorted(path.items()))


def _lead(desk: Desk, placed: Placed, target: Any) -> bool:
    """From where the target is to where the register says it was, up to its approval; True when it got there."""
    row = placed.record
    approved, proposed = desk.get("decisions", row.get("approved_by")), desk.get("decisions", row.get("proposed_by"))
    drafted_on = day(row.get("drafted_on")) or _before(approved or proposed)
    moves = {
        "drafted": lambda: benefits.record_drafting(target, drafted_on=drafted_on, by=IMPORT),
        "proposed": lambda: benefits.propose_target(target, decision=proposed, by=IMPORT),
        "approved": lambda: benefits.approve_target(target, decision=approved, by=IMPORT),
    }
    wanted = "approved" if row["state"] in ENDS else row["state"]
    if target.state in ENDS or (target.state != wanted and not desk.news(placed, target, {"state": wanted})):
        return False
    for state in IN_PREPARATION[IN_PREPARATION.index(target.state) + 1 : IN_PREPARATION.index(wanted) + 1]:
        if desk.attempt(placed, moves[state]) is None:
            return False
        target = history.lock(BenefitTarget, target.pk)
    return wanted == "approved"


def _before(decision: Any) -> Any:
    return decision.decided_on or decision.latest_on if decision else None


def _take_later(desk: Desk, of_target: Placed, placed: Placed, target: Any) -> None:
    """A version after the first: a copy of the one before, changed, and approved by a decision of its own."""
    if desk.there(TargetVersion, placed.key) is None and not _open(desk, placed, target):
        return
    version = _take_version(desk, of_target, placed, target)
    if version is None or version.state != TargetVersion.State.DRAFT or placed.record["state"] == "draft":
        return
    decision = desk.get("decisions", placed.record.get("approved_by"))
    desk.attempt(placed, partial(benefits.approve_version, version, decision=decision, by=IMPORT))


def _open(desk: Desk, placed: Placed, target: Any) -> Any:
    """The copy, its plans under the keys of the file, without the indicators that the version no longer has."""
    plans = {plan.record["indicator"]: plan.key for plan in desk.document.inside(placed, "indicator_plans")}
    named = {desk.get("indicators", key): desk.key(plan) for key, plan in plans.items()}
    current = target.versions.filter(state=TargetVersion.State.APPROVED).first()
    copied = [plan.indicator for plan in current.indicator_plans.all()] if current else []
    keys: Any = {
        TargetVersion._meta.label: [desk.key(placed.key)],
        IndicatorPlan._meta.label: [named.get(indicator) for indicator in copied],
    }
    because = placed.record.get("because", "")
    version = desk.attempt(placed, partial(benefits.open_version, target, because=because, by=IMPORT), keys=keys)
    for plan in version.indicator_plans.all() if version is not None and "plans" in placed.record else ():
        if plan.indicator not in named:
            desk.attempt(placed, partial(measuring.leave_out_indicator, plan, by=IMPORT))
    return version


def _end(desk: Desk, placed: Placed, target: Any) -> None:
    """Ended, or replaced by another target of the programme that is approved by then."""
    row = placed.record
    if target.state == row["state"] or not desk.news(placed, target, {"state": row["state"]}):
        return
    ended: Given = {"ended_on": day(row["ended_on"]), "decision": desk.get("decisions", row.get("ended_by"))}
    if row["state"] == "replaced":
        found = desk.get("benefit_targets", row["replaced_by"])
        successor = found and history.lock(BenefitTarget, found.pk)
        command = partial(benefits.replace_target, target, successor=successor, **ended, because=BECAUSE, by=IMPORT)
    else:
        command = partial(benefits.end_target, target, **ended, because=BECAUSE, by=IMPORT)
    desk.attempt(placed, command)


register(16, take_targets)

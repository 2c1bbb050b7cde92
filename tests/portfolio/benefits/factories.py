"""Benefit targets for stories, made through the ordinary commands by the setup job, and the decisions they need."""

from datetime import date
from decimal import Decimal
from typing import Any

from portfolio import history
from portfolio.benefits import commands
from portfolio.benefits.measuring import commands as measuring
from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import BenefitTarget, Indicator, IndicatorPlan
from portfolio.decisions.models import Body, Decision, DecisionPoint
from portfolio.people.models import Person, Role
from portfolio.programmes.models import Programme
from portfolio.strategy.models import SDG, CouncilTerm, FocusArea, Goal, Strategy
from tests.story import SETUP, at_once, person

NAMES = {"council": "Valtuusto", "board": "Kaupunginhallitus", "manager": "Kaupunginjohtaja"}
FIGURES: dict[str, Any] = {
    "baseline_value": Decimal("100"),
    "baseline_on": date(2021, 12, 31),
    "baseline_source": "Päästölaskenta 2021",
    "target_value": Decimal("60"),
    "target_on": date(2024, 12, 31),
}


def body(kind: str) -> Body:
    """The city's one council, board or manager."""
    with history.change(by=SETUP, whole=True):
        return Body.objects.filter(kind=kind).first() or Body(kind=kind, name_fi=NAMES[kind]).checked_save()


def decision(
    kind: str, point: str, *, on: date = date(2022, 2, 28), outcome: str = "made", section: int = 1
) -> Decision:
    """A decision of a body with one point, its minutes checked."""
    day = None if outcome == "planned" else on
    with history.change(by=SETUP, whole=True):
        section += Decision.objects.count()
        made = Decision(
            body=body(kind), title_fi="Kehitysohjelmien hyötytavoitteet", outcome=outcome, decided_on=day,
            planned_on=on, section=section, case_number="425/00.01.02/2022", minutes_checked_on=day,
        ).checked_save()  # fmt: skip
        DecisionPoint(decision=made, number=1, kind=point, text_fi="Päätöskohta").checked_save()
        return made


def council_approves(**fields: Any) -> Decision:
    return decision("council", "approve", **fields)


def council_ends(**fields: Any) -> Decision:
    return decision("council", "close", **({"on": date(2022, 10, 31)} | fields))


def board_proposes(**fields: Any) -> Decision:
    return decision("board", "propose", **({"on": date(2022, 2, 14)} | fields))


def programme(code: str = "kestava") -> Programme:
    """A programme of the term 2021–2025 that the council set before the term began."""
    with history.change(by=SETUP, whole=True):
        label = {"label": "2021–2025", "starts_on": date(2021, 8, 1), "ends_on": date(2025, 7, 31)}
        term = CouncilTerm.objects.filter(label=label["label"]).first() or CouncilTerm(**label).checked_save()
        return Programme(
            council_term=term,
            code=code,
            name_fi=f"Ohjelma {code}",
            set_by=decision("council", "set", on=date(2021, 6, 7)),
        ).checked_save()


def goal(order: int = 1) -> Goal:
    """A goal of the strategy."""
    with history.change(by=SETUP, whole=True):
        term = CouncilTerm.objects.first() or programme().council_term
        strategy = Strategy.objects.first() or Strategy(council_term=term, name_fi="Tarina").checked_save()
        area = FocusArea.objects.first() or FocusArea(strategy=strategy, order=1, name_fi="Ympäristö").checked_save()
        found = Goal.objects.filter(focus_area=area, order=order).first()
        return found or Goal(focus_area=area, order=order, text_fi=f"Päämäärä {order}").checked_save()


def sdg(number: int) -> SDG:
    with history.change(by=SETUP, whole=True):
        return SDG.objects.filter(number=number).first() or SDG(number=number, name_fi=f"SDG {number}").checked_save()


def owner() -> Person:
    with history.change(by=SETUP, whole=True):
        return Person.objects.filter(name="Olli Omistaja").first() or Person(name="Olli Omistaja").checked_save()


def approver() -> Person:
    """A director who checks the figures of others."""
    return Person.objects.filter(name="Ari Hyväksyjä").first() or person("Ari Hyväksyjä", Role.DIRECTOR)


@at_once
def draft(
    of: Programme | None = None, *, code: str = "HT1", goals: list[Goal] | None = None, **wording: Any
) -> BenefitTarget:
    """A draft with both official languages and a goal, without an indicator."""
    texts = {"title_fi": "Päästöt", "title_sv": "Utsläpp", "description_fi": "Vähenevät.", "description_sv": "Minskar."}
    return commands.draft_target(
        of or programme(), code=code, goals=[goal()] if goals is None else goals, by=SETUP, **(texts | wording)
    )


@at_once
def indicator(target: BenefitTarget, *, code: str = "M1", kind: str = "reach", **fields: Any) -> Indicator:
    """A complete indicator with its plan in the target's draft; fields of either go where they belong."""
    figures = {
        name: fields.pop(name)
        for name in [*fields]
        if name in measuring.PlannedFigures.__annotations__ or name == "path"
    }
    definition = {
        "name_fi": "Päästöt", "name_sv": "Utsläpp", "unit_fi": "kt", "interval_months": 12, "owner": owner(),
        **({"direction": "down"} if kind in ("reach", "average") else {}),
    }  # fmt: skip
    added = measuring.add_indicator(target, code=code, kind=kind, by=SETUP, **(definition | fields))
    measuring.plan_indicator(plan(added), by=SETUP, **(FIGURES | figures))
    return added


def plan(of: Indicator) -> IndicatorPlan:
    """The plan in the newest version."""
    return IndicatorPlan.objects.filter(indicator=of).order_by("-target_version__number")[0]


@at_once
def put_forward(added: Indicator) -> Indicator:
    """The same, its target proposed by the board: no draft any more, so that others than its makers read it."""
    target = commands.record_drafting(added.target, drafted_on=date(2022, 1, 20), by=SETUP)
    commands.propose_target(target, decision=board_proposes(), by=SETUP)
    return Indicator.objects.select_related("target__programme").get(pk=added.pk)


@at_once
def drafted(of: Programme | None = None, *, code: str = "HT1") -> BenefitTarget:
    """Drafted by the group, complete."""
    target = draft(of, code=code)
    indicator(target)
    return commands.record_drafting(target, drafted_on=date(2022, 1, 20), by=SETUP)


@at_once
def proposed(of: Programme | None = None, *, code: str = "HT1") -> BenefitTarget:
    return commands.propose_target(drafted(of, code=code), decision=board_proposes(), by=SETUP)


@at_once
def approved(of: Programme | None = None, *, code: str = "HT1") -> BenefitTarget:
    return commands.approve_target(proposed(of, code=code), decision=council_approves(), by=SETUP)


def measured(
    of: Indicator, *, value: str = "90", on: date = date(2022, 12, 31), approved: bool = False, by: Any = SETUP
) -> Measurement:
    """A value with its evidence; approved by the owner, who is another than the one who recorded it."""
    made = measuring.record_measurement(of, measured_on=on, value=Decimal(value), evidence="Laskelma", by=by)
    return measuring.approve_measurement(made, by=approver()) if approved else made


def close(closing: Programme) -> Programme:
    """The programme closed by the council."""
    with history.change(by=SETUP, whole=True):
        closing.closed_by = decision("council", "close", on=date(2025, 2, 15))
        closing.phase = Programme.Phase.CLOSED
        return closing.checked_save()

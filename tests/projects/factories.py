"""A running programme with what its projects need, made by the setup job."""

from datetime import date
from typing import Any

from portfolio import history
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Body, Decision, DecisionPoint
from portfolio.programmes.models import Plan, PlanVersion, Programme
from portfolio.strategy.models import CouncilTerm
from projects.pilots import commands as pilots
from projects.pilots.models import Pilot
from projects.register import commands
from projects.register.models import Project
from tests import story


def save(record: Any) -> Any:
    with history.change(by=story.SETUP, because="setup", whole=True):
        return record.checked_save()


def body(kind: str, name: str) -> Body:
    known = Body.objects.filter(kind=kind, name_fi=name).first()
    return known or save(Body(kind=kind, name_fi=name))


def decision(
    kind: str, *, body_kind: str = "council", name: str = "Esimerkkitoimielin", on: date = date(2021, 6, 7)
) -> Decision:
    """A decision of one point, made and its minutes checked."""
    made = save(
        Decision(
            body=body(body_kind, name),
            title_fi="Esimerkkipäätös",
            outcome="made",
            decided_on=on,
            minutes_checked_on=on,
            section=Decision.objects.count() + 1,
            case_number="425/00.01.02/2021",
        )
    )
    save(DecisionPoint(decision=made, number=1, kind=kind, text_fi="Esimerkki"))
    return made


def term() -> CouncilTerm:
    known = CouncilTerm.objects.filter(label="2021–2025").first()
    return known or save(CouncilTerm(label="2021–2025", starts_on=date(2021, 8, 1), ends_on=date(2025, 7, 31)))


@story.at_once
def programme(code: str = "clean", phase: str = "running", *, plan: bool = True) -> Programme:
    """A programme of 2021–2025 in a phase, with its approved plan unless told otherwise."""
    made = save(
        Programme(
            council_term=term(),
            code=code,
            name_fi=f"Ohjelma {code}",
            phase=phase,
            set_by=decision("set", name="Valtuusto"),
            closed_by=decision("close", name="Valtuusto", on=date(2025, 2, 3)) if phase == "closed" else None,
        )
    )
    if plan:
        approve_plan(made)
    return made


@story.at_once
def approve_plan(made: Programme) -> PlanVersion:
    return save(
        PlanVersion(
            plan=save(Plan(programme=made)),
            ordinal=1,
            number="1.0",
            state="approved",
            content_sha256="0" * 64,
            approved_by=decision("approve", body_kind="board", name="Hallitus", on=date(2022, 4, 11)),
            approved_on=date(2022, 4, 11),
        )
    )


def target(of: Programme, code: str = "T1") -> BenefitTarget:
    """One that its body looks at: a draft is read by its makers alone."""
    return save(BenefitTarget(programme=of, code=code, state="proposed", provenance="taken_over"))


@story.at_once
def project(of: Programme | None = None, *, code: str = "P1", running: bool = False, **described: Any) -> Project:
    """A planned project that serves one target, or a running one."""
    of = of or programme()
    served = BenefitTarget.objects.filter(programme=of).first() or target(of)
    given = {
        "targets": [{"target": served}],
        "name_fi": "Aurinkokatot",
        "delivery": "own_work",
        "starts_on": date(2022, 5, 1),
        "ends_on": date(2024, 12, 31),
    }
    made = commands.create_project(of, code=code, effective_on=date(2022, 5, 1), by=story.SETUP, **given | described)
    return commands.start_project(made, effective_on=date(2022, 5, 2), by=story.SETUP) if running else made


@story.at_once
def pilot(of: Programme | None = None, *, state: str = "evaluated", code: str = "K1") -> Pilot:
    """A pilot of a running project, as far as told."""
    made = pilots.plan_pilot(
        project(of, code=code, running=True, kind="pilot"), effective_on=date(2022, 5, 2), by=story.SETUP
    )
    if state in ("running", "evaluated"):
        made = pilots.start_pilot(made, effective_on=date(2022, 6, 1), by=story.SETUP)
    if state == "evaluated":
        made = pilots.evaluate_pilot(
            made, result_fi="Puolet käyttäjistä palasi.", effective_on=date(2023, 5, 31), by=story.SETUP
        )
    return made

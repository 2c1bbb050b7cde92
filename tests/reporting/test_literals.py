"""What a model can hold, a snapshot can hold and the report can say: a new choice is missed here, not at a cut-off."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from portfolio import city
from portfolio.benefits import standing
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Body, Decision, PointKind, Wish
from portfolio.history.models import Provenance
from portfolio.programmes.models import Phase
from portfolio.steering.models import Chairship, SeatKind, SteeringGroup, Tenure
from projects.lessons.models import Lesson
from projects.money.models import Funding
from projects.pilots.models import Pilot
from projects.progress.models import StatusReport
from projects.register.models import Project
from reporting import facts
from reporting.compilation.work import STANDINGS
from reporting.documents.rendering.phrases import PHRASES

# A member of the facts that says one of some words, the choices of its model, and what begins the report's phrase for
# each of them, where it has one.
PAIRS = {
    "DecisionFacts.kinds": (PointKind, "kind."),
    "DecisionFacts.outcome": (Decision.Outcome, ""),
    "DecisionFacts.date_precision": (Decision.Precision, ""),
    "DecisionFacts.body_kind": (Body.Kind, ""),
    "TargetFacts.state": (BenefitTarget.State, ""),
    "TargetFacts.sign": (BenefitTarget.Sign, ""),
    "IndicatorFacts.kind": (standing.Kind, "indicator."),
    "IndicatorFacts.direction": (standing.Direction, ""),
    "RubricLevelFacts.verdict": (standing.Standing, "standing."),
    "PrintedFacts.standing": (standing.Standing, "standing."),
    "ProgrammeFacts.phase": (Phase, "phase."),
    "SeatFacts.kind": (SeatKind, ""),
    "GroupFacts.deputies": (SteeringGroup.Deputies, "group.deputies."),
    "GroupFacts.legal_nature": (SteeringGroup.LegalNature, ""),
    "GroupChangeFacts.kind": (SeatKind, ""),
    "GroupChangeFacts.role": ((*Tenure.Capacity, *Chairship.Office, SeatKind.ATTENDING), "role."),
    "GroupChangeFacts.ending": (Tenure.Ending, "ending."),
    "MemberFacts.office": (Chairship.Office, "office."),
    "ProjectFacts.kind": (Project.Kind, "project.kind."),
    "ProjectFacts.state": (Project.State, "state."),
    "ProjectFacts.delivery": (Project.Delivery, "delivery."),
    "ProjectMoveFacts.state": (Project.State, "state."),
    "PilotFacts.state": (Pilot.State, "pilot."),
    "LessonFacts.kind": (Lesson.Kind, "lesson."),
    "StatusFacts.standing": (StatusReport.Standing, ""),
    "MoneyFacts.source": (Funding.Source, "source."),
    "WishFacts.state": (Wish.State, "wish."),
}
PAIRS |= dict.fromkeys(
    ("Text.source", "Text.unofficial", "Text.outdated", "TermFacts.language")
    + ("CityFacts.languages", "CityFacts.official_languages"),
    (city.LANGUAGES, ""),
)
# Those without a partner: no row holds these words, the snapshot says them itself.
ALONE = {
    "DifferenceFacts.change": "what comparing two editions finds",
    "DocumentFacts.state": "how the paper is printed; its report's row knows more states, and neither of these two",
    "GroupChangeFacts.what": "told by which of a tenure's two days lies in the period",
    "LateFacts.what": "which kind of row came late",
}


def said(hint: Any) -> set[str]:
    """What a member may say; an optional one or one of several by what is in it."""
    if get_origin(hint) is Literal:
        return set(get_args(hint)) - {""}
    return {word for part in get_args(hint) for word in said(part)}


def members() -> Iterator[tuple[str, set[str]]]:
    """Every member of the facts that says one of some words, and these."""
    for module in pkgutil.iter_modules(facts.__path__, f"{facts.__name__}."):
        for name, kind in vars(importlib.import_module(module.name)).items():
            if is_dataclass(kind) and kind.__module__ == module.name:
                yield from ((f"{name}.{member}", said(hint)) for member, hint in get_type_hints(kind).items())


SAID = {member: words for member, words in members() if words}
PAIRS |= {member: (Provenance, "") for member in SAID if member.endswith("provenance")}


def test_every_member_that_says_one_of_some_words_has_its_choices_or_says_why_not():
    assert set(SAID) == PAIRS.keys() | ALONE.keys()
    assert not PAIRS.keys() & ALONE.keys()


@pytest.mark.parametrize("member", PAIRS)
def test_the_facts_know_every_choice_of_the_model_and_no_other(member):
    assert SAID[member] == {str(choice) for choice in PAIRS[member][0]}


@pytest.mark.parametrize("member", [member for member, (_, phrase) in PAIRS.items() if phrase])
def test_the_report_has_a_phrase_for_every_choice(member):
    choices, phrase = PAIRS[member]
    for lang, known in PHRASES.items():
        assert [choice for choice in choices if f"{phrase}{choice}" not in known] == [], lang


def test_every_light_of_a_status_report_has_a_standing():
    assert set(STANDINGS) == set(StatusReport.Standing)

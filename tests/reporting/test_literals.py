"""What a model can hold, a snapshot can hold and the report can say: a new choice is missed here, not at a cut-off."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from portfolio.benefits import standing
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Body, Decision, PointKind, Wish
from portfolio.history.models import Provenance
from portfolio.programmes.models import Phase
from portfolio.steering.models import Chairship, SeatKind, SteeringGroup, Tenure
from projects.money.models import Funding
from projects.pilots.models import Pilot
from projects.progress.models import StatusReport
from projects.register.models import Project
from reporting import facts
from reporting.compilation.work import STANDINGS
from reporting.rendering.phrases import PHRASES

# The member of the facts, the choices of its model, and what begins the report's phrase for each, where it has one.
PAIRS = [
    (facts.DecisionFacts, "kinds", PointKind, "kind."),
    (facts.DecisionFacts, "outcome", Decision.Outcome, ""),
    (facts.DecisionFacts, "date_precision", Decision.Precision, ""),
    (facts.DecisionFacts, "body_kind", Body.Kind, ""),
    (facts.TargetFacts, "state", BenefitTarget.State, ""),
    (facts.TargetFacts, "sign", BenefitTarget.Sign, ""),
    (facts.IndicatorFacts, "kind", standing.Kind, "indicator."),
    (facts.IndicatorFacts, "direction", standing.Direction, ""),
    (facts.RubricLevelFacts, "verdict", standing.Standing, "standing."),
    (facts.ProgrammeFacts, "phase", Phase, "phase."),
    (facts.SeatFacts, "kind", SeatKind, ""),
    (facts.GroupFacts, "deputies", SteeringGroup.Deputies, "group.deputies."),
    (facts.GroupFacts, "legal_nature", SteeringGroup.LegalNature, ""),
    (facts.GroupChangeFacts, "ending", Tenure.Ending, "ending."),
    (facts.MemberFacts, "office", Chairship.Office, "office."),
    (facts.ProjectFacts, "kind", Project.Kind, "project.kind."),
    (facts.ProjectFacts, "state", Project.State, "state."),
    (facts.ProjectFacts, "delivery", Project.Delivery, "delivery."),
    (facts.PilotFacts, "state", Pilot.State, "pilot."),
    (facts.StatusFacts, "standing", StatusReport.Standing, ""),
    (facts.MoneyFacts, "source", Funding.Source, "source."),
    (facts.WishFacts, "state", Wish.State, "wish."),
    (facts.MeasurementFacts, "provenance", Provenance, ""),
]
NAMED = [pytest.param(*pair, id=f"{pair[0].__name__}.{pair[1]}") for pair in PAIRS]


def literals(hint: Any) -> set[str]:
    """What a member may say; an optional one or one of several by what is in it."""
    if get_origin(hint) is Literal:
        return set(get_args(hint)) - {""}
    return {value for part in get_args(hint) for value in literals(part)}


@pytest.mark.parametrize(("kind", "member", "choices", "phrase"), NAMED)
def test_the_facts_know_every_choice_of_the_model_and_no_other(kind, member, choices, phrase):
    assert literals(get_type_hints(kind)[member]) == {choice.value for choice in choices}


@pytest.mark.parametrize(("kind", "member", "choices", "phrase"), [one for one in NAMED if one.values[3]])
def test_the_report_has_a_phrase_for_every_choice(kind, member, choices, phrase):
    for lang, known in PHRASES.items():
        assert [choice.value for choice in choices if f"{phrase}{choice.value}" not in known] == [], lang


def test_every_light_of_a_status_report_has_a_standing():
    assert set(STANDINGS) == {choice.value for choice in StatusReport.Standing}

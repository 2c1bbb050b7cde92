"""Rows of steering groups and benefit targets, and what breaks each of their constraints."""

from datetime import date
from decimal import Decimal

from portfolio.benefits.measuring.models import Measurement
from portfolio.benefits.models import (
    BenefitTarget,
    Indicator,
    IndicatorPlan,
    PathPoint,
    TargetGoal,
    TargetSdg,
    TargetVersion,
)
from portfolio.decisions.models import Decision
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.steering.models import (
    Chairship,
    JointEvent,
    JointEventGroup,
    QuotaCheck,
    Seat,
    SteeringGroup,
    Tenure,
)
from portfolio.strategy.models import SDG, Goal
from tests.constraints.desk import Another, Broken, Fresh, Model, Rows, Said

DAY, BEFORE, LATER = date(2022, 6, 1), date(2022, 5, 31), date(2022, 6, 30)

SOUND: dict[Model, Said] = {
    SteeringGroup: {"elected_seats": 5, "official_seats": 5, "sized_by": Decision},
    Seat: {"kind": "elected", "number": 1},
    Tenure: {"capacity": "member"},
    Chairship: {"office": "chair", "named_by": Decision},
    QuotaCheck: {},
    JointEvent: {},
    BenefitTarget: {"code": "HT1"},
    TargetVersion: {},
    Indicator: {"code": "M1", "kind": "reach", "direction": "down"},
    IndicatorPlan: {
        "kind": "reach", "direction": "down", "baseline_value": Decimal(100), "target_value": Decimal(60),
        "baseline_on": date(2021, 12, 31), "target_on": date(2024, 12, 31),
    },
    Measurement: {"measured_on": DAY},
}  # fmt: skip

BESIDE: dict[Model, Said] = {
    SteeringGroup: {"programme": Another(Programme)},
    Seat: {"number": 2},
    Tenure: {"seat": Another(Seat), "person": Another(Person)},
    Chairship: {"office": "vice_chair", "person": Another(Person)},
    QuotaCheck: {},
    JointEvent: {},
    JointEventGroup: {"group": Another(SteeringGroup)},
    BenefitTarget: {"code": "HT2"},
    TargetGoal: {"goal": Another(Goal)},
    TargetSdg: {"sdg": Another(SDG)},
    TargetVersion: {"target": Another(BenefitTarget)},
    Indicator: {"code": "M2"},
    IndicatorPlan: {"indicator": Another(Indicator)},
    PathPoint: {"on": LATER},
    Measurement: {"measured_on": LATER},
}

BREAKING: dict[str, Broken] = {
    "half_elected_half_officials": (SteeringGroup, {"official_seats": 4}),
    "group_sized_by_a_decision": (SteeringGroup, {"sized_by": None}),
    "seats_numbered_per_kind": (Seat, {"label_fi": "Toinen"}),
    "seat_starts_before_it_ends": (Seat, {"ends_on": BEFORE}),
    "attending_seat_has_a_name": (Seat, {"kind": "attending"}),
    "tenure_starts_before_it_ends": (Tenure, {"ends_on": BEFORE, "ending": "resigned"}),
    "an_ended_tenure_says_how": (Tenure, {"ends_on": LATER}),
    "only_an_older_register_forgets_the_ending": (Tenure, {"ends_on": LATER, "ending": "unknown"}),
    "tenure_recorded_here_has_its_first_day": (Tenure, {"starts_precision": "unknown"}),
    "chairship_recorded_here_has_its_first_day": (Chairship, {"starts_precision": "unknown"}),
    "a_deputy_replaces_one_member": (Tenure, {"capacity": "deputy"}),
    "one_member_in_a_seat": (Tenure, {"person": Another(Person), "starts_on": LATER}),
    "one_deputy_to_a_member": (
        Tenure,
        {"person": Fresh(Person), "starts_on": LATER},
        {"capacity": "deputy", "deputy_for": Tenure, "person": Another(Person)},
    ),
    "one_seat_to_a_person": (Tenure, {"seat": Another(Seat), "starts_on": LATER}),
    "chairship_starts_before_it_ends": (Chairship, {"ends_on": BEFORE}),
    "chair_named_by_a_decision": (Chairship, {"named_by": None}),
    "one_chair_at_a_time": (Chairship, {"person": Another(Person), "starts_on": LATER}),
    "one_vice_chair_at_a_time": (
        Chairship, {"person": Another(Person), "starts_on": LATER}, {"office": "vice_chair"},
    ),
    "chair_and_vice_chair_are_two_persons": (Chairship, {"office": "vice_chair"}),
    "group_once_in_a_joint_event": (JointEventGroup, {}),
    # benefit targets
    "benefit_code_once": (BenefitTarget, {"order": 2}),
    "benefit_sign_known": (BenefitTarget, {"sign": "neutral"}),
    "benefit_approved_by_the_council": (BenefitTarget, {"state": "approved"}),
    "benefit_proposed_by_the_board": (BenefitTarget, {"state": "proposed"}),
    "benefit_ended_on_a_day": (BenefitTarget, {"state": "ended", "approved_by": Decision, "ended_by": Decision}),
    "benefit_ended_by_the_council": (BenefitTarget, {"state": "ended", "approved_by": Decision, "ended_on": LATER}),
    "target_serves_goal_once": (TargetGoal, {}),
    "target_serves_sdg_once": (TargetSdg, {}),
    "target_version_number_once": (TargetVersion, {"state": "superseded", "approved_by": Decision}),
    "one_draft_version": (TargetVersion, {"number": 2}),
    "one_approved_version": (TargetVersion, {"number": 2}, {"state": "approved", "approved_by": Decision}),
    "version_approved_by_the_council": (TargetVersion, {"state": "approved"}),
    "correction_has_a_reason": (
        TargetVersion, {"number": 2, "state": "approved", "approved_by": Decision, "corrects": TargetVersion},
    ),
    "indicator_code_once": (Indicator, {"name_fi": "Toinen"}),
    "indicator_direction_of_its_kind": (Indicator, {"direction": "none"}),
    "indicator_decimals": (Indicator, {"decimals": 7}),
    "indicator_interval": (Indicator, {"interval_months": 61}),
    "indicator_not_rescaled_from_itself": (Indicator, {"id": 10**6, "rescaled_from_id": 10**6}),
    "indicator_planned_once": (IndicatorPlan, {"baseline_source": "Toinen"}),
    "plan_agrees_with_its_kind": (IndicatorPlan, {"target_value": Decimal(120)}),
    "plan_target_after_baseline": (IndicatorPlan, {"target_on": date(2021, 12, 31)}),
    "plan_period_ends_after_start": (IndicatorPlan, {"period_starts_on": DAY, "period_ends_on": DAY}),
    "plan_range": (IndicatorPlan, {"lower": Decimal(2), "upper": Decimal(1)}),
    "plan_rank_in_the_group": (
        IndicatorPlan,
        {"kind": "rank", "direction": "", "baseline_value": 7, "target_value": 1, "group_size": 6},
    ),
    "path_point_once_a_day": (PathPoint, {"value": Decimal(2)}),
    "measured_once_a_day": (Measurement, {"value": Decimal(2)}),
    "measurement_approved_by_another": (
        Measurement, {"recorded_by": Person, "approved_by": Person, "approved_on": LATER},
    ),
    "measurement_approved_on_a_day": (Measurement, {"approved_by": Person}),
}  # fmt: skip

ROWS = Rows(SOUND, BESIDE, BREAKING)

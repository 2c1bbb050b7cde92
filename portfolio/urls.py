"""The resources of this package under /api/v1/."""

import importlib

from rest_framework.routers import SimpleRouter

# Resource → room and view set.
RESOURCES: list[tuple[str, str, str]] = [
    # people
    ("people", "directory", "PersonViewSet"),
    ("directory", "directory", "DirectoryViewSet"),
    ("roles", "directory", "RoleAssignmentViewSet"),
    ("assignable-programmes", "programmes", "AssignableProgrammeViewSet"),
    ("assignable-units", "decisions", "AssignableUnitViewSet"),
    ("accounts", "directory", "AccountViewSet"),
    ("account-acts", "directory", "AccountActViewSet"),
    ("tokens", "directory", "TokenViewSet"),
    # strategy
    ("council-terms", "strategy", "CouncilTermViewSet"),
    ("strategies", "strategy", "StrategyViewSet"),
    ("focus-areas", "strategy", "FocusAreaViewSet"),
    ("goals", "strategy", "GoalViewSet"),
    ("council-actions", "strategy", "CouncilActionViewSet"),
    ("sdgs", "strategy", "SDGViewSet"),
    # decisions
    ("bodies", "decisions", "BodyViewSet"),
    ("decisions", "decisions", "DecisionViewSet"),
    ("decision-points", "decisions", "DecisionPointViewSet"),
    ("wishes", "decisions", "WishViewSet"),
    # programmes
    ("programmes", "phases", "ProgrammeViewSet"),
    ("phase-moves", "phases", "PhaseMoveViewSet"),
    ("programme-sectors", "programmes", "ProgrammeSectorViewSet"),
    ("programme-updates", "programmes", "ProgrammeUpdateViewSet"),
    ("plans", "programmes", "PlanViewSet"),
    ("plan-versions", "programmes", "PlanVersionViewSet"),
    # steering
    ("steering-groups", "steering", "SteeringGroupViewSet"),
    ("seats", "steering", "SeatViewSet"),
    ("tenures", "steering", "TenureViewSet"),
    ("chairships", "steering", "ChairshipViewSet"),
    ("quota-checks", "steering", "QuotaCheckViewSet"),
    ("joint-events", "steering", "JointEventViewSet"),
    # benefits
    ("benefit-targets", "benefits", "BenefitTargetViewSet"),
    ("target-versions", "benefits", "TargetVersionViewSet"),
    ("indicators", "benefits.measuring", "IndicatorViewSet"),
    ("indicator-plans", "benefits.measuring", "IndicatorPlanViewSet"),
    ("measurements", "benefits.measuring", "MeasurementViewSet"),
    # translations
    ("translated-remarks", "translations", "TranslatedRemarkViewSet"),
]

router = SimpleRouter()
for resource, room, view_set in RESOURCES:
    router.register(resource, getattr(importlib.import_module(f"portfolio.{room}.api"), view_set), basename=resource)

urlpatterns = router.urls

"""Where the resources of projects are found under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from portfolio.api import RoomViewSet
from projects.api import ClosingViewSet
from projects.money.api import BudgetViewSet, FundingViewSet
from projects.pilots.api import PilotMoveViewSet, PilotViewSet
from projects.progress.api import MilestoneViewSet, RiskViewSet, StatusReportViewSet
from projects.register.api import (
    AssignableProjectViewSet,
    PartnerViewSet,
    ProjectMoveViewSet,
    ProjectPartnerViewSet,
    ProjectTargetViewSet,
    ProjectViewSet,
)

ROUTES: list[tuple[str, type[RoomViewSet]]] = [
    ("projects", ProjectViewSet),
    ("assignable-projects", AssignableProjectViewSet),
    ("project-moves", ProjectMoveViewSet),
    ("project-targets", ProjectTargetViewSet),
    ("milestones", MilestoneViewSet),
    ("risks", RiskViewSet),
    ("status-reports", StatusReportViewSet),
    ("budgets", BudgetViewSet),
    ("fundings", FundingViewSet),
    ("partners", PartnerViewSet),
    ("project-partners", ProjectPartnerViewSet),
    ("pilots", PilotViewSet),
    ("pilot-moves", PilotMoveViewSet),
]

router = SimpleRouter()
for resource, view_set in ROUTES:
    router.register(resource, view_set, basename=resource)

urlpatterns = [
    path("programmes/<id:pk>/close/", ClosingViewSet.as_view({"post": "close"}), name="programmes-close"),
    *router.urls,
]

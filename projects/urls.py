"""Where the resources of projects are found under /api/v1/."""

from projects.money.api import BudgetViewSet, FundingViewSet
from projects.pilots.api import PilotMoveViewSet, PilotViewSet
from projects.progress.api import MilestoneViewSet, RiskViewSet, StatusReportViewSet
from projects.register.api import (
    PartnerViewSet,
    ProjectMoveViewSet,
    ProjectPartnerViewSet,
    ProjectTargetViewSet,
    ProjectViewSet,
)

ROUTES = [
    ("projects", ProjectViewSet),
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

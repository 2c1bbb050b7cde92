"""All models of projects, gathered from the rooms so that Django finds them."""

from projects.money.models import Budget, Funding
from projects.pilots.models import Pilot, PilotMove
from projects.progress.models import Milestone, Risk, StatusReport
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget

__all__ = [
    "Budget",
    "Funding",
    "Milestone",
    "Partner",
    "Pilot",
    "PilotMove",
    "Project",
    "ProjectMove",
    "ProjectPartner",
    "ProjectTarget",
    "Risk",
    "StatusReport",
]

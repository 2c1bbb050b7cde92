"""Where each property of the import file lands: the column, or the reason why it stays in the file."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

# definition of the schema → the model whose row a record of it becomes
MODELS = {
    "council_term": "portfolio.CouncilTerm", "sdg": "portfolio.SDG", "body": "portfolio.Body",
    "person": "portfolio.Person", "role": "portfolio.RoleAssignment", "decision": "portfolio.Decision",
    "decision_point": "portfolio.DecisionPoint", "preparer": "portfolio.DecisionPreparer",
    "annex": "portfolio.DecisionAnnex", "minutes_version": "portfolio.MinutesVersion",
    "recipient": "portfolio.DecisionRecipient", "amendment": "portfolio.DecisionAmendment", "wish": "portfolio.Wish",
    "strategy": "portfolio.Strategy", "focus_area": "portfolio.FocusArea", "goal": "portfolio.Goal",
    "council_action": "portfolio.CouncilAction", "programme": "portfolio.Programme",
    "phase_move": "portfolio.PhaseMove", "plan_version": "portfolio.PlanVersion",
    "steering_group": "portfolio.SteeringGroup", "seat": "portfolio.Seat", "tenure": "portfolio.Tenure",
    "chairship": "portfolio.Chairship", "resizing": "portfolio.SteeringGroup", "quota_check": "portfolio.QuotaCheck",
    "joint_event": "portfolio.JointEvent", "benefit_target": "portfolio.BenefitTarget",
    "target_version": "portfolio.TargetVersion", "indicator": "portfolio.Indicator",
    "indicator_plan": "portfolio.IndicatorPlan", "path_point": "portfolio.PathPoint",
    "measurement": "portfolio.Measurement", "partner": "projects.Partner", "project": "projects.Project",
    "project_move": "projects.ProjectMove", "pilot": "projects.Pilot", "milestone": "projects.Milestone",
    "risk": "projects.Risk", "status_report": "projects.StatusReport",
    "programme_update": "portfolio.ProgrammeUpdate", "account": "portfolio.Account",
    "serving": "projects.ProjectTarget",
    "taking_part": "projects.ProjectPartner", "funding": "projects.Funding", "schedule": "reporting.ReportSchedule",
    "schedule_entry": "reporting.ScheduledDate",
}  # fmt: skip
# property → column, where the names differ
COLUMNS = {
    "annex.key": "", "project_move.state": "state", "schedule_entry.status_on": "status_date",
    "schedule_entry.cut_at": "cut_off_at",
}  # fmt: skip


def column(definition: str, name: str) -> models.Field[Any, Any] | None:
    """The column that a property of a definition is written to as it is; of a text, that of its first language."""
    model = apps.get_model(MODELS[definition])
    fields = {field.name: field for field in model._meta.concrete_fields}
    wanted = COLUMNS.get(f"{definition}.{name}", name)
    return fields.get(wanted) or fields.get(f"{wanted}_fi")

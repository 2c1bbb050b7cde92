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
    "risk": "projects.Risk", "lesson": "projects.Lesson", "status_report": "projects.StatusReport",
    "programme_update": "portfolio.ProgrammeUpdate", "account": "portfolio.Account",
    "serving": "projects.ProjectTarget",
    "taking_part": "projects.ProjectPartner", "funding": "projects.Funding", "schedule": "reporting.ReportSchedule",
    "schedule_entry": "reporting.ScheduledDate",
}  # fmt: skip
# property → column, where the names differ
COLUMNS = {
    "project_move.state": "state", "schedule_entry.status_on": "status_date",
    "schedule_entry.cut_at": "cut_off_at",
}  # fmt: skip


def column(definition: str, name: str) -> models.Field[Any, Any] | None:
    """The column that a property of a definition is written to as it is; of a text, that of its first language."""
    model = apps.get_model(MODELS[definition])
    fields = {field.name: field for field in model._meta.concrete_fields}
    wanted = COLUMNS.get(f"{definition}.{name}", name)
    return fields.get(wanted) or fields.get(f"{wanted}_fi")


# What serves the file alone: whence a record comes, and what stands inside it as records of their own.
STAYS = {
    "sources", "source_note", "roles", "points", "preparers", "annexes", "recipients", "amendments", "wishes",
    "minutes_versions", "focus_areas", "actions", "phases", "plan", "seats", "resizings", "versions", "indicators",
    "plans", "path", "moves", "pilot", "entries", "account",
}  # fmt: skip
# What lands in rows that have no key of the file, or in the history alone: found again one by one.
PROVED = {
    "focus_area.goals",
    "benefit_target.goals", "benefit_target.sdgs", "decision.continues", "decision_point.programmes",
    "joint_event.groups", "programme.sectors", "schedule.programmes", "project.targets", "project.partners",
    "milestone.replans", "risk.scores", "funding.uses", "pilot.effective_on", "role.project",
    "resizing.elected_seats", "resizing.official_seats", "resizing.deputies", "resizing.sized_by",
    "resizing.starts_on", "resizing.key", "resizing.provenance",
    "account.username", "account.language", "serving.target", "serving.share", "serving.role", "serving.accepted_on",
    "taking_part.partner", "taking_part.task", "taking_part.starts_on", "taking_part.ends_on",
}  # fmt: skip

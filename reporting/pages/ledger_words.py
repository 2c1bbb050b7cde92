"""How the change log calls records, columns and values."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

# Model → what a row of it is called.
KINDS: dict[str, Words] = {
    "Programme": _("Programme"),
    "PhaseMove": _("Phase"),
    "ProgrammeSector": _("Sector taking part"),
    "ProgrammeUpdate": _("Situation in words"),
    "Plan": _("Programme plan"),
    "PlanVersion": _("Version of the plan"),
    "Decision": _("Decision"),
    "SteeringGroup": _("Steering group"),
    "Seat": _("Seat"),
    "Tenure": _("Holder of a seat"),
    "Chairship": _("Chair"),
    "QuotaCheck": _("Check of the quota"),
    "JointEventGroup": _("Joint event"),
    "BenefitTarget": _("Benefit target"),
    "TargetGoal": _("Goal of the strategy"),
    "TargetSdg": _("UN goal"),
    "TargetVersion": _("Version of the target"),
    "Indicator": _("Indicator"),
    "IndicatorPlan": _("Figures of the indicator"),
    "PathPoint": _("Point of the path"),
    "Measurement": _("Measurement"),
    "Project": _("Project"),
    "ProjectMove": _("State of the project"),
    "ProjectTarget": _("Target served"),
    "ProjectPartner": _("Partner of the project"),
    "Milestone": _("Milestone"),
    "StatusReport": _("Status report"),
    "Pilot": _("Pilot"),
    "PilotMove": _("State of the pilot"),
    "Budget": _("Budget"),
    "Funding": _("Money"),
    "Risk": _("Risk"),
}

# Model → the columns that tell which row it is, where it has no name or title of its own.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "PhaseMove": ("phase",),
    "ProgrammeSector": ("body_id",),
    "ProgrammeUpdate": ("status_on",),
    "PlanVersion": ("number",),
    "Seat": ("kind", "number"),
    "Tenure": ("person_id",),
    "Chairship": ("person_id",),
    "QuotaCheck": ("checked_on",),
    "JointEventGroup": ("event_id",),
    "BenefitTarget": ("code",),
    "TargetGoal": ("target_id",),
    "TargetSdg": ("target_id",),
    "IndicatorPlan": ("indicator_id",),
    "PathPoint": ("on",),
    "Measurement": ("indicator_id", "measured_on"),
    "ProjectMove": ("project_id",),
    "ProjectTarget": ("project_id",),
    "ProjectPartner": ("project_id",),
    "StatusReport": ("project_id", "status_on"),
    "Pilot": ("project_id",),
    "PilotMove": ("pilot_id",),
    "Budget": ("project_id", "year"),
    "Funding": ("project_id", "source", "year"),
}

# Columns that say where a row belongs or are made by the program.
SILENT = frozenset(
    "id key provenance version seq salt row_sha256 shape commitments texts source_language order ordinal "
    "content_sha256 programme_id group_id plan_id target_version_id council_term_id earliest_on latest_on history_id "
    "history_seq history_type history_date history_user_id history_change_reason object_id line_changes path_edition "
    "council_item date_precision starts_precision decimals direction".split()
)

JOBS: dict[str, Words] = {
    "import": _("Import from an older register"),
    "report": _("Making of reports"),
    "setup": _("Setting up"),
}

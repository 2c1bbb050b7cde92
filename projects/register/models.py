"""Projects, their moves through life, the benefit targets they serve and the partners in them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portfolio.history import Provenance, Step, Tracked
from portfolio.texts import SourceLanguage, TextStates, first, names, texts


class Project(Tracked):
    """A project, action or pilot that carries out a programme."""

    class Kind(models.TextChoices):
        PROJECT = "project", _("project")
        ACTION = "action", _("action")
        PILOT = "pilot", _("pilot")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        SUSPENDED = "suspended", _("suspended")
        ENDED = "ended", _("ended")
        CANCELLED = "cancelled", _("cancelled")

    class Delivery(models.TextChoices):
        OWN_WORK = "own_work", _("own work")
        FUNDING = "funding", _("funding")
        CO_FUNDING = "co_funding", _("co-funding")

    visibility = "programme"
    belongs_to = "programme"
    described = ("delivery", "starts_on", "ends_on", "unit", "manager")
    told = "named"
    guarded = True

    programme = models.ForeignKey("portfolio.Programme", models.PROTECT, related_name="projects")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PROJECT)
    name_fi, name_sv, name_en = texts(200)
    summary_fi, summary_sv, summary_en = texts(blank=True)
    climate_impact_fi, climate_impact_sv, climate_impact_en = texts(blank=True, called=_("Climate impact"))
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    # Without `choices`: the constraint below answers for the mode, under its own code.
    delivery = models.CharField(max_length=12, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    unit = models.ForeignKey("portfolio.Body", models.PROTECT, null=True, blank=True, related_name="owned_projects")
    manager = models.ForeignKey(
        "portfolio.Person", models.PROTECT, null=True, blank=True, related_name="managed_projects"
    )
    carried_over_because = models.TextField(blank=True)
    continues_in = models.ForeignKey(
        "portfolio.Body", models.PROTECT, null=True, blank=True, related_name="continuing_projects"
    )
    continues_because = models.TextField(blank=True)
    texts = TextStates()
    source_language = SourceLanguage()

    class Meta:
        verbose_name = _("Project")
        ordering = ["programme_id", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="project_coded_once",
                violation_error_code="project.duplicate",
                violation_error_message="The programme already has a project of this code.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="project_starts_before_it_ends",
                violation_error_code="project.dates",
            ),
            models.CheckConstraint(
                condition=Q(continues_in__isnull=True) | ~Q(continues_because=""),
                name="project_continues_for_a_reason",
                violation_error_code="project.reason",
            ),
            models.CheckConstraint(
                # What an older register did not say is left empty, never invented.
                condition=Q(delivery__in=["own_work", "funding", "co_funding"])
                | Q(delivery="", provenance=Provenance.TAKEN_OVER),
                name="project_delivery_known",
                violation_error_code="project.mode",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "running", "suspended", "ended", "cancelled"]),
                name="project_state_known",
                violation_error_code="transition.invalid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {first(self, 'name')}"

    @property
    def goes_on(self) -> bool:
        """Whether it goes on in the line organisation, also after its programme has closed."""
        return self.continues_in_id is not None


class ProjectMove(Step):
    """The day from which a project was in a state, and why it came there."""

    visibility = "programme"
    belongs_to = "project"
    subject = ("project_id",)
    life = "project_id"

    project = models.ForeignKey(Project, models.PROTECT, related_name="moves")
    state = models.CharField(max_length=10, choices=Project.State)
    because = models.TextField(blank=True)

    class Meta:
        verbose_name = _("State of the project")
        ordering = ["project_id", "effective_on", "id"]
        constraints = [
            *Step.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(because="") | Q(provenance="taken_over"),
                name="project_cancelled_for_a_reason",
                violation_error_code="project.reason",
            ),
        ]


class ProjectTarget(Tracked):
    """A benefit target that a project serves in its own programme, or supports in another."""

    class Role(models.TextChoices):
        SERVES = "serves", _("serves")
        SUPPORTS = "supports", _("supports")

    # Two programmes meet here: whoever sees one end is told who serves what.
    visibility = "joint"
    joins = ("project", "target")
    drafted_with = "target"
    belongs_to = "project"
    subject = ("project_id",)

    project = models.ForeignKey(Project, models.PROTECT, related_name="target_links")
    target = models.ForeignKey("portfolio.BenefitTarget", models.PROTECT, related_name="project_links")
    role = models.CharField(max_length=10, choices=Role, default=Role.SERVES)
    share = models.SmallIntegerField(null=True, blank=True)
    asked_by = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, blank=True, related_name="+")
    accepted_on = models.DateField(null=True, blank=True)
    accepted_by = models.ForeignKey("portfolio.Person", models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Target served")
        ordering = ["project_id", "target_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "target"],
                condition=Q(ended_on__isnull=True),
                name="project_target_linked_once",
                violation_error_code="project.target_duplicate",
                violation_error_message="The project is already tied to this benefit target.",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=1, share__lte=100),
                name="project_target_share_in_percent",
                violation_error_code="project.share",
            ),
            models.CheckConstraint(
                condition=Q(role="supports") | Q(accepted_on__isnull=True, accepted_by__isnull=True),
                name="project_target_only_support_is_accepted",
                violation_error_code="project.support_only",
            ),
        ]

    @property
    def is_offer(self) -> bool:
        """Whether it offers support that the target's programme has not answered."""
        return self.role == ProjectTarget.Role.SUPPORTS and not (self.accepted_on or self.ended_on)


class Partner(Tracked):
    """An organisation outside the city that takes part in projects."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        UNIVERSITY = "university", _("university or research institute")
        ASSOCIATION = "association", _("association")
        PUBLIC = "public", _("public body")
        CITY_GROUP = "city_group", _("company of the city group")
        OTHER = "other", _("other partner")

    visibility = "city"
    told = "named"

    name = models.CharField(max_length=200)
    name_fi, name_sv, name_en = names(200)
    source_language = SourceLanguage(db_default="fi")
    texts = TextStates(db_default={})
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="partner_named_once",
                violation_error_code="partner.duplicate",
                violation_error_message="A partner of this name is already in the register.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectPartner(Tracked):
    """A partner's part in a project, for as long as it lasts."""

    visibility = "programme"
    belongs_to = "project"
    subject = ("project_id",)

    project = models.ForeignKey(Project, models.PROTECT, related_name="partner_links")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="project_links")
    task_fi, task_sv, task_en = texts(200, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Partner of the project")
        ordering = ["project_id", "partner_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "partner"],
                condition=Q(ends_on__isnull=True),
                name="project_partner_once_at_a_time",
                violation_error_code="project.partner_duplicate",
                violation_error_message="The partner already takes part in the project.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="project_partner_starts_before_it_ends",
                violation_error_code="project.partner_dates",
            ),
        ]

"""What can be asked of the projects of a programme: standings, money, warnings, targets left alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from portfolio import clock
from portfolio.benefits.lines import lines, standings
from portfolio.benefits.models import BenefitTarget
from portfolio.benefits.standing import Standing, worst
from portfolio.programmes.models import Programme
from portfolio.refusals import Lack
from portfolio.texts import first
from projects.money.models import Funding
from projects.pilots.lifecycle import FINAL_STATES as PILOT_ENDINGS
from projects.pilots.models import Pilot
from projects.progress.models import Milestone, Risk, RiskQuerySet, StatusReport
from projects.register.lifecycle import OPEN_STATES
from projects.register.models import Project, ProjectMove, ProjectTarget


@dataclass(frozen=True, slots=True)
class MoneyTotal:
    """The money of one source in one year: of the projects together, or of the programme beside them."""

    level: str
    year: int
    source: str
    budget: Decimal
    granted: Decimal | None
    used: Decimal | None


@dataclass(frozen=True, slots=True)
class Score:
    """How a risk was judged, from a change set on."""

    seq: int
    likelihood: int
    impact: int

    @property
    def level(self) -> int:
        return self.likelihood * self.impact


def projects_of(programme_id: int, *, on: date) -> QuerySet[Project]:
    """Projects with `next_milestone` {name_fi, name_sv, name_en, forecast_on} and `standing`, as on a day."""
    ahead = (
        Milestone.objects.filter(project=OuterRef("pk"))
        .filter(Q(reached_on__isnull=True) | Q(reached_on__gt=on))
        .order_by("forecast_on", "order")
        .values(found=JSONObject(name_fi="name_fi", name_sv="name_sv", name_en="name_en", forecast_on="forecast_on"))
    )
    return (
        Project.objects.filter(programme_id=programme_id)
        .select_related("unit", "manager")
        .annotate(next_milestone=Subquery(ahead[:1]), standing=_status(on))
        .order_by("code")
    )


def _status(on: date) -> Subquery:
    """{standing, status_on} of a project's newest status report that was submitted, as on a day."""
    told = StatusReport.objects.filter(project=OuterRef("pk"), submitted_on__isnull=False, status_on__lte=on)
    return Subquery(
        told.order_by("-status_on").values(found=JSONObject(standing="standing", status_on="status_on"))[:1]
    )


def ties_in_force(projects: Collection[int]) -> QuerySet[ProjectTarget]:
    """The ties of projects to the benefit targets that they serve, or support with the other programme's consent."""
    return ProjectTarget.objects.filter(_in_force(clock.today()), project_id__in=projects)


def _in_force(on: date, way: str = "") -> Q:
    lasting = Q(**{f"{way}ended_on__isnull": True}) | Q(**{f"{way}ended_on__gt": on})
    return lasting & (Q(**{f"{way}role": ProjectTarget.Role.SERVES}) | Q(**{f"{way}accepted_on__isnull": False}))


def standings_of(
    projects: Collection[int], *, on: date, seen: QuerySet[BenefitTarget]
) -> dict[int, tuple[dict[str, str] | None, Standing | None]]:
    """By project its newest submitted status, and the worst standing of the targets in force that it works for.

    Whoever does not see all of these is told no standing: that of a part would pass for the whole.
    """
    tied = FilteredRelation("target_links", condition=_in_force(on, "target_links__"))
    seen_too = Exists(seen.order_by().filter(pk=OuterRef("tied__target")))
    found = Project.objects.filter(pk__in=projects).annotate(tied=tied, status=_status(on), seen=seen_too)
    told = [*lines(found, "pk", "status", "seen", on=on, to="tied__target__")]
    of_targets, answer = standings(told), {}
    served: dict[int, set[tuple[int | None, bool]]] = defaultdict(set)
    for line in told:
        answer[line.row["pk"]] = line.row["status"]
        served[line.row["pk"]] |= {(line.target_id, line.row["seen"])} if line.in_force else set()
    return {
        pk: (
            status,
            worst(each for target, _ in served[pk] if (each := of_targets.get(target or 0)))
            if _whole(served[pk])
            else None,
        )
        for pk, status in answer.items()
    }


def _whole(served: set[tuple[int | None, bool]]) -> bool:
    return bool(served) and all(seen for _, seen in served)


def states_on(on: date, *, cut: int | None = None) -> dict[int, str]:
    """Project id → its state on a day by the effective days of its moves, as known at `cut` or now."""
    moves = ProjectMove.objects.standing(cut).filter(effective_on__lte=on)
    newest = moves.order_by("project_id", "-effective_on", "-place").distinct("project_id")
    return dict(newest.values_list("project_id", "state"))


def money_totals(programme_id: int, *, year: int | None = None) -> list[MoneyTotal]:
    """Money of a programme by level, year and source; the two levels never hold the same euro.

    A source of which nothing has been granted, or no use reported, has None: a gap is not zero (INV-76).
    """
    fundings = Funding.objects.filter(programme_id=programme_id)
    if year is not None:
        fundings = fundings.filter(year=year)
    found = (
        fundings.annotate(of_programme=Q(project__isnull=True))
        .values("of_programme", "year", "source")
        .annotate(total=Sum("budget"), given=Sum("granted"), spent=Sum("used"))
        .order_by("-of_programme", "year", "source")
    )
    return [
        MoneyTotal(
            level="programme" if row["of_programme"] else "projects",
            year=row["year"],
            source=row["source"],
            budget=row["total"],
            granted=row["given"],
            used=row["spent"],
        )
        for row in found
    ]


def open_items(programme_id: int) -> list[Lack]:
    """Projects and pilots that keep a programme from closing: neither ended nor going on in a named unit (INV-102)."""
    projects = Project.objects.filter(programme_id=programme_id, state__in=OPEN_STATES, continues_in__isnull=True)
    pilots = (
        Pilot.objects.filter(project__programme_id=programme_id, project__continues_in__isnull=True)
        .exclude(state__in=PILOT_ENDINGS)
        .exclude(project__state=Project.State.CANCELLED)
        .select_related("project")
    )
    return [
        *(_open_item("project", each, each.state) for each in projects.order_by("code")),
        *(_open_item("pilot", each.project, each.state) for each in pilots.order_by("project__code")),
    ]


def _open_item(kind: str, project: Project, state: str) -> Lack:
    return Lack(
        "closing.open_items", kind=kind, id=project.pk, project=project.code, name=first(project, "name"), state=state
    )


def warnings(project: Project) -> list[Lack]:
    """What is unusual about a project without being wrong (INV-71, INV-76, INV-81)."""
    programme = Programme.objects.select_related("council_term", "set_by", "closed_by").get(pk=project.programme_id)
    return [
        *_outside([project], programme),
        *_overruns(Funding.objects.filter(project=project)),
        *_unmitigated(Risk.objects.filter(project=project)),
    ]


def programme_warnings(programme_id: int) -> list[Lack]:
    """All warnings of a programme and its projects, in a fixed number of questions."""
    programme = Programme.objects.select_related("council_term", "set_by", "closed_by").get(pk=programme_id)
    return [
        *_outside(Project.objects.filter(programme_id=programme_id, unit__isnull=True), programme),
        *_overruns(Funding.objects.filter(programme_id=programme_id).select_related("project")),
        *_unmitigated(Risk.objects.filter(programme_id=programme_id).select_related("project")),
        *(
            Lack("benefit.no_project", id=target.pk, target=target.code)
            for target in targets_without_project(programme_id)
        ),
    ]


def targets_without_project(programme_id: int) -> QuerySet[BenefitTarget]:
    """Benefit targets that no project serves, or whose projects have all ended (INV-61)."""
    served = ProjectTarget.objects.filter(
        target=OuterRef("pk"), ended_on__isnull=True, project__state__in=OPEN_STATES
    ).filter(Q(role=ProjectTarget.Role.SERVES) | Q(accepted_on__isnull=False))
    return (
        BenefitTarget.objects.filter(programme_id=programme_id)
        .exclude(state__in=[BenefitTarget.State.REPLACED, BenefitTarget.State.ENDED])
        .exclude(Exists(served))
        .order_by("order", "code")
    )


def scores_of(risk_id: int, *, cut: int | None = None) -> list[Score]:
    """How a risk has been judged, oldest first; a change of its words alone is not a judgement (INV-81)."""
    past = Risk.history.filter(id=risk_id).order_by("history_seq", "history_id")
    if cut is not None:
        past = past.filter(history_seq__lte=cut)
    scores: list[Score] = []
    for seq, likelihood, impact in past.values_list("history_seq", "likelihood", "impact"):
        if not scores or (scores[-1].likelihood, scores[-1].impact) != (likelihood, impact):
            scores.append(Score(seq, likelihood, impact))
    return scores


def _outside(projects: Iterable[Project], programme: Programme) -> list[Lack]:
    """A project of no line unit that begins before its programme's life or ends after it."""
    term = programme.council_term
    set_on = programme.set_by.decided_on or term.starts_on
    begins = min(set_on, term.starts_on)
    ends = (programme.closed_by.decided_on if programme.closed_by else None) or term.ends_on
    return [
        Lack("project.outside_programme", field="ends_on", id=each.pk, project=each.code, begins=begins, ends=ends)
        for each in projects
        if each.unit_id is None
        and ((each.starts_on and each.starts_on < begins) or (each.ends_on and ends and each.ends_on > ends))
    ]


def _overruns(fundings: QuerySet[Funding]) -> list[Lack]:
    over = fundings.filter(used__gt=Coalesce(F("granted"), F("budget")))
    return [
        Lack("money.overrun", field="used", id=each.pk, year=each.year, source=each.source, used=each.used)
        for each in over.order_by("year", "source", "id")
    ]


def _unmitigated(risks: RiskQuerySet) -> list[Lack]:
    bare = (
        risks.open()
        .high()
        .filter(Q(mitigate_by__isnull=True) | Q(mitigation_fi="", mitigation_sv="", mitigation_en=""))
    )
    return [Lack("risk.no_mitigation", field="mitigate_by", id=each.pk, level=each.level) for each in bare]

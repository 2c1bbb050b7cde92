"""What can be done with a project itself: plan, edit, move through its life, tie to benefit targets."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypedDict

from portfolio import clock, history, refusals
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Body
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes import queries as programmes
from portfolio.programmes.access import Actor, opened
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from portfolio.texts import first, in_step
from projects import guard
from projects.progress.models import Milestone
from projects.register import lifecycle
from projects.register.models import Partner, Project, ProjectMove, ProjectPartner, ProjectTarget

State = Project.State
PARTNER = guard.worded("name") | {"name", "kind", "active"}
DESCRIBED = guard.described(Project)


class Serving(TypedDict, total=False):
    """A benefit target to serve and the project's share of the contribution, in percent."""

    target: BenefitTarget
    share: int | None


def create_project(
    programme: Programme,
    *,
    code: str,
    name_fi: str = "",
    targets: Sequence[Serving] = (),
    effective_on: date | None = None,
    by: Actor,
    **described: Any,
) -> Project:
    """Plan a project, action or pilot that serves at least one benefit target of its programme (INV-70, INV-75).

    One taken over from an older register may lack its targets, if the register did not name them.
    """
    with history.change(by=by):
        programme = history.lock(Programme, programme.pk)
        opened(programme, "plan_project", by)
        project = Project(programme=programme, code=code, name_fi=name_fi)
        guard.describe(project, described, known=DESCRIBED | {"kind"}).checked_save()
        if not targets and project.provenance != history.Provenance.TAKEN_OVER:
            raise Refused("project.no_target", field="targets")
        for serving in targets:
            _link(project, serving["target"], share=serving.get("share"), role=ProjectTarget.Role.SERVES)
        return _move(project, State.PLANNED, effective_on=effective_on, because="", first=True)


def edit_project(project: Project, *, because: str = "", by: Actor, seen: int | None = None, **changes: Any) -> Project:
    """Change what is said of a project; its milestones stay inside its dates (INV-71, INV-77)."""
    with history.change(by=by, because=because):
        project = _locked(project, by=by, verb="edit_project", seen=seen)
        guard.describe(project, changes, known=DESCRIBED)
        outside = Milestone.objects.outside(project.starts_on, project.ends_on).filter(project=project)
        if stray := outside.first():
            raise Refused("milestone.dates", field="starts_on", planned_on=stray.planned_on, name=first(stray, "name"))
        return project.checked_save()


def start_project(
    project: Project, *, effective_on: date | None = None, because: str = "", by: Actor, seen: int | None = None
) -> Project:
    """Start a planned project, if its programme runs on an approved plan (INV-70, INV-74).

    Refuses with all that is missing at once; a project carried over with a reason may start all the same.
    """
    with history.change(by=by, because=because):
        project = _locked(project, by=by, verb="move_project", seen=seen)
        lifecycle.require_move(project.state, State.RUNNING, came_from=lifecycle.STARTS_FROM)
        lacks = lifecycle.start_lacks(
            project,
            project.programme,
            plan_approved=programmes.valid_plan(project.programme) is not None,
            served=_own_links(project).exists(),
        )
        refusals.require(lacks)
        return _move(project, State.RUNNING, effective_on=effective_on, because=because)


def suspend_project(
    project: Project, *, because: str, effective_on: date | None = None, by: Actor, seen: int | None = None
) -> Project:
    """Suspend a running project for a reason (INV-112)."""
    return _simple_move(
        project, State.SUSPENDED, {State.RUNNING}, effective_on=effective_on, because=because, by=by, seen=seen
    )


def resume_project(
    project: Project, *, effective_on: date | None = None, because: str = "", by: Actor, seen: int | None = None
) -> Project:
    """Let a suspended project run again (INV-112)."""
    return _simple_move(
        project, State.RUNNING, lifecycle.RESUMES_FROM, effective_on=effective_on, because=because, by=by, seen=seen
    )


def end_project(
    project: Project, *, effective_on: date | None = None, because: str = "", by: Actor, seen: int | None = None
) -> Project:
    """End a project whose work is done (INV-112)."""
    return _simple_move(
        project,
        State.ENDED,
        {State.RUNNING, State.SUSPENDED},
        effective_on=effective_on,
        because=because,
        by=by,
        seen=seen,
    )


def cancel_project(
    project: Project, *, because: str, effective_on: date | None = None, by: Actor, seen: int | None = None
) -> Project:
    """Give a project up for a reason; it and its history stay (INV-80)."""
    return _simple_move(
        project,
        State.CANCELLED,
        lifecycle.OPEN_STATES,
        effective_on=effective_on,
        because=because,
        by=by,
        seen=seen,
    )


def take_over_state(
    project: Project, *, state: str, effective_on: date, because: str = "", by: Actor, seen: int | None = None
) -> Project:
    """Enter a state as an older register tells it, whatever came before is not known there (decision 19, INV-112)."""
    with history.change(by=by, because=because):
        project = _locked(project, by=by, verb="move_project", seen=seen)
        if project.provenance != "taken_over" or project.state not in lifecycle.OPEN_STATES:
            raise Refused("transition.invalid", field="state", at=project.state, to=state)
        return _move(project, state, effective_on=effective_on, because=because)


def carry_over_project(project: Project, *, because: str, by: Actor, seen: int | None = None) -> Project:
    """Say why a project comes over from an earlier term: it may start before its new programme has a plan (INV-74)."""
    with history.change(by=by, because=because, required="project.reason"):
        project = _open_project(project, by=by, verb="carry_over_project", seen=seen)
        project.carried_over_because = because
        return project.checked_save()


def continue_project(project: Project, *, unit: Body, because: str, by: Actor, seen: int | None = None) -> Project:
    """Name the line unit in which a project goes on when its programme closes, and say why (INV-102)."""
    with history.change(by=by, because=because, required="project.reason"):
        project = _open_project(project, by=by, verb="carry_over_project", seen=seen)
        project.continues_in = unit
        project.continues_because = because
        return project.checked_save()


def serve_target(
    project: Project,
    *,
    target: BenefitTarget,
    share: int | None = None,
    support: bool = False,
    by: Actor,
    seen: int | None = None,
) -> ProjectTarget:
    """Tie a project to a target of its own programme, or offer its support to another programme's (INV-70)."""
    with history.change(by=by):
        project = _locked(project, by=by, verb="serve_target", seen=seen)
        if not support:
            return _link(project, target, share=share, role=ProjectTarget.Role.SERVES)
        if target.programme_id == project.programme_id:
            raise Refused("project.support_own", field="support", target=target.code)
        asked_by = by if isinstance(by, Person) else None
        return _link(project, target, share=share, role=ProjectTarget.Role.SUPPORTS, asked_by=asked_by)


def accept_support(
    project: Project, *, target: BenefitTarget, accepted_on: date | None = None, by: Actor, seen: int | None = None
) -> ProjectTarget:
    """Accept the support that a project offers to a target of another programme (INV-70)."""
    with history.change(by=by):
        project = history.lock(Project, project.pk, seen=seen)
        permissions.require(by, "accept_support", target.programme)
        return accept_offer(_open_link(project, target), accepted_on=accepted_on, by=by)


def accept_offer(
    link: ProjectTarget, *, accepted_on: date | None = None, by: Actor, seen: int | None = None
) -> ProjectTarget:
    """Accept an offer of support on behalf of the target's programme, never one's own offer (INV-70, INV-113)."""
    with history.change(by=by):
        link = history.lock(ProjectTarget, link.pk, seen=seen)
        permissions.require(by, "accept_support", link.target.programme)
        if not link.is_offer:
            raise Refused("project.support_only", target=link.target.code)
        if isinstance(by, Person) and by == link.asked_by:
            raise Refused("approve.own")
        link.accepted_on = _day(accepted_on, "accepted_on")
        link.accepted_by = by if isinstance(by, Person) else None
        return link.checked_save()


def stop_serving_target(
    project: Project,
    *,
    target: BenefitTarget,
    because: str,
    ended_on: date | None = None,
    by: Actor,
    seen: int | None = None,
) -> ProjectTarget:
    """End a project's tie to a target for a reason; the last one of its own programme stays (INV-70, INV-80)."""
    with history.change(by=by, because=because, required="project.reason"):
        project = _locked(project, by=by, verb="serve_target", seen=seen)
        link = _open_link(project, target)
        if link.role == ProjectTarget.Role.SERVES and not _own_links(project).exclude(pk=link.pk).exists():
            raise Refused("project.no_target", field="target", target=target.code)
        link.ended_on = _day(ended_on, "ended_on")
        return link.checked_save()


def create_partner(
    *,
    kind: str = Partner.Kind.OTHER,
    by: Actor,
    **names: Any,
) -> Partner:
    """Enter an organisation in the register of partners by its name, in one language or in three."""
    with history.change(by=by):
        permissions.require(by, "keep_partners")
        partner = Partner(kind=kind)
        return guard.describe(partner, in_step(partner, names, "name"), known=PARTNER).checked_save()


def edit_partner(partner: Partner, *, because: str = "", by: Actor, seen: int | None = None, **changes: Any) -> Partner:
    """Change a partner's name or kind, or take it out of use; it is never deleted (INV-80)."""
    with history.change(by=by, because=because):
        partner = history.lock(Partner, partner.pk, seen=seen)
        permissions.require(by, "keep_partners")
        return guard.describe(partner, in_step(partner, changes, "name"), known=PARTNER).checked_save()


def join_partner(
    project: Project,
    *,
    partner: Partner,
    starts_on: date | None = None,
    by: Actor,
    **described: Any,
) -> ProjectPartner:
    """Record that a partner takes part in a project, once at a time."""
    with history.change(by=by):
        project = _locked(project, by=by, verb="edit_project", seen=None)
        link = ProjectPartner(project=project, partner=partner, starts_on=starts_on)
        return guard.describe(link, described, known=guard.worded("task")).checked_save()


def part_partner(
    link: ProjectPartner, *, ends_on: date, because: str = "", by: Actor, seen: int | None = None
) -> ProjectPartner:
    """Record the day until which a partner took part."""
    with history.change(by=by, because=because):
        link = history.lock(ProjectPartner, link.pk, seen=seen)
        opened(link.project.programme, "edit_project", by, link.project)
        link.ends_on = ends_on
        return link.checked_save()


def _locked(project: Project, *, by: Actor, verb: str, seen: int | None) -> Project:
    project = history.lock(Project, project.pk, seen=seen)
    opened(project.programme, verb, by, project)
    return project


def _open_project(project: Project, *, by: Actor, verb: str, seen: int | None) -> Project:
    project = _locked(project, by=by, verb=verb, seen=seen)
    if project.state in lifecycle.FINAL_STATES:
        raise Refused("transition.invalid", at=project.state)
    return project


def _simple_move(
    project: Project,
    to: str,
    came_from: Iterable[str],
    *,
    effective_on: date | None,
    because: str,
    by: Actor,
    seen: int | None,
) -> Project:
    with history.change(by=by, because=because):
        verb = "cancel_project" if to == State.CANCELLED else "move_project"
        project = _locked(project, by=by, verb=verb, seen=seen)
        lifecycle.require_move(project.state, to, came_from=came_from)
        if to in (State.SUSPENDED, State.CANCELLED):
            history.require_reason(because, "project.reason")
        return _move(project, to, effective_on=effective_on, because=because)


def _move(project: Project, to: str, *, effective_on: date | None, because: str, first: bool = False) -> Project:
    """Enter a state in the register and the day from which it holds, in one change set."""
    today = clock.today()
    entered = ProjectMove.objects.none() if first else ProjectMove.objects.standing().filter(project=project)
    last = entered.order_by("-effective_on").values_list("effective_on", flat=True).first()
    day = effective_on or today
    lifecycle.require_day(day, today=today, last=last)
    ProjectMove(
        project=project, state=to, effective_on=day, because=because, provenance=project.provenance
    ).checked_save()
    project.state = to
    return project.checked_save()


def _link(
    project: Project, target: BenefitTarget, *, share: int | None, role: str, asked_by: Person | None = None
) -> ProjectTarget:
    if role == ProjectTarget.Role.SERVES and target.programme_id != project.programme_id:
        raise Refused("project.foreign_target", field="target", target=target.code)
    return ProjectTarget(
        project=project, target=target, share=share, role=role, asked_by=asked_by, provenance=project.provenance
    ).checked_save()


def _open_link(project: Project, target: BenefitTarget) -> ProjectTarget:
    link = ProjectTarget.objects.filter(project=project, target=target, ended_on__isnull=True).first()
    if link is None:
        raise Refused("project.target_unlinked", field="target", target=target.code)
    return link


def _own_links(project: Project) -> Any:
    return project.target_links.filter(role=ProjectTarget.Role.SERVES, ended_on__isnull=True)


def _day(given: date | None, field: str) -> date:
    day = given or clock.today()
    if day > clock.today():
        raise Refused("project.move_future", field=field, day=day)
    return day

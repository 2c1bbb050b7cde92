"""Who may do what and see what: one table of verb and role, one rule of visibility (INV-114, INV-115)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet

from portfolio import belonging
from portfolio.history import Job
from portfolio.people import drafts
from portfolio.people.holdings import Holding, holdings, role_names
from portfolio.people.models import Person, Role

DIRECTOR, MANAGER, PROJECT = Role.DIRECTOR, Role.PROGRAMME_MANAGER, Role.PROJECT_MANAGER
SECRETARY, UNIT, ADMIN = Role.SECRETARY, Role.UNIT_OWNER, Role.USER_ADMIN

PROGRAMME_WRITERS = frozenset({DIRECTOR, MANAGER})
PROJECT_WRITERS = frozenset({DIRECTOR, MANAGER, PROJECT})
OFFICE = frozenset({DIRECTOR, SECRETARY})

# Verb → the roles that may. A role with a programme or project counts on that one only.
TABLE: dict[str, frozenset[str]] = {
    # people
    "manage_people": frozenset({ADMIN}),
    "assign_role": frozenset({ADMIN}),
    # strategy
    "record_council_term": OFFICE,
    "write_strategy": frozenset({DIRECTOR}),
    "adopt_strategy": frozenset({SECRETARY}),
    "record_sdg": frozenset(),
    # decisions
    "record_body": OFFICE,
    "record_decision": frozenset({SECRETARY}),
    "correct_decision": frozenset({SECRETARY}),
    "record_wish": frozenset({SECRETARY}),
    "answer_wish": frozenset({DIRECTOR}),
    # programmes
    "set_programme": OFFICE,
    "edit_programme": PROGRAMME_WRITERS,
    "move_programme": PROGRAMME_WRITERS | {SECRETARY},
    "close_programme": OFFICE,
    "correct_phase": OFFICE,
    "write_update": PROGRAMME_WRITERS,
    "write_plan": PROGRAMME_WRITERS,
    "approve_plan": OFFICE,
    "take_over_programme": frozenset(),
    # steering
    "size_group": OFFICE,
    "appoint": OFFICE,
    "name_chair": OFFICE,
    "check_quota": OFFICE,
    "record_joint_event": PROGRAMME_WRITERS | {SECRETARY},
    # benefits
    "draft_target": PROGRAMME_WRITERS,
    "record_drafting": PROGRAMME_WRITERS | OFFICE,
    "propose_target": OFFICE,
    "approve_target": OFFICE,
    "return_target": OFFICE,
    "correct_version": OFFICE,
    "end_target": OFFICE,
    "replace_target": OFFICE,
    "record_measurement": PROJECT_WRITERS,
    "correct_measurement": PROGRAMME_WRITERS,
    "approve_measurement": PROGRAMME_WRITERS,
    # translations
    "translate_remark": OFFICE,
    # projects
    "plan_project": PROGRAMME_WRITERS,
    "edit_project": PROJECT_WRITERS,
    "move_project": PROJECT_WRITERS,
    "cancel_project": PROGRAMME_WRITERS,
    "carry_over_project": PROGRAMME_WRITERS,
    "serve_target": PROJECT_WRITERS,
    "accept_support": PROGRAMME_WRITERS,
    "keep_partners": OFFICE,
    "keep_milestones": PROJECT_WRITERS,
    "keep_risks": PROJECT_WRITERS,
    "keep_lessons": PROJECT_WRITERS,
    "keep_money": PROJECT_WRITERS,
    "report_status": PROJECT_WRITERS,
    "run_pilot": PROJECT_WRITERS,
    "end_pilot": PROGRAMME_WRITERS,
    "adopt_pilot": frozenset({UNIT, SECRETARY}),
    # reporting
    "schedule_reports": OFFICE,
    "open_report": OFFICE,
    "retake_report": OFFICE,
    "confirm_report": OFFICE,
    "send_report": OFFICE,
    "note_report": frozenset({SECRETARY}),
}

# What a job may do under its own name; the import may do all.
JOBS: dict[str, frozenset[str]] = {
    "import": frozenset(TABLE) | {"*"},
    "report": frozenset({"open_report", "freeze_report", "render_report"}),
    "setup": frozenset({"*"}),
}

SEES_ALL = frozenset({DIRECTOR, SECRETARY, Role.AUDITOR})
SEES_PEOPLE = frozenset({ADMIN, DIRECTOR, SECRETARY, Role.AUDITOR})
INSIDERS = frozenset({MANAGER, PROJECT, Role.ELECTED_MEMBER, Role.OFFICIAL_MEMBER})


Tied = Callable[[Collection[Any]], QuerySet[Any]]
# Projects → the benefit targets they work for; the register of projects says which (see `tie`).
_tied: list[Tied] = []
_projects: list[type[Model]] = []


def tie(targets: Tied, projects: type[Model]) -> None:
    """Let the register of projects say which projects there are and which benefit targets their rights reach."""
    _tied[:], _projects[:] = [targets], [projects]


def projects() -> QuerySet[Any]:
    """The projects on which a role can be held."""
    return _projects[0]._default_manager.all()


class NotAllowed(PermissionDenied):
    """The wrong person: says which roles may."""

    def __init__(self, verb: str, roles: frozenset[str]) -> None:
        self.verb, self.roles = verb, roles
        super().__init__(verb)


def may(by: Person | Job, verb: str, thing: Model | None = None) -> bool:
    """Whether the actor may do this with this programme, project or thing of a programme."""
    if isinstance(by, Job):
        allowed = JOBS.get(by.name, frozenset())
        return verb in allowed or "*" in allowed
    return allowed_by(holdings(by), verb, thing)


def allowed_by(held: Iterable[Holding], verb: str, thing: Model | None = None) -> bool:
    """Whether any of these roles may do this with this thing."""
    scope = _scope(thing)
    return any(_covers(each, scope) for each in held if each.role in TABLE[verb])


@dataclass(frozen=True)
class Scope:
    """Where a thing belongs."""

    programme_id: int | None = None
    project_id: int | None = None
    unit_id: int | None = None
    target_id: int | None = None


def _scope(thing: Model | None) -> Scope:
    if thing is None:
        return Scope()
    if thing._meta.label == "portfolio.Programme":
        return Scope(thing.pk)
    project = thing if thing._meta.label == "projects.Project" else getattr(thing, "project", None)
    programme_id = _follow(thing, belonging.programme_path(type(thing)) or "programme_id")
    way = belonging.way_to_target(type(thing))
    target_id = None if way is None else _follow(thing, way)
    return Scope(programme_id, getattr(project, "pk", None), getattr(project, "unit_id", None), target_id)


def _follow(thing: Model, path: str) -> Any:
    found: Any = thing
    for step in path.split("__"):
        found = getattr(found, step)
    return found


def _covers(held: Holding, scope: Scope) -> bool:
    if held.unit_id is not None and scope.unit_id not in (None, held.unit_id):
        return False
    if held.project_id is not None:
        return held.project_id == scope.project_id or _works_for(held.project_id, scope.target_id)
    return held.programme_id is None or held.programme_id == scope.programme_id


def _works_for(project_id: int, target_id: int | None) -> bool:
    """Whether a project is tied to the benefit target that something belongs to (INV-70)."""
    return target_id is not None and any(tied([project_id]).filter(target_id=target_id).exists() for tied in _tied)


def reached(found: QuerySet[Any], by: Person, verb: str) -> QuerySet[Any]:
    """The rows on which somebody's roles allow a verb, as `may` tells of each of them."""
    model: type[Model] = found.model
    held = [each for each in holdings(by) if each.role in TABLE[verb]]
    if any(each.programme_id is each.project_id is each.unit_id is None for each in held):
        return found
    programmes = {each.programme_id for each in held if each.programme_id and not each.project_id}
    projects = {each.project_id for each in held if each.project_id}
    units = {each.unit_id for each in held if each.unit_id}
    allowed = _within(model, belonging.programme_path(model), programmes, False) if programmes else Q(pk__in=())
    if (way := belonging.way_to_project(model)) is not None:
        allowed |= _within(model, f"{way}id", projects, False) | _within(model, f"{way}unit_id", units, False)
    if projects and (path := belonging.way_to_target(model)) is not None:
        for tied in _tied:
            allowed |= _within(model, path, tied(projects).values("target_id"), False)
    return found.filter(allowed)


def require(by: Person | Job, verb: str, thing: Model | None = None) -> None:
    """Raise PermissionDenied, naming the roles that may, unless the actor may."""
    if not may(by, verb, thing):
        raise NotAllowed(verb, TABLE.get(verb, frozenset()))


def visible(found: QuerySet[Any], by: Person | None, *, past: bool = False, cut: int | None = None) -> QuerySet[Any]:
    """The rows of a queryset that a person may see; API, pages, search, exports and reports ask here alone.

    `past` querysets are of history tables: the same rule, today's rights, by the columns of then (decision 3). They
    hold what was known at a `cut`, or else every state, each looked at in its own moment.
    """
    model = found.model.instance_type if past and hasattr(found.model, "instance_type") else found.model
    held = holdings(by) if by else []
    within = _within_reach(found, model, by, held, past)
    when = drafts.When(cut, each=past and cut is None)
    return within if by is None else _submitted(within, model, by, held, when, past)


def _submitted(
    found: QuerySet[Any], model: type[Model], by: Person, held: list[Holding], when: drafts.When, past: bool
) -> QuerySet[Any]:
    """Without the drafts that are neither one's own nor one's to edit or decide; the director reads them all."""
    opening = {role for verb in drafts.verbs(model) for role in TABLE[verb]}
    if not opening or DIRECTOR in {each.role for each in held}:
        return found
    mine = [each for each in held if each.role in opening]
    if any(each.programme_id is each.project_id is each.unit_id is None for each in mine):
        return found
    mine_or_made = drafts.made_by(model, by.pk) | _inside(model, mine, past) | _draft_seen(model, by)
    return found.filter(~drafts.drafts(model, when) | mine_or_made)


def _draft_seen(model: type[Model], by: Person) -> Q:
    """Rows that tie something to a draft: whoever may read the draft may read that it is tied."""
    name = getattr(model, "drafted_with", None)
    if name is None:
        return Q(pk__in=())
    drafted: Any = model._meta.get_field(name).related_model
    return Q(**{f"{name}_id__in": visible(drafted._default_manager.order_by(), by).values("pk")})


def _within_reach(
    found: QuerySet[Any], model: type[Model], by: Person | None, held: list[Holding], past: bool
) -> QuerySet[Any]:
    """The rows that a person may see once they are submitted."""
    roles = {each.role for each in held}
    kind = getattr(model, "visibility", "city")
    if kind == "people":
        return found if roles & SEES_PEOPLE else found.filter(_own_person(model, by))
    if kind == "own":
        return found if ADMIN in roles else found.filter(account__person_id=by.pk if by else 0)
    if kind == "report":
        return _reports(found, model, roles)
    if roles & SEES_ALL or (kind == "city" and roles - {ADMIN}):
        return found
    if kind in ("city", "office"):
        return found.none()
    if kind == "joint":
        return found.filter(_joined(model, by))
    return found.filter(_inside(model, held, past))


def _joined(model: type[Model], by: Person | None) -> Q:
    """Rows between two records, of one of which the person sees at least one."""
    seen = Q(pk__in=())
    for name in getattr(model, "joins", ()):
        other: Any = model._meta.get_field(name).related_model
        seen |= Q(**{f"{name}_id__in": visible(other._default_manager.order_by(), by).values("pk")})
    return seen


def nameable(found: QuerySet[Any], by: Person | None) -> QuerySet[Any]:
    """The rows that a person may refer to: those they may see, and any active person, by id alone.

    An owner or a manager is chosen from the directory (id, name, title); the rest of the register stays closed.
    """
    if found.model._meta.label == "portfolio.Person":
        return directory(found, by)
    return visible(found, by)


def assignable(found: QuerySet[Any], by: Person | None, *, past: bool = False, cut: int | None = None) -> QuerySet[Any]:
    """What a role can be held on, to be named and listed by name by whoever assigns roles; its content stays closed."""
    if by is not None and not past and may(by, "assign_role"):
        return found
    return visible(found, by, past=past, cut=cut)


def directory(found: QuerySet[Any], by: Person | None, *, past: bool = False, cut: int | None = None) -> QuerySet[Any]:
    """The people whose name and title a person may read: the active ones, for whoever has a task in the city's work."""
    if by is None or not holdings(by):
        return visible(found, by, past=past)
    return found if role_names(by) & SEES_PEOPLE else found.filter(Q(active=True) | Q(id=by.pk))


def _reports(found: QuerySet[Any], model: type[Model], roles: set[str]) -> QuerySet[Any]:
    """Drafts are for those who make them; what is confirmed is for all who have a task in the city's programmes.

    What belongs to no report is nobody's by this rule: its own kind says who sees it.
    """
    path = getattr(model, "report_path", "")
    if roles & OFFICE:
        return found.filter(**{f"{path}isnull": False}) if path else found
    final = found.filter(**{f"{path}state__in": ("confirmed", "sent", "noted")})
    return final if roles - {ADMIN} else found.none()


def _own_person(model: type[Model], by: Person | None) -> Q:
    path = "id" if model._meta.label == "portfolio.Person" else "person_id"
    return Q(**{path: by.pk if by else 0})


def _inside(model: type[Model], held: list[Holding], past: bool) -> Q:
    """Rows of the programmes on which the person works or sits, of their own projects, and of the units they own.

    Who manages a project also sees the benefit targets it works for, with their measurements.
    """
    programmes = {each.programme_id for each in held if each.role in INSIDERS and each.programme_id}
    projects = {each.project_id for each in held if each.role == PROJECT and each.project_id}
    units = {each.unit_id for each in held if each.role == UNIT and each.unit_id}
    inside = _within(model, belonging.programme_path(model), programmes, past)
    if (way := belonging.way_to_project(model)) is not None:  # "" for a project itself
        inside |= _within(model, f"{way}id", projects, past) | _within(model, f"{way}unit_id", units, past)
    if projects and (path := belonging.way_to_target(model)) is not None:
        for tied in _tied:
            inside |= _within(model, path, tied(projects).values("target_id"), past)
    if UNIT in {each.role for each in held} and _has(model, "adopted_unit"):
        inside |= Q(adopted_unit_id__in=units)
    return inside


def _within(model: type[Model], path: str, ids: Collection[int | None] | QuerySet[Any], past: bool) -> Q:
    """Rows whose path leads to one of the ids; from a row of the past, by today's rows behind its own columns."""
    first, _, rest = path.partition("__")
    if not rest or not past:
        return Q(**{f"{path}__in": ids})
    parent: Any = model._meta.get_field(first).related_model
    return Q(**{f"{first}_id__in": parent._default_manager.filter(**{f"{rest}__in": ids}).values("pk")})


def _has(model: type[Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)

"""Who may change what belongs to a project, and until when."""

from portfolio import permissions
from portfolio.history import Job
from portfolio.people.models import Person
from portfolio.programmes.models import Phase, Programme
from portfolio.refusals import Refused
from projects.register.models import Project

Actor = Person | Job


def require(by: Actor, verb: str, programme: Programme, project: Project | None = None) -> None:
    """The right to `verb` here, in a programme that has not closed or a project that was carried over its end."""
    permissions.require(by, verb, project or programme)
    if programme.phase == Phase.CLOSED and not (project and project.carried_over_because):
        raise Refused("programme.frozen")

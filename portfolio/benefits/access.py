"""The way in to every change of a benefit target: a programme that is open, and someone who may."""

from typing import TypeAlias

from django.db.models import Model

from portfolio import history
from portfolio.benefits.models import BenefitTarget, TargetVersion
from portfolio.history import Job
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused

By: TypeAlias = Person | Job


def open_programme(programme_id: int, verb: str, by: By, thing: Model | None = None) -> Programme:
    """The programme, for someone who may do this there or with this thing of it, while it is not closed (INV-04)."""
    programme = history.lock(Programme, programme_id)
    permissions.require(by, verb, thing or programme)
    if programme.phase == Programme.Phase.CLOSED:
        raise Refused("programme.frozen")
    return programme


def require_draft(version: TargetVersion) -> None:
    """Wording and figures are worked on in a draft that no body has before it (INV-54)."""
    if version.state != TargetVersion.State.DRAFT:
        raise Refused("benefit.frozen")
    if version.target.state == BenefitTarget.State.PROPOSED:
        raise Refused("benefit.proposed")


def draft_of(target: BenefitTarget) -> TargetVersion:
    """The draft of a target that may be worked on; without one the target is frozen (INV-54)."""
    version = target.versions.filter(state=TargetVersion.State.DRAFT).select_related("target").first()
    if version is None:
        raise Refused("benefit.frozen")
    require_draft(version)
    return version

"""Where the wording and the figures of a benefit target may be worked on: in its draft (INV-54)."""

from portfolio.benefits.models import BenefitTarget, TargetVersion
from portfolio.refusals import Refused


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

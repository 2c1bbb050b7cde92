"""The kinds of indicator (INV-56): their names, and what one row of figures must keep to be of its kind."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portfolio.benefits.standing import DIRECTIONS, Direction, Kind

KIND_LABELS = [
    (Kind.REACH.value, _("reach a value")),
    (Kind.KEEP_AT_LEAST.value, _("keep at least")),
    (Kind.KEEP_AT_MOST.value, _("keep at most")),
    (Kind.KEEP_WITHIN.value, _("keep within a range")),
    (Kind.RANK.value, _("rank in a group")),
    (Kind.ZERO.value, _("bring to zero")),
    (Kind.AVERAGE.value, _("average over a period")),
    (Kind.DONE.value, _("done or not done")),
    (Kind.QUALITATIVE.value, _("judged by a scale in words")),
]
DIRECTION_LABELS = [
    (Direction.UP.value, _("more is better")),
    (Direction.DOWN.value, _("less is better")),
    (Direction.NONE.value, _("to be kept")),
]


def _agreeing_directions() -> Q:
    agreed = Q(direction="")
    for kind, directions in DIRECTIONS.items():
        agreed |= Q(kind=kind.value, direction__in=sorted(direction.value for direction in directions))
    return agreed


DIRECTION_OF_ITS_KIND = _agreeing_directions()


def _unless(kind: Kind, condition: Q) -> Q:
    return ~Q(kind=kind.value) | condition


def _follows_direction(*, may_stay: bool) -> Q:
    """The target lies on the side of the baseline that the direction says, where it says one."""
    up, down = ("gte", "lte") if may_stay else ("gt", "lt")
    return (
        ~Q(direction__in=["up", "down"])
        | Q(**{"direction": "up", f"target_value__{up}": F("baseline_value")})
        | Q(**{"direction": "down", f"target_value__{down}": F("baseline_value")})
    )


FIGURES_OF_THEIR_KIND = (
    _unless(Kind.REACH, _follows_direction(may_stay=False))
    & _unless(Kind.AVERAGE, _follows_direction(may_stay=True))
    & _unless(Kind.QUALITATIVE, _follows_direction(may_stay=True))
    & _unless(Kind.RANK, Q(target_value__lte=F("baseline_value")))
    & _unless(Kind.ZERO, Q(target_value=0, baseline_value__gt=0))
    & _unless(Kind.DONE, Q(target_value=1, baseline_value=0))
)

RANK_IN_THE_GROUP = _unless(
    Kind.RANK,
    Q(baseline_value__gte=1, target_value__gte=1)
    & Q(baseline_value__lte=F("group_size"), target_value__lte=F("group_size")),
)

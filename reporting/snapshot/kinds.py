"""Which models a report tells of and how a page of one programme comes to their rows; each model says so itself."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from portfolio import belonging
from portfolio.decisions.models import Decision
from portfolio.history.models import Record, Telling
from portfolio.programmes.models import PhaseMove
from portfolio.steering.models import Tenure
from projects.money.models import Funding
from projects.progress.models import Milestone
from projects.register.models import ProjectMove

Table = type[models.Model]

RECORDS: tuple[type[Record], ...] = tuple(kind for kind in apps.get_models() if issubclass(kind, Record))


def _told(*ways: Telling) -> tuple[Table, ...]:
    return tuple(kind for kind in RECORDS if kind.told in ways)


PROGRAMME: Table = apps.get_model(belonging.PROGRAMME)
# What belongs to a programme, what is one step below it first: of each the column that leads one step up.
OWN: tuple[Table, ...] = tuple(
    sorted(
        (kind for kind in RECORDS if belonging.steps(kind) and kind.told != "never"),
        key=lambda kind: len(belonging.steps(kind)),
    )
)
BELONGING: dict[Table, str] = {kind: belonging.column(kind) for kind in OWN}
# What belongs to something else and names a programme.
LINKED = dict.fromkeys(_told("linked"), "programme_id")
# Read by the ids that the programme's rows name; a target, an indicator or a project may be another programme's.
NAMED = _told("named")
# What the whole city shares, as it is.
SHARED = _told("whole")
# Everything that a report tells of.
MODELS: tuple[Table, ...] = (
    PROGRAMME, *OWN, *(kind for kind in _told("linked", "named", "whole", "city") if kind not in OWN),
)  # fmt: skip
# What happened on a day of its own, and is told as late when it was recorded after the report on that day.
LATE: tuple[Table, ...] = (Decision, PhaseMove, Tenure, ProjectMove, Milestone, Funding)
# What is found only through one of these is shown with it, so these alone need asking.
GUARDED: tuple[Table, ...] = tuple(kind for kind in RECORDS if kind.guarded)

"""A closed programme is frozen (INV-04): what stays open all the same."""

import pytest

from portfolio.history import Job
from portfolio.programmes.access import opened
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from projects.register.models import Project

IMPORT = Job("import")


def closed(provenance: str = "taken_over") -> Programme:
    return Programme(pk=7, phase="closed", provenance=provenance)


def test_the_import_still_tells_of_its_group_and_plans_but_of_no_target_or_project():
    assert opened(closed(), "appoint", IMPORT) and opened(closed(), "write_plan", IMPORT)
    for verb in ("draft_target", "record_measurement", "plan_project", "keep_money"):
        with pytest.raises(Refused, match="programme.frozen"):
            opened(closed(), verb, IMPORT)


def test_what_was_recorded_here_is_closed_to_the_import_too():
    with pytest.raises(Refused, match="programme.frozen"):
        opened(closed("recorded"), "appoint", IMPORT)


def test_a_project_that_goes_on_in_the_line_stays_open():
    going_on = Project(pk=3, programme=closed(), continues_in_id=5)
    assert opened(closed(), "keep_money", IMPORT, going_on).pk == 7
    with pytest.raises(Refused, match="programme.frozen"):
        opened(closed(), "keep_money", IMPORT, Project(pk=4, programme=closed()))

"""What a record belongs to stands on its model alone; programme, project and target are found from there."""

from __future__ import annotations

import pytest
from django.apps import apps

from portfolio import belonging
from portfolio.history.models import Record

WAYS = {
    "portfolio.Programme": ("id", None, None),
    "portfolio.Tenure": ("group__programme_id", None, None),
    "portfolio.BenefitTarget": ("programme_id", None, "id"),
    "portfolio.PathPoint": (
        "plan__target_version__target__programme_id", None, "plan__target_version__target_id",
    ),
    "portfolio.Measurement": ("indicator__target__programme_id", None, "indicator__target_id"),
    "portfolio.RoleAssignment": ("", None, None),
    "portfolio.PointProgramme": ("", None, None),
    "projects.Project": ("programme_id", "", None),
    "projects.PilotMove": ("pilot__project__programme_id", "pilot__project__", None),
    "projects.ProjectTarget": ("project__programme_id", "project__", None),
    "projects.Funding": ("programme_id", "project__", None),
}  # fmt: skip


@pytest.mark.parametrize("label", WAYS)
def test_the_ways_up_from_a_record(label: str) -> None:
    model = apps.get_model(label)
    found = (belonging.programme_path(model), belonging.way_to_project(model), belonging.way_to_target(model))
    assert found == WAYS[label]


def test_each_model_names_a_column_that_leads_to_another() -> None:
    records = [model for model in apps.get_models() if issubclass(model, Record) and model.belongs_to]
    assert len(records) > 30
    for model in records:
        assert belonging.owner(model) not in (None, model), model
        assert any(field.attname == belonging.column(model) for field in model._meta.concrete_fields), model

"""One row of any model, filled by introspection; what its constraints want beyond that stands in one table."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models

from portfolio.history import InsertOnly, Tracked
from portfolio.ledger import triggers
from portfolio.texts import fingerprint

numbers = itertools.count(1)


def _span(days: int = 100) -> dict[str, Any]:
    starts = date(1900, 1, 1) + timedelta(days=200 * next(numbers))
    return {"starts_on": starts, "ends_on": starts + timedelta(days=days)}


def _translated() -> dict[str, Any]:
    source = f"Syy {next(numbers)}"
    return {"source": source, "source_sha256": fingerprint(source), "wording_sv": "Skäl"}


def _hashed(column: str) -> dict[str, Any]:
    text = f"{column} {next(numbers)}"
    kept = text.encode() if column == "content" else text
    return {column: kept, "sha256": sha256(text.encode()).hexdigest()}


def _report() -> Any:
    """A snapshot may lack it where it is of another kind of document."""
    return made(apps.get_model("reporting.Report"))


def _sent() -> Any:
    """A report that its life has led to where one is published."""
    report = made(apps.get_model("reporting.Report"))
    for state in ("frozen", "draft", "confirmed", "sent"):
        type(report).objects.filter(pk=report.pk).update(state=state)
    return report


# What a field's own type doesn't tell. Values may be functions, so that unique and exclusive ones differ each time.
HINTS: dict[str, dict[str, Any]] = {
    "portfolio.Body": {"kind": "committee"},
    "portfolio.Chairship": {"provenance": "taken_over"},
    "portfolio.CouncilTerm": lambda: _span(),  # type: ignore[dict-item]
    "portfolio.Decision": {"outcome": "made", "decided_on": date(2020, 1, 1), "case_number": ""},
    "portfolio.DecisionPoint": {"kind": "note"},
    "portfolio.Indicator": {"kind": "reach", "direction": "up"},
    "portfolio.IndicatorPlan": {"kind": "qualitative", "direction": "none"},
    "portfolio.PlanVersion": {"number": lambda: f"0.{next(numbers)}"},
    "portfolio.Programme": {"code": lambda: f"p{next(numbers)}"},
    "portfolio.RoleAssignment": {"role": "director", "starts_on": date(2020, 1, 1)},
    "portfolio.SDG": {"number": lambda: next(numbers) % 17 + 1},
    "portfolio.SteeringGroup": {"elected_seats": 5, "official_seats": 5, "provenance": "taken_over"},
    "portfolio.TargetVersion": {"because": "trial"},
    "portfolio.Tenure": {"capacity": "member", "ending": ""},
    "portfolio.TranslatedRemark": lambda: _translated(),  # type: ignore[dict-item]
    "projects.Budget": {"year": 2024},
    "projects.Funding": {"year": 2024},
    "projects.Milestone": {"forecast_on": date(2024, 1, 1), "planned_on": date(2024, 1, 1)},
    "projects.Project": {"delivery": "own_work"},
    "projects.Risk": {"likelihood": 3, "impact": 3, "provenance": "taken_over"},
    "reporting.Blob": lambda: _hashed("content"),  # type: ignore[dict-item]
    "reporting.Findings": lambda: _hashed("payload"),  # type: ignore[dict-item]
    "reporting.Snapshot": lambda: {"report": _report(), **_hashed("payload")},  # type: ignore[dict-item]
    "reporting.Publication": {"report": _sent},
    "reporting.Report": {
        "period_starts_on": date(1900, 1, 1),
        "status_date": lambda: _span()["ends_on"] + timedelta(40000),
    },
    "reporting.ReportSchedule": {"starts_on": date(2023, 1, 1), "ends_on": date(2024, 1, 1)},
}


def every_tracked() -> list[type[Tracked]]:
    return sorted(triggers.tracked_models(), key=lambda model: model._meta.label)


def every_insert_only() -> list[type[InsertOnly]]:
    return sorted(triggers.insert_only_models(), key=lambda model: model._meta.label)


def unsaved(model: type[models.Model], **given: Any) -> Any:
    """A row that the database would take; rows it refers to are made."""
    hints: Any = HINTS.get(model._meta.label, {})
    hints = (hints() if callable(hints) else dict(hints)) | given
    values = {name: value() if callable(value) else value for name, value in hints.items()}
    for field in model._meta.concrete_fields:
        if field.name not in values and field.attname not in values and _wanted(field):
            values[field.name] = _value(field)
    if model._meta.label == "portfolio.Tenure" and "group" in values and "seat" not in given:
        values["group"] = values["seat"].group
    return model(**values)


def made(model: type[models.Model], **given: Any) -> Any:
    """Such a row, saved as a program saves it that knows no commands."""
    row = unsaved(model, **given)
    row.save()
    return model._base_manager.get(pk=row.pk)


def _wanted(field: models.Field[Any, Any]) -> bool:
    return not (field.null or field.has_default() or field.has_db_default() or field.primary_key)


def _value(field: Any) -> Any:
    number = next(numbers)
    if field.remote_field:
        return made(field.related_model)
    if field.choices:
        return field.flatchoices[0][0] if not isinstance(field.flatchoices[0][0], bool) else True
    text = f"{field.name} {number}"
    if isinstance(field, models.SlugField):
        return f"x-{number}"
    if isinstance(field, models.URLField):
        return f"https://example.org/{number}"
    if isinstance(field, models.CharField | models.TextField):
        return text[-(field.max_length or 200) :] if not field.blank or field.unique else ""
    kinds: list[tuple[Any, Any]] = [
        (models.DateTimeField, datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number)),
        (models.DateField, date(2001, 1, 1) + timedelta(days=number)),
        (models.DecimalField, Decimal(number % 50)),
        (models.PositiveSmallIntegerField, number % 30000),
        (models.IntegerField, number),
        (models.BooleanField, True),
        (models.BinaryField, text.encode()),
        (models.UUIDField, uuid.uuid4()),
        (models.JSONField, {"number": number}),
    ]
    return next(value for kind, value in kinds if isinstance(field, kind))


def another_key() -> str:
    """Another value for the one column of text that every model has."""
    return f"test:{uuid.uuid4().hex}"


def state(row: Any, model: type[models.Model]) -> dict[str, Any]:
    """A row or a past row by the model's own columns."""
    return {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}

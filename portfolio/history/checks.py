"""Start-up fails when a table's triggers are missing or stale, or a model is of no known kind."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections

from portfolio.history import triggers
from portfolio.history.models import InsertOnly, Tracked


@register(Tags.models)
def every_model_has_a_kind(**kwargs: Any) -> list[CheckMessage]:
    """Tracked, insert-only, or listed as operational with its reason (decision 6); no many-to-many fields."""
    faults: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        kept = issubclass(model, Tracked | InsertOnly) or model._meta.db_table.endswith("_history")
        if not kept and model._meta.label not in {*settings.OPERATIONAL_TABLES, *settings.LEDGER_TABLES}:
            faults.append(Error(f"{model._meta.label} is neither tracked, insert-only nor operational.", id="history.E001"))
        if kept and model._meta.local_many_to_many:
            faults.append(Error(f"{model._meta.label} has a many-to-many field; make it a model.", id="history.E002"))
    return faults


@register(Tags.database)
def triggers_are_in_place(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every tracked and insert-only table has the triggers of this release."""
    if not databases:
        return []
    try:
        lacking = triggers.lacking(connections["default"])
    except OperationalError as error:
        return [Error(f"The database does not answer: {error}", id="history.E004")]
    return [
        Error(f"History triggers of {table} are missing or stale.", hint="Run ./run manage migrate.", id="history.E003")
        for table in lacking
    ]

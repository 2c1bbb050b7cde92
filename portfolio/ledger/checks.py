"""Start-up fails when a table's triggers are missing or stale, or a model is of no known kind."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections

from portfolio.ledger import grants, surroundings, triggers
from portfolio.schema import how_to_migrate


@register(Tags.models)
def every_model_has_a_kind(**kwargs: Any) -> list[CheckMessage]:
    """Tracked, insert-only, or listed as operational with its reason (decision 6); no many-to-many fields."""
    listed = {*settings.OPERATIONAL_TABLES, *settings.LEDGER_TABLES}
    kept = {*triggers.tracked_models(), *triggers.insert_only_models()}
    pasts = {model.history.model for model in triggers.tracked_models()}
    faults: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if model not in kept | pasts and label not in listed:
            faults.append(Error(f"{label} is neither tracked, insert-only nor operational.", id="history.E001"))
        if model in kept and model._meta.many_to_many:
            faults.append(Error(f"{label} has a many-to-many field; make it a model.", id="history.E002"))
        if model in kept and (model._meta.pk.column != "id" or model._meta.parents or len(model._meta.db_table) > 40):
            faults.append(Error(f"{label} needs a key `id`, no parent table and a short name.", id="history.E006"))
    return faults


@register(Tags.database)
def triggers_are_in_place(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every kept table has its triggers and constraints, nothing foreign; the runtime role its own rights, no more."""
    if not databases:
        return []
    try:
        lacking = triggers.lacking(connections["default"])
        around = surroundings.faults(connections["default"])
        with connections["default"].cursor() as cursor:
            excess = grants.excess(cursor)
    except OperationalError as error:
        return [Error(f"The database does not answer: {error}", id="history.E004")]
    hint = f"Run {how_to_migrate()} again."
    said = [(f"History triggers of {table} are missing or stale.", "history.E003") for table in lacking]
    said += [(f"The runtime role {fault}.", "history.E005") for fault in excess]
    faults: list[CheckMessage] = [Error(sentence, hint=hint, id=code) for sentence, code in said]
    by_hand = "No migration made this: find out who did, then mend it by hand as the owner."
    faults += [Error(f"{fault}.", hint=by_hand, id="history.E007") for fault in around]
    return faults

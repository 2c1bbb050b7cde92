"""What can be done with a record, as links to the forms of its moves."""

from __future__ import annotations

from typing import Any

from django import template
from django.apps import apps
from django.db.models import Model
from django.urls import reverse

from reporting.pages.forms import rooms, view
from reporting.pages.reader import reader

register = template.Library()


@register.inclusion_tag("partials/moves.html", takes_context=True)
def moves_of(context: Any, thing: Any, label: str = "") -> dict[str, Any]:
    """The moves that the reader can make of a record, and what can be added to it; none on a page of the past.

    `{% moves_of project %}` takes the record, `{% moves_of 12 "projects.Project" %}` its id and kind.
    """
    past = getattr(context.get("moment"), "past", False)
    request = context.get("request")
    if past or request is None:
        return dict[str, Any]()
    model: type[Model] = apps.get_model(label) if label else type(thing)
    pk = int(thing) if label else thing.pk
    links = [{"title": rooms.title(each), "address": to} for each, to in view.links(model, pk, reader(request))]
    record = reverse("record", args=[rooms.resource_of(model), pk]) if links else ""
    return {"links": links, "record": record if record != request.path else ""}

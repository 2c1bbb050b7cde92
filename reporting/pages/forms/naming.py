"""What a record is called where it is chosen, headed or led to: one line, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from portfolio import texts
from portfolio.decisions.models import Decision
from portfolio.history.steps import Step
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from reporting.reports.models import Report
from reporting.templatetags.written import voice

STEMS = ("name", "title", "label", "text", "source")


def named(record: Model) -> str:
    """Code and name; a decision by its body, day and section, a step by its day; what has no name by its subject."""
    if isinstance(record, Decision):
        return _decision(record)
    if isinstance(record, Person):
        title = texts.local(record, "title")
        return f"{record.name}, {title}" if title else record.name
    if isinstance(record, Report):
        return _("Report on %(day)s") % {"day": voice().short_day(record.status_date)}
    if isinstance(record, Step):
        return _step(record)
    said = next((found for stem in STEMS if (found := _text(record, stem))), "") or _subject(record)
    code = "" if isinstance(record, Programme) else str(getattr(record, "code", ""))  # which is made for addresses
    return f"{code} {said}".strip() if code not in said else said


def choices(model: type[Model], name: str) -> list[tuple[str, Any]]:
    """What a column may hold, in words; where a command judges it, a class of its name has the list."""
    columns: dict[str, Any] = {each.name: each for each in model._meta.concrete_fields}
    if name not in columns:
        return []
    listed = columns[name].choices or getattr(getattr(model, name.title(), None), "choices", ())
    return [(str(value), label) for value, label in listed]


def _text(record: Model, stem: str) -> str:
    columns = texts.spelt(type(record), stem)
    own = {each.name for each in record._meta.concrete_fields}
    if not own.intersection(columns):
        return ""
    return texts.local(record, stem) if len(columns) > 1 else str(getattr(record, stem) or "")


def _subject(record: Any) -> str:
    """By the columns that its model names, related records by their own names."""
    told = (_said(record, name) for name in getattr(record, "subject", ()))
    return ", ".join(filter(None, told)) or str(record._meta.verbose_name)


def _said(record: Any, attname: str) -> str:
    column = record._meta.get_field(attname.removesuffix("_id"))
    value = getattr(record, column.name)
    if isinstance(value, Model):
        return named(value)
    if isinstance(value, date):
        return voice().short_day(value)
    return str(getattr(record, f"get_{column.name}_display")() if column.choices else value)


def _decision(made: Decision) -> str:
    on = voice().short_day(made.decided_on) if made.decided_on else ""
    section = f"§ {made.section}" if made.section else ""
    head = " ".join(filter(None, (texts.local(made.body, "name"), on, section)))
    return f"{head}: {texts.local(made, 'title')}"


def _step(made: Any) -> str:
    """Whose step it was, where it led and from which day: one thing takes several."""
    led_to = made.get_state_display() if hasattr(made, "get_state_display") else ""
    return ", ".join(filter(None, (_subject(made), str(led_to), voice().short_day(made.effective_on))))

"""What the fields of the pages of people are called, for the page that gives back what a lost session held."""

from __future__ import annotations

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from portfolio import city, written
from portfolio.field_words import in_itself
from portfolio.people.models import Person
from reporting.pages.people import view
from reporting.templatetags.written import day

REGISTERED = {"name": _("Name"), "title": _("Job title"), "email": _("Email address")}
PERSON = {
    "username": _("User name"),
    "language": _("Language of the pages"),
    **REGISTERED,
    "role": _("Role"),
    "programme": _("Programme (a programme manager’s)"),
    "project_id": _("Project (a project manager’s)"),
    "unit": _("Unit (a unit owner’s)"),
    "starts_on": _("From"),
    "ends_on": _("To, the last day included"),
    "because": _("Reason"),
}


def chosen(field: str, value: str, by: Person) -> str:
    """A role, a language or what a role is held on, by its name; a day as pages write it."""
    if field in ("starts_on", "ends_on"):
        return _day(value)
    if field == "language":
        return _own_name(value) if value in city.identity().languages.pages else value
    choices = view.GIVEN if field == "role" else view.places(by).get(field, [])
    return next((str(name) for choice, name in choices if str(choice) == value), value)


def _own_name(language: str) -> str:
    return str(LANG_INFO[language]["name_local"]) if language in LANG_INFO else in_itself(language)


def _day(value: str) -> str:
    try:
        return day(written.day(value))
    except ValueError:
        return value

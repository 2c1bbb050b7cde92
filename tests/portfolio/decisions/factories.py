"""Bodies and decisions for stories, entered as the setup would."""

from datetime import date
from itertools import count
from typing import Any

from portfolio import history
from portfolio.decisions import commands
from portfolio.decisions.models import Body, Decision
from portfolio.history.origin import origin
from tests import story

NAMES = {
    "council": ("Valtuusto", "Fullmäktige", "City Council"),
    "board": ("Kaupunginhallitus", "Stadsstyrelsen", "City Board"),
    "manager": ("Kaupunginjohtaja", "Stadsdirektören", "City Manager"),
    "committee": ("Tekninen lautakunta", "Tekniska nämnden", "Technical Committee"),
    "line_unit": ("Kaupunkitekniikka", "Stadstekniken", "Urban Engineering"),
    "other": ("Nuorisovaltuusto", "Ungdomsfullmäktige", "Youth Council"),
}
_sections = count(301)  # another room's factory numbers its decisions from one


def body(kind: str = "council") -> Body:
    """The city's body of this kind: always the same one."""
    if known := Body.objects.filter(kind=kind).first():
        return known
    fi, sv, en = NAMES[kind]
    return commands.record_body(kind=kind, name_fi=fi, name_sv=sv, name_en=en, by=story.SETUP)


def decision(body_kind: str = "council", kind: str | None = "approve", **given: Any) -> Decision:
    """A decision that has been made and whose minutes have been checked, unless told otherwise."""
    planned = given.get("outcome", "made") == "planned"
    day = given.pop("decided_on", None if planned else date(2021, 6, 7))
    said = {
        "title_fi": "Poikkihallinnolliset kehitysohjelmat",
        "outcome": "made",
        "decided_on": day,
        "minutes_checked_on": None if planned or body_kind in ("manager", "line_unit") else day,
        "section": None if planned else next(_sections),
        "case_number": "" if planned else "2275/00.01.02/2021",
        "points": [{"kind": kind, "text_fi": "Ehdotus hyväksyttiin."}] if kind else [],
    }
    with history.change(by=story.SETUP, whole=True), origin(given.pop("provenance", "recorded")):
        return commands.record_decision(body=body(body_kind), by=story.SETUP, **(said | given))


def taken_over(body_kind: str = "council", kind: str = "set", **given: Any) -> Decision:
    """A decision of which an older register tells only the season."""
    said = {
        "decided_on": None,
        "minutes_checked_on": None,
        "section": None,
        "case_number": "",
        "date_precision": "season",
        "date_text_fi": "kesällä 2017",
        "earliest_on": date(2017, 6, 1),
        "latest_on": date(2017, 8, 31),
        "provenance": "taken_over",
    }
    return decision(body_kind, kind, **(said | given))

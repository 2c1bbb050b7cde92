"""What fields are called, for people: in the change log, and where a refusal says which field it is about.

A field that one model alone has says it itself, by its `verbose_name`; here stands what several have.
"""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

Words = str | Promise

NAMES: dict[str, Words] = {"fi": _("Finnish"), "sv": _("Swedish"), "en": _("English")}
LANGUAGES: dict[str, Words] = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}
FIELDS: dict[str, Words] = {
    "accepted_by": _("Accepted by"),
    "accepted_on": _("Accepted on"),
    "active": _("In use"),
    "adopted": _("Adopted in the meeting"),
    "adopted_partner": _("Partner that adopts it"),
    "adopted_unit": _("Unit that adopts it"),
    "aim": _("Aim"),
    "amendments": _("Proposed changes"),
    "annex_number": _("Annex number"),
    "annexes": _("Annexes"),
    "answer": _("Answer"),
    "answered_on": _("Answered on"),
    "appointed_by": _("Appointed by"),
    "approved_by": _("Approved by"),
    "approved_on": _("Approved on"),
    "asked_by": _("Asked by"),
    "attention": _("For the council's attention"),
    "baseline_on": _("Day of the baseline"),
    "baseline_source": _("Source of the baseline"),
    "baseline_value": _("Baseline"),
    "because": _("Reason"),
    "body": _("Body"),
    "budget": _("Budget"),
    "capacity": _("Capacity"),
    "carried_over_because": _("Reason for carrying over"),
    "case_number": _("Case number"),
    "checked_by": _("Checked by"),
    "checked_on": _("Checked on"),
    "closed_because": _("Reason for closing"),
    "closed_by": _("Closed by"),
    "closed_on": _("Closed on"),
    "code": _("Code"),
    "continues": _("Goes on from earlier decisions"),
    "continues_because": _("Reason for going on"),
    "continues_in": _("Goes on in"),
    "cooperation": _("Cooperation"),
    "corrected_because": _("Reason for the correction"),
    "corrects": _("Corrects"),
    "council_item": _("An item for the council"),
    "cut_off_at": _("Cut-off of the facts"),
    "cut_off_time": _("Hour of the cut-off"),
    "date_text": _("Date in the source's words"),
    "dates": _("Status dates"),
    "decided_on": _("Decided on"),
    "decimals": _("Decimals shown"),
    "decision": _("Decision"),
    "delay": _("Why there is no answer yet"),
    "delivery": _("Way of delivery"),
    "deputies": _("Deputies"),
    "deputy_for": _("Deputy for"),
    "description": _("Description"),
    "direction": _("Which way is better"),
    "drafted_on": _("Drafted on"),
    "effective_on": _("Valid from"),
    "elected_seats": _("Seats of elected members"),
    "ended_by": _("Ended by"),
    "ended_on": _("Ended on"),
    "ending": _("Way of ending"),
    "ends_on": _("Ends on"),
    "event": _("Joint event"),
    "evidence": _("Evidence"),
    "explanation": _("Explanation"),
    "forecast_on": _("Forecast"),
    "funder": _("Funder"),
    "goal": _("Goal"),
    "grace_days": _("Days from status date to cut-off"),
    "granted": _("Granted"),
    "group": _("Group it concerns"),
    "group_size": _("Size of the group"),
    "handling": _("Handling"),
    "held_on": _("Held on"),
    "holders": _("Holders"),
    "identified_on": _("Identified on"),
    "impact": _("Impact"),
    "indicator": _("Indicator"),
    "interval_months": _("Interval in months"),
    "kind": _("Kind"),
    "label": _("Label"),
    "language": _("Language"),
    "least": _("At least"),
    "legal_nature": _("Legal nature"),
    "lessons": _("Lessons"),
    "likelihood": _("Likelihood"),
    "lower": _("Lower limit"),
    "made_from": _("Made from"),
    "manager": _("Project manager"),
    "measured_by": _("Measured by"),
    "measured_on": _("Measured on"),
    "minutes_checked_on": _("Minutes checked on"),
    "minutes_versions": _("Language versions of the minutes"),
    "mitigate_by": _("To be done by"),
    "mitigation": _("What is done about it"),
    "name": _("Name"),
    "named_by": _("Named by"),
    "note": _("Note"),
    "number": _("Number"),
    "office": _("Office"),
    "official": _("Official"),
    "official_seats": _("Seats of office holders"),
    "on": _("Day"),
    "order": _("Place in the order"),
    "outcome": _("Outcome"),
    "override_because": _("Reason for the exception"),
    "owner": _("Owner"),
    "owner_unit": _("Owning unit"),
    "partner": _("Partner"),
    "path": _("Path"),
    "period_ends_on": _("Period ends on"),
    "period_starts_on": _("Period starts on"),
    "person": _("Person"),
    "phase": _("Phase"),
    "pilot": _("Pilot"),
    "planned_on": _("Planned for"),
    "planned_text": _("Plan in the source's words"),
    "points": _("Points of the decision"),
    "preparers": _("Preparers"),
    "presenter": _("Presenting officer"),
    "priorities": _("Priorities of the next period"),
    "project": _("Project"),
    "proposal": _("Proposal"),
    "proposed_by": _("Proposed by"),
    "reached_on": _("Reached on"),
    "recipients": _("Recipients"),
    "recorded_by": _("Recorded by"),
    "replaced_by": _("Replaced by"),
    "replanned_because": _("Reason for the new date"),
    "rescaled_from": _("Rescaled from"),
    "result": _("Result"),
    "returned_by": _("Returned by"),
    "rhythm": _("How often"),
    "role": _("Role"),
    "rubric": _("Levels"),
    "sdg": _("UN goal"),
    "sdgs": _("Goals of the United Nations"),
    "seat": _("Seat"),
    "section": _("Section"),
    "sections": _("Text of the plan"),
    "set_by": _("Set by"),
    "settled_on": _("Settled on"),
    "share": _("Share"),
    "short": _("Short name"),
    "sign": _("Sign"),
    "sized_by": _("Size decided by"),
    "source": _("Source"),
    "source_language": _("Language of the original"),
    "sources": _("Sources of money"),
    "special_reason": _("Special reason"),
    "standing": _("Standing"),
    "starts_on": _("Starts on"),
    "starts_text": _("Starts, in the source's words"),
    "state": _("State"),
    "status_date": _("Status date"),
    "status_on": _("Situation on"),
    "submitted_by": _("Submitted by"),
    "submitted_on": _("Submitted on"),
    "successor": _("Successor"),
    "summary": _("Summary"),
    "support": _("Supports another programme’s target"),
    "target": _("Benefit target"),
    "target_on": _("Target day"),
    "target_value": _("Target"),
    "targets": _("Benefit targets served"),
    "task": _("Task"),
    "text": _("Explanation"),
    "title": _("Title"),
    "total": _("Total"),
    "unit": _("Unit"),
    "upper": _("Upper limit"),
    "url": _("Web address"),
    "used": _("Used"),
    "used_on": _("Used by"),
    "value": _("Value"),
    "verdict": _("What the level means"),
    "vision": _("Vision"),
    "wishes": _("Wishes of the council"),
    "wording": _("Wording"),
    "year": _("Year"),
}


def in_itself(language: str) -> str:
    """What a language calls a page or a file in it, as a choice of languages names it: `suomeksi`."""
    with translation.override(language):
        return pgettext("what a language calls itself", "in English")


def called(field: str) -> str:
    """The name of a field, of a text with its language; nothing for a field that has none.

    A field inside another (`points.0.title_sv`) is called by its own name.
    """
    name = next((part for part in reversed(field.split(".")) if not part.isdigit()), "").removesuffix("_id")
    stem, _sep, language = name.rpartition("_")
    if language in LANGUAGES and (word := words(stem)):
        return f"{word} {LANGUAGES[language]}"
    return str(words(name))


def words(name: str) -> Words:
    """The name of a field, or of a text by what its three columns begin with; nothing where there is none."""
    return FIELDS.get(name) or _of_the_models().get(name, "")


@cache
def _of_the_models() -> dict[str, Words]:
    """What models call their own fields."""
    found: dict[str, Words] = {}
    for field in (each for model in apps.get_models() for each in model._meta.local_concrete_fields):
        stem, _sep, language = field.name.rpartition("_")
        if word := field._verbose_name:  # type: ignore[attr-defined]
            found[stem if language in LANGUAGES else field.name] = word
    return found

"""How pages write days, instants, numbers and texts: by the reader's language, marked up for machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portfolio import asking, city, clock, texts
from portfolio.languages import LANGUAGES
from portfolio.texts import readers
from reporting.documents.rendering import foreign, hyphenation
from reporting.documents.rendering.language import MINUS, NARROW, NO_BREAK, Voice
from reporting.facts import DecisionFacts, IndicatorFacts, Language, Text

register = template.Library()

# The shape of each standing (the name of a symbol and of a colour in the stylesheet).
SHAPES = {"met": "met", "on_track": "on", "at_risk": "risk", "off_track": "off", "not_reported": "none"}


class Named(str):
    """A name and the language that it is in, where that may not be the reader's."""

    language: str


def named(name: str, language: str) -> Named:
    """A name that knows its language."""
    found = Named(name)
    found.language = language
    return found


def voice() -> Voice:
    """The reader's language, as the report writes it; a page asks for every word of it."""
    language = readers()
    return asking.once(("voice", language), lambda: _voice(language))


def _voice(language: Language) -> Voice:
    ours = city.identity()
    return Voice(language, str(clock.zone()), ours.first, tuple(ours.terms.get(language, {}).items()))


@register.filter
def day(on: date | None) -> str:
    """31.12.2022, 31 December 2022."""
    if on is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), voice().day(on))


@register.filter
def short_day(on: date | None) -> str:
    """31.12.2022, 31 Dec 2022: for tables."""
    if on is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), voice().short_day(on))


@register.filter
def weekday(on: date) -> str:
    """la 31.12.2022, Saturday 31 December 2022."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return format_html('<time datetime="{}">{} {}</time>', on.isoformat(), names[on.weekday()], voice().short_day(on))


@register.filter
def instant(at: datetime | None) -> str:
    """15.1.2023 klo 12.00."""
    if at is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), voice().instant(at))


@register.filter
def clock_time(at: datetime) -> str:
    """14.02, 14:02."""
    here = timezone.localtime(at, clock.zone())
    between = ":" if voice().lang == "en" else "."
    told = f"{here.hour}{between}{here.minute:02}"  # format_html would pad a text, and on the other side
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), told)


@register.filter
def number(value: Decimal | int | None, decimals: int = 0) -> str:
    """1 412,5 or 1,412.5; nothing known is a dash, never zero."""
    return "–" if value is None else voice().number(Decimal(value), decimals)


@register.filter
def euros(amount: Decimal | None) -> str:
    """Money to the nearest euro: 430 000 €."""
    return "–" if amount is None else f"{voice().number(Decimal(amount), 0)}{NO_BREAK}€"


@register.filter
def percent(share: int | None) -> str:
    """75 %, with the space that the language has there."""
    return "–" if share is None else voice().with_unit(voice().number(Decimal(share), 0), "%")


@register.filter
def local_day(at: datetime) -> str:
    """The day of an instant here: 3.4.2024."""
    return short_day(timezone.localtime(at, clock.zone()).date())


@register.filter
def signed_days(days: int | None) -> str:
    """+46 pv."""
    if days is None:
        return "–"
    sign = "+" if days > 0 else MINUS if days < 0 else ""
    return _("{days} days").format(days=f"{sign}{abs(days)}").replace(" ", NO_BREAK)


@register.filter
def words(text: Text | None) -> str:
    """A text in the reader's language; one that fell back to another carries its `lang`."""
    if text is None:
        return ""
    found, language = voice().words(text)
    if language == get_language():
        return conditional_escape(softened(found, language))
    return format_html('<span lang="{}">{}</span>', language, softened(found, language))


@register.filter
def plain(text: Text | None) -> str:
    """A text without mark-up, for titles and labels."""
    return voice().words(text)[0] if text else ""


@register.filter
def other_names(text: Text) -> SafeString:
    """The name in the other languages, each marked as what it is."""
    codes = [code for code in LANGUAGES if code != voice().words(text)[1] and getattr(text, code)]
    parts = [format_html('<span lang="{}">{}</span>', code, getattr(text, code)) for code in codes]
    return mark_safe(" · ".join(parts))  # each part is escaped


@register.filter
def reference(decision: DecisionFacts | None) -> str:
    """Body, day and section; what an older register does not tell is said once, and only of what comes from one."""
    if decision is None:
        return "–"
    told, no_day = replace(voice(), marks=True).reference(decision), voice().say("decision.no_date")
    if decision.provenance == "taken_over" and decision.section is None:
        told = _taken_over(told, no_day)
    return _in_their_languages(told)


def _taken_over(told: str, no_day: str) -> str:
    lacking = _("day and § not known from the source") if told.endswith(no_day) else _("§ not known from the source")
    known = told.removesuffix(no_day).rstrip(" ,") if told.endswith(no_day) else told
    return f"{known}, {lacking}"


def _in_their_languages(told: str) -> SafeString:
    """A sentence in which every part in another language carries its `lang`."""
    pieces = foreign.MARKED.split(told)
    parts = [conditional_escape(pieces[0])]
    for language, words_, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        parts += [format_html('<span lang="{}">{}</span>', language, words_), conditional_escape(after)]
    return mark_safe("".join(parts))  # each part is escaped


@register.filter
def unit_after_name(indicator: IndicatorFacts) -> str:
    """The unit as it follows the indicator's name, which may have said it."""
    return voice().after_name(plain(indicator.unit), plain(indicator.name))


@register.filter
def stands(standing: str) -> str:
    """The word of a standing, the same as in the report."""
    return voice().say(f"standing.{standing}")


@register.filter
def shape(standing: str) -> str:
    """The symbol of a standing."""
    return SHAPES[standing]


@register.filter
def written(value: Any) -> Any:
    """A value of the change log: a day as a day, a number as a number, words as they are."""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, Decimal):
        exponent = value.normalize().as_tuple().exponent
        return voice().number(value, max(-exponent, 0) if isinstance(exponent, int) else 0)
    if isinstance(value, Named) and value.language != get_language():
        return format_html('<span lang="{}">{}</span>', value.language, str(value))
    return conditional_escape(value)


@register.filter
def softened(found: str, language: str = "") -> str:
    """Soft hyphens at the seams of long words, which no browser here divides by itself."""
    return hyphenation.softened(str(found), cast(Language, language or voice().lang))


@register.filter
def size(count: int) -> str:
    """Bytes in kilobytes."""
    unit = _("kB")
    return f"{voice().number(Decimal(max(count, 1024)) / 1024, 0)}{NO_BREAK}{unit}".replace(" ", NARROW)


@register.filter
def local(record: Any, stem: str) -> str:
    """A text of a record in the reader's language; one that fell back to another carries its `lang`."""
    found, language = texts.spoken(record, stem)
    told: str = written(named(found, language))
    return told


@register.filter
def lang(record: Any, stem: str) -> str:
    """The attribute of an element that holds such a text and no mark-up; nothing in the reader's language."""
    language = texts.spoken(record, stem)[1]
    return "" if language == voice().lang else format_html(' lang="{}"', language)


@register.filter
def unbroken(label: str) -> str:
    """A span of years that stays on one line."""
    return str(label).replace("–", "\u2060–\u2060")

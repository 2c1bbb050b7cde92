"""The page on which the office words a report's remarks in another language: what is missing, and the form for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio import city, field_words, typed
from portfolio.api import retries
from portfolio.languages import LANGUAGES
from portfolio.people.models import Person
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from portfolio.texts import fingerprint, spoken
from portfolio.translations import commands
from portfolio.translations.models import TranslatedRemark
from portfolio.written import whole
from reporting.reports.lifecycle import FINAL
from reporting.reports.models import Report
from reporting.templatetags.written import Named, named
from reporting.wording import remarks

ON_A_PAGE = 10
PLACES: dict[str, str | Promise] = {
    "project_move": _("reason of a project’s move"),
    "milestone": _("reason for a milestone’s new date"),
    "correction": _("reason for a corrected figure"),
    "baseline_source": _("source of a baseline"),
    "risk_closed": _("reason for closing a risk"),
    "target_changed": _("reason for changing a benefit target"),
    "target_ended": _("reason for ending a benefit target"),
    "edition": _("reason for the new edition"),
}
OTHERS = {"": _("no place in this report any more")}


@dataclass(frozen=True)
class Field:
    """A wording that can be typed, and what was refused of it."""

    code: str
    language: str | Promise
    value: str
    lacks: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class RemarkPlace:
    """Where a remark stands, and in which programme."""

    what: str
    of: Named | None = None


@dataclass(frozen=True)
class Remark:
    """A remark as it was written, where it stands, and its form."""

    sha256: str
    source: str
    language: str
    places: tuple[RemarkPlace, ...]
    version: int | None
    wording: Field
    others: tuple[Field, ...]
    official: bool = False
    now: str = ""
    wrong_language: tuple[dict[str, Any], ...] = ()
    opened: bool = False


@dataclass(frozen=True)
class LackingWordings:
    """How many remarks lack a wording in a language; `given` of them have got one that the draft does not have yet."""

    code: str
    language: str | Promise
    count: int
    given: int = 0


@dataclass(frozen=True)
class WordingsView:
    """Everything the page says."""

    report: Report
    language: str
    name: str | Promise
    counts: tuple[LackingWordings, ...]
    remarks: tuple[Remark, ...]
    asked_again: Remark | None
    page: int
    pages: int
    key: str
    languages: Mapping[str, str | Promise]
    printed: bool


@dataclass(frozen=True)
class Saved:
    """A remark and its wording in a language."""

    source: str
    source_language: str
    wording: str
    language: str


@dataclass(frozen=True)
class RefusedForm:
    """What was typed and not taken."""

    given: QueryDict
    refused: Refused


Row = Mapping[str, Any]


def view(report: Report, language: str, by: Person, *, page: int = 1, form: RefusedForm | None = None) -> WordingsView:
    """The remarks of a report that lack a wording in a language, as known now; a fixed number of statements."""
    rows = _rows(report, language, by)
    wanted = dict.fromkeys((*city.identity().languages.service, language))
    counts = remarks.count_missing(report, tuple(wanted), cut=remarks.NOW, by=by)
    asked = form.given.get("remark", "") if form else ""
    waiting = [source for source in rows if fingerprint(source) != asked]
    pages = max(-(-len(waiting) // ON_A_PAGE), 1)
    page = min(max(page, 1), pages)
    shown = waiting[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    kept = _kept([*map(fingerprint, shown), asked])
    names = _programmes(rows)
    told = tuple(_remark(source, rows[source], kept.get(fingerprint(source)), language, names) for source in shown)
    return WordingsView(
        report=report,
        language=language,
        name=field_words.LANGUAGES[language],
        counts=tuple(LackingWordings(code, field_words.LANGUAGES[code], count) for code, count in counts.items()),
        remarks=told,
        asked_again=_again(form, asked, rows, kept.get(asked), language, names) if form else None,
        page=page,
        pages=pages,
        key=retries.new_key(),
        languages=field_words.LANGUAGES,
        printed=report.state in FINAL,
    )


def saved(sha256: str, language: str) -> Saved | None:
    """The wording that has just been saved, as it now stands beside its original."""
    kept = _kept([sha256]).get(sha256) if sha256 else None
    return Saved(kept.source, kept.source_language, _wording(kept, language), language) if kept else None


def _rows(report: Report, language: str, by: Person) -> dict[str, list[Row]]:
    """Each remark with the places where it stands."""
    found = remarks.missing(by, languages=[language], report=report).order_by("source", "place", "of_programme_id")
    return {source: list(rows) for source, rows in groupby(found, key=lambda row: str(row["source"]))}


def _kept(sha256: Collection[str]) -> dict[str, TranslatedRemark]:
    return {each.source_sha256: each for each in TranslatedRemark.objects.filter(source_sha256__in=sha256)}


def _programmes(rows: Mapping[str, list[Row]]) -> dict[int, Named]:
    wanted = {row["of_programme_id"] for each in rows.values() for row in each}
    found = Programme.objects.filter(pk__in=wanted)
    return {programme.pk: named(*spoken(programme, "name")) for programme in found}


def _remark(
    source: str, rows: list[Row], kept: TranslatedRemark | None, language: str, names: Mapping[int, Named]
) -> Remark:
    return Remark(
        sha256=fingerprint(source),
        source=source,
        language=kept.source_language if kept else city.identity().first,
        places=tuple(dict.fromkeys(_place(row, names) for row in rows)) or (RemarkPlace(str(OTHERS[""])),),
        version=kept.version if kept else None,
        wording=Field(language, field_words.LANGUAGES[language], ""),
        others=tuple(
            Field(code, field_words.LANGUAGES[code], _wording(kept, code) if kept else "")
            for code in LANGUAGES
            if code != language
        ),
    )


def _place(row: Row, names: Mapping[int, Named]) -> RemarkPlace:
    place, of = str(PLACES[row["place"]]), names.get(row["of_programme_id"])
    return RemarkPlace(place if of else place[:1].upper() + place[1:], of)


def _wording(kept: TranslatedRemark, code: str) -> str:
    return str(getattr(kept, f"wording_{code}"))


def _again(
    form: RefusedForm,
    sha256: str,
    rows: Mapping[str, list[Row]],
    kept: TranslatedRemark | None,
    language: str,
    names: Mapping[int, Named],
) -> Remark | None:
    """The form as it was typed, each refusal at its field; beside it what somebody else has saved meanwhile."""
    source = kept.source if kept else next((each for each in rows if fingerprint(each) == sha256), None)
    if source is None:
        return None
    fresh = _remark(source, rows.get(source, []), kept, language, names)
    lacks, given = form.refused.as_list(), form.given
    overtaken = form.refused.code in ("edit.stale", "remark.duplicate")
    by_field = {name: tuple(lack for lack in lacks if lack["field"] == name) for name in _fields()}
    own = f"wording_{language}"
    others = tuple(
        Field(
            each.code,
            each.language,
            each.value if overtaken else given.get(f"wording_{each.code}", ""),
            by_field[f"wording_{each.code}"],
        )
        for each in fresh.others
    )
    wrong = tuple(lack for lack in lacks if lack["code"] == "remark.own_language") + by_field["source_language"]
    told = {id(lack) for each in by_field.values() for lack in each} | {id(lack) for lack in wrong}
    rest = tuple(lack for lack in lacks if id(lack) not in told)
    return Remark(
        sha256=fresh.sha256,
        source=fresh.source,
        language=given.get("source_language", fresh.language) if not overtaken else fresh.language,
        places=fresh.places,
        version=fresh.version,
        wording=Field(language, field_words.LANGUAGES[language], given.get(own, ""), by_field[own] + rest),
        others=others,
        official="official" in given,
        now=_wording(kept, language) if kept and overtaken else "",
        wrong_language=wrong,
        opened=bool(wrong) or any(each.value or each.lacks for each in others),
    )


def _fields() -> Iterator[str]:
    yield "source_language"
    yield from (f"wording_{code}" for code in LANGUAGES)


def give(report: Report, language: str, given: QueryDict, *, by: Person) -> None:
    """Give a remark its wording, or change the one that it has, on top of the version that was seen."""
    sha256, seen = given.get("remark", ""), given.get("version", "")
    kept = TranslatedRemark.objects.filter(source_sha256=sha256).first()
    said = _said(given, language)
    if kept is None:
        source = next((each for each in _rows(report, language, by) if fingerprint(each) == sha256), None)
        if source is None:
            raise Refused("not_found")
        unofficial = [code for code in LANGUAGES if not (code == language and "official" in given)]
        commands.translate_remark(source=source, unofficial=unofficial, by=by, **said)
        return
    if (version := whole(seen, digits=9)) is None:
        raise Refused("remark.duplicate")
    commands.change_translation(kept, unofficial=_unofficial(kept, said, language, given), by=by, seen=version, **said)


def _said(given: QueryDict, language: str) -> dict[str, str]:
    """What was typed. A form always says a wording in its language, or that the remark was written in it."""
    written_in = given.get("source_language", city.identity().first)
    if written_in not in LANGUAGES:
        raise Refused("field.choice", field="source_language")
    names = [f"wording_{code}" for code in LANGUAGES if f"wording_{code}" in given]
    said = {name: typed.cleaned(str(given[name])) for name in names}
    if written_in != language and not said.get(f"wording_{language}", "").strip():
        raise Refused("field.required", field=f"wording_{language}")
    return said | {"source_language": written_in}


def _unofficial(kept: TranslatedRemark, said: Mapping[str, str], language: str, given: QueryDict) -> list[str]:
    """What the city has not worded itself: all but what was official and is not touched, and what is told to be so."""
    known = kept.texts.get("wording", {})
    own = {code for code in known if known[code]["state"] == "official"}
    untouched = {code for code in own if said.get(f"wording_{code}", _wording(kept, code)) == _wording(kept, code)}
    official = untouched | ({language} if "official" in given else set())
    return [code for code in LANGUAGES if code not in official]

"""What can be done with translations: give a remark one, change it, mark a text that needs none."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from portfolio import city, history
from portfolio.history import Job, Tracked
from portfolio.languages import LANGUAGES
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from portfolio.texts import NO_MARK, SAME, STATEMENT, fingerprint, original_of, source_of
from portfolio.translations.models import TranslatedRemark, as_known


def translate_remark(
    *,
    source: str,
    source_language: str = "",
    unofficial: Collection[str] = LANGUAGES,
    by: Person | Job,
    **wordings: str,
) -> TranslatedRemark:
    """Say in other languages what a remark says; its own row, which may be frozen, stays as it was written (INV-110).

    A wording is unofficial unless it is told to be the city's own. A remark may be translated before it is used: one
    that stands nowhere is not refused, it is never printed.
    """
    with history.change(by=by):
        permissions.require(by, "translate_remark")
        known = as_known(source)
        written_in = source_language or city.identity().first
        remark = TranslatedRemark(source=known, source_sha256=fingerprint(known), source_language=written_in)
        _say(remark, wordings, unofficial)
        return remark.checked_save()


def change_translation(
    remark: TranslatedRemark,
    *,
    source_language: str | None = None,
    unofficial: Collection[str] | None = None,
    because: str = "",
    by: Person | Job,
    seen: int | None = None,
    **wordings: str,
) -> TranslatedRemark:
    """Change the wording; a report that is frozen keeps the one it was frozen with (INV-94).

    What is worded anew is unofficial until it is told to be the city's own; the rest stays what it was.
    """
    with history.change(by=by, because=because):
        remark = history.lock(TranslatedRemark, remark.pk, seen=seen)
        permissions.require(by, "translate_remark")
        remark.source_language = source_language or remark.source_language
        _say(remark, wordings, unofficial)
        return remark.checked_save()


def mark_text(
    record: Tracked,
    *,
    field: str,
    language: str,
    mark: str = SAME,
    because: str = "",
    by: Person | Job,
    seen: int | None = None,
) -> Tracked:
    """Say of a text that it is the same in a language on purpose, or that it was given in it as a statement (INV-98).

    The same: a missing wording becomes the original; another wording is refused, so is the original's own language. A
    statement stays in its language and is not translated. No mark takes back what was said. A mark speaks of the
    words that stand there: when they change, it says nothing any more.
    """
    with history.change(by=by, because=because):
        permissions.require(by, "translate_remark")
        record = history.lock(type(record), record.pk, seen=seen)
        {SAME: _keep_same, STATEMENT: _keep_statement, NO_MARK: _take_back}[mark](record, field, language)
        return record.checked_save()


def _keep_same(record: Any, field: str, language: str) -> None:
    original = original_of(record, field)
    if not original or language == source_of(record):
        raise Refused("text.own_language", field="language")
    if getattr(record, f"{field}_{language}") not in ("", original):
        raise Refused("text.not_same", field="language")
    setattr(record, f"{field}_{source_of(record)}", original)
    setattr(record, f"{field}_{language}", original)
    _mark(record, field, language, {"state": SAME, "of": fingerprint(original)})


def _keep_statement(record: Any, field: str, language: str) -> None:
    if not (words := getattr(record, f"{field}_{language}")):
        raise Refused("text.no_statement", field="language")
    _mark(record, field, language, {"state": STATEMENT, "of": fingerprint(words)})


def _take_back(record: Any, field: str, language: str) -> None:
    _mark(record, field, language, None)


def _mark(record: Any, field: str, language: str, state: dict[str, str] | None) -> None:
    """Beside what is known of the other languages; of two statements the later one counts."""
    known = dict(record.texts.get(field, {}))
    if state is None or state["state"] == STATEMENT:
        known = {code: told for code, told in known.items() if code != language and told["state"] != STATEMENT}
    if state is not None:
        known[language] = state
    record.texts = {name: told for name, told in (record.texts | {field: known}).items() if told}


def _say(remark: TranslatedRemark, wordings: dict[str, str], unofficial: Collection[str] | None) -> None:
    before = {code: _wording(remark, code) for code in LANGUAGES}
    for name, words in wordings.items():
        setattr(remark, name, as_known(words))
    known = remark.texts.get("wording", {})
    states = {}
    for code in filter(lambda code: _wording(remark, code), LANGUAGES):
        kept = code in known and _wording(remark, code) == before[code]
        state = known[code]["state"] if kept else "unofficial"
        if unofficial is not None:
            state = "unofficial" if code in unofficial else "official"
        states[code] = {"state": state, "of": remark.source_sha256}
    remark.texts = {"wording": states} if states else {}


def _wording(remark: TranslatedRemark, language: str) -> str:
    return str(getattr(remark, f"wording_{language}"))

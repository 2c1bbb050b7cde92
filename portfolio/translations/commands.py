"""What can be done with the translations of remarks: give one, change one."""

from __future__ import annotations

from collections.abc import Collection

from portfolio import history, permissions
from portfolio.history import Job
from portfolio.people.models import Person
from portfolio.texts import LANGUAGES, fingerprint
from portfolio.translations.models import TranslatedRemark, as_known


def translate_remark(
    *,
    source: str,
    source_language: str = LANGUAGES[0],
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
        remark = TranslatedRemark(source=known, source_sha256=fingerprint(known), source_language=source_language)
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

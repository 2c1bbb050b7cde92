"""Keeps the catalogues in step with the code, in the form that `makemessages` gives them (docs/how-to/translate.md)."""

from __future__ import annotations

import difflib
import re
import string
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

from config import languages, sentences
from config.sentences import EnglishSentence, Key
from portfolio import terms
from portfolio.languages import LANGUAGES

TERM = "A term, said on paper too: it is translated in portfolio/terms.toml."
LIKE = 0.75  # how much of a sentence must have stayed for its translation to be offered, marked fuzzy
REFERENCES = re.compile(r"^#: (.+)$", re.MULTILINE)  # they alone are broken into lines, as gettext does
REFERENCE = textwrap.TextWrapper(
    79, initial_indent="#: ", subsequent_indent="#: ", break_long_words=False, break_on_hyphens=False
)
Entries = dict[Key, polib.POEntry]


@dataclass(frozen=True)
class PackageCatalogue:
    """What one package says in one language."""

    package: str
    language: str

    def __str__(self) -> str:
        return str(self.file.relative_to(languages.HOME))

    @property
    def file(self) -> Path:
        """Where it stands."""
        return languages.HOME / self.package / "locale" / self.language / languages.FILE

    @property
    def text(self) -> str:
        """What stands there now."""
        return self.file.read_text("utf-8") if self.file.exists() else ""

    def read(self) -> polib.POFile:
        """The same, read; with a head alone where nothing is yet."""
        if self.file.exists():
            return polib.pofile(str(self.file), wrapwidth=0)
        new = polib.POFile(wrapwidth=0)
        new.header, new.metadata = f"Salkku, {self.package}: {self.language}. EUPL-1.2.", _head(self.language)
        return new


def of(language: str) -> list[PackageCatalogue]:
    """The catalogues of a language, one a package."""
    return [PackageCatalogue(package, language) for package in languages.PACKAGES]


def renewed(*codes: str) -> dict[PackageCatalogue, str]:
    """Each catalogue as the code would have it, with the translations that are there; a new sentence has none yet.

    One that was said in another package keeps its translation. Of one whose English was changed the old one is offered,
    marked fuzzy, which counts as none until somebody has looked at it.
    """
    said, found = sentences.said(), {}
    for language in codes or sorted(languages.catalogued()):
        known = {each: each.read() for each in of(language)}
        memory = {_key(entry): entry for file in known.values() for entry in file if not entry.obsolete}
        for each, file in known.items():
            found[each] = _renewed(each, file, said[each.package], memory)
    return found


def write(texts: dict[PackageCatalogue, str]) -> list[PackageCatalogue]:
    """Put down those that differ from what stands, and say which."""
    changed = [each for each, text in texts.items() if each.text != text]
    for each in changed:
        each.file.parent.mkdir(parents=True, exist_ok=True)
        each.file.write_text(texts[each], "utf-8")
    return changed


def faults() -> list[str]:
    """What is wrong with code and catalogues, a line each; a language of pages alone may lack sentences."""
    return [*_out_of_step(), *(fault for language in sorted(languages.catalogued()) for fault in _lacks(language))]


def _out_of_step() -> Iterator[str]:
    yield from (f"an f-string hides a sentence from gettext: {each}" for each in sentences.unheard())
    for each, text in renewed().items():
        if each.text != text:
            yield f"{each} does not say what the code says: ./run words"


def _lacks(language: str) -> Iterator[str]:
    said: dict[Key, list[str]] = {}
    for each in of(language):
        for entry in each.read():
            yield from (f"{each}: {fault}: {entry.msgid}" for fault in _faults(entry, language))
            if said.setdefault(_key(entry), told := _told(entry)) != told:
                yield f"{each}: said otherwise in another catalogue: {entry.msgid}"


def _faults(entry: polib.POEntry, language: str) -> Iterator[str]:
    told, english = _told(entry), entry.msgid_plural or entry.msgid
    if entry.obsolete:
        yield "nobody says it"
    elif "fuzzy" in entry.flags:
        yield "the English was changed; look at the translation and take the mark fuzzy away"
    elif not all(told):
        yield from ["not translated"] if language in LANGUAGES else []
    elif blanks(told[-1]) != blanks(english) or any(blanks(words) - blanks(english) for words in told):
        yield "other blanks than the English"


def _told(entry: polib.POEntry) -> list[str]:
    return [words for _, words in sorted(entry.msgstr_plural.items())] if entry.msgid_plural else [entry.msgstr]


def blanks(text: str) -> set[str]:
    """The names of what is filled in, in `%(…)s` or in braces."""
    if "%(" in text:
        return set(re.findall(r"%\((\w+)\)", text))
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return set()


def _renewed(each: PackageCatalogue, file: polib.POFile, said: dict[Key, EnglishSentence], memory: Entries) -> str:
    own = {_key(entry): entry for entry in file if not entry.obsolete}
    vanished = {key: entry for key, entry in own.items() if key not in said}
    forms = int(re.search(r"nplurals=(\d+)", file.metadata["Plural-Forms"])[1])  # type: ignore[index]
    new = polib.POFile(wrapwidth=0)
    new.header, new.metadata = file.header, file.metadata
    for key, sentence in said.items():
        entry = _entry(sentence, forms)
        _translate(entry, own.get(key) or memory.get(key), vanished)
        _translate_term(entry, terms.sentences().get(entry.msgid, {}) if key[0] is None else {}, each.language)
        new.append(entry)
    return REFERENCES.sub(lambda files: "\n".join(REFERENCE.wrap(files[1])), str(new).strip() + "\n")


def _entry(sentence: EnglishSentence, forms: int) -> polib.POEntry:
    return polib.POEntry(
        msgid=sentence.english,
        msgctxt=sentence.context,
        msgid_plural=sentence.plural,
        msgstr_plural=dict.fromkeys(range(forms), "") if sentence.plural else {},
        occurrences=[(file, "") for file in sentence.files],
        flags=sentence.flags,
    )


def _translate(entry: polib.POEntry, known: polib.POEntry | None, vanished: Entries) -> None:
    """Say what is known of a sentence, else of the likest one that is no longer said and may have become this one."""
    if known is None:
        english = {key[1]: one for key, one in vanished.items() if one.translated()}
        likest = difflib.get_close_matches(entry.msgid, english, n=1, cutoff=LIKE)
        if not likest:
            return
        known = english[likest[0]]
        _doubt(entry, known.msgctxt, known.msgid, known.msgid_plural)
    elif "fuzzy" in known.flags:
        _doubt(entry, known.previous_msgctxt, known.previous_msgid, known.previous_msgid_plural)
    entry.tcomment, told = known.tcomment, _told(known)
    if entry.msgid_plural:
        entry.msgstr_plural |= {form: told[form] for form in entry.msgstr_plural if form < len(told)}
    else:
        entry.msgstr = told[0]


def _doubt(entry: polib.POEntry, context: str | None, english: str | None, plural: str | None) -> None:
    entry.flags.insert(0, "fuzzy")
    entry.previous_msgctxt, entry.previous_msgid, entry.previous_msgid_plural = context, english, plural or None


def _translate_term(entry: polib.POEntry, told: dict[str, str], language: str) -> None:
    notes = [line for line in entry.tcomment.splitlines() if line != TERM]
    if language in told:
        entry.msgstr, notes = told[language], [*notes, TERM]
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgctxt = entry.previous_msgid = None
    entry.tcomment = "\n".join(notes)


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt, entry.msgid


def _head(language: str) -> dict[str, str]:
    return {
        "Project-Id-Version": "Salkku",
        "Report-Msgid-Bugs-To": "",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }


def main(codes: list[str]) -> None:
    """Renew the catalogues, or begin those of the languages named, and say what is left for a person."""
    for each in write(renewed(*codes)):
        print(f"renewed {each}")
    print("\n".join(faults()) or "Every sentence is said in every language.")


if __name__ == "__main__":
    main(sys.argv[1:])

"""No text can stop the paper: what the fonts lack is printed by its name, and what is long goes on over the page."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from functools import cache
from itertools import cycle
from pathlib import Path

import page
import pytest
import typst

from reporting.documents import formats, rendering
from reporting.documents.rendering import coverage, glyphs, pdf, places, press
from reporting.documents.rendering.composition import compose
from reporting.documents.rendering.phrases import PHRASES
from reporting.facts import Text
from tests.reporting import renditions
from tests.reporting.pdf_reading import off_the_page, read
from tests.reporting.typed_facts import retyped

ROOT = Path(__file__).parents[2]
LANGUAGES = ("fi", "sv", "en")
WORST = [
    "\U0001f30a", "★☎", "مدينة إسبو", "中文", "\uf0b7", "\ufeff", "\ufffd", "\ufffc", "a\u0338", "cafe\u0301\u0301",
    "\n\tx", "\u202eabc", "\x07\x1b[31m", "\0", "👩\u200d👩", "\u3000y", "\ue000", "\U0001d482", "#let x = [",
    "<b>&amp;</b>", "$_^*`~\\", "Ⅳ ①", "\u2028\u2029", "\u0301", "{name}", "%s", "é" * 70, "1" * 90,
]  # fmt: skip


def with_typed(*typed, each=1):
    """The sample with something of these behind every text, in turn."""
    turn = cycle(typed)
    facts = retyped(renditions.now(), lambda said: said + " " + "".join(next(turn) for _ in range(each)))
    return renditions.frozen(facts, renditions.then())


def six(frozen):
    """The six files as the machine has them made: by a process of its own, from the bundle."""
    names = sorted(press.NAMES)
    command = [sys.executable, "-m", "reporting.documents.rendering", *names]
    done = subprocess.run(command, cwd=ROOT, input=renditions.bundle(frozen), capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return renditions.unpacked(done.stdout)


def test_the_worst_that_was_typed_gives_six_files():
    assert sorted(six(with_typed(*WORST))) == sorted(press.NAMES)


def typeset_at_once(frozen):
    """In every language without the help of plainer letters; raises what the typesetter has against it."""
    for lang in LANGUAGES:
        data = glyphs.set_apart(pdf.payload(compose(frozen, lang)), lang)
        pdf.typeset(json.dumps(data, ensure_ascii=False), compiled_at=frozen.facts.cut.compiled_at)


@cache
def every_character():
    """Those of every block but halves of characters: the assigned ones, and apart from them private and unassigned."""
    signs = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    known, odd = [], []
    for sign in signs:
        (odd if unicodedata.category(sign) in ("Cn", "Co") else known).append(sign)
    return known, odd


@pytest.mark.proof
@pytest.mark.parametrize("part", range(8))
def test_every_character_of_every_block_in_every_text_is_typeset(part):
    known, odd = every_character()
    signs = known[part::8] + odd[part::80]
    random.Random(part).shuffle(signs)
    typeset_at_once(with_typed(*signs, each=40))


@pytest.mark.proof
@pytest.mark.parametrize("part", range(6))
def test_stacks_of_marks_are_typeset(part):
    chance = random.Random(part)
    marks = sorted(one for one in coverage.drawable() if unicodedata.combining(one))
    bases = sorted(coverage.drawable() - set(marks))
    stacks = ["".join([chance.choice(bases), *chance.choices(marks, k=chance.randint(1, 4))]) for _ in range(4000)]
    typeset_at_once(with_typed(*stacks, each=6))


def test_what_the_font_files_say_is_what_the_typesetter_draws():
    signs = sorted(coverage.drawable())
    assert 1500 < len(signs) < 2500 and {"ä", "Ŋ", "ж", "€", glyphs.BOX} <= set(signs) and "★" not in signs
    assert drawn(signs)
    lacking = [one for one in "★☎中ش🌊Ⅳ\u0900" if one not in coverage.drawable()]
    assert len(lacking) == 7 and not any(drawn([one]) for one in lacking)


def drawn(signs):
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(pdf.FONTS)])
    source = '#set document(title: "x")\n#set text(font: "Source Sans 3", lang: "fi")\n#sys.inputs.words'
    try:
        typst.compile(
            source.encode(), format="pdf", pdf_standards="ua-1", font_paths=faces, sys_inputs={"words": " ".join(signs)}
        )
    except typst.TypstError:
        return False
    return True


# What is said, and as what it is printed in Finnish, Swedish and English.
NAMED = (
    ("Ranta 🌊 raitti", ["Ranta [□ water wave] raitti"] * 3),
    ("★★ Tähti ☎", ["[□ 2 × black star] Tähti [□ black telephone]"] * 3),
    (
        "Koulu مدينة إسبو",
        ["Koulu [□ arabia: 9 merkkiä]", "Koulu [□ arabiska: 9 tecken]", "Koulu [□ Arabic: 9 characters]"],
    ),
    ("中 koulu", ["[□ kiina: 1 merkki] koulu", "[□ kinesiska: 1 tecken] koulu", "[□ Chinese: 1 character] koulu"]),
    ("A தமிழ் B", ["A [□ 4 × tamil letter] B"] * 3),
    ("\ue123 ja \ufffd", ["[□ U+E123] ja [□ replacement character]"] * 3),
    ("\uf0b7 Wordin", ["• Wordin"] * 3),
    ("Ma\u0308ki\ufeff\u202e a\u0338", ["Mäki a\u0338"] * 3),
)


@pytest.mark.parametrize("lang", ["sv", *(pytest.param(lang, marks=pytest.mark.proof) for lang in ("fi", "en"))])
def test_what_no_font_has_is_printed_by_its_name_and_shown_as_it_is(lang):
    said = [said for said, _ in NAMED]
    names = iter(said)
    facts = renditions.now()
    programmes = tuple(
        replace(
            one, name=Text(**dict.fromkeys(LANGUAGES, next(names))), aim=Text(**dict.fromkeys(LANGUAGES, next(names)))
        )
        for one in facts.programmes
    )
    frozen = renditions.newest()
    frozen = rendering.Frozen(replace(facts, programmes=programmes), frozen.findings, frozen.before)
    content = formats.render(frozen, lang=lang, form="pdf")
    told = read(content).tree.text.replace("\u00a0", " ")
    shown = formats.render(frozen, lang=lang, form="html").decode()
    for words, printed in NAMED:
        assert printed[LANGUAGES.index(lang)] in told
        assert glyphs.legible(words) in shown
    assert PHRASES[lang]["lacking.note"] in told  # and in no other: `test_pdf`
    assert page.validate_pdf_bytes(content, profile="ua1").is_compliant


@pytest.mark.proof
def test_a_long_text_goes_on_over_the_page_and_loses_no_word():
    long = cycle([" kaupunki kasvaa" * 300, "\nrivi" * 200, "9" * 1500, "pitkäsana" * 150])
    numbers = cycle(range(10**6))
    facts = retyped(
        renditions.now(), lambda said: f"{said}{next(long)} END{next(numbers)}X" if len(said) > 55 else said
    )
    frozen = renditions.frozen(facts, renditions.then())
    content = formats.render(frozen, lang="fi", form="pdf")
    shown = set(re.findall(r"END\d+X", formats.render(frozen, lang="fi", form="html").decode()))
    printed = set(re.findall(r"END\d+X", re.sub(r"[\s\u200b]", "", read(content).tree.text)))
    assert len(shown) > 20 and shown - printed == set()
    assert off_the_page(content) == []


@pytest.mark.proof
def test_what_still_fails_to_be_typeset_is_set_in_plain_letters(monkeypatch):
    """A fault of the typesetter that nobody foresaw: here, that it lacks a sign which it was believed to draw."""
    monkeypatch.setattr(glyphs, "drawable", lambda: coverage.drawable() | {"★"})
    try:
        told = read(formats.render(with_typed("★", "Ŋ"), lang="en", form="pdf")).tree.text
    finally:
        monkeypatch.undo()
    assert "[□\u00a0black star]" in told and "Ŋ" in told


@pytest.mark.proof
def test_a_text_that_can_still_not_be_typeset_is_named_with_its_record_and_field(monkeypatch):
    """Both ways fail here, since the sign is believed to be drawn in plain letters too."""
    facts = renditions.now()
    first, *others = facts.programmes
    project = replace(first.projects[0], name=replace(first.projects[0].name, fi="Katto ★"))
    programme = replace(first, projects=(project, *first.projects[1:]))
    frozen = renditions.newest()
    frozen = rendering.Frozen(replace(facts, programmes=(programme, *others)), frozen.findings, frozen.before)
    monkeypatch.setattr(glyphs, "drawable", lambda: coverage.drawable() | {"★"})
    monkeypatch.setattr(glyphs, "PLAINEST", glyphs.PLAINEST | {"★"})
    try:
        with pytest.raises(typst.TypstError) as failed:
            formats.render(frozen, lang="fi", form="pdf")
    finally:
        monkeypatch.undo()
    told = places.told(failed.value, frozen.facts)
    assert told.endswith(f", in programmes {first.key}, projects {project.key}, name, fi")


def test_an_ordinary_report_is_not_touched():
    for lang in LANGUAGES:
        document = renditions.document(lang)
        assert glyphs.legible(document) is document
        assert not glyphs.troubled(json.dumps(pdf.payload(document), ensure_ascii=False))

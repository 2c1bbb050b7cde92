"""Code and catalogues say the same: nothing is left out, nothing is said that nobody says, and nothing is guessed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from config import catalogues, languages
from config.catalogues import PackageCatalogue

MAKEMESSAGES = "makemessages -l fi -l sv --add-location file --no-wrap --no-obsolete"
CODE = """from django.utils.translation import gettext as _, ngettext, pgettext
told = _("It waits until {day} "
    "at the latest.")
many = ngettext("a figure", "%(count)s figures", 2) % {"count": 2}
mark, aim = pgettext("of a figure", "Target"), _("Target")
"""
PAGE = """{% load i18n %}<h1 title="{{ _("Head") }}">{% translate "Target" context "of a figure" %}</h1>
{% blocktranslate count n=many trimmed %}One line
{% plural %}{{ n }} lines{% endblocktranslate %}"""

House = Callable[[str], None]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house of one package, whose code is what is told; it speaks Finnish."""
    monkeypatch.setattr(languages, "HOME", tmp_path)
    monkeypatch.setattr(languages, "FOLDERS", tuple(tmp_path / package / "locale" for package in languages.PACKAGES))

    def told(code: str) -> None:
        (tmp_path / "projects").mkdir(exist_ok=True)
        (tmp_path / "projects/ferries.py").write_text("from django.utils.translation import gettext as _\n" + code)
        if not languages.catalogued():
            catalogues.write(catalogues.renewed("fi"))

    return told


def translate(english: str, finnish: str) -> None:
    file = PackageCatalogue("projects", "fi").read()
    entry = file.find(english)
    entry.msgstr, entry.flags = finnish, [flag for flag in entry.flags if flag != "fuzzy"]
    catalogues.write({PackageCatalogue("projects", "fi"): f"{file}"})


def test_every_sentence_is_said_in_every_language() -> None:
    assert catalogues.faults() == []


def test_a_new_sentence_waits_for_its_translation_and_one_that_nobody_says_goes(house: House) -> None:
    house('_("Ferry")')
    translate("Ferry", "Lautta")
    assert catalogues.faults() == []
    house('_("Harbour")')
    assert catalogues.faults() == [
        "projects/locale/fi/LC_MESSAGES/django.po does not say what the code says: ./run words"
    ]
    catalogues.write(catalogues.renewed())
    assert catalogues.faults() == ["projects/locale/fi/LC_MESSAGES/django.po: not translated: Harbour"]
    assert "Lautta" not in PackageCatalogue("projects", "fi").text


def test_of_a_changed_sentence_the_old_translation_is_offered_and_counts_for_nothing_yet(house: House) -> None:
    house('_("The risk of the project is open.")')
    translate("The risk of the project is open.", "Hankkeen riski on avoinna.")
    house('_("The risk of the project is still open.")')
    catalogues.write(catalogues.renewed())
    entry = PackageCatalogue("projects", "fi").read()[0]
    assert (entry.msgstr, entry.flags) == ("Hankkeen riski on avoinna.", ["fuzzy"])
    assert entry.previous_msgid == "The risk of the project is open."
    assert "look at the translation" in catalogues.faults()[0]
    before = PackageCatalogue("projects", "fi").text
    assert catalogues.write(catalogues.renewed()) == [] and PackageCatalogue("projects", "fi").text == before
    languages.compile_stale()
    assert b"avoinna" not in PackageCatalogue("projects", "fi").file.with_suffix(".mo").read_bytes()


@pytest.mark.parametrize(
    ("code", "finnish", "fault"),
    [
        ('_("Due {day}")', "Määräpäivä", "other blanks than the English"),
        ('_("Due %(day)s")', "%(paiva)s", "other blanks than the English"),
        ('_("Climate impact")', "Ilmasto", "does not say what the code says"),  # a term: portfolio/terms.toml says it
    ],
)
def test_blanks_agree_and_terms_are_said_as_they_are(house: House, code: str, finnish: str, fault: str) -> None:
    house(code)
    translate(code[3:-2], finnish)
    assert fault in catalogues.faults()[0]


def test_a_sentence_moved_to_another_package_keeps_its_translation(house: House, tmp_path: Path) -> None:
    house('_("Ferry")')
    translate("Ferry", "Lautta")
    (tmp_path / "portfolio").mkdir(exist_ok=True)
    (tmp_path / "projects/ferries.py").rename(tmp_path / "portfolio/ferries.py")
    catalogues.write(catalogues.renewed())
    assert [entry.msgstr for entry in PackageCatalogue("portfolio", "fi").read()] == ["Lautta"]
    assert list(PackageCatalogue("projects", "fi").read()) == []


def test_two_catalogues_never_say_one_sentence_in_two_ways(house: House, tmp_path: Path) -> None:
    house('_("Ferry")')
    (tmp_path / "portfolio").mkdir(exist_ok=True)
    shutil.copy(tmp_path / "projects/ferries.py", tmp_path / "portfolio/ferries.py")
    translate("Ferry", "Lautta")
    catalogues.write(catalogues.renewed())
    translate("Ferry", "Lossi")
    assert "said otherwise in another catalogue: Ferry" in catalogues.faults()[0]


def test_what_gettext_can_not_read_is_refused(house: House) -> None:
    house("f\"{_('Ferry')}: {1}\"")
    assert "an f-string hides a sentence from gettext: projects/ferries.py: Ferry" in catalogues.faults()


def makemessages(house: Path) -> None:
    """Django's own, over a copy of code and catalogues; it knows of nothing else."""
    told = subprocess.run(
        [languages.HOME / ".venv/bin/django-admin", *MAKEMESSAGES.split()],
        cwd=house, capture_output=True, text=True, check=False, env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr


@pytest.mark.proof
def test_makemessages_finds_nothing_to_change(tmp_path: Path) -> None:
    """Byte for byte but for the day of its making: the same sentences in the same order, places, marks and lines."""
    if not shutil.which("xgettext"):
        pytest.skip("no gettext on this machine")
    for package in (*languages.PACKAGES, "workers"):
        ignored = shutil.ignore_patterns("__pycache__", "*.mo", "static")
        shutil.copytree(languages.HOME / package, tmp_path / package, ignore=ignored)
    (tmp_path / "portfolio/spoken.py").write_text(CODE)
    (tmp_path / "portfolio/spoken.html").write_text(PAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages, "HOME", tmp_path)
        ours = catalogues.renewed("fi", "sv")
        catalogues.write(ours)
    makemessages(tmp_path)
    for each, text in ours.items():
        theirs = (tmp_path / each.package / "locale" / each.language / languages.FILE).read_text("utf-8")
        assert [line for line in theirs.splitlines() if "POT-Creation-Date" not in line] == text.splitlines()
    assert 'msgctxt "of a figure"' in ours[PackageCatalogue("portfolio", "fi")]

"""Every part of pages stands in docs/design.md, is included somewhere, and has a name of its own among all folders."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

PLACES = [Path(place) for place in settings.TEMPLATES[0]["DIRS"]]
PICTURES = settings.BASE_DIR / "docs" / "pictures" / "parts"
# What shows nothing of its own: attributes of a field, and what is drawn from elsewhere.
UNSEEN = ("form_told", "sprite")
NAMED = re.compile(r"^\| `(\w+)` \|", re.M)
INCLUDED = re.compile(r"""\{%\s*include\s+"partials/(\w+)\.html\"""")

NAMED_IN_CODE = re.compile(r"\"partials/(\w+)\.html\"")


def templates() -> list[Path]:
    return [path for place in PLACES for path in sorted(place.rglob("*.html"))]


def parts() -> list[str]:
    return [path.stem for path in templates() if path.parent.name == "partials"]


def test_each_part_stands_in_the_page_for_those_who_write_pages() -> None:
    told = (settings.BASE_DIR / "docs" / "design.md").read_text("utf-8")
    assert sorted(NAMED.findall(told)) == sorted(parts())


def test_each_part_has_a_picture_in_its_row_and_each_picture_its_part() -> None:
    """`./run pictures` takes them anew."""
    told = (settings.BASE_DIR / "docs" / "design.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)$", told, re.M))
    seen = set(parts()) - set(UNSEEN)
    assert {path.stem for path in PICTURES.glob("*")} == seen
    assert {name for name, row in rows.items() if f"(pictures/parts/{name}.png)" in row} == seen


def test_each_part_is_included_somewhere_and_is_there() -> None:
    included = {name for path in templates() for name in INCLUDED.findall(path.read_text("utf-8"))}
    for module in (settings.BASE_DIR / "reporting" / "pages").rglob("*.py"):  # a field names its part, a tag its own
        included |= set(NAMED_IN_CODE.findall(module.read_text("utf-8")))
    assert included == set(parts())


def test_no_template_hides_another_of_its_name() -> None:
    names = [str(path.relative_to(place)) for place in PLACES for path in place.rglob("*.html")]
    assert len(names) == len(set(names))

"""Every limit of the schema is that of the column it is written to, and who goes beyond it is told the limit."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from portfolio.importing import shape
from tests.portfolio.importing.landing import MODELS, column

DEFINITIONS = shape.schema()["$defs"]
INTEGERS = {"PositiveSmallIntegerField": 32767, "SmallIntegerField": 32767, "IntegerField": 2147483647}
# Choices that an import never makes by itself, or that are somebody else's to check.
NOT_TAKEN = {"project_move.state": {"planned"}}
NARROWER = {
    "funding.year": 2100, "sdg.number": 17, "risk.likelihood": 5, "risk.impact": 5, "indicator.interval_months": 60,
    "indicator.decimals": 6, "serving.share": 100, "schedule.grace_days": 365,
}  # fmt: skip


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """A property with what it refers to."""
    while "$ref" in part:
        part = DEFINITIONS[part["$ref"].removeprefix("#/$defs/")] | {k: v for k, v in part.items() if k != "$ref"}
    return part


PROPERTIES = [
    pytest.param(definition, name, resolved(part), id=f"{definition}.{name}")
    for definition in MODELS
    for name, part in DEFINITIONS[definition]["properties"].items()
    if name not in ("key", "provenance") and column(definition, name) is not None
]


@pytest.mark.parametrize(("definition", "name", "part"), PROPERTIES)
def test_the_limit_is_the_columns(definition: str, name: str, part: dict[str, Any]) -> None:
    field: Any = column(definition, name)
    where = f"{definition}.{name}"
    if field.choices:
        assert set(part["enum"]) | NOT_TAKEN.get(where, set()) == {value for value, _ in field.flatchoices}
    elif isinstance(field, models.CharField) and field.max_length and not {"pattern", "enum"} & set(part):
        assert longest(part) == field.max_length
    elif field.get_internal_type() in INTEGERS:
        assert part["maximum"] <= INTEGERS[field.get_internal_type()]
        assert part["maximum"] == NARROWER.get(where, INTEGERS[field.get_internal_type()])


def longest(part: dict[str, Any]) -> int | None:
    """How long a text may be, in any of its languages."""
    if "oneOf" in part:  # a name in one language, or in up to three: as long either way
        (limit,) = {longest(each) for each in map(resolved, part["oneOf"])}
        return limit
    beside = part.get("additionalProperties")
    return part.get("maxLength") or (beside["maxLength"] if isinstance(beside, dict) else None)


def test_most_of_the_columns_are_compared() -> None:
    assert len(PROPERTIES) > 150


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "place", "limit"),
    [
        (lambda d, text: d["people"][0].update(name=text), "/people/0/name", 120),
        (lambda d, text: d["programmes"][0]["name"].update(sv=text), "/programmes/0/name/sv", 200),
        (lambda d, text: d["people"][0]["title"].update(en=text), "/people/0/title/en", 120),
        (lambda d, text: d["decisions"][0].update(presenter=text), "/decisions/0/presenter", 200),
        (lambda d, text: d["bodies"][0].update(short={"fi": text}), "/bodies/0/short/fi", 24),
        (lambda d, text: d["council_terms"][0].update(label=text), "/council_terms/0/label", 40),
    ],
)
def test_the_limit_is_told_and_what_just_fits_is_taken(run, older, change, place, limit):
    change(older, "x" * (limit + 1))
    done = run(older)
    assert (done.status, done.codes) == (1, ["field.too_long"]), done.lines
    assert done.lines[0].startswith(place) and f"{limit + 1} characters, at most {limit} are taken" in done.lines[0]
    change(older, "x" * limit)
    assert run(older).status == 0

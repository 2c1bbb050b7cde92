"""What an input takes as one piece of JSON and a form asks line by line: the levels of a scale in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.utils.functional import lazy
from rest_framework import serializers

from portfolio.api import Input
from portfolio.benefits.standing import Standing
from portfolio.languages import LANGUAGES
from reporting.templatetags.written import stands


class LevelInput(Input):
    """A level of a scale: its number, its words, and the standing that it means."""

    value = serializers.IntegerField()
    label_fi = serializers.CharField(max_length=200)
    label_sv = serializers.CharField(max_length=200, required=False)
    label_en = serializers.CharField(max_length=200, required=False)
    verdict = serializers.ChoiceField(
        choices=[(each.value, lazy(stands, str)(each.value)) for each in Standing if each is not Standing.NOT_REPORTED],
        required=False,
    )


SHAPES: Mapping[str, type[Input]] = {"rubric": LevelInput}


def line(level: Any) -> Any:
    """A level as the fields of a line."""
    if not isinstance(level, Mapping):
        return level
    labels = {f"label_{code}": level.get("label", {}).get(code, "") for code in LANGUAGES}
    return SimpleNamespace(value=level.get("value"), verdict=level.get("verdict", ""), **labels)


def level(told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a line as a level; a number that is none is handed on, to be refused."""
    number = str(told.get("value", ""))
    label = {code: told[f"label_{code}"] for code in LANGUAGES if told.get(f"label_{code}")}
    found = {"value": int(number) if number.lstrip("-").isdigit() and len(number) < 9 else number, "label": label}
    return found | ({"verdict": told["verdict"]} if told.get("verdict") else {})

"""The number under which the city's register keeps a case: its one check, wherever it is typed or taken in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from portfolio import city


class CaseNumber(models.CharField):  # type: ignore[type-arg]
    """The number of a case in the city's register, in the form that the city's identity gives (INV-06)."""

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {"max_length": city.LONGEST_CASE_NUMBER, "blank": True}
        super().__init__(**(given | options))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """To the database it is a text like any other."""
        name, _, positional, options = super().deconstruct()
        return name, "django.db.models.CharField", list(positional), options

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        form = city.identity().case_number
        if value and not form.fits(value):
            raise ValidationError("", code="case_number.format", params={"example": form.example})

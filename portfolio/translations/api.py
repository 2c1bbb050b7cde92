"""Translated remarks over the API."""

from __future__ import annotations

from rest_framework import serializers

from portfolio.api import Input, RoomViewSet, move
from portfolio.texts import LANGUAGES
from portfolio.translations import commands
from portfolio.translations.models import LONGEST, TranslatedRemark


def _wordings() -> dict[str, serializers.CharField]:
    return {
        f"wording_{code}": serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
        for code in LANGUAGES
    }


class TranslationEdit(Input):
    source_language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    locals().update(_wordings())
    unofficial = serializers.ListField(child=serializers.ChoiceField(choices=LANGUAGES), required=False)
    because = serializers.CharField(required=False)


class TranslationInput(Input):
    verbatim = ("source",)
    source = serializers.CharField()
    source_language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    locals().update(_wordings())
    unofficial = serializers.ListField(child=serializers.ChoiceField(choices=LANGUAGES), required=False)


class TranslatedRemarkViewSet(RoomViewSet):
    """Remarks with their wording in other languages."""

    model = TranslatedRemark
    columns = (
        "source", "source_sha256", "source_language", "wording_fi", "wording_sv", "wording_en", "texts",
    )  # fmt: skip
    filters = {"source_language": "source_language", "source_sha256": "source_sha256"}
    search = ("source", "wording_fi", "wording_sv", "wording_en")
    ordering = ("source", "-id", "id")
    create = move(TranslationInput, commands.translate_remark, right="translate_remark")
    edit = move(TranslationEdit, commands.change_translation, right="translate_remark")

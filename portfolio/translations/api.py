"""Translated remarks over the API."""

from __future__ import annotations

from rest_framework import serializers

from portfolio.api import Input, RoomViewSet, move, of, where
from portfolio.languages import LANGUAGES
from portfolio.texts import columns
from portfolio.translations import commands
from portfolio.translations.models import TranslatedRemark

WORDINGS = columns("wording")


class TranslationEdit(Input):
    says = of(TranslatedRemark, "source_language", *WORDINGS, "unofficial")
    unofficial = serializers.ListField(child=serializers.ChoiceField(choices=LANGUAGES), required=False)
    because = serializers.CharField(required=False)


class TranslationInput(Input):
    says = of(TranslatedRemark, "source", "source_language", *WORDINGS, "unofficial")
    verbatim = ("source",)
    unofficial = serializers.ListField(child=serializers.ChoiceField(choices=LANGUAGES), required=False)


class TranslatedRemarkViewSet(RoomViewSet):
    """Remarks with their wording in other languages."""

    model = TranslatedRemark
    filters = where("source_language", "source_sha256")
    search = ("source", "wording")
    ordering = ("source", "-id", "id")
    create = move(TranslationInput, commands.translate_remark, right="translate_remark")
    edit = move(TranslationEdit, commands.change_translation, right="translate_remark")

"""Translated remarks over the API."""

from __future__ import annotations

from rest_framework import serializers

from portfolio.api import REASON_IF_ANY, RoomViewSet, move, says, where
from portfolio.api.inputs import Verbatim
from portfolio.languages import LANGUAGES
from portfolio.texts import columns
from portfolio.translations import commands
from portfolio.translations.models import TranslatedRemark

WORDINGS = columns("wording")
UNOFFICIAL = serializers.ListField(child=serializers.ChoiceField(choices=LANGUAGES), required=False)


class TranslatedRemarkViewSet(RoomViewSet):
    """Remarks with their wording in other languages."""

    model = TranslatedRemark
    filters = where("source_language", "source_sha256")
    search = ("source", "wording")
    ordering = ("source", "-id", "id")
    create = move(
        says("TranslationInput", *WORDINGS, source=Verbatim(), unofficial=UNOFFICIAL), commands.translate_remark
    )
    edit = move(
        says("TranslationEdit", *WORDINGS, unofficial=UNOFFICIAL, because=REASON_IF_ANY),
        commands.change_translation,
        right="translate_remark",
    )

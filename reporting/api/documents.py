"""Documents of every kind over the API: what each was printed from, its files, and work on them that is let on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request

from portfolio.api import A_REASON, RoomViewSet, move, says, where
from portfolio.api.schema import lines
from reporting.api.files import document_response, one_file
from reporting.documents import commands, kinds, queries
from reporting.reports.document import LETS_ON
from reporting.snapshot.models import Snapshot
from reporting.work.models import TOLD, Work


class DocumentViewSet(RoomViewSet):
    """What was printed, of whatever kind: who sees a document, and who lets work on it on, says the row of its kind."""

    model = Snapshot
    visible = staticmethod(kinds.visible)
    without = ("payload",)
    filters = where("kind", "report")
    ordering = ("-id", "kind")

    let_on = move(
        says("LetOnInput", because=A_REASON),
        commands.let_on,
        right=LETS_ON,
        rights=lambda document, by: [(kinds.of(document).lets_on, None)],
    )

    beside = {
        "files": lines("DocumentFile", **{name: serializers.CharField() for name in ("language", "format", "sha256")}),
        "work": lines("DocumentWork", Work, TOLD),
    }

    def extra(self, document: Snapshot) -> dict[str, Any]:
        """Its files with their checksums, and the machine's work on them."""
        return {"files": queries.files_of(document), "work": queries.work_on(document)}

    @one_file
    def file(self, request: Request, pk: str, language: str, kind: str) -> HttpResponseBase:
        """One file of the document, byte for byte as it was rendered."""
        return document_response(request, self.thing(pk), language, kind)


RoomViewSet.by_model[Snapshot] = DocumentViewSet  # the only list of them, though its rule of who sees what is its own

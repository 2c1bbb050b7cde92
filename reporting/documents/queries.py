"""Reading the files that are kept: whether they are what they were, and how they may be shown."""

from __future__ import annotations

from typing import Any

from django.db.models import BinaryField, F, Func, Model, TextField, Value

from reporting.documents.models import Blob, Rendition
from reporting.snapshot.models import Findings, Snapshot
from reporting.work.models import TOLD, Work

POLICY = (
    "default-src 'none'; style-src 'sha256-{style}'; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class SHA256Of(Func):
    """The digest of bytes, as bytes."""

    function = "sha256"
    output_field = BinaryField()


class Encode(Func):
    """Bytes as text."""

    function = "encode"
    output_field = TextField()


def kept_files() -> tuple[int, list[str]]:
    """How many files of reports are kept, and which stored bytes and texts are not what their checksums say."""
    spoilt: list[str] = []
    payload = Func(F("payload"), Value("UTF8"), function="convert_to", output_field=BinaryField())
    kinds: list[tuple[str, type[Model], Any]] = [
        ("file", Blob, F("content")),
        ("snapshot", Snapshot, payload),
        ("findings", Findings, payload),
    ]
    for name, model, kept in kinds:
        digest = Encode(SHA256Of(kept), Value("hex"))
        found = model._default_manager.annotate(computed=digest).exclude(sha256=F("computed"))
        spoilt += [f"{name} {pk}" for pk in found.order_by("pk").values_list("pk", flat=True)]
    return Rendition.objects.count(), spoilt


def files_of(document: Snapshot) -> list[Any]:
    """The files of a document that are there, with their checksums."""
    found = Rendition.objects.filter(snapshot=document).annotate(sha256=F("blob__sha256"))
    return list(found.values("language", "format", "sha256"))


def work_on(document: Snapshot) -> list[dict[str, Any]]:
    """What the machine does, or has given up, about the files of a document."""
    return list(Work.objects.filter(snapshot=document, kind=Work.Kind.RENDER).order_by("pk").values(*TOLD))


def report_policy(rendition: Rendition) -> str:
    """The content policy of a self-contained report: its own style, no script, nothing from outside."""
    return POLICY.format(style=rendition.style_sha256)

"""What is done for a document of any kind: its files made by the machine, and let on where it had given them up."""

from __future__ import annotations

from typing import TypeAlias

from portfolio import history
from portfolio.people import permissions
from portfolio.people.models import Person
from portfolio.refusals import Refused
from reporting.documents import formats, kinds, renderer, rendering
from reporting.documents.models import Blob, Rendition
from reporting.snapshot.models import Snapshot
from reporting.work import leases
from reporting.work.models import Work


def to_render() -> list[int]:
    """Files that wait to be rendered."""
    return list(leases.waiting().filter(kind=Work.Kind.RENDER).values_list("pk", flat=True))


def render(work_id: int) -> None:
    """Make a file of a document, and what else of it waits, from its snapshot alone; with the last it is whole.

    One renderer reads the snapshot for all of them; each file is claimed, kept, and struck if it fails, on its own.
    Raises an ExceptionGroup of those that failed, after all others are kept.
    """
    held = _files_claimed(work_id)
    if not held:
        return
    snapshot = Snapshot.objects.get(work=work_id)
    made = _made(snapshot, held)
    failed = [error for name, outcome in made.items() if (error := _settle(snapshot, *held[name], outcome))]
    if failed:
        raise ExceptionGroup("files that could not be made", failed)


Held: TypeAlias = dict[str, tuple[Work, leases.Claim]]


def _files_claimed(work_id: int) -> Held:
    """The file and those of the same snapshot that nobody else has, by name, each under a claim of its own."""
    first = Work.objects.get(pk=work_id)
    others = leases.waiting().filter(snapshot=first.snapshot_id, kind=Work.Kind.RENDER).exclude(pk=work_id)
    claims = ((file, leases.claim(file.pk)) for file in [first, *others])
    return {f"{file.language}.{file.format}": (file, claim) for file, claim in claims if claim}


def _made(snapshot: Snapshot, held: Held) -> dict[str, renderer.Outcome]:
    """What came of each file; nothing, when others have taken all of them over."""
    claims = [claim for _, claim in held.values()]
    with leases.settled(*claims):
        return renderer.run(
            kinds.of(snapshot).source(snapshot), list(held), still_wanted=lambda: leases.hold_all(claims)
        )
    return {}


def _settle(snapshot: Snapshot, file: Work, claim: leases.Claim, outcome: renderer.Outcome) -> renderer.Failed | None:
    """Keep the file, or strike its work."""
    try:
        with leases.settled(claim):
            if isinstance(outcome, renderer.Failed):
                raise outcome
            with history.change(by=leases.MACHINE):
                leases.finish(claim)
                keep_file(snapshot, file.language, file.format, outcome)
    except renderer.Failed as error:
        return error
    return None


def keep_file(snapshot: Snapshot, language: str, form: str, made: renderer.Rendered) -> None:
    """Keep a file of a document, once; with the last one its kind is told that all are there."""
    kind = formats.FORMATS[form]
    kept = Blob.objects.filter(sha256=made.sha256).first()
    blob = kept or Blob(sha256=made.sha256, media_type=kind.media_type, content=made.content).checked_save()
    Rendition(
        snapshot=snapshot,
        language=language,
        format=form,
        blob=blob,
        renderer=rendering.made_with(),
        style_sha256=kind.style_of(made.content),
    ).checked_save()
    kinds.tell_if_all_there(snapshot)


def let_on(document: Snapshot, *, by: Person, because: str) -> Snapshot:
    """Let the machine try again the files of a document that it had given up, once the cause is mended (INV-110).

    The work says who and why until it is done; what a kind keeps of it stays. Raises Refused `document.not_parked`.
    """
    with history.change(by=by, because=because, required=True):
        kind = kinds.of(document)
        permissions.require(by, kind.lets_on)
        files = Work.objects.filter(snapshot=document, kind=Work.Kind.RENDER)
        if not leases.let_on(files, by=by, because=because):
            raise Refused("document.not_parked")
        kind.let_on(document)
        return document

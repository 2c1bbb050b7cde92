"""The kinds of documents, a row each: what one is printed from and owes, who sees it, what its files are called.

How a kind is composed stands in `rendering/kinds.py`, which a process without a database reads; until when something
may be added to one, in `snapshot/models.py`, where triggers read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from portfolio.people.models import Person
from reporting.documents import formats
from reporting.documents.models import Rendition
from reporting.facts import Language
from reporting.snapshot.models import Snapshot
from reporting.work.models import Work


def nothing(snapshot: Snapshot) -> None:
    """What a kind does that keeps nothing of it."""


@dataclass(frozen=True)
class KindOfDocument:
    """A kind of document.

    `source` is the bundle that a renderer reads, `languages` those in which it is owed, `stem` what its files are
    called before language and format. `all_there` is called in the change that keeps the last file that was ordered.
    What the machine gives up is let on by whoever has the right `lets_on`; a letter tells them of it, with what the
    document is `called` and the `page` where that is done. `let_on` is called in the change that does it.
    """

    name: str
    source: Callable[[Snapshot], bytes]
    languages: Callable[[Snapshot], Iterable[Language]]
    visible: Callable[[QuerySet[Snapshot], Person], QuerySet[Snapshot]]
    stem: Callable[[Snapshot], str]
    all_there: Callable[[Snapshot], None]
    lets_on: str
    called: Callable[[Snapshot], str]
    page: Callable[[Snapshot], str]
    let_on: Callable[[Snapshot], None] = nothing


class Undeclared(LookupError):
    """A snapshot of a kind that no release declares."""


KINDS: dict[str, KindOfDocument] = {}


def declare(*kinds: KindOfDocument) -> None:
    """Add kinds to the table; a package does it when it starts."""
    KINDS.update({kind.name: kind for kind in kinds})


def of(snapshot: Snapshot) -> KindOfDocument:
    """The row of a snapshot's kind; raises Undeclared."""
    if snapshot.kind not in KINDS:
        raise Undeclared(f"snapshot {snapshot.pk}: {snapshot.kind} is no kind of document")
    return KINDS[snapshot.kind]


def visible(found: QuerySet[Any], by: Person | None, *, past: bool = False, cut: int | None = None) -> QuerySet[Any]:
    """The documents that a person may see, each by the row of its kind; one that no release declares nobody may."""
    seen = Q(pk__in=())
    for kind in KINDS.values():
        if by is not None:
            seen |= Q(pk__in=kind.visible(Snapshot.objects.filter(kind=kind.name), by).values("pk"))
    return found.filter(seen)


def order_files(snapshot: Snapshot, languages: Iterable[Language] | None = None) -> None:
    """Ask for every file that a document owes: its languages, in the formats of today.

    Whoever knows the languages says so: to read them in a snapshot takes several times its room.
    """
    Work.objects.bulk_create(
        Work(kind=Work.Kind.RENDER, report=snapshot.report, snapshot=snapshot, language=language, format=form)
        for language in languages or of(snapshot).languages(snapshot)
        for form in formats.names()
    )


def tell_if_all_there(snapshot: Snapshot) -> None:
    """Let the kind know once no file of a document is waited for any more."""
    if not Work.objects.filter(snapshot=snapshot, kind=Work.Kind.RENDER, done_at__isnull=True).exists():
        of(snapshot).all_there(snapshot)


def file_of(snapshot: Snapshot, language: str, form: str) -> Rendition | None:
    """A file of a document with its bytes."""
    found = Rendition.objects.filter(snapshot=snapshot, language=language, format=form)
    return found.select_related("blob").first()


def file_name(snapshot: Snapshot, ending: str) -> str:
    """What a file of a document is called."""
    return f"{of(snapshot).stem(snapshot)}.{ending}"

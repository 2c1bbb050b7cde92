"""An import as an errand: a worker judges it while people see how far it is, and takes it in with its answer."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language

from portfolio import city, clock
from portfolio.importing.checking import Setting, check
from portfolio.importing.document import Document, Fault, read
from portfolio.importing.since import Left
from portfolio.importing.taking import NothingTaken, Taken, take
from portfolio.people.models import Person
from portfolio.refusals import Lack, Refused
from portfolio.work import errands
from portfolio.work.errands import Task
from portfolio.work.kinds import KindOfWork, Patience
from portfolio.work.models import Errand

NAME = "import"
# A large file is checked, and at the end written, without a word of progress; a million records take hours.
PATIENCE = Patience(lease=timedelta(minutes=2), longest=timedelta(hours=6))


def kind() -> KindOfWork:
    """The errand, for the table of kinds; of several imports one waits for the other."""
    return errands.kind(NAME, take_in, patience=PATIENCE, alone=True)


def setting() -> Setting:
    """What a file is held against. Raises city.FaultyIdentity."""
    told = city.identity()
    return Setting(
        official_languages=told.languages.official,
        languages=told.languages.service,
        time_zone=settings.TIME_ZONE,
        today=clock.today(),
        zone_end=clock.end_of_day,
    )


def origin_of(name: str, text: str) -> str:
    """How the change set of an import names its file."""
    return f"{name[:43]} {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def sound(text: str) -> Document:
    """A document that has passed the check. Raises NothingTaken with its faults, Unreadable, city.FaultyIdentity."""
    data = read(text)
    if faults := check(data, setting()):
        raise NothingTaken(faults)
    return Document(data)


def readable(text: str) -> None:
    """Say at the door what no worker need look at. Raises Unreadable and city.FaultyIdentity."""
    read(text)
    setting()


def send(name: str, text: str, *, on_behalf_of: Person | None, dry_run: bool) -> Errand:
    """Send a worker on an import; to one of the same file that has not ended yet people come back, given up or not."""
    asked: dict[str, Any] = {"origin": origin_of(name, text), "dry_run": dry_run}
    open_yet = Errand.objects.filter(kind=NAME, done_at__isnull=True, person=on_behalf_of, given__contains=asked)
    if found := open_yet.first():
        errands.let_on(found)
        return found
    return errands.send(
        NAME, asked | {"text": text, "language": get_language()}, person_id=on_behalf_of.pk if on_behalf_of else None
    )


def take_in(task: Task) -> None:
    """Carry an import out; that all of it is refused is its answer, in the language of whoever sent it."""
    language = task.given["language"] or settings.LANGUAGE_CODE
    try:
        with translation.override(language), task.telling() as tell:
            take(
                sound(task.given["text"]),
                origin=task.given["origin"],
                on_behalf_of=task.errand.person,
                dry_run=task.given["dry_run"],
                tell=tell,
                ended=lambda taken: task.finish(asdict(taken)),
            )
    except NothingTaken as nothing:
        task.finish({"faults": [asdict(fault) for fault in nothing.faults]})


def answer(errand: Errand) -> Taken:
    """What came of an errand that has ended, told as `take` tells it. Raises NothingTaken and Refused."""
    told: dict[str, Any] = errand.result or {}
    if faults := told.get("faults"):
        raise NothingTaken([Fault(**fault) for fault in faults])
    if lacks := told.get("errors"):
        raise Refused.all(Lack(lack["code"], field=lack["field"], **lack["params"]) for lack in lacks)
    return Taken(told["made"], tuple(Left(**left) for left in told["left"]))

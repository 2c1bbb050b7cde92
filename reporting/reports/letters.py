"""Letters about work that was given up: to each who can let it on, once, through the rows that are the queue."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from portfolio import clock
from portfolio.field_words import LANGUAGES
from portfolio.people import permissions
from portfolio.people.models import Account
from portfolio.texts import readers
from reporting.documents import kinds
from reporting.documents.rendering.language import Voice
from reporting.reports import document, turns
from reporting.reports.models import Report
from reporting.reports.queries import report_of
from reporting.snapshot.models import Snapshot
from reporting.work import leases
from reporting.work.models import Work

LONGEST_SENTENCE = 300
TRACEBACK = "Traceback (most recent call last)"


def write_due() -> None:
    """A letter to each who can let work on, of every document that is given up: one a document, and never a second.

    Nothing of it is still being tried then, so that the one letter names all. What fails again after somebody has let
    it on, or in facts that were taken again, is told anew.
    """
    if not settings.MAIL_URL:
        return
    columns = ("report_id", "snapshot_id", "let_on_last", "snapshot__kind")
    if found := list(_given_up().values_list(*columns).order_by("report_id", "snapshot_id").distinct()):
        told = set(_letters().values_list("report_id", "snapshot_id", "since", "person_id"))
        to = {kind: _who_can_let_on(_right(kind)) for *_, kind in found}
        rows = [(*of, since, account.person_id) for *of, since, kind in found for account in to[kind]]
        Work.objects.bulk_create(
            (
                Work(kind=Work.Kind.TELL, report_id=report, snapshot_id=snapshot, since=since, person_id=person)
                for report, snapshot, since, person in rows
                if (report, snapshot, since, person) not in told
            ),
            ignore_conflicts=True,
        )


def _letters() -> QuerySet[Work]:
    return Work.objects.filter(kind=Work.Kind.TELL)


def _given_up() -> QuerySet[Any]:
    """Parked work of reports and of other documents of which nothing is tried any more; when it was let on last."""
    undone = Work.objects.filter(done_at__isnull=True).exclude(kind=Work.Kind.TELL)
    alike = Q(report=OuterRef("report")) | Q(report__isnull=True, snapshot=OuterRef("snapshot"))
    let_on = Work.objects.filter(report__isnull=True, snapshot=OuterRef("snapshot"), let_on_at__isnull=False)
    of_a_document = Subquery(let_on.order_by("-let_on_at").values("let_on_at")[:1])
    found = undone.filter(~Exists(undone.filter(alike, parked=False)), parked=True)
    return found.annotate(let_on_last=Coalesce("report__let_on_at", of_a_document))


def _right(kind: str | None) -> str:
    """The right to let on a kind of document; of a report also before it has any facts."""
    return kinds.KINDS[kind or Snapshot.REPORT].lets_on


def _who_can_let_on(right: str) -> list[Account]:
    """Those who have the right today, an account to use it, and an address."""
    asked = Account.objects.filter(person__active=True, person__roles__role__in=permissions.TABLE[right])
    reachable = asked.exclude(person__email="").select_related("person").order_by("person_id").distinct()
    return [account for account in reachable if permissions.may(account.person, right)]


def due() -> list[int]:
    """Write what is to be told, and find the letters that wait."""
    write_due()
    return to_send()


def to_send() -> list[int]:
    """Letters that wait to be sent."""
    return list(leases.waiting().filter(kind=Work.Kind.TELL).values_list("pk", flat=True))


def send(work_id: int) -> None:
    """Send a letter, unless what it tells of has been mended or let on, or the reader can no longer do anything.

    A letter that its worker was killed over may go out again: under the same Message-ID, by which mail servers and
    readers know it for the same. A mail server that is away or busy costs no strike.
    """
    with leases.held(work_id, among=leases.waiting().filter(kind=Work.Kind.TELL)) as claim:
        if claim is None:
            return
        letter = _letters().select_related("report", "snapshot", "person__account").get(pk=work_id)
        if told := _told(letter):
            leases.hold(claim)
            _deliver(told)
        leases.finish(claim)


def _told(letter: Work) -> EmailMessage | None:
    """The letter in its reader's language."""
    found = _given_up().filter(report=letter.report_id, snapshot=letter.snapshot_id, let_on_last=letter.since)
    given_up = list(found.order_by("pk"))
    can = _who_can_let_on(_right(letter.snapshot.kind if letter.snapshot else None))
    to = next((account for account in can if account.person_id == letter.person_id), None)
    if not given_up or to is None:
        return None
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    with translation.override(to.language):
        return EmailMessage(
            subject=_("{report}: the program has given up").format(report=_matter(letter).called),
            body=_body(letter, given_up),
            to=[to.person.email],
            headers={"Message-ID": f"<given-up-{letter.pk}@{host}>", "Auto-Submitted": "auto-generated"},
        )


class _Matter(NamedTuple):
    """What a letter is about: what it is called, how it is let on, and where."""

    called: str
    how: str
    page: str


def _matter(letter: Work) -> _Matter:
    if letter.snapshot is None or letter.report is not None:
        how = _("When the cause has been mended, let the work go on at the report’s page and say why:")
        report = report_of(letter)
        return _Matter(document.named(report), how, document.page(report))
    how, kind = _("When the cause has been mended, let the work go on and say why:"), kinds.of(letter.snapshot)
    return _Matter(kind.called(letter.snapshot), how, kind.page(letter.snapshot))


def _body(letter: Work, given_up: list[Work]) -> str:
    matter = _matter(letter)
    parts = (
        matter.called,
        _("The program tried several times and does not try again by itself. Given up:"),
        "\n".join(f"– {what_it_is(each)}: {sentence(each.last_error)}" for each in given_up),
        *(_waiting(letter.report) if letter.report else ()),
        matter.how,
        settings.SITE_ADDRESS.rstrip("/") + matter.page,
        _("Salkku wrote this by itself, once, to those who can let the work go on."),
    )
    return "\n\n".join(parts) + "\n"


def _waiting(report: Report) -> Iterator[str]:
    """The later reports of the schedule that can't be made before this one."""
    if held_up := turns.held_up(report):
        say = Voice(readers(), str(clock.zone())).day
        days = ", ".join(say(day) for day in held_up)
        yield _("Later reports of the schedule wait for this one: {days}").format(days=days)


def what_it_is(task: Work) -> str:
    """A piece of work as a person would name it."""
    if task.kind == Work.Kind.FREEZE:
        return _("freezing the facts and compiling")
    language = LANGUAGES.get(task.language, task.language)
    return f"{task.format.upper()}, {language}"


def sentence(error: str) -> str:
    """What went wrong, on one line: the first, or of a traceback the last, which is the error itself."""
    said = (error.partition(leases.TIMES)[2] or error).strip().splitlines() or [""]
    line = said[-1 if any(TRACEBACK in each for each in said) else 0].strip()
    return line if len(line) <= LONGEST_SENTENCE else f"{line[:LONGEST_SENTENCE].rsplit(' ', 1)[0]} …"


def _deliver(told: EmailMessage) -> None:
    """Hand the letter to the mail server. Raises leases.Away where trying again later may help."""
    try:
        told.send()
    except OSError as error:  # what smtplib raises is an OSError too
        if _may_pass(error):
            raise leases.Away(str(error)) from error
        raise


def _may_pass(error: OSError) -> bool:
    """No connection, one that broke off, or an answer that says later (4xx); never says 5xx."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    return isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException)

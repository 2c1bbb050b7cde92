"""Who can let given-up work on is written to: once a report, in their own language, by way of rows and ticks."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.core.mail.message import EmailMessage as Letter

from config.environment import mail as mail_server_of
from portfolio import history
from portfolio.people.models import Account, Person
from portfolio.work.kinds import Patience
from reporting.models import Report, Work
from reporting.reports import commands, letters, machine
from reporting.work import leases
from tests import story
from tests.ground.waiting import until
from tests.reporting import factories
from tests.reporting.begun import Begun
from tests.reporting.test_work import time_passes
from tests.reporting.ticking import Ticking, ticking
from workers import tasks

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def reachable(someone: Person, language: str) -> Person:
    """Someone with an account and an address."""
    with history.change(by=story.SETUP):
        someone.email = f"{someone.name.lower()}@city.invalid"
        someone.checked_save()
    Account.objects.create(person=someone, username=someone.name.lower(), language=language)
    return someone


@pytest.fixture
def setup_people(begun: Begun, db: None) -> story.People:
    return begun.people()


@pytest.fixture
def report(begun: Begun, db: None) -> Report:
    """One whose files are to be drawn."""
    return begun.at("frozen")


@pytest.fixture
def office(setup_people: story.People, settings: Any) -> story.People:
    """Ana reads Swedish, Sirpa Finnish; the others have addresses too, but not the right."""
    settings.SITE_ADDRESS = "https://salkku.city.invalid"
    for name, language in {"ana": "sv", "sirpa": "fi", "bo": "fi", "uma": "fi", "aud": "en", "dee": "en"}.items():
        reachable(setup_people[name], language)
    return setup_people


def give_up(report: Report, error: str = "fi.pdf: no such font: Kuntasans") -> list[Work]:
    """Every file of the report fails until it is parked."""
    files = list(Work.objects.filter(report=report, kind="render", done_at=None))
    for file in files:
        for _ in range(Patience().equal_strikes):
            time_passes(file)
            leases.strike(leases.claim(file.pk), f"Failed: {error}\n  a long tale of where it was")
    return files


def tick() -> list[Letter]:
    """What is sent by one tick and the bells that it rings."""
    before = len(mail.outbox)
    letters.write_due()
    for work_id in letters.to_send():
        tasks.send_letter(work_id)
    return mail.outbox[before:]


def told_of(letter: Letter) -> tuple[str, ...]:
    return tuple(letter.to)


def test_who_can_let_it_on_gets_one_letter_a_report_in_the_own_language(office, report):
    give_up(report)
    swedish, finnish = sorted(tick(), key=told_of)
    assert (swedish.to, finnish.to) == (["ana@city.invalid"], ["sirpa@city.invalid"])
    assert swedish.subject == "Uppföljningsrapport 31.12.2022: arbetet har stannat"
    assert finnish.subject == "Seurantaraportti 31.12.2022: työ on pysähtynyt"
    for letter in (swedish, finnish):
        assert letter.body.count("Failed: fi.pdf: no such font: Kuntasans\n") == 6, "one line for each file"
        assert f"\nhttps://salkku.city.invalid/reports/{report.pk}/\n" in letter.body
        assert "a long tale" not in letter.body and letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "– PDF, på svenska: " in swedish.body and "– HTML, suomeksi: " in finnish.body
    assert tick() == tick() == [], "never a second"


def test_nothing_is_told_while_something_of_the_report_is_still_tried(office, report):
    first, *others = give_up(report)
    Work.objects.filter(pk=first.pk).update(parked=False)
    assert tick() == []
    time_passes(first)
    leases.strike(leases.claim(first.pk), "Failed: another")
    Work.objects.filter(pk=first.pk).update(parked=True)
    assert len(tick()) == 2 and len(others) == 5


def test_a_report_that_can_not_be_frozen_is_told_of_too(office, begun):
    report = begun.at("open")
    freezing = Work.objects.get(report=report)
    for _ in range(Patience().equal_strikes):
        time_passes(freezing)
        leases.strike(leases.claim(freezing.pk), "KeyError: 'unit'")
    letter, _ = sorted(tick(), key=told_of)
    assert "– låsning av uppgifterna och sammanställning av rapporten: KeyError: 'unit'\n" in letter.body


def test_what_fails_again_after_it_was_let_on_is_told_anew(office, report):
    give_up(report)
    assert len(tick()) == 2
    report.refresh_from_db()
    commands.unpark(report, by=office["sirpa"], because="Fontti asennettiin.")
    assert tick() == []
    give_up(report)
    assert len(tick()) == 2 and tick() == []


def test_what_fails_in_facts_that_were_taken_again_is_told_anew(office, report):
    give_up(report)
    assert len(tick()) == 2
    report.refresh_from_db()
    report = commands.retake_report(report, by=office["ana"], because="Luku korjattiin.")
    factories.freeze(report)
    assert tick() == []
    give_up(report)
    assert len(tick()) == 2 and tick() == []


def test_a_letter_that_tells_nothing_new_any_more_is_not_sent(office, report):
    give_up(report)
    letters.write_due()
    report.refresh_from_db()
    commands.unpark(report, by=office["ana"], because="Fontti asennettiin.")
    assert tick() == [] and not Work.objects.filter(kind="tell", done_at=None).exists()


def test_who_has_no_address_no_account_or_no_right_any_more_is_not_written_to(office, report):
    erkki = story.person("Erkki", "secretary")
    reachable(story.person("Eva", "secretary"), "sv")
    give_up(report)
    letters.write_due()
    with history.change(by=story.SETUP):
        for name in ("ana", "sirpa"):
            gone = Person.objects.get(pk=office[name].pk)
            gone.email, gone.active = ("", True) if name == "ana" else (gone.email, False)
            gone.checked_save()
    assert [letter.to for letter in tick()] == [["eva@city.invalid"]]
    assert not Work.objects.filter(kind="tell", person=erkki).exists()


def test_without_a_mail_server_nobody_is_written_to(office, report, settings):
    settings.MAIL_URL = ""
    give_up(report)
    assert tick() == [] and not Work.objects.filter(kind="tell").exists()


class MailServer(socketserver.StreamRequestHandler):
    """As much of a mail server as it takes; `answer` is what it says to a recipient."""

    answer, kept = b"250 yes", []

    def handle(self) -> None:
        self.wfile.write(b"220 city.invalid\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.kept.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(
                (self.answer if word == b"RCPT" else b"221 bye" if word == b"QUIT" else b"250 yes") + b"\r\n"
            )
            if word == b"QUIT":
                return


@contextmanager
def mail_server(settings: Any, answer: bytes = b"250 yes") -> Iterator[list[bytes]]:
    handler = type("Handler", (MailServer,), {"answer": answer, "kept": []})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", server.server_address[1]
        yield handler.kept
        server.shutdown()


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://relay", "relay", 25, False, False),
        ("smtp+tls://salkku:p%40ss@mail.city.invalid:587", "mail.city.invalid", 587, True, False),
        ("smtps://salkku:p%40ss@mail.city.invalid", "mail.city.invalid", 465, False, True),
    ],
)
def test_a_mail_server_is_named_in_one_setting(url, host, port, tls, ssl):
    told = mail_server_of(url)
    assert (told.host, told.port, told.tls, told.ssl) == (
        host,
        port,
        tls,
        ssl,
    )
    assert (told.user, told.password) == (("salkku", "p@ss") if "@" in url else ("", ""))
    assert mail_server_of("file:///var/mail").folder == "/var/mail"


@pytest.mark.parametrize("url", ["relay", "relay:25", "smtp:relay", "https://relay"])
def test_what_names_no_mail_server_is_told_at_the_start(url):
    with pytest.raises(ValueError, match="names no mail server"):
        mail_server_of(url)


def one_letter(office: story.People, report: Report) -> Work:
    with history.change(by=story.SETUP):
        office["ana"].active = False
        office["ana"].checked_save()
    give_up(report)
    letters.write_due()
    return Work.objects.get(kind="tell")


def read(kept: bytes) -> EmailMessage:
    return message_from_bytes(kept, policy=policy.default)  # type: ignore[return-value]


def test_a_letter_whose_worker_was_lost_goes_out_again_as_the_same(office, report, settings):
    letter = one_letter(office, report)
    with mail_server(settings) as kept:
        letters.send(letter.pk)
        Work.objects.filter(pk=letter.pk).update(done_at=None)  # the transaction after the sending was lost
        letters.send(letter.pk)
        letters.send(letter.pk)
    first, again = map(read, kept)
    assert first["Message-ID"] == again["Message-ID"] == f"<given-up-{letter.pk}@salkku.city.invalid>"
    assert first["To"] == "sirpa@city.invalid" and "työ on pysähtynyt" in first["Subject"]
    assert "– PDF, ruotsiksi: " in first.get_content()


@pytest.mark.parametrize("answer", [b"", b"450 later", b"421 closing"])
def test_a_mail_server_that_is_away_or_busy_costs_no_strike(office, report, settings, answer):
    letter = one_letter(office, report)
    if answer:
        with mail_server(settings, answer), pytest.raises(leases.Away):
            letters.send(letter.pk)
    else:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
        with pytest.raises(leases.Away):
            letters.send(letter.pk)
    letter.refresh_from_db()
    assert (letter.strikes, letter.parked, letter.done_at, letter.leased_until) == (0, False, None, None)
    assert letters.to_send() == [], "it rests"
    time_passes(letter)
    with mail_server(settings) as kept:
        letters.send(letter.pk)
    assert len(kept) == 1


def test_an_address_that_is_refused_is_given_up_and_told_to_nobody(office, report, settings, api):
    letter = one_letter(office, report)
    with mail_server(settings, b"550 no such person") as kept:
        for _ in range(Patience().equal_strikes):
            time_passes(letter)
            with pytest.raises(OSError, match="no such person"):
                letters.send(letter.pk)
        letters.write_due()
    letter.refresh_from_db()
    assert letter.parked and kept == [] and letters.to_send() == []
    shown = api(office["sirpa"]).get(f"reports/{letter.report_id}/").json()["work"]
    assert {each["kind"] for each in shown} == {"freeze", "render"}


@pytest.fixture
def machine_parts(own_database: str, as_owner: Any) -> Iterator[Ticking]:
    with ticking(own_database, as_owner) as parts:
        yield parts


@pytest.mark.proof
def test_a_renderer_that_really_fails_is_told_of_by_the_ticks_once(machine_parts):
    """Worker and beat alone: the file fails three times, is parked, and Sirpa is written to, once."""
    parts = machine_parts
    reachable(story.person("Sirpa", "secretary"), "en")
    report = factories.opened(factories.schedule(factories.indicator().target.programme))
    machine.freeze(Work.objects.get(report=report).pk)
    broken = Work.objects.filter(report=report, kind="render", language="sv", format="pdf")
    broken.update(language="xx")  # no renderer knows it
    parts.worker()
    parts.beat()
    sent = parts.folder / "mail"

    def kept() -> list[bytes]:
        parts.owner.execute("UPDATE reporting_work SET next_at = now() WHERE next_at IS NOT NULL")  # as pauses end
        return [path.read_bytes() for path in sent.glob("*")] if sent.exists() else []

    until(lambda: kept() and Work.objects.filter(kind="tell", done_at__isnull=False).exists(), within=90)
    [letter] = kept()
    before = parts.ticks("tell_of_parked_work")
    until(lambda: parts.ticks("tell_of_parked_work") > before + 2, within=90)
    assert len(kept()) == 1
    told = read(letter)
    said = told.get_content()
    assert (told["To"], Work.objects.get(language="xx").parked) == ("sirpa@city.invalid", True)
    assert "Progress report 31" in told["Subject"] and said.count("\n– ") == 1 and "– PDF, xx: Failed: xx.pdf" in said
    assert f"/reports/{report.pk}/" in said


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("3× sv.pdf: unknown font\n  at lib.typ:7", "sv.pdf: unknown font"),
        (
            '2× fi.pdf (1): Traceback (most recent call last):\n  File "x"\nRuntimeError: no room',
            "RuntimeError: no room",
        ),
        ("", ""),
    ],
)
def test_an_error_is_told_by_the_line_that_says_it(error, told):
    assert letters.sentence(error) == told

"""Signing in: every failure alike, doors that stay shut for a while, and nobody shut out by somebody else."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client, RequestFactory

from portfolio import clock
from portfolio.people.accounts.commands import open_account
from portfolio.people.models import Account, Person, SignInTries
from portfolio.people.signing import places
from portfolio.people.signing.commands import TRIES, check_sign_in
from portfolio.refusals import Refused
from tests.pages.reading import markup
from tests.story import PASSWORD

HOME, OFFICE, ELSEWHERE = "192.0.2.1", "192.0.2.2", "198.51.100.7"


class Counted(PBKDF2PasswordHasher):
    """The ordinary hasher, counting its work."""

    times, iterations = 0, 1

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        Counted.times += 1
        return super().encode(password, salt, iterations)


@pytest.fixture
def ana_in(uma: Person, ana: Person) -> Account:
    return open_account(ana, username="ana", password=PASSWORD, by=uma)


def tried(browser: Client, name: str, password: str = "wrong", address: str = HOME) -> tuple[int, str]:
    """What the page answers: status and sentence."""
    given = {"username": name, "password": password}
    answer = browser.post("/sign-in/", given, REMOTE_ADDR=address, headers={"Accept-Language": "en"})
    found = re.search(r'role="alert">(.*?)</p>', markup(answer))
    if answer.status_code == 429:
        assert 0 < int(answer["Retry-After"]) <= 900
    return answer.status_code, found[1] if found else ""


def passed(minutes: int) -> None:
    for row in SignInTries.objects.all():
        row.began_at -= timedelta(minutes=minutes)
        row.save()


def test_a_known_and_an_unknown_name_are_answered_alike_and_as_often(
    ana_in: Account, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PASSWORD_HASHERS = ["tests.portfolio.people.test_signing.Counted"]
    for at, name in ((HOME, "ana"), (OFFICE, "nobody"), (ELSEWHERE, "Nobody-else")):
        Counted.times, browser = 0, Client()
        answers = [tried(browser, name, address=at) for _ in range(TRIES["here"] + 2)]
        assert [status for status, _ in answers] == [401] * TRIES["here"] + [429] * 2, name
        assert {sentence for _, sentence in answers} == {
            "The name and the password don&#x27;t belong together.",
            "There were too many attempts to sign in. Try again in 15 min.",
        }
        assert Counted.times == TRIES["here"], "what is refused at a shut door costs no hash"
    assert tried(Client(), "ana", PASSWORD)[0] == 429, "not with the right password either"
    passed(16)
    assert tried(Client(), "ana", PASSWORD)[0] == 302


def test_nobody_shuts_a_colleague_out(ana_in: Account) -> None:
    own = Client()
    assert tried(own, "ana", PASSWORD, HOME)[0] == 302
    for at in (ELSEWHERE, HOME):
        assert [tried(Client(), "ana", address=at)[0] for _ in range(6)][-1] == 429, at
    own.post("/sign-out/")
    assert tried(own, "ana", PASSWORD, HOME)[0] == 302, "the device is known, whoever else tries from beside it"
    passed(16)
    for number in range(TRIES["name"] + 1):  # from many addresses: slowed wherever the name has not signed in from
        with pytest.raises(Refused) as refused:
            check_sign_in(username="ana", password="wrong", address=f"203.0.113.{number}")
    assert refused.value.code == "signin.shut"
    assert tried(Client(), "ana", PASSWORD, "203.0.113.99")[0] == 429
    assert tried(Client(), "ana", PASSWORD, HOME)[0] == 302, "the address is known"
    own.post("/sign-out/")
    assert tried(own, "ana", PASSWORD, "203.0.113.98")[0] == 302, "the device is known wherever it is"


def test_an_address_that_tries_many_names_is_shut(ana_in: Account) -> None:
    answers = [tried(Client(), f"name-{number}")[0] for number in range(TRIES["address"] + 1)]
    assert answers == [401] * TRIES["address"] + [429]
    assert tried(Client(), "ana", PASSWORD)[0] == 429
    assert tried(Client(), "ana", PASSWORD, OFFICE)[0] == 302
    assert len(SignInTries.objects.all()) < 60 and not SignInTries.objects.filter(door__contains="ana").exists()


def test_a_device_is_its_names_own_and_its_tries_are_counted_too(ana_in: Account, uma: Person, dee: Person) -> None:
    open_account(dee, username="dee", password=PASSWORD + "s", by=uma)
    shared = Client()
    for name, word in (("ana", PASSWORD), ("dee", PASSWORD + "s")):
        assert tried(shared, name, word)[0] == 302
        shared.post("/sign-out/")
    stolen = shared.cookies[places.COOKIE].value
    for _ in range(3):  # signing in as oneself gives no new tries at another's name
        assert [tried(shared, "ana", address=ELSEWHERE)[0] for _ in range(6)][-1] == 429
        assert tried(shared, "dee", PASSWORD + "s", ELSEWHERE)[0] == 302
        shared.post("/sign-out/")
    forged = Client()
    forged.cookies[places.COOKIE] = stolen[:-2] + "xx"
    request = RequestFactory().get("/")
    request.COOKIES[places.COOKIE] = forged.cookies[places.COOKIE].value
    assert places.device(request, "ana") == ""


def test_a_right_password_begins_anew_and_two_at_once_do_not_pass(ana_in: Account) -> None:
    for _ in range(3):
        for _ in range(TRIES["here"] - 1):
            with pytest.raises(Refused, match=r"signin\.invalid"):
                check_sign_in(username="ana", password="wrong", address=HOME)
        assert check_sign_in(username=" ANA ", password=PASSWORD, address=HOME) == ana_in
    for odd in ("", "\x00", "ana\x00x", "x" * 5000, "\ud800"[:0] + "名"):
        with pytest.raises(Refused):
            check_sign_in(username=odd, password="\x00", address=OFFICE)


@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),  # not one of ours: what it says is not believed
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the left is the asker's own invention
        ("10.0.0.5", "203.0.113.9, 10.0.0.6", "203.0.113.9"),
        ("10.0.0.5", "rubbish", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("", "", ""),
    ],
)
def test_the_address_is_believed_as_far_as_the_proxies(settings: Any, remote: str, forwarded: str, found: str) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/24"),)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert places.address(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)) == found


def test_what_is_long_over_is_forgotten(ana_in: Account) -> None:
    tried(Client(), "nobody")
    SignInTries.objects.update(began_at=clock.real_now() - timedelta(days=2))
    tried(Client(), "ana", PASSWORD)
    assert set(SignInTries.objects.values_list("began_at__date", flat=True)) == {clock.real_now().date()}

"""The administrator of users lets somebody in on the pages: register, account, role, key, and the end of it all."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from portfolio import permissions
from portfolio.people.accounts.commands import issue_token
from portfolio.people.models import Account, Person, Token
from tests import story
from tests.projects import factories as projects


def test_somebody_is_let_in_and_out_again_on_the_pages(reader: Any, uma: Person, ana: Person) -> None:
    programme = projects.programme()
    browser = reader(uma)
    answer = browser.post("/people/", {"name": "Eeva Esimerkki", "title": "päällikkö", "email": "eeva@city.invalid"})
    eeva = Person.objects.get(name="Eeva Esimerkki")
    path = f"/people/{eeva.pk}/"
    assert answer["Location"] == path and eeva.title_fi == "päällikkö"
    assert browser.post("/people/", {"name": ""}).status_code == 400
    page = browser.post(path, {"move": "open", "username": "eeva", "language": "sv"})
    word = re.search(r'class="mono">([a-z0-9-]{19})<', page.content.decode())
    assert page.status_code == 200 and word and word[1] not in browser.get(path).content.decode(), "told once"
    role = {"move": "assign", "role": "programme_manager", "starts_on": "2022-01-01"}
    for given, status in (
        ({}, 400), ({"programme": "999999"}, 400), ({"programme": "x"}, 400), ({"starts_on": "1.1.2022"}, 400),
        ({"role": "council"}, 400), ({"programme": str(programme.pk)}, 302),
    ):  # fmt: skip
        assert browser.post(path, role | given).status_code == status, given
    assert permissions.role_names(eeva) == {"programme_manager"}
    issue_token(eeva.account, label="Siirto")
    key = {"move": "revoke", "token": str(Token.objects.get(account=eeva.account).pk)}
    assert (browser.post(path, key).status_code, browser.post(path, key).status_code) == (302, 404)
    eeva.refresh_from_db()
    held = {"move": "end", "assignment": str(eeva.roles.get().pk), "version": "1"}
    assert browser.post(path, held).status_code == 400, "a reason is asked for"
    assert browser.post(path, held | {"because": "Vaihtoi tehtävää"}).status_code == 302
    assert not permissions.role_names(eeva)
    out = {"move": "deactivate", "because": "Lähti", "version": str(eeva.version)}
    assert browser.post(path, out).status_code == 302 and not Person.objects.get(pk=eeva.pk).active
    for odd in ("/people/?q=%00", "/people/?page=99999&q=eeva", "/people/999999/"):
        assert browser.get(odd).status_code in (200, 404), odd
    for closed in ("/people/", path):
        assert reader(ana).get(closed).status_code == 403
        assert Client().get(closed)["Location"].startswith("/sign-in/")


def test_a_key_is_made_and_revoked_on_ones_own_page(reader: Any, ana: Person) -> None:
    reader(ana)
    Account.objects.filter(person=ana).update(password=story.hashed_password())
    browser = reader(ana)
    key = {"move": "token", "label": "Siirto", "days": "9", "current": story.PASSWORD}
    for wrong, says in (
        ({"label": ""}, ""),
        ({"days": "999"}, ""),
        ({"current": "not this"}, 'id="key-current-error"'),
    ):
        refused = browser.post("/account/", key | wrong)
        assert refused.status_code == 400 and says in refused.content.decode(), wrong
    assert not Token.objects.exists(), "a session alone makes no key"
    page = browser.post("/account/", key).content.decode()
    secret = re.search(r'class="mono">([\w-]{40,})<', page)
    signed = {"Authorization": f"Bearer {secret[1]}"}  # type: ignore[index]
    assert Client().get("/api/v1/programmes/", headers=signed).status_code == 200
    assert browser.post("/account/", {"move": "revoke", "token": str(Token.objects.get().pk)}).status_code == 302
    assert Client().get("/api/v1/programmes/", headers=signed).status_code == 401

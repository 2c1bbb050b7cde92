"""The administrator of users lets somebody in on the pages: register, account, role, key, and the end of it all."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.test import Client

from portfolio.people import permissions
from portfolio.people.accounts.commands import issue_token
from portfolio.people.models import Account, Person, Token
from portfolio.programmes.models import Programme
from tests import story
from tests.pages.reading import markup
from tests.portfolio.programmes import factories as programmes
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
    word = re.search(r'class="mono">([a-z0-9-]{19})<', markup(page))
    assert page.status_code == 200 and word and word[1] not in markup(browser.get(path)), "told once"
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
    for nothing in ("", "\u200b \u2060", "\u2800", "\u3164\uffa0", "\u115f\u1160", "\u3000", "\u0301", "\U0001d159"):
        assert browser.post(path, held | {"because": nothing}).status_code == 400, "a reason is asked for"
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
        assert refused.status_code == 400 and says in markup(refused), wrong
    assert not Token.objects.exists(), "a session alone makes no key"
    page = markup(browser.post("/account/", key))
    secret = re.search(r'class="mono">([\w-]{40,})<', page)
    signed = {"Authorization": f"Bearer {secret[1]}"}  # type: ignore[index]
    assert Client().get("/api/v1/programmes/", headers=signed).status_code == 200
    assert browser.post("/account/", {"move": "revoke", "token": str(Token.objects.get().pk)}).status_code == 302
    assert Client().get("/api/v1/programmes/", headers=signed).status_code == 401


def test_no_right_is_given_by_a_choice_that_nobody_made(reader: Any, uma: Person, dee: Person) -> None:
    programme = projects.programme()
    project = projects.project(programme, code="P7")
    browser, path = reader(uma, "fi"), f"/people/{dee.pk}/"
    page = markup(browser.get(path))
    for chosen in re.findall(r"<select[^>]*>(.*?)</select>", page.split('id="roles"')[1], re.S):
        assert chosen.startswith('<option value="">') and "selected" not in chosen
    named = f"{programme.name_fi} ({programme.council_term.label})"
    assert f">{named}</option>" in page and f">P7 {project.name_fi}, {named}</option>" in page
    assert f"({programme.code})" not in page
    given = {"move": "assign", "starts_on": "2022-01-01"}
    untouched = browser.post(path, given | {"role": ""})
    assert untouched.status_code == 400 and 'id="role-error"' in markup(untouched)
    lone = browser.post(path, given | {"role": "programme_manager"})
    assert lone.status_code == 400 and 'class="err" id="programme-error"' in markup(lone)
    assert not permissions.role_names(dee)
    browser.post(path, given | {"role": "project_manager", "project_id": str(project.pk)})
    assert f"<td>P7 {project.name_fi}, {named}</td>" in markup(browser.get(path))


def test_no_role_is_offered_on_a_programme_that_has_closed(reader: Any, uma: Person, dee: Person) -> None:
    closed = programmes.closed(programmes.programme())
    assert closed.phase == Programme.Phase.CLOSED
    browser, path = reader(uma), f"/people/{dee.pk}/"
    assert f'<option value="{closed.pk}">{closed.name_fi}' not in markup(browser.get(path))
    role = {"move": "assign", "role": "programme_manager", "starts_on": "2022-01-01", "programme": str(closed.pk)}
    assert browser.post(path, role).status_code == 400


def test_what_was_done_with_a_person_stands_with_who_and_why(reader: Any, uma: Person, dee: Person) -> None:
    browser, path = reader(uma, "fi"), f"/people/{dee.pk}/"
    browser.post(path, {"move": "assign", "role": "auditor", "starts_on": "2022-01-01"})
    held = dee.roles.get()
    browser.post(path, {"move": "end", "assignment": str(held.pk), "version": "1", "because": "Vaihtoi tehtävää"})
    browser.post(path, {"move": "deactivate", "because": "Jäi eläkkeelle", "version": "1"})
    told = markup(browser.get(path)).split('id="acts"')[1]
    lines = [" ".join(re.sub("<[^>]+>", "", line).split()) for line in re.findall(r"<li>(.*?)</li>", told, re.S)]
    assert [line.split(": ", 1)[1] for line in lines[:3]] == [
        "pääsy estetty (Uma). Syy: Jäi eläkkeelle",
        "rooli päätetty, tarkastaja (Uma). Syy: Vaihtoi tehtävää",
        "rooli annettu, tarkastaja (Uma)",
    ]
    assert "kirjattu rekisteriin" in lines[-1] and "Palauta pääsy" in markup(browser.get(path))


def test_a_name_is_corrected_and_a_namesake_is_warned_of_first(reader: Any, uma: Person, dee: Person) -> None:
    browser, path = reader(uma), f"/people/{dee.pk}/"
    told = {"move": "edit", "name": "Dee Dahl", "title": "jurist", "email": "dee@city.invalid", "version": "1"}
    assert browser.post(path, told | {"email": "x"}).status_code == 400
    assert browser.post(path, told)["Location"] == f"{path}?saved=edit"
    dee.refresh_from_db()
    assert (dee.name, dee.title_fi, dee.email) == ("Dee Dahl", "jurist", "dee@city.invalid")
    assert browser.post(path, told | {"name": "Dee Ek"}).status_code == 412, "the version is an old one"
    again = browser.post("/people/", {"name": " dee  dahl"})
    page = again.content.decode()
    assert again.status_code == 409 and f'href="{path}"' in page and 'value=" dee  dahl"' in page
    assert Person.objects.filter(name__iexact="dee dahl").count() == 1
    assert browser.post("/people/", {"name": "Dee Dahl", "namesake": "1"}).status_code == 302
    assert browser.post(path, told | {"version": str(dee.version)}).status_code == 302, "no warning of oneself"


def test_a_lost_session_holds_the_forms_of_people_and_no_password(reader: Any, uma: Person, dee: Person) -> None:
    programme = projects.programme()
    named = f"{programme.name_fi} ({programme.council_term.label})"
    role = {"move": "assign", "role": "programme_manager", "programme": str(programme.pk), "starts_on": "2022-01-01"}
    day = '<time datetime="2022-01-01">1.1.2022</time>'
    for path, typed, shown in (
        ("/people/", {"name": "Åsa", "title": "jurist", "email": "a@city.invalid"},
         [("Nimi", "Åsa"), ("Nimike", "jurist"), ("Sähköpostiosoite", "a@city.invalid")]),
        (f"/people/{dee.pk}/", role,
         [("Rooli", "ohjelmapäällikkö"), ("Ohjelma (ohjelmapäälliköllä)", named), ("Alkaa", day)]),
    ):  # fmt: skip
        browser = reader(uma, "fi")
        browser.get(path)
        del browser.cookies[settings.SESSION_COOKIE_NAME]
        told = markup(browser.post(path, typed))
        kept = re.search(r'name="held" value="([^"]+)"', told)
        assert kept, path
        uma.account.password = story.hashed_password()
        uma.account.save()
        signing = {"username": uma.account.username, "password": story.PASSWORD, "held": kept[1], "next": path}
        back = markup(browser.post("/sign-in/", signing))
        assert re.findall(r'<p class="colh">(.*?)</p><blockquote>(?:<p>)?(.*?)(?:</p>)?</blockquote>', back) == shown
    browser = Client()
    browser.cookies["django_language"] = "fi"
    lost = browser.post("/account/", {"move": "token", "label": "Siirto", "days": "9", "current": "a"})
    page = markup(lost)
    assert lost.status_code == 401 and "Salasanaa ei säilytetä" in page and 'name="held"' not in page


def test_the_administrator_begins_with_people_and_a_password_says_that_it_changed(
    reader: Any, uma: Person, ana: Person
) -> None:
    assert reader(uma).get("/")["Location"] == "/en/people/" and reader(ana).get("/")["Location"] == "/en/"
    menu = markup(reader(uma).get("/people/")).split('<nav class="menu"')[1].split("</nav>")[0]
    assert menu.count('href="/people/"') == 1 and menu.index("/people/") < menu.index("/programmes/")
    new = {"move": "password", "current": story.PASSWORD, "new": "kolme metsää ja yksi lampi"}
    browser = reader(ana, "fi")
    ana.account.password = story.hashed_password()
    ana.account.save()
    browser.force_login(ana.account)
    answer = browser.post("/account/", new | {"again": new["new"]})
    assert answer["Location"] == "/account/?saved=password"
    page = markup(browser.get(answer["Location"]))
    assert "Salasana on vaihdettu." in page and "Avaimia ei ole käytössä." in page

"""Accounts: the first one of an installation, temporary and own passwords, sessions and keys that end for good."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, identify_hasher
from django.core.management import CommandError, call_command
from django.test import Client

from portfolio import clock, history
from portfolio.history.models import ChangeSet
from portfolio.people import commands as people
from portfolio.people import permissions
from portfolio.people.accounts import commands
from portfolio.people.models import Account, AccountAct, Person, Role, RoleAssignment, Token
from portfolio.people.passwords import require_good
from portfolio.people.signing.commands import check_sign_in
from portfolio.refusals import Refused
from tests import story

GOOD = "kuusi-metsää-ja-yksi-suo"


def told(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def browser(name: str, password: str) -> Client:
    """A browser in which somebody has signed in at the page."""
    found = Client()
    found.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert found.post("/sign-in/", {"username": name, "password": password}).status_code == 302
    return found


def test_the_first_account_of_an_empty_installation_opens_without_a_page(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
    assert "ada: the account of Ada Alku is open." in told("open_account", "ada", person="Ada Alku", stdin=True)
    ada = Person.objects.get(name="Ada Alku")
    assert permissions.role_names(ada) == {"user_admin"}
    change = ChangeSet.objects.get(seq=history.head().seq)
    assert (change.kind, change.job) == ("job", "setup") and "open_account" in change.reason
    act = AccountAct.objects.get()
    assert (act.person, act.act, act.seq) == (ada, "opened", change.seq)
    assert browser("ada", GOOD).get("/programmes/").status_code == 200
    head = history.head()
    for arguments, says in (
        (("open_account", "Ada", "--person", "Eeva", "--temporary"), "in use"),
        (("open_account", "eeva", "--person", "Ada Alku", "--temporary"), f"--person-id {ada.pk}"),
        (("open_account", "eeva", "--person-id", str(ada.pk), "--temporary"), "already has an account"),
        (("open_account", "eeva", "--person-id", "999999", "--temporary"), "no person with the id"),
        (("open_account", "e e", "--person", "Eeva", "--temporary"), "no spaces"),
        (("open_account", "eeva", "--person", "Eeva"), "no terminal"),
        (("open_account", "eeva", "--person", "Eeva", "--temporary", "--role", "programme_manager"), "invalid choice"),
    ):
        with pytest.raises(CommandError, match=says):
            told(*arguments)
    for weak in ("", "short", "password1234", "123456789012345", "aaaaaaaaaaaaaaa", "Eeva-esimerkki", "x" * 300):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{weak}\n"))
        with pytest.raises(CommandError, match="password"):
            told("open_account", "eeva", "--person", "Eeva Esimerkki", "--stdin")
    assert history.head() == head and not Person.objects.filter(name__startswith="Eeva").exists()


def test_who_opens_an_account_at_the_terminal_types_the_password_twice(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    typed = iter([GOOD, "another word", GOOD, GOOD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="not the same"):
        told("open_account", "ada", "--person", "Ada")
    told("open_account", "ada", "--person", "Ada", "--role", "director", "--role", "secretary", "--language", "sv")
    ada = check_sign_in(username="ada", password=GOOD).person
    assert permissions.role_names(ada) == {"director", "secretary"} and ada.account.language == "sv"


def test_a_temporary_password_opens_nothing_but_the_choice_of_an_own_one(api: Any, uma: Person, dee: Person) -> None:
    opened = api(uma).post("accounts/", {"person": dee.pk, "username": "dee"})
    assert opened.status_code == 201 and opened["Cache-Control"] == "no-store"
    word = opened.json()["temporary_password"]
    assert len(word) == 19 and word not in str(api(uma).get(f"accounts/{opened.json()['id']}/").json())
    page = browser("dee", word)
    assert page.get("/programmes/")["Location"] == "/account/"
    refused = page.get("/api/v1/programmes/")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "account.temporary")
    for given, says in (
        ({"current": "wrong", "new": GOOD, "again": GOOD}, "not your present"),
        ({"current": word, "new": GOOD, "again": GOOD + "x"}, "not the same"),
        ({"current": word, "new": word, "again": word}, "another password"),
        ({"current": word, "new": "short", "again": "short"}, "twelve"),
    ):
        answer = page.post("/account/", given)
        assert answer.status_code == 400 and says in answer.content.decode(), given
    assert (
        page.post("/account/", {"current": word, "new": GOOD, "again": GOOD})["Location"] == "/account/?saved=password"
    )
    assert page.get("/programmes/").status_code == 200, "who has chosen stays signed in"
    with pytest.raises(Refused, match=r"signin\.invalid"):
        check_sign_in(username="dee", password=word)
    acts = AccountAct.objects.filter(person=dee).values_list("act", flat=True)
    assert list(acts) == ["opened", "password_changed"]
    assert ChangeSet.objects.get(seq=AccountAct.objects.last().seq).actor_id == dee.pk  # type: ignore[union-attr]


def test_a_temporary_password_runs_out(uma: Person, dee: Person) -> None:
    _account, word = commands.open_with_temporary_password(dee, username="dee", by=uma)
    Account.objects.update(temporary_until=clock.real_now() - timedelta(seconds=1))
    with pytest.raises(Refused, match=r"signin\.invalid"):
        check_sign_in(username="dee", password=word)
    again = told("reset_password", "dee").strip()
    assert check_sign_in(username="dee", password=again).person == dee


def test_accounts_are_opened_by_the_administrator_of_users_alone(
    api: Any, uma: Person, ana: Person, bo: Person, dee: Person
) -> None:
    body = {"person": dee.pk, "username": "dee"}
    story.assert_refused(api(ana), "post", "accounts/", body, code="permission.role", status=403)
    commands.open_account(dee, username="dee", password=GOOD, by=uma)
    story.assert_refused(api(uma), "post", "accounts/", body, code="account.exists", status=409)
    eeva = story.person("Eeva")
    taken = {"person": eeva.pk, "username": "DEE"}
    story.assert_refused(api(uma), "post", "accounts/", taken, code="account.username_taken", status=409)
    story.assert_refused(
        api(uma), "post", "accounts/", taken | {"username": "e e"}, code="account.username", status=400
    )
    people.deactivate_person(eeva, because="Lähtenyt", by=uma)
    known = api(uma).post("accounts/", taken | {"username": "eeva"}).json()["errors"][0]["code"]
    assert known == "reference.unknown" or known == "person.inactive"
    path = f"accounts/{dee.account.pk}/"
    assert api(bo).get(path).status_code == 404 and api(bo).get("accounts/").json()["count"] == 1
    story.assert_refused(api(ana), "post", f"{path}reset-password/", code="permission.role", status=403)
    story.assert_refused(api(uma), "get", f"accounts/?as_of=seq:{history.head().seq}", code="as_of.no_past", status=400)
    acts = api(uma).get(f"account-acts/?person={dee.pk}").json()["results"]
    assert [row["act"] for row in acts] == ["opened"]
    (entry,) = api(uma).get(f"account-acts/{acts[0]['id']}/history/").json()["results"]
    assert entry["actor"] == "Uma" and "argon" not in str(entry) and "pbkdf2" not in str(entry)


def test_sessions_and_keys_end_for_good_with_the_person(api: Any, uma: Person, ana: Person) -> None:
    commands.open_account(ana, username="ana", password=GOOD, by=uma)
    page, secret = browser("ana", GOOD), commands.issue_token(ana.account)
    people.deactivate_person(ana, because="Siirtyi muualle", by=uma)
    people.reactivate_person(ana, because="Palasi", by=uma)
    assert page.get("/programmes/").status_code == 302, "a session from before stays ended"
    assert Client().get("/api/v1/programmes/", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert browser("ana", GOOD).get("/programmes/").status_code == 200


def test_another_password_ends_other_sessions_and_a_reset_ends_all_and_the_keys(
    api: Any, uma: Person, ana: Person
) -> None:
    account = commands.open_account(ana, username="ana", password=GOOD, by=uma)
    here, elsewhere, secret = browser("ana", GOOD), browser("ana", GOOD), commands.issue_token(account)
    new = GOOD + "-uusi"
    assert 'name="revoke"' in here.get("/account/").content.decode(), "keys stay, and can go with the password"
    assert here.post("/account/", {"current": GOOD, "new": new, "again": new}).status_code == 302
    assert (here.get("/programmes/").status_code, elsewhere.get("/programmes/").status_code) == (200, 302)
    signed = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/programmes/", headers=signed).status_code == 200, "a key of one's own stays"
    then = {"current": new, "new": GOOD, "again": GOOD, "revoke": "all"}
    assert here.post("/account/", then).status_code == 302 and here.get("/programmes/").status_code == 200
    assert Client().get("/api/v1/programmes/", headers=signed).status_code == 401
    assert list(AccountAct.objects.values_list("act", flat=True))[-2:] == ["password_changed", "token_revoked"]
    signed = {"Authorization": f"Bearer {commands.issue_token(account)}"}
    assert api(uma).post(f"accounts/{account.pk}/reset-password/").status_code == 200
    assert here.get("/programmes/").status_code == 302
    assert Client().get("/api/v1/programmes/", headers=signed).status_code == 401


def test_a_role_that_ends_without_a_day_is_gone_on_the_next_request(api: Any, uma: Person, dee: Person) -> None:
    given = api(uma).post("roles/", {"person": dee.pk, "role": "auditor", "starts_on": str(clock.today())}).json()
    reader = api(dee)
    assert reader.get("people/").json()["count"] > 1
    ended = api(uma).post(f"roles/{given['id']}/end/", {"because": "Väärä henkilö"}, seen=1).json()
    assert ended["ends_on"] == str(clock.today()) and ended["ended_at"]
    assert reader.get("people/").json()["count"] == 1
    assert not RoleAssignment.objects.get(pk=given["id"]).holds_on(clock.today())
    again = api(uma).post("roles/", {"person": dee.pk, "role": "auditor", "starts_on": str(clock.today())})
    assert again.status_code == 201, "and can be given anew on the same day"
    assert reader.get("people/").json()["count"] > 1


def test_what_is_guessed_first_is_no_password(uma: Person) -> None:
    account = Account(person=Person(name="Ville Virtanen", email="ville@city.invalid"), username="auditor")
    for weak, code in (
        ("auditorauditor", "similar"), ("Auditor.2024.Auditor", "similar"), ("virtanenvirtanen7", "similar"),
        ("salasana1234", "common"), ("password1234", "common"), ("P4ssw0rd1234", "common"), ("Lösenord2024!", "common"),
        ("kesäkuu20262026", "common"), ("salasanasalasana", "common"), ("2024Tervetuloa!!", "common"),
        ("Helsingfors1952", "common"), ("kuusi-metsää\x00ja-suo", "control"), ("kuusi-metsää\tja-suo", "control"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            require_good(weak, account)
        assert f"account.password_{code}" in {lack.code for lack in refused.value.lacks}, weak
    for good in (GOOD, "auditor ja kolme kettua", "salasana on mummon reseptissä", "x7-kq29-vbn4-28fh", "Ä" + GOOD):
        require_good(good, account)


def test_keys_are_listed_and_revoked_by_whose_they_are_and_by_the_administrator(
    api: Any, uma: Person, ana: Person, bo: Person
) -> None:
    mine, other = api(ana), api(bo)
    secret = commands.issue_token(ana.account, label="Siirto", days=30)
    (row,) = [row for row in mine.get("tokens/").json()["results"] if row["label"] == "Siirto"]
    assert row["last_four"] == secret[-4:] and row["last_used_at"] is None and secret not in str(row)
    signed = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/programmes/", headers=signed).status_code == 200
    assert mine.get(f"tokens/{row['id']}/").json()["last_used_at"]
    path = f"tokens/{row['id']}/revoke/"
    story.assert_refused(other, "post", path, code="not_found", status=404)
    assert mine.post(path).status_code == 200
    assert Client().get("/api/v1/programmes/", headers=signed).status_code == 401
    token = Token.objects.get(account=bo.account)
    assert api(uma).post(f"tokens/{token.pk}/revoke/").status_code == 200
    story.assert_refused(other, "get", "programmes/", code="signin.token", status=401)
    acts = AccountAct.objects.filter(act="token_revoked").values_list("person__name", "label")
    assert list(acts) == [("Ana", "Siirto"), ("Bo", "")]


def test_passwords_are_kept_by_argon2_and_older_ones_anew_at_the_next_sign_in(
    uma: Person, ana: Person, settings: Any
) -> None:
    from config import settings as kept

    settings.PASSWORD_HASHERS = kept.PASSWORD_HASHERS
    account = commands.open_account(ana, username="ana", password=GOOD, by=uma)
    assert account.password.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    Account.objects.update(password=PBKDF2PasswordHasher().encode(GOOD, "salt", 1000))
    assert check_sign_in(username="ana", password=GOOD) == account
    account.refresh_from_db()
    assert identify_hasher(account.password).algorithm == "argon2"
    assert check_sign_in(username="ana", password=GOOD.replace("ä", "a\u0308")) == account, "typed on another keyboard"


def test_who_gives_roles_may_name_what_they_are_held_on_and_no_more(api: Any, uma: Person, dee: Person) -> None:
    from tests.projects import factories as projects

    pilot = projects.pilot()
    unit, project = projects.body("line_unit", "Liikuntapalvelut"), pilot.project
    client, programme = api(uma), project.programme
    for resource, thing in (
        ("programmes", programme), ("projects", project), ("units", unit),
    ):  # fmt: skip
        names = [row for row in client.get(f"assignable-{resource}/").json()["results"] if row["id"] == thing.pk]
        assert names and names[0]["name_fi"] == thing.name_fi, resource
        assert api(dee).get(f"assignable-{resource}/").json()["count"] == 0
        assert client.get(f"assignable-{resource}/{thing.pk}/history/").status_code == 404
    for resource in ("programmes", "projects", "bodies"):
        assert client.get(f"{resource}/").json()["count"] == 0, "names alone are open"
    day = {"person": dee.pk, "starts_on": "2022-01-01"}
    for given in (
        {"role": "programme_manager", "programme": programme.pk},
        {"role": "project_manager", "project_id": project.pk},
        {"role": "unit_owner", "unit": unit.pk},
        {"role": "unit_owner", "unit": projects.body("line_unit", "Kirjasto").pk},
    ):
        answer = client.post("roles/", day | given)
        assert answer.status_code == 201, (given, answer.content)
    assert api(dee).get(f"projects/{project.pk}/").status_code == 200


def test_a_role_is_only_shortened(api: Any, uma: Person, dee: Person) -> None:
    """Who ends roles gives none by it: not to themselves, not again what was taken away (INV-113, INV-115)."""
    today, says = clock.today(), {"code": "role.ended", "status": 409}
    with history.change(by=story.SETUP):
        held = {"starts_on": today - timedelta(days=300), "ends_on": today - timedelta(days=100)}
        own = RoleAssignment(person=uma, role=Role.DIRECTOR, **held).checked_save()
        hers = RoleAssignment(person=dee, role=Role.AUDITOR, starts_on=held["starts_on"]).checked_save()
    later = {"because": "x", "ends_on": str(today + timedelta(days=900))}
    story.assert_refused(api(uma), "post", f"roles/{own.pk}/end/", later, **says, seen=own.version)
    assert api(uma).post(f"roles/{hers.pk}/end/", {"because": "Lähti"}, seen=hers.version).status_code == 200
    says["code"] = "role.taken_away"
    for again in (later, {"because": "x"}, {"because": "x", "ends_on": str(today - timedelta(days=1))}):
        story.assert_refused(api(uma), "post", f"roles/{hers.pk}/end/", again, **says, seen=hers.version + 1)


def test_a_password_given_while_the_old_one_is_looked_at_is_the_one_that_counts(
    uma: Person, dee: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = commands.open_account(dee, username="dee", password=GOOD, by=uma)
    looked_at = Account.check_password

    def meanwhile(mine: Account, word: str) -> bool:
        right = looked_at(mine, word)
        commands.reset_password(Account.objects.get(pk=account.pk), by=uma)
        return right

    monkeypatch.setattr(Account, "check_password", meanwhile)
    new = "aivan toinen pitkä sana"
    for act in (
        lambda: commands.change_password(account, current=GOOD, new=new, again=new),
        lambda: commands.make_token(account, current=GOOD, label="Siirto"),
    ):
        account.refresh_from_db()
        account.temporary_until = None
        account.set_password(GOOD)
        account.save()
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "account.password_wrong"
        assert Account.objects.get(pk=account.pk).temporary_until and not account.tokens.exists()


def test_no_other_letters_open_an_account_than_those_that_are_counted(uma: Person, dee: Person) -> None:
    """PostgreSQL's capitals make ı an i; tries are counted by a name that does not."""
    commands.open_account(dee, username="irmeli", password=GOOD, by=uma)
    assert check_sign_in(username="IRMELI", password=GOOD).person == dee
    for other in ("ırmeli", "irmelı"):
        with pytest.raises(Refused) as refused:
            check_sign_in(username=other, password=GOOD)
        assert refused.value.code == "signin.invalid", other


def test_a_user_name_is_read_alike_at_every_door(uma: Person, dee: Person) -> None:
    """What can't be seen is no part of it, look-alike letters are refused, and an erasure's names are its own."""
    for name, code in (
        ("\u043aissa", "account.username_scripts"),  # a Cyrillic first letter
        ("Erased-14", "account.username_reserved"),
        ("ERASED\u200b-x", "account.username_reserved"),
        ("ｅｒａｓｅｄ-1", "account.username_reserved"),
    ):
        with pytest.raises(Refused) as refused:
            commands.open_account(dee, username=name, password=GOOD, by=uma)
        assert refused.value.code == code, name
        with pytest.raises(CommandError):
            told("open_account", name, person="Eeva Esimerkki", temporary=True)
    assert commands.open_account(dee, username="kissa\u200b", password=GOOD, by=uma).username == "kissa"
    for typed in ("kissa\u200b", "\u2060KISSA\u3164"):
        assert check_sign_in(username=typed, password=GOOD).person == dee


def test_djangos_own_commands_for_accounts_tell_ours(uma: Person, dee: Person) -> None:
    before = commands.open_account(dee, username="dee", password=GOOD, by=uma).password
    for command, names in (("changepassword dee", "reset_password"), ("createsuperuser --noinput", "open_account")):
        with pytest.raises(CommandError, match=names):
            told(*command.split())
    assert Account.objects.get(person=dee).password == before and Account.objects.count() == 1


def test_a_key_gives_its_owner_no_password(api: Any, uma: Person) -> None:
    mine = api(uma)
    story.assert_refused(mine, "post", f"accounts/{uma.account.pk}/reset-password/", code="account.own", status=409)

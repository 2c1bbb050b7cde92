"""Somebody who can sign in administers the users, on every day as far as the record says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from portfolio import clock, history
from portfolio.people import commands as people
from portfolio.people.accounts import commands
from portfolio.people.models import Account, Person, Role, RoleAssignment
from tests import story


def test_the_last_administrator_of_users_stays_until_there_is_another(api: Any, uma: Person, dee: Person) -> None:
    mine = api(uma)
    role, seen = RoleAssignment.objects.get(person=uma), Person.objects.get(pk=uma.pk).version
    end, out = f"roles/{role.pk}/end/", f"people/{uma.pk}/deactivate/"
    today, says = str(clock.today()), {"code": "role.last_administrator", "status": 409}
    given = mine.post("roles/", {"person": dee.pk, "role": "user_admin", "starts_on": today})
    assert given.status_code == 201, "but nobody can sign in as Dee"
    for body in ({"because": "Lähden"}, {"because": "Lähden", "ends_on": "2099-12-31"}):
        story.assert_refused(mine, "post", end, body, **says, seen=role.version)
    story.assert_refused(mine, "post", out, {"because": "Lähden"}, **says, seen=seen)
    assert mine.post("accounts/", {"person": dee.pk, "username": "dee"}).status_code == 201
    assert mine.post(end, {"because": "Dee jatkaa"}, seen=role.version).status_code == 200
    story.assert_refused(
        api(dee), "post", f"people/{dee.pk}/deactivate/", {"because": "Lähden"}, **says,
        seen=Person.objects.get(pk=dee.pk).version,
    )  # fmt: skip


def test_who_cannot_sign_in_any_more_does_not_administer(api: Any, uma: Person, dee: Person) -> None:
    role = RoleAssignment.objects.get(person=uma)
    with history.change(by=story.SETUP):
        RoleAssignment(person=dee, role=Role.USER_ADMIN, starts_on=clock.today()).checked_save()
    account, _ = commands.open_with_temporary_password(dee, username="dee", by=uma)
    Account.objects.filter(pk=account.pk).update(temporary_until=clock.real_now() - timedelta(days=30))
    says = {"code": "role.last_administrator", "status": 409}
    story.assert_refused(api(uma), "post", f"roles/{role.pk}/end/", {"because": "x"}, **says, seen=role.version)
    for nothing in ("", make_password(None)):
        Account.objects.filter(pk=account.pk).update(temporary_until=None, password=nothing)
        story.assert_refused(api(uma), "post", f"roles/{role.pk}/end/", {"because": "x"}, **says, seen=role.version)


def test_on_every_later_day_somebody_administers_the_users(api: Any, uma: Person, dee: Person) -> None:
    mine, today = api(uma), clock.today()
    Account.objects.filter(person=uma).update(password=story.hashed_password())
    role = RoleAssignment.objects.get(person=uma)
    commands.open_with_temporary_password(dee, username="dee", by=uma)
    hers = people.assign_role(dee, role="user_admin", starts_on=today, ends_on=today + timedelta(days=30), by=uma)
    says, end = {"code": "role.last_administrator", "status": 409}, f"roles/{role.pk}/end/"
    for days, without in ((None, 31), (20, 31), (45, 46)):
        body = {"because": "x"} | ({"ends_on": str(today + timedelta(days=days))} if days else {})
        [answer] = story.assert_refused(mine, "post", end, body, **says, seen=role.version)
        assert answer["params"]["on"] == str(today + timedelta(days=without))
    gap = people.assign_role(dee, role="user_admin", starts_on=today + timedelta(days=32), by=uma)
    story.assert_refused(mine, "post", end, {"because": "x"}, **says, seen=role.version)
    people.end_role(gap, because="Päivä puuttuu", by=uma)
    people.assign_role(dee, role="user_admin", starts_on=hers.ends_on + timedelta(days=1), by=uma)
    assert mine.post(end, {"because": "Dee jatkaa"}, seen=role.version).status_code == 200

"""The register of people, the directory one names them from, their roles by date, tokens, and the end of access."""

import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from portfolio import clock, history
from portfolio.people import commands, permissions
from portfolio.people.accounts import commands as accounts
from portfolio.people.models import Account, Person, Role, RoleAssignment, Token
from portfolio.refusals import Refused
from projects.register.models import Project
from tests import story
from tests.portfolio.programmes import factories


def signed_in(someone, secret):
    client = story.Client(None)
    client.headers["Authorization"] = f"Bearer {secret}"
    client.person = someone
    return client


def account(someone):
    return Account.objects.create(person=someone, username=f"account-{someone.pk}")


def role(api, uma, someone, **given):
    body = {"person": someone.pk, "role": "auditor", "starts_on": "2017-01-01"} | given
    return api(uma).post("roles/", body)


def test_the_administrator_registers_a_person_and_nobody_else_may(api, uma, ana, dee):
    entered = api(uma).post("people/", {"name": "Chen", "email": "chen@city.invalid", "title_fi": "johtaja"})
    assert entered.status_code == 201, entered.content
    assert entered.json()["active"] is True and entered.json()["version"] == 1
    for someone in (ana, dee):
        story.assert_refused(api(someone), "post", "people/", {"name": "X"}, code="permission.role", status=403)


def test_the_register_is_for_the_office_and_each_sees_themselves(api, setup_people):
    total = Person.objects.count()
    for name in ("ana", "sirpa", "aud", "uma"):
        assert api(setup_people[name]).get("people/").json()["count"] == total, name
    for name in ("bo", "dee"):
        listed = api(setup_people[name]).get("people/").json()
        assert [row["name"] for row in listed["results"]] == [name.title()]
        assert api(setup_people[name]).get(f"people/{setup_people['ana'].pk}/").status_code == 404


def test_the_directory_tells_name_and_title_and_no_more(api, setup_people):
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=factories.programme())
    answer = api(chen).get("directory/?ordering=name").json()
    assert {"Ana", "Bo", "Chen"} <= {row["name"] for row in answer["results"]}
    assert not {"email", "phone", "council_group", "unit"} & set(answer["results"][0])
    ana = setup_people["ana"]
    assert api(chen).get(f"directory/{ana.pk}/").json()["name"] == "Ana"
    assert api(chen).get(f"directory/{ana.pk}/history/").status_code == 404
    assert api(chen).get("directory/?fields=email").status_code == 400
    assert api(chen).get(f"directory/?as_of=seq:{history.head().seq}").json()["count"] == answer["count"]
    assert [row["name"] for row in api(setup_people["dee"]).get("directory/").json()["results"]] == ["Dee"]


def test_a_programme_manager_may_name_an_active_person_as_owner(api, setup_people, uma):
    programme = factories.programme()
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=programme)
    owner, gone = story.person("Eeva"), story.person("Gone")
    commands.deactivate_person(gone, because="Lähtenyt", by=uma)
    body = {"programme": programme.pk, "title_fi": "Hanke viivästyy", "likelihood": 3, "impact": 3}
    named = api(chen).post("risks/", body | {"owner": owner.pk})
    assert named.status_code == 201, named.content
    story.assert_refused(api(chen), "post", "risks/", body | {"owner": gone.pk}, code="reference.unknown", status=400)


def test_inv_114_each_role_reaches_what_is_its_own(api, setup_people):
    ours, theirs = factories.programme(), factories.programme("TOI", "Toinen ohjelma")
    chen = story.person("Chen", Role.PROGRAMME_MANAGER, programme=ours)
    update = {"status_on": "2022-12-31", "summary_fi": "Hyvin."}
    assert api(chen).post("programme-updates/", update | {"programme": ours.pk}).status_code == 201
    story.assert_refused(
        api(chen), "post", "programme-updates/", update | {"programme": theirs.pk}, code="permission.role", status=403
    )
    assert api(setup_people["ana"]).post("programme-updates/", update | {"programme": theirs.pk}).status_code == 201
    assert api(setup_people["ana"]).get("programme-updates/").json()["count"] == 2
    assert api(chen).get("programme-updates/").json()["count"] == 1
    story.assert_refused(
        api(setup_people["aud"]), "post", "programme-updates/", update | {"programme": ours.pk},
        code="permission.role", status=403,
    )  # fmt: skip


@pytest.mark.parametrize(("first", "last", "works"), [(0, 0, True), (-9, -1, False), (1, 9, False), (-9, None, True)])
def test_inv_115_rights_begin_with_the_first_day_and_end_with_the_last(api, setup_people, first, last, works):
    chen, today = story.person("Chen"), clock.today()
    ends_on = None if last is None else today + timedelta(days=last)
    with history.change(by=story.SETUP):
        RoleAssignment(
            person=chen, role=Role.AUDITOR, starts_on=today + timedelta(days=first), ends_on=ends_on
        ).checked_save()
    assert permissions.role_names(chen) == ({"auditor"} if works else set())
    assert (api(chen).get("people/").json()["count"] > 1) is works


def test_inv_115_a_role_that_ends_today_is_gone_tomorrow(setup_people, uma):
    chen = story.person("Chen", Role.AUDITOR)
    commands.end_role(RoleAssignment.objects.get(person=chen), ends_on=clock.today(), because="left", by=uma)
    tomorrow = clock.today() + timedelta(days=1)
    chen = Person.objects.get(pk=chen.pk)
    assert permissions.holdings(chen, on=clock.today()) and not permissions.holdings(chen, on=tomorrow)


def test_inv_115_a_members_right_comes_and_goes_with_the_seat(api, setup_people):
    from tests.portfolio.steering import factories as steering

    group = steering.group(factories.programme())
    bo = steering.member(group, "elected", "Eeva")
    held = permissions.holdings(Person.objects.get(pk=bo.person_id), on=bo.starts_on)
    assert [(each.role, each.programme_id) for each in held] == [("elected_member", group.programme_id)]
    before = bo.starts_on - timedelta(days=1)
    assert permissions.holdings(Person.objects.get(pk=bo.person_id), on=before) == []


@pytest.mark.parametrize(
    ("given", "code", "status"),
    [
        ({"ends_on": "2016-12-31"}, "role.range", 400),
        ({"role": "programme_manager"}, "role.programme_missing", 400),
        ({"role": "project_manager"}, "role.project_missing", 400),
        ({"role": "project_manager", "project_id": 999_999}, "role.project_unknown", 400),
        ({"role": "unit_owner"}, "role.unit_missing", 400),
        ({"role": "unit_owner", "unit": "council"}, "role.unit_kind", 400),
        ({"programme": "ours"}, "role.programme_foreign", 400),
        ({"role": "project_manager", "project_id": "ours", "programme": "ours"}, "role.programme_foreign", 400),
        ({"role": "director", "project_id": "ours"}, "role.project_foreign", 400),
        ({"unit": "unit"}, "role.unit_foreign", 400),
        ({"starts_on": "1900-01-01"}, "role.too_early", 400),
        ({"role": "elected_member"}, "field.choice", 400),
    ],
)
def test_inv_114_a_role_says_what_it_needs(api, uma, dee, given, code, status):
    body = {"person": dee.pk, "role": "auditor", "starts_on": "2017-01-01"} | given
    body |= {name: named(name, body[name]) for name in ("programme", "project_id", "unit") if name in body}
    story.assert_refused(api(uma), "post", "roles/", body, code=code, status=status)


def named(name, told):
    """The id of something of the city, or what was said itself."""
    from tests.projects import factories as projects

    if told == "ours":
        project = Project.objects.first() or projects.pilot().project
        return project.pk if name == "project_id" else project.programme_id
    bodies = {"council": ("council", "Valtuusto"), "unit": ("line_unit", "Liikuntapalvelut")}
    return projects.body(*bodies[told]).pk if told in bodies else told


def test_a_role_is_held_once_at_a_time(api, uma, dee):
    assert role(api, uma, dee).status_code == 201
    body = {"person": dee.pk, "role": "auditor", "starts_on": "2020-01-01"}
    story.assert_refused(api(uma), "post", "roles/", body, code="role.overlap", status=409)


def test_inv_113_nobody_gives_a_role_to_themselves(api, uma):
    body = {"person": uma.pk, "role": "director", "starts_on": "2017-01-01"}
    story.assert_refused(api(uma), "post", "roles/", body, code="approve.own", status=409)


def test_the_administrator_of_users_has_no_say_over_content(api, uma):
    factories.programme()
    client = api(uma)
    for resource in ("programmes", "decisions", "benefit-targets", "projects", "reports", "council-terms"):
        assert client.get(f"{resource}/").json()["count"] == 0, resource
    allowed = {verb for verb in permissions.TABLE if permissions.may(uma, verb)}
    assert allowed == {"manage_people", "assign_role"}


def test_whoever_left_is_let_in_again_with_a_reason_and_with_new_keys(api, uma, ana, bo):
    account(bo)
    secret = accounts.issue_token(bo.account)
    path = f"people/{bo.pk}/reactivate/"
    body = {"because": "Palasi virkavapaalta."}
    story.assert_refused(api(uma), "post", path, body, code="person.active", status=409, seen=1)
    assert api(uma).post(f"people/{bo.pk}/deactivate/", {"because": "Virkavapaalla."}, seen=1).status_code == 200
    story.assert_refused(api(ana), "post", path, body, code="permission.role", status=403, seen=2)
    story.assert_refused(api(uma), "post", path, {"because": " "}, code="field.required", status=400, seen=2)
    story.assert_refused(api(uma), "post", path, body, code="edit.stale", status=412, seen=1)
    back = api(uma).post(path, body, seen=2)
    assert (back.status_code, back.json()["active"]) == (200, True)
    newest = api(uma).get(f"people/{bo.pk}/history/").json()["results"][0]
    assert (newest["reason"], newest["changes"]) == (body["because"], {"active": [False, True]})
    assert signed_in(bo, secret).get("programmes/").status_code == 401
    again = accounts.issue_token(Account.objects.get(person=bo))
    assert signed_in(bo, again).get("programmes/").status_code == 200


def test_a_deactivated_person_is_out_on_the_next_request(api, uma, ana):
    client = api(ana)
    assert client.get("programmes/").status_code == 200
    seen = Person.objects.get(pk=ana.pk).version
    done = api(uma).post(f"people/{ana.pk}/deactivate/", {"because": "Siirtyi muualle"}, seen=seen)
    assert done.status_code == 200 and done.json()["active"] is False
    story.assert_refused(client, "get", "programmes/", code="signin.token", status=401)
    assert Person.objects.get(pk=ana.pk).name == "Ana"
    body = {"person": ana.pk, "role": "auditor", "starts_on": "2022-01-01"}
    story.assert_refused(api(uma), "post", "roles/", body, code="person.inactive", status=409)


def test_a_session_ends_with_the_person_too(client, uma, ana):
    client.force_login(account(ana))
    assert client.get("/api/v1/programmes/").status_code == 200
    commands.deactivate_person(ana, because="Siirtyi muualle", by=uma)
    assert client.get("/api/v1/programmes/").status_code == 401


def test_a_session_needs_the_forms_own_mark_to_write(ana):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(account(ana))
    answer = browser.post("/api/v1/council-terms/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "signin.forged")


def test_a_token_is_kept_as_a_hash_and_runs_out(ana, db):
    secret = accounts.issue_token(account(ana), days=1)
    kept = Token.objects.get()
    assert secret not in (kept.digest, kept.label) and kept.digest == Token.digest_of(secret)
    assert signed_in(ana, secret).get("programmes/").status_code == 200
    Token.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
    story.assert_refused(signed_in(ana, secret), "get", "programmes/", code="signin.token", status=401)
    for wrong in ("", "x", "x" * 10_000, "²", "a b c"):
        assert signed_in(ana, wrong).get("programmes/").status_code == 401
    other = signed_in(ana, secret)
    other.headers["Authorization"] = f"Token {secret}"
    story.assert_refused(other, "get", "programmes/", code="signin.required", status=401)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_has_an_end(ana, days):
    with pytest.raises(Refused) as refused:
        accounts.issue_token(account(ana), days=days)
    assert refused.value.code == "token.days"


def test_the_command_prints_a_token_that_works(ana):
    known, out = account(ana), io.StringIO()
    call_command("api_token", known.username, stdout=out)
    secret = out.getvalue().strip()
    assert signed_in(ana, secret).get("programmes/").status_code == 200
    with pytest.raises(CommandError, match=known.username):
        call_command("api_token", "nobody")


def test_anonymous_requests_are_asked_to_sign_in(api, db):
    story.assert_refused(api(None), "get", "people/", code="signin.required", status=401)


def test_rights_of_a_unit_owner_reach_the_units_own_projects_and_pilots(api, setup_people):
    from tests.projects import factories as projects

    pilot = projects.pilot()
    unit, other = projects.body("line_unit", "Liikuntapalvelut"), projects.body("line_unit", "Kirjasto")
    chen = story.person("Chen", Role.UNIT_OWNER, unit=unit)
    eeva = story.person("Eeva", Role.UNIT_OWNER, unit=other)
    project = pilot.project
    project.unit = unit
    projects.save(project)
    assert api(chen).get(f"pilots/{pilot.pk}/").status_code == 200
    assert api(chen).get(f"projects/{project.pk}/").status_code == 200
    assert api(chen).get(f"pilots/{pilot.pk}/?as_of=seq:{history.head().seq}").status_code == 200
    assert api(eeva).get(f"pilots/{pilot.pk}/").status_code == 404
    assert permissions.may(chen, "adopt_pilot", pilot) and not permissions.may(eeva, "adopt_pilot", pilot)
    assert not permissions.may(chen, "run_pilot", pilot)


def test_a_project_manager_sees_the_past_of_the_project_too(api, setup_people):
    from tests.projects import factories as projects

    pilot = projects.pilot()
    chen = story.person("Chen", Role.PROJECT_MANAGER, project_id=pilot.project_id)
    seq = history.head().seq
    for path in (f"projects/{pilot.project_id}/", f"pilots/{pilot.pk}/"):
        assert api(chen).get(path).status_code == 200, path
        assert api(chen).get(f"{path}?as_of=seq:{seq}").status_code == 200, path


def test_the_past_of_the_register_is_closed_to_others(api, bo, setup_people):
    seq = history.head().seq
    assert [row["name"] for row in api(bo).get(f"people/?as_of=seq:{seq}").json()["results"]] == ["Bo"]
    assert date(2017, 1, 1) <= clock.today()

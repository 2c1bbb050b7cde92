"""Under the cover of an erasure nothing else is altered, in any table, by whoever owns the database."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from portfolio import history
from portfolio.history import Job
from portfolio.history.models import ChangeEntry, ChangeSet
from portfolio.ledger import triggers
from portfolio.ledger.migrating import HistoryExecutor
from portfolio.ledger.verification import Discrepancy, PrintedHead, verify
from portfolio.people.accounts.commands import issue_token, open_account
from portfolio.people.commands import deactivate_person
from portfolio.people.models import Account, IdempotencyKey, Person, Token
from projects.register.models import Project
from tests.portfolio.history import records

TRIAL = Job("trial")
SETUP = Job("setup")
PEOPLE, PROJECTS = "portfolio_person_history", "projects_project_history"
OPEN = "SELECT history_open('migration', NULL, '', 'setup', NULL, 'x', '');"
NEWEST = "(SELECT max(seq) FROM portfolio_changeset)"


def recorded(past: str, where: str, columns: str) -> str:
    """A record of an erasure and its line in the ledger, as the erasure itself would leave them."""
    return f"""
    INSERT INTO portfolio_redaction (relation, object_id, history_id, columns, because, seq, recorded_at, row_sha256)
    SELECT '{past.removesuffix("_history")}', id, history_id, '{columns}', 'x', {NEWEST}, now(),
           history_digest(NULL, history_state(to_jsonb(p), shape)) FROM {past} p WHERE {where};
    INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256)
    SELECT seq, 'portfolio_redaction', id, '+', history_id, history_digest(NULL, to_jsonb(r))
      FROM portfolio_redaction r WHERE seq = {NEWEST};"""


def laundered(past: str, where: str, change: str, columns: str) -> str:
    """What the owner does who wants another past and a record that explains it."""
    return f"{OPEN} UPDATE {past} SET {change} WHERE {where};{recorded(past, where, columns)} SELECT history_close()"


def without_salt(*names: str) -> str:
    gone = "commitments"
    for name in names:
        gone += f" #- '{{{name},salt}}'"
    return f"commitments = {gone}"


SIXTH = "history_seq = 6"
BOUND = f"""{OPEN} INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256)
  SELECT {NEWEST}, '{PEOPLE}', id, '=', history_id, history_digest(NULL, history_covered(
    history_state(to_jsonb(p), shape), commitments)) FROM {PEOPLE} p WHERE {SIXTH}; SELECT history_close()"""
PERSONAL_PROJECTS = """INSERT INTO portfolio_historyshape (digest, relation, columns, personal)
  VALUES ('0123456789abcdef', 'projects_project', '["id", "name_fi"]', '["name_fi"]')"""
ATTACKS = {
    "another table": (
        laundered(PROJECTS, "true", "name_fi = 'forged', salt = NULL", '["description_fi"]'),
        {(PROJECTS, "a row was altered"), ("portfolio_redaction", "erases what is not personal in projects_project")},
    ),
    "another table, its column made personal": (
        PERSONAL_PROJECTS + ";" + laundered(PROJECTS, "true", "name_fi = ' ', salt = NULL", '["name_fi"]'),
        {
            (PROJECTS, "a row was altered"),
            ("projects_project", "the columns of shape 0123456789abcdef were changed"),
            ("portfolio_redaction", "erases what is not personal in projects_project"),
        },
    ),
    "another value instead of none": (
        laundered(PEOPLE, SIXTH, f"name = 'Mallory', {without_salt('name')}", '["name"]'),
        {(PEOPLE, "name was erased and has a value")},
    ),
    "another value, with a commitment to it": (
        laundered(PEOPLE, SIXTH, "name = 'Mallory', commitments = commitments || history_commitments("
                  "'{\"name\": \"Mallory\"}', '{name}')", '["name"]'),
        {(PEOPLE, "a row was altered")},
    ),
    "the salt of the row taken": (
        laundered(PEOPLE, SIXTH, f"name = '', salt = NULL, {without_salt('name')}", '["name"]'),
        {(PEOPLE, "a row was altered")},
    ),
    "a column that does not exist": (
        laundered(PEOPLE, SIXTH, f"name = '', {without_salt('name')}", '["nickname"]'),
        {
            (PEOPLE, "name was taken away and no erasure says so"),
            ("portfolio_redaction", "erases what is not personal in portfolio_person"),
        },
    ),
    "a column that is not personal": (
        laundered(PEOPLE, SIXTH, "active = NULL", '["active"]'),
        {(PEOPLE, "a row was altered"), ("portfolio_redaction", "erases what is not personal in portfolio_person")},
    ),
    "one that is not beside one that is": (
        laundered(PEOPLE, SIXTH, f"active = false, name = '', {without_salt('name')}", '["name"]'),
        {(PEOPLE, "a row was altered")},
    ),
    "a second column beside the recorded one": (
        laundered(PEOPLE, SIXTH, f"name = '', email = '', {without_salt('name', 'email')}", '["name"]'),
        {(PEOPLE, "email was taken away and no erasure says so")},
    ),
    "no list of columns": (
        laundered(PEOPLE, SIXTH, f"name = '', {without_salt('name')}", '{"name": 1}'),
        {
            (PEOPLE, "name was taken away and no erasure says so"),
            ("portfolio_redaction", "erases what is not personal in portfolio_person"),
        },
    ),
    "no record at all": (
        f"UPDATE {PEOPLE} SET name = '', {without_salt('name')} WHERE {SIXTH}",
        {(PEOPLE, "name was taken away and no erasure says so")},
    ),
    "a line without a record": (
        f"{OPEN} INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256) VALUES "
        f"({NEWEST}, 'portfolio_redaction', 9999, '+', 1, repeat('a', 64)); SELECT history_close()",
        {("portfolio_redaction", "was altered")},
    ),
    "a new row bound anew": (
        f"UPDATE {PEOPLE} SET active = false WHERE {SIXTH}; {BOUND}",
        {(PEOPLE, "a row was altered"), (PEOPLE, "a line binds a row that it may not bind")},
    ),
}  # fmt: skip


@pytest.fixture
def a_project(told: None) -> None:
    with history.change(by=TRIAL, because="a project"):
        records.made(Project)


def seen(faults: list[Discrepancy]) -> set[tuple[str, str]]:
    return {(fault.table, fault.what) for fault in faults}


def test_the_door_that_was_open_is_shut(a_project: None, tamper: Any) -> None:
    launder(tamper, "another table", "one that is not beside one that is")


@pytest.mark.proof
def test_whoever_launders_the_past_by_an_erasure_is_named(a_project: None, tamper: Any) -> None:
    launder(tamper, *ATTACKS)


def launder(tamper: Any, *names: str) -> None:
    published = history.head()
    for name in names:
        sql, wanted = ATTACKS[name]
        with transaction.atomic():
            tamper(sql)
            faults = verify(against=[PrintedHead(published.seq, published.sha256)]).faults
            assert wanted <= seen(faults), (name, faults)
            transaction.set_rollback(True)
    assert verify().sound


def test_the_trigger_stops_what_the_verifier_would_find(a_project: None, owner: Any) -> None:
    for past, change in (
        (PROJECTS, "name_fi = 'forged', salt = NULL"),
        (PEOPLE, f"name = 'Mallory', {without_salt('name')}"),
        (PEOPLE, f"active = false, name = '', {without_salt('name')}"),
        (PEOPLE, "name = ''"),
        (PEOPLE, "name = '', commitments = commitments - 'name'"),
        (PEOPLE, "commitments = NULL"),
        (PEOPLE, "commitments = jsonb_set(commitments, '{name,sha256}', '\"a\"')"),
    ):
        with pytest.raises(DatabaseError, match="history.append_only"), transaction.atomic():
            owner.execute(f"SET LOCAL salkku.redacting = '{past}'; UPDATE {past} SET {change}")
    for relation, names in (("projects_project", "{name_fi}"), ("portfolio_person", "{name,active}")):
        with pytest.raises(DatabaseError, match="are personal"), transaction.atomic():
            owner.execute(f"{OPEN} SELECT history_redact('{relation}', 1, '{names}', 'x')")


def test_an_erasure_takes_all_that_is_personal_and_no_way_to_guess_it(told: None, owner: Any, tamper: Any) -> None:
    someone = Person.objects.get(name="Person 2 2")
    erased(owner, someone.pk, *Person.personal)
    for row in Person.history.filter(id=someone.pk):
        assert {getattr(row, name) or None for name in Person.personal} == {None}
        assert all("salt" not in commitment for commitment in row.commitments.values())
    verdict = verify()
    assert verdict.sound and verdict.redacted == 5
    tamper(f"UPDATE {PEOPLE} SET active = false WHERE {SIXTH}")
    assert (PEOPLE, "a row was altered") in seen(verify().faults)


def test_with_the_name_goes_the_user_name_that_was_made_of_it(told: None, owner: Any) -> None:
    someone = Person.objects.get(name="Person 2 2")
    account = open_account(someone, username="person.two", password=None, by=SETUP)
    issue_token(account, label="Person Two's laptop")
    IdempotencyKey.objects.create(account=account, key="k", request_sha256="", status=200, body={"name": "Person 2"})
    erased(owner, someone.pk, "email")
    with pytest.raises(DatabaseError, match="can still sign in under a user name"), transaction.atomic():
        erased(owner, someone.pk, "name", "email")
    assert Account.objects.get().username == "person.two", "who may sign in keeps the name to do it with"
    deactivate_person(someone, by=SETUP, because="gone")
    other = open_account(Person.objects.exclude(pk=someone.pk)[0], username="other", password=None, by=SETUP)
    Account.objects.filter(pk=other.pk).update(username=f"Erased-{someone.pk}")  # as could be before it was refused
    erased(owner, someone.pk, "name", "email")
    assert Account.objects.get(person=someone).username == f"erased-{someone.pk}-2"
    assert not Token.objects.exists() and not IdempotencyKey.objects.exists()
    assert verify().sound and triggers.lacking(connection) == []


def erased(owner: Any, pk: int, *names: str) -> None:
    with history.change(by=Job("erasure"), because="request 12/2024"):
        owner.execute("SELECT history_redact('portfolio_person', %s, %s, 'request 12/2024')", [pk, list(names)])


# An older database

OLDER = """
ALTER TABLE portfolio_historyshape DISABLE TRIGGER USER;
DELETE FROM portfolio_historyshape WHERE personal <> '[]';
ALTER TABLE portfolio_historyshape DROP COLUMN personal;
ALTER TABLE portfolio_historyshape ENABLE TRIGGER USER;
ALTER TABLE portfolio_person_history DROP COLUMN commitments;
"""
NAME = "0010_commit_to_each_personal_column"


@pytest.fixture
def older(owner: Any) -> None:
    """The database as the release before laid it out."""
    owner.execute(OLDER)
    triggers.install(connection)
    owner.execute(Path(__file__).with_name("redact_before.sql").read_text())


def upgrade() -> None:
    connection.check_constraints()  # a table that waits for the commit can't be altered
    executor = HistoryExecutor(connection)
    state = executor.loader.project_state(("portfolio", "0009_texts_in_the_citys_first_language"))
    executor.apply_migration(state, executor.loader.get_migration("portfolio", NAME))
    triggers.install(connection)
    apps.clear_cache()


def old_erasure(change: str) -> str:
    """The rule that ended with the migration, used after it: no salt, and a record of what is left."""
    return laundered(PEOPLE, "history_seq = 3", f"{change}, salt = NULL", '["name"]')


AFTERWARDS = {
    "an older row by the old rule": (old_erasure("name = '', active = false"), "a row was altered"),
    "an older row by the old rule, nothing else": (old_erasure("name = ''"), "a row was altered"),
    "an older row bound anew": (
        "UPDATE portfolio_person_history SET active = false WHERE history_seq = 6;" + BOUND,
        "a line binds a row that it may not bind",
    ),
    "an older row under a newer shape": (
        f"UPDATE {PEOPLE} SET active = false, shape = (SELECT shape FROM {PEOPLE} WHERE history_seq = 15) "
        "WHERE history_seq = 3",
        "a row was altered",
    ),
    "a newer row under an older shape": (
        f"UPDATE {PEOPLE} SET active = false, shape = (SELECT shape FROM {PEOPLE} WHERE history_seq = 3) "
        "WHERE history_seq = 15",
        "a row of an older shape was never bound",
    ),
    "a row of today as if it were older": (
        f"{OPEN} INSERT INTO {PEOPLE} SELECT (p).* FROM (SELECT jsonb_populate_record(p, jsonb_build_object("
        f"'history_id', 9999, 'history_seq', {NEWEST})) AS p FROM {PEOPLE} p WHERE history_seq = 3) x;"
        "INSERT INTO portfolio_changeentry (seq, relation, object_id, op, history_id, row_sha256) SELECT history_seq, "
        f"'portfolio_person', id, history_type, history_id, row_sha256 FROM {PEOPLE} WHERE history_id = 9999; "
        f"{BOUND.removeprefix(OPEN).replace(SIXTH, 'history_id = 9999')}",
        "a line binds a row that it may not bind",
    ),
}


@pytest.mark.proof
def test_an_older_database_is_bound_once_and_verifies(older: None, told: None, owner: Any, tamper: Any) -> None:
    first, second = Person.objects.get(name="Person 1"), Person.objects.get(name="Person 2 2")
    erased(owner, second.pk, "name")
    assert ChangeSet.objects.latest("seq").seq == 11
    upgrade()
    bound = ChangeSet.objects.latest("seq")
    assert (bound.seq, bound.kind) == (12, "migration")
    assert set(ChangeEntry.objects.filter(seq=12).values_list("op", "relation")) == {("=", PEOPLE)}
    verdict = verify()
    assert verdict.sound and verdict.redacted == 5, verdict.faults
    erased(owner, first.pk, "name", "email")
    erased(owner, second.pk, "phone")
    Person.history.get(history_seq=1, name="", salt=None)
    with history.change(by=TRIAL):
        Person.objects.create(name="Newcomer")
    verdict = verify()
    assert verdict.sound and verdict.redacted == 7, verdict.faults
    assert [row.name for row in history.rows(Person, 4)] == ["", "", "Person 3", "Person 4"]
    for name, (sql, what) in AFTERWARDS.items():
        with transaction.atomic():
            tamper(sql)
            assert (PEOPLE, what) in seen(verify().faults), (name, verify().faults)
            transaction.set_rollback(True)


# What can't be read

BROKEN = {
    "UPDATE portfolio_historyshape SET columns = '[]' WHERE relation = 'projects_project'": "projects_project",
    "UPDATE portfolio_historyshape SET columns = '{\"a\": 1}' WHERE relation = 'projects_project'": "projects_project",
    "UPDATE portfolio_historyshape SET columns = 'null', personal = '7'": "portfolio_person",
    "UPDATE portfolio_historyshape SET columns = '[1]'": "portfolio_person",
    "DELETE FROM portfolio_historyshape": PEOPLE,
    "ALTER TABLE portfolio_historyshape DROP COLUMN personal": "portfolio_historyshape",
    "DROP TABLE portfolio_historyshape CASCADE": "portfolio_historyshape",
    f"UPDATE {PEOPLE} SET commitments = '7'": PEOPLE,
    f"UPDATE {PEOPLE} SET commitments = '{{\"name\": [1]}}'": PEOPLE,
    f'UPDATE {PEOPLE} SET commitments = \'{{"name": {{"salt": {{}}, "sha256": 1}}}}\'': PEOPLE,
    f"UPDATE {PEOPLE} SET commitments = NULL": PEOPLE,
    f"ALTER TABLE {PEOPLE} DROP COLUMN commitments": "portfolio_person",
    f"ALTER TABLE {PEOPLE} DROP COLUMN name": PEOPLE,
    f"ALTER TABLE {PEOPLE} DROP COLUMN row_sha256": "portfolio_person",
    f"DROP TABLE {PEOPLE} CASCADE": PEOPLE,
    "DROP TABLE projects_project CASCADE": "projects_project",
    "DROP TABLE portfolio_phasemove CASCADE": "portfolio_phasemove",
    "DROP TABLE portfolio_changeset CASCADE": "portfolio_changeset",
    "DROP TABLE portfolio_changeentry CASCADE": "portfolio_changeentry",
    "DROP TABLE portfolio_redaction CASCADE": "portfolio_redaction",
    "DROP TABLE portfolio_head CASCADE": "portfolio_head",
    "DELETE FROM portfolio_head": "portfolio_head",
    "UPDATE portfolio_changeset SET recorded_at = 'infinity' WHERE seq = 3": "portfolio_changeset",
    "DROP FUNCTION history_open CASCADE": "portfolio_changeset",
    "DROP FUNCTION history_write_portfolio_person CASCADE": "portfolio_person",
    "ALTER TABLE portfolio_person DISABLE TRIGGER history_write": "portfolio_person",
}


@pytest.mark.proof
def test_an_emptied_list_a_table_and_a_function_that_are_gone_are_named(a_project: None, owner: Any) -> None:
    told = (
        "UPDATE portfolio_historyshape SET columns = '[]'",
        "DROP TABLE portfolio_phase",
        "DROP FUNCTION history_open",
    )
    break_it(owner, *(sql for sql in BROKEN if sql.startswith(told)))


@pytest.mark.proof
def test_whatever_is_broken_is_named_and_never_a_traceback(a_project: None, owner: Any) -> None:
    break_it(owner, *BROKEN)


def break_it(owner: Any, *ways: str) -> None:
    owner.execute(
        "SELECT string_agg(DISTINCT format('ALTER TABLE %%I DISABLE TRIGGER USER', relname), ';') FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = tgrelid WHERE tgname LIKE 'history%%' OR tgname = 'seal_at_commit'",
        [],
    )
    connection.check_constraints()
    (off,) = owner.fetchone()
    for sql in ways:
        with transaction.atomic():
            owner.execute(sql if sql.startswith(("DROP F", "ALTER TABLE portfolio_person D")) else f"{off}; {sql}")
            errors = StringIO()
            with pytest.raises(SystemExit) as status:
                call_command("verify_history", stderr=errors, stdout=StringIO())
            assert status.value.code == 1
            assert any(BROKEN[sql] in line for line in errors.getvalue().splitlines()), (sql, errors.getvalue())
            transaction.set_rollback(True)
    assert verify().sound

"""What somebody hung on our tables, or took from them, is named: it works unseen, and no row tells of it."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from portfolio.ledger import definitions, surroundings
from portfolio.ledger.checks import triggers_are_in_place

FUNCTION = "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
PEOPLE, GROUP = "portfolio_person", "portfolio_steeringgroup"
BY_CONTENT = "CHECK (((sha256)::text = encode(sha256(content), 'hex'::text)))"
NO_CONTENT = (
    "ALTER TABLE reporting_blob DROP CONSTRAINT blob_by_its_content; "
    "ALTER TABLE reporting_blob ADD CONSTRAINT blob_by_its_content"
)
TO_REPORT = "(report_id) REFERENCES reporting_report(id) DEFERRABLE INITIALLY DEFERRED"
NO_REPORT = (
    "ALTER TABLE reporting_snapshot DROP CONSTRAINT kept_key; ALTER TABLE reporting_snapshot ADD CONSTRAINT kept"
)
SPOILT = {
    f"ALTER TABLE {PEOPLE} ENABLE ROW LEVEL SECURITY": f"{PEOPLE} has row-level security",
    f"CREATE POLICY none ON {PEOPLE}_history USING (false)": f"{PEOPLE}_history has the policy none",
    f"CREATE RULE quiet AS ON UPDATE TO {PEOPLE} DO INSTEAD NOTHING": f"{PEOPLE} has the rule quiet",
    f"{FUNCTION}; CREATE TRIGGER aaa BEFORE INSERT ON portfolio_changeentry FOR EACH ROW EXECUTE FUNCTION swallow()":
        "portfolio_changeentry has the trigger aaa",
    "ALTER TABLE reporting_blob DROP CONSTRAINT blob_by_its_content":
        f"reporting_blob lacks the constraint blob_by_its_content: {BY_CONTENT}",
    "CREATE TABLE holding (person bigint REFERENCES portfolio_person)": f"{PEOPLE} is referred to by holding",
    "ALTER TABLE portfolio_roleassignment DROP CONSTRAINT role_on_a_known_project":
        "portfolio_roleassignment lacks the key role_on_a_known_project: FOREIGN KEY (project_id) REFERENCES "
        "projects_project(id) DEFERRABLE INITIALLY DEFERRED",
    "ALTER TABLE reporting_snapshot DROP CONSTRAINT snapshot_once":
        "reporting_snapshot lacks the constraint snapshot_once: UNIQUE NULLS NOT DISTINCT (kind, report_id, number)",
    "ALTER TABLE portfolio_tenure DROP CONSTRAINT one_member_in_a_seat":
        "portfolio_tenure lacks the constraint one_member_in_a_seat",
    "ALTER TABLE portfolio_roleassignment DROP CONSTRAINT role_held_once; "
    "ALTER TABLE portfolio_roleassignment ADD CONSTRAINT role_held_once EXCLUDE USING btree (id WITH =)":
        "portfolio_roleassignment has the constraint role_held_once as EXCLUDE USING btree (id WITH =), not as EXCLUDE",
    f"ALTER TABLE {PEOPLE} ADD CONSTRAINT no_doctors CHECK (name !~ 'Dr')":
        f"{PEOPLE} has the constraint no_doctors: CHECK (((name)::text !~ 'Dr'::text))",
    f"CREATE UNIQUE INDEX one_of_a_name ON {PEOPLE} (lower(name)) WHERE active":
        f"{PEOPLE} has the index one_of_a_name: UNIQUE USING btree (lower((name)::text)) WHERE active",
    f"CREATE INDEX of_a_function ON {PEOPLE} (lower(name))":
        f"{PEOPLE} has the index of_a_function: USING btree (lower((name)::text))",
    f"ALTER TABLE {PEOPLE} ADD COLUMN beside text": f"{PEOPLE} has the column beside: text",
    f"ALTER TABLE {PEOPLE}_history ADD COLUMN beside text": f"{PEOPLE}_history has the column beside: text",
    f"ALTER TABLE {PEOPLE} ALTER COLUMN source_language SET DEFAULT 'sv'":
        f"{PEOPLE} has the column source_language as character varying(2) NOT NULL DEFAULT 'sv'::character varying, "
        "not as character varying(2) NOT NULL DEFAULT 'fi'::character varying",
    "ALTER TABLE reporting_publication ALTER COLUMN manifest DROP NOT NULL":
        "reporting_publication has the column manifest as jsonb, not as jsonb NOT NULL",
    "ALTER TABLE portfolio_changeset DROP CONSTRAINT portfolio_changeset_pkey CASCADE":
        "portfolio_changeset lacks the constraint portfolio_changeset_pkey: PRIMARY KEY (seq)",
    "ALTER TABLE portfolio_changeentry SET UNLOGGED": "portfolio_changeentry is no plain table",
}  # fmt: skip
OTHERWISE = {
    f"{NO_CONTENT} CHECK (sha256 <> content::text)":
        "reporting_blob has the constraint blob_by_its_content as CHECK (((sha256)::text <> (content)::text)), "
        f"not as {BY_CONTENT}",
    f"{NO_REPORT} FOREIGN KEY (report_id) REFERENCES reporting_report ON DELETE CASCADE":
        f"reporting_snapshot lacks the key report_id: FOREIGN KEY {TO_REPORT}; "
        "reporting_snapshot has the key kept: FOREIGN KEY (report_id) REFERENCES reporting_report(id) ON DELETE ",
    "CREATE TABLE further () INHERITS (portfolio_changeset)":
        "portfolio_changeset inherits, or is inherited from",
}  # fmt: skip
FURTHER = {
    "ALTER TABLE reporting_snapshot ADD CONSTRAINT further FOREIGN KEY (report_id) REFERENCES reporting_report "
    "ON DELETE CASCADE":
        "reporting_snapshot has the key further: FOREIGN KEY (report_id) REFERENCES reporting_report(id) "
        "ON DELETE CASCADE",
}  # fmt: skip
NOT_ENFORCED = {
    f"{NO_CONTENT} {BY_CONTENT} NOT ENFORCED":
        f"reporting_blob has the constraint blob_by_its_content as {BY_CONTENT} NOT ENFORCED, not as {BY_CONTENT}",
    f"{NO_REPORT} FOREIGN KEY {TO_REPORT} NOT ENFORCED":
        f"reporting_snapshot lacks the key report_id: FOREIGN KEY {TO_REPORT}; "
        f"reporting_snapshot has the key kept: FOREIGN KEY {TO_REPORT} NOT ENFORCED",
}  # fmt: skip


def test_what_no_migration_made_is_named(owner: Any) -> None:
    owner.execute(f"CREATE INDEX quicker ON {PEOPLE} (name, email)")
    assert surroundings.faults(connection) == [], "an index that refuses nothing is nobody's harm"
    for ways in (SPOILT, OTHERWISE, FURTHER, *([NOT_ENFORCED] if connection.pg_version >= 180000 else [])):
        with transaction.atomic():
            owner.execute(";".join(ways).replace("kept_key", _key_to_report(owner)))
            found, told = surroundings.faults(connection), "; ".join(ways.values()).split("; ")
            for fault in told:
                assert [each for each in found if each.startswith(fault)], (fault, found)
            assert len(found) == len(told), found
            transaction.set_rollback(True)


def _key_to_report(owner: Any) -> str:
    owner.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'reporting_snapshot'::regclass "
        "AND confrelid = 'reporting_report'::regclass"
    )
    return str(owner.fetchone()[0])


def test_a_rule_that_a_dump_words_anew_is_the_same(owner: Any) -> None:
    """`IN` is printed otherwise once it was read from its own print, as after a restored dump."""
    owner.execute(
        "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I %s', conrelid::regclass, conname, "
        "pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid <> 0 AND pg_get_constraintdef(oid) LIKE '%ANY%'"
    )
    (rules := [rule for (rule,) in owner.fetchall()]).sort()
    assert len(rules) > 3
    for _ in range(2):
        owner.execute(";".join(rules))
        assert surroundings.faults(connection) == []


def test_who_may_not_compare_is_told(owner: Any) -> None:
    owner.execute("SET TRANSACTION READ ONLY")
    definitions._meant.cache_clear()
    assert surroundings.faults(connection) == [
        "The role may make no temporary tables, so that nothing could be compared"
    ]


def test_whoever_checks_or_verifies_is_told(owner: Any) -> None:
    sql, told = next(iter(SPOILT.items()))
    owner.execute(sql)
    assert [(fault.id, fault.msg) for fault in triggers_are_in_place(["default"])] == [("history.E007", f"{told}.")]
    errors = StringIO()
    with pytest.raises(SystemExit) as status:
        call_command("verify_history", stderr=errors, stdout=StringIO())
    assert status.value.code == 1 and told in errors.getvalue()

"""What somebody hung on our tables, or took from them, is named: it works unseen, and no row tells of it."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from portfolio.history import surroundings
from portfolio.history.checks import triggers_are_in_place

FUNCTION = "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
PEOPLE, GROUP = "portfolio_person", "portfolio_steeringgroup"
SPOILT = {
    f"ALTER TABLE {PEOPLE} ENABLE ROW LEVEL SECURITY": f"{PEOPLE} has row-level security",
    f"CREATE POLICY none ON {PEOPLE}_history USING (false)": f"{PEOPLE}_history has the policy none",
    f"CREATE RULE quiet AS ON UPDATE TO {PEOPLE} DO INSTEAD NOTHING": f"{PEOPLE} has the rule quiet",
    f"{FUNCTION}; CREATE TRIGGER aaa BEFORE INSERT ON portfolio_changeentry FOR EACH ROW EXECUTE FUNCTION swallow()":
        "portfolio_changeentry has the trigger aaa",
    "ALTER TABLE reporting_blob DROP CONSTRAINT blob_by_its_content":
        "reporting_blob lacks the constraint blob_by_its_content",
    "ALTER TABLE reporting_blob DROP CONSTRAINT blob_by_its_content; "
    "ALTER TABLE reporting_blob ADD CONSTRAINT blob_by_its_content CHECK (sha256 <> '')":
        "reporting_blob lacks the constraint blob_by_its_content",
    "ALTER TABLE reporting_snapshot DROP CONSTRAINT snapshot_once":
        "reporting_snapshot lacks the constraint snapshot_once",
    "ALTER TABLE portfolio_tenure DROP CONSTRAINT one_member_in_a_seat":
        "portfolio_tenure lacks the constraint one_member_in_a_seat",
    "ALTER TABLE reporting_publication ALTER COLUMN manifest DROP NOT NULL":
        "reporting_publication lacks the need of manifest",
    "ALTER TABLE portfolio_changeset DROP CONSTRAINT portfolio_changeset_pkey CASCADE":
        "portfolio_changeset lacks the uniqueness of seq",
    "CREATE TABLE further () INHERITS (portfolio_changeset)":
        "portfolio_changeset inherits, or is inherited from",
    "ALTER TABLE portfolio_changeentry SET UNLOGGED": "portfolio_changeentry is no plain table",
}  # fmt: skip


def test_what_no_migration_made_is_named(owner: Any) -> None:
    assert surroundings.faults(connection) == []
    owner.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'reporting_snapshot'::regclass AND contype = 'f' LIMIT 1"
    )
    (key,) = owner.fetchone()
    ways = SPOILT | {
        f"ALTER TABLE reporting_snapshot DROP CONSTRAINT {key}": "reporting_snapshot lacks the key of report_id to "
        "reporting_report"
    }
    for sql, told in ways.items():
        with transaction.atomic():
            owner.execute(sql)
            assert surroundings.faults(connection) == [told]
            transaction.set_rollback(True)


def test_whoever_checks_or_verifies_is_told(owner: Any) -> None:
    sql, told = next(iter(SPOILT.items()))
    owner.execute(sql)
    assert [(fault.id, fault.msg) for fault in triggers_are_in_place(["default"])] == [("history.E007", f"{told}.")]
    errors = StringIO()
    with pytest.raises(SystemExit) as status:
        call_command("verify_history", stderr=errors, stdout=StringIO())
    assert status.value.code == 1 and told in errors.getvalue()

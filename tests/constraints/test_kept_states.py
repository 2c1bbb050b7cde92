"""What has been confirmed, sent, noted or approved stays so, whoever writes: each rule of a trigger is seen to bite.

The runtime role tries by SQL, in a change set, whose ledger it may write; without the trigger the same write is taken,
so it was this rule and nothing else that refused it.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction

from portfolio import clock, history
from reporting.reports import commands
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.programmes import factories as programmes
from tests.reporting import factories
from tests.story import SETUP

SNAPSHOT = (
    "INSERT INTO reporting_snapshot (key, provenance, report_id, number, because, cut_seq, schema, payload, sha256)"
    " SELECT NULL, provenance, report_id, number + 1, '', cut_seq, schema, payload, sha256 FROM reporting_snapshot"
)
RENDITION = (
    "INSERT INTO reporting_rendition (key, provenance, snapshot_id, language, format, blob_id, renderer, style_sha256)"
    " SELECT NULL, provenance, snapshot_id, 'de', format, blob_id, renderer, style_sha256 FROM reporting_rendition"
)
NOTED = [
    SNAPSHOT,
    RENDITION + " LIMIT 1",
    *(f"UPDATE reporting_report SET state = '{state}'" for state in ("open", "frozen", "draft", "confirmed", "sent")),
    "UPDATE reporting_report SET case_number = '999/00.01.02/2022'",
    "UPDATE reporting_report SET confirmed_sha256 = repeat('0', 64)",
    "UPDATE reporting_report SET sent_at = sent_at + interval '1 day'",
    "UPDATE reporting_report SET noted_by_id = proposed_by_id",
    "UPDATE reporting_report SET state = 'draft', case_number = '999/00.01.02/2022'",
]
SENT = [
    "UPDATE reporting_report SET state = 'confirmed'",
    "UPDATE reporting_report SET sent_at = sent_at + interval '1 day'",
]
PUBLICATION = (
    "INSERT INTO reporting_publication (key, provenance, report_id, sent_by_id, sent_at, manifest)"
    " SELECT NULL, 'recorded', id, (SELECT min(id) FROM portfolio_person), now(), '{}' FROM reporting_report"
)
REPORT = (
    "INSERT INTO reporting_report SELECT (r).* FROM (SELECT jsonb_populate_record(r, jsonb_build_object("
    "'id', 9999, 'key', NULL, 'edition', 99, 'state', '%s', 'noted_by_id', (SELECT min(id) FROM portfolio_decision)"
    ")) AS r FROM reporting_report r) AS begun"
)
DRAFT = [
    "UPDATE reporting_report SET state = 'sent'",
    PUBLICATION,
    *(REPORT % state for state in ("frozen", "draft", "confirmed", "sent", "noted")),
]
APPROVED = [
    "UPDATE portfolio_targetversion SET state = 'draft'",
    "UPDATE portfolio_planversion SET state = 'draft' WHERE state = 'approved'",
    "UPDATE portfolio_planversion SET state = 'submitted' WHERE state = 'approved'",
    "UPDATE portfolio_benefittarget SET state = 'draft'",
    "UPDATE portfolio_benefittarget SET state = 'proposed', code = 'X'",
]
TABLES = ("reporting_report", "reporting_snapshot", "reporting_rendition", "portfolio_targetversion",
          "reporting_publication", "portfolio_planversion", "portfolio_benefittarget")  # fmt: skip


class Undo(Exception):
    """What was taken is not to stay."""


def tried(sql: str) -> str:
    """The SQLSTATE of the refusal, or "" when the write was taken."""
    try:
        with transaction.atomic(), history.change(by=SETUP), connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount, f"{sql} wrote nothing, which shows nothing"
            raise Undo
    except DatabaseError as error:
        return str(error.__cause__.sqlstate)  # type: ignore[union-attr]
    except Undo:
        return ""


def assert_refused_by_the_trigger_alone(statements: list[str], as_owner: psycopg.Connection[Any]) -> None:
    assert {sql: tried(sql) for sql in statements} == dict.fromkeys(statements, "SK003")
    for table in TABLES:
        as_owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER history_before")
    assert {sql: tried(sql) for sql in statements} == dict.fromkeys(statements, "")
    for table in TABLES:
        as_owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER history_before")


def test_what_was_said_to_the_council_is_not_taken_back_by_sql(own_database, as_owner):
    ana, sirpa = (story.people()[name] for name in ("ana", "sirpa"))
    programme = factories.indicator().target.programme
    programmes.approved_plan(programme)
    report = factories.draft(factories.schedule(programme))
    assert_refused_by_the_trigger_alone([*DRAFT, *APPROVED], as_owner)
    report = commands.confirm_report(report, by=ana)
    board, council = (benefits.decision(*one, on=clock.today()) for one in (("board", "propose"), ("council", "note")))
    report = commands.record_proposal(report, decision=board, by=sirpa)
    report = commands.send_report(report, by=ana)
    assert_refused_by_the_trigger_alone(SENT, as_owner)
    assert commands.note_report(report, decision=council, by=sirpa).state == "noted"
    assert_refused_by_the_trigger_alone(NOTED, as_owner)

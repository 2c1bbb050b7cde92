"""What a report was made of can be read again after any number of edits, and everything in it says whose it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast, Concat

from portfolio import history
from portfolio.history import tables
from portfolio.history.models import ChangeEntry
from portfolio.ledger import triggers
from portfolio.people.models import Person
from reporting.facts import canonical
from reporting.models import Report, ReportSchedule, ScheduledDate
from reporting.reports import machine, queries
from reporting.snapshot.queries import newest_snapshot
from reporting.snapshot.taking import take
from tests import story, test_walk
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.history import records
from tests.reporting import factories

pytestmark = [pytest.mark.django_db, pytest.mark.proof]
EDITS = 10_000
TEXTS = ("name_fi", "title_fi", "description_fi", "summary_fi", "name", "label")


def editable() -> list[tuple[Any, str]]:
    """Every tracked table that has rows and a text that may change, with one such column; but not the order itself."""
    found = []
    for model in triggers.tracked_models():
        fields = {
            f.column for f in model._meta.concrete_fields if isinstance(f, CharField | TextField) and not f.choices
        }
        column = next((name for name in TEXTS if name in fields), "")
        ordered = model in (Report, ReportSchedule, ScheduledDate)
        if column and not ordered and not model.frozen_when and model._base_manager.exists():
            found.append((model, column))
    return found


def edit_everything(turn: int) -> int:
    """Each text of each table is another, in one change set; says how many rows of the past that made."""
    with history.change(by=story.SETUP, because=f"edit {turn}") as opened:
        for model, column in editable():
            text = Concat(Value(f"{turn} "), Cast("pk", TextField()))
            model._base_manager.update(**{column: text})
    return ChangeEntry.objects.filter(seq=opened.seq).count()


def test_a_report_taken_again_after_ten_thousand_edits_has_the_same_hash() -> None:
    indicators = [factories.indicator(benefits.programme(code), code=code.upper()) for code in ("a", "b", "c")]
    for number, indicator in enumerate(indicators):
        benefits.measured(indicator, value=str(90 + number), on=factories.NEW_YEAR)
    with history.change(by=story.SETUP):
        Person.objects.bulk_create(Person(name=f"Person {number}") for number in range(200))
    report = factories.opened(factories.schedule(*(one.target.programme for one in indicators)))
    first = take(machine.order_of(queries.as_ordered(report.pk)))
    edits = turn = 0
    while edits < EDITS:
        edits += edit_everything(turn := turn + 1)
    again = take(machine.order_of(queries.as_ordered(report.pk)))
    one, other = canonical.dumps(first).decode(), canonical.dumps(again).decode()
    where = next((i for i in range(len(one)) if one[i : i + 1] != other[i : i + 1]), None)
    assert where is None, (one[where - 150 : where + 80], other[where - 150 : where + 80])
    assert again.sha256 == first.sha256
    kept = newest_snapshot(factories.freeze(report))
    assert kept.sha256 == first.sha256


def test_the_whole_portfolio_at_a_cut_is_one_statement(django_assert_num_queries: Any) -> None:
    kinds = records.every_tracked()
    for model in kinds:
        with history.change(by=story.SETUP):
            records.made(model)
    cut = history.head().seq
    then = {model: set(history.rows(model, cut).values_list("id", "version")) for model in kinds}
    edit_everything(1)
    for model in kinds:
        with history.change(by=story.SETUP):
            model._base_manager.update(version=F("version"))
    with django_assert_num_queries(1):
        found = tables.tables(cut, *kinds)
    assert {model: {(row.id, row.version) for row in found[model]} for model in kinds} == then
    assert all(then.values())


def test_every_row_of_an_ordinary_use_says_who_in_which_role_and_by_which_request(
    api: Any, ana: Any, sirpa: Any
) -> None:
    before = history.head().seq
    test_walk.test_the_walk_of_one_datum(api, ana, sirpa)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.kind, count(*), "
            "count(*) FILTER (WHERE p.id IS NOT NULL AND c.role <> '' AND c.request_id <> ''), "
            "count(*) FILTER (WHERE c.actor_id IS NULL AND c.job IN ('setup', 'report')) FROM portfolio_changeentry e "
            "JOIN portfolio_changeset c USING (seq) LEFT JOIN portfolio_person p ON p.id = c.actor_id "
            "WHERE c.seq > %s GROUP BY 1",
            [before],
        )
        told = {kind: (rows, signed, jobs) for kind, rows, signed, jobs in cursor.fetchall()}
    rows, signed, _ = told["command"]
    assert rows == signed >= 7, told
    rows, _, jobs = told["job"]
    assert rows == jobs > 20, told

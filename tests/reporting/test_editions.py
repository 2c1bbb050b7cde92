"""INV-97: a correction is a new edition that says what differs from the one it replaces, figure by figure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portfolio.benefits.measuring import commands as measuring
from reporting.compilation import editions
from reporting.documents import formats
from reporting.documents.rendering.composition import compose
from reporting.documents.rendering.composition.editions import SHOWN
from reporting.documents.rendering.document import Paragraph, Railed, Run, Table
from reporting.facts import ReportFacts, Text, canonical
from reporting.models import Snapshot, Work
from reporting.reports import commands, machine, queries
from reporting.snapshot.queries import newest_snapshot
from tests.portfolio.benefits import factories as benefits
from tests.reporting import factories, renditions, sample_edition

SAYS = {
    "fi": ("Mikä eroaa versiosta 1", "lisätty", "poistettu", "muuta eroa; kaikki ovat tilannekuvassa"),
    "sv": ("Vad som skiljer sig från utgåva 1", "tillagd", "borttagen", "skillnader till; alla finns i lägesbilden"),
    "en": ("What differs from edition 1", "added", "removed", "more; all of them stand in the snapshot"),
}


def told(facts):
    return [(one.what, one.subject.fi or one.programme.fi, one.change) for one in facts.differences]


def text(runs):
    return "".join(run.text for run in runs if isinstance(run, Run))


def the_table(facts, lang="en"):
    """The rows of the table of differences, and what stands under it."""
    blocks = compose(renditions.frozen(facts, renditions.then()), lang).blocks
    [rail] = [b for b in blocks if isinstance(b, Railed) and any(_is_it(each, lang) for each in b.blocks)]
    [table] = [each for each in rail.blocks if _is_it(each, lang)]
    notes = [text(each.runs) for each in rail.blocks if isinstance(each, Paragraph) and each.small]
    return [[text(cell) for cell in row.cells] for row in table.rows], notes, table


def _is_it(block, lang):
    return isinstance(block, Table) and block.caption == SAYS[lang][0]


def test_each_difference_is_named_by_programme_place_and_both_values():
    facts = sample_edition.corrected()
    one, two, *_ = (programme.name.fi for programme in facts.programmes)
    assert [what for what, _, _ in told(facts)] == [
        "target_value", "measurement", "project_name", "level", "risk", "project", "summary",
    ]  # fmt: skip
    assert [each.programme.fi for each in facts.differences] == [one] * 6 + [two]
    measured = facts.differences[1]
    assert (measured.was.figure, measured.now.figure, measured.on) == (2722, Decimal("2723.5"), date(2023, 12, 31))
    added, removed = facts.differences[4:6]
    assert (added.change, removed.change) == ("added", "removed")
    assert not any(each.was or each.now for each in (added, removed)), "what is there has no value of its own"


def test_the_same_facts_differ_in_nothing_and_the_order_is_that_of_the_report():
    first = renditions.now()
    assert editions.differences(first, first) == ()
    second = sample_edition.corrected()
    assert editions.differences(second, first) == second.differences == editions.differences(second, first)
    back = editions.differences(first, second)
    swapped = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted((each.what, swapped[each.change]) for each in back) == sorted(
        (each.what, each.change) for each in second.differences
    )


def test_of_what_came_or_went_as_a_whole_the_parts_are_not_told():
    first = renditions.now()
    fewer = replace(first, programmes=first.programmes[1:])
    assert [(each.what, each.change) for each in editions.differences(fewer, first)] == [("programme", "removed")]
    assert [(each.what, each.change) for each in editions.differences(first, fewer)] == [("programme", "added")]


def test_no_difference_of_a_programme_is_silent():
    first = renditions.now()
    one, *others = first.programmes
    other = replace(first, programmes=(replace(one, sectors=(Text(fi="Uusi toimiala"),)), *others))
    [difference] = editions.differences(other, first)
    assert (difference.what, difference.change, difference.programme) == ("other", "changed", one.name)


def test_a_standing_that_moves_with_its_figure_is_told():
    first = renditions.now()
    worse = sample_edition.corrected(by=Decimal(-2700))
    moved = [each for each in worse.differences if each.what == "standing"]
    assert [(each.was.code, each.now.code) for each in moved] == [("standing.on_track", "standing.off_track")], first


@pytest.mark.parametrize("lang", SAYS)
def test_the_report_says_it_where_the_reason_stands(lang):
    rows, _, table = the_table(sample_edition.corrected(), lang)
    _title, added, removed, _more = SAYS[lang]
    assert [len(row) for row in rows] == [1, 3, 3, 3, 3, 3, 3, 1, 3]
    assert {row[2] for row in rows if len(row) == 3} > {added, removed} and len(table.columns) == 3
    html = formats.render(
        renditions.frozen(sample_edition.corrected(), renditions.then()), lang=lang, form="html"
    ).decode()
    assert SAYS[lang][0] in html and sample_edition.REASON.en in html or lang != "en"


def test_a_difference_is_not_rounded_away():
    rows, _, _ = the_table(sample_edition.corrected(by=Decimal("0.25")))
    assert ["2,722 persons", "2,722.25 persons"] in [[each.replace("\u00a0", " ") for each in r[1:]] for r in rows]


@pytest.mark.parametrize("lang", SAYS)
def test_the_first_differences_are_printed_and_the_rest_counted(lang):
    facts = sample_edition.corrected()
    facts = replace(facts, differences=facts.differences * 10)
    rows, notes, _ = the_table(facts, lang)
    assert sum(len(row) == 3 for row in rows) == SHOWN
    assert f"{len(facts.differences) - SHOWN} {SAYS[lang][3]}" in notes[0]


def test_an_edition_without_any_says_so():
    facts = replace(sample_edition.corrected(), differences=())
    rows, _, table = the_table(facts)
    assert rows == [] and table.empty == "Nothing that is said of the programmes differs from edition 1."


def test_a_first_edition_has_no_such_table_and_its_snapshot_the_checksum_it_always_had():
    first = renditions.now()
    plain = json.loads(canonical.dumps(first))
    assert not {"differences", "corrects_sha256"} & set(plain)
    assert ReportFacts.from_json(plain).sha256 == first.sha256
    second = sample_edition.corrected()
    again = ReportFacts.from_json(json.loads(canonical.dumps(second)))
    assert again == second and again.sha256 == second.sha256 != first.sha256


@pytest.mark.django_db
def test_a_corrected_figure_is_told_in_the_new_edition(ana):
    indicator = factories.indicator()
    figure = benefits.measured(indicator, value="90", on=factories.NEW_YEAR)
    report = commands.confirm_report(factories.draft(factories.schedule(indicator.target.programme)), by=ana)
    measuring.correct_measurement(figure, value=Decimal(70), because="Laskettu uudelleen.", by=ana)
    edition = factories.freeze(commands.supersede_report(report, because="Luku oli väärä.", by=ana))
    facts, first = factories.facts(edition), newest_snapshot(report)
    assert facts.corrects_sha256 == first.sha256 and factories.facts(report).differences == ()
    [measured] = [each for each in facts.differences if each.what == "measurement"]
    assert (measured.was.figure, measured.now.figure, measured.on) == (90, 70, factories.NEW_YEAR)
    assert measured.programme.fi == indicator.target.programme.name_fi
    found = Snapshot.objects.get(report=edition)
    again = machine.order_of(queries.as_ordered(edition.pk))
    assert again.corrected == factories.facts(report) and found.sha256 == facts.sha256
    assert Work.objects.filter(report=edition, kind="render").count() == 6


def test_a_corrected_figure_that_is_not_approved_says_so():
    """A page shows the newest approved figure; the list tells why a corrected one is not it."""
    second = sample_edition.corrected()
    programme = second.programmes[0]
    changed = tuple(
        replace(target, indicators=tuple(map(_unapproved, target.indicators))) for target in programme.targets
    )
    facts = replace(second, programmes=(replace(programme, targets=changed), *second.programmes[1:]))
    facts = replace(facts, differences=editions.differences(facts, renditions.now()))
    for lang, words in (("fi", "ei hyväksytty"), ("sv", "inte godkänd"), ("en", "not approved")):
        rows, _, _ = the_table(facts, lang)
        assert any(words in row[2] and words not in row[1] for row in rows if len(row) == 3), (lang, rows)


def _unapproved(indicator):
    return replace(indicator, measurements=tuple(replace(each, approved=False) for each in indicator.measurements))

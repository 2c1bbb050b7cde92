"""What the paper says, read as a municipal secretary reads it: in the files, not in the phrases."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reporting.documents import formats
from reporting.documents.rendering.language import Voice
from reporting.facts import DecisionFacts, Text
from reporting.pages.targets import indicators
from tests.reporting import pdf_reading, renditions, sample_changed
from tests.reporting.html_reading import Reading

PAPERS = [(lang, form) for lang in ("fi", "sv") for form in ("pdf", "html")]


def text(lang, form):
    content = renditions.rendition(lang, form)
    said = pdf_reading.read(content).tree.text if form == "pdf" else Reading(content).root.text()
    return said.replace("\u00a0", " ").replace("\u00ad", "")


def decisions(lang):
    """The annex of all decisions: body, section and what was done."""
    table = pdf_reading.read(renditions.rendition(lang, "pdf")).tables
    head = {"fi": "Toimielin", "sv": "Organ"}[lang]
    return [row for rows in table if rows[0][1] == head for row in rows[1:]]


@pytest.mark.parametrize(
    ("lang", "done"),
    [
        ("fi", ("asetettiin", "valittiin", "nimettiin", "ehdotettiin", "hyväksyttiin")),
        ("sv", ("tillsattes", "valdes", "utsågs", "föreslogs", "godkändes")),
    ],
)
def test_what_a_body_did_is_said_as_done(lang, done):
    said = {row[3].rsplit(" ", 1)[-1] for row in decisions(lang)}
    assert said == set(done)


@pytest.mark.parametrize(("lang", "form"), PAPERS)
def test_no_share_stands_in_a_sentence_as_a_fraction(lang, form):
    """Case numbers and the columns of counts, which have room about the stroke, are none."""
    said = re.sub(r"\b\d{1,6}/\d\d\.\d\d\.\d\d(?:\.\d\d)?/\d{4}\b", "", text(lang, form))
    assert re.findall(r"(?<![\d/])\d{1,3}/\d{1,3}(?![\d/])", said) == []


@pytest.mark.parametrize(("lang", "form"), PAPERS)
def test_bodies_have_no_capital_inside_a_sentence(lang, form):
    capital = (
        r"(?<=[a-zåäö,] )(?:Kaupunginvaltuusto|Valtuusto|Kaupunginhallitus|Stadsfullmäktige|Stadsstyrelsen)(?= \d)"
    )
    assert re.findall(capital, text(lang, form)) == []


RANK = {"kind": "rank", "unit": Text(fi="sija", sv="placering", en="rank"), "decimals": 0, "group_size": 12}
SCALE = {"unit": Text(fi="keskiarvo, 1–5", sv="medeltal, 1–5", en="mean, 1–5"), "decimals": 1}


def of_kind(**kind):
    """The sample with its first indicator as one of another kind: from 6 by way of 4 to 3."""
    facts = renditions.now()
    programme = facts.programmes[0]
    target = programme.targets[0]
    given = target.indicators[0]
    values = {"baseline_value": Decimal(6), "target_value": Decimal(3), "direction": "down", "path": ()} | kind
    measured = tuple(replace(one, value=Decimal(4), corrections=()) for one in given.measurements)
    changed = replace(given, **values, measurements=measured)
    targets = (replace(target, indicators=(changed,)), *programme.targets[1:])
    return replace(facts, programmes=(replace(programme, targets=targets), *facts.programmes[1:])), changed


@pytest.mark.parametrize(("lang", "place"), [("fi", "4. sija"), ("sv", "plats 4"), ("en", "rank 4")])
def test_a_place_in_a_ranking_is_said_as_a_place_on_paper_and_page(lang, place):
    facts, indicator = of_kind(**RANK)
    content = formats.render(renditions.frozen(facts, renditions.then()), lang=lang, form="html")
    said = Reading(content).root.text().replace("\u00a0", " ")
    assert place in said
    assert not re.search(r"\b4 (sija|placering|rank)\b(?! \d)", said)
    page = indicators.indicator(indicator, facts.document.status_date, Voice(lang))
    assert place in [row.value.replace("\u00a0", " ") for row in page.rows]


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_a_scale_never_stands_behind_a_number(lang):
    facts, _ = of_kind(**SCALE)
    said = (
        Reading(formats.render(renditions.frozen(facts, renditions.then()), lang=lang, form="html"))
        .root.text()
        .replace("\u00a0", " ")
    )
    assert not re.search(r"\d (keskiarvo|medeltal)\b", said)
    assert {"fi": "keskiarvo, asteikko 1–5", "sv": "medeltal, skala 1–5"}[lang] in said


def page(facts, lang="fi", then=None):
    """The words of a report as its HTML file holds them."""
    content = formats.render(renditions.frozen(facts, then or renditions.then()), lang=lang, form="html")
    return " ".join(Reading(content).root.text().split()).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("lang", "note", "same"),
    [
        ("fi", "Vertailussa T3 on arvioitu aiemmalla tavoitteella.", "tila ennallaan"),
        ("sv", "I jämförelsen bedöms T3 enligt det tidigare målet.", "läget oförändrat"),
        ("en", "The comparison judges T3 by the earlier target.", "standing unchanged"),
    ],
)
def test_two_counts_that_differ_by_a_changed_target_say_so_under_their_table(lang, note, same):
    told = page(sample_changed.lowered(renditions.now(), "T3", "22.0"), lang)
    assert note in told and same in told
    assert note not in page(renditions.now(), lang)


def with_change(**given):
    """The sample with one change of a steering group told otherwise."""
    facts = renditions.now()
    n, programme = next((n, p) for n, p in enumerate(facts.programmes) if p.group and p.group.changes)
    first, *others = programme.group.changes
    person = replace(first.person, provenance=given.pop("provenance"))
    group = replace(programme.group, changes=(replace(first, person=person, **given), *others))
    programmes = (*facts.programmes[:n], replace(programme, group=group), *facts.programmes[n + 1 :])
    return replace(facts, programmes=programmes)


@pytest.mark.parametrize(
    ("provenance", "said"),
    [
        ("demonstration", r"jäsenyys päättyi \(syytä ei ole kirjattu\) Eero Esimerkki\S? päätöstä ei ole kirjattu"),
        ("recorded", r"jäsenyys päättyi \(syytä ei ole kirjattu\) Eero Esimerkki päätöstä ei ole kirjattu"),
        ("taken_over", r"jäsenyys päättyi \(syy ei ilmene lähteestä\) Eero Esimerkki† ei ilmene lähteestä"),
    ],
)
def test_only_what_has_a_source_can_be_missing_from_it(provenance, said):
    assert re.search(said, page(with_change(provenance=provenance, decision=None, ending="unknown")))


def test_a_decision_without_a_day_blames_a_source_only_if_it_has_one():
    made = DecisionFacts(key="d", title=Text(fi="Asia"), body=Text(fi="Valtuusto"), body_kind="council")
    assert Voice("fi").when(replace(made, provenance="taken_over")) == "päivä ei ilmene lähteestä"
    assert {Voice("fi").when(replace(made, provenance=one)) for one in ("recorded", "demonstration")} == {
        "päivää ei ole kirjattu"
    }


@pytest.mark.parametrize(
    ("kinds", "kind", "said"),
    [
        (("accept_resignation", "elect"), "council", "ero myönnettiin ja seuraaja valittiin"),
        (("elect", "accept_resignation"), "manager", "ero myönnettiin ja seuraaja nimettiin"),
        (("set", "elect"), "council", "asetettiin ja valittiin"),
        (("set", "elect", "name"), "council", "asetettiin, valittiin ja nimettiin"),
        (("close",), "council", "lopetettiin"),
    ],
)
def test_acts_of_one_decision_are_said_as_one_sentence(kinds, kind, said):
    facts = renditions.now()
    first, *others = facts.decisions
    told = page(replace(facts, decisions=(replace(first, kinds=kinds, body_kind=kind), *others)))
    assert f" {said} " in told


def test_a_report_names_its_period_by_its_days():
    facts = renditions.now()
    first, last = facts.document.period_starts_on, facts.document.status_date
    assert Voice("fi").span(first, last) in page(facts)
    year = date(2023, 1, 1), date(2023, 12, 31)
    assert [Voice(lang).span(*year).replace("\u00a0", " ") for lang in ("fi", "sv", "en")] == [
        "1.1.–31.12.2023",
        "1.1.–31.12.2023",
        "1 January–31 December 2023",
    ]
    assert Voice("fi").span(date(2022, 7, 1), date(2023, 6, 30)) == "1.7.2022–30.6.2023"

"""What the paper says, read as a municipal secretary reads it: in the files, not in the phrases."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from reporting import rendering
from reporting.facts import Text
from reporting.pages import indicators
from reporting.rendering.language import Voice
from tests.reporting import pdf_reading, renditions
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
    content = rendering.render(renditions.frozen(facts, renditions.then()), lang=lang, form="html")
    said = Reading(content).root.text().replace("\u00a0", " ")
    assert place in said
    assert not re.search(r"\b4 (sija|placering|rank)\b(?! \d)", said)
    page = indicators.indicator(indicator, facts.document.status_date, Voice(lang))
    assert place in [row.value.replace("\u00a0", " ") for row in page.rows]


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_a_scale_never_stands_behind_a_number(lang):
    facts, _ = of_kind(**SCALE)
    said = (
        Reading(rendering.render(renditions.frozen(facts, renditions.then()), lang=lang, form="html"))
        .root.text()
        .replace("\u00a0", " ")
    )
    assert not re.search(r"\d (keskiarvo|medeltal)\b", said)
    assert {"fi": "keskiarvo, asteikko 1–5", "sv": "medeltal, skala 1–5"}[lang] in said

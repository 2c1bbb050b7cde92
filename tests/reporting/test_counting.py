"""Counts and units as each language says them."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from reporting.compilation import editions
from reporting.compilation.findings import Figure, say
from reporting.documents import formats
from reporting.documents.rendering import units
from reporting.documents.rendering.language import Voice
from reporting.facts import DecisionFacts, ReportFacts, TargetFacts, Text
from tests.reporting import renditions, sample_changed
from tests.reporting.html_reading import Reading

FI, SV, EN = Voice("fi"), Voice("sv"), Voice("en")


def decision(body, kind):
    return DecisionFacts(key="d", title=Text(fi="Asia"), body=body, body_kind=kind, section=49)


def told(code, **counts):
    return [voice.sentence(say(code, **counts)) for voice in (FI, SV, EN)]


@pytest.mark.parametrize(
    ("fine", "all_", "finnish", "swedish"),
    [
        (0, 4, "Yksikään neljästä ohjelmasta ei etene", "Inget av de fyra programmen framskrider"),
        (1, 4, "Neljästä ohjelmasta yksi etenee", "Av de fyra programmen framskrider ett enligt"),
        (3, 4, "Neljästä ohjelmasta kolme etenee", "Av de fyra programmen framskrider tre enligt"),
        (11, 20, "20 ohjelmasta 11 etenee", "Av de 20 programmen framskrider 11 enligt"),
        (10, 10, "Kaikki kymmenen ohjelmaa etenevät", "Alla tio program framskrider"),
        (1, 1, "Ainoa ohjelma etenee", "Det enda programmet framskrider enligt"),
        (0, 1, "Ainoa ohjelma ei etene", "Det enda programmet framskrider inte"),
        (0, 0, "Ohjelmia ei ollut", "Det fanns inga program"),
    ],
)
def test_a_share_is_said_as_a_person_would(fine, all_, finnish, swedish):
    fi, sv, en = told("lede.programmes", fine=fine, all=all_)
    assert fi.startswith(finnish)
    assert sv.startswith(swedish)
    assert not any(mark in words for mark in "/{}" for words in (fi, sv, en))


def test_english_agrees_with_its_verb():
    assert told("lede.programmes", fine=1, all=4)[2] == "Of the four programmes, one is proceeding as planned."
    assert told("lede.programmes", fine=2, all=4)[2] == "Of the four programmes, two are proceeding as planned."


def test_the_comparison_names_both_counts():
    assert told("lede.worse", common=19, now=9, before=13) == [
        "Tulos heikkeni: samoista 19 tavoitteesta yhdeksän on toteutunut tai tavoitteen mukainen, "
        "edellisenä tilannepäivänä 13.",
        "Resultatet har försämrats: av de 19 mål som finns i båda rapporterna är nio uppnådda eller enligt målet, "
        "mot 13 vid föregående lägesdatum.",
        "The result is worse: of the 19 targets in both reports, nine are met or on track, "
        "against 13 on the previous status date.",
    ]
    assert "edellisenä tilannepäivänä ei yksikään." in told("lede.better", common=3, now=2, before=0)[0]


@pytest.mark.parametrize(
    ("number", "ending"),
    [(11, "11:stä"), (12, "12:sta"), (16, "16:sta"), (20, "20:stä"), (100, "100:sta"), (3, "kolmesta")],
)
def test_a_finnish_numeral_takes_the_ending_of_its_last_word(number, ending):
    assert FI.sentence(say("programme.projects", running=2, all=number)).endswith(f"pilottia {ending}.")


@pytest.mark.parametrize(
    ("lang", "number", "unit", "said"),
    [
        ("fi", "3,8", "keskiarvo, 1–5", "keskiarvo\u00a03,8 (asteikko\u00a01–5)"),
        ("sv", "3,8", "medeltal, 1–5", "medeltal\u00a03,8 (skala\u00a01–5)"),
        ("en", "3.8", "mean, 1-5", "mean\u00a03.8 (scale\u00a01–5)"),
        ("fi", "3", "asteikko 1–5", "3 (asteikko\u00a01–5)"),
        ("fi", "36", "mediaani, päivää", "mediaani\u00a036\u00a0päivää"),
        ("fi", "4", "sija", "4.\u00a0sija"),
        ("sv", "4", "placering", "plats\u00a04"),
        ("en", "4", "rank", "rank\u00a04"),
        ("fi", "4,9", "t CO₂-ekv.", "4,9\u00a0t\u00a0CO₂-ekv."),
        ("fi", "12", "%", "12\u00a0%"),
        ("en", "12", "%", "12%"),
        ("fi", "12", "", "12"),
        ("fi", "2", "t, vuodessa", "2\u00a0t,\u00a0vuodessa"),
    ],
)
def test_a_unit_stands_behind_the_number_only_where_it_is_one(lang, number, unit, said):
    assert units.written(number, unit, lang) == said


def test_a_scale_is_named_once_in_a_sentence():
    scale = Text(fi="keskiarvo, 1–5", sv="medeltal, 1–5", en="mean, 1–5")
    figures = {
        name: Figure(value=Decimal(value), decimals=1, unit=scale)
        for name, value in (("value", "3.6"), ("expected", "3.7"), ("target", "3.8"))
    }
    said = FI.sentence(say("attention.off_track", indicator=Text(fi="Tyytyväisyys"), due="31.5.2025", **figures))
    assert said.replace("\u00a0", " ") == (
        "Tyytyväisyys: keskiarvo 3,6 (asteikko 1–5), suunnitelman mukaan 3,7. Tavoite on 3,8 viimeistään 31.5.2025."
    )


@pytest.mark.parametrize(
    ("lang", "unit", "name", "behind"),
    [
        ("fi", "järjestöä", "Toimintaan osallistuvat järjestöt", ""),
        ("fi", "palautetta", "Työmaahaitoista annetut palautteet vuodessa", ""),
        ("fi", "paikkaa", "Turvattomiksi arvioidut kohtaamispaikat", ""),
        ("sv", "platser", "Mötesplatser som bedöms vara otrygga", ""),
        ("fi", "sija", "Sija suurten kaupunkien vertailussa", ""),
        ("fi", "päivää", "Käsittelyaika, mediaani", ", päivää"),
        ("fi", "%", "Osuus aikuisista", ", %"),
        ("fi", "keskiarvo, 1–5", "Tyytyväisyys", ", keskiarvo, asteikko\u00a01–5"),
    ],
)
def test_a_name_is_not_followed_by_its_own_echo(lang, unit, name, behind):
    assert Voice(lang).after_name(unit, name) == behind


NAME = Text(fi="Järjestetyt tapahtumat", sv="Ordnade evenemang", en="Events held")
UNIT = Text(fi="tapahtumaa", sv="evenemang", en="events")


def counting(facts: ReportFacts) -> ReportFacts:
    """The same report, of nothing but events."""

    def told(target: TargetFacts) -> TargetFacts:
        return replace(target, indicators=tuple(replace(one, name=NAME, unit=UNIT) for one in target.indicators))

    programmes = tuple(replace(one, targets=tuple(map(told, one.targets))) for one in facts.programmes)
    return replace(facts, programmes=programmes)


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_no_number_echoes_the_name_beside_it_anywhere_in_a_report(lang):
    """Of what changed, ended, came late or is missing; the council's figures among past standings name no indicator."""
    now = counting(sample_changed.now())
    target = now.programmes[0].targets[0]
    edited = sample_changed.with_indicator(now, target.code, lambda one: replace(one, baseline_value=Decimal(1)))
    now = replace(edited, corrects_sha256="0" * 64, differences=editions.differences(edited, now))
    page = formats.render(renditions.frozen(now, counting(renditions.then())), lang=lang, form="html").decode()
    said = Reading(page.encode()).root.text().replace("\u00ad", "")
    echoed = re.findall(rf"(.{{40}})\d\s{getattr(UNIT, lang)}", said)
    councils = {"fi": "valtuusto muutti tavoitetta", "sv": "fullmäktige ändrade målet", "en": "the Council changed"}
    assert [words for words in echoed if councils[lang] not in words] == []


def test_a_body_is_in_lower_case_in_running_text():
    made = decision(Text(fi="Valtuusto", sv="Fullmäktige", en="City Council"), "council")
    assert FI.reference(made).startswith("valtuusto ")
    assert SV.reference(made).startswith("fullmäktige ")
    assert EN.reference(made).startswith("City Council, ")


def test_a_unit_keeps_its_own_name():
    assert FI.reference(decision(Text(fi="Omnia"), "line_unit")).startswith("Omnia ")
    assert FI.reference(decision(Text(fi="KH"), "board")).startswith("KH ")


def test_a_sentence_that_ends_with_a_shortened_unit_has_one_full_stop():
    unit = Text(fi="t CO₂-ekv.", sv="st.", en="units")
    value = Figure(value=Decimal(38), decimals=0, unit=unit)
    sentence = say("result.progress", indicator=Text(fi="Päästöt", sv="Skolor"), value=value, baseline=value,
                   target=value, due="31.5.2025")  # fmt: skip
    assert FI.sentence(sentence).count("..") == SV.sentence(sentence).count("..") == 0
    assert "lähtötaso oli 38\u00a0t\u00a0CO₂-ekv. Tavoite" in FI.sentence(sentence)


@pytest.mark.parametrize(
    ("held", "quorate", "finnish", "swedish"),
    [
        (0, 0, "Jaksolla ei pidetty kokouksia.", "Inga möten hölls under perioden."),
        (1, 1, "yksi kokous, joka oli päätösvaltainen.", "ett möte, som var beslutfört."),
        (1, 0, "yksi kokous, joka ei ollut päätösvaltainen.", "ett möte, som inte var beslutfört."),
        (4, 0, "neljä kokousta, joista yksikään ei ollut", "fyra möten, varav inget var beslutfört."),
        (4, 1, "neljä kokousta, joista yksi oli päätösvaltainen.", "fyra möten, varav ett var beslutfört."),
        (4, 3, "neljä kokousta, joista kolme oli päätösvaltaisia.", "fyra möten, varav tre var beslutföra."),
        (4, 4, "neljä kokousta, jotka kaikki olivat", "fyra möten, och alla var beslutföra."),
        (12, 11, "12 kokousta, joista 11 oli päätösvaltaisia.", "12 möten, varav 11 var beslutföra."),
    ],
)
def test_meetings_are_told_in_the_number_that_they_have(held, quorate, finnish, swedish):
    assert finnish in FI.say("group.meetings", held=held, quorate=quorate)
    assert swedish in SV.say("group.meetings", held=held, quorate=quorate)


def test_an_interval_is_said_as_people_say_it():
    told = (1, "kuukausittain", "mäts varje månad", "every month"), (2, "joka toinen kuukausi", "mäts varannan månad",
            "every other month"), (3, "neljännesvuosittain", "mäts kvartalsvis", "every quarter"), (4, "4 kk:n välein",
            "mäts var 4:e månad", "every 4 months"), (6, "puolivuosittain", "mäts halvårsvis", "every half-year"), (12,
            "vuosittain", "mäts årligen", "every year"), (24, "joka toinen vuosi", "mäts vartannat år",
            "every other year")  # fmt: skip
    for months, *words in told:
        assert [voice.interval(months) for voice in (FI, SV, EN)] == words


def test_one_month_is_a_month():
    assert EN.say("slip.months", months="+1", number=1) == "+1\u00a0month"
    assert EN.say("slip.months", months="+2", number=2) == "+2\u00a0months"
    assert FI.say("slip.months", months="+1", number=1) == "+1\u00a0kk"


def test_a_sentence_does_not_repeat_the_unit_that_its_subject_names():
    associations = Text(fi="järjestöä", sv="föreningar", en="associations")
    told = {name: Figure(value=Decimal(n), decimals=0, unit=associations)
            for name, n in (("value", 74), ("baseline", 62), ("target", 110))}  # fmt: skip
    name = Text(fi="Toimintaan osallistuvat järjestöt", sv="Deltagande föreningar", en="Associations taking part")
    sentence = say("result.progress", indicator=name, due="31.5.2025", **told)
    assert FI.sentence(sentence) == (
        "Toimintaan osallistuvat järjestöt: 74, lähtötaso oli 62. Tavoite on 110 viimeistään 31.5.2025."
    )
    assert SV.sentence(sentence).startswith("Deltagande föreningar: 74, utgångsnivån var 62. Målet är 110 senast")
    assert EN.sentence(sentence).startswith("Associations taking part: 74, from a baseline of 62. The target is 110 by")
    other = say("result.progress", indicator=Text(fi="Päästöt", sv="Utsläpp", en="Emissions"), due="2025", **told)
    assert FI.sentence(other).startswith("Päästöt: 74\u00a0järjestöä, lähtötaso oli 62\u00a0järjestöä.")


@pytest.mark.parametrize(
    ("lang", "unit", "name", "behind"),
    [
        ("sv", "st.", "Klagomål, antal per år", ""),
        ("fi", "kpl", "Valitusten määrä", ""),
        ("en", "pcs", "Number of complaints", ""),
        ("sv", "st.", "Klagomål per år", ", st."),
    ],
)
def test_pieces_are_not_counted_twice(lang, unit, name, behind):
    assert Voice(lang).after_name(unit, name) == behind


def test_a_genitive_stands_before_its_noun():
    assert "kahden tavoitteen tila on eri kuin" in FI.say("change.lede.restated", count=2)
    assert "12 tavoitteen tila on eri kuin" in FI.say("change.lede.restated", count=12)
    assert FI.say("method.missing.late", number=1) == "Myöhässä on kirjattu yksi tieto."
    assert FI.say("method.missing.restated", number=0) == "Korjattuja lukuja ei ole."

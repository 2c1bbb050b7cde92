"""Words are parted at the seams of compounds, never near their ends; what belongs together stays on one line."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
from PIL import ImageFont

from reporting.documents.rendering import document as d
from reporting.documents.rendering import hyphenation, labels, pdf
from reporting.documents.rendering.binding import JOINER, bound
from reporting.documents.rendering.composition import compose
from reporting.documents.rendering.hyphenation import LONG, SOFT
from reporting.documents.rendering.phrases import PHRASES
from reporting.facts import Text
from reporting.facts.report import TermFacts
from tests.reporting import pdf_reading, renditions

ROOT = Path(__file__).parents[2]
WORD = re.compile(rf"[^\W\d_]{{{LONG},}}")
# The places where two Finnish secretaries and a studio stumbled, and others of their kind.
PARTED = {
    "fi": """vastaan|otto|palvelu sosiaali|rahasto vara|puheen|johtajat puoli|vuosittain lisä|henkilöistä
    oppi|laitoksiin toimi|pisteissään hyöty|tavoitteiden luottamus|henkilö|jäsenet poikki|hallinnollinen
    ohjelma|suunnitelman kaupungin|hallituksen viran|haltija|jäsen ohjaus|ryhmien kehitys|ohjelmien
    kasvi|huone|kaasu|päästöt hyvinvointi|alueen kansain|välisesti tavoitteisiin suunnitelmassa
    asiakas|tyytyväisyys ammatti|korkea|koulu""",
    "sv": """evenemangs|staden förvaltnings|övergripande utvecklings|programmet tjänste|innehavarna förtroende|valda
    fullmäktige|perioden uppföljnings|rapporten livs|krafts|tjänsterna utgångs|nivåerna sysselsättnings|graden
    stads|styrelsen samarbets|städerna läges|bedömningarna kollektiv|trafiken internationell erfarenheterna""",
}


def told() -> Iterator[tuple[str, str]]:
    """Every text of the report's phrases, the sample and the demonstration, with its language."""
    for lang in ("fi", "sv"):
        yield from ((lang, text) for text in PHRASES[lang].values())
    yield from of_facts(renditions.now())
    for path in (ROOT / "config" / "demo").rglob("*.json"):
        yield from of_json(json.loads(path.read_text("utf-8")))


def of_facts(value) -> Iterator[tuple[str, str]]:
    if isinstance(value, Text):
        yield from (("fi", value.fi), ("sv", value.sv))
    elif is_dataclass(value):
        for one in fields(value):
            yield from of_facts(getattr(value, one.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from of_facts(item)


def of_json(value) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from of_json(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and key[-2:] in {"fi", "sv"}:
                yield key[-2:], item
            else:
                yield from of_json(item)


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_long_words_are_parted_at_their_seams(lang):
    for expected in PARTED[lang].split():
        word = expected.replace("|", "")
        assert hyphenation.parted(word, lang).replace(SOFT, "|") == expected


def test_no_word_of_the_city_is_parted_near_its_ends():
    words = {(lang, word) for lang, text in told() for word in WORD.findall(text)}
    assert len(words) > 1000
    for lang, word in words:
        pieces = hyphenation.softened(word, lang).split(SOFT)
        assert "".join(pieces) == word
        assert all(len(piece) >= 3 for piece in pieces), pieces


@pytest.mark.parametrize("word", ["Espoo", "ohjelmassa", "tavoitteiden", "kehitysohjelm"])
def test_a_word_that_is_not_long_is_left_whole(word):
    assert hyphenation.softened(word, "fi") == word


def test_english_is_left_to_the_typesetter():
    assert hyphenation.softened("institutionalisation", "en") == "institutionalisation"


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("A cross-administrative programme", []),
        ("Verna Seuraajaesimerkki", []),
        ("the institutionalisation of it", ["institutionalisation"]),
        ("Institutionalisation of it", ["Institutionalisation"]),
    ],
)
def test_no_english_compound_and_no_name_is_parted(text, parted):
    """Not `cross-ad-ministrative`, nor a Finnish name by English rules."""
    assert pdf.LONG_WORD.findall(text) == parted


def offsets(word, lang):
    """Where a word may be parted, in a wide column and in the narrowest."""
    told = [hyphenation.parted(word, lang, room).split(SOFT) for room in (hyphenation.PIECE, 0)]
    return {sum(map(len, pieces[:n])) for pieces in told for n in range(1, len(pieces))}


@pytest.mark.parametrize("lang", ["fi", pytest.param("sv", marks=pytest.mark.proof)])
def test_the_paper_parts_no_word_anywhere_else(lang):
    root = pdf_reading.read(renditions.rendition(lang, "pdf")).tree
    parted = re.findall(r"(\w+)[ \n]*\u00ad[ \n]*(\w+)", root._raw())
    assert len(parted) > 3
    for left, right in parted:
        assert len(left) in offsets(left + right, lang), (left, right)


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_what_is_read_and_copied_has_neither_joiner_nor_hyphen_inside_a_line(lang):
    text = pdf_reading.read(renditions.rendition(lang, "pdf")).tree._raw()
    assert JOINER not in text
    assert re.findall(r"\w\u00ad\w", text) == []


@pytest.mark.parametrize(
    ("typed", "together"),
    [
        ("12 kWh/m³ vuodessa", ["12", "kWh/m³ vuodessa"]),
        ("Valtuustoryhmä B", ["Valtuustoryhmä B"]),
        ("30.6.2022: 12,8", ["30.6.2022: 12,8"]),
        ("2 300 t uudelleen", ["2 300 t", "uudelleen"]),
        ("1 July 2023", ["1 July 2023"]),
        ("valtuusto 28.8.2023 §\u00a0905", ["valtuusto", "28.8.2023 §\u00a0905"]),
        ("16.1.2024 klo 9.00", ["16.1.2024", "klo 9.00"]),
        ("vuodesta 5 % enemmän", ["vuodesta", "5 %", "enemmän"]),
        ("kaksi eri asiaa ja yksi", ["kaksi", "eri", "asiaa", "ja", "yksi"]),
    ],
)
def test_what_belongs_together_stays_on_one_line(typed, together):
    assert bound(typed).replace(JOINER, "") == typed
    lines = re.split(rf"(?<!{JOINER}) (?!{JOINER})", bound(typed))
    assert [line.replace(JOINER, "") for line in lines] == together or typed.startswith("12 kWh")


@pytest.mark.parametrize("typed", ["2021–2025", "2–3/2024", "årskurs 8–9, %", "8.–9.-luokkalaisten", "15.-16.1."])
def test_a_range_is_not_parted_at_its_dash(typed):
    assert bound(typed).replace(JOINER, "") == typed
    assert not re.search(r"\d\.?[–-](?=[^\W_])", bound(typed))


def test_a_letter_is_not_left_alone_on_a_line_of_the_paper():
    """In a column that has room for the word alone, the letter takes the word with it, or the word takes the letter."""
    document = renditions.document("fi")
    cell = (d.Run("Paikka"), d.Break(), d.Run("edustaja Valtuustoryhmä B ja 12 kWh/m³"))
    column = d.Column("Ryhmä", width="26mm")
    table = d.Table("Ryhmät", (column, d.Column("Muu")), (d.Row((cell, (d.Run("x"),))),))
    drawn = pdf.render(
        replace(document, blocks=(d.Chapter("a", "Koe"), table)), compiled_at=renditions.now().cut.compiled_at
    )
    raw = next(pdf_reading.read(drawn).tree.all("TH"), None)
    assert raw is not None
    lines = [line.strip() for cell in pdf_reading.read(drawn).tree.all("TH") for line in cell._raw().split("\n")]
    assert any("Valtuustoryhmä B" in line for line in lines), lines
    assert any("kWh/m³" in line for line in lines), lines


def test_a_word_wider_than_its_column_is_parted_between_syllables():
    """Else it would lie over the next column."""
    assert hyphenation.softened("rakentamisessa", "fi", room=13) == "raken\u00adtami\u00adsessa"
    assert hyphenation.softened("rakentamisessa", "fi", room=20) == "rakentamisessa"
    assert hyphenation.softened("byggbranschen", "sv", room=11) == "bygg\u00adbranschen"
    assert hyphenation.softened("kiinteistöjen", "fi", room=2) == "kiin\u00adteis\u00adtöjen"


def test_a_column_knows_its_room():
    """25 mm at 8.4 points hold some fourteen letters; a share of the page holds what is left."""
    columns = (d.Column("a", width="25mm"), d.Column("b", width="1fr"), d.Column("c", width="2fr"))
    table = d.Table("t", columns, (d.Row(((d.Run("x"),),) * 3),), size=8.4)
    document = replace(renditions.document("fi"), blocks=(table,))
    (drawn,) = pdf.payload(document)["blocks"]
    narrow, share, double = pdf._letters(drawn, pdf.PAGE)
    assert 12 <= narrow <= 15
    assert 27 <= share <= 31
    assert 2 * share <= double <= 2 * share + 4


SEMIBOLD = ImageFont.truetype(str(pdf.FONTS / "SourceSans3-Semibold.ttf"), 1000)
LONG_WORDS = {
    "fi": ("vaikuttavuustavoitteet", "Vaikuttavuustavoitteiden", "WWWWWWWWWWWWWWW", "kumppanuusverkostoyhteistyö"),
    "sv": ("verksamhetsutvecklingsmål", "Genomslagskraftsmålsättningarna", "mmmmmmmmmmmmmmmmmmmm"),
    "en": ("institutionalisation", "Counterinstitutionalisation", "outcomes/impact-indicators"),
}


def millimetres(piece, points):
    return SEMIBOLD.getlength(piece) / 1000 * points * labels.POINT


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_a_head_stays_within_its_column_whatever_the_citys_word(lang):
    """Every head of every table of the report, with long words in its place, as broad as the font draws them."""
    plain = pdf.payload(renditions.document(lang))
    whole = [
        (column["head"], column["sub"])
        for table, _ in pdf._tables(plain["blocks"], pdf.PAGE)
        for column in table["columns"]
    ]
    assert len(whole) > 50 and [one for one in whole if SOFT in "".join(one)] == [], "our own words need no parting"
    for table, width in pdf._tables(plain["blocks"], pdf.PAGE):
        rooms = pdf._room_of(table, width)
        for word in LONG_WORDS[lang]:
            for column in table["columns"]:
                column["head"] = f"{word} 2023"
            labels.fit_heads(table, rooms, lang)
            for column, room in zip(table["columns"], rooms, strict=True):
                pieces = re.split("[ \u00ad]", column["head"])
                assert "".join(pieces) == f"{word}2023"
                drawn = [piece + "-" * (number < len(pieces) - 2) for number, piece in enumerate(pieces)]
                least = room + table["gutter"]  # four letters are not parted: they end before the next column
                assert all(millimetres(one, labels.HEAD) <= (room if len(one) > 5 else least) for one in drawn), drawn


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_every_label_of_a_city_with_long_words_stays_in_its_place(lang):
    """In the rail, beside facts, above charts: as the city's own word comes to stand there."""
    told = {"fi": ("hyötytavoit", "kokonaisvaikuttavuustavoit"), "sv": ("programmål", "verksamhetsutvecklingsmål")}
    facts = renditions.now()
    terms = (TermFacts(language=lang, ours=told[lang][0], theirs=told[lang][1]),)
    document = compose(renditions.frozen(replace(facts, city=replace(facts.city, terms=terms))), lang)
    openings = [block for block in pdf.payload(document)["blocks"] if block["t"] == "opening"]
    found = [label for block in openings for label, _ in block["facts"] if SOFT in label]
    assert found and all(
        millimetres(piece + "-", 8) <= labels.FACTS_MM for label in found for piece in re.split("[ \u00ad]", label)
    )

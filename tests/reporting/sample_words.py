# ruff: noqa: E501
"""The sample's bodies and decisions."""

from datetime import date

from reporting.facts import DecisionFacts, Text

COUNCIL = Text(fi="kaupunginvaltuusto", sv="stadsfullmäktige", en="City Council")
BOARD = Text(fi="kaupunginhallitus", sv="stadsstyrelsen", en="City Board")
MANAGER = Text(fi="kaupunginjohtaja", sv="stadsdirektören", en="city manager")
BODIES = {"council": COUNCIL, "board": BOARD, "manager": MANAGER}


def text(words: str) -> Text:
    """`suomi|svenska|English`; a missing language stays missing."""
    fi, sv, en, *_ = [*words.split("|"), "", ""]
    return Text(fi=fi, sv=sv, en=en)


def decision(key, body, on, section, title, *kinds, **more) -> DecisionFacts:
    return DecisionFacts(
        key=key,
        body=BODIES.get(body) or text(body),
        body_kind=body if body in BODIES else "line_unit",
        title=text(title),
        kinds=kinds,
        decided_on=date.fromisoformat(on) if on else None,
        section=section,
        **more,
    )


SET = decision(
    "d1", "council", "2021-06-14", 61,
    "Kehitysohjelmien asettaminen valtuustokaudeksi|Tillsättande av utvecklingsprogram för fullmäktigeperioden"
    "|Setting the development programmes for the council term",
    "set", case_number="1407/00.01.02/2021",
)  # fmt: skip
ELECT = decision(
    "d2", "council", "2021-08-30", 92,
    "Ohjausryhmien luottamushenkilöjäsenten valinta|Val av förtroendevalda ledamöter i styrgrupperna"
    "|Election of the elected members of the steering groups",
    "elect", case_number="1407/00.01.02/2021",
)  # fmt: skip
NAMED = decision(
    "d3", "manager", "", None,
    "Viranhaltijajäsenten nimeäminen|Utnämning av tjänsteinnehavare till ledamöter|Naming of the office-holder members",
    "elect", date_precision="season", provenance="taken_over",
    date_text=Text(fi="syksy 2021", sv="hösten 2021", en="autumn 2021"),
)  # fmt: skip
PROPOSED = decision(
    "d4", "board", "2022-02-07", 38,
    "Hyötytavoitteiden ehdottaminen valtuustolle|Förslag till programmål för fullmäktige"
    "|Proposal of the benefit targets to the council",
    "propose", case_number="418/00.01.02/2022",
)  # fmt: skip
APPROVED = decision(
    "d5", "council", "2022-02-21", 17,
    "Hyötytavoitteiden hyväksyminen|Godkännande av programmålen|Approval of the benefit targets",
    "approve", case_number="418/00.01.02/2022",
)  # fmt: skip
PLANS = decision(
    "d6", "board", "2022-04-25", 131,
    "Ohjelmasuunnitelmien hyväksyminen|Godkännande av programplanerna|Approval of the programme plans",
    "approve", case_number="418/00.01.02/2022",
)  # fmt: skip
ADDED = decision(
    "d7", "council", "2023-11-20", 148,
    "Hyötytavoitteiden täydentäminen|Komplettering av programmålen|Addition to the benefit targets",
    "approve", case_number="2210/00.01.02/2023",
)  # fmt: skip

# ruff: noqa: E501
"""The sample's steering groups: nine and nine with a vacancy, or five and five with personal deputies."""

from datetime import date

from reporting.facts import GroupChangeFacts, GroupFacts, MemberFacts, PersonFacts, SeatFacts
from tests.reporting import story
from tests.reporting.sample_words import ELECT, NAMED, SET, text

NEW_YEAR = date(2023, 12, 31)


def group(told: story.Programme, status: date) -> GroupFacts:
    """Nine and nine without deputies, or five and five with personal deputies, one seat of them vacant."""
    seats = []
    for kind, names in (("elected", told.elected), ("official", told.officials)):
        for n, name in enumerate(names, 1):
            seats.append(seat(told, kind, n, name, status))
    youth = text("Nuorisovaltuuston edustaja|Ungdomsfullmäktiges representant|Youth council representative")
    person = PersonFacts(
        name="Sini Esimerkki",
        affiliation=text("nuorisovaltuusto|ungdomsfullmäktige|youth council"),
        provenance="demonstration",
    )
    seats.append(
        SeatFacts(kind="attending", number=1, label=youth, member=MemberFacts(person=person, since=date(2022, 1, 1)))
    )
    changes = ()
    if told.code == "K" and status == NEW_YEAR:
        left = PersonFacts(
            name="Eero Esimerkki", affiliation=text("Ryhmä B|Grupp B|Group B"), provenance="demonstration"
        )
        came = PersonFacts(
            name="Tuuli Esimerkki", affiliation=text("Ryhmä B|Grupp B|Group B"), provenance="demonstration"
        )
        changes = (
            GroupChangeFacts(on=date(2023, 9, 18), person=left, what="left", ending="resigned", decision=ELECT),
            GroupChangeFacts(on=date(2023, 9, 18), person=came, what="came", decision=ELECT),
        )
    return GroupFacts(
        elected_seats=len(told.elected),
        official_seats=len(told.officials),
        deputies="personal" if told.deputies else "none",
        sized_by=SET,
        seats=tuple(seats),
        changes=changes,
        meetings_held=4,
        meetings_quorate=4,
    )


def seat(told, kind, n, name, status) -> SeatFacts:
    if name is None:
        return SeatFacts(kind=kind, number=n)
    belongs = (
        f"Ryhmä {'ABCD'[n % 4]}|Grupp {'ABCD'[n % 4]}|Group {'ABCD'[n % 4]}"
        if kind == "elected"
        else story.UNITS[n % 4]
    )
    person = PersonFacts(name=name, affiliation=text(belongs), provenance="demonstration")
    office = {1: "chair", 2: "vice_chair"}.get(n, "") if kind == "elected" else ""
    deputy = None
    if told.deputies:
        standing_in = PersonFacts(
            name=f"Varajäsen {n} Esimerkki", affiliation=text(belongs), provenance="demonstration"
        )
        deputy = MemberFacts(person=standing_in, since=date(2021, 8, 30))
    member = MemberFacts(
        person=person, since=date(2021, 8, 30), office=office, appointed_by=ELECT if kind == "elected" else NAMED
    )
    return SeatFacts(kind=kind, number=n, member=member, deputy=deputy)

"""What the report claims holds: every claim on paper beside the facts that it rests on."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reporting.compilation import work
from reporting.documents import formats
from reporting.facts import MoneyFacts, ProjectMoveFacts, ReportFacts
from tests.reporting import renditions, sample
from tests.reporting.html_reading import Reading

LANGUAGES = ("fi", "sv", "en")


def paper(facts: ReportFacts, lang: str = "fi", then: ReportFacts | None = None) -> str:
    """The words of a whole report, as its HTML file holds them."""
    frozen = renditions.frozen(facts, then or renditions.then())
    content = formats.render(frozen, lang=lang, form="html")  # type: ignore[arg-type]
    return " ".join(Reading(content).root.text().split()).replace("\u00a0", " ")


def with_target(facts: ReportFacts, code: str, **changes: Any) -> ReportFacts:
    """The same report with one target told otherwise."""
    programmes = tuple(
        replace(each, targets=tuple(replace(t, **changes) if t.code == code else t for t in each.targets))
        for each in facts.programmes
    )
    return replace(facts, programmes=programmes)


@pytest.mark.parametrize(
    ("lang", "named", "none"),
    [
        ("fi", "A7: kaupunginvaltuusto 11.9.2023 § 88", "A7: valtuuston päätöstä ei ole kirjattu"),
        ("sv", "A7: stadsfullmäktige 11.9.2023 § 88", "A7: inget beslut av fullmäktige har antecknats"),
        ("en", "A7: City Council, 11 Sep 2023, section 88", "A7: no decision of the council is recorded"),
    ],
)
def test_inv_54_an_ended_target_names_the_decision_of_the_council_or_says_that_it_has_none(lang, named, none):
    decided = replace(sample.APPROVED, key="ended", decided_on=date(2023, 9, 11), section=88)
    told = paper(with_target(renditions.now(), "A7", ended_by=decided), lang)
    assert named.lower() in told.lower() and none not in told
    assert none in paper(renditions.now(), lang)


def test_a_wish_prints_its_answer_or_why_it_has_none_and_when_that_was_said():
    facts = renditions.now()
    answered, still_open = facts.wishes
    late = replace(answered, answered_on=date(2024, 1, 10))
    why = replace(still_open, delay=sample.text("Kesken.|Pågår.|Under way."), delayed_on=date(2024, 1, 12))
    told = paper(replace(facts, wishes=(late, why)))
    assert "10.1.2024" in told
    assert "Vastausta ei vielä ole. Kesken. 12.1.2024" in told


def tables(facts: ReportFacts, head: str, lang: str = "fi") -> list[list[list[str]]]:
    """The tables of the report whose heads begin so, row by row."""
    frozen = renditions.frozen(facts, renditions.then())
    content = formats.render(frozen, lang=lang, form="html")  # type: ignore[arg-type]
    return [table for table in Reading(content).tables if table and table[0][0].startswith(head)]


def with_money(*rows: MoneyFacts) -> ReportFacts:
    """The report where the first programme has this money and the others none."""
    first, *others = renditions.now().programmes
    poor = [replace(each, money=()) for each in others]
    return replace(renditions.now(), programmes=(replace(first, money=rows), *poor))


def euros(cell: str) -> Decimal:
    """The first number of a cell."""
    found = re.match(r"[\d\u202f\u00a0]+(,\d+)?", cell)
    assert found, cell
    return Decimal(re.sub(r"\s", "", found[0]).replace(",", "."))


def row(period: str, source: str, budget: str, used: str, **more: Any) -> MoneyFacts:
    granted = Decimal(more.pop("granted")) if "granted" in more else None
    key = f"{period}{source}{more.get('project', '')}{budget}"
    return MoneyFacts(
        key=key, period=period, source=source, budget=Decimal(budget), used=Decimal(used), granted=granted, **more
    )  # type: ignore[arg-type]


MONEY = (
    row("2022", "appropriation", "250000", "249999.50"),
    row("2022", "appropriation", "15000", "12000", project="first"),
    row("2023", "appropriation", "360000", "371000"),
    row("2023", "appropriation", "15000", "1000", project="first"),
    row("2023", "external", "90000", "82000", granted="80000", funder=sample.text("Malli Oy|Modell Ab|Model Ltd")),
)


def test_years_are_told_apart_and_each_part_of_the_money_sums_by_itself():
    (table,) = tables(with_money(*MONEY), "Lähde")[:1]
    groups: dict[str, list[list[str]]] = {}
    for cells in table[1:]:
        if len(cells) == 1:
            part = groups.setdefault(cells[0], [])
        else:
            part.append(cells)
    assert list(groups) == ["2023", "Kausi 2022–2023"]
    for rows in groups.values():
        *parts, total = rows
        assert total[0] == "Yhteensä"
        for column in (1, 2):
            assert sum(euros(each[column]) for each in parts) == euros(total[column])
    assert [euros(cell) for cell in groups["2023"][-1][1:]] == [455000, 454000]


def test_an_overspent_row_is_told_whatever_others_have_left():
    told = paper(with_money(*MONEY)).replace("\u202f", " ")
    own = "Kaupungin määräraha 2023 (ohjelman oma): käytetty 371 000 €, käytettävissä 360 000 €, ylitys 11 000 €."
    assert own in told
    assert "Malli Oy 2023 (ohjelman oma): käytetty 82 000 €, käytettävissä 80 000 €, ylitys 2 000 €." in told
    overran = "Ohjelman oma määräraha 2023 ylittyi 11 000 €: käytetty 371 000 €, käytettävissä 360 000 €."
    assert overran in told


def test_what_a_funder_was_only_asked_for_is_neither_granted_nor_available():
    asked = row("2023", "external", "90000", "0", funder=sample.text("Malli Oy|Modell Ab|Model Ltd"))
    facts = with_money(*MONEY[:4], asked)
    found = [cells[1:] for cells in tables(facts, "Lähde")[0] if cells[0].startswith("Malli Oy")]
    assert found == [["–", "0"]] * 2
    (_, first, *_) = tables(facts, "Ohjelma")[0]
    assert first[5] == "–"


def test_the_summary_tells_the_year_and_its_columns_add_up():
    (table,) = tables(renditions.now(), "Ohjelma")[:1]
    heads, *rows, total = table
    assert "2023" in heads[4] and "2023" in heads[5] and "myönnetty" in heads[5]
    assert "päättynyt tai peruttu" in heads[3]
    for column in (4, 5):
        assert sum(euros(each[column]) for each in rows) == euros(total[column])
    assert sum(euros(each[4].split("/")[1].strip()) for each in rows) == euros(total[4].split("/")[1].strip())


def test_every_year_of_the_annex_has_its_sum():
    (table,) = tables(with_money(*MONEY), "Lähde")[1:2]
    sums = [cells for cells in table if cells[0] == "Yhteensä"]
    assert [cells[2] for cells in sums] == ["2022", "2023"]
    assert [[euros(cell) for cell in cells[3:] if cell != "–"] for cells in sums] == [
        [265000, Decimal("261999.5")],
        [465000, 80000, 454000],
    ]
    assert any("ylitys" in cells[-1] and cells[0] == "Malli Oy" for cells in table)


@pytest.mark.parametrize(("by", "late"), [(date(2023, 12, 30), True), (date(2023, 12, 31), False), (None, False)])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mitigation_that_is_overdue_on_the_status_date_says_so(lang, by, late):
    first, *others = renditions.now().programmes
    risks = tuple(replace(risk, mitigate_by=by) for risk in first.risks)
    told = paper(replace(renditions.now(), programmes=(replace(first, risks=risks), *others)), lang)
    said = {"fi": "määräaika ylittynyt", "sv": "tidsfristen har gått ut", "en": "overdue"}[lang]
    assert (f", {said}" in told) is late


@pytest.mark.parametrize(("state", "slips"), [("running", True), ("cancelled", False), ("ended", False)])
def test_what_is_over_is_late_with_nothing_any_more(state, slips):
    facts = renditions.now()
    programme = next(each for each in facts.programmes if any(p.milestones for p in each.projects))
    project = next(each for each in programme.projects if each.milestones)
    waiting = replace(project.milestones[0], planned_on=date(2023, 2, 28), forecast_on=None, reached_on=None)
    told = work.project(
        replace(project, state=state, milestones=(waiting,)), since=date(2023, 7, 1), on=date(2023, 12, 31)
    )
    assert (told.slip_months, told.overdue) == ((10, True) if slips else (None, False))


def of_provenance(value: Any, wanted: str) -> Any:
    """The same facts, every row of them of one provenance."""
    if isinstance(value, tuple):
        return tuple(of_provenance(each, wanted) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {one.name: of_provenance(getattr(value, one.name), wanted) for one in fields(value) if one.init}
    return replace(value, **changed | ({"provenance": wanted} if "provenance" in changed else {}))  # type: ignore[type-var]


def partly_recorded(facts: ReportFacts) -> ReportFacts:
    """The same with one row that was recorded in earnest."""
    first, *others = facts.programmes
    update = replace(first.update, provenance="recorded")  # type: ignore[type-var]
    return replace(facts, programmes=(replace(first, update=update), *others))


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("fi", "kaikki luvut, henkilöt, projektit ja tekstit ovat keksittyjä, ellei niissä ole ristiä (†)"),
        ("sv", "alla siffror, personer, projekt och texter är påhittade, om de inte har ett kors (†)"),
        ("en", "all figures, people, projects and texts are invented unless they bear a dagger (†)"),
    ],
)
def test_where_all_but_the_taken_over_is_invented_a_sentence_says_so_and_the_dagger_tells_the_real_apart(
    lang, sentence
):
    facts = of_provenance(renditions.now(), "demonstration")
    first, *others = facts.programmes
    decisions = tuple(replace(each, provenance="taken_over") for each in facts.decisions)
    facts = replace(facts, decisions=decisions, programmes=(replace(first, provenance="taken_over"), *others))
    told = paper(facts, lang).replace("\u00ad", "")
    assert sentence in told and "*" not in told
    for real in (first.name, first.aim, *(each.title for each in decisions)):
        assert f"{getattr(real, lang)}†" in told
    invented = [others[0].name, *(t.title for p in facts.programmes for t in p.targets)]
    assert not [name for name in invented if f"{getattr(name, lang)}†" in told]
    one_in_earnest = paper(partly_recorded(facts), lang)
    assert sentence not in one_in_earnest and "(*)" in one_in_earnest


@pytest.mark.parametrize(("provenance", "sign"), [("demonstration", "*"), ("taken_over", "†")])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_that_is_invented_or_taken_over_bears_its_mark_where_it_is_printed(lang, provenance, sign):
    facts = partly_recorded(of_provenance(renditions.now(), provenance))
    told = paper(facts, lang)
    named = [
        *(each.title for each in facts.decisions),
        *(each.text for each in facts.wishes),
        *(t.title for p in facts.programmes for t in p.targets if t.state == "approved"),
        *(i.name for p in facts.programmes for t in p.targets for i in t.indicators),
        *(each.name for p in facts.programmes for each in p.projects),
        *(each.title for p in facts.programmes for each in (*p.risks, *p.events)),
        *(partner for p in facts.programmes for each in p.projects for partner in each.partners),
    ]
    names = [getattr(text, lang) for text in named]
    names += [seat.member.person.name for p in facts.programmes if p.group for seat in p.group.seats if seat.member]
    assert len(set(names)) > 100
    plain = told.replace("\u00ad", "")
    assert [name for name in dict.fromkeys(names) if " ".join(f"{name}{sign}".split()) not in plain] == []
    assert f"§ {facts.decisions[-1].section}{sign}" in plain or lang == "en"
    changed = renditions.frozen(facts, renditions.then()).findings.changes
    assert changed is not None
    of_change = [f"{each.code} {getattr(each.title, lang)}{sign}" for each in changed.targets if each.change != "same"]
    assert of_change and [name for name in of_change if " ".join(name.split()) not in plain] == []
    words = {"fi": "päätökset, pykälät, asianumerot", "sv": "beslut, paragrafer, ärendenummer"}
    assert words.get(lang, "decisions, sections, case numbers") in plain


def test_what_was_recorded_here_bears_no_mark():
    told = paper(of_provenance(renditions.now(), "recorded"))
    assert "*" not in told.replace("(*)", "") and "†" not in told


@pytest.mark.parametrize("state", ["suspended", "running", "ended", "cancelled"])
def test_the_head_over_changed_states_holds_for_each_of_them(state):
    first, *others = renditions.now().programmes
    move = ProjectMoveFacts(state=state, effective_on=date(2023, 11, 1), because=sample.text("Syy.|Skäl.|Reason."))
    projects = (replace(first.projects[0], moves=(move,)), *first.projects[1:])
    facts = replace(renditions.now(), programmes=(replace(first, projects=projects), *others))
    told = paper(facts)
    assert "Projektien tilan muutokset jaksolla" in told and "Jaksolla alkaneet" not in told
    word = {"suspended": "keskeytetty", "running": "käynnissä", "ended": "päättynyt", "cancelled": "peruttu"}[state]
    assert f"{word} 1.11.2023 Syy." in told

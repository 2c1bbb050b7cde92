"""Table, chart and words of one indicator come from one finding, on paper and page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portfolio.benefits.standing import CURRENT_RULE
from reporting.compilation import figures, standings
from reporting.compilation.course import Years, course
from reporting.documents import formats, rendering
from reporting.documents.rendering.composition.telling import Telling
from reporting.documents.rendering.language import Voice
from reporting.facts import IndicatorFacts, MeasurementFacts, Text
from reporting.facts.benefits import PathPointFacts, RubricLevelFacts
from reporting.pages.targets.charts import chart
from reporting.pages.targets.indicators import indicator as page_of
from tests.reporting import renditions, sample
from tests.reporting.html_reading import Reading

STATUS = sample.NEW_YEAR
START, DUE = date(2021, 12, 31), date(2025, 5, 31)


def measured(on: str, value: str, *, approved: bool = True) -> MeasurementFacts:
    return MeasurementFacts(
        on=date.fromisoformat(on), value=Decimal(value), approved=approved, recorded_at=sample.instant(STATUS), seq=1
    )


def indicator(kind: Any, *values: MeasurementFacts, **fields: Any) -> IndicatorFacts:
    given: dict[str, Any] = {
        "direction": "none" if kind.startswith("keep") or kind == "done" else "up", "interval_months": 12,
        "baseline_value": Decimal(10), "baseline_on": START, "target_value": Decimal(100), "target_on": DUE,
    }  # fmt: skip
    about: dict[str, Any] = {"name": Text(fi="Mittari", sv="Mätare"), "unit": Text(fi="kt", sv="kt"), "decimals": 0}
    return IndicatorFacts(key="i-1", code="M1", kind=kind, measurements=values, **about | given | fields)


SATISFIED = indicator(
    "average",
    *(measured(on, value) for on, value in zip(
        ("2022-06-30", "2022-12-31", "2023-06-30", "2023-12-31"), ("3.6", "3.6", "3.8", "4.0"), strict=True)),
    decimals=1, baseline_value=Decimal("3.4"), target_value=Decimal("3.8"), interval_months=6, unit=Text(),
)  # fmt: skip
WARM = indicator(
    "keep_within", measured("2023-12-31", "22.4"), decimals=1, unit=Text(fi="°C", sv="°C"),
    baseline_value=Decimal(21), target_value=Decimal(21), lower=Decimal(20), upper=Decimal(22),
)  # fmt: skip
OLD = indicator("reach", measured("2022-12-31", "48"), measured("2023-12-31", "455", approved=False))
BRIDGE = indicator(
    "done", measured("2022-12-31", "0"), measured("2023-12-31", "1"), baseline_value=None, target_value=None
)


def found(facts: IndicatorFacts) -> Any:
    return standings.of_indicator(facts, on=STATUS, by=CURRENT_RULE)


def report_of(facts: IndicatorFacts) -> rendering.Frozen:
    """The sample's report with one target in its first programme, measured by this alone."""
    now = renditions.now()
    first = now.programmes[0]
    target = replace(first.targets[0], code="X1", indicators=(facts,), explanation=Text())
    others = (replace(one, targets=()) for one in now.programmes[1:])
    return renditions.frozen(replace(now, programmes=(replace(first, targets=(target,)), *others)))


def html_of(facts: IndicatorFacts) -> Reading:
    return Reading(formats.render(report_of(facts), lang="fi", form="html"))


def row_of(read: Reading) -> list[str]:
    return next(row for table in read.tables for row in table if row[0].strip() == "X1" and len(row) == 6)


def test_a_mean_that_misses_its_target_is_not_rounded_up_to_it() -> None:
    read = html_of(SATISFIED)
    code, _, _, latest, target, standing = row_of(read)
    assert latest.startswith("3,75") and "4 arvon keskiarvo" in latest
    assert (code, target, standing) == ("X1", "3,8", "vaatii huomiota")
    (drawn,) = [svg for svg in read.root.all("svg") if "keskiarvo 3,75" in svg.text(skip=())]
    assert "4,0" not in drawn.text(skip=("title", "desc"))


@pytest.mark.parametrize(
    ("value", "decimals", "bound", "written"),
    [
        ("3.75", 1, "3.8", 2),
        ("3.849", 1, "3.8", 2),
        ("3.8", 1, "3.8", 1),
        ("3.7499999", 1, "3.8", 1),
        ("3.79996", 1, "3.8", 5),
        ("99.6", 0, "100", 1),
        ("-0.4", 0, "0", 1),
    ],
)
def test_as_many_decimals_as_the_standing_needs(value: str, decimals: int, bound: str, written: int) -> None:
    assert figures.telling(Decimal(value), decimals, [Decimal(bound)]) == written


@pytest.mark.parametrize(("value", "due", "told"), [("34", "30.5", "30,5"), ("32", "30.5", "31"), ("34", "31", "31")])
def test_a_path_is_told_as_exactly_as_the_standing_needs_on_page_and_paper(value: str, due: str, told: str) -> None:
    """By 30.5 a value of 34 lacks 29 % of the way and is off track; by 31 it would lack 25 % and need attention."""
    path = (PathPointFacts(on=STATUS, value=Decimal(due)),)
    numbers = {"baseline_value": Decimal(38), "target_value": Decimal(26), "path": path}
    facts = indicator("reach", measured("2023-12-31", value), direction="down", **numbers)
    on_page = [row.value for row in page_of(facts, STATUS, Voice("fi")).rows]
    assert on_page == [f"{figure}\u00a0kt" for figure in ("38", value, told, "26")]
    if found(facts).standing == "off_track":
        assert f"suunnitelman mukaan {told}\u00a0kt" in html_of(facts).root.text()


def test_an_average_is_drawn_as_a_level_line_without_a_path() -> None:
    drawn = course(SATISFIED, found(SATISFIED), on=STATUS)
    assert (drawn.shape, drawn.path, drawn.latest) == ("mean", (), (STATUS, Decimal("3.75")))
    page = chart(SATISFIED, found(SATISFIED), Voice("fi").number, on=STATUS)
    assert page is not None and not any(page.paths)
    assert len({spot.split(",")[1] for spot in page.act.split()}) == 1, "level"
    assert (len(page.points), page.latest.text if page.latest else "") == (4, "3,75")


def test_a_range_is_told_as_a_range_everywhere() -> None:
    read = html_of(WARM)
    assert row_of(read)[4] == "20,0–22,0"
    told = read.root.text()
    assert "Mittari: 22,4\u00a0°C. Tason on pysyttävä välillä 20,0–22,0\u00a0°C." in told
    assert "suunnitelman mukaan 21,0" not in told and "Tavoite on 21,0" not in told
    assert standings.of_indicator(WARM, on=STATUS, by=CURRENT_RULE).expected is None


def test_an_old_value_says_its_age_and_what_awaits_approval() -> None:
    read = html_of(OLD)
    latest = row_of(read)[3]
    assert "48" in latest and "arvo 12\u00a0kk vanha" in latest and "uudempi (31.12.2023) odottaa hyväksyntää" in latest
    series = next(row for table in read.tables for row in table if row[0].strip() == "X1" and len(row) == 4)
    assert "455 (odottaa hyväksyntää" in series[3]
    drawings = [svg.text(skip=()) for svg in read.root.all("svg")]
    assert any("48" in drawing for drawing in drawings)
    assert not any("455" in drawing for drawing in drawings)


def test_what_is_done_or_not_is_told_so_and_has_no_slope() -> None:
    drawn = course(BRIDGE, found(BRIDGE), on=STATUS)
    assert (drawn.shape, drawn.path, drawn.target) == ("deed", (), (DUE, Decimal(1)))
    read = html_of(BRIDGE)
    assert row_of(read)[3:] == ["tehty", "tehty", "toteutunut"]
    assert chart(BRIDGE, found(BRIDGE), Voice("fi").number, on=STATUS) is None


def test_a_value_that_does_not_count_has_no_mark_of_a_standing() -> None:
    unknown = replace(OLD, interval_months=None)
    page = chart(unknown, found(unknown), Voice("fi").number, on=STATUS)
    assert page is not None and (page.mark, page.counts) == (None, False) and page.known is not None
    latest = row_of(html_of(unknown))[3]
    assert latest.startswith("ei raportoitu") and "mittausväli ei ole tiedossa" in latest and "48" in latest


def test_the_end_of_a_year_stands_at_its_own_end_on_page_and_paper() -> None:
    page = chart(OLD, found(OLD), Voice("fi").number, on=STATUS)
    assert page is not None
    names = {spot.text: spot.x for spot in page.years}
    at_the_end = page.known or page.latest
    assert at_the_end is not None
    assert names["2022"] < at_the_end.x < names["2023"], "a value of 31.12.2022"
    paper = Telling(report_of(OLD).facts, report_of(OLD).findings, Voice("fi")).scale
    assert (paper.first_year, paper.share(START)) == (2022, 0.0)


def test_the_years_of_any_days_can_be_drawn() -> None:
    for days in ([date(9999, 12, 31), date(1, 1, 1)], [STATUS], [date(9999, 12, 31)], [date(2021, 12, 31)]):
        years = Years.over(days)
        named = years.named(5)
        assert 1 <= len(named) <= 5
        assert all(0.0 <= begins < ends <= 1.0 for _, begins, ends in named)
        assert all(0.0 <= years.share(day) <= 1.0 for day in days)


def test_every_value_of_the_charts_stands_in_the_words_beside_them() -> None:
    """What a chart shows is what its description says, with the same decimals."""
    for facts in (SATISFIED, WARM, OLD, BRIDGE):
        for svg in html_of(facts).root.all("svg"):
            words = svg.text(skip=("text",))
            shown = [one.text() for one in svg.all("text")]
            if words.startswith("Mittari"):
                figures_ = [text for text in shown if re.search(r"\d,\d|keskiarvo", text)]
                assert all(text.removeprefix("keskiarvo ") in words for text in figures_), (words, figures_)


LEVELS = indicator(
    "reach", measured("2022-12-31", "2"), measured("2023-12-31", "2"), unit=Text(),
    baseline_value=Decimal(1), target_value=Decimal(4),
    rubric=(
        RubricLevelFacts(value=Decimal(1), label=Text(fi="Yksittäisiä kyselyjä silloin tällöin", sv="Enkäter")),
        RubricLevelFacts(value=Decimal(2), label=Text(fi="Kuuleminen osana suunnittelua", sv="Hörandet ingår")),
        RubricLevelFacts(value=Decimal(4), label=Text(fi="Lapset ja nuoret päättävät osasta", sv="Barn beslutar")),
    ),
)  # fmt: skip
MILLIONS = indicator(
    "reach", measured("2022-12-31", "104567890.25"), measured("2023-12-31", "123456789.25"), decimals=2,
    baseline_value=Decimal("100000000.25"), target_value=Decimal("200000000.25"),
)  # fmt: skip
SOON = replace(MILLIONS, target_on=date(2024, 2, 29))  # its label has no place beside the status line
LETTER = 0.48  # of its size: what that a letter of a label takes on the mean


def labels(svg: Any) -> list[tuple[str, float, float, float, float]]:
    """The words of a drawing with where each begins and ends, its line and its size."""
    found = []
    for one in svg.all("text"):
        x, size = float(one.attributes["x"]), float(one.attributes["font-size"])
        wide = len(one.text()) * size * LETTER
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[one.attributes["text-anchor"]]
        found.append((one.text(), left, left + wide, float(one.attributes["y"]), size))
    return found


def charts_of(facts: IndicatorFacts) -> list[Any]:
    return [svg for svg in html_of(facts).root.all("svg") if svg.attributes.get("class") == "chart"]


@pytest.mark.parametrize("facts", [SATISFIED, WARM, OLD, BRIDGE, LEVELS, MILLIONS, SOON])
def test_no_word_of_a_chart_is_cut_off_or_crossed(facts: IndicatorFacts) -> None:
    """Words lie inside the drawing and above all else; one that the status line would meet lies on blank paper."""
    assert (charts := charts_of(facts))
    for svg in charts:
        order = [one.tag for one in svg.all("path", "rect", "circle", "text")]
        assert order[-1] == "text" and "rect" not in order[-2:]
        upright = [re.fullmatch(r"M([\d.]+) ([\d.]+)L\1 ([\d.]+)", one.attributes["d"]) for one in svg.all("path")]
        status = max((one for one in upright if one), key=lambda one: float(one[3]) - float(one[2]))
        for text, left, right, level, size in labels(svg):
            assert left >= 0 and right <= float(svg.attributes["viewbox"].split()[2]), text
            if left < float(status[1]) < right and level < float(status[3]):
                assert any(_holds(one, float(status[1]), level - size / 3) for one in svg.all("rect")), text


def _holds(paper: Any, x: float, y: float) -> bool:
    left, top, width, height = (float(paper.attributes[name]) for name in ("x", "y", "width", "height"))
    return left < x < left + width and top < y < top + height


def test_a_chart_says_a_level_by_its_number_and_the_table_by_its_name() -> None:
    read = html_of(LEVELS)
    assert [text for text, *_ in labels(charts_of(LEVELS)[0]) if "taso" in text] == ["taso 4", "taso 1", "taso 2"]
    assert "Kuuleminen osana suunnittelua" in row_of(read)[3]


def test_what_explains_a_target_of_several_indicators_stands_under_no_single_chart() -> None:
    """Permits took as long as before: said of the target, not of the satisfaction that its first chart shows."""
    report = report_of(SATISFIED)
    first, *others = report.facts.programmes
    told = Text(fi="Lupajärjestelmä viivästyi.", sv="Tillståndssystemet försenades.")
    days = replace(OLD, key="i-2", code="M2")
    target = replace(first.targets[0], indicators=(SATISFIED, days), explanation=told)
    facts = replace(report.facts, programmes=(replace(first, targets=(target,)), *others))
    root = Reading(formats.render(renditions.frozen(facts), lang="fi", form="html")).root
    under = [one.text() for one in root.all("div") if one.attributes.get("class") == "multiple"]
    assert len(under) >= 2 and not any("Lupajärjestelmä" in text for text in under)
    assert [one.text() for one in root.all("p") if "Lupajärjestelmä" in one.text()] == ["X1 Lupajärjestelmä viivästyi."]

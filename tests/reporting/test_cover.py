"""The cover draws what the verdicts say: the broken lies below the path, only the reached above the target."""

import re
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from reporting.compilation import compile_report
from reporting.compilation.findings import BEST_FIRST
from reporting.documents.rendering.charts import cover as chart
from reporting.documents.rendering.composition import compose
from reporting.documents.rendering.language import Voice
from reporting.facts import ReportFacts
from tests.reporting import renditions
from tests.reporting import sample_changed as changed

# The marks at the ends of the ways are 3,5 points in radius, those of the labels 3.
CIRCLE = re.compile(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="3.5"[^>]*/>(<path[^>]*d="M[^Z"]*"[^>]*/>)?')
SQUARE = re.compile(r'<rect x="([\d.]+)" y="([\d.]+)" width="6.30" height="6.30"')
TRIANGLE = re.compile(r'<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)Z"')
DIAMOND = re.compile(r'<path d="M([\d.]+) ([\d.]+)L[\d.]+ [\d.]+L[\d.]+ ([\d.]+)L[\d.]+ [\d.]+Z"')


def drawing(facts: ReportFacts, lang: str = "fi") -> Any:
    return compose(renditions.frozen(facts), lang).blocks[0]  # type: ignore[arg-type]


def marks(svg: str) -> dict[str, list[float]]:
    """The heights of the marks by standing: 0 on the baseline, 1 on the target line."""
    found: dict[str, list[float]] = defaultdict(list)
    for _, y, tick in CIRCLE.findall(svg):
        found["met" if tick and 'stroke-width="0.98"' in tick else "on_track"].append(float(y))
    found["off_track"] = [float(y) + 3.15 for _, y in SQUARE.findall(svg)]
    found["at_risk"] = [float(t[1]) + 3.85 for t in TRIANGLE.findall(svg) if abs(float(t[2]) - float(t[4])) > 7.5]
    found["not_reported"] = [
        float(top) + 3.5 for _, top, bottom in DIAMOND.findall(svg) if abs(float(bottom) - float(top) - 7) < 0.05
    ]
    return {
        kind: [(chart.BASELINE - y) / (chart.BASELINE - chart.TARGET) for y in heights]
        for kind, heights in found.items()
        if heights
    }


def with_indicator(facts: ReportFacts, code: str, latest: str, **changes: Any) -> ReportFacts:
    """The same report where one target's indicator is of another kind and has another newest value."""

    def told(indicator: Any) -> Any:
        newest = replace(indicator.measurements[-1], value=Decimal(latest), on=facts.document.status_date)
        return replace(indicator, measurements=(*indicator.measurements[:-1], newest), **changes)

    return replace(
        facts,
        programmes=tuple(
            replace(
                each,
                targets=tuple(
                    replace(t, indicators=tuple(map(told, t.indicators))) if t.code == code else t for t in each.targets
                ),
            )
            for each in facts.programmes
        ),
    )


@pytest.mark.parametrize("facts", [renditions.now, renditions.then], ids=["now", "then"])
def test_one_mark_a_target_as_many_as_the_words_say_and_in_the_order_of_the_standings(facts):
    page = drawing(facts())
    drawn = marks(page.svg)
    counted = {one.standing: one.count for one in renditions.frozen(facts()).findings.totals.by_standing if one.count}
    assert {kind: len(heights) for kind, heights in drawn.items()} == counted
    for kind, count in counted.items():
        word = {"met": "toteutunut", "on_track": "tavoitteen mukainen", "at_risk": "vaatii huomiota"}.get(kind)
        assert word is None or f">{word} {count}<" in page.svg and f"{word} {count}" in page.alt
    judged = [drawn[kind] for kind in BEST_FIRST if kind in drawn and kind != "not_reported"]
    for better, worse in pairwise(judged):
        assert min(better) > max(worse)
    assert all(height > 1 for height in drawn.get("met", ()))
    assert all(height < 1 for kind in drawn if kind != "met" for height in drawn[kind])


@pytest.mark.parametrize(
    ("kind", "latest", "limits", "standing"),
    [
        ("keep_at_least", "38.5", {"target_value": Decimal(38)}, "on_track"),
        ("keep_at_least", "37.0", {"target_value": Decimal(38)}, "at_risk"),
        ("keep_at_least", "20", {"target_value": Decimal(38)}, "off_track"),
        ("keep_at_most", "124", {"target_value": Decimal(120)}, "at_risk"),
        ("keep_at_most", "150", {"target_value": Decimal(120)}, "off_track"),
        ("keep_within", "22.3", {"lower": Decimal(18), "upper": Decimal(22), "target_value": None}, "off_track"),
        ("keep_within", "20", {"lower": Decimal(18), "upper": Decimal(22), "target_value": None}, "on_track"),
    ],
)
def test_what_is_to_be_kept_lies_on_the_path_while_it_holds_and_below_it_when_it_is_broken(
    kind, latest, limits, standing
):
    before = marks(drawing(renditions.now()).svg)
    facts = with_indicator(renditions.now(), "K1", latest, kind=kind, direction="none", path=(), **limits)
    after = marks(drawing(facts).svg)
    (moved,) = Counter(round(y, 3) for y in after[standing]) - Counter(round(y, 3) for y in before.get(standing, ()))
    path = along(facts)
    assert abs(moved - path) < 0.01 if standing == "on_track" else moved < path - 0.05


def test_how_deep_a_standing_lies_is_told_by_the_rule_of_the_snapshot():
    """A limit broken by a tenth, where a fifth is nearly kept: half way from 0.2 to 0.5 behind."""
    loose = {"on_track_within": Decimal("0.2"), "at_risk_within": Decimal("0.5"), "kept_nearly_within": Decimal("0.2")}
    facts = changed.stricter(renditions.now(), version=3, **loose)
    kept = {"kind": "keep_at_least", "direction": "none", "path": (), "target_value": Decimal(40)}
    drawn = marks(drawing(with_indicator(facts, "K1", "36", **kept)).svg)["at_risk"]
    assert any(height == pytest.approx(along(facts) - 0.35, abs=0.005) for height in drawn), drawn


def along(facts: ReportFacts) -> float:
    """How much of the time of all targets had passed on the status date: there the agreed path of all is."""
    known = [i for p in facts.programmes for t in p.targets for i in t.indicators]
    start, end = min(i.baseline_on for i in known), max(i.target_on for i in known)
    return (facts.document.status_date - start).days / (end - start).days


@pytest.mark.parametrize("kind", ["keep_at_least", "keep_at_most", "keep_within", "average"])
def test_what_has_no_path_is_told_by_its_limit_or_as_a_mean(kind):
    limits = {"lower": Decimal(18), "upper": Decimal(22), "target_value": None} if kind == "keep_within" else {}
    latest = "2" if kind == "keep_at_least" else "9000"
    facts = with_indicator(renditions.then(), "K1", latest, kind=kind, path=(), **limits)
    attention = {item.title.fi: item.sentence for item in compile_report(facts).attention}
    title = next(t.title.fi for p in facts.programmes for t in p.targets if t.code == "K1")
    for lang in ("fi", "sv", "en"):
        assert Voice(lang, "Europe/Helsinki").sentence(attention[title])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", "Korkeus kertoo etäisyyden sovittuun polkuun, ei edistymistä lähtötasosta."),
        ("sv", "Höjden visar avståndet till den avtalade målbanan, inte framsteget från utgångsnivån."),
        ("en", "Height shows the distance from the agreed path, not the progress from the baseline."),
    ],
)
def test_the_cover_says_what_its_height_means_to_the_eye_and_to_the_ear(lang, words):
    page = drawing(renditions.now(), lang)
    assert f">{words}</text>" in page.svg and words in page.alt


def places(svg: str) -> list[tuple[float, float]]:
    """Where the squares of what is off track stand."""
    return [(float(x), float(y)) for x, y in SQUARE.findall(svg)]


def test_marks_at_one_height_stand_side_by_side_and_can_be_counted():
    """Three targets so far behind that all are drawn on the lowest line."""
    facts = renditions.then()
    for code in ("K1", "K2", "V1"):
        facts = with_indicator(facts, code, "-100000" if direction(facts, code) == "up" else "100000", path=())
    found = [(x, y) for x, y in places(drawing(facts).svg) if abs(y + 3.15 - chart.BASELINE) < 0.01]
    assert len(found) >= 3
    apart = sorted(x for x, _ in found)
    assert all(b - a >= 7 for a, b in pairwise(apart)), "no mark covers another"


def direction(facts: ReportFacts, code: str) -> str:
    indicator = next(t for p in facts.programmes for t in p.targets if t.code == code).indicators[0]
    assert indicator.kind == "reach", code
    return indicator.direction or "up"


def test_a_line_is_broken_past_the_last_approved_value_and_strong_up_to_it():
    """K1 was last measured half a year before the status date: from that day its line is broken."""
    whole = drawing(renditions.now()).svg

    def older(indicator: Any) -> Any:
        return replace(indicator, measurements=indicator.measurements[:-1], interval_months=12)

    facts = changed.with_indicator(renditions.now(), "K1", older)
    broken = drawing(facts).svg
    assert broken.count('stroke-dasharray="3 3"') == whole.count('stroke-dasharray="3 3"') + 1


def test_of_two_indicators_alike_the_one_that_lags_more_is_drawn():
    facts = renditions.now()

    def doubled(target: Any, *, worse_first: bool) -> Any:
        one = target.indicators[0]
        start, end = one.baseline_value, one.target_value

        def at(share: str) -> Any:
            newest = replace(one.measurements[-1], value=start + (end - start) * Decimal(share))
            return replace(one, key=f"i-{share}", path=(), measurements=(newest,))

        pair = (at("0.05"), at("0.25"))
        return replace(target, indicators=pair if worse_first else pair[::-1])

    def report(*, worse_first: bool) -> ReportFacts:
        return replace(facts, programmes=tuple(
            replace(p, targets=tuple(doubled(t, worse_first=worse_first) if t.code == "K1" else t for t in p.targets))
            for p in facts.programmes
        ))  # fmt: skip

    first, second = (marks(drawing(report(worse_first=each)).svg) for each in (True, False))
    assert sorted(first["off_track"]) == pytest.approx(sorted(second["off_track"]))
    assert min(first["off_track"]) == pytest.approx(0.05 * 2 / 1.7, abs=0.1)

"""What the report says beside its verdicts: whose money overran, what is a result, what moved, closed and ended."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from reporting.compilation import compile_report
from reporting.compilation.course import Course
from reporting.documents import formats
from reporting.documents.rendering.charts.trajectory import CourseWords, Marks, Scale, trajectory
from reporting.facts import ClosedRiskFacts, ColourFacts, MilestoneFacts, MoneyFacts
from tests.reporting import renditions
from tests.reporting import sample_changed as changed
from tests.reporting.html_reading import Reading
from tests.reporting.sample_words import text


def html(facts, previous=None, lang="fi"):
    frozen = renditions.frozen(facts, previous)
    return (
        Reading(formats.render(frozen, lang=lang, form="html")).root.text().replace("\u00a0", " ").replace("\u2060", "")
    )


def with_programme(facts, change, n=0):
    programmes = list(facts.programmes)
    programmes[n] = change(programmes[n])
    return replace(facts, programmes=tuple(programmes))


def row(key, budget, used, project=""):
    amounts = {"budget": Decimal(budget), "used": Decimal(used)}
    return MoneyFacts(key=key, source="appropriation", period="2023", project=project, **amounts)


@pytest.mark.parametrize(
    ("own", "projects", "told"),
    [
        (
            (360000, 371000),
            (48000, 21300),
            "Ohjelman oma määräraha 2023 ylittyi 11 000 €: käytetty 371 000 €, käytettävissä 360 000 €. "
            "Ohjelman koko määräraha projekteineen ei ylittynyt (käytetty 392 300 €, käytettävissä 408 000 €).",
        ),
        (
            (360000, 371000),
            (48000, 48000),
            "Myös ohjelman koko määräraha projekteineen ylittyi (käytetty 419 000 €, käytettävissä 408 000 €).",
        ),
        ((360000, 300000), (48000, 50000), "Projektin määräraha 2023 ylittyi 2 000 €: käytetty 50 000 €"),
        ((360000, 371000), None, "Vuoden 2023 määräraha ylittyi: käytetty 371 000 €, käytettävissä 360 000 €."),
    ],
)
def test_an_overrun_says_whose_money_it_was_and_whether_the_whole_overran(own, projects, told):
    def change(programme):
        rows = [row("own", *own)]
        rows += [row("of", *projects, project=programme.projects[0].key)] if projects else []
        return replace(programme, money=tuple(rows))

    facts = with_programme(renditions.now(), change)
    assert told in html(facts).replace("\u202f", " ")


def test_no_target_that_needs_attention_is_a_result_while_there_is_another():
    """K1 came from off track to needs attention: better, yet no result; alone it is one and says where it stands."""
    then = changed.with_indicator(renditions.then(), "K1", lambda one: lagging(one, "0.4"))
    known = told_of(then, "K1").measurements
    now = changed.with_indicator(
        renditions.now(),
        "K1",
        lambda one: lagging(replace(one, measurements=(*known, one.measurements[-1])), "0.1"),
    )
    findings = compile_report(now, then, compile_report(then))
    [target] = [one for each in findings.programmes for one in each.targets if one.code == "K1"]
    assert (target.before, target.standing, target.change) == ("off_track", "at_risk", "better")
    title = next(t.title for p in now.programmes for t in p.targets if t.code == "K1")
    assert findings.results and title not in [one.title for one in findings.results]

    def alone(facts):
        targets = (t for t in facts.programmes for t in t.targets)
        kept = tuple(t for t in targets if t.code == "K1")
        first = replace(facts.programmes[0], targets=kept, projects=())
        return replace(facts, programmes=(first,))

    [result] = compile_report(alone(now), alone(then)).results
    assert result.title == title and result.sentence.code == "result.improved"
    for lang, moved in (
        ("fi", "poikkeaa tavoitteesta → vaatii huomiota"),
        ("sv", "avviker från målet → kräver uppmärksamhet"),
        ("en", "off track → needs attention"),
    ):
        assert moved in html(alone(now), alone(then), lang)


def lagging(one, behind):
    """The indicator so much of its way behind a straight path on its newest day."""
    newest = one.measurements[-1]
    gone = Decimal((newest.on - one.baseline_on).days) / (one.target_on - one.baseline_on).days
    value = one.baseline_value + (one.target_value - one.baseline_value) * (gone - Decimal(behind))
    return replace(one, path=(), measurements=(*one.measurements[:-1], replace(newest, value=value)))


@pytest.mark.parametrize(
    ("values", "said"), [(("3.5", "3.6"), "3,55"), (("3.7", "3.8"), "3,75"), (("3.5",) * 2, "3,50")]
)
def test_a_mean_has_one_decimal_more_than_its_values_in_every_report(values, said):
    def mean(one):
        measured = tuple(replace(m, value=Decimal(v)) for m, v in zip(one.measurements[-2:], values, strict=True))
        numbers = {"baseline_value": Decimal("3.2"), "target_value": Decimal("4.0"), "decimals": 1}
        return replace(one, kind="average", direction="up", path=(), measurements=measured, **numbers)

    facts = changed.with_indicator(renditions.now(), "K1", mean)
    page = formats.render(renditions.frozen(facts), lang="fi", form="html").decode()
    assert f">keskiarvo {said}</text>" in page.replace("\u00a0", " ")
    [row] = [one.text() for one in Reading(page.encode()).root.all("tr") if one.text().startswith("K1 ")][:1]
    assert f" {said}" in row


def test_a_moved_day_of_mitigation_stands_beside_the_day_that_the_previous_report_had():
    then = with_programme(renditions.then(), lambda p: with_due(p, date(2023, 3, 31)))
    now = with_programme(renditions.now(), lambda p: with_due(p, date(2024, 6, 30)))
    told = html(now, then)
    assert "viimeistään 30.6.2024 (oli 31.3.2023)" in told
    assert "(oli 31.3.2024)" not in told, "what was not moved says nothing"


def with_due(programme, on):
    return replace(programme, risks=(replace(programme.risks[0], mitigate_by=on), *programme.risks[1:]))


def test_a_risk_closed_in_the_period_is_told_with_day_level_and_reason():
    closed = ClosedRiskFacts(
        key="r-closed",
        title=text("Toimitus viivästyy|Leveransen försenas|The delivery is late"),
        level=12,
        closed_on=date(2023, 10, 5),
        because=text("Liittymät ovat käytössä.|Anslutningarna är i bruk.|The connections are in use."),
    )
    facts = with_programme(renditions.now(), lambda p: replace(p, closed_risks=(closed,)))
    assert "Toimitus viivästyy (taso 12, päättyi 5.10.2023): Liittymät ovat käytössä." in html(facts)
    assert "Leveransen försenas (nivå 12, avslutad 5.10.2023): Anslutningarna är i bruk." in html(facts, lang="sv")


def test_a_standing_that_follows_from_a_lowered_target_says_so_beside_the_earlier_ones():
    now = changed.lowered(renditions.now(), "T3", "22.0")
    read = Reading(formats.render(renditions.frozen(now, renditions.then()), lang="fi", form="html"))
    rows = [one.text() for one in read.root.all("tr") if one.text().startswith("T3 ")]
    assert any("valtuusto muutti tavoitetta 30" in one and "→ 22" in one for one in rows), rows


def test_a_target_that_ended_is_told_with_its_last_standing_and_value():
    findings = renditions.newest().findings
    [ended] = findings.changes.of("ended")
    told = html(renditions.now(), renditions.then())
    standing = {"met": "toteutunut", "on_track": "tavoitteen mukainen", "at_risk": "vaatii huomiota"}.get(
        ended.before, "poikkeaa tavoitteesta"
    )
    facts = next(t for p in renditions.now().programmes for t in p.targets if t.key == ended.key)
    last = max((m for m in facts.indicators[0].measurements if m.approved), key=lambda m: m.on)
    day = f"{last.on.day}.{last.on.month}.{last.on.year}"
    assert f"tila 30.6.2023: {standing}; {facts.indicators[0].name.fi} {day}: " in told


def test_worse_on_the_same_measurement_says_that_nothing_was_measured_worse():
    """K1's newest approved value is the one of the previous report; a newer one awaits approval."""
    then = changed.with_indicator(renditions.then(), "K1", lambda one: straight(one, "0.04"))
    newest = max(m.on for m in told_of(then, "K1").measurements)

    def waits(one):
        early = tuple(m for m in told_of(then, "K1").measurements if m.on <= newest)
        later = [replace(m, approved=False) for m in one.measurements if m.on > newest]
        return replace(straight(one, "0.04"), measurements=(*early, *later), interval_months=12)

    now = changed.with_indicator(renditions.now(), "K1", waits)
    [change] = [one for one in compile_report(now, then).changes.targets if one.code == "K1"]
    assert change.change == "worse"
    assert "sama mittaus kuin edellisessä raportissa; uudempi odottaa hyväksyntää" in html(now, then)


def told_of(facts, code):
    return next(t for p in facts.programmes for t in p.targets if t.code == code).indicators[0]


def straight(one, behind):
    return replace(lagging(one, behind), interval_months=12)


def test_the_period_of_the_report_is_told_in_days():
    assert "2023, 1.7.–31.12.2023" in html(renditions.now())


@pytest.mark.parametrize(("state", "rings"), [("running", 1), ("cancelled", 0), ("ended", 0)])
def test_nothing_is_forecast_of_a_project_that_is_over(state, rings):
    """Two milestones, one reached: of the other only the plan is left once the project has ended or was cancelled."""

    def change(programme):
        reached = MilestoneFacts(
            key="m-1", name=text("Alku|Start|Start"), planned_on=date(2023, 3, 1), reached_on=date(2023, 3, 1)
        )
        open_ = MilestoneFacts(
            key="m-2", name=text("Loppu|Slut|End"), planned_on=date(2023, 9, 9), forecast_on=date(2024, 8, 8)
        )
        one = replace(programme.projects[0], state=state, kind="project", milestones=(reached, open_))
        return replace(programme, projects=(one,))

    facts = with_programme(renditions.now(), change)
    page = formats.render(renditions.frozen(facts), lang="fi", form="html").decode().replace("\u00a0", " ")
    assert ("suunniteltu 9.9.2023, ennuste 8.8.2024" in page) == bool(rings)
    rows = [one.text() for one in Reading(page.encode()).root.all("tr") if "9.9.2023" in one.text()]
    assert rows and all(("8.8.2024" in one) == bool(rings) for one in rows)


def test_baseline_late_figure_and_undone_thing_have_each_their_own_sign():
    """An open circle is the baseline alone; what was recorded late has a ring, what is not done is an open square."""
    day, start, end = date(2023, 6, 30), date(2021, 12, 31), date(2025, 5, 31)
    words = CourseWords(late="", nothing="", restated=str, label=str, latest="")

    def drawn(shape, value, late=()):
        stop = (day, Decimal(value))
        baseline = (start, Decimal(0)) if shape == "line" else None
        course = Course(
            shape=shape, measured=(stop,), latest=stop, baseline=baseline, target=(end, Decimal(1)), counts=True
        )
        return trajectory(course, Scale(2022, 2025), date(2023, 12, 31), words, ColourFacts(), Marks(frozenset(late)))

    plain, late, undone = drawn("line", "0.5"), drawn("line", "0.5", {day}), drawn("deed", 0)
    assert plain.count('fill="#FFFFFF"') == late.count('fill="#FFFFFF"') == 1, "the baseline, and nothing else, is open"
    assert (plain.count('fill="none" stroke="#0B4F5C" stroke-width="0.8"'), late.count('r="4.6" fill="none"')) == (0, 1)
    assert "<circle" not in undone and "<circle" in drawn("deed", 1)


@pytest.mark.parametrize(
    ("days", "said"), [(10, "alle kuukausi"), (-10, "alle kuukauden etuajassa"), (0, "ei poikkeamaa")]
)
def test_a_slip_of_less_than_a_month_is_no_absence_of_one(days, said):
    def done(project):
        stages = tuple(replace(one, reached_on=one.planned_on, forecast_on=None) for one in project.milestones)
        late = replace(stages[0], reached_on=stages[0].planned_on + timedelta(days=days))
        return replace(project, milestones=(late, *stages[1:]))

    facts = renditions.now()
    first = next(one for one in facts.programmes[0].projects if one.milestones and one.kind != "pilot")
    projects = tuple(done(one) if one.key == first.key else one for one in facts.programmes[0].projects)
    programme = replace(facts.programmes[0], projects=projects)
    late = renditions.frozen(replace(facts, programmes=(programme, *facts.programmes[1:])))
    page = Reading(formats.render(late, lang="fi", form="html"))
    row = next(one.text() for one in page.root.all("tr") if one.text().startswith(first.name.fi))
    assert said in row.replace("\u00a0", " ")

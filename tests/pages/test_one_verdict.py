"""One standing: whatever is measured of whatever kind, every door tells the same verdict and figures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from portfolio import clock, history
from portfolio.benefits import commands as benefit_commands
from portfolio.benefits.models import BenefitTarget
from portfolio.benefits.standing import CURRENT_RULE
from portfolio.people.models import Person, Role
from portfolio.programmes.models import Programme
from projects.register.models import Project
from reporting.compilation import figures, standings
from reporting.compilation.findings import Findings
from reporting.documents import renderer
from reporting.facts import IndicatorFacts
from reporting.models import Snapshot
from reporting.reports import document
from reporting.snapshot.queries import facts_of, found_of, newest_snapshot
from tests import story
from tests.pages import one_verdict
from tests.pages.one_verdict import Drawn, Told
from tests.pages.reading import markup
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.decisions import factories as decided
from tests.projects import factories as projects
from tests.reporting import factories
from tests.reporting.html_reading import Reading as HtmlReading
from tests.reporting.pdf_reading import Reading as PdfReading

number = count(1)
FROM_TEN = {"baseline_value": Decimal(10), "target_value": Decimal(100)}
WELL_ON_ITS_WAY = Drawn("reach", "up", 0, FROM_TEN, due_in=500, path=(), series=((0, Decimal(90), True),))
QUICK = settings(
    deadline=None,
    max_examples=1,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large, HealthCheck.too_slow],
)


def in_force(drawn: tuple[Drawn, ...]) -> tuple[Programme, list[BenefitTarget]]:
    """A programme with all that was drawn, judged on yesterday, the last day that a report can be of."""
    yesterday = clock.today() - timedelta(days=1)
    of = one_verdict.programme(yesterday, f"ohjelma-{next(number)}")
    return of, [one_verdict.put(each, f"T{n}", of, yesterday) for n, each in enumerate(drawn)]


def compare(drawn: tuple[Drawn, ...], reader: Any, api: Any, ana: Person) -> None:
    programme, approved = in_force(drawn)
    report = factories.frozen(factories.schedule(programme), clock.today() - timedelta(days=1))
    snapshot = newest_snapshot(report)
    facts = {t.code: t.indicators[0] for t in facts_of(snapshot).programmes[0].targets}
    found = found_of(snapshot)
    the_files_tell_the_findings(snapshot, found, facts)
    today = {
        target.code: one_verdict.by_api(api(ana).get(f"benefit-targets/{target.pk}/").json()) for target in approved
    }
    the_snapshot_judged_today_says_the_same(facts, today)
    everybody = insiders(programme)
    the_pages_tell_the_same_to_everybody(reader, programme, approved, today, [ana, *everybody])
    one = approved[0]
    asked = [one_verdict.by_api(api(who).get(f"benefit-targets/{one.pk}/").json()) for who in everybody]
    assert set(asked) == {today[one.code]}


def the_files_tell_the_findings(snapshot: Snapshot, found: Findings, facts: dict[str, IndicatorFacts]) -> None:
    told = {
        target.code: one_verdict.of_finding(target.standing, target.indicators[0].latest_value)
        for target in found.programmes[0].targets
    }
    files = renderer.run(document.source(snapshot), ["fi.html", "fi.pdf"])
    assert all(isinstance(file, renderer.Rendered) for file in files.values()), files
    for tables in (HtmlReading(files["fi.html"].content).tables, PdfReading(files["fi.pdf"].content).tables):
        printed = one_verdict.by_tables(tables)
        assert printed.keys() == told.keys()
        for code, said in printed.items():
            assert said.like(told[code]), (code, said, told[code], facts[code])
            never_rounded_to_the_target(facts[code], said, told[code])


def never_rounded_to_the_target(facts: IndicatorFacts, said: Told, exact: Told) -> None:
    """A figure that misses its target is not written as one that meets it, nor the other way round (T5)."""
    for bound in figures.bounds(facts):
        if said.value is not None and exact.value is not None:
            assert (said.value >= bound) == (exact.value >= bound)
            assert (said.value <= bound) == (exact.value <= bound)


def the_snapshot_judged_today_says_the_same(facts: dict[str, IndicatorFacts], today: dict[str, Told]) -> None:
    assert facts.keys() == today.keys()
    for code, each in facts.items():
        finding = standings.of_indicator(each, on=clock.today(), by=CURRENT_RULE)
        assert one_verdict.of_finding(finding.standing, finding.latest_value).like(today[code]), (
            code,
            each,
            today[code],
        )


def the_pages_tell_the_same_to_everybody(
    reader: Any, programme: Programme, targets: list[BenefitTarget], today: dict[str, Told], everybody: list[Person]
) -> None:
    def page(someone: Person) -> bytes:
        content: bytes = reader(someone, "fi").get(f"/programmes/{programme.pk}/targets/").content
        return content

    pages = [page(someone) for someone in everybody]
    for told in map(one_verdict.by_page, pages):
        assert told.keys() == today.keys()
        differing = [(code, told[code], today[code]) for code in told if not told[code].like(today[code])]
        assert not differing, differing
    part = page(project_manager(programme, targets[0]))
    seen = one_verdict.by_page(part)
    assert seen.keys() == {targets[0].code} and seen[targets[0].code].like(today[targets[0].code])
    assert len({standing_of_the_whole(each) for each in (*pages, part)}) == 1
    for outside in map(page, outsiders(programme)):
        assert one_verdict.by_page(outside) == {}
        assert not any(word in standing_of_the_whole(outside) for word in one_verdict.WORDS)
    administrator = reader(story.person(f"Uma {programme.code}", Role.USER_ADMIN), "fi")
    assert administrator.get(f"/programmes/{programme.pk}/").status_code == 404, "programmes are not theirs to read"


def insiders(programme: Programme) -> list[Person]:
    return [
        story.person(f"Aud {programme.code}", Role.AUDITOR),
        story.person(f"Sirpa {programme.code}", Role.SECRETARY),
        story.person(f"Pia {programme.code}", Role.PROGRAMME_MANAGER, programme=programme),
        story.person(f"Eva {programme.code}", Role.ELECTED_MEMBER, programme=programme),
        story.person(f"Olli {programme.code}", Role.OFFICIAL_MEMBER, programme=programme),
    ]


def outsiders(programme: Programme) -> list[Person]:
    """Who sees none of its targets: the owner of a unit sees the projects that are run in it, and those alone."""
    return [
        story.person(f"Bo {programme.code}", Role.COUNCIL_MEMBER),
        story.person(f"Dag {programme.code}", Role.DEPUTY, programme=programme),
        story.person(f"Lina {programme.code}", Role.UNIT_OWNER, unit=decided.body("line_unit")),
    ]


def project_manager(programme: Programme, target: BenefitTarget) -> Person:
    made: Project = projects.project(
        programme, code=f"P-{programme.pk}", targets=[{"target": target}], unit=decided.body("line_unit")
    )
    return story.person(f"Chen {programme.code}", Role.PROJECT_MANAGER, project_id=made.pk)


def standing_of_the_whole(content: bytes) -> str:
    (state,) = [one for one in HtmlReading(content).root.all("div") if one.attributes.get("class") == "state"]
    return state.text()


@pytest.mark.django_db
@QUICK
@given(drawn=one_verdict.portfolios(1))
def test_random_indicators_of_every_kind_stand_alike_at_every_door(
    drawn: tuple[Drawn, ...], reader: Any, api: Any, ana: Person
) -> None:
    compare(drawn, reader, api, ana)


@pytest.mark.django_db
def test_a_target_whose_day_of_approval_is_unknown_stands_at_every_door(reader: Any, api: Any, ana: Person) -> None:
    yesterday = clock.today() - timedelta(days=1)
    of = one_verdict.programme(yesterday, "vanha")
    target = one_verdict.proposed(WELL_ON_ITS_WAY, "T1", of, yesterday)
    with history.change(by=story.SETUP):
        unknown = {"decided_on": None, "date_precision": "unknown", "provenance": "taken_over"}
        decision = benefits.council_approves(on=yesterday)
        for name, value in unknown.items():
            setattr(decision, name, value)
        decision.checked_save()
    benefit_commands.approve_target(target, decision=decision, by=story.SETUP)
    one_verdict.measure(WELL_ON_ITS_WAY, target, yesterday)
    assert api(ana).get(f"benefit-targets/{target.pk}/").json()["standing"] == "on_track"
    assert (
        one_verdict.by_page(reader(ana, "fi").get(f"/programmes/{of.pk}/targets/").content)["T1"].standing == "on_track"
    )
    report = factories.frozen(factories.schedule(of), yesterday)
    assert found_of(newest_snapshot(report)).programmes[0].targets[0].standing == "on_track"


@pytest.mark.django_db
def test_a_page_explains_what_it_draws_and_nothing_else(reader: Any, ana: Person) -> None:
    yesterday = clock.today() - timedelta(days=1)
    done = Drawn("done", "none", 0, {"target_value": None}, due_in=500, path=(), series=((0, Decimal(1), True),))
    mean = Drawn("average", "up", 0, FROM_TEN, due_in=500, path=(), series=((0, Decimal(90), True),))
    told = {"path": "Katkoviiva on sovittu polku", "mean": "niiden keskiarvo, jolla ei ole polkua"}
    for drawn, explained in ((done, set()), (mean, {"mean"}), (WELL_ON_ITS_WAY, {"path"})):
        of = one_verdict.programme(yesterday, f"vain-{drawn.kind}")
        one_verdict.put(drawn, "T1", of, yesterday)
        page = markup(reader(ana, "fi").get(f"/targets/{BenefitTarget.objects.get(programme=of).pk}/"))
        assert {kind for kind, words in told.items() if words in page} == explained, drawn.kind
        assert ('<svg class="chart' in page) == bool(explained)
        assert ("tehty" in page) == (drawn is done)


@pytest.mark.proof
@pytest.mark.django_db
@settings(parent=QUICK, max_examples=12)
@given(drawn=one_verdict.portfolios(2))
def test_two_hundred_random_indicators_stand_alike_at_every_door(
    drawn: tuple[Drawn, ...], reader: Any, api: Any, ana: Person
) -> None:
    compare(drawn, reader, api, ana)

"""A project's climate impact by every door: interface, change log, page, missing wordings, snapshot, paper, edition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from portfolio import clock, history
from reporting.compilation import editions
from reporting.documents import formats
from reporting.facts import ProjectFacts, ReportFacts, canonical
from reporting.snapshot import narrow
from reporting.snapshot.projects import projects as told
from reporting.wording.texts import missing
from tests.pages.conftest import reader as reader  # a browser
from tests.projects import factories
from tests.reporting import renditions
from tests.reporting.sample_words import text

SAID = "Vähentää katujen päästöjä 40 tonnia vuodessa."
SVENSKA = "Minskar gatornas utsläpp med 40 ton om året."


@pytest.fixture
def facts() -> ReportFacts:
    """The sample, its first project with an assessment."""
    programme = renditions.now().programmes[0]
    assessed = replace(programme.projects[0], climate_impact=text(f"{SAID}|{SVENSKA}|Less."))
    programme = replace(programme, projects=(assessed, *programme.projects[1:]))
    return replace(renditions.now(), programmes=(programme, *renditions.now().programmes[1:]))


def test_it_is_told_by_the_interface_the_log_the_page_and_the_snapshot(
    api: Callable[..., Any], ana: Any, reader: Callable[..., Client]
) -> None:
    project = factories.project(factories.programme())
    path, programme = f"projects/{project.pk}/", project.programme
    assert facts_of(programme.pk).climate_impact == text("")
    said = api(ana).patch(path, {"climate_impact_fi": SAID}, seen=project.version).json()
    assert (said["climate_impact_fi"], said["climate_impact_sv"]) == (SAID, "")
    lacking = [row for row in missing(ana, languages=["sv"])[:] if row["original"] == SAID]
    assert [row["field"] for row in lacking] == ["climate_impact_sv"]
    api(ana).patch(path, {"climate_impact_sv": SVENSKA}, seen=said["version"])
    assert not [row for row in missing(ana, languages=["sv"])[:] if row["original"] == SAID]
    fact = facts_of(programme.pk).climate_impact
    assert (fact.fi, fact.sv) == (SAID, SVENSKA)
    page = reader(ana, "sv").get(f"/programmes/{programme.pk}/projects/").content.decode()
    assert f"Klimatkonsekvenser: {SVENSKA}" in page
    log = reader(ana, "sv").get(f"/programmes/{programme.pk}/history/").content.decode()
    assert "Klimatkonsekvenser" in log and SVENSKA in log


def facts_of(programme: int) -> ProjectFacts:
    world = narrow.of_programme(programme, history.head().seq, clock.today())
    [row] = [row for model, rows in world.rows.items() if model.__name__ == "Programme" for row in rows]
    [project] = told(world, row)
    return project


@pytest.mark.parametrize(
    ("lang", "head", "said"), [("fi", "Ilmastovaikutukset", SAID), ("sv", "Klimatkonsekvenser", SVENSKA)]
)
def test_the_paper_prints_it_and_is_silent_where_nobody_assessed_any(
    facts: ReportFacts, lang: Any, head: str, said: str
) -> None:
    with_it = formats.render(renditions.frozen(facts), lang=lang, form="html").decode().replace("\u00ad", "")
    assert head in with_it and said in with_it
    assert head not in renditions.rendition(lang, "html").decode().replace("\u00ad", "")


def test_a_new_edition_names_it_and_older_snapshots_keep_their_bytes(facts: ReportFacts) -> None:
    found = editions.differences(facts, renditions.now())
    assert [(one.what, one.change) for one in found] == [("climate_impact", "added")]
    assert b"climate_impact" not in canonical.dumps(renditions.now())
    assert canonical.decode(ReportFacts, canonical.encode(facts)) == facts

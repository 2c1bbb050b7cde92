"""Days, dashes and languages: what a page says beside its figures."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from portfolio import history
from portfolio.benefits.models import BenefitTarget
from portfolio.history.models import ChangeSet
from portfolio.people.models import Person
from projects.register.models import ProjectTarget
from reporting.facts import DecisionFacts, Text
from reporting.models import Snapshot
from reporting.pages.moment import moment
from reporting.templatetags.written import reference
from tests import story
from tests.pages.conftest import Reader
from tests.pages.test_told import shown
from tests.portfolio.benefits import factories as benefits
from tests.projects import factories as projects
from tests.reporting.begun import report_at


def test_an_instant_is_shown_and_judged_as_of_itself(reader: Reader, ana: Person) -> None:
    """Not as of the last change before it: a measurement grows old also when nobody writes."""
    programme = projects.programme()
    asked = moment("2023-06-01T12:00:00Z")
    assert asked.on.isoformat() == "2023-06-01" and asked.at.isoformat() == "2023-06-01T12:00:00+00:00"
    late = moment("2023-06-01T22:30:00Z")
    assert late.on.isoformat() == "2023-06-02", "the day is the city's"
    page = shown(reader(ana, "fi"), "/programmes/?as_of=2023-06-01T12:00:00Z")
    assert "1.6.2023" in page and "klo 15.00" in page
    seq = history.head().seq
    recorded = ChangeSet.objects.get(seq=seq).recorded_at
    assert moment(f"seq:{seq}").at == recorded and programme.pk


def test_a_report_says_when_its_facts_were_locked_and_its_files_made(reader: Reader, ana: Person) -> None:
    report = report_at("draft", ana)
    page = shown(reader(ana), f"/reports/{report.pk}/")
    steps = re.findall(r'<li class="(?:gate )?done"[^>]*><b>[^<]+</b>(.*?)</li>', page, re.S)
    snapshot = Snapshot.objects.get(report=report)
    frozen, drawn = (
        ChangeSet.objects.get(seq=seq).recorded_at.isoformat(timespec="seconds")
        for seq in (snapshot.seq, max(snapshot.renditions.values_list("seq", flat=True)))
    )
    assert len(steps) == 3 and frozen in steps[1] and drawn in steps[2]


UNKNOWN = {
    "fi": "valtuusto, päivä ja § eivät ilmene lähteestä",
    "sv": "fullmäktige, datum och § framgår inte av källan",
    "en": "council, day and § not known from the source",
}


@pytest.mark.parametrize("language", UNKNOWN)
def test_what_is_not_known_of_a_decision_is_said_once(language: str) -> None:
    body = Text(fi="Valtuusto", sv="Fullmäktige", en="Council")
    made = {"key": "d", "title": Text(), "body": body, "body_kind": "council", "case_number": "", "outcome": "made"}
    made |= {"section": None, "decided_on": None, "date_precision": "unknown"}
    with translation.override(language):
        told = reference(DecisionFacts(**made, provenance="taken_over"))  # type: ignore[arg-type]
        recorded = reference(DecisionFacts(**made))  # type: ignore[arg-type]
    assert told.lower() == UNKNOWN[language]
    assert all(word not in recorded for word in ("lähteestä", "källan", "source")), "what was recorded has no source"


def test_slips_are_explained_where_there_is_a_milestone_and_gaps_are_dashes(reader: Reader, ana: Person) -> None:
    project = projects.project(running=True)
    with history.change(by=story.SETUP):
        ProjectTarget.objects.get(project=project).delete()
    page = shown(reader(ana), f"/programmes/{project.programme_id}/projects/")
    assert "Slip: days after" not in page
    assert re.search(r'data-l="Serves"><span class="dim">–</span>', page)


@pytest.mark.parametrize(("language", "marked"), [("fi", False), ("sv", True), ("en", True)])
def test_evidence_in_the_history_carries_its_language(reader: Reader, ana: Person, language: str, marked: bool) -> None:
    target = benefits.approved()
    benefits.measured(target.indicators.get())
    page = shown(reader(ana, language), f"/programmes/{target.programme_id}/history/?area=targets")
    assert ('<span lang="fi">Laskelma</span>' in page) == marked
    assert "Laskelma" in page


def test_what_is_worked_out_for_today_is_null_in_the_past(api: Any, ana: Person) -> None:
    """Not left out: a program that asks as of a moment finds the same names."""
    target = benefits.approved()
    now = api(ana).get(f"benefit-targets/{target.pk}/").json()
    then = api(ana).get(f"benefit-targets/{target.pk}/?as_of=seq:{history.head().seq}").json()
    assert set(now) == set(then) and then["standing"] is None and then["indicators"] is None
    assert now["standing"] is not None and BenefitTarget.objects.get().code == then["code"]

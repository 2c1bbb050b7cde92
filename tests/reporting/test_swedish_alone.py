"""A city that writes Swedish alone: what its report chooses, counts and orders never hangs on a Finnish wording."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from portfolio.benefits.measuring.commands import approve_measurement
from portfolio.benefits.measuring.models import Measurement
from reporting.compilation import editions
from reporting.documents import rendering
from reporting.documents.rendering.composition import compose
from reporting.facts import Language, ReportFacts, Text
from tests.portfolio.benefits.factories import approver
from tests.reporting import factories, renditions, sample_changed


def worded(part: Any, *langs: Language) -> Any:
    """The same with each text in these languages alone, in the sample's Swedish words: nothing else differs."""
    if isinstance(part, Text):
        words = dict.fromkeys(langs, part.sv or part.known)
        return Text(**words, source=langs[-1]) if part.known else Text()
    if isinstance(part, tuple):
        return tuple(worded(one, *langs) for one in part)
    if is_dataclass(part) and not isinstance(part, type):
        given = {one.name: worded(getattr(part, one.name), *langs) for one in fields(part) if one.init}
        return replace(part, **given)
    return part


def alike(facts: ReportFacts) -> ReportFacts:
    """With what only its words put in order: risks of one level, and programmes that are missing."""
    programmes = tuple(
        replace(one, risks=tuple(replace(risk, likelihood=4, impact=4) for risk in one.risks))
        for one in facts.programmes
    )
    missing = (Text(fi="Yksi", sv="Ett"), Text(fi="Kaksi", sv="Två"))
    return replace(facts, programmes=programmes, missing=missing, city=replace(facts.city, languages=("sv",)))


def told(now: ReportFacts, *langs: Language) -> rendering.Frozen:
    return renditions.frozen(worded(alike(now), *langs), worded(renditions.then(), *langs))


@pytest.mark.parametrize("now", [renditions.now, sample_changed.now])
def test_what_is_found_is_the_same_in_whichever_language_all_is_written(now):
    swedish, finnish = told(now(), "sv").findings, told(now(), "fi").findings
    assert swedish == worded(finnish, "sv")
    assert [len(swedish.results), len(swedish.attention)] == [3, 3]


def test_the_paper_is_the_same_with_or_without_finnish_words():
    alone, both = told(renditions.now(), "sv"), told(renditions.now(), "fi", "sv")
    vars(both.facts)["sha256"] = alone.facts.sha256  # it is printed, and is another of other words
    assert compose(alone, "sv") == compose(both, "sv")


def test_an_edition_tells_each_missing_programme_apart():
    now = worded(alike(renditions.now()), "sv")
    before = replace(now, missing=now.missing[:1])
    assert [(one.what, one.subject.sv, one.change) for one in editions.differences(now, before)] == [
        ("missing", "Två", "added")
    ]


@pytest.mark.django_db
def test_an_explanation_in_swedish_alone_is_told(api, ana):
    indicator = factories.indicator()
    said = {"measured_on": "2022-12-31", "value": "90", "evidence": "Laskelma", "note_sv": "Mätt i december."}
    made = api(ana).post(f"indicators/{indicator.pk}/measurements/", said).json()
    approve_measurement(Measurement.objects.get(pk=made["id"]), by=approver())
    facts = factories.facts(factories.frozen(factories.schedule(indicator.target.programme)))
    assert facts.programmes[0].targets[0].explanation.sv == "Mätt i december."

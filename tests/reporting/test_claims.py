"""What the report claims holds: every claim on paper beside the facts that it rests on."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reporting import rendering
from reporting.facts import ReportFacts
from tests.reporting import renditions, sample
from tests.reporting.html_reading import Reading

LANGUAGES = ("fi", "sv", "en")


def paper(facts: ReportFacts, lang: str = "fi", then: ReportFacts | None = None) -> str:
    """The words of a whole report, as its HTML file holds them."""
    frozen = renditions.frozen(facts, then or renditions.then())
    content = rendering.render(frozen, lang=lang, form="html")  # type: ignore[arg-type]
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

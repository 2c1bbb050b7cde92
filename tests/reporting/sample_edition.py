"""The sample once more, as a second edition in which a little of everything was corrected."""

from dataclasses import replace
from decimal import Decimal

from reporting.compilation import editions
from reporting.facts import ProgrammeFacts, ReportFacts, Text
from tests.reporting import renditions

REASON = Text(fi="Laskuvirhe korjattiin.", sv="Ett räknefel rättades.", en="A miscalculation was corrected.")


def corrected(*, by: Decimal = Decimal("1.5")) -> ReportFacts:
    """In the first programme a figure, a target value, a project, a risk and a name; of the second only a text."""
    first = renditions.now()
    one, two, *others = first.programmes
    said = replace(two.update, summary=Text(fi="Ohjelma etenee.", sv="Programmet framskrider.", en="On its way."))
    programmes = (_corrected(one, by), replace(two, update=said), *others)
    return _as_second_edition(first, programmes)


def _corrected(one: ProgrammeFacts, by: Decimal) -> ProgrammeFacts:
    target, *targets = one.targets
    indicator, *indicators = target.indicators
    *older, latest = indicator.measurements
    measured = (*older, replace(latest, value=latest.value + by))
    aimed = (indicator.target_value or Decimal(0)) + 1
    figures = replace(indicator, measurements=measured, target_value=aimed)
    _gone, project, *projects = one.projects
    risk, *_risks = one.risks
    return replace(
        one,
        targets=(replace(target, indicators=(figures, *indicators)), *targets),
        projects=(replace(project, name=Text(fi="Uusi nimi", sv="Nytt namn", en="New name")), *projects),
        risks=(replace(risk, impact=risk.impact % 5 + 1), replace(risk, key="new-risk")),
    )


def _as_second_edition(first: ReportFacts, programmes: tuple[ProgrammeFacts, ...]) -> ReportFacts:
    document = replace(first.document, edition=2, supersedes_because=REASON)
    second = replace(first, document=document, programmes=programmes, corrects_sha256=first.sha256)
    return replace(second, differences=editions.differences(second, first))

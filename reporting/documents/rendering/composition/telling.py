"""One report told in one language: the facts, the findings, and the words and scales that its parts share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from reporting.compilation.findings import Findings, IndicatorFinding, ProgrammeFinding, TargetFinding
from reporting.documents.rendering import readings
from reporting.documents.rendering.charts.trajectory import Scale
from reporting.documents.rendering.composition.marks import all_invented, signs
from reporting.documents.rendering.document import Break, Inline, Run, Runs, Status, Style
from reporting.documents.rendering.language import NO_BREAK, Voice
from reporting.facts import (
    ColourFacts,
    DecisionFacts,
    IndicatorFacts,
    ProgrammeFacts,
    Provenance,
    ReportFacts,
    Standing,
    TargetFacts,
    Text,
)

DASH = "–"


@dataclass(frozen=True)
class Telling:
    """What every part of the report is composed from."""

    facts: ReportFacts
    findings: Findings
    voice: Voice
    before: Findings | None = None

    def reference(self, decision: DecisionFacts) -> str:
        """How an official refers to a decision, with the mark of where it comes from."""
        return self.voice.reference(decision) + self.sign(decision.provenance)

    def whence(self, target: str) -> Provenance:
        """Where a target comes from, by its key; one that this report no longer holds is not known of."""
        known = self.targets.get(target)
        return known.provenance if known else "recorded"

    def named(self, text: Text, provenance: Provenance | None, style: Style = "") -> Runs:
        """A name with the mark of where its row comes from."""
        return (*self.voice.text(text, style), *self.mark(provenance))

    @cached_property
    def all_invented(self) -> bool:
        """Whether a sentence says that all is invented that bears no dagger, so that it bears no other mark."""
        return all_invented(self.facts)

    @cached_property
    def _signs(self) -> dict[Provenance, str]:
        return signs(all_invented=self.all_invented)

    def sign(self, provenance: Provenance | None) -> str:
        """The mark of where a row comes from; nothing for what was recorded here, or where nobody has told."""
        return self._signs.get(provenance, "") if provenance else ""

    def mark(self, provenance: Provenance | None) -> Runs:
        """The same as a small run."""
        return run(self.sign(provenance), "small")

    def invented(self, length: str) -> str:
        """What of the report is invented, in a `long` or a `short` sentence; nothing of a report in earnest."""
        if not self.facts.document.demonstration:
            return ""
        return self.say(f"demonstration.{length}.all" if self.all_invented else f"demonstration.{length}")

    def say(self, code: str, **params: str | int) -> str:
        return self.voice.say(code, **params)

    def words(self, text: Text) -> str:
        """A text for a sentence: a part in another language is marked, and becomes a run of its own."""
        return self.voice.told(text)

    def name(self, text: Text) -> str:
        """The words alone, of what stands beside."""
        return self.voice.words(text)[0]

    @cached_property
    def quiet(self) -> "Telling":
        """The same for pictures and descriptions, which can't carry a language of their own."""
        return replace(self, voice=replace(self.voice, marks=False))

    @property
    def in_one_language(self) -> bool:
        """Whether there is no other version of the report to speak of."""
        return len(self.facts.city.languages) == 1

    @property
    def status_date(self) -> date:
        return self.facts.document.status_date

    @property
    def compared_with(self) -> date | None:
        """The status date of the report that this one is compared with."""
        return self.findings.changes.status_date if self.findings.changes else None

    @property
    def status_day(self) -> str:
        return self.voice.day(self.status_date)

    @property
    def title(self) -> str:
        """The report's title, which names its series and ends with its status date."""
        title, plain = self.words(self.facts.document.title), self.status_day.replace(NO_BREAK, " ")
        for day in (self.status_day, plain):
            title = title.removesuffix(day).strip()
        schedule = self.words(self.facts.document.schedule)
        return f"{title} – {schedule} {self.status_day}" if schedule else f"{title} {self.status_day}"

    @property
    def colours(self) -> ColourFacts:
        return self.facts.city.colours

    def programmes(self) -> Iterator[tuple[ProgrammeFacts, ProgrammeFinding]]:
        return zip(self.facts.programmes, self.findings.programmes, strict=True)

    def standing(self, kind: Standing, style: Style = "") -> Status:
        return Status(kind, self.say("standing." + kind), style)

    def euros(self, amount: Decimal | None) -> str:
        return DASH if amount is None else self.voice.euros(amount)

    def bare(self, indicator: IndicatorFacts, value: Decimal) -> str:
        return readings.bare(self.voice, indicator, value)

    def drawn(self, indicator: IndicatorFacts, value: Decimal) -> str:
        return readings.drawn(self.voice, indicator, value)

    def newest(self, indicator: IndicatorFacts, found: IndicatorFinding) -> str:
        return readings.newest(self.voice, indicator, found)

    def goal(self, indicator: IndicatorFacts) -> str:
        return readings.goal(self.voice, indicator)

    def remarks(self, indicator: IndicatorFacts, found: IndicatorFinding) -> list[str]:
        return readings.remarks(self.voice, indicator, found)

    def unit(self, indicator: IndicatorFacts) -> str:
        """The unit as it follows the indicator's name; nothing where the name has said it."""
        unit, lang = self.voice.words(indicator.unit)
        told = self.voice.after_name(unit, self.voice.words(indicator.name)[0])
        return self.voice.spoken(told, lang) if told else ""

    def measured(self, indicator: IndicatorFacts, value: str) -> str:
        """A value of an indicator that is named beside it."""
        return self.voice.measured(value, indicator.unit, self.name(indicator.name))

    def level(self, indicator: IndicatorFacts, value: Decimal) -> str:
        return readings.level(self.voice, indicator, value)

    @cached_property
    def scale(self) -> Scale:
        """The same years in every chart of the report."""
        indicators = [i for p in self.facts.programmes for t in p.targets for i in t.indicators]
        days = [day for i in indicators for day in (i.baseline_on, i.target_on) if day]
        days += [point.on for i in indicators for point in i.measurements]
        return Scale.over([*days, self.status_date])

    @cached_property
    def judged(self) -> dict[str, tuple[IndicatorFacts, IndicatorFinding]]:
        """Every indicator in force by its key, beside its finding."""
        return {
            indicator.key: (indicator, found)
            for facts, finding in self.programmes()
            for target, target_finding in approved(facts, finding)
            for indicator, found in indicators(target, target_finding)
        }

    def judged_of(self, target: str) -> list[tuple[IndicatorFacts, IndicatorFinding]]:
        """The indicators of a target in force, by its key."""
        known = self.targets.get(target)
        return [self.judged[one.key] for one in known.indicators if one.key in self.judged] if known else []

    @cached_property
    def targets(self) -> dict[str, TargetFacts]:
        return {target.key: target for programme in self.facts.programmes for target in programme.targets}


def approved(facts: ProgrammeFacts, finding: ProgrammeFinding) -> list[tuple[TargetFacts, TargetFinding]]:
    """The programme's approved targets beside their findings."""
    targets = {target.key: target for target in facts.targets}
    return [(targets[found.key], found) for found in finding.targets]


def indicators(facts: TargetFacts, finding: TargetFinding) -> list[tuple[IndicatorFacts, IndicatorFinding]]:
    return list(zip(facts.indicators, finding.indicators, strict=True))


def run(text: str, style: Style = "") -> Runs:
    return (Run(text, style),) if text else ()


def lines(*parts: Runs) -> Runs:
    """Each part on its own line; empty ones leave no gap."""
    out: list[Inline] = []
    for part in parts:
        if part:
            out += [Break(), *part] if out else part
    return tuple(out)


def joined(parts: Iterable[Runs], between: str) -> Runs:
    out: list[Inline] = []
    for part in parts:
        if part:
            out += [Run(between), *part] if out else part
    return tuple(out)

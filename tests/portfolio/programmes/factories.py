"""Council terms, programmes and plans for stories, entered as the setup would."""

from datetime import date
from typing import Any

from portfolio import history
from portfolio.benefits.models import BenefitTarget
from portfolio.decisions.models import Decision
from portfolio.history.origin import origin
from portfolio.phases import commands as phases
from portfolio.programmes import commands
from portfolio.programmes.models import PlanVersion, Programme
from portfolio.strategy.models import CouncilTerm
from tests import story
from tests.portfolio.decisions import factories as decided

PERIODS = {"2017–2021": (date(2017, 6, 1), date(2021, 7, 31)), "2021–2025": (date(2021, 8, 1), date(2025, 5, 31))}


def term(label: str = "2021–2025") -> CouncilTerm:
    """A council term: always the same one of that name."""
    if known := CouncilTerm.objects.filter(label=label).first():
        return known
    starts_on, ends_on = PERIODS[label]
    with history.change(by=story.SETUP, whole=True):
        return CouncilTerm(label=label, starts_on=starts_on, ends_on=ends_on).checked_save()


def programme(code: str = "KE", name: str = "Kestävä Espoo", **given: Any) -> Programme:
    """A programme whose topic the council has set on 7.6.2021."""
    given.setdefault("set_by", None)
    given["set_by"] = given["set_by"] or decided.decision("council", "set")
    given.setdefault("council_term", term())
    english = {"name_sv": f"{name} på svenska", "name_en": f"{name} in English"}
    with origin(given.pop("provenance", "recorded")):
        return commands.set_programme(code=code, name_fi=name, by=story.SETUP, **(english | given))


def approved_target(programme: Programme, decision: Decision | None = None, code: str = "H1") -> BenefitTarget:
    """A benefit target that the council has approved on 28.2.2022."""
    decision = decision or decided.decision("council", "approve", decided_on=date(2022, 2, 28))
    with history.change(by=story.SETUP, whole=True):
        return BenefitTarget(
            programme=programme, code=code, state="approved", drafted_on=date(2022, 1, 10), approved_by=decision,
            proposed_by=decided.decision("board", "propose", decided_on=date(2022, 2, 14)),
        ).checked_save()  # fmt: skip


def submitted_plan(programme: Programme, summary: str = "Ohjelman tiivistelmä.") -> PlanVersion:
    """A first draft of the plan that has been submitted."""
    draft = commands.draft_plan(programme, sections={"summary": {"fi": summary}}, by=story.SETUP)
    return commands.submit_plan(draft, by=story.SETUP)


def board_approval(**given: Any) -> Decision:
    """The city board's decision of 11.4.2022 to approve plans."""
    return decided.decision("board", "approve", **({"decided_on": date(2022, 4, 11)} | given))


def approved_plan(programme: Programme, **given: Any) -> PlanVersion:
    """Version 1.0 of the plan."""
    version = submitted_plan(programme)
    return commands.approve_plan(version, decision=board_approval(), because="Esimerkki", by=story.SETUP, **given)


def organised(programme: Programme) -> Programme:
    """The programme with its group of two and two, and a chair; organised on 21.9.2021."""
    from tests.portfolio.steering import factories as steering

    group = steering.group(programme)
    chair = steering.member(group, "elected", "Bo")
    steering.member(group, "official", "Chen")
    steering.chair(group, chair.person)
    return phases.organise(programme, effective_on=date(2021, 9, 21), by=story.SETUP)


def running(programme: Programme) -> Programme:
    """The programme with approved targets and plan, running since 11.4.2022."""
    programme = organised(programme)
    approved_target(programme)
    phases.approve_targets(programme, effective_on=date(2022, 2, 28), by=story.SETUP)
    commands.approve_plan(submitted_plan(programme), decision=board_approval(), by=story.SETUP)
    return phases.start_running(programme, effective_on=date(2022, 4, 11), by=story.SETUP)


def closed(programme: Programme, **given: Any) -> Programme:
    """The programme closed by the council on 10.2.2025."""
    programme = phases.begin_closing(running(programme), effective_on=date(2024, 12, 1), by=story.SETUP)
    decision = decided.decision("council", "close", decided_on=date(2025, 2, 10))
    return phases.close_programme(programme, decision=decision, by=story.SETUP, **given)

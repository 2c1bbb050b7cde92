# ruff: noqa: E501
"""An invented city's report at two status dates: four programmes, told once and cut twice."""

from datetime import UTC, date, datetime
from decimal import Decimal

from reporting.compilation import standings
from reporting.facts import (
    CityFacts,
    CorrectionFacts,
    CutFacts,
    DocumentFacts,
    EarlierFacts,
    EventFacts,
    GoalFacts,
    HandlingFacts,
    IndicatorFacts,
    MeasurementFacts,
    MilestoneFacts,
    MoneyFacts,
    PersonFacts,
    PilotFacts,
    PlanFacts,
    PrintedFacts,
    ProgrammeFacts,
    ProjectFacts,
    ProjectMoveFacts,
    ReportFacts,
    RiskFacts,
    RubricLevelFacts,
    SdgFacts,
    StatusFacts,
    TargetFacts,
    Text,
    UpdateFacts,
    WishFacts,
)
from tests.reporting import sample_groups as groups
from tests.reporting import story, story_programmes
from tests.reporting.sample_words import (
    ADDED,
    APPROVED,
    BOARD,
    COUNCIL,
    ELECT,
    NAMED,
    PLANS,
    PROPOSED,
    SET,
    decision,
    text,
)

SUMMER, NEW_YEAR = date(2023, 6, 30), date(2023, 12, 31)


def instant(on: date, hour: int = 9) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)


def seq_of(on: date) -> int:
    """The chain of the story: 900 change sets, evenly spread over the days."""
    return (on - date(2020, 1, 1)).days * 900 // (date(2024, 1, 26) - date(2020, 1, 1)).days


CUTS = {SUMMER: seq_of(date(2023, 7, 15)), NEW_YEAR: seq_of(date(2024, 1, 15))}


def number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def measurements(told: story.Target, status: date) -> tuple[MeasurementFacts, ...]:
    """What had been measured by the status date and recorded by the cut, with the corrections of then."""
    found = []
    for on, value in zip(story.REPORTS, told.values, strict=True):
        if value is None or on > status:
            continue
        recorded = told.recorded.get(on, date.fromordinal(on.toordinal() + 9))
        late = told.late == on
        if late and seq_of(date(2023, 9, 18)) > CUTS[status]:
            continue
        if late:
            recorded = date(2023, 9, 18)
        found.append(_measurement(told, on, value, recorded, status))
    return tuple(found)


def _measurement(told, on, value, recorded, status) -> MeasurementFacts:
    corrections = ()
    if told.restated and told.restated[0] == on:
        corrected = date.fromisoformat(told.restated[2])
        if seq_of(corrected) <= CUTS[status]:
            old, because = Decimal(told.restated[1]), text(told.restated[3])
            at = instant(corrected)
            corrections = (
                CorrectionFacts(
                    old_value=old, because=because, corrected_at=at, seq=seq_of(corrected), by=text(told.restated[4])
                ),
            )
        else:
            value = told.restated[1]
    return MeasurementFacts(
        on=on,
        value=Decimal(value),
        recorded_at=instant(recorded),
        seq=seq_of(recorded),
        corrections=corrections,
        provenance="demonstration",
    )


def indicator(told: story.Target, status: date) -> IndicatorFacts:
    return IndicatorFacts(
        key=f"i-{told.code}",
        code=f"{told.code}.1",
        name=text(told.indicator),
        unit=text(told.unit),
        decimals=told.decimals,
        kind=told.kind,
        direction=told.direction,
        interval_months=told.interval,
        baseline_value=number(told.baseline),
        baseline_on=date(2021, 12, 31),
        baseline_source=text("Kaupungin tilastot|Stadens statistik|City statistics"),
        target_value=number(told.target),
        target_on=date(2025, 5, 31),
        lower=number(told.lower),
        upper=number(told.upper),
        group_size=told.group_size,
        rubric=tuple(
            RubricLevelFacts(value=Decimal(v), label=text(label), verdict=verdict) for v, label, verdict in told.rubric
        ),
        source=text("Kaupungin tilastot|Stadens statistik|City statistics"),
        measurements=measurements(told, status),
        provenance="demonstration",
    )


def target(told: story.Target, status: date) -> TargetFacts | None:
    if told.since > status:
        return None
    ended = told.ended is not None and told.ended <= status
    return TargetFacts(
        key=f"t-{told.code}",
        code=told.code,
        state="ended" if ended else "approved",
        title=text(told.title),
        description=text(told.indicator),
        explanation=text(told.note) if status == NEW_YEAR else Text(),
        owner_unit=text("Strategiayksikkö|Strategienheten|Strategy unit"),
        approved_by=ADDED if told.since > date(2023, 1, 1) else APPROVED,
        ended_on=told.ended if ended else None,
        ended_because=text(told.ended_because) if ended else Text(),
        goals=(
            GoalFacts(key=told.goal, focus_area=text(story.GOALS[told.goal][0]), text=text(story.GOALS[told.goal][1])),
        ),
        sdgs=tuple(SdgFacts(number=n, name=text(story.SDGS[n])) for n in told.sdgs),
        indicators=(indicator(told, status),),
        provenance="demonstration",
    )


def project(told: story.Project, status: date) -> ProjectFacts | None:
    if told.starts > status:
        return None
    moves = tuple(
        ProjectMoveFacts(state=state, effective_on=on, because=text(because))
        for state, on, because in told.moves
        if on <= status
    )
    pilot = None
    if told.pilot:
        state, result, lessons, ruling, unit = told.pilot
        pilot = PilotFacts(
            state=state,
            result=text(result),
            lessons=text(lessons),
            decision=decision(
                f"p-{told.code}", unit, ruling[0], ruling[1], "Käyttöönotto|Ibruktagande|Adoption", "approve"
            )
            if ruling
            else None,
            adopted_by=text(unit),
        )
    return ProjectFacts(
        key=f"p-{told.code}",
        code=told.code,
        kind=told.kind,
        name=text(told.name),
        state=moves[-1].state if moves else "planned",
        delivery=told.delivery,
        serves=tuple(f"t-{code}" for code in told.serves),
        starts_on=told.starts,
        ends_on=told.ends,
        unit=text(told.unit),
        manager=PersonFacts(name="Projektipäällikkö Paikanpitäjä", provenance="demonstration"),
        partners=tuple(text(partner) for partner in told.partners),
        milestones=tuple(milestone(told, n, one, status) for n, one in enumerate(told.milestones)),
        moves=moves,
        status=StatusFacts(status_on=status, standing=told.standing, text=text(told.words)) if told.standing else None,
        pilot=pilot,
        provenance="demonstration",
    )


def milestone(told, n, one, status) -> MilestoneFacts:
    name, planned, real, done = one
    planned, real = date.fromisoformat(planned), date.fromisoformat(real)
    reached = done and real <= status
    return MilestoneFacts(
        key=f"{told.code}-{n}",
        name=text(name),
        planned_on=planned,
        forecast_on=None if reached else real,
        reached_on=real if reached else None,
    )


def programme(told: story.Programme, status: date) -> ProgrammeFacts:
    targets = [target(one, status) for one in told.targets]
    projects = [project(one, status) for one in told.projects]
    share = Decimal(1) if status == NEW_YEAR else Decimal("0.55")
    words = told.update if status == NEW_YEAR else None
    return ProgrammeFacts(
        key=told.code,
        code=told.code,
        name=text(told.name),
        aim=text(told.aim),
        phase="running",
        phase_since=date(2022, 4, 25),
        decisions=(SET, ELECT, NAMED, PROPOSED, APPROVED, PLANS),
        plan=PlanFacts(number="1.0", approved_by=PLANS, approved_on=date(2022, 4, 25)),
        targets=tuple(one for one in targets if one),
        projects=tuple(one for one in projects if one),
        money=tuple(
            MoneyFacts(
                key=f"m-{told.code}{n}", source=source, funder=text(funder), period="2023", budget=Decimal(granted),
                granted=Decimal(granted), used=(Decimal(used) * share).quantize(Decimal("0.01")), provenance="demonstration",
            )
            for n, (source, funder, granted, used) in enumerate(told.money)
        ),
        risks=tuple(
            RiskFacts(
                key=f"r-{told.code}{n}", title=text(title), likelihood=before[0] if status == SUMMER else now[0],
                impact=before[1] if status == SUMMER else now[1], mitigation=text(mitigation),
                mitigate_by=date(2024, 3, 31), provenance="demonstration",
            )
            for n, (title, before, now, mitigation) in enumerate(told.risks)
            if before or status == NEW_YEAR
        ),
        sectors=tuple(text(one) for one in story.UNITS),
        partners=tuple(text(one) for one in told.partners),
        events=(EventFacts(title=text("Ohjausryhmien yhteinen työpaja|Styrgruppernas gemensamma verkstad|Joint workshop of the steering groups"), held_on=date(2023, 10, 5)),),
        update=UpdateFacts(status_on=status, **{name: text(words[name]) for name in words}) if words else None,
        group=groups.group(told, status),
        provenance="demonstration",
    )  # fmt: skip


def take(status: date = NEW_YEAR) -> ReportFacts:
    """The snapshot of a status date."""
    later = status == NEW_YEAR
    return ReportFacts(
        city=CityFacts(
            name=text("Koivulahden kaupunki|Björkviks stad|City of Koivulahti"),
            strategy=text("Koivulahden tarina|Berättelsen om Björkvik|The Koivulahti Story"),
        ),
        document=DocumentFacts(
            title=text(story.TITLE),
            period=Text(fi="2023", sv="2023", en="2023") if later else Text(fi="I/2023", sv="I/2023", en="I/2023"),
            council_term="2021–2025",
            status_date=status,
            period_starts_on=date(2023, 7, 1) if later else date(2023, 1, 1),
            case_number="155/00.01.02/2024" if later else "1290/00.01.02/2023",
            annex_number=1,
            prepared_by=text("Strategia- ja ohjelmatoimisto|Strategi- och programkontoret|Strategy and programme office"),
            proposal=text(story.PROPOSAL),
            handling=(
                HandlingFacts(body=text("ohjausryhmät|styrgrupperna|steering groups"), planned_on=date(2024, 1, 25)),
                HandlingFacts(body=BOARD, planned_on=date(2024, 2, 5)),
                HandlingFacts(body=COUNCIL, planned_on=date(2024, 2, 26)),
            ),
            demonstration=True,
        ),
        cut=CutFacts(
            cut_off_at=datetime(2024, 1, 15, 10, 0, tzinfo=UTC) if later else datetime(2023, 7, 15, 9, 0, tzinfo=UTC),
            seq=CUTS[status],
            chain_head="b1946ac92492d2347c6235b4d2611184c8d9f6e0a1b2c3d4e5f60718293a4b5c",
            compiled_at=datetime(2024, 1, 15, 10, 5, tzinfo=UTC) if later else datetime(2023, 7, 15, 9, 5, tzinfo=UTC),
        ),
        previous_sha256=take(SUMMER).sha256 if later else "",
        earlier=earlier() if later else (),
        programmes=tuple(programme(told, status) for told in story_programmes.PROGRAMMES),
        rule=standings.current_rule(),
        decisions=(SET, ELECT, NAMED, PROPOSED, APPROVED, PLANS, *((ADDED,) if later else ())),
        wishes=(
            WishFacts(key="w1", text=text(story.WISHES[0]), state="answered", decision=APPROVED, answer=text(story.ANSWER), answered_on=date(2023, 10, 30)),
            WishFacts(key="w2", text=text(story.WISHES[1]), state="open", decision=ADDED),
        ) if later else (),
    )  # fmt: skip


def earlier() -> tuple[EarlierFacts, ...]:
    """Two reports before the previous one, as they were printed."""
    return tuple(
        EarlierFacts(
            status_date=on,
            edition=1,
            programmes=tuple(PrintedFacts(key=one.code, standing="on_track") for one in story_programmes.PROGRAMMES),
            targets=tuple(
                PrintedFacts(key=f"t-{t.code}", standing="on_track" if t.values[n] is not None else "not_reported")
                for one in story_programmes.PROGRAMMES
                for t in one.targets
                if t.since < on
            ),
        )
        for n, on in enumerate((date(2022, 6, 30), date(2022, 12, 31)))
    )

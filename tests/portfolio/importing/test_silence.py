"""What a later file says otherwise is written, left and named, or refused as frozen: never passed over in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portfolio import history
from portfolio.decisions.models import Decision
from portfolio.programmes.models import Programme
from portfolio.steering.corrections.commands import correct_tenure
from portfolio.steering.models import Tenure
from projects.money.models import Funding
from tests.portfolio.importing.conftest import COMMON, Record, text
from tests.portfolio.importing.everything import everything

pytestmark = pytest.mark.django_db
Change = Callable[[Record], Any]


def one(data: Record, kind: str, key: str) -> Record:
    return next(row for row in data[kind] if row["key"] == key)


def says(kind: str, key: str, **told: Any) -> Change:
    return lambda data: one(data, kind, key).update(told)


def phase(number: int, **told: Any) -> Change:
    return lambda data: one(data, "programmes", "p")["phases"][number].update(told)


def version(number: int, **told: Any) -> Change:
    return lambda data: one(data, "benefit_targets", "h1")["versions"][number].update(told)


def part(**told: Any) -> Change:
    return lambda data: one(data, "projects", "x")["partners"][0].update(told)


def move(**told: Any) -> Change:
    return lambda data: one(data, "projects", "x")["moves"][1].update(told)


def of_list(kind: str, key: str, name: str, **told: Any) -> Change:
    return lambda data: one(data, kind, key)[name][0].update(told)


# What the file says otherwise, the place of the fault and the field that it names.
FROZEN: dict[str, tuple[Change, str, str]] = {
    "who appointed": (says("tenures", "ten", appointed_by="approve"), "/tenures/0", "appointed_by"),
    "who sat": (says("tenures", "ten", person="ilta"), "/tenures/0", "person"),
    "who ended a tenure": (says("tenures", "dep", ended_by="approve"), "/tenures/1", "ended_by"),
    "how a tenure ended": (says("tenures", "dep", ending="other"), "/tenures/1", "ending"),
    "a first day told exactly": (says("tenures", "off", starts_on="2018-12-31"), "/tenures/2", "starts_precision"),
    "which office": (says("chairships", "chair", office="vice_chair"), "/chairships/0", "office"),
    "who named the chair": (says("chairships", "chair", named_by="approve"), "/chairships/0", "named_by"),
    "who checked": (says("quota_checks", "quota", checked_by="bo"), "/quota_checks/0", "checked_by"),
    "why a risk closed": (says("risks", "risk", closed_because="Toisin"), "/risks/0", "closed_because"),
    "a first score": (says("risks", "risk", likelihood=5), "/risks/0", "likelihood"),
    "an earlier score": (of_list("risks", "risk", "scores", impact=1), "/risks/0", "scores/0"),
    "an earlier use": (of_list("fundings", "own", "uses", used="11"), "/fundings/1", "uses/0"),
    "an earlier new day": (
        of_list("milestones", "m2", "replans", because="Toisin"), "/milestones/1", "replans/0",
    ),
    "when a target ended": (says("benefit_targets", "h1", ended_on="2020-03-01"), "/benefit_targets/0", "ended_on"),
    "who ended a target": (says("benefit_targets", "h1", ended_by="approve"), "/benefit_targets/0", "ended_by"),
    "who proposed": (says("benefit_targets", "h1", drafted_on="2017-09-02"), "/benefit_targets/0", "drafted_on"),
    "why a version": (version(1, because="Toisin"), "/benefit_targets/0/versions/1", "because"),
    "who approved a version": (version(1, approved_by="approve"), "/benefit_targets/0/versions/1", "approved_by"),
    "the day of a phase": (phase(1, effective_on="2018-06-30"), "/programmes/0/phases/1", "effective_on"),
    "why a phase": (phase(1, because="Toisin"), "/programmes/0/phases/1", "because"),
    "a partner's task": (part(task=text("Toisin")), "/projects/0", "task_fi"),
    "why a project moved": (move(because="Toisin"), "/projects/0/moves/1", "because"),
    "when it was approved": (says("measurements", "me", approved_on="2019-01-16"), "/measurements/0", "approved_on"),
    "who approved a value": (says("measurements", "me", approved_by="bo"), "/measurements/0", "approved_by"),
    "who adopted a strategy": (says("strategies", "s", adopted_by="set"), "/strategies/0", "adopted_by"),
    "who decided the schedule": (says("schedules", "y", decision="set"), "/schedules/0", "decision"),
}  # fmt: skip


@pytest.fixture
def taken(run):
    """The register that uses every property, taken in."""
    done = run(everything())
    assert (done.status, done.lines) == (0, []), done.lines
    return run


def test_what_an_import_cannot_change_is_refused_with_record_and_field(taken):
    head = history.head()
    data = everything()
    for change, _, _ in FROZEN.values():
        change(data)
    done = taken(data)
    told = {
        name: [line for line in done.lines if line.startswith(f"{place} ") and "import.frozen" in line]
        for name, (_, place, _) in FROZEN.items()
    }
    missing = [name for name, (_, _, field) in FROZEN.items() if not any(field in line for line in told[name])]
    assert (done.status, missing) == (1, []), done.lines
    assert history.head() == head


def test_what_stands_and_what_the_file_says_are_both_told(taken):
    data = everything()
    says("tenures", "ten", appointed_by="approve")(data)
    says("risks", "risk", closed_because="Toisin")(data)
    lines = taken(data).lines
    assert any("appointed_by: here older:elect, in the file older:approve" in line for line in lines), lines
    assert any("closed_because: here Ohi, in the file Toisin" in line for line in lines), lines


def test_what_the_file_no_longer_names_stays_and_is_told(taken):
    data = everything()
    data["bodies"].append(COMMON | {"key": "parks", "kind": "line_unit", "name": text("Puistot")})
    data["programmes"][0]["sectors"] = ["parks"]
    done = taken(data)
    assert (done.status, done.lines) == (0, []), done.lines
    assert "/programmes/0/sectors (p): stays as it is here: older:streets – in the file: parks" in done.told
    sectors = Programme.objects.get(key="older:p").sectors
    assert set(sectors.values_list("body__key", flat=True)) == {"older:streets", "older:parks"}


def test_an_account_is_its_holders_and_what_the_file_says_otherwise_is_told(taken):
    data = everything()
    data["people"][0]["account"] = {"username": "chen2", "language": "fi"}
    done = taken(data)
    assert done.status == 0 and "Left as it is here: 2." in done.told
    assert "stays as it is here: chen – in the file: chen2" in done.told
    assert "stays as it is here: sv – in the file: fi" in done.told


def test_a_corrected_use_of_the_last_day_is_written_and_the_earlier_one_not_again(taken):
    data = everything()
    one(data, "fundings", "own")["uses"][1]["used"] = "21"
    assert taken(data).status == 0
    used = Funding.history.filter(key="older:own").order_by("history_id").values_list("used", flat=True)
    assert [row and int(row) for row in used] == [None, 10, 20, 21]


def test_a_decision_that_somebody_gave_a_tenure_here_is_left_and_told(run, older, sirpa):
    named = {"seat": "sg.e1", "person": "chen", "capacity": "member", "starts_on": "2017-10-16"}
    older["tenures"] = [COMMON | {"key": "ten", "appointed_by": "set", **named}]
    assert run(older).status == 0
    decision = Decision.objects.get(key="older:approve")
    correct_tenure(Tenure.objects.get(), appointed_by=decision, because="read again", by=sirpa)
    done = run(older)
    assert done.status == 0, done.lines
    assert "/tenures/0/appointed_by (ten): left as changed here: older:approve – in the file: older:set" in done.told
    assert Tenure.objects.get().appointed_by == decision


def test_who_chaired_is_not_changed_by_a_later_file(run, older):
    held = {"capacity": "member", "starts_on": "2017-10-16"}
    older["people"].append(COMMON | {"key": "bo", "name": "Bo Esimerkki"})
    older["steering_groups"][0] |= {"elected_seats": 2, "official_seats": 2}
    older["steering_groups"][0]["seats"].append({"key": "sg.e2", "kind": "elected", "number": 2})
    older["tenures"] = [
        COMMON | {"key": f"of.{person}", "seat": seat, "person": person, **held}
        for seat, person in (("sg.e1", "chen"), ("sg.e2", "bo"))
    ]
    chair = {"key": "c", "group": "sg", "person": "chen", "office": "chair", "starts_on": "2018-01-01"}
    older["chairships"] = [COMMON | chair]
    assert run(older).status == 0
    older["chairships"][0]["person"] = "bo"
    [line] = run(older).lines
    assert line.startswith("/chairships/0 (c): person – import.frozen:")
    assert "here older:chen, in the file older:bo" in line

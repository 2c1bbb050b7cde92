"""What the schema takes is written: each property is given a value and found again where it lands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps

from portfolio import history
from portfolio.importing import shape
from tests.portfolio.importing.everything import everything
from tests.portfolio.importing.landing import MODELS, PROVED, STAYS, column

SCHEMA = shape.schema()
DEFINITIONS = SCHEMA["$defs"]


def refer(part: dict[str, Any]) -> str:
    return str(part.get("$ref", "")).removeprefix("#/$defs/")


def walk(part: dict[str, Any], data: Any, name: str = "") -> Iterator[tuple[str, str, Any, Any]]:
    """Each property that the data uses: its definition, its name, the record, the value."""
    if definition := refer(part):
        yield from walk(DEFINITIONS[definition], data, definition)
    elif isinstance(data, list):
        for each in data:
            for choice in part["items"].get("oneOf", [part["items"]]):
                if isinstance(each, dict) or not refer(choice):
                    yield from walk(choice, each, name)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key in part.get("properties", {}):
                yield name, key, data, value
                yield from walk(part["properties"][key], value)


USED = list(walk(SCHEMA, everything()))
WANTED = {(definition, name) for definition in MODELS for name in DEFINITIONS[definition]["properties"]}


def test_the_register_uses_every_property_of_every_record() -> None:
    assert WANTED - {(definition, name) for definition, name, _, _ in USED} == set()
    assert {kind for kind in SCHEMA["properties"] if kind not in everything()} == set()


def test_every_property_lands_or_has_a_reason_to_stay() -> None:
    homeless = {
        f"{definition}.{name}"
        for definition, name in WANTED
        if name not in STAYS and f"{definition}.{name}" not in PROVED and column(definition, name) is None
    }
    assert homeless == set()
    assert {where for where in PROVED if tuple(where.split(".")) not in WANTED} == set()
    assert "steering_group.elected_seats" not in PROVED


def ever(row: Any) -> list[Any]:
    """A row as it is, and as it was: a later decision, a later score stands in its place."""
    return [row, *(row.history.all() if hasattr(row, "history") else ())]


def key_of(row: Any, field: Any) -> str | None:
    pk = getattr(row, field.attname)
    return pk and str(field.related_model._default_manager.get(pk=pk).key)


def expected(field: Any, value: Any) -> Any:
    """The value as the column holds it."""
    if isinstance(value, dict) and "precision" in value and field.model._meta.model_name == "decision":
        return None  # the day itself is not known; between which days it lies is
    kind = field.get_internal_type()
    if isinstance(value, dict) and "precision" in value:
        return date.fromisoformat(value["not_after"])
    if kind == "DecimalField":
        return Decimal(value)
    if kind == "DateField":
        return date.fromisoformat(value)
    if kind == "DateTimeField":
        return datetime.fromisoformat(value)
    if kind == "TimeField":
        return time.fromisoformat(value)
    return value


def keys(rows: Any, path: str = "key") -> set[str]:
    return {str(key).removeprefix("older:") for key in rows.values_list(path, flat=True)}


@pytest.mark.django_db
def test_what_lands_in_rows_without_a_key_or_in_the_history(run):
    assert run(everything()).status == 0

    def one(label: str, key: str) -> Any:
        return apps.get_model(label)._default_manager.get(key=f"older:{key}")

    target, project = one("portfolio.BenefitTarget", "h1"), one("projects.Project", "x")
    assert keys(target.target_goals, "goal__key") == {"g"} and keys(target.target_sdgs, "sdg__key") == {"sdg-13"}
    assert keys(one("portfolio.FocusArea", "a").goals) == {"g"}
    assert keys(one("portfolio.Decision", "approve").continues, "earlier__key") == {"set"}
    assert keys(one("portfolio.DecisionPoint", "set.1").programme_links, "programme__key") == {"p", "q"}
    assert keys(one("portfolio.JointEvent", "event").participants, "group__key") == {"sg", "sq"}
    assert keys(one("portfolio.Programme", "p").sectors, "body__key") == {"streets"}
    assert keys(one("reporting.ReportSchedule", "y").programmes, "programme__key") == {"p"}
    assert one("portfolio.RoleAssignment", "bo.role").project_id == project.pk
    links = project.target_links.order_by("pk").values_list("target__key", "role", "share", "accepted_on")
    assert list(links) == [("older:h1", "serves", None, None), ("older:h3", "supports", 10, date(2018, 3, 1))]
    part = project.partner_links.get()
    assert (part.partner.key, part.task_sv) == ("older:uni", "Mittaa (sv)")
    assert (part.starts_on, part.ends_on) == (date(2018, 2, 1), date(2019, 1, 31))
    assert set(project.pilot.moves.values_list("effective_on", flat=True)) == {date(2019, 2, 4)}
    assert one("projects.Milestone", "m2").replanned_because == "Sää"
    assert [row.impact for row in one("projects.Risk", "risk").history.order_by("history_id")][:2] == [4, 3]
    used = [row.used for row in one("projects.Funding", "own").history.order_by("history_id")]
    assert used == [None, Decimal(10), Decimal(20)]
    group = one("portfolio.SteeringGroup", "sg")
    assert (group.elected_seats, group.official_seats, group.sized_by.key) == (2, 2, "older:more")
    added = group.seats.filter(starts_on=date(2019, 1, 14))
    assert (added.count(), group.deputies) == (2, "personal")
    old = one("portfolio.Decision", "old")
    assert (old.date_precision, old.date_text_sv) == ("year", "vuonna 2018 (sv)")
    assert (old.earliest_on, old.latest_on) == (date(2018, 1, 1), date(2018, 12, 31))
    account = one("portfolio.Person", "chen").account
    assert (account.username, account.language) == ("chen", "sv")


@pytest.mark.django_db
@pytest.mark.proof
def test_each_value_is_found_again_in_its_column(run):
    """Twice over: as taken in, and after a second import, which changes nothing."""
    done = run(everything())
    assert (done.status, done.lines) == (0, []), done.lines
    head, lost, found = history.head(), [], 0
    assert run(everything()).status == 0 and history.head() == head
    for definition, name, record, value in USED:
        where = f"{definition}.{name}"
        if definition not in MODELS or name in STAYS or where in PROVED:
            continue
        row = apps.get_model(MODELS[definition])._default_manager.filter(key=f"older:{record['key']}").first()
        field: Any = column(definition, name)
        if row is None:
            lost.append(f"{where}: no row {record['key']}")
        elif isinstance(value, dict) and "fi" in value:
            stem = field.name.removesuffix("_fi")
            told = {code: getattr(row, f"{stem}_{code}") for code in ("fi", "sv", "en")}
            lost += [f"{where}: {told}"] if told != {code: value[code] for code in told} else []
        elif field.is_relation or name == "key":
            told = {getattr(each, field.name) if name == "key" else key_of(each, field) for each in ever(row)}
            lost += [f"{where}: {told}"] if f"older:{value}" not in told else []
        elif expected(field, value) not in [getattr(each, field.name) for each in ever(row)]:
            lost.append(f"{where}: {getattr(row, field.name)!r} for {value!r}")
        found += 1
    assert not lost, lost
    assert found > 300

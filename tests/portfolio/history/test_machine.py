"""A machine writes in every way it can think of, and every past state is rebuilt; plain simple-history fails it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from simple_history.models import HistoricalRecords

from portfolio import history
from portfolio.history import Job
from portfolio.people.models import Person
from portfolio.strategy.models import CouncilTerm, Strategy
from tests.portfolio.history import records

TRIAL = Job("trial")
WORDS = st.sampled_from(["a", "b", "c", "d"])
State = dict[int, tuple[Any, ...]]


class Told:
    """A register under test: how it opens a change, which tables it keeps, and how it tells the past."""

    kinds: tuple[tuple[type[models.Model], str], ...]
    only_saves = False

    def change(self) -> Any:
        raise NotImplementedError

    def mark(self) -> Any:
        """A name for this moment, to ask about it later."""
        raise NotImplementedError

    def past(self, model: type[models.Model], mark: Any) -> State:
        raise NotImplementedError

    def make(self, model: type[models.Model], word: str) -> models.Model:
        raise NotImplementedError


class Triggered(Told):
    kinds = ((Person, "unit"), (CouncilTerm, "key"), (Strategy, "vision_fi"))

    def change(self) -> Any:
        return history.change(by=TRIAL)

    def mark(self) -> int:
        return history.head().seq

    def past(self, model: type[models.Model], mark: int) -> State:
        return {row.id: values(row, model) for row in history.rows(model, mark)}

    def make(self, model: type[models.Model], word: str) -> models.Model:
        return records.unsaved(model)


def values(row: Any, model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(getattr(row, field.attname) for field in model._meta.concrete_fields)


class Writer(RuleBasedStateMachine):
    """Writes in random ways, keeping a shadow of the whole state after each step."""

    told: Told
    rebuilt = 0

    @initialize()
    def begin(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.shadow: list[tuple[Any, dict[str, State]]] = []
        self.remember()

    def teardown(self) -> None:
        if not hasattr(self, "block"):
            return
        try:
            self.rebuild()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def remember(self) -> None:
        state = {m._meta.label: {r.pk: values(r, m) for r in m._base_manager.all()} for m, _ in self.told.kinds}
        self.shadow.append((self.told.mark(), state))

    def rebuild(self) -> None:
        """Every state that ever was, from the past's rows alone."""
        for mark, state in self.shadow:
            type(self).rebuilt += 1
            for model, _ in self.told.kinds:
                assert self.told.past(model, mark) == state[model._meta.label], (mark, model)

    def some(self, pick: int) -> tuple[Any, str, Any] | None:
        model, column = self.told.kinds[pick % len(self.told.kinds)]
        rows = list(model._base_manager.order_by("pk"))
        return (model, column, rows[pick % len(rows)]) if rows else None

    def write(self, work: Callable[[], Any]) -> None:
        with self.told.change():
            work()
        self.remember()

    @rule(kind=st.integers(0, 2), word=WORDS, many=st.booleans())
    def make(self, kind: int, word: str, many: bool) -> None:
        model = self.told.kinds[kind % len(self.told.kinds)][0]
        if model._base_manager.count() > 5:
            return

        def work() -> None:
            row = self.told.make(model, word)
            model._base_manager.bulk_create([row]) if many and not self.told.only_saves else row.save()

        self.write(work)

    @rule(pick=st.integers(0, 50), word=WORDS, way=st.integers(0, 8))
    def change(self, pick: int, word: str, way: int) -> None:
        if found := self.some(pick):
            self.write(lambda: WAYS[0 if self.told.only_saves else way](*found, word))

    @rule(pick=st.integers(0, 50), way=st.integers(0, 2))
    def delete(self, pick: int, way: int) -> None:
        if not (found := self.some(pick)):
            return
        model, _, row = found
        if any(r.related_model._base_manager.filter(**{r.field.name: row}).exists() for r in referring(self, model)):
            return
        alone = model._base_manager.filter(pk=row.pk)
        ways = [row.delete, alone.delete, lambda: alone._raw_delete(using="default")]
        self.write(ways[0 if self.told.only_saves else way])

    @rule(pick=st.integers(0, 50), word=WORDS)
    def give_up(self, pick: int, word: str) -> None:
        """A command that fails leaves nothing."""
        if not (found := self.some(pick)):
            return
        with pytest.raises(RuntimeError), self.told.change():  # noqa: PT012
            with transaction.atomic():
                WAYS[0](*found, word)
                raise RuntimeError

    @rule(pick=st.integers(0, 50), word=WORDS)
    def several_at_once(self, pick: int, word: str) -> None:
        ways = (0, 0) if self.told.only_saves else (2, 5, 0)
        if found := self.some(pick):
            self.write(lambda: [WAYS[way](*found, f"{word}{way}") for way in ways])


def referring(machine: Writer, model: type[models.Model]) -> list[Any]:
    kept = {kind for kind, _ in machine.told.kinds}
    return [r for r in model._meta.get_fields(include_hidden=True) if getattr(r, "related_model", None) in kept
            and r.auto_created and not r.concrete]  # fmt: skip


def _save(model: Any, column: str, row: Any, word: str) -> None:
    setattr(row, column, f"{word}{row.pk}")
    row.save()


def _dirty(model: Any, column: str, row: Any, word: str) -> None:
    other = "name_fi" if hasattr(row, "name_fi") else "label" if hasattr(row, "label") else "name"
    setattr(row, other, "never saved")
    setattr(row, column, f"{word}{row.pk}")
    row.save(update_fields=[column])


def _update(model: Any, column: str, row: Any, word: str) -> None:
    model._base_manager.filter(pk=row.pk).update(**{column: f"{word}{row.pk}"})


def _bulk(model: Any, column: str, row: Any, word: str) -> None:
    setattr(row, column, f"{word}{row.pk}")
    model._base_manager.bulk_update([row], [column])


def _upsert(model: Any, column: str, row: Any, word: str) -> None:
    setattr(row, column, f"{word}{row.pk}")
    model._base_manager.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=[column])


def _sql(model: Any, column: str, row: Any, word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", [f"{word}{row.pk}", row.pk])


def _expression(model: Any, column: str, row: Any, word: str) -> None:
    grown = Concat(Value(word), F("id"), output_field=models.TextField())
    model._base_manager.filter(pk=row.pk).update(**{column: grown})


def _raw(model: Any, column: str, row: Any, word: str) -> None:
    setattr(row, column, f"{word}{row.pk}")
    row.save_base(raw=True)


def _nothing(model: Any, column: str, row: Any, word: str) -> None:
    row.save()


WAYS = [_save, _dirty, _update, _bulk, _upsert, _sql, _expression, _raw, _nothing]


def run(told: Told, *, examples: int, steps: int) -> int:
    machine = type("Machine", (Writer,), {"told": told, "rebuilt": 0})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            print_blob=False,
        ),
    )
    return int(machine.rebuilt)


def test_every_past_state_is_rebuilt(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        assert run(Triggered(), examples=16, steps=20) >= 150


@pytest.mark.proof
def test_three_thousand_past_states_are_rebuilt(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        assert run(Triggered(), examples=450, steps=30) >= 3000


class Plain(Told):
    """django-simple-history as it comes, over a table of its own; its moments are instants, as it has no others."""

    def __init__(self, model: type[models.Model]) -> None:
        self.kinds = ((model, "unit"),)

    def change(self) -> Any:
        return nullcontext()

    def mark(self) -> Any:
        return timezone.now()

    def past(self, model: type[models.Model], mark: Any) -> State:
        return {row.id: values(row, model) for row in model.history.as_of(mark)}  # type: ignore[attr-defined]

    def make(self, model: type[models.Model], word: str) -> models.Model:
        return model(name=word, unit=word)


@pytest.fixture
def plain_model(owner: Any) -> Iterator[type[models.Model]]:
    """A model with an unmodified HistoricalRecords, in a registry of its own and in tables that are rolled back."""

    class PlainPerson(models.Model):
        name = models.CharField(max_length=80)
        unit = models.CharField(max_length=80)
        history = HistoricalRecords()

        class Meta:
            app_label = "workers"

    past = PlainPerson.history.model
    with connection.schema_editor() as editor:
        editor.create_model(PlainPerson)
        editor.create_model(past)
    try:
        yield PlainPerson
    finally:
        for model in (PlainPerson, past):
            apps.all_models["workers"].pop(model._meta.model_name, None)
        apps.clear_cache()


def test_plain_simple_history_fails_the_same_machine(plain_model: type[models.Model]) -> None:
    """The negative control: a machine that can't tell good from bad proves nothing."""
    with pytest.raises(AssertionError, match="PlainPerson"):
        run(Plain(plain_model), examples=30, steps=20)


def test_plain_simple_history_passes_as_long_as_everything_is_saved_one_by_one(
    plain_model: type[models.Model],
) -> None:
    """So it is the ways of writing that the machine finds, and not the machine's own fault."""
    plain = Plain(plain_model)
    plain.only_saves = True
    assert run(plain, examples=10, steps=15) >= 50

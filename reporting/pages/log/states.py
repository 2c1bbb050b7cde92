"""What a line of the ledger changed, in words: the new state of a row held against the one before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from os.path import commonprefix
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from portfolio import city
from portfolio.field_words import words
from portfolio.history import InsertOnly, Step
from portfolio.languages import LANGUAGES
from portfolio.texts import readers
from reporting.pages.log.words import SILENT
from reporting.templatetags.written import named

LONGEST = 180
LEAD = 60  # characters before the first difference of two long texts
AT_FIRST = 6
Line = tuple[type[models.Model], int, str, int | None]
State = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One column: what it was and what it became; a day or a number is kept as such for the page to write."""

    label: str
    old: Any
    new: Any
    lang: str = ""  # of its words, where that is not the reader's


@dataclass(frozen=True)
class ToldRow:
    """One row of the ledger in words."""

    kind: str
    subject: tuple[Any, ...]
    op: str
    differences: tuple[Difference, ...]


@dataclass
class States:
    """The states behind some lines, and the names of what they point to."""

    states: dict[tuple[str, int], tuple[State, State]]
    names: dict[tuple[str, int], str] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: list[Line]) -> States:
        """Two statements: the states, and the names."""
        found = cls(_states(lines))
        found.names = _names(_pointed_at(lines, found.states))
        return found

    def told(self, model: type[models.Model], pk: int, op: str, history_id: int | None) -> ToldRow | None:
        """A line in words, or None where only the program's own columns changed."""
        known = self.states.get((model._meta.db_table, history_id or pk))
        if known is None:
            return None
        before, after = known
        found = tuple(self._differences(model, before, after))
        if op == "~" and not found:
            return None
        mended = bool(before) and issubclass(model, Step)
        subject = self._subject(model, after, *(["state"] if mended else []))
        return ToldRow(str(model._meta.verbose_name), subject, "~" if mended else op, found)

    def _subject(self, model: type[models.Model], state: State, *further: str) -> tuple[Any, ...]:
        if not (columns := _subject(model)):
            return (_own_name(state),)
        named = (*columns, *(name for name in further if name in state))
        return tuple(found for name in named if (found := self._value(_field(model, name), state.get(name))) != "")

    def _differences(self, model: type[models.Model], before: State, after: State) -> Iterator[Difference]:
        own = {*_subject(model), *(() if before else _naming(after))}
        own |= {"corrects_id"} if issubclass(model, Step) else set()
        shown = 0
        for column in model._meta.concrete_fields:
            name = column.attname
            if name in SILENT or name in own or _in_three(name, after) or before.get(name) == after.get(name):
                continue
            if not before and (not _tells(after.get(name)) or not _mine(name, after) or shown == AT_FIRST):
                continue
            shown += 1
            old, new = excerpts(self._value(column, before.get(name)), self._value(column, after.get(name)))
            language = _language(column)
            yield Difference(_label(column), old, new, language if language != _reader() else "")

    def _value(self, column: models.Field[Any, Any], value: Any) -> Any:
        if value is None or value == "":
            return ""
        if column.is_relation:
            return self.names.get((column.related_model._meta.db_table, value), f"#{value}")  # type: ignore[union-attr]
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(column, models.BooleanField):
            return _("yes") if value else _("no")
        if isinstance(column, models.DateField):
            return column.to_python(value)
        if isinstance(value, list | dict):
            return _("new text")
        if isinstance(value, int | Decimal):
            return int(value) if _ordinal(column) else Decimal(value)
        return value


def _subject(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that tell which row it is, where it has no name or title of its own."""
    found: tuple[str, ...] = model.subject  # type: ignore[attr-defined]
    return found


def excerpts(old: Any, new: Any) -> tuple[Any, Any]:
    """Two wordings of a long text from a little before the place where they part."""
    if not any(isinstance(value, str) and len(value) > LONGEST for value in (old, new)):
        return old, new
    old, new = str(old), str(new)
    first = len(commonprefix([old, new])) if old and new else 0
    start = old.rfind(" ", 0, max(first - LEAD, 0)) + 1
    return _excerpt(old, start), _excerpt(new, start)


def _excerpt(value: str, start: int) -> str:
    end = len(value) if len(value) <= start + LONGEST else value.rfind(" ", start, start + LONGEST)
    end = end if end > start else start + LONGEST
    return f"{'… ' if start and value else ''}{value[start:end]}{' …' if end < len(value) else ''}"


def _ordinal(column: models.Field[Any, Any]) -> bool:
    """A year is no quantity: it is written without a space for thousands."""
    return column.name in ("year", "number", "section")


def _field(model: type[models.Model], attname: str) -> models.Field[Any, Any]:
    return next(column for column in model._meta.concrete_fields if column.attname == attname)


def _label(column: models.Field[Any, Any]) -> str:
    stem, language = _stem(column.name)
    label = str(words(stem))
    return f"{label} ({language})" if language and language != _reader() else label


def _stem(name: str) -> tuple[str, str]:
    stem, _underscore, last = name.rpartition("_")
    return (stem, last) if last in LANGUAGES and stem else (name, "")


def _language(column: models.Field[Any, Any]) -> str:
    """Of a column its language; prose without one, a reason or evidence, is taken as the city's first language."""
    prose = isinstance(column, models.TextField) and not column.choices
    return _stem(column.name)[1] or (city.identity().first if prose else _reader())


def _reader() -> str:
    return readers()


def _mine(name: str, state: State) -> bool:
    """Of a text in three languages a new row shows the reader's, or the first there is."""
    stem, language = _stem(name)
    if not language:
        return True
    shown = next((code for code in (_reader(), *LANGUAGES) if state.get(f"{stem}_{code}")), language)
    return language == shown


def _tells(value: Any) -> bool:
    return value not in (None, "", False, 0, [], {})


def _in_three(name: str, state: State) -> bool:
    """A single name that the columns beside it tell in three languages."""
    return any(state.get(f"{name}_{code}") for code in LANGUAGES)


def _naming(state: State) -> set[str]:
    return {f"{stem}_{code}" for stem in ("name", "title") for code in LANGUAGES if f"{stem}_{code}" in state}


def _own_name(state: State) -> str:
    for stem in ("name", "title", "label"):
        for code in (_reader(), *LANGUAGES):
            if found := state.get(f"{stem}_{code}"):
                return named(str(found), code)
    return str(state.get("name") or state.get("code") or "")


def _states(lines: list[Line]) -> dict[tuple[str, int], tuple[State, State]]:
    """For each line the state that it left and the one before it."""
    wanted: dict[type[models.Model], list[int]] = {}
    for model, pk, _op, history_id in lines:
        wanted.setdefault(model, []).append(history_id or pk)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(map(_state_sql, wanted)), list(wanted.values()))
        return {
            (relation, pk): (json.loads(before or "{}", parse_float=Decimal), json.loads(after, parse_float=Decimal))
            for relation, pk, before, after in cursor.fetchall()
        }


def _state_sql(model: type[models.Model]) -> str:
    table = model._meta.db_table
    if issubclass(model, InsertOnly):
        before = "NULL"
        if issubclass(model, Step):
            before = (
                f"(SELECT to_jsonb(b)::text FROM {table} b WHERE b.id < own.id AND "
                "coalesce(b.corrects_id, b.id) = own.corrects_id ORDER BY b.id DESC LIMIT 1)"
            )
        return f"SELECT '{table}', id, {before}, to_jsonb(own)::text FROM {table} own WHERE id = ANY(%s)"
    return (
        f"SELECT '{table}', h.history_id, (SELECT to_jsonb(b)::text FROM {table}_history b WHERE b.id = h.id AND "
        "(b.history_seq, b.history_id) < (h.history_seq, h.history_id) "
        "ORDER BY b.history_seq DESC, b.history_id DESC LIMIT 1), "
        f"to_jsonb(h)::text FROM {table}_history h WHERE h.history_id = ANY(%s)"
    )


def _pointed_at(
    lines: list[Line], states: dict[tuple[str, int], tuple[State, State]]
) -> dict[type[models.Model], set[int]]:
    found: dict[type[models.Model], set[int]] = {}
    for model, pk, _op, history_id in lines:
        for state in states.get((model._meta.db_table, history_id or pk), ()):
            for column in model._meta.concrete_fields:
                if column.is_relation and column.attname not in SILENT and state.get(column.attname):
                    found.setdefault(column.related_model, set()).add(state[column.attname])  # type: ignore[arg-type]
    return found


def _names(wanted: dict[type[models.Model], set[int]]) -> dict[tuple[str, int], str]:
    """What things are called today, in the reader's language."""
    if not wanted:
        return {}
    sql = " UNION ALL ".join(
        f"SELECT '{m._meta.db_table}', {m._meta.db_table}.id, {_name_sql(m)} WHERE {m._meta.db_table}.id = ANY(%s)"
        for m in wanted
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids) for ids in wanted.values()])
        return {
            (relation, pk): named(name, language or _reader()) for relation, pk, name, language in cursor.fetchall()
        }


def _name_sql(model: type[models.Model]) -> str:
    """Expressions for the name and for its language, and the tables they need."""
    table, names = model._meta.db_table, {column.name for column in model._meta.concrete_fields}
    if table == "portfolio_decision":
        return (
            f"{_best('b', 'name')} || coalesce(' ' || to_char({table}.decided_on, 'FMDD.FMMM.YYYY'), '') || "
            f"coalesce(' § ' || {table}.section, ''), {_spoken('b', 'name')} "
            f"FROM {table} JOIN portfolio_body b ON b.id = {table}.body_id"
        )
    for parent, column in (("portfolio_person", "person_id"), ("projects_project", "project_id")):
        if column.removesuffix("_id") in names and not names & {"name_fi", "title_fi", "code"}:
            name = "p.name, NULL" if parent == "portfolio_person" else f"{_best('p', 'name')}, {_spoken('p', 'name')}"
            return f"{name} FROM {table} JOIN {parent} p ON p.id = {table}.{column}"
    if "name" in names:
        own = f"{table}.name, NULL"
        if "name_fi" in names:
            own = f"coalesce({_best(table, 'name')}, {table}.name), {_spoken(table, 'name')}"
        return f"{own} FROM {table}"
    for stem in ("name", "title", "text"):
        if f"{stem}_fi" in names:
            return f"{_best(table, stem)}, {_spoken(table, stem)} FROM {table}"
    plain: Iterable[str] = (name for name in ("code", "label", "number", "kind") if name in names)
    return f"{table}.{next(iter(plain), 'id')}::text, NULL FROM {table}"


def _spoken(table: str, stem: str) -> str:
    """An expression for the language of that name; none where it has none."""
    codes = dict.fromkeys((_reader(), *LANGUAGES))
    told = " ".join(f"WHEN {table}.{stem}_{code} <> '' THEN '{code}'" for code in codes)
    return f"CASE {told} END"


def _best(table: str, stem: str) -> str:
    codes = dict.fromkeys((_reader(), *LANGUAGES))
    return f"coalesce({', '.join(f'nullif({table}.{stem}_{code}, {chr(39) * 2})' for code in codes)})"

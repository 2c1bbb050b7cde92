"""The desk at which records are taken in: finds what is there, calls the commands, collects what can't be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, models, transaction

from portfolio import city, history, typed
from portfolio.belonging import owner
from portfolio.history import Job
from portfolio.history.models import Record
from portfolio.history.origin import Keys, origin
from portfolio.importing import declared
from portfolio.importing.document import Document, Fault, Placed, references
from portfolio.importing.since import Left, changed_here, shown
from portfolio.languages import LANGUAGES
from portfolio.refusals import Refused
from portfolio.texts import SAME, columns, fingerprint, stems

IMPORT = Job("import")
# Said where a command asks for a reason that it keeps nowhere: the change set has the import's own.
BECAUSE = "import"
Given = dict[str, Any]
Tell = Callable[[int, int], None]  # how many records of the head of the file are judged, of how many


@dataclass
class Desk:
    """One import: its document, what has been made or found, what was refused.

    A quick desk stops at the first refusal, by raising it; one that isn't goes on and collects them all, at the price
    of a savepoint for each record.
    """

    document: Document
    quick: bool = False
    tell: Tell | None = None
    found: dict[tuple[str, str], models.Model] = field(default_factory=dict)
    lost: set[tuple[str, str]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    made: int = 0
    judged: int = 0
    known: dict[type[models.Model], dict[str, int]] = field(default_factory=dict)
    fresh: dict[type[models.Model], dict[str, Any]] = field(default_factory=dict)  # until anything is written
    grouped: dict[Any, dict[int, list[Any]]] = field(default_factory=dict)
    new: set[tuple[type[models.Model], int]] = field(default_factory=set)
    kinds: dict[str, type[Any]] = field(default_factory=dict)  # kinds of the file whose records have a key of theirs
    asked: dict[tuple[str, str], list[Any]] = field(default_factory=dict)  # place and column: the values compared
    told: set[tuple[str, str]] = field(default_factory=set)  # places and properties that a taker has told of, "" of all

    def get(self, kind: str, key: str | None) -> Any:
        """The record that a reference names, or None."""
        return self.found.get((kind, key)) if key else None

    def key(self, key: str) -> str:
        """How the key of a record is stored: with the source it comes from."""
        return f"{self.document.source}:{key}"

    def there(self, model: type[Any], key: str) -> Any:
        """The record that has the key, made by this import or an earlier one, or None; a kind is asked for once."""
        if model not in self.known:
            self.fresh[model] = self.all_there(model)
            self.known[model] = {key: record.pk for key, record in self.fresh[model].items()}
        pk, fresh = self.known[model].get(self.key(key)), self.fresh.get(model, {})
        return None if pk is None else fresh.get(self.key(key)) or history.lock(model, pk)

    def all_there(self, model: type[Any]) -> dict[str, Any]:
        """The records of a kind that have keys of this source, by key; asked for again once something is written."""
        if (fresh := self.fresh.get(model)) is not None:
            return fresh
        return {record.key: record for record in model._default_manager.filter(key__startswith=self.key(""))}

    def take(
        self,
        placed: Placed,
        model: type[models.Model],
        command: Callable[[], Any],
        *,
        content: Given,
        edit: Callable[[Any, Given], Any] | None = None,
        keys: Mapping[str, Keys] | None = None,
    ) -> Any:
        """Take in one record: nothing when it is there as it says, an edit where that is possible, else the command.

        A record that is there with other content and can't be edited is a fault, `import.frozen`.
        """
        self.kinds[placed.kind] = model
        self._count(placed)
        there = self.there(model, placed.key)
        if there is not None:
            record = self._again(placed, there, content, edit, keys)
        else:
            own: dict[str, Keys] = {model._meta.label: [self.key(placed.key)]}
            record = self.attempt(placed, command, keys=own | dict(keys or {}))
        self.child(placed.kind, placed.key, record)
        return record

    def _count(self, placed: Placed) -> None:
        if placed.parent is None:
            self.judged += 1
            self.tell and self.tell(self.judged, self.document.heads)

    def attempt(self, placed: Placed, command: Callable[[], Any], *, keys: Mapping[str, Keys] | None = None) -> Any:
        """Call a command under the record's provenance; what it refuses becomes faults of that place.

        A record that rests on one that was refused is left out without a fault of its own. What the database can't hold
        is a fault like any other.
        """
        if self._rests_on_what_is_lost(placed):
            return None
        self.made += 1
        self.fresh.clear()
        try:
            with transaction.atomic(savepoint=not self.quick), origin(placed.provenance, keys) as source:
                done = command()
            self._remember(source.made)
            return done
        except (Refused, PermissionDenied) as refused:
            if self.quick:
                raise
            self._refuse(placed, refused)
        except DatabaseError as error:
            if self.quick:
                raise
            told = str(error).partition("\n")[0]
            self.faults.append(Fault(placed.place, placed.key, "", "field.invalid", told))
        return None

    def _remember(self, made: Iterable[Any]) -> None:
        for record in made:
            self.new.add((type(record), record.pk))
            if type(record) in self.known:
                self.known[type(record)][record.key] = record.pk

    def _refuse(self, placed: Placed, refused: Refused | PermissionDenied) -> None:
        if isinstance(refused, PermissionDenied):
            self.faults.append(Fault(placed.place, placed.key, str(refused), "permission.role"))
            return
        for lack in refused.lacks:
            place, given = _place_of(placed, lack.field)
            told = str(lack.as_dict()["message"])
            params = ", ".join(f"{name}: {shown(value)}" for name, value in lack.params.items())
            self.faults.append(Fault(place, placed.key, given or params, lack.code, told))

    def _again(
        self,
        placed: Placed,
        there: Any,
        content: Given,
        edit: Callable[[Any, Given], Any] | None,
        keys: Mapping[str, Keys] | None,
    ) -> Any:
        if moved := self._moved(placed, there):
            self.freeze(placed, moved, there)
            return there
        other = self.news(placed, there, content)
        if not other:
            return there
        if edit is None:
            self.freeze(placed, other, there)
            return there
        return self.attempt(placed, lambda: edit(there, other), keys=keys) or there

    def _moved(self, placed: Placed, there: Any) -> Given:
        """What the record stands in, where that is another than here: nothing goes over from one to another."""
        column, above = getattr(there, "belongs_to", ""), placed.parent
        whole = self.found.get((above.kind, above.key)) if column and above else None
        if not isinstance(whole, owner(type(there)) if column else ()) or getattr(there, f"{column}_id") == whole.pk:
            return {}
        return {column: whole}

    def freeze(self, placed: Placed, other: Iterable[str], there: Any = None) -> None:
        """A fault: the record is there with other content, and can't be edited; told with both where both are known."""
        names = sorted(other)
        told = "already taken in otherwise"
        if isinstance(other, Mapping):
            here = {name: f"here {_told(getattr(there, name))}, " for name in names if there is not None}
            both = (f"{name}: {here.get(name, '')}in the file {_told(other[name])}" for name in names)
            told = f"{told} ({'; '.join(both)})"
        self.faults.append(Fault(placed.place, placed.key, ", ".join(names), "import.frozen", told))

    def settled(self, placed: Placed, there: Any, column: str, value: Any) -> bool:
        """Whether a record says what the file says in a column, or a taker has asked about it already."""
        here = getattr(there, there._meta.get_field(column).attname)
        wanted = value.pk if isinstance(value, models.Model) else value
        return _same(here, wanted) or value in self.asked.get((placed.place, column), ())

    def refused(self, placed: Placed) -> bool:
        """Whether something of the record has been refused already."""
        return any(fault.key == placed.key and fault.place.startswith(placed.place) for fault in self.faults)

    def news(self, placed: Placed, there: Any, content: Given) -> Given:
        """What the file has otherwise than the record here, without what was changed here since it was taken in."""
        for name, value in content.items():
            self.asked.setdefault((placed.place, name), []).append(value)
        other = {
            name: value for name, value in content.items() if name != "texts" and not _same(getattr(there, name), value)
        }
        states = {stem: told for stem, told in content.get("texts", {}).items() if there.texts.get(stem) != told}
        ours = self.ours(there, [*other, "texts"] if states else [*other])
        for name in sorted(ours - {"texts"}):
            self.leave(placed, name, getattr(there, name), other.pop(name))
        if states and "texts" not in ours and not any(name.rsplit("_", 1)[0] in states for name in ours):
            other["texts"] = there.texts | states
        return other

    def gone(self, placed: Placed, name: str, model: Any, **link: Any) -> bool:
        """Whether a link was here once and was taken away since; it is left away and told."""
        away = bool(model.history.model.objects.filter(**link, history_type="-").exists())
        if away:
            self.leave(placed, name, "taken away", placed.record[name])
            self.told.add((placed.place, name))
        return away

    def leave(self, placed: Placed, name: str, here: Any, given: Any) -> None:
        """Tell that a field is left as it was changed here."""
        self.left.append(Left(_place_of(placed, name)[0], placed.key, shown(here), shown(given)))

    def stay(self, placed: Placed, name: str, here: Any, given: Any) -> None:
        """Tell that something stays as it is here, whoever made it so: an import takes nothing away."""
        place = _place_of(placed, name)[0]
        self.left.append(Left(place, placed.key, shown(here), shown(given), "stays as it is here"))

    def parts(self, whole: Any, model: Any, column: str) -> list[Any]:
        """The parts of a record: of one that was here already as they were then, all records' fetched at once."""
        if self.is_new(whole):
            return list(model._default_manager.filter(**{column: whole.pk}).order_by("pk"))
        if model not in self.grouped:
            groups: dict[int, list[Any]] = {}
            for part in model._default_manager.order_by("pk"):
                groups.setdefault(getattr(part, column), []).append(part)
            self.grouped[model] = groups
        return self.grouped[model].get(whole.pk, [])

    def is_new(self, record: Any) -> bool:
        """Whether this import has made it."""
        return (type(record), record.pk) in self.new

    def ours(self, there: Any, names: list[str]) -> set[str]:
        """The fields of a record that somebody has changed here since it was taken in."""
        return set() if self.is_new(there) else changed_here(there, names)

    def child(self, kind: str, key: str, record: models.Model | None) -> None:
        """Name a part that a command has made; one that is missing takes with it what rests on it."""
        if record is None:
            self.lost.add((kind, key))
        else:
            self.found[(kind, key)] = record

    def _rests_on_what_is_lost(self, placed: Placed) -> bool:
        named = {(kind, key) for _, kind, key in references(placed)}
        above = placed.parent
        return bool(named & self.lost) or above is not None and (above.kind, above.key) in self.lost

    def texts(self, placed: Placed, name: str, column: str | None = None) -> Given:
        """A text of a record as its columns."""
        words = placed.record.get(name) or {}
        same = {code: words[city.identity().first] for code, state in words.get("state", {}).items() if state == SAME}
        return (
            {f"{column or name}_{code}": words.get(code) or same.get(code, "") for code in LANGUAGES} if words else {}
        )

    def described(self, placed: Placed, model: type[Record]) -> Given:
        """What a record says that may be said freely, as columns: texts and their translations, days, figures, others.

        A reference to what was refused says nothing.
        """
        every = stems(model)
        told: Given = {}
        for stem in every:
            told |= self.texts(placed, stem)
        long = [stem for stem in every if model._meta.get_field(columns(stem)[0]).max_length is None]  # type: ignore[union-attr]
        told |= self.states(placed, *long, short=[stem for stem in every if stem not in long])
        return told | self.columns(placed, model, model.described)

    def columns(self, placed: Placed, model: type[Record], names: Iterable[str]) -> Given:
        """What a record says of these columns; nothing of those that it leaves out."""
        values = {name: self._value(placed, model._meta.get_field(name)) for name in names if name in placed.record}
        return {name: value for name, value in values.items() if value is not None}

    def _value(self, placed: Placed, column: Any) -> Any:
        value = placed.record[column.name]
        if column.is_relation:
            return self.get(declared.references(placed.kind)[column.name], value)
        if isinstance(column, models.DateField):
            return day(value)
        return amount(value) if isinstance(column, models.DecimalField) else value

    def names(self, placed: Placed, *names: str) -> Given:
        """Names as their columns: each in one language, or a text in up to three."""
        told: Given = {}
        for name in names:
            if isinstance(found := placed.record.get(name), str):
                told[name] = found
            elif found:
                told |= self.texts(placed, name)
        return told

    def states(self, placed: Placed, *names: str, short: Iterable[str] = ()) -> Given:
        """What is known of the translations of a record's texts (decision 13); of a short one, that it is kept."""
        heads = self.document.data.get("text_states", {})
        told = {name: self._states(placed, name, heads) for name in names}
        for name in short:
            known = self._states(placed, name, {})
            told[name] = {code: state for code, state in known.items() if state["state"] == SAME}
        told = {name: known for name, known in told.items() if known}
        return {"texts": told} if told else {}

    def _states(self, placed: Placed, name: str, heads: Mapping[str, str]) -> dict[str, dict[str, str]]:
        words = placed.record.get(name) or {}
        if isinstance(words, str):
            return {}
        states = {**heads, **words.get("state", {})}
        first = city.identity().first
        others = [code for code in LANGUAGES if code != first]
        told = [code for code in others if code in states and (words.get(code) or states[code] == SAME)]
        return {code: {"state": states[code], "of": fingerprint(words[first])} for code in told}


def _place_of(placed: Placed, field: str) -> tuple[str, str]:
    """Where a column of a record stands in the file, and what stands there."""
    stem, _, language = field.rpartition("_")
    steps = [stem, language] if language in LANGUAGES and stem in placed.record else [field] if field else []
    found: Any = placed.record if steps else ""
    for step in steps:
        found = found.get(step, "") if isinstance(found, dict) else ""
    return "/".join([placed.place, *steps]), shown(found)


def _told(value: Any) -> str:
    return shown(value).strip() if value not in (None, "") else "nothing"


def _same(stored: Any, given: Any) -> bool:
    """Whether a record says what the file says; its texts may have been stored before texts were cleaned."""
    return bool(stored == given or typed.cleaned_all(stored) == given)


def after(rows: list[Given], record: Any, *names: str) -> list[Given]:
    """Of what followed upon each other, that which comes after what stands in the record."""
    passed = [number for number, row in enumerate(rows) if all(getattr(record, name) == row[name] for name in names)]
    return rows[passed[-1] + 1 :] if passed else rows


def day(value: Any) -> Any:
    """A day, or the last day that the source's words allow."""
    if isinstance(value, dict):
        value = value.get("not_after")
    return date.fromisoformat(value) if value else None


def precision(value: Any) -> Given:
    """The precision and the words of a day that the source doesn't give exactly."""
    if not isinstance(value, dict):
        return {}
    words = {f"date_text_{code}": value["text"].get(code, "") for code in LANGUAGES}
    return {"date_precision": value["precision"], **words}


def amount(value: Any) -> Decimal | None:
    """A figure that came as a string."""
    return Decimal(value) if value is not None else None

"""Everything a report is made of, as it was known at the cut: tables read at once, joined by id in memory."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol, TypeVar, cast, get_args, get_type_hints

from django.db import connection, models
from django.db.models.expressions import RawSQL

from portfolio import city
from portfolio.benefits.measuring.models import Measurement
from portfolio.history.tables import Kind, Rows, index, tables
from portfolio.languages import LANGUAGES
from portfolio.people.models import Person
from portfolio.texts import columns, fingerprint, is_copy, source_of, statement_in, wordings
from portfolio.translations.models import TranslatedRemark, as_known
from reporting.facts import DecisionFacts, Language, PersonFacts, Provenance, Text, canonical
from reporting.snapshot.kinds import LATE, MODELS

if TYPE_CHECKING:
    from typing_extensions import TypeForm

Word = TypeVar("Word", bound=str)


class Known(Protocol):
    """A row that reports know by its key, or by its number where it has none."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str | None: ...


class Lasting(Protocol):
    """A row that holds from a first day to a last, if it has one."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...


@dataclass
class World:
    """The portfolio as known at `cut`, looked at from the status date."""

    cut: int
    status_date: date
    period_starts_on: date
    rows: Rows
    firsts: dict[tuple[str, int], tuple[int, datetime]]
    versions: dict[int, list[Measurement]]
    _by: dict[tuple[type[models.Model], tuple[str, ...]], dict[object, list[models.Model]]] = field(
        default_factory=dict
    )
    decisions: dict[int, DecisionFacts] = field(default_factory=dict, init=False)  # each is told many times

    @classmethod
    def at(cls, cut: int, *, status_date: date, period_starts_on: date) -> World:
        """Three statements at any size: all tables, when their rows were first recorded, and restated measurements."""
        rows = tables(cut, *MODELS)
        return cls(cut, status_date, period_starts_on, rows, first_recordings(cut), restatements(cut))

    def will_tell(self, kind: type[models.Model], ids: Sequence[int]) -> None:
        """In which order projects or targets are told; all that belongs to them is at hand."""

    def turn_to(self, kind: type[models.Model], pk: int) -> None:
        """Have at hand what belongs to a project or a target."""

    def at_hand(self, kind: type[models.Model]) -> tuple[int, ...] | None:
        """The projects or targets of which all that belongs to them is at hand; None for all of them."""
        return None

    @property
    def invented(self) -> bool:
        """Whether any row is demonstration data."""
        return any(getattr(row, "provenance", "") == "demonstration" for rows in self.rows.values() for row in rows)

    def get(self, model: type[Kind], pk: int | None) -> Kind | None:
        """One row by id."""
        found = self.where(model, id=pk) if pk is not None else []
        return found[0] if found else None

    def where(self, model: type[Kind], **values: object) -> list[Kind]:
        """The rows whose columns have these values, by an index made once."""
        columns = tuple(values)
        groups = self._by.setdefault((model, columns), {})
        if not groups:
            groups.update(index(self.rows[model], *columns))
        wanted = tuple(values.values())
        return cast("list[Kind]", groups.get(wanted[0] if len(wanted) == 1 else wanted, []))

    def first_recorded(self, model: type[models.Model], pk: int) -> tuple[int, datetime]:
        """The change set and the instant in which a row came to be."""
        return self.firsts[(model._meta.db_table, pk)]


def first_recordings(
    cut: int, kinds: Collection[type[models.Model]] = (*LATE, Measurement), ids: Collection[int] | None = None
) -> dict[tuple[str, int], tuple[int, datetime]]:
    """When rows were first recorded: those with these ids, or all."""
    among = "" if ids is None else "AND e.object_id = ANY(%(ids)s::bigint[])"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.relation, e.object_id, c.seq, c.recorded_at FROM portfolio_changeentry e "
            "JOIN portfolio_changeset c USING (seq) WHERE e.op = '+' AND e.seq <= %(cut)s "
            f"AND e.relation = ANY(%(relations)s) {among}",
            {"cut": cut, "relations": [kind._meta.db_table for kind in kinds], "ids": array(ids or ())},
        )
        known: dict[int, tuple[int, datetime]] = {}  # by change set: thousands of rows may have come with one
        return {(relation, pk): known.setdefault(seq, (seq, at)) for relation, pk, seq, at in cursor}


def array(ids: Collection[int]) -> str:
    """Numbers as PostgreSQL writes an array, which takes the driver less time than a list."""
    return f"{{{','.join(map(str, ids))}}}"


def among(ids: Collection[int]) -> RawSQL:
    """Ids for a lookup, in one blank of the statement, also where there are none."""
    return RawSQL("SELECT unnest(%s::bigint[])", [array(ids)])


def restatements(cut: int, ids: Collection[int] | None = None) -> dict[int, list[Measurement]]:
    """Every state that each corrected measurement has had, oldest first: of those with these ids, or of all."""
    past = Measurement.history.model.objects
    if ids is not None:
        past = past.filter(id__in=among(ids))
    changed = past.filter(history_type="~", history_seq__lte=cut).exclude(corrected_because="").values("id")
    found = past.filter(id__in=changed, history_seq__lte=cut).order_by("history_seq", "history_id")
    return index(found, "id")


def held(row: Lasting, day: date) -> bool:
    """Whether a dated row covers a day, its first and last included."""
    return row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)


def one_of(words: TypeForm[Word], said: str) -> Word:
    """A code of a row as the facts know it.

    Raises ValueError for one that they don't: then the model has a choice that no report can tell.
    """
    if said not in get_args(words):
        raise ValueError(f"{said!r} is none of {get_args(words)}")
    return cast("Word", said)


def text(row: models.Model | None, name: str) -> Text:
    """A text of a row in all languages, with what is known of its translations; a copied or missing one stays empty."""
    if row is None:
        return Text()
    words = wordings(row, name)
    if given_in := statement_in(row, name):
        return replace(Text.of(words, source=given_in), statement=True)
    source = source_of(row)
    states: dict[str, dict[str, str]] = (getattr(row, "texts", None) or {}).get(name, {})
    unofficial = tuple(code for code in LANGUAGES if words[code] and states.get(code, {}).get("state") == "unofficial")
    others = [code for code in LANGUAGES if words[code] and code != source]
    made_of = {code: states[code]["of"] for code in others if "of" in states.get(code, {})}
    now = fingerprint(words[source]) if made_of else ""
    outdated = tuple(code for code, of in made_of.items() if of != now)
    said = Text.of(words, source, unofficial)
    return same(replace(said, outdated=outdated) if outdated else said)


@lru_cache(maxsize=1000)
def same(words: Text) -> Text:
    """One text for all that say the same, such as the empty ones: a report has hundreds of thousands."""
    return words


def texts(row: models.Model, kind: type[object]) -> dict[str, Text]:
    """Of facts those that are texts of the row itself, under the same name; a later one without words is none."""
    later = canonical.unless_told(cast(Hashable, kind))
    told = {name: text(row, name) for name in _texts(cast(Hashable, kind)) if hasattr(row, columns(name)[0])}
    return {name: words if words.known or name not in later else Text() for name, words in told.items()}


@cache
def _texts(kind: Hashable) -> tuple[str, ...]:
    return tuple(name for name, hint in get_type_hints(kind).items() if hint is Text)


def plain(words: str) -> Text:
    """A person's name, which is the same in every language."""
    return Text(fi=words, sv=words, en=words) if words else Text()


def first_of(name: Text, otherwise: Text) -> Text:
    """A name, or what stands for one that nobody has given."""
    return name if name.known else otherwise


def remark(world: World, words: str) -> Text:
    """What someone wrote once, a reason or a source, with the wording that it had in other languages by the cut.

    Without a translation it is taken as written in the city's first language; other languages show it as that.
    """
    if not words:
        return Text()
    translated = world.rows[TranslatedRemark]
    known = world.where(TranslatedRemark, source_sha256=fingerprint(as_known(words))) if translated else []
    return same(worded(words, known[0] if known else None))


def worded(words: str, translated: TranslatedRemark | None) -> Text:
    """A remark in its own language, with the wordings that its translation has; a copy is none."""
    if translated is None:
        return Text.of({city.identity().first: words}, city.identity().first)
    source = one_of(Language, translated.source_language)
    states: dict[str, dict[str, str]] = translated.texts.get("wording", {})
    given: dict[str, str] = {code: getattr(translated, f"wording_{code}") for code in LANGUAGES}
    said: dict[str, str] = {
        code: "" if is_copy(given[code], words, states.get(code, {})) else given[code] for code in LANGUAGES
    }
    said[source] = words
    unofficial = tuple(code for code in LANGUAGES if states.get(code, {}).get("state") == "unofficial")
    return Text.of(said, source, unofficial)


def identity(row: Known, kind: str) -> str:
    """What the same thing is called in every report."""
    return row.key or f"{kind}:{row.id}"


def person(world: World, pk: int | None) -> PersonFacts | None:
    """A person as named at the cut; name, task and group or unit, no more (INV-103)."""
    row = world.get(Person, pk)
    if row is None:
        return None
    return PersonFacts(
        name=row.name,
        title=text(row, "title"),
        affiliation=first_of(text(row, "council_group"), text(row, "unit")),
        provenance=one_of(Provenance, row.provenance),
    )


def ordered(rows: Iterable[Kind], *columns: str) -> list[Kind]:
    """Rows in the order of columns, then of ids."""
    return sorted(rows, key=attrgetter(*columns, "id"))

"""What a form is made of: the fields of an input, each with its label, its hint, what was typed and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portfolio.api.inputs import Input, Ref
from portfolio.field_words import LANGUAGES as IN_LANGUAGES
from portfolio.field_words import words
from portfolio.languages import LANGUAGES
from reporting.pages.forms import spelling
from reporting.pages.forms.naming import choices
from reporting.pages.forms.shapes import SHAPES, level

Words = str | Promise
Given = Any  # a field of an input
LINE = 200  # characters: what may be longer is written in a box
YES_OR_NO: tuple[tuple[str, Words], ...] = (("true", _("Yes")), ("false", _("No")))
FEW = 5  # choices that are all shown at once
ALWAYS_SHOWN = frozenset({"points", "path", "sources", "targets", "dates"})  # lists that are the point of their form
MANY = 8  # choices of several that are folded away while none is chosen
BLANK_ROWS = 1
# What a form does not ask: the columns of a text tell its language, and a plan is written in its editor.
UNASKED = frozenset({"source_language", "sections"})
COUNTED = ("number", "order")  # a line has it from its place
LONGEST_LIST = 40  # rows of one list in a form


class Choice(NamedTuple):
    """One thing that may be chosen."""

    value: str
    label: Words
    chosen: bool


@dataclass
class Field:
    """One field of a form; `meanwhile` is what somebody else has saved in it since it was shown."""

    name: str
    label: Words
    kind: str
    value: str = ""
    values: Collection[str] = ()
    required: bool = False
    hint: Words = ""
    options: Sequence[tuple[str, Words]] = ()
    longest: int | None = None
    language: str = ""
    lacks: Sequence[Mapping[str, Any]] = ()
    meanwhile: str | None = None

    @property
    def part(self) -> str:
        """The template that draws it."""
        return "partials/form_several.html" if self.kind in ("radio", "several") else "partials/form_field.html"

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def folded(self) -> bool:
        """Whether it is shown only when it is asked for: a long list of which nothing is chosen."""
        return self.kind == "several" and not self.required and not self.values and len(self.options) > MANY

    @property
    def choices(self) -> list[Choice]:
        chosen = {self.value, *self.values}
        return [Choice(value, label, value in chosen) for value, label in self.options]

    @property
    def fields(self) -> tuple[Field, ...]:
        return (self,)


@dataclass
class Texts:
    """One text in the city's languages, side by side."""

    name: str
    label: Words
    fields: tuple[Field, ...]
    required: bool = False
    part: str = "partials/form_texts.html"
    folded: bool = False


@dataclass
class Rows:
    """A list of lines of one kind, and an empty one to add to it."""

    name: str
    label: Words
    rows: list[list[Field | Texts]]
    required: bool = False
    lacks: Sequence[Mapping[str, Any]] = ()
    part: str = "partials/form_rows.html"

    @property
    def folded(self) -> bool:
        """Whether it is shown only when it is asked for: no line says anything and none is needed."""
        said = len(self.rows) > BLANK_ROWS or self.required or self.lacks
        return not said and self.name not in ALWAYS_SHOWN

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def fields(self) -> Iterator[Field]:
        return (each for row in self.rows for part in row for each in part.fields)


Part = Field | Texts | Rows


@dataclass(frozen=True)
class Drawn:
    """Where the fields get what they show: what was typed or is on record, what may be chosen, what is wrong."""

    model: type[Model]
    typed: Callable[[str], str]
    several: Callable[[str], Sequence[str]]
    among: Callable[[Ref], Sequence[tuple[str, str]]]
    rows: Callable[[str], int]
    lacks: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    meanwhile: Mapping[str, str] = field(default_factory=dict)


def parts(given: Input, drawn: Drawn, *, prefix: str = "", without: Collection[str] = UNASKED) -> Iterator[Part]:
    """The fields of an input in its order; the columns of one text stand together."""
    told: set[str] = set()
    for name, each in given.fields.items():
        stem = name.rpartition("_")[0]
        columns = [f"{stem}_{code}" for code in LANGUAGES]
        if name in without or name in told:
            continue
        if name == columns[0] and all(column in given.fields for column in columns):
            told.update(columns)
            yield _texts(stem, {column: given.fields[column] for column in columns}, drawn, prefix)
        else:
            yield _part(name, each, drawn, prefix)


def place(part: Part) -> int:
    """What is needed comes first, then what may be said, then lists; the reason for it all comes last."""
    if part.name in ("because", "corrected_because"):
        return 3
    return 2 if part.folded else 0 if part.required else 1


def _part(name: str, given: Given, drawn: Drawn, prefix: str) -> Part:
    if (child := listed(given)) is not None:
        return _rows(name, given, child, drawn, prefix)
    kind, options = _kind(name, given, drawn)
    several = kind == "several"
    return Field(
        name=f"{prefix}{name}",
        label=label(name, given),
        kind=kind,
        value="" if several else drawn.typed(f"{prefix}{name}"),
        values=drawn.several(f"{prefix}{name}") if several else (),
        required=bool(given.required),
        hint=_hint(given, kind),
        options=options,
        longest=getattr(given, "max_length", None),
        lacks=drawn.lacks.get(f"{prefix}{name}", ()),
        meanwhile=drawn.meanwhile.get(f"{prefix}{name}"),
    )


def label(name: str, given: Given) -> Words:
    """What a field is called; one that names a record without a word of its own as that kind of record is."""
    model = getattr(given, "model", None) or getattr(getattr(given, "child", None), "model", None)
    return words(name) or (capfirst(model._meta.verbose_name) if model else name)


def _texts(stem: str, columns: Mapping[str, Given], drawn: Drawn, prefix: str) -> Texts:
    fields = []
    for code, (name, given) in zip(LANGUAGES, columns.items(), strict=True):
        longest = getattr(given, "max_length", None)
        fields.append(
            Field(
                name=f"{prefix}{name}",
                label=IN_LANGUAGES[code],
                kind="line" if longest and longest <= LINE else "box",
                value=drawn.typed(f"{prefix}{name}"),
                required=bool(given.required),
                longest=longest,
                language=code,
                lacks=drawn.lacks.get(f"{prefix}{name}", ()),
                meanwhile=drawn.meanwhile.get(f"{prefix}{name}"),
            )
        )
    return Texts(f"{prefix}{stem}", words(stem) or stem, tuple(fields), any(each.required for each in fields))


def _rows(name: str, given: Given, child: Input, drawn: Drawn, prefix: str) -> Rows:
    key = f"{prefix}{name}"
    count = min(drawn.rows(key) + BLANK_ROWS, LONGEST_LIST)
    counted = {each for each in COUNTED if each in child.fields and not child.fields[each].required}
    lines = [list(parts(child, drawn, prefix=f"{key}-{number}-", without=UNASKED | counted)) for number in range(count)]
    required = bool(given.required)
    return Rows(key, label(name, given), lines, required, drawn.lacks.get(key, ()))  # type: ignore[arg-type]


def listed(given: Given) -> Input | None:
    """The input of the lines of a list, where it is one of those."""
    if given.field_name in SHAPES:
        return SHAPES[given.field_name]()
    child = getattr(given, "child", None)
    return child if isinstance(child, Input) else None


def _kind(name: str, given: Given, drawn: Drawn) -> tuple[str, Sequence[tuple[str, Words]]]:
    """How a field is drawn, and among what it is chosen."""
    if isinstance(given, serializers.ListField):
        return "several", _options(given.child, name, drawn)
    if isinstance(given, serializers.BooleanField):
        return ("radio" if given.required else "choice"), YES_OR_NO
    if options := _options(given, name, drawn):
        few = len(options) <= FEW and not isinstance(given, Ref) and bool(given.required)
        return ("radio" if few else "choice"), options
    if isinstance(given, Ref):
        return "choice", ()
    return next((kind for known, kind in KINDS if isinstance(given, known)), _written(given)), ()


def _options(given: Given, name: str, drawn: Drawn) -> Sequence[tuple[str, Words]]:
    if isinstance(given, Ref):
        return drawn.among(given)
    if isinstance(given, serializers.ChoiceField):
        return [(str(value), label) for value, label in given.choices.items()]
    return choices(drawn.model, name)


def _written(given: Given) -> str:
    longest = getattr(given, "max_length", None)
    return "line" if longest and longest <= LINE else "box"


KINDS: tuple[tuple[Any, str], ...] = (
    (serializers.DateTimeField, "instant"),
    (serializers.DateField, "day"),
    (serializers.TimeField, "hour"),
    (serializers.IntegerField | serializers.DecimalField, "number"),
    (serializers.EmailField, "email"),
    (serializers.URLField, "url"),
    (serializers.SlugField, "line"),
)
HINTS: dict[str, Words] = {
    "day": _("For instance 31.12.2026"),
    "instant": _("For instance 31.12.2026 16.00"),
    "hour": _("For instance 16.00"),
}


def _hint(given: Given, kind: str) -> Words:
    """What would be accepted, where the label does not tell."""
    least, most = getattr(given, "min_value", None), getattr(given, "max_value", None)
    if kind == "number" and least is not None and most is not None and most < 1000:
        return _("From {least} to {most}").format(least=least, most=most)
    return HINTS.get(kind, "")


SPELLED: dict[str, Callable[[str], str]] = {
    "day": spelling.day,
    "instant": spelling.instant,
    "hour": spelling.hour,
    "number": spelling.number,
}
Posted = Any  # what a form has sent: a QueryDict


def said(given: Input, posted: Posted, *, prefix: str = "", only: Collection[str] | None = None) -> dict[str, Any]:
    """What a form has sent, in the plain form that the input takes; what was left empty is not said.

    `only` names what was changed of a record: there an emptied field says that it is to be empty.
    """
    found: dict[str, Any] = {}
    for name, each in given.fields.items():
        key = f"{prefix}{name}"
        if only is not None and name not in only:
            continue
        if (child := listed(each)) is not None:
            if (lines := list(_lines(child, posted, key))) or only is not None:
                found[name] = [level(line) for line in lines] if name in SHAPES else lines
        elif isinstance(each, serializers.ListField):
            if (values := [value for value in posted.getlist(key) if value]) or only is not None:
                found[name] = values
        elif isinstance(each, serializers.BooleanField):
            # Nothing chosen says nothing: what the command does then is its own, and no record tells a "no" by silence.
            if said_so := posted.get(key, ""):
                found[name] = {"true": True, "false": False}.get(said_so, said_so)
        elif (text := posted.get(key, "")).strip():
            found[name] = SPELLED.get(_plain_kind(each), str)(text)
        elif only is not None or _asks_for_blank(each):
            found[name] = None if each.allow_null else ""
    return found


def _asks_for_blank(given: Given) -> bool:
    """A reason that was left out goes to the command, which says in its own words what it is for."""
    return bool(given.required and getattr(given, "allow_blank", False))


def _plain_kind(given: Given) -> str:
    return next((kind for known, kind in KINDS if isinstance(given, known)), "")


def _lines(child: Input, posted: Posted, key: str) -> Iterator[dict[str, Any]]:
    """The lines of a list that say anything, in their order."""
    for number in range(rows_of(posted, key)):
        line = said(child, posted, prefix=f"{key}-{number}-")
        if any(value not in (False, None, "", []) for value in line.values()):
            yield line


def rows_of(posted: Iterable[str], key: str) -> int:
    """How many lines of a list a form has sent."""
    numbers = (name.removeprefix(f"{key}-").partition("-")[0] for name in posted if name.startswith(f"{key}-"))
    return min(max((int(each) + 1 for each in numbers if each.isdigit() and len(each) < 3), default=0), LONGEST_LIST)


def by_field(lacks: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """What is wrong, by the name of the field of the form; a line of a list by its number."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for lack in lacks:
        found.setdefault(str(lack["field"] or "").replace(".", "-"), []).append(lack)
    return found

"""What the code says to people, package by package: the same sentences that `xgettext` finds for `makemessages`.

Read in pure Python, so that drift between code and catalogues is found on any machine. Templates go through Django's
own `templatize`, as they do for `makemessages`; a proof holds both against each other.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation.template import templatize

from config import languages

SPOKEN = (*languages.PACKAGES, "workers")  # what has no catalogue of its own speaks from that of `config`
# Where a call has its context, its sentence and its plural.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
BEGINNING = re.compile(rf"\b(?:{'|'.join(CALLS)})\(")
FORMATS = {
    "python-format": re.compile(r"%(?:\(\w+\))?[ #0+-]?[diouxXeEfFgGcrs]"),
    "python-brace-format": re.compile(r"\{\w[^{}]*\}"),
}
Key = tuple[str | None, str]


@dataclass
class EnglishSentence:
    """What is said in English, with its context and its form for many, and the files that say it."""

    english: str
    plural: str = ""
    context: str | None = None
    files: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """By what a catalogue finds it."""
        return self.context, self.english

    @property
    def flags(self) -> list[str]:
        """The form of its blanks, for the checks of a translator's tool."""
        return [form for form, shape in FORMATS.items() if shape.search(self.english + self.plural)]


def said() -> dict[str, dict[Key, EnglishSentence]]:
    """By package every sentence that its code and its templates say, in the order in which they say it."""
    found: dict[str, dict[Key, EnglishSentence]] = {package: {} for package in languages.PACKAGES}
    for package in SPOKEN:
        ours = found.get(package, found[languages.PACKAGES[0]])
        for path, text in _sources(package):
            for sentence in _of(path, text):
                known = ours.setdefault(sentence.key, sentence)
                known.plural = known.plural or sentence.plural
                known.files += [path] if path not in known.files else []
    return found


def unheard() -> list[str]:
    """Sentences inside an f-string, which `xgettext` does not read."""
    return [
        f"{path}: {sentence.english}"
        for package in SPOKEN
        for path, text in _sources(package)
        if path.endswith(".py")
        for woven in ast.walk(ast.parse(text))
        if isinstance(woven, ast.JoinedStr)
        for sentence in _calls(woven)
    ]


def _sources(package: str) -> Iterator[tuple[str, str]]:
    """Path and text of what may say something: templates, and modules that know of gettext."""
    home = languages.HOME
    found = (each for kind in ("*.py", "*.html", "*.txt") for each in (home / package).rglob(kind))
    for path, source in sorted((str(each.relative_to(home)), each) for each in found):
        text = source.read_text("utf-8")
        if source.suffix != ".py" or "gettext" in text:
            yield path, text


def _of(path: str, text: str) -> Iterator[EnglishSentence]:
    if path.endswith(".py"):
        yield from _calls(ast.parse(text))
        return
    plain = templatize(text, origin=path)
    for beginning in BEGINNING.finditer(plain):
        yield from _calls(_first_call(plain[beginning.start() :]))


def _first_call(text: str) -> ast.AST:
    """The call that a text begins with; behind it stands anything."""
    for end in re.finditer(r"\)", text):
        try:
            return ast.parse(text[: end.end()], mode="eval")
        except SyntaxError:
            continue
    raise SyntaxError(f"No call ends in {text[:80]!r}.")


def _calls(code: ast.AST) -> Iterator[EnglishSentence]:
    calls = [node for node in ast.walk(code) if isinstance(node, ast.Call) and node.args and _name(node) in CALLS]
    for call in sorted(calls, key=lambda call: (call.args[0].lineno, call.args[0].col_offset)):
        context, english, plural = (_text(call, place) for place in CALLS[_name(call)])
        if english:
            yield EnglishSentence(english, plural or "", context)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _text(call: ast.Call, place: int | None) -> str | None:
    """The text that stands at a place of a call, in one piece or several."""
    if place is None or place >= len(call.args):
        return None
    return _joined(call.args[place])


def _joined(node: ast.expr) -> str | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _joined(node.left), _joined(node.right)
        return None if left is None or right is None else left + right
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None

"""The sample, rendered once per test run in every language and format."""

import io
import tarfile
from functools import cache

from reporting.compilation import compile_report
from reporting.documents import formats, rendering
from reporting.documents.rendering import document as d
from reporting.documents.rendering.composition import compose
from reporting.facts import Language, ReportFacts, canonical
from tests.reporting import sample


@cache
def now() -> ReportFacts:
    return sample.take(sample.NEW_YEAR)


@cache
def then() -> ReportFacts:
    return sample.take(sample.SUMMER)


def frozen(facts: ReportFacts, previous: ReportFacts | None = None) -> rendering.Frozen:
    """What the machine keeps of them: of the report before, as compared with nothing, and of this one."""
    before = compile_report(previous) if previous else None
    return rendering.Frozen(facts, compile_report(facts, previous, before), before)


@cache
def newest() -> rendering.Frozen:
    return frozen(now(), then())


def bundle(given: rendering.Frozen) -> bytes:
    """The same as a rendering process reads it."""
    spelt = [canonical.dumps(part).decode() if part else None for part in (given.facts, given.findings, given.before)]
    return rendering.bundle(snapshot=spelt[0] or "", findings=spelt[1] or "", previous_findings=spelt[2])


@cache
def document(lang: Language) -> d.Document:
    return compose(newest(), lang)


@cache
def rendition(lang: Language, form: str) -> bytes:
    return formats.render(newest(), lang=lang, form=form)


def unpacked(tar: bytes) -> dict[str, bytes]:
    """The files that a rendering process wrote."""
    with tarfile.open(fileobj=io.BytesIO(tar)) as packed:
        return {entry.name: packed.extractfile(entry).read() for entry in packed}

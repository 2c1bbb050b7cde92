"""The sample, rendered once per test run in every language and format."""

import io
import tarfile
from functools import cache

from reporting import rendering
from reporting.facts import Language, ReportFacts
from reporting.rendering import document as d
from reporting.rendering.composition import compose
from tests.reporting import sample


@cache
def now() -> ReportFacts:
    return sample.take(sample.NEW_YEAR)


@cache
def then() -> ReportFacts:
    return sample.take(sample.SUMMER)


@cache
def document(lang: Language) -> d.Document:
    return compose(now(), then(), lang)


@cache
def rendition(lang: Language, form: rendering.Format) -> bytes:
    return rendering.render(now(), then(), lang=lang, form=form)


def unpacked(tar: bytes) -> dict[str, bytes]:
    """The files that a rendering process wrote."""
    with tarfile.open(fileobj=io.BytesIO(tar)) as packed:
        return {entry.name: packed.extractfile(entry).read() for entry in packed}

"""What may stand in an address of a page: the languages of reports and the formats of files, as they are."""

from __future__ import annotations

from portfolio.languages import LANGUAGES
from reporting.documents.formats import FORMATS


class FormatConverter:
    """A format of files, as the ending of an address."""

    regex = "[a-z0-9]{1,10}"

    def to_python(self, value: str) -> str:
        if value not in FORMATS:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


class LanguageConverter(FormatConverter):
    """A language of reports."""

    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(value)
        return value

"""Translated remarks: the wording of a reason or a source in the other languages, beside the remark and never in it."""

import unicodedata

from django.db import models
from django.db.models import F, Func, Q, Value

from portfolio import typed
from portfolio.history import Tracked
from portfolio.languages import LANGUAGES
from portfolio.texts import Fingerprint, SourceLanguage, TextStates, texts

LONGEST = 4000
SPACES = " \t\n\r\f\v\u00a0"
UNSEEN = dict.fromkeys(map(ord, typed.INVISIBLE))


def as_known(remark: str) -> str:
    """A remark as its translation knows it: composed characters, none that can't be seen, no space around it."""
    return unicodedata.normalize("NFC", remark.translate(UNSEEN).strip(SPACES))


class AsKnown(Func):
    """The same by the database."""

    template = "NORMALIZE(BTRIM(%(expressions)s))"
    output_field = models.TextField()

    def __init__(self, remark: str | F) -> None:
        seen = Func(remark, Value(typed.INVISIBLE), Value(""), function="TRANSLATE", output_field=models.TextField())
        super().__init__(seen, Value(SPACES))


def _wording(language: str) -> Q:
    return ~Q(**{f"wording_{language}": ""})


class TranslatedRemark(Tracked):
    """What a remark says in other languages; a remark is known by its own words, wherever they stand.

    Remarks are reasons, sources and evidence that someone typed once. They stand in rows that nobody rewrites, so
    their wording in other languages is kept here.
    """

    visibility = "office"
    told = "whole"
    verbatim = ("source", "source_sha256")

    source = models.TextField()
    source_sha256 = models.CharField(max_length=64, editable=False)
    source_language = SourceLanguage()
    wording_fi, wording_sv, wording_en = texts(LONGEST, blank=True)
    texts = TextStates()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_sha256"],
                name="remark_translated_once",
                violation_error_code="remark.duplicate",
                violation_error_message="This remark has its translation already.",
            ),
            models.CheckConstraint(
                condition=Q(source_sha256=Fingerprint(F("source"))),
                name="remark_known_by_its_words",
            ),
            models.CheckConstraint(
                condition=_wording("fi") | _wording("sv") | _wording("en"),
                name="remark_has_a_wording",
                violation_error_code="remark.no_wording",
                violation_error_message="A translation says something in at least one other language.",
            ),
            *(
                models.CheckConstraint(
                    condition=~(Q(source_language=language) & _wording(language)),
                    name=f"remark_not_translated_from_{language}_into_itself",
                    violation_error_code="remark.own_language",
                    violation_error_message="A remark is not translated into the language in which it was written.",
                )
                for language in LANGUAGES
            ),
        ]

    def __str__(self) -> str:
        return str(self.source)

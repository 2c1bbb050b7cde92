"""What can be asked about translated remarks: whether a remark still lacks its wording in a language."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from portfolio import city
from portfolio.history.past import rows
from portfolio.translations.models import TranslatedRemark


def lacks(languages: Collection[str], cut: int) -> Q:
    """The remark, a row with its `sha256`, has no wording in one of the languages by the cut.

    Without a translation it is in the city's first language.
    """
    return reduce(or_, (_lacks(language, cut) for language in languages))


def _lacks(language: str, cut: int) -> Q:
    found, those = _by_the_first(language, cut)
    asked = Q(sha256__in=found.values("source_sha256"))
    return asked if those else ~asked


def lacks_sql(language: str, cut: int) -> tuple[str, tuple[Any, ...]]:
    """The same of one language as a condition in SQL on a column `sha256`, with its parameters."""
    found, those = _by_the_first(language, cut)
    sql, params = found.values("source_sha256").query.sql_with_params()
    return f"sha256 {'IN' if those else 'NOT IN'} ({sql})", params


def _by_the_first(language: str, cut: int) -> tuple[QuerySet[Any], bool]:
    """Translations, and whether a remark lacks its wording when it is among them or when it is not."""
    said = Q(source_language=language) | ~Q(**{f"wording_{language}": ""})
    is_first = language == city.identity().first
    return (_known(cut).exclude(said) if is_first else _known(cut).filter(said)), is_first


def id_of(cut: int) -> Subquery:
    """The id of the remark's translation: one row by its index, if it was there by the cut."""
    found = TranslatedRemark.objects.filter(source_sha256=OuterRef("sha256"), pk__in=_known(cut).values("id"))
    return Subquery(found.order_by().values("pk")[:1])


def _known(cut: int) -> QuerySet[Any]:
    return rows(TranslatedRemark, cut).order_by()

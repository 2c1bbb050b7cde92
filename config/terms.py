"""The pages in the city's own words: its terms over our sentences, in every language, once a process."""

from __future__ import annotations

from gettext import GNUTranslations
from typing import Any

from django.utils.translation import trans_real

from portfolio.city import City, in_own_words

CONTEXT = "\x04"  # between what a word means and the word, as gettext has it


def speak(told: City) -> None:
    """Put the city's words into the sentences that pages and refusals are written with."""
    for language, terms in told.terms.items():
        said = _sentences(language)
        own = {key: in_own_words(words, terms, language) for key, words in said.items()}
        _put(language, {key: words for key, words in own.items() if words != said[key]})


def _sentences(language: str) -> dict[Any, str]:
    """Every sentence as it is said in a language; in English it is its own key, and Finnish words them all."""
    spoken: Any = trans_real.translation("fi" if language == "en" else language)
    catalog = spoken._catalog
    if language == "en":
        return {key: key.rpartition(CONTEXT)[2] for key in catalog.keys() if isinstance(key, str) and key}
    return {key: catalog[key] for key in catalog.keys() if key}


def _put(language: str, worded: dict[Any, str]) -> None:
    catalog = trans_real.translation(language)
    own: Any = GNUTranslations()
    own._catalog, own.plural = worded, catalog.plural
    catalog.merge(own)

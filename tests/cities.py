"""Invented cities that are not the demonstration's: a Finnish-only one, and one whose first language is Swedish."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

# As a Finnish-only city writes it: nothing but Finnish.
FINNISH_ONLY: dict[str, Any] = {
    "name": {"fi": "Oulunranta"},
    "signature": {"fi": "Oulunrannan kaupunki"},
    "colours": {"brand": "#5B2C83", "brand_strong": "#3E1C5C", "accent": "#B0005A"},
    "languages": {"first": "fi", "official": ["fi"], "service": ["fi"]},
    "case_number": {"pattern": r"OUKA/\d{1,6}/\d\d\.\d\d\.\d\d/(?P<year>\d{4})", "example": "OUKA/2044/00.01.02/2025"},
    "report": {
        "title": {"fi": "Kehittämisohjelmien seuranta"},
        "period": {"fi": "Seuranta {period}"},
        "prepared_by": {"fi": "Strategiayksikkö"},
        "proposal": {"fi": "Kaupunginhallitus ehdottaa, että valtuusto merkitsee raportin {period} tiedoksi."},
        "caught_up": {"fi": "Raportti avattiin {day}."},
        "handling": [{"fi": "Kaupunginhallitus"}, {"fi": "Kaupunginvaltuusto"}],
    },
}
# First language Swedish, Finnish beside it as the other official one, the board naming the officials.
SWEDISH_FIRST: dict[str, Any] = {
    "name": {"sv": "Mariehavn", "fi": "Maarianhavu"},
    "signature": {"sv": "Mariehavns stad", "fi": "Maarianhavun kaupunki"},
    "languages": {"first": "sv", "official": ["sv", "fi"], "service": ["sv", "fi"]},
    "case_number": {"pattern": r"[A-Z]{3,6} (?P<year>\d{4})-\d{6}", "example": "MHSTAD 2025-001234"},
    "terms": {"sv": {"programmål": "nyttomål"}},
    "report": {
        "title": {"sv": "Uppföljning av utvecklingsprogrammen", "fi": "Kehittämisohjelmien seuranta"},
        "period": {"sv": "Uppföljning {period}", "fi": "Seuranta {period}"},
        "prepared_by": {"sv": "Stadskansliet", "fi": "Kaupunginkanslia"},
        "proposal": {
            "sv": "Stadsstyrelsen föreslår att stadsfullmäktige antecknar rapporten {period} för kännedom.",
            "fi": "Kaupunginhallitus ehdottaa, että valtuusto merkitsee raportin {period} tiedoksi.",
        },
        "caught_up": {"sv": "Rapporten öppnades {day}.", "fi": "Raportti avattiin {day}."},
        "handling": [{"sv": "Stadsstyrelsen", "fi": "Kaupunginhallitus"}],
    },
}


def identity(of: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An identity with other members; None takes one out."""
    told = copy.deepcopy(of) | changes
    return {name: value for name, value in told.items() if value is not None}


def written(folder: Path, told: Any) -> Path:
    """The identity as a file of its own."""
    path = folder / f"identity-{len(list(folder.glob('identity-*')))}.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return path

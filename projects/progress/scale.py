"""The scales of progress as tables: how high a risk is, and what green, amber, red and grey mean."""

from dataclasses import dataclass
from datetime import date

from portfolio.terms import terms

HIGH_FROM = 15
MEDIUM_FROM = 6


def level(likelihood: int, impact: int) -> int:
    """Likelihood times impact, 1 to 25; computed, never typed (INV-81)."""
    return likelihood * impact


def mitigation_overdue(mitigate_by: date | None, *, on: date) -> bool:
    """Whether an open risk was to be mitigated by a day that has passed; the day itself is still in time."""
    return mitigate_by is not None and mitigate_by < on


def band(level: int) -> str:
    if level >= HIGH_FROM:
        return "high"
    return "medium" if level >= MEDIUM_FROM else "low"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a standing is called and when it is given, in the city's languages."""

    word: dict[str, str]
    meaning: dict[str, str]


STANDINGS: dict[str, Meaning] = {
    "green": Meaning(
        word=terms()["standing.on_track"],
        meaning={
            "fi": "Aikataulu, talous ja sisältö pysyvät sovituissa rajoissa.",
            "sv": "Tidsplanen, ekonomin och innehållet håller sig inom de överenskomna gränserna.",
            "en": "Time, money and content stay within the agreed limits.",
        },
    ),
    "amber": Meaning(
        word=terms()["standing.at_risk"],
        meaning={
            "fi": "Jokin sovituista rajoista on vaarassa ylittyä, mutta projektipäällikkö hoitaa asian omin keinoin.",
            "sv": "Någon av de överenskomna gränserna riskerar att överskridas, men projektchefen klarar saken själv.",
            "en": "An agreed limit is in danger, but the project manager can handle it with the means at hand.",
        },
    ),
    "red": Meaning(
        word=terms()["standing.off_track"],
        meaning={
            "fi": "Sovittu raja on ylittynyt, eikä projektipäällikkö voi ratkaista asiaa yksin.",
            "sv": "En överenskommen gräns har överskridits och projektchefen kan inte lösa saken ensam.",
            "en": "An agreed limit has been passed and the project manager cannot solve it alone.",
        },
    ),
    "grey": Meaning(
        word=terms()["standing.not_reported"],
        meaning={
            "fi": "Projektista ei ole annettu tilannetietoa tilannepäivälle.",
            "sv": "Ingen lägesuppgift har lämnats om projektet för lägesdatumet.",
            "en": "No status has been given for the project on the status date.",
        },
    ),
}

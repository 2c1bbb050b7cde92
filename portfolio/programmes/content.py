"""What a plan says: its sections in three languages, in one canonical form with a checksum."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from portfolio import city
from portfolio.languages import LANGUAGES
from portfolio.refusals import Lack

SECTIONS: dict[str, Any] = {
    "summary": _("Summary"),
    "background": _("Background and present state"),
    "task": _("Task and limits of the programme"),
    "targets": _("Benefit targets"),
    "implementation": _("Projects and actions"),
    "organisation": _("Organisation and responsibilities"),
    "partners": _("Partners and participation"),
    "schedule": _("Schedule"),
    "resources": _("Resources and funding"),
    "risks": _("Risks"),
    "communication": _("Communication"),
    "follow_up": _("Follow-up and evaluation"),
}

Sections = Mapping[str, Mapping[str, str]]


def canonical(sections: Sections) -> str:
    """The one spelling of a content: keys in order, NFC, no space that says nothing."""
    spelt = json.dumps(sections, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", spelt)


def sha256(sections: Sections) -> str:
    """The checksum that a handling or an approval is bound to (INV-46)."""
    return hashlib.sha256(canonical(sections).encode()).hexdigest()


def sections_lack(sections: Any) -> list[Lack]:
    """Everything that is not a known section holding texts in known languages."""
    if not isinstance(sections, Mapping):
        return [Lack("plan.sections", field="sections", section="", accepts=", ".join(SECTIONS))]
    return [
        Lack("plan.sections", field=f"sections.{name}", section=name, accepts=", ".join(SECTIONS))
        for name, section in sections.items()
        if name not in SECTIONS or not _is_text(section)
    ]


def says_something(sections: Sections) -> bool:
    """Whether at least one section is written in the city's first language."""
    return any(section.get(city.identity().first, "").strip() for section in sections.values())


def _is_text(section: Any) -> bool:
    return isinstance(section, Mapping) and all(
        language in LANGUAGES and isinstance(text, str) and "\x00" not in text for language, text in section.items()
    )

"""The rooms of this package, found by their folders: what each has of models, of resources, of takers of an import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

HERE = Path(__file__).parent


def modules(name: str) -> Iterator[ModuleType]:
    """The modules of a name, such as `models`, of all rooms that have one."""
    for room in iter_modules([str(HERE)]):
        if room.ispkg and find_spec(found := f"projects.{room.name}.{name}"):
            yield import_module(found)


def resource(name: str) -> str:
    """What a model, or a view set without its ending, is called in the interface: `StatusReport`, `status-reports`."""
    return f"{re.sub(r'(?<!^)(?=[A-Z])', '-', name).lower()}s"

"""What a renderer reads: the facts and the findings as they were kept at the freeze, each under its checksum."""

import hashlib
import json
from dataclasses import dataclass
from typing import ClassVar

from reporting.compilation.findings import Findings
from reporting.facts import ReportFacts, canonical

PARTS = ("snapshot", "findings", "previous_findings")


@dataclass(frozen=True)
class Frozen:
    """What a report is printed from; `before` are the findings that the report it is compared with printed."""

    kind: ClassVar[str] = "report"

    facts: ReportFacts
    findings: Findings
    before: Findings | None = None


def bundle(*, snapshot: str, findings: str, previous_findings: str | None) -> bytes:
    """Three parts of canonical JSON, and of each the SHA-256."""
    given = zip(PARTS, (snapshot, findings, previous_findings), strict=True)
    return packed({name: text for name, text in given if text is not None})


def packed(told: dict[str, str]) -> bytes:
    """Parts of canonical JSON by their names, and of each the SHA-256."""
    sums = {name: hashlib.sha256(part.encode()).hexdigest() for name, part in told.items()}
    told = told | {"sha256": json.dumps(sums)}
    return ("{" + ",".join(f'"{name}":{text}' for name, text in told.items()) + "}").encode()


def unbundle(data: canonical.Json) -> Frozen:
    """What `bundle` packed.

    Raises Malformed, naming the part, when one is missing, has another checksum than is told, or another shape.
    """
    if not isinstance(data, dict):
        raise canonical.Malformed("$: an object is expected")
    if unknown := sorted(data.keys() - {*PARTS, "sha256"}):
        raise canonical.Malformed(f"$: unknown {', '.join(unknown)}")
    facts = ReportFacts.from_json(part(data, "snapshot"))
    findings = Findings.from_json(part(data, "findings"))
    if not facts.previous_sha256:
        return Frozen(facts, findings)
    return Frozen(facts, findings, Findings.from_json(part(data, "previous_findings")))


def part(data: dict[str, canonical.Json], name: str) -> canonical.Json:
    """A part of a bundle, held against its checksum; raises Malformed."""
    sums = data.get("sha256")
    if name not in data or not isinstance(sums, dict):
        raise canonical.Malformed(f"$.{name}: is missing")
    if hashlib.sha256(canonical.spelled(data[name])).hexdigest() != sums.get(name):
        raise canonical.Malformed(f"$.{name}: is not what its checksum says")
    return data[name]

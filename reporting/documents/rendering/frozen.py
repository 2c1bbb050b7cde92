"""What a renderer reads: the facts and the findings as they were kept at the freeze, each under its checksum."""

import hashlib
import json
from dataclasses import dataclass

from reporting.compilation.findings import Findings
from reporting.facts import ReportFacts, canonical

PARTS = ("snapshot", "findings", "previous_findings")


@dataclass(frozen=True)
class Frozen:
    """What a report is printed from; `before` are the findings that the report it is compared with printed."""

    facts: ReportFacts
    findings: Findings
    before: Findings | None = None


def bundle(*, snapshot: str, findings: str, previous_findings: str | None) -> bytes:
    """Three parts of canonical JSON, and of each the SHA-256."""
    parts = zip(PARTS, (snapshot, findings, previous_findings), strict=True)
    told = {name: part for name, part in parts if part is not None}
    sums = {name: hashlib.sha256(part.encode()).hexdigest() for name, part in told.items()}
    told["sha256"] = json.dumps(sums)
    return ("{" + ",".join(f'"{name}":{part}' for name, part in told.items()) + "}").encode()


def unbundle(data: canonical.Json) -> Frozen:
    """What `bundle` packed.

    Raises Malformed, naming the part, when one is missing, has another checksum than is told, or another shape.
    """
    if not isinstance(data, dict):
        raise canonical.Malformed("$: an object is expected")
    if unknown := sorted(data.keys() - {*PARTS, "sha256"}):
        raise canonical.Malformed(f"$: unknown {', '.join(unknown)}")
    facts = ReportFacts.from_json(_part(data, "snapshot"))
    findings = Findings.from_json(_part(data, "findings"))
    if not facts.previous_sha256:
        return Frozen(facts, findings)
    return Frozen(facts, findings, Findings.from_json(_part(data, "previous_findings")))


def _part(data: dict[str, canonical.Json], name: str) -> canonical.Json:
    """A part of the bundle, held against its checksum."""
    sums = data.get("sha256")
    if name not in data or not isinstance(sums, dict):
        raise canonical.Malformed(f"$.{name}: is missing")
    if hashlib.sha256(canonical.spelled(data[name])).hexdigest() != sums.get(name):
        raise canonical.Malformed(f"$.{name}: is not what its checksum says")
    return data[name]

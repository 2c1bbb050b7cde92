"""What was planned otherwise in the previous report: days of projects and milestones, and the targets they serve."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reporting.compilation.findings import ProjectChange
from reporting.facts import ProjectFacts, ReportFacts


def replanned(facts: ReportFacts, previous: ReportFacts) -> tuple[ProjectChange, ...]:
    """Every difference between the plans of a project that stands in both reports, in the order of this one."""
    then = {project.key: project for programme in previous.programmes for project in programme.projects}
    codes = {target.key: target.code for report in (previous, facts) for p in report.programmes for target in p.targets}
    return tuple(
        change
        for programme in facts.programmes
        for project in programme.projects
        if project.key in then
        for change in _changes(ProjectPair(programme.key, project, then[project.key]), codes)
    )


@dataclass(frozen=True)
class ProjectPair:
    """A project now and in the previous report."""

    programme: str
    now: ProjectFacts
    then: ProjectFacts


def _changes(pair: ProjectPair, codes: Mapping[str, str]) -> Iterator[ProjectChange]:
    now, then = pair.now, pair.then
    plain = ProjectChange(
        programme=pair.programme,
        key=now.key,
        code=now.code,
        name=now.name,
        what="starts_on",
        provenance=now.provenance,
    )
    if now.starts_on != then.starts_on:
        yield replace(plain, was=then.starts_on, now=now.starts_on)
    if now.ends_on != then.ends_on:
        yield replace(plain, what="ends_on", was=then.ends_on, now=now.ends_on)
    yield from _milestones(pair, plain)
    serves, served = (tuple(codes[key] for key in one.serves if key in codes) for one in (now, then))
    if set(serves) != set(served):
        yield replace(plain, what="serves", serves=serves, served=served)


def _milestones(pair: ProjectPair, plain: ProjectChange) -> Iterator[ProjectChange]:
    known = {one.key: one for one in pair.then.milestones}
    for one in pair.now.milestones:
        was = known.get(one.key, one).planned_on
        if was != one.planned_on:
            because = one.replanned_because
            yield replace(plain, what="milestone", label=one.name, was=was, now=one.planned_on, because=because)

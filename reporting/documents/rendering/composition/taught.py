"""A programme's pilots with their endings, and the lessons of its projects."""

from collections.abc import Iterator

from reporting.documents.rendering import document as d
from reporting.documents.rendering.composition.telling import DASH, Telling, lines, run
from reporting.facts import PilotFacts, ProgrammeFacts, ProjectFacts


def pilots(telling: Telling, facts: ProgrammeFacts) -> Iterator[d.Block]:
    yield d.Section(telling.say("pilots"), listed=False)
    columns = (
        d.Column(telling.say("pilot"), width="46mm"),
        d.Column(telling.say("pilot.result"), telling.say("pilot.lessons")),
        d.Column(telling.say("pilot.ruling"), width="56mm"),
    )
    rows = [d.Row(_pilot(telling, project, project.pilot)) for project in facts.projects if project.pilot]
    yield d.Table(telling.say("pilots"), columns, tuple(rows), telling.say("pilots.none"))
    yield from _lessons(telling, facts)


def _pilot(telling: Telling, project: ProjectFacts, pilot: PilotFacts) -> tuple[d.Runs, ...]:
    words = [telling.words(pilot.adopted_by)] if pilot.decision is None else [telling.reference(pilot.decision)]
    waiting = telling.say("pilot.no_decision") if pilot.state == "evaluated" and pilot.decision is None else ""
    return (
        telling.named(project.name, project.provenance),
        lines(telling.voice.text(pilot.result), telling.voice.text(pilot.lessons, "small"))
        or run(telling.say("pilot.no_result"), "muted"),
        lines(run(telling.say("pilot." + pilot.state), "strong"), run(words[0], "small"), run(waiting, "small")),
    )


def _lessons(telling: Telling, facts: ProgrammeFacts) -> Iterator[d.Block]:
    """What the projects taught in the period, and for whom it matters."""
    since, until = telling.facts.document.period_starts_on, telling.status_date
    rows = [
        d.Row(
            (
                telling.named(project.name, project.provenance),
                lines(
                    run(telling.say("lesson." + one.kind) if one.kind else "", "small"),
                    telling.named(one.learnt, one.provenance),
                ),
                telling.voice.text(one.matters_to) or run(DASH),
            )
        )
        for project in facts.projects
        for one in project.lessons
        if since <= one.learnt_on <= until
    ]
    if rows:
        yield d.Section(telling.say("lesson.head"), listed=False)
        heads = (("project", "46mm"), ("lesson.learnt", "1fr"), ("lesson.matters_to", "40mm"))
        columns = tuple(d.Column(telling.say(head), width=width) for head, width in heads)
        yield d.Table(telling.say("lesson.head"), columns, tuple(rows))

"""A steering group on the status date: its seats and who holds them, and what changed in the period."""

from collections.abc import Iterator

from reporting.documents.rendering import document as d
from reporting.documents.rendering.composition.telling import Telling, joined, lines, run
from reporting.facts import GroupChangeFacts, GroupFacts, MemberFacts, ProgrammeFacts, SeatFacts


def group(telling: Telling, facts: ProgrammeFacts) -> Iterator[d.Block]:
    yield d.Section(telling.say("group", day=telling.status_day), listed=False)
    if facts.group is None:
        yield d.Paragraph(run(telling.say("group.none"), "muted"))
        return
    yield _members(telling, facts.group)
    yield d.Paragraph(run(" ".join(_notes(telling, facts.group))), small=True)
    if facts.group.changes:
        yield _changes(telling, facts.group)


def _members(telling: Telling, group: GroupFacts) -> d.Table:
    """Elected members and office-holders side by side, seat by seat; a vacant seat says so."""
    columns = (
        d.Column(telling.say("group.seat"), width="9mm"),
        d.Column(telling.say("group.elected", seats=group.elected_seats), telling.say("group.elected.by")),
        d.Column(telling.say("group.official", seats=group.official_seats), _named_by(telling)),
    )
    elected = {seat.number: seat for seat in group.seats if seat.kind == "elected"}
    official = {seat.number: seat for seat in group.seats if seat.kind == "official"}
    numbers = range(1, max(group.elected_seats, group.official_seats, *elected, *official) + 1)
    rows = [
        d.Row(
            (
                run(str(number), "muted"),
                _seat(telling, elected.get(number), number <= group.elected_seats),
                _seat(telling, official.get(number), number <= group.official_seats),
            )
        )
        for number in numbers
    ]
    return d.Table(telling.say("group", day=telling.status_day), columns, tuple(rows), size=8.1, pad=2.6, head=1)


def _named_by(telling: Telling) -> str:
    """Who names the officials, by the body's own name; nothing where no body is known."""
    body = telling.voice.body(telling.facts.city.officials_named_by)
    return telling.say("group.official.by", body=body) if body else ""


def _seat(telling: Telling, seat: SeatFacts | None, decided: bool) -> d.Runs:
    """The holder, office and council group or unit under the name, the personal deputy last."""
    if seat is None or seat.member is None:
        return run(telling.say("group.vacant"), "em") if decided else ()
    office = run(telling.say("office." + seat.member.office), "smallstrong") if seat.member.office else ()
    about = joined((office, telling.voice.text(seat.member.person.affiliation, "small")), " · ")
    deputy: d.Runs = ()
    if seat.deputy:
        deputy = (d.Run(telling.say("group.deputy") + " ", "small"), *_name(telling, seat.deputy, "small"))
    return lines(_name(telling, seat.member), about, deputy)


def _name(telling: Telling, member: MemberFacts, style: d.Style = "") -> d.Runs:
    return (*run(member.person.name, style), *telling.mark(member.person.provenance))


def _notes(telling: Telling, group: GroupFacts) -> Iterator[str]:
    yield telling.say("group.deputies." + group.deputies)
    if group.sized_by:
        yield telling.say("group.sized", decision=telling.reference(group.sized_by))
    for seat in group.seats:
        if seat.kind == "attending":
            who = seat.member.person if seat.member else None
            name = who.name + telling.sign(who.provenance) if who else telling.say("group.vacant")
            yield telling.say("group.attending", label=telling.words(seat.label), name=name)
    held = sum(seat.member is not None for seat in group.seats if seat.kind != "attending")
    if vacant := group.elected_seats + group.official_seats - held:
        yield telling.say("group.vacancies", number=vacant)
    if group.meetings_held is not None:
        yield telling.say("group.meetings", held=group.meetings_held, quorate=group.meetings_quorate or 0)
    if not group.changes:
        yield telling.say("group.unchanged")


def _changes(telling: Telling, group: GroupFacts) -> d.Table:
    """A row for all who came or left alike: on one day, in one part, by one decision."""
    columns = (
        d.Column(telling.say("day"), width="18mm"),
        d.Column(telling.say("group.change"), width="1fr"),
        d.Column(telling.say("decision"), width="32mm"),
    )
    alike: dict[tuple[object, ...], list[GroupChangeFacts]] = {}
    for one in group.changes:
        by = one.decision.key if one.decision else ""
        alike.setdefault((one.on, one.what, one.role, one.ending, by), []).append(one)
    rows = tuple(d.Row(_change(telling, some)) for some in alike.values())
    return d.Table(telling.say("group.changes"), columns, rows, size=8, pad=2.6, head=1)


def _change(telling: Telling, some: list[GroupChangeFacts]) -> tuple[d.Runs, ...]:
    """Who came or went, and by which decision; only of what a source told can the source have left something out."""
    one, sourced = some[0], all(each.person.provenance == "taken_over" for each in some)
    came = telling.say("group.came", role=telling.say(f"role.{one.role}"))
    what = came if one.what == "came" else telling.say(f"group.left.{one.role}")
    why = "not_recorded" if one.ending == "unknown" and not sourced else one.ending
    ending = f" ({telling.say('ending.' + why)})" if why else ""
    names = joined(((d.Run(each.person.name), *telling.mark(each.person.provenance)) for each in some), ", ")
    undecided = telling.say("decision.unknown" if sourced else "decision.not_recorded")
    return (
        run(telling.voice.short_day(one.on)),
        lines(run(what + ending, "muted"), names),
        run(telling.reference(one.decision) if one.decision else undecided, "small"),
    )

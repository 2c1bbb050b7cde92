"""The contents with the reading key, and the summary on one page."""

from collections.abc import Iterator

from reporting.compilation.findings import BEST_FIRST, Item, ProgrammeFinding, Totals
from reporting.documents.rendering import document as d
from reporting.documents.rendering.charts.drawing import money_bar
from reporting.documents.rendering.composition import rule
from reporting.documents.rendering.composition.telling import DASH, Telling, lines, run
from reporting.facts import ProgrammeFacts


def contents(telling: Telling) -> Iterator[d.Block]:
    """What stands where, how the standings are read, and what document this is."""
    yield d.Contents(telling.say("contents"))
    yield d.Foot()
    rows = tuple(
        d.Row(((telling.standing(kind),), run(telling.say("rule." + kind, **rule.numbers(telling)))))
        for kind in BEST_FIRST
    )
    columns = (d.Column(telling.say("standing"), width="44mm"), d.Column(telling.say("rule.when")))
    key = d.Table(telling.say("key"), columns, rows, size=8.8)
    yield d.Railed(telling.say("key"), (key, d.Paragraph(run(telling.say("rule.target")), small=True)))
    yield d.Railed(telling.say("document"), (d.Facts(_document(telling)),))


def _document(telling: Telling) -> tuple[tuple[str, d.Runs], ...]:
    document = telling.facts.document
    case = telling.say("document.annex", case=document.case_number, number=document.annex_number or "")
    version = "official" if telling.voice.lang in telling.facts.city.official_languages else "unofficial"
    facts: list[tuple[str, str]] = [
        (telling.say("case_number"), case if document.annex_number else document.case_number),
        (telling.say("document.language"), "" if telling.in_one_language else telling.say(f"document.{version}")),
        (telling.say("document.prepared"), telling.words(document.prepared_by)),
        (telling.say("document.schedule"), telling.words(document.schedule)),
        (telling.say("document.period"), f"{telling.words(document.period)}, {_period(telling)}"),
        (telling.say("status_date"), telling.status_day),
        (telling.say("cut_off"), telling.voice.instant(telling.facts.cut.cut_off_at)),
        (
            telling.say("document.edition"),
            f"{document.edition}{' · ' + telling.say('draft') if document.state == 'draft' else ''}",
        ),
    ]
    facts += [
        (
            telling.words(one.body)[:1].upper() + telling.words(one.body)[1:],
            telling.voice.day(one.planned_on) if one.planned_on else telling.say("handling.none"),
        )
        for one in document.handling
    ]
    return tuple((label, run(value)) for label, value in facts if value)


def _period(telling: Telling) -> str:
    """The days that the report is of, the first and the last."""
    begun, ended = telling.facts.document.period_starts_on, telling.status_date
    return telling.voice.span(begun, ended)


def summary(telling: Telling) -> Iterator[d.Block]:
    """One page: the claim, one row per programme, three results, three matters, and what is proposed."""
    findings = telling.findings
    yield d.Chapter("summary", telling.say("summary"))
    claim = " ".join(telling.voice.sentence(sentence) for sentence in findings.lede)
    note = [run(f"{telling.say('status_date')} {telling.status_day}")]
    if since := telling.compared_with:
        note.append(run(telling.say("summary.compared", day=telling.voice.day(since))))
    if findings.change_notes:
        note.append(run(telling.say("summary.basis")))
    yield d.Opening(run(claim), note=lines(*note))
    yield _overall(telling)
    yield d.Paragraph(_legend(telling), small=True)
    yield d.Pair(
        (d.Section(telling.say("results")), _points(telling, findings.results, "results.none")),
        (d.Section(telling.say("attention")), _points(telling, findings.attention, "attention.none")),
    )
    if proposal := telling.voice.text(telling.facts.document.proposal):
        yield d.Foot()
        yield d.Decision(telling.say("proposal"), proposal)


def _points(telling: Telling, items: tuple[Item, ...], none: str) -> d.Items:
    points = tuple(
        d.Item(telling.named(one.title, one.provenance), run(telling.voice.sentence(one.sentence))) for one in items
    )
    return d.Items(points, telling.say(none))


def _legend(telling: Telling) -> d.Runs:
    out: list[d.Inline] = []
    for one in telling.findings.totals.by_standing:
        out += [telling.standing(one.standing), d.Run(f"\u00a0{one.count}", "strong"), d.Run("   ")]
    notes = " ".join((telling.say("summary.legend"), *_by_what_was_agreed_then(telling)))
    return (*out, d.Run(notes, "muted"))


def _by_what_was_agreed_then(telling: Telling) -> Iterator[str]:
    """Which targets the comparison counts by their earlier target or rule, so that both columns can be read."""
    targets = [target for programme in telling.findings.programmes for target in programme.targets]
    for change, note in (("target_changed", "summary.by_old_target"), ("rule", "summary.by_old_rule")):
        codes = [one.code for one in targets if one.change == change and one.alike not in (None, one.standing)]
        if codes:
            yield telling.say(note, codes=telling.voice.listed(codes), number=len(codes))


def _overall(telling: Telling) -> d.Table:
    head = [
        ("programme", "", "25mm", "left"),
        ("standing", "", "23.5mm", "left"),
        ("targets", "targets.sub", "22mm", "left"),
        ("projects", "projects.sub", "19.5mm", "left"),
        ("appropriation", "appropriation.sub", "24mm", "left"),
        ("external", "external.sub", "18mm", "right"),
        ("top_risk", "top_risk.sub", "1fr", "left"),
        ("change", "", "21.5mm", "left"),
    ]
    since = telling.compared_with
    last = telling.say("change.since", day=telling.voice.short_day(since)) if since else telling.say("change.none")
    columns = tuple(
        d.Column(
            telling.say(code, year=str(telling.status_date.year)),
            telling.say(sub) if sub else last if code == "change" else "",
            width,
            "right" if side == "right" else "left",
        )
        for code, sub, width, side in head
    )
    rows = [d.Row(tuple(_overall_row(telling, facts, finding))) for facts, finding in telling.programmes()]
    caption = telling.say("summary.caption", day=telling.status_day)
    return d.Table(
        caption, columns, (*rows, _total_row(telling)), telling.say("summary.empty"), size=8.4, pad=7.5, gutter=2.2
    )


def _overall_row(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> Iterator[d.Runs]:
    totals = finding.totals
    yield telling.named(facts.name, facts.provenance, "strong")
    yield (telling.standing(finding.standing),)
    kinds = tuple(one.standing for one in totals.by_standing for _ in range(one.count))
    counts = d.Counts((str(totals.fine), str(totals.targets)))
    words = ", ".join(
        f"{telling.say('standing.' + one.standing)} {one.count}" for one in totals.by_standing if one.count
    )
    swarm = (d.Break(), d.Swarm(kinds, words)) if len(kinds) <= 24 else ()
    yield (counts, *swarm) if totals.targets else run(DASH)
    yield (d.Counts((str(totals.running), str(totals.ended), str(totals.projects))),)
    yield _money(telling, totals)
    yield run(telling.euros(totals.year_external))
    yield _risk(telling, facts, finding)
    yield _change(telling, finding)


def _money(telling: Telling, totals: Totals, style: d.Style = "") -> d.Runs:
    """The year's appropriation to the euro, so that the column adds up: used, and what there is."""
    there, used = totals.year_available, totals.year_used
    if there is None and used is None:
        return run(DASH)
    text = run(f"{telling.euros(used)} / {telling.euros(there)}", style)
    if not there or used is None:
        return text
    bar: d.Runs = () if style else (d.Picture(money_bar(float(used), float(there), telling.colours), width=20),)
    over = run(telling.say("overspent.euros", amount=telling.euros(used - there)), "small")
    return lines(text, bar, over if used > there else ())


def _risk(telling: Telling, facts: ProgrammeFacts, finding: ProgrammeFinding) -> d.Runs:
    if not finding.risks:
        return run(telling.say("risk.none"), "muted")
    risk = next(risk for risk in facts.risks if risk.key == finding.risks[0].key)
    return (*telling.named(risk.title, risk.provenance), d.Run(", "), d.Run(str(risk.level), "strong"))


def _change(telling: Telling, finding: ProgrammeFinding) -> d.Runs:
    then, now = finding.restated or finding.before, finding.alike or finding.standing
    if then is None:
        return run(DASH if telling.compared_with is None else telling.say("change.new"))
    was, is_ = BEST_FIRST.index(then), BEST_FIRST.index(now)
    word = telling.say("standing." + then)
    if was == is_:
        claim: d.Runs = run(telling.say("change.row.same"), "strong")
    else:
        better = is_ < was and then != "not_reported"
        code = (
            "change.row.better"
            if better
            else "change.row.other"
            if "not_reported" in (then, now)
            else "change.row.worse"
        )
        claim = (d.Run(telling.say(code), "strong"), d.Run(telling.say("change.row.was", word=word)))
    totals = finding.totals
    unchanged = totals.fine_same == totals.fine_before and totals.same > 1
    counts = {"now": totals.fine_same, "all": totals.same} | ({} if unchanged else {"before": totals.fine_before})
    same = telling.say("change.row.cohort.unchanged" if unchanged else "change.row.cohort", **counts)
    return lines(claim, *_aside(telling, finding), run(same, "small") if totals.same else ())


def _aside(telling: Telling, finding: ProgrammeFinding) -> Iterator[d.Runs]:
    """What the change does not count, a changed target or rule, and what was printed, where now more is known."""
    if finding.alike not in (None, finding.standing):
        by_target = any(target.change == "target_changed" for target in finding.targets)
        code = "change.row.new_target" if by_target else "change.row.new_rule"
        yield run(telling.say(code, word=telling.say("standing." + finding.standing)), "small")
    if finding.before and finding.restated not in (None, finding.before):
        yield run(telling.say("change.row.printed", word=telling.say("standing." + finding.before)), "small")


def _total_row(telling: Telling) -> d.Row:
    totals = telling.findings.totals
    cells: tuple[d.Runs, ...] = (
        run(telling.say("total"), "strong"),
        (),
        (d.Counts((str(totals.fine), str(totals.targets)), "strong"),),
        (d.Counts((str(totals.running), str(totals.ended), str(totals.projects)), "strong"),),
        _money(telling, totals, "strong"),
        run(telling.euros(totals.year_external), "strong"),
        (),
        (),
    )
    return d.Row(cells, "total")

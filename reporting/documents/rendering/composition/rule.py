"""The written rule in words: its thresholds are those of the snapshot, so that the method is the one that judged."""

from collections.abc import Iterator
from decimal import Decimal

from reporting.compilation.standings import terms_of
from reporting.documents.rendering import document as d
from reporting.documents.rendering.composition.telling import Telling, run


def numbers(telling: Telling) -> dict[str, str]:
    """The thresholds as the language writes them: shares in per cent, days and levels as they are."""
    terms = terms_of(telling.facts)
    shares = {"on_track": terms.on_track_within, "at_risk": terms.at_risk_within, "kept": terms.kept_nearly_within}
    counts = {"grace": terms.grace_days, "high": terms.high_risk, "version": terms.version}
    return {name: _per_cent(telling, share) for name, share in shares.items()} | {
        name: telling.voice.number(Decimal(count), 0) for name, count in counts.items()
    }


def method(telling: Telling) -> Iterator[d.Block]:
    """How indicators of every kind, targets, projects and programmes get their standing, and by which rule."""
    yield _railed(telling, "method.standing", *_of_indicators(telling))
    yield _railed(telling, "method.target", telling.say("method.target.text"))
    yield _railed(telling, "method.programme", _of_programmes(telling))
    yield _railed(telling, "method.project", telling.say("method.project.text"))
    yield _railed(telling, "method.choice", telling.say("method.choice.text", **numbers(telling)))
    yield _railed(telling, "method.rule", *_versions(telling))


def _railed(telling: Telling, label: str, *texts: str) -> d.Railed:
    return d.Railed(telling.say(label), tuple(d.Paragraph(run(text)) for text in texts), heading=True)


def _any_by_the_register(telling: Telling) -> bool:
    """Whether a value rests on the approval of an older register."""
    targets = (target for programme in telling.facts.programmes for target in programme.targets)
    return any(m.by_the_register for target in targets for one in target.indicators for m in one.measurements)


def _of_indicators(telling: Telling) -> Iterator[str]:
    terms, known = terms_of(telling.facts), numbers(telling)
    yield telling.say("method.standing.text", **known)
    yield telling.say("method.standing.counts" if terms.only_approved else "method.standing.counts_all", **known)
    if terms.only_approved and _any_by_the_register(telling):
        yield telling.say("method.standing.register")
    if terms.assumed_interval_months is not None:
        months = telling.voice.number(Decimal(terms.assumed_interval_months), 0)
        yield telling.say("method.standing.assumed", months=months)
    if terms.unknown_is_unjudged:
        yield telling.say("method.standing.unknown")
    yield telling.say("method.standing.keep", **known)
    yield telling.say("method.standing.average" if terms.means_of_the_period else "method.standing.average_all")
    yield telling.say("method.standing.others")


def _of_programmes(telling: Telling) -> str:
    terms = terms_of(telling.facts)
    off, fine = (_share(telling, *share) for share in (terms.off_track_above, terms.fine_from))
    return telling.say("method.programme.text", off=off, fine=fine)


def _versions(telling: Telling) -> Iterator[str]:
    yield telling.say("method.rule.text", **numbers(telling))
    changes = telling.findings.changes
    if changes and changes.rule_before != changes.rule_now:
        yield telling.say("method.rule.changed", before=changes.rule_before)


def _share(telling: Telling, part: int, whole: int) -> str:
    """A share of the targets in words, where the language has one."""
    code = f"share.{part}.{whole}"
    return telling.say(code) if telling.voice.has(code) else f"{part}/{whole}"


def _per_cent(telling: Telling, share: Decimal) -> str:
    hundredths = (share * 100).normalize()
    exponent = hundredths.as_tuple().exponent
    return telling.voice.number(hundredths, max(0, -exponent) if isinstance(exponent, int) else 0)

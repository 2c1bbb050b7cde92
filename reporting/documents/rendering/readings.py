"""One indicator's figures in a language, on paper and page alike: what is told of its value, its target and its age."""

from decimal import Decimal

from reporting.compilation import figures
from reporting.compilation.findings import IndicatorFinding
from reporting.documents.rendering.language import Voice
from reporting.facts import IndicatorFacts

TOLD_OTHERWISE = frozenset({"too_old", "not_approved", "never_measured"})  # by its age, by what is awaited, by nothing


def level(voice: Voice, indicator: IndicatorFacts, value: Decimal) -> str:
    """A level of a scale by its name, a thing as done or not, a place in a ranking; "" of a figure."""
    for one in indicator.rubric:
        if one.value == value:
            return f"{voice.number(value, indicator.decimals)} {voice.told(one.label)}"
    if indicator.kind == "done":
        return voice.say("done" if value else "not_done")
    whole = value == value.to_integral_value()
    return voice.rank(value) if indicator.kind == "rank" and whole else ""


def bare(voice: Voice, indicator: IndicatorFacts, value: Decimal) -> str:
    """A value as somebody entered it, without its unit."""
    return level(voice, indicator, value) or voice.bare(figures.typed(indicator, value))


def newest(voice: Voice, indicator: IndicatorFacts, found: IndicatorFinding) -> str:
    """The value that is judged, without its unit; a mean as exactly as its standing needs."""
    figure = figures.value(indicator, found)
    if figure is None:
        return ""
    return level(voice, indicator, figure.value) or voice.bare(figure)


def drawn(voice: Voice, indicator: IndicatorFacts, value: Decimal) -> str:
    """A value as a chart has room for it: of a level of a scale its number alone, for its name stands in the table."""
    if any(one.value == value for one in indicator.rubric):
        return voice.say("level", number=voice.number(value, indicator.decimals))
    return bare(voice, indicator, value)


def goal(voice: Voice, indicator: IndicatorFacts) -> str:
    """What is to be reached or kept, without its unit; a range as a range."""
    figure = figures.target(indicator)
    if figure is None:
        return ""
    return level(voice, indicator, figure.value) or voice.bare(figure)


def remarks(voice: Voice, indicator: IndicatorFacts, found: IndicatorFinding) -> list[str]:
    """What has to be said beside the newest value: a mean, its age, why it does not count, what is awaited."""
    said = []
    if found.mean_of:
        code = "value.mean" if found.mean_of > 1 else "value.mean.one"
        said.append(voice.say(code, number=voice.number(Decimal(found.mean_of), 0)))
    elif indicator.kind == "average" and found.latest_value is not None:
        said.append(voice.say("indicator.average"))
    if found.latest_value is not None and figures.is_old(found):
        said.append(voice.say("value.age", months=figures.age_months(found)))
    if found.unjudged and found.unjudged not in TOLD_OTHERWISE:
        said.append(voice.say("unjudged." + found.unjudged))
    if found.awaiting_on:
        code = "value.awaiting" if found.latest_value is not None else "unjudged.not_approved"
        said.append(voice.say(code, day=voice.short_day(found.awaiting_on)))
    return said

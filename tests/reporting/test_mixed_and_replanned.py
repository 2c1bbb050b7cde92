"""What a report says beside its comparison: plans that were moved, targets that ended unseen, stars of the invented.

And what it leaves out where there is nothing to speak of: versions, in a city of one language.
"""

import re
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from reporting.compilation import editions, replans
from reporting.documents.rendering.composition import marks
from reporting.documents.rendering.language import Voice
from reporting.documents.rendering.phrases import PHRASES
from reporting.facts import ClosedRiskFacts, LateFacts, StatusFacts, Text
from reporting.facts.report import TermFacts
from tests.reporting import renditions, sample
from tests.reporting import sample_changed as changed
from tests.reporting.sample_words import ADDED, text
from tests.reporting.test_said_truly import html, with_programme

END = date(2024, 12, 31)
SAID = {
    "fi": ("Projektien muuttuneet päivät ja hyötytavoitteet", "päättymispäivä", "edistää", "Jaksolla päättyneet"),
    "sv": ("Ändrade datum och programmål i projekten", "slutdatum", "främjar", "Programmål som avslutats under"),
    "en": ("Changed days and benefit targets of projects", "end date", "serves", "Benefit targets that ended in"),
}


def with_project(facts, change):
    return with_programme(facts, lambda p: replace(p, projects=(change(p.projects[0]), *p.projects[1:])))


def moved(project):
    """A project that ends later, serves another target, and has one stage planned anew."""
    first, *others = project.milestones
    reason = text("Lupa viipyi.|Tillståndet dröjde.|The permit was late.")
    stage = replace(first, planned_on=date(2024, 2, 28), replanned_because=reason)
    return replace(project, ends_on=END, serves=(*project.serves[1:], "t-T3"), milestones=(stage, *others))


def _unexplained(programme):
    one, *others = programme.projects
    plain = tuple(replace(stage, replanned_because=Text()) for stage in one.milestones)
    return replace(programme, projects=(replace(one, milestones=plain), *others))


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_what_was_planned_otherwise_in_the_previous_report_is_told_with_both(lang):
    then, now = renditions.then(), with_project(renditions.now(), moved)
    was = next(one for one in then.programmes[0].projects if one.key == now.programmes[0].projects[0].key)
    end, stage, serves = replans.replanned(now, then)
    assert (end.what, end.was, end.now) == ("ends_on", was.ends_on, END)
    assert (stage.what, stage.was, stage.now) == ("milestone", was.milestones[0].planned_on, date(2024, 2, 28))
    assert serves.what == "serves" and "T3" in serves.serves and "T3" not in serves.served and serves.served
    told, (head, what, links, _) = html(now, then, lang), SAID[lang]
    table = told[told.index(head) :]
    assert what in table and links in table and getattr(stage.because, lang) in table
    unsaid = replace(now, programmes=(_unexplained(now.programmes[0]), *now.programmes[1:]))
    none = {"fi": "syytä ei ole kirjattu", "sv": "orsak har inte antecknats", "en": "no reason recorded"}[lang]
    assert none in html(unsaid, then, lang) and none not in table
    assert lang != "fi" or head not in html(renditions.now(), then), "what was not moved says nothing"


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_a_target_that_ended_is_told_in_a_first_report_too_and_if_it_came_in_between(lang):
    """By the council's decision and with its last value; one that the comparison holds is told there alone."""
    [key] = [one.key for one in renditions.newest().findings.changes.of("ended")]
    code = key.removeprefix("t-")
    now = changed.with_target(renditions.now(), code, lambda one: replace(one, ended_by=ADDED))
    target = next(one for programme in now.programmes for one in programme.targets if one.key == key)
    head = SAID[lang][3]
    first = html(now, None, lang)
    table = first[first.index(head) :]
    assert (
        getattr(target.title, lang) in table
        and PHRASES[lang]["ended.no_decision"] not in table
        and getattr(target.ended_because, lang) in table
    )
    if lang == "fi":
        assert head not in html(now, renditions.then())
        came = changed.with_target(now, code, lambda one: replace(one, key="t-in-between"))
        assert head in html(came, renditions.then())


def test_what_is_invented_bears_its_star_in_late_rows_corrections_and_status_texts():
    """Beside real rows that bear none, as a city has them that tries the program with some of its own data."""
    late = {
        "what": "decision",
        "programme": "KE",
        "valid_on": sample.SUMMER,
        "recorded_at": sample.instant(sample.NEW_YEAR),
    }
    rows = (
        LateFacts(label=text("Keksitty|Påhittat|Invented"), provenance="demonstration", **late),
        LateFacts(label=text("Todellinen|Verkligt|Real"), **late),
    )
    now = replace(changed.corrected(renditions.now(), "A4", date(2022, 12, 31), "12.7"), late=rows)
    assert "Korjannut Aino Esimerkki, ohjelmapäällikkö," in html(now, renditions.then())

    def invented(one):
        return replace(one, corrections=tuple(replace(each, by_provenance="demonstration") for each in one.corrections))

    now = changed.with_indicator(
        now, "A4", lambda one: replace(one, measurements=tuple(map(invented, one.measurements)))
    )
    told = html(now, renditions.then())
    assert "Korjannut Aino Esimerkki, ohjelmapäällikkö*," in told
    assert "Keksitty*" in told and "Todellinen" in told and "Todellinen*" not in told
    real, star = (html(with_project(now, partial(reported, of))) for of in ("recorded", "demonstration"))
    assert "Etenee ripeästi." in real and "Etenee ripeästi.*" not in real and "Etenee ripeästi.*" in star


def test_what_was_not_reported_and_a_stage_of_its_own_bear_theirs_too():
    """An invented stage of a real project; the project of which no status was reported is real."""
    now = with_project(renditions.now(), lambda one: replace(one, status=None, state="running", provenance="recorded"))
    project = now.programmes[0].projects[0]
    stage = replace(project.milestones[0], name=text("Keksitty etappi|Påhittad|Invented"), provenance="demonstration")
    told = html(with_project(now, lambda one: replace(one, milestones=(stage, *one.milestones[1:]))))
    assert "Keksitty etappi*" in told
    gaps = told[told.rindex("Puuttuva tieto") :]
    assert f"{project.code} {project.name.fi} " in gaps and f"{project.name.fi}*" not in gaps
    assert re.search(r"[A-Z]\d .+?\*", gaps), "the invented indicators bear it"


def test_a_snapshot_from_before_words_told_whence_they_come_is_as_invented_as_it_was():
    plain = renditions.now()
    one = next(p for p in plain.programmes[0].projects if p.status and not p.pilot)
    bare = replace(
        plain.programmes[0], projects=(one,), targets=(), decisions=(), events=(), plan=None, group=None, update=None
    )
    old = replace(plain, programmes=(bare,), decisions=(), wishes=())
    assert marks.all_invented(old)
    real = replace(one, status=replace(one.status, provenance="recorded"))
    assert not marks.all_invented(replace(old, programmes=(replace(bare, projects=(real,)),)))


def reported(provenance, project):
    words = text("Etenee ripeästi.|Framskrider raskt.|Is making good progress.")
    status = StatusFacts(status_on=sample.NEW_YEAR, standing="green", text=words, provenance=provenance)
    return replace(project, state="running", status=status)


def in_languages(*languages, official=None):
    facts = renditions.now()
    city = replace(facts.city, languages=languages, official_languages=official or languages)
    return replace(facts, city=city)


def test_a_city_of_one_language_has_no_versions_to_speak_of():
    alone, both = in_languages("fi"), in_languages("sv", "fi")
    told = html(alone, renditions.then())
    assert "kieliversio" not in told.lower() and "käännö" not in told and "Kielet" not in told
    assert "Kaikki tiedostot on tehty samasta tilannekuvasta" in told
    assert "Alla språkversioner är officiella." in html(both, renditions.then(), "sv")
    assert "inofficiell" not in html(both, renditions.then(), "sv")
    told = html(in_languages("fi", "sv", "en", official=("fi", "sv")), renditions.then())
    assert "muut ovat epävirallisia käännöksiä" in told


@pytest.mark.parametrize(
    ("lang", "ours", "own", "said"),
    [
        ("fi", "asteikko", "arvosteluasteikko", "3 (arvosteluasteikko 1–5)"),
        ("sv", "skala", "betygsskala", "3 (betygsskala 1–5)"),
        ("en", "scale", "rating", "3 (rating 1–5)"),
        ("fi", "sija", "sijoitus", "3. sijoitus"),
    ],
)
def test_the_citys_words_reach_scales_and_ranks(lang, ours, own, said):
    voice = Voice(lang, terms=((ours, own),))
    unit = "sija" if ours == "sija" else "1–5"
    assert voice.with_unit("3", unit).replace("\u00a0", " ") == said


def test_the_report_takes_the_article_of_the_citys_word():
    facts = renditions.now()
    terms = (TermFacts(language="en", ours="benefit target", theirs="impact aim"),)
    told = html(replace(facts, city=replace(facts.city, terms=terms)), renditions.then(), "en")
    assert re.search(r"\b[Aa]n impact aim", told) and not re.search(r"\b[Aa] impact aim", told)


def test_an_edition_tells_of_a_closed_risk_and_of_other_links_what_differs():
    closed = ClosedRiskFacts(
        key="r-closed",
        title=text("Toimitus viivästyy|Leveransen försenas|The delivery is late"),
        level=12,
        closed_on=date(2023, 10, 5),
        because=Text(fi="Käytössä."),
    )
    first = with_programme(renditions.now(), lambda p: replace(p, closed_risks=(closed,)))
    later = replace(closed, closed_on=date(2023, 11, 5), because=Text(fi="Otettu käyttöön."))
    second = with_programme(first, lambda p: replace(p, closed_risks=(later,)))
    told = editions.differences(second, first)
    assert [(one.what, one.change) for one in told] == [("closed_risk", "changed"), ("closed_because", "changed")]
    assert (told[0].was.day, told[0].now.day) == (date(2023, 10, 5), date(2023, 11, 5))
    assert [one.what for one in editions.differences(first, renditions.now())] == ["closed_risk"]
    linked = with_project(first, lambda one: replace(one, serves=("t-T3",)))
    assert [one.what for one in editions.differences(linked, first)] == ["serves"]

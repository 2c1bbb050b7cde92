"""What was frozen is what is printed: findings as they were kept, each part under its checksum."""

import gzip
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.embedded.servers import PROJECT
from reporting.compilation import Findings, compile_report
from reporting.compilation.findings import Figure
from reporting.documents import commands as documents
from reporting.documents import formats, rendering
from reporting.facts import ReportFacts, Text, canonical
from reporting.models import Rendition, Work
from reporting.reports import commands, turns
from tests.reporting import factories, renditions

GOLDEN = Path(__file__).parent / "golden"
# Snapshots and findings of schema 1 as they were kept before the rule stood in the snapshot.
KEPT = {
    "2023-06-30.snapshot": "750e350c60da71b023981d3294ab79931d8b39f4009affa91757f472b947c563",
    "2023-06-30.findings": "3ddc2c0f7bd94c6507405b2a10e7ca93fb6c7ab9928a9bbea2ae4d8fdeb382d2",
    "2023-12-31.snapshot": "70cdfb690489a1a615fc06d0bd20810d4f94f5692e06c78b99993a07d2df5f01",
    "2023-12-31.findings": "7dc79204f10ca8a86eb71e7838c52ca6536f576d0a23f6a67f1f11ecd91937c0",
}


def kept(name: str) -> str:
    return gzip.decompress((GOLDEN / f"{name}.json.gz").read_bytes()).decode()


def old_bundle() -> bytes:
    return rendering.bundle(
        snapshot=kept("2023-12-31.snapshot"),
        findings=kept("2023-12-31.findings"),
        previous_findings=kept("2023-06-30.findings"),
    )


def old() -> rendering.Frozen:
    return rendering.unbundle(json.loads(old_bundle()))


@pytest.mark.parametrize("name", [name for name in KEPT if name.endswith("snapshot")])
def test_a_snapshot_of_schema_1_keeps_its_checksum(name):
    facts = ReportFacts.from_json(json.loads(kept(name)))
    assert facts.sha256 == hashlib.sha256(kept(name).encode()).hexdigest() == KEPT[name]


@pytest.mark.parametrize("name", [name for name in KEPT if name.endswith("findings")])
def test_old_findings_stay_readable(name):
    findings = Findings.from_json(json.loads(kept(name)))
    assert hashlib.sha256(kept(name).encode()).hexdigest() == KEPT[name]
    assert findings.totals.targets == sum(one.totals.targets for one in findings.programmes) > 20


def test_old_findings_are_printed_as_they_were_kept():
    """Of a target that the kept findings call off track the file says so, whatever its figures would give today."""
    frozen = old()
    assert frozen.findings.change_lede and frozen.before is not None
    plain = json.loads(kept("2023-12-31.findings"))
    first = plain["programmes"][0]
    first["targets"][0]["standing"] = "off_track"
    other = formats.render(replace(frozen, findings=Findings.from_json(plain)), lang="en", form="html").decode()
    same = formats.render(frozen, lang="en", form="html").decode()
    assert other.count("off track") > same.count("off track")


def test_a_report_of_schema_1_is_what_the_next_one_is_compared_with():
    """Its kept verdicts are those that were printed; it is judged once more by rule 1, by which it was judged."""
    then = ReportFacts.from_json(json.loads(kept("2023-06-30.snapshot")))
    said = Findings.from_json(json.loads(kept("2023-06-30.findings")))
    printed = {target.key: target.standing for one in said.programmes for target in one.targets}
    compared = compile_report(renditions.now(), then, said).changes
    assert (compared.rule_before, compared.rule_now) == (1, 2)
    assert {one.key: one.printed for one in compared.targets if one.printed} == printed
    assert compared.fine_before_all == said.totals.fine
    assert {one.code for one in compared.targets if one.before != one.printed} == {"K4"}, "its value came late"


def test_findings_survive_their_spelling():
    findings = renditions.newest().findings
    assert Findings.from_json(json.loads(canonical.dumps(findings))) == findings


def test_what_is_read_back_prints_the_same_bytes():
    again = rendering.unbundle(json.loads(renditions.bundle(renditions.newest())))
    assert formats.render(again, lang="fi", form="html") == renditions.rendition("fi", "html")


class Never:
    """What nobody asks for here: neither by a call nor by a member."""

    def __call__(self, *_given, **_named):
        raise AssertionError("a renderer judged")

    def __getattribute__(self, name):
        raise AssertionError(f"a renderer asked for the {name} of today's rule")


WAYS = {
    "reporting.compilation.standings": ("of_indicator", "of_target", "of_programme", "same_if_written", "HIGH_RISK"),
    "portfolio.benefits.standing": ("judge", "worst", "of_programme", "by_lag", "CURRENT_RULE"),
}


@pytest.fixture
def ways_closed(monkeypatch):
    """Every way to a verdict and to the rule of today."""

    def close(*but):
        for module, names in WAYS.items():
            for name in set(names) - set(but):
                monkeypatch.setattr(f"{module}.{name}", Never())

    return close


def test_a_renderer_compiles_nothing(ways_closed):
    """The files come all the same, byte for byte; also those of a report that was judged before the rule was kept."""
    expected = [renditions.rendition("sv", "html"), formats.render(old(), lang="sv", form="html")]
    ways_closed()
    assert [formats.render(each, lang="sv", form="html") for each in (renditions.newest(), old())] == expected


def test_a_report_is_compiled_by_its_own_rule_and_never_by_that_of_today(ways_closed):
    """Old and new, down to the decimals of an expected value."""
    reports = [(renditions.now(), renditions.then()), (old().facts, None)]
    expected = [compile_report(*each) for each in reports]
    ways_closed(*(name for names in WAYS.values() for name in names if name not in ("CURRENT_RULE", "HIGH_RISK")))
    assert [compile_report(*each) for each in reports] == expected


@pytest.mark.parametrize("part", ["snapshot", "findings", "previous_findings"])
def test_a_part_with_another_checksum_is_refused_by_name(part):
    whole = json.loads(old_bundle())
    whole[part]["extra"] = 1
    with pytest.raises(canonical.Malformed, match=rf"^\$\.{part}: is not what its checksum says$"):
        rendering.unbundle(whole)


@pytest.mark.parametrize("part", ["snapshot", "findings", "previous_findings", "sha256"])
def test_a_part_that_is_missing_is_named(part):
    whole = json.loads(old_bundle())
    del whole[part]
    with pytest.raises(canonical.Malformed, match="is missing"):
        rendering.unbundle(whole)


def test_a_bare_snapshot_is_no_bundle():
    with pytest.raises(canonical.Malformed, match="unknown"):
        rendering.unbundle(json.loads(kept("2023-06-30.snapshot")))


def test_a_sentence_keeps_the_kinds_of_what_goes_into_it():
    told = [item.sentence for item in renditions.newest().findings.results]
    again = Findings.from_json(json.loads(canonical.dumps(renditions.newest().findings)))
    assert [item.sentence for item in again.results] == told
    assert {type(value) for one in told for _, value in one.params} == {Text, Figure, date}


SIX = [f"{language}.{format}" for language in ("fi", "sv", "en") for format in ("html", "pdf")]


@pytest.mark.proof
@pytest.mark.django_db
def test_a_bundle_makes_the_very_files_again(api, ana):
    of = factories.schedule(factories.indicator().target.programme)
    factories.draft(of, factories.NEW_YEAR)
    report = factories.frozen(of, factories.NEXT_YEAR)
    for work in Work.objects.filter(report=report, kind="render"):
        documents.render(work.pk)
    answer = api(ana).get(f"reports/{report.pk}/bundle.json/")
    assert answer.headers["X-SHA-256"] == hashlib.sha256(answer.content).hexdigest()
    command = [sys.executable, "-m", "reporting.documents.rendering", *SIX]
    made = subprocess.run(command, input=answer.content, capture_output=True, cwd=PROJECT, check=True).stdout
    files = renditions.unpacked(made)
    assert set(files) == set(SIX)
    for name, content in files.items():
        language, kind = name.split(".")
        kept = Rendition.objects.get(snapshot__report=report, language=language, format=kind)
        assert content == bytes(kept.blob.content)


@pytest.mark.django_db
def test_a_bundle_is_for_those_who_may_read_both_reports(api, ana, bo, monkeypatch):
    of = factories.schedule(factories.indicator().target.programme)
    earlier, report = factories.draft(of, factories.NEW_YEAR), factories.draft(of, factories.NEXT_YEAR)
    with monkeypatch.context() as before_the_rule:
        before_the_rule.setattr(turns, "in_the_way", lambda *_: [])
        commands.confirm_report(report, by=ana)
    asked = [api(bo).get(f"reports/{report.pk}/{name}/").status_code for name in ("snapshot.json", "bundle.json")]
    commands.confirm_report(earlier, by=ana)
    assert [*asked, api(bo).get(f"reports/{report.pk}/bundle.json/").status_code] == [200, 404, 200]

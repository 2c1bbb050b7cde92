"""The walk of one datum, from a form to the council's paper and back: what is, what changed, what we said."""

import json
from decimal import Decimal

import pytest

from portfolio import clock
from portfolio.benefits.measuring.models import Measurement
from reporting.models import Findings, Publication, Report
from reporting.snapshot.queries import newest_snapshot
from tests import story
from tests.portfolio.decisions import factories as decided
from tests.reporting import factories
from tests.reporting.factories import NEW_YEAR, NEXT_YEAR

pytestmark = pytest.mark.django_db


def moved(client, report, what, body=None):
    """A move of the report on top of its newest version."""
    answer = client.post(f"reports/{report.pk}/{what}/", body or {}, seen=Report.objects.get(pk=report.pk).version)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def printed(report):
    """The figure of that day as the report says it."""
    [programme] = factories.facts(report).programmes
    return {each.on: each.value for each in programme.targets[0].indicators[0].measurements}[NEW_YEAR]


def recorded(api, ana, eeva, indicator):
    """Ana types a value measured on 31.12. with its evidence; Eeva approves it. Returns where it is."""
    measured = {"measured_on": str(NEW_YEAR), "value": "90", "evidence": "Päästölaskenta 2022"}
    path = f"indicators/{indicator.pk}/measurements/"
    answer = api(ana).post(path, measured)
    assert answer.status_code == 201, answer.json()
    datum = f"measurements/{answer.json()['id']}/"
    again = measured | {"value": "91"}
    story.assert_refused(api(ana), "post", path, again, code="measurement.duplicate", status=409)
    story.assert_refused(api(ana), "post", f"{datum}approve/", code="approve.own", status=409, seen=1)
    assert api(eeva).post(f"{datum}approve/", {}, seen=1).json()["approved_by_id"] == eeva.pk
    return datum


def corrected(api, ana, datum):
    """A recount: Ana replaces the value, and must say why."""
    told = {"value": "70", "because": "Laskettu uudelleen"}
    silent, path = told | {"because": ""}, f"{datum}correct/"
    story.assert_refused(api(ana), "post", path, silent, code="history.reason", status=400, seen=2)
    assert Decimal(api(ana).post(path, told, seen=2).json()["value"]) == 70


def noted(api, ana, sirpa, report):
    """The office confirms by the checksum and sends; the council notes; the secretary records §."""
    confirmed = moved(api(ana), report, "confirm")["confirmed_sha256"]
    moved(api(ana), report, "send")
    decision = decided.decision("council", "note", decided_on=clock.today())
    assert moved(api(sirpa), report, "note", {"decision": decision.pk})["state"] == "noted"
    assert Publication.objects.filter(report=report).exists()
    return confirmed


def test_the_walk_of_one_datum(api, ana, sirpa):
    # Kestävä promised the council fewer tonnes of emissions. Ana directs all programmes, Eeva manages this one.
    indicator = factories.indicator()
    programme = indicator.target.programme
    schedule = factories.schedule(programme)
    eeva = story.person("Eeva", "programme_manager", programme=programme)

    # 1–2. A value with its evidence, recorded by one and approved by another. 3. The list shows it.
    datum = recorded(api, ana, eeva, indicator)
    listed = api(eeva).get(f"measurements/?indicator={indicator.pk}").json()["results"]
    assert [(row["measured_on"], Decimal(row["value"])) for row in listed] == [(str(NEW_YEAR), Decimal(90))]

    # 4. The cut-off passes: the machine freezes what is known now about the time up to 31.12., and renders it.
    report = factories.draft(schedule)
    said = newest_snapshot(report)
    assert (report.state, printed(report)) == ("draft", Decimal(90))

    # 5. After a correction the draft still shows the old value, as it must.
    corrected(api, ana, datum)
    assert factories.freeze(report) and printed(report) == Decimal(90)

    # 6. What is confirmed, sent and noted is what was frozen.
    assert noted(api, ana, sirpa, report) == said.sha256

    # 7. The next report sees that the same day now has another value, and prints it as restated, with Ana's reason.
    following = factories.frozen(schedule, NEXT_YEAR)
    assert printed(following) == Decimal(70)
    [restated] = json.loads(Findings.objects.get(snapshot__report=following).payload)["restated"]
    assert (restated["old"], restated["new"], restated["because"]["fi"]) == ("90", "70", "Laskettu uudelleen")
    assert restated["by"]["fi"] == "Ana, Esimerkki", "name and task of who corrected it, no more (INV-103)"

    # One datum, three truths: what is, what changed, what we said.
    assert Measurement.objects.get(indicator=indicator).value == 70
    told = api(ana).get(f"{datum}history/").json()["results"]
    assert (told[0]["reason"], told[0]["actor"]) == ("Laskettu uudelleen", "Ana")
    assert [Decimal(value) for value in told[0]["changes"]["value"]] == [Decimal(90), Decimal(70)]
    assert printed(report) == Decimal(90)
    assert Decimal(api(eeva).get(f"{datum}?as_of=seq:{said.cut_seq}").json()["value"]) == 90

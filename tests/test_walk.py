"""The walk of one datum, from a form to the council's paper and back: what is, what changed, what we said."""

import json
from decimal import Decimal

import pytest

from portfolio import clock, history
from portfolio.benefits.models import Measurement
from reporting import queries
from reporting.models import Findings, Publication, Report
from tests import story
from tests.portfolio.benefits import factories as benefits
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


def test_the_walk_of_one_datum(api, ana, sirpa):
    # Kestävä promised the council fewer tonnes of emissions. Ana directs all programmes, Eeva manages this one.
    indicator = factories.indicator()
    programme = indicator.target.programme
    schedule = factories.schedule(programme)
    eeva = story.person("Eeva", "programme_manager", programme=programme)

    # 1–2. Ana types a value measured on 31.12. with its evidence; a second figure for that day is refused.
    measured = {"measured_on": str(NEW_YEAR), "value": "90", "evidence": "Päästölaskenta 2022"}
    path = f"indicators/{indicator.pk}/measurements/"
    recorded = api(ana).post(path, measured)
    assert recorded.status_code == 201, recorded.json()
    datum = f"measurements/{recorded.json()['id']}/"
    story.assert_refused(api(ana), "post", path, measured | {"value": "91"}, code="measurement.duplicate", status=409)
    # What one has recorded another approves.
    story.assert_refused(api(ana), "post", f"{datum}approve/", code="approve.own", status=409, seen=1)
    approved = api(eeva).post(f"{datum}approve/", {}, seen=1)
    assert approved.json()["approved_by_id"] == eeva.pk
    # 3. The list shows it.
    listed = api(eeva).get(f"measurements/?indicator={indicator.pk}").json()["results"]
    assert [(row["measured_on"], Decimal(row["value"])) for row in listed] == [(str(NEW_YEAR), Decimal(90))]

    # 4. The cut-off passes: the machine freezes what is known now about the time up to 31.12., and renders it.
    report = factories.draft(schedule)
    said = queries.newest_snapshot(report)
    assert (report.state, printed(report)) == ("draft", Decimal(90))

    # 5. A recount: Ana corrects the value with a reason. The draft still shows the old one, as it must.
    correction = {"value": "70", "because": "Laskettu uudelleen"}
    story.assert_refused(
        api(ana), "post", f"{datum}correct/", correction | {"because": ""}, code="history.reason", status=400, seen=2
    )
    assert Decimal(api(ana).post(f"{datum}correct/", correction, seen=2).json()["value"]) == 70
    assert factories.freeze(report) and printed(report) == Decimal(90)
    assert queries.newest_snapshot(report).sha256 == said.sha256

    # 6. The office confirms by the checksum, the report is sent, the council notes it, the secretary records §.
    assert moved(api(ana), report, "confirm")["confirmed_sha256"] == said.sha256
    moved(api(ana), report, "send")
    decision = decided.decision("council", "note", decided_on=clock.today())
    assert moved(api(sirpa), report, "note", {"decision": decision.pk})["state"] == "noted"
    assert Publication.objects.filter(report=report).exists()

    # 7. The next report sees that the same day now has another value, and prints it as restated, with Ana's reason.
    following = factories.frozen(schedule, NEXT_YEAR)
    assert printed(following) == Decimal(70)
    [restated] = json.loads(Findings.objects.get(snapshot__report=following).payload)["restated"]
    assert (restated["old"], restated["new"]) == ("90", "70")
    assert restated["because"]["fi"] == "Laskettu uudelleen"

    # One datum, three truths: what is, what changed, what we said.
    assert Measurement.objects.get(indicator=indicator).value == 70
    told = api(ana).get(f"{datum}history/").json()["results"]
    values = [
        [Decimal(value) for value in one["changes"]["value"] if value] for one in told if "value" in one["changes"]
    ]
    assert values == [[Decimal(90), Decimal(70)], [Decimal(90)]]
    assert told[0]["reason"] == "Laskettu uudelleen" and told[0]["actor"] == "Ana"
    assert printed(report) == Decimal(90)
    then = api(eeva).get(f"{datum}?as_of=seq:{said.cut_seq}").json()
    assert Decimal(then["value"]) == 90
    assert history.head().seq > said.cut_seq and benefits.FIGURES["baseline_value"] == 100

"""A register that uses every property of the schema once or more, for tests that take in all of it or break it."""

from __future__ import annotations

from typing import Any

from tests.portfolio.importing.conftest import COMMON, Record, decision, register, text

WORDS = {"precision": "year", "text": text("vuonna 2018"), "not_before": "2018-01-01", "not_after": "2018-12-31"}
TOLD = {"provenance": "taken_over", "sources": ["paper"], "source_note": "Luettu paperista."}


def everything() -> Record:
    """The small register, grown until each definition has each of its properties."""
    data = register()
    data["note"] = "Kaikki yhdessä tiedostossa."
    data["documents"] = [
        {"key": "paper", "title": "Mappi 7", "address": "https://example.org/mappi", "dated": "2018-01-01"}
    ]
    for fill in (_city, _decisions, _programmes, _groups, _targets, _projects, _progress, _schedules):
        fill(data)
    return told_whence(data)


def told_whence(part: Any) -> Any:
    """Every keyed record with its provenance, its sources and a note."""
    if isinstance(part, list):
        return [told_whence(each) for each in part]
    if not isinstance(part, dict):
        return part
    inside = {name: told_whence(each) for name, each in part.items()}
    keyed = "key" in part and "address" not in part
    return {**(TOLD if keyed else {}), **inside}


def _city(data: Record) -> None:
    data["bodies"] += [
        COMMON | {"key": "streets", "kind": "line_unit", "name": text("Kadut"), "short": text("KA"), "active": True},
    ]
    data["people"][0] |= {
        "council_group": text("Ryhmä"), "unit": text("Keskus"), "email": "chen@example.org", "phone": "09 123",
        "active": True, "account": {"username": "chen", "language": "sv"},
    }  # fmt: skip
    data["people"] += [COMMON | {"key": key, "name": f"{key.title()} Esimerkki"} for key in ("bo", "dee", "ilta")]
    data["people"][1]["roles"] = [
        {"key": "bo.role", "role": "project_manager", "project": "x", "starts_on": "2018-01-01"},
        {"key": "bo.unit", "role": "unit_owner", "unit": "streets", "starts_on": "2018-01-01", "ends_on": "2020-12-31"},
        {"key": "bo.pm", "role": "programme_manager", "programme": "p", "starts_on": "2018-01-01"},
    ]
    data["strategies"][0]["vision"] = text("Hyvä kaupunki") | {"state": {"sv": "official"}}
    area = data["strategies"][0]["focus_areas"][0]
    area |= {"aim": text("Puhdas ilma")}
    area["goals"][0]["actions"] = [{"key": "act", "order": 1, "text": text("Sähköistetään")}]


def _decisions(data: Record) -> None:
    data["decisions"] += [
        decision("board", "board", "approve", "2018-01-08", 2),
        decision("line", "board", "approve", "2019-02-04", 3),
        decision("close", "council", "close", "2021-02-15", 4),
        decision("more", "council", "set", "2019-01-14", 5),
        decision("elect", "council", "elect", "2017-10-16", 6),
        decision("lower", "council", "approve", "2019-05-20", 7),
        COMMON | {
            "key": "old", "body": "council", "title": text("Vanha"), "outcome": "made", "decided_on": WORDS,
            "points": [{"key": "old.1", "number": 1, "kind": "note", "text": text("Merkitään tiedoksi")}],
        },
        COMMON | {
            "key": "ahead", "body": "board", "title": text("Tuleva"), "outcome": "planned", "planned_on": "2030-01-01",
            "points": [{"key": "ahead.1", "number": 1, "kind": "note", "text": text("Merkitään tiedoksi")}],
        },
    ]  # fmt: skip
    data["decisions"][0]["points"][0]["programmes"] = ["p", "q"]
    data["decisions"][1] |= {
        "continues": ["set"], "council_item": True, "minutes_checked_on": "2017-10-20", "presenter": "Chen Esimerkki",
        "proposal": text("Esitys"), "handling": text("Käsittely"), "explanation": text("Selostus"),
        "preparers": [{"key": "prep", "order": 1, "name": "Valmistelija"}],
        "annexes": [{"key": "annex", "number": 1, "title": text("Liite")}],
        "recipients": [{"key": "rec", "order": 1, "name": text("Saaja")}],
        "amendments": [{"key": "amend", "order": 1, "text": text("Muutos"), "adopted": False}],
        "wishes": [
            {
                "key": "wish", "order": 1, "text": text("Toivomus"), "adopted": True, "programme": "p",
                "owner": "chen", "answer": text("Vastaus"), "answered_on": "2018-05-01",
            },
        ],
        "minutes_versions": [
            {"key": "min", "language": "sv", "official": False, "url": "https://example.org/protokoll"},
        ],
    }  # fmt: skip


def _programmes(data: Record) -> None:
    phases = [
        {"key": "p.set", "phase": "topic_set", "effective_on": "2017-06-12"},
        {
            "key": "p.run",
            "phase": "running",
            "effective_on": WORDS,
            "decision": "board",
            "because": "Ohjelma hyväksytty",
        },
        {"key": "p.closed", "phase": "closed", "effective_on": "2021-02-15", "decision": "close"},
    ]
    sections = {"background": text("Tausta")}
    plan = {"key": "plan", "number": "1.0", "state": "approved", "approved_by": "board", "approved_on": "2018-01-08"}
    told = {"aim": text("Päämäärä"), "description": text("Kuvaus"), "closed_by": "close", "sectors": ["streets"]}
    first = data["programmes"][0]
    second = {"key": "q", "code": "second", "name": text("Toinen")}
    begun = [{"key": "q.set", "phase": "topic_set", "effective_on": "2017-06-12"}]
    data["programmes"].append(first | second | {"phases": begun})
    first |= {"phases": phases, "plan": [plan | {"sections": sections}], **told}


def _groups(data: Record) -> None:
    group = data["steering_groups"][0]
    data["steering_groups"].append(group | {"key": "sq", "programme": "q", "seats": []})
    group |= {
        "deputies": "personal",
        "resizings": [
            {
                "key": "sg.2", "elected_seats": 2, "official_seats": 2, "deputies": "personal", "sized_by": "more",
                "starts_on": "2019-01-14",
            },
        ],
    }  # fmt: skip
    attending = {"key": "sg.a1", "kind": "attending", "number": 1, "label": text("Nuorisovaltuusto")}
    group["seats"] = [*group["seats"], attending]
    held = COMMON | {"seat": "sg.e1", "capacity": "member", "appointed_by": "elect"}
    data["tenures"] = [
        held | {"key": "ten", "person": "bo", "starts_on": "2017-10-16"},
        held | {
            "key": "dep", "person": "ilta", "capacity": "deputy", "starts_on": "2017-10-16",
            "ends_on": "2019-05-20", "ending": "resigned", "ended_by": "lower",
        },
        COMMON | {"key": "off", "seat": "sg.o1", "person": "dee", "capacity": "member", "starts_on": WORDS},
    ]  # fmt: skip
    data["chairships"] = [
        COMMON | {
            "key": "chair", "group": "sg", "person": "bo", "office": "chair", "starts_on": WORDS,
            "ends_on": "2019-05-20", "named_by": "elect", "ended_by": "lower",
        },
    ]  # fmt: skip
    data["quota_checks"] = [
        COMMON | {
            "key": "quota", "group": "sg", "capacity": "member", "checked_on": "2019-03-01", "checked_by": "chen",
            "result": "not_met", "special_reason": "Paikka avoinna",
        },
    ]  # fmt: skip
    data["joint_events"] = [
        COMMON | {
            "key": "event", "title": text("Yhteinen päivä"), "summary": text("Sovittiin"), "held_on": "2019-05-02",
            "groups": ["sg", "sq"],
        },
    ]  # fmt: skip


FIGURES = {
    "baseline_value": "100", "baseline_on": "2017-12-31", "baseline_source": "Laskelma", "target_value": "60",
    "target_on": "2020-12-31",
}  # fmt: skip


def _indicators() -> list[Record]:
    """One of each way to be measured."""
    plain = {"decimals": 1, "interval_months": 12, "owner": "chen", "successor": "bo"}
    return [
        {"key": "i1", "code": "I1", "name": text("Päästöt"), "unit": text("t"), "kind": "reach", "direction": "down"}
        | plain,
        {
            "key": "i2", "code": "I2", "name": text("Sija"), "unit": text("sija"), "kind": "rank", "direction": "down",
            "group": text("Suuret kaupungit"), "source": text("Vertailu"),
        },
        {
            "key": "i3", "code": "I3", "name": text("Arvio"), "kind": "qualitative",
            "rubric": [{"value": 0, "label": text("Ei"), "verdict": "off_track"}, {"value": 1, "label": text("Hyvä")}],
        },
        {"key": "i4", "code": "I4", "name": text("Lämpö"), "unit": text("°C"), "kind": "keep_within"},
    ]  # fmt: skip


def _targets(data: Record) -> None:
    target, indicators = data["benefit_targets"][0], _indicators()
    path = [{"key": "pp", "on": "2018-12-31", "value": "90"}]
    period = {"period_starts_on": "2018-01-01", "period_ends_on": "2018-12-31"}
    plans = [
        {"key": "ip1", "indicator": "i1", **FIGURES, "path": path, **period},
        {
            "key": "ip2", "indicator": "i2", "baseline_value": "9", "target_value": "5", "group_size": 10,
            "baseline_on": "2017-12-31", "target_on": "2020-12-31", "baseline_source": "Vertailu",
        },
        {"key": "ip4", "indicator": "i4", "lower": "20", "upper": "22"},
    ]  # fmt: skip
    first = {
        "key": "h1.v1", "number": 1, "state": "superseded", "title": text("Päästöt vähenevät"), "plans": plans,
        "description": text("Kuvaus"), "owner": "chen", "owner_unit": "streets", "approved_by": "approve",
    }  # fmt: skip
    second = {
        "key": "h1.v2", "number": 2, "state": "approved", "title": text("Päästöt vähenevät hitaammin"),
        "approved_by": "lower", "because": "Rahoitus pieneni",
    }  # fmt: skip
    after = target | {"key": "h0", "code": "H0", "order": 2, "state": "approved", "approved_by": "approve"}
    after["versions"] = [{"key": "h0.v1", "number": 1, "state": "approved", "title": text("Seuraava")}]
    foreign = target | {"key": "h3", "programme": "q", "code": "H3", "order": 3}
    foreign["versions"] = [{"key": "h3.v1", "number": 1, "state": "draft", "title": text("Muu")}]
    data["benefit_targets"] += [after, foreign]
    target |= {
        "state": "replaced", "replaced_by": "h0", "ended_on": "2020-02-17", "ended_by": "lower", "sign": "benefit",
        "drafted_on": "2017-09-01", "approved_by": "approve", "sdgs": ["sdg-13"], "indicators": indicators,
        "versions": [first, second],
    }  # fmt: skip
    data["decisions"].append(decision("propose", "board", "propose", "2017-09-11", 8))
    target["proposed_by"] = "propose"
    data["measurements"] = [
        COMMON | {
            "key": "me", "indicator": "i1", "measured_on": "2018-12-31", "value": "91.5", "evidence": "Mittaus",
            "measured_by": "Keskus", "note": text("Alustava"), "approved_by": "chen", "approved_on": "2019-01-15",
        },
    ]  # fmt: skip


def _projects(data: Record) -> None:
    support = {"target": "h3", "role": "supports", "share": 10, "accepted_on": "2018-03-01"}
    part = {"partner": "uni", "task": text("Mittaa"), "starts_on": "2018-02-01", "ends_on": "2019-01-31"}
    moves = [
        {"key": "x.1", "state": "running", "effective_on": "2018-01-01"},
        {"key": "x.2", "state": "suspended", "effective_on": "2019-06-01", "because": "Lakko"},
    ]
    data["projects"][0] |= {
        "kind": "pilot", "state": "suspended", "unit": "streets", "manager": "bo", "partners": [part], "moves": moves,
        "targets": [{"target": "h1"}, support], "carried_over_because": "Aloitettu 2016", "continues_in": "streets",
        "continues_because": "Linja jää", "climate_impact": text("Vähentää päästöjä"), "pilot": {
            "key": "x.pilot", "state": "adopted", "result": text("Toimii"), "lessons": text("Opittiin"),
            "decision": "line", "adopted_unit": "streets", "adopted_partner": "uni", "effective_on": "2019-02-04",
        },
    }  # fmt: skip


def _progress(data: Record) -> None:
    data["milestones"][0] |= {"forecast_on": "2019-04-01", "replanned_because": "Lakko", "reached_on": "2019-04-05"}
    replans = [{"forecast_on": "2019-09-01", "because": "Sää"}]
    data["milestones"].append(data["milestones"][0] | {"key": "m2", "order": 2, "replans": replans})
    for name in ("forecast_on", "replanned_because", "reached_on"):
        del data["milestones"][1][name]
    data["risks"] = [
        COMMON | {
            "key": "risk", "programme": "p", "project": "x", "title": text("Hinta"), "likelihood": 4, "impact": 4,
            "scores": [{"likelihood": 2, "impact": 3, "because": "Suojattu"}], "owner": "chen",
            "mitigation": text("Kiinteä hinta"), "mitigate_by": "2018-12-31", "identified_on": "2018-02-01",
            "closed_on": "2020-01-01", "closed_because": "Ohi",
        },
    ]  # fmt: skip
    data["lessons"] = [
        COMMON | {
            "key": "asking", "project": "x", "learnt": text("Kysy ensin"), "matters_to": text("Suunnittelijoille"),
            "kind": "advice", "learnt_on": "2019-05-02", "written_by": "bo",
        },
    ]  # fmt: skip
    money = COMMON | {"programme": "p", "project": "x", "year": 2018, "source": "external", "budget": "1000.50"}
    granted = {"granted": "900", "used": "800", "used_on": "2018-12-31", "funder": text("Ministeriö")}
    uses = [{"used": "10", "used_on": "2018-06-30"}, {"used": "20", "used_on": "2018-12-31"}]
    data["fundings"] = [
        money | {"key": "fund", **granted}, money | {"key": "own", "source": "own_work", "uses": uses},
    ]  # fmt: skip
    data["status_reports"] = [
        COMMON | {
            "key": "status", "project": "x", "status_on": "2018-12-31", "standing": "red", "text": text("Myöhässä"),
            "submitted_on": "2019-01-10", "submitted_by": "bo",
        },
    ]  # fmt: skip
    words = {name: text(name) for name in ("summary", "cooperation", "priorities", "attention")}
    data["programme_updates"] = [COMMON | {"key": "update", "programme": "p", "status_on": "2018-12-31"} | words]


def _schedules(data: Record) -> None:
    data["schedules"][0] |= {
        "programmes": ["p"], "decision": "approve", "starts_on": "2018-01-01", "ends_on": "2020-12-31",
        "grace_days": 30, "cut_off_time": "09:30",
    }  # fmt: skip
    data["schedules"][0]["entries"] = [
        {
            "key": "y.1", "status_on": "2018-12-31", "cut_at": "2019-01-20T12:00:00+02:00",
            "name": text("Väliraportti"),
        },
    ]  # fmt: skip

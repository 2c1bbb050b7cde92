"""The play's sentences and its figures agree: what is said of a project holds of that project on that day."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

PLAY = sorted((Path(__file__).parents[2] / "config" / "demo" / "play").glob("*.json"))
LANGUAGES = ("fi", "sv", "en")
REAL = ("VTT", "Aalto", "Business Espoo", "hyvinvointialue", "Kumppanuusfoorumi")

# What a sentence claims, by words of any of the three languages.
IN_TIME = re.compile(
    r"aikataulu(?:ssa| pit)|ajallaan|suunnitellusti|suunnitelman mukaan|i tid\b|enligt plan|tidsplanen håller"
    r"|on time|on schedule|as planned|according to plan",
    re.IGNORECASE,
)
LATE = re.compile(r"myöhäs|viivästy|siirty|försena|senare|fördröj|sköts upp|late\b|delay|moved to", re.IGNORECASE)
DONE = re.compile(
    r"onnistui|saavutet|toteutettiin|otettiin käyttöön|on käytössä|tulokset|vakiint"
    r"|lyckades|uppnåd|genomfördes|togs i bruk|är i bruk|resultat|succeeded|reached|taken into use|results",
    re.IGNORECASE,
)
FUNDED = re.compile(r"rahoitu|määräraha|finansier|anslag|fund|appropriation", re.IGNORECASE)
OF_A_GRANT = re.compile(r"rahoituspäätös|finansieringsbeslut|funding decision", re.IGNORECASE)


@dataclass
class Project:
    """What the play knows of a project, each fact with the day from which it is known."""

    code: str = ""
    delivery: str = ""
    money: set[int] = field(default_factory=set)
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)

    def reached(self, on: str) -> list[dict[str, Any]]:
        return [stage for stage in self.stages.values() if (stage["reached"] or "9999") <= on]

    def slip(self, on: str) -> int:
        """The greatest slip in whole months, as the report of that day has it."""
        months = [0]
        for stage in self.stages.values():
            known = stage["reached"] if (stage["reached"] or "9999") <= on else None
            forecasts = [day for said, day in stage["forecasts"] if said[:10] <= on]
            real = known or max([(forecasts or [stage["planned"]])[-1], on if not forecasts else ""])
            if known or forecasts or stage["planned"] <= on:
                days = (date.fromisoformat(real) - date.fromisoformat(stage["planned"])).days
                months.append(round(days / 30.44))
        return max(months)


def steps() -> list[dict[str, Any]]:
    return sorted((step for path in PLAY for step in json.loads(path.read_text())), key=lambda step: step["on"])


def key(reference: str) -> str:
    return reference.split(":", 1)[1]


def projects() -> dict[str, Project]:
    found: dict[str, Project] = {}
    stages: dict[str, dict[str, Any]] = {}
    for step in steps():
        told, do = step["with"], step["do"].rsplit(".", 1)[1]
        if do == "create_project":
            found[key(step["as"])] = Project(told["code"], told["delivery"])
        elif do == "set_budget" and "project" in told:
            found.setdefault(key(told["project"]), Project()).money.add(told["year"])
        elif do == "add_milestone":
            stage = {"planned": told["planned_on"], "reached": None, "forecasts": []}
            stages[key(step["as"])] = found[key(told["project"])].stages[step["as"]] = stage
        elif do == "reach_milestone":
            stages[key(told["milestone"])]["reached"] = told["reached_on"]
        elif do == "replan_milestone":
            stages[key(told["milestone"])]["forecasts"].append((step["on"], told["forecast_on"]))
        elif do == "draft_status":
            found[key(told["project"])].statuses.append(told)
    return found


def sentences() -> Iterator[tuple[Project, dict[str, Any]]]:
    for project in projects().values():
        for status in project.statuses:
            yield project, status


def told(status: dict[str, Any]) -> str:
    return " ".join(status[f"text_{language}"] for language in LANGUAGES)


def wrong(found: Iterator[tuple[Project, dict[str, Any]]]) -> list[str]:
    return [f"{project.code} {status['status_on']}: {status['text_fi']}" for project, status in found]


def test_the_sentences_are_there_and_each_is_told_of_two_projects_at_most() -> None:
    rows = list(sentences())
    assert len(rows) > 70 and all(status[f"text_{lang}"] for _, status in rows for lang in LANGUAGES)
    for language in LANGUAGES:
        said = Counter(status[f"text_{language}"] for _, status in rows)
        assert [text for text, times in said.items() if times > 2] == []


def test_no_project_that_slipped_is_told_to_be_in_time() -> None:
    late = ((p, s) for p, s in sentences() if IN_TIME.search(told(s)) and p.slip(s["status_on"]) >= 2)
    assert wrong(late) == []


def test_a_green_project_that_slipped_two_months_or_more_says_so() -> None:
    green = ((p, s) for p, s in sentences() if s.get("standing") == "green" and p.slip(s["status_on"]) >= 2)
    assert wrong((p, s) for p, s in green if not LATE.search(s["text_fi"])) == []


def test_nothing_is_told_to_be_done_before_a_milestone_was_reached() -> None:
    early = ((p, s) for p, s in sentences() if DONE.search(told(s)) and not p.reached(s["status_on"]))
    assert wrong(early) == []


def test_money_is_told_of_projects_that_have_some_alone() -> None:
    for project, status in sentences():
        if FUNDED.search(OF_A_GRANT.sub("", told(status))):
            outside = project.money or project.delivery in ("funding", "co_funding")
            assert outside or "investointi" in status["text_fi"], wrong(iter([(project, status)]))


@pytest.mark.parametrize("real", REAL)
def test_no_real_organisation_gives_invented_money(real: str) -> None:
    budgets = [step for step in steps() if step["do"].rsplit(".", 1)[1] in ("set_budget", "revise_budget")]
    named = [json.dumps(source, ensure_ascii=False) for step in budgets for source in step["with"]["sources"]]
    assert len(named) > 40 and not [each for each in named if real.lower() in each.lower()]


def test_a_target_ends_by_a_decision_of_the_council_whose_minutes_were_checked() -> None:
    made = {step["as"]: step for step in steps() if step["do"].endswith("decisions.record_decision")}
    checked = {step["with"]["decision"]: step["on"] for step in steps() if step["do"].endswith("check_minutes")}
    ended = [step for step in steps() if step["do"].endswith((".end_target", ".replace_target"))]
    assert ended
    for step in ended:
        reference = step["with"]["decision"]
        assert made[reference[1:]]["with"]["body"] == "@bodies:valtuusto"
        assert checked[reference] < step["on"]


def test_few_mitigations_are_left_overdue_and_those_belong_to_projects_that_are_off_course() -> None:
    risks: dict[str, dict[str, Any]] = {}
    for step in steps():
        given, do = step["with"], step["do"].rsplit(".", 1)[1]
        if do == "identify_risk":
            risks[key(step["as"])] = dict(given)
        elif do == "edit_risk":
            risks[key(given["risk"])] |= given
        elif do == "close_risk":
            del risks[key(given["risk"])]
    overdue = [risk for risk in risks.values() if risk.get("mitigate_by", "9999") < "2023-12-31"]
    of = projects()
    standings = [of[key(risk["project"])].statuses[-1]["standing"] for risk in overdue]
    assert 1 <= len(overdue) <= 4 and set(standings) <= {"amber", "red"}


MONTHS = {"kaksi": 2, "kolme": 3, "neljä": 4, "viisi": 5, "kuusi": 6, "seitsemän": 7, "kahdeksan": 8}


def test_months_that_a_sentence_names_are_those_of_the_table() -> None:
    """`neljä kuukautta myöhässä`, `puoli vuotta`: as many as the column of slips says."""
    named = [
        (project, status, MONTHS.get(found[1] or "", 6))
        for project, status in sentences()
        if (found := re.search(r"\b(?:(\w+) kuukautta|puoli vuotta)\b", status["text_fi"]))
        and LATE.search(told(status))
    ]
    assert len(named) > 3
    assert wrong((p, s) for p, s, months in named if p.slip(s["status_on"]) != months) == []


def test_nothing_is_told_to_be_late_that_the_table_has_in_time() -> None:
    late = re.compile(r"myöhässä|myöhästy|viivästy|siirty|siirret", re.IGNORECASE)
    assert wrong((p, s) for p, s in sentences() if late.search(s["text_fi"]) and not p.slip(s["status_on"])) == []


def printed() -> Iterator[str]:
    """What the play's steps say in words, without the names of people, who are placeholders."""
    for step in steps():
        said = {key: value for key, value in step["with"].items() if key != "name"}
        yield json.dumps(said, ensure_ascii=False) + step.get("because", "")


def test_a_pilot_is_called_a_pilot() -> None:
    """A company's experiment on the city's experiment platform is another thing."""
    words = re.compile(r"\bkokeilu(?!alust|a\")\w*|\w*kirjastokokeilu\w*|\bförsök(?!splattform|\")\w*|\btrial\b")
    found = [words.findall(said.casefold()) for said in printed()]
    assert [words for words in found if words] == []

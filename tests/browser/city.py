"""A small city for a real browser: a programme with all it can have, one report noted and one draft, every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolio import clock, history
from portfolio.people.models import Account, Person, Role
from portfolio.programmes.models import Programme
from projects.money import commands as money
from projects.progress import commands as progress
from projects.register.models import Project
from reporting.models import Report, Snapshot
from reporting.pages.programmes.tabs import TABS
from reporting.reports import commands
from tests import story
from tests.portfolio.benefits import factories as benefits
from tests.portfolio.decisions import factories as decided
from tests.portfolio.programmes import factories as programmes
from tests.portfolio.steering import factories as steering
from tests.projects import factories as projects
from tests.reporting import factories, renditions

LONG = "Kilpailukykyisen innovaatioympäristön yhteiskehittämisohjelma"


@dataclass(frozen=True)
class City:
    """What there is to walk through, and who walks."""

    people: story.People
    programme: Programme
    noted: Report
    draft: Report
    past: str

    def pages(self) -> dict[str, str]:
        """Every page of the site by its name, among them the empty and the refusing ones."""
        own = f"/programmes/{self.programme.pk}/"
        return {
            "programmes": "/programmes/",
            "programme": own,
            **{tab.name: f"{own}{tab.path}" for tab in TABS[1:]},
            "programme of the past": f"{own}?as_of={self.past}",
            "history of the past": f"{own}history/?area=group&as_of={self.past}",
            **self.nouns(),
            "reports": "/reports/",
            "draft": f"/reports/{self.draft.pk}/",
            "question": f"/reports/{self.draft.pk}/confirm/",
            "remarks": f"/reports/{self.draft.pk}/remarks/sv/",
            "no remarks": f"/reports/{self.draft.pk}/remarks/fi/",
            "noted report": f"/reports/{self.noted.pk}/",
            "own account": "/account/",
            "a day to come": f"/programmes/?as_of={clock.today().year + 1}-01-01",
            "not found": "/nothing-of-that-name/",
        }

    def nouns(self) -> dict[str, str]:
        """The pages of the fullest target and project, and of the decision on the target."""
        measured = self.programme.benefit_targets.filter(indicators__measurements__isnull=False)
        target, project = measured.distinct().get(), self.programme.projects.get(code="P1")
        own = {"target": target.pk, "project": project.pk, "decision": target.approved_by_id}
        pages = {noun: f"/{noun}s/{pk}/" for noun, pk in own.items()}
        return pages | {f"history of the {noun}": f"{path}history/" for noun, path in pages.items()}


def build() -> City:
    """Enter the city, committed, for a server of its own to read."""
    programme = programmes.running(programmes.programme(name=LONG))
    people = story.people() | _workers(programme)
    running = _work_inside(programme)
    people["pia"] = story.person("Pia", Role.PROJECT_MANAGER, project_id=running.pk)
    past, of = f"seq:{history.head().seq}", factories.schedule(programme)
    noted = commands.send_report(
        commands.confirm_report(factories.rendered(factories.frozen(of), real), by=people["ana"]), by=people["ana"]
    )
    decision = decided.decision("council", "note", decided_on=clock.today())
    noted = commands.note_report(noted, decision=decision, by=people["sirpa"])
    draft = factories.rendered(factories.frozen(of, factories.NEXT_YEAR), real)
    decided.decision("board", "propose", decided_on=clock.today())
    for someone in people.values():
        Account.objects.create(person=someone, username=someone.name.lower(), password=story.hashed_password())
    return City(people, programme, noted, draft, past)


def _workers(programme: Programme) -> story.People:
    """Those with a task in the programme; members come with their seats."""
    group = programme.steering_group
    member = steering.member(group, "elected", "Elli")
    steering.deputy(member, "Vera")
    unit = decided.body("line_unit")
    return {
        "manu": story.person("Manu", Role.PROGRAMME_MANAGER, programme=programme),
        "linus": story.person("Linus", Role.UNIT_OWNER, unit=unit),
        "elli": member.person,
        "olavi": steering.member(group, "official", "Olavi").person,
        "vera": Person.objects.get(name="Vera"),
    }


def _work_inside(programme: Programme) -> Project:
    """A measured target, projects, a pilot, money and a risk; the project that runs."""
    indicator = factories.indicator(programme)
    for value, on in (("95", date(2022, 6, 30)), ("88", date(2022, 12, 31)), ("79", date(2023, 6, 30))):
        benefits.measured(indicator, value=value, on=on)
    running = projects.project(programme, code="P1", running=True, name_fi="Sisäilmaongelmien ennaltaehkäisyhanke")
    projects.project(programme, code="P2")
    projects.pilot(programme, state="running")
    sources = [
        {"source": "appropriation", "budget": Decimal(50000)},
        {"source": "external", "funder": "EAKR", "budget": Decimal(100000), "granted": Decimal(80000)},
    ]
    money.set_budget(programme, project=running, year=2022, total=Decimal(150000), sources=sources, by=story.SETUP)
    progress.identify_risk(
        programme, project=running, title_fi="Rakennuskustannusten ennakoimaton nousu", likelihood=4, impact=5,
        owner=benefits.owner(), by=story.SETUP,
    )  # fmt: skip
    return running  # type: ignore[no-any-return]


def real(snapshot: Snapshot, language: str, kind: str) -> bytes:
    """An HTML file is a real report, of the sample city; a PDF is one line."""
    return renditions.rendition(language, "html") if kind == "html" else b"%PDF-1.7"

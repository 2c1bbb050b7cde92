"""Performs the play: each dated step is one ordinary command, by the person who would do it, at its own time.

The clock of a demonstration runs ahead by a shift in the database; only the owner moves it, and only forward.
A step leaves its mark as the request id of its change set, so that a play that was cut short goes on where it was.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import models

from portfolio import clock, history
from portfolio.history.changes import request_id
from portfolio.history.models import ChangeEntry, ChangeSet
from portfolio.history.origin import origin
from portfolio.people.models import Account, Person

SOURCE = "espoo"
PORTFOLIO = Path(__file__).with_name("espoo.json")
SCRIPT = Path(__file__).with_name("play")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
AMOUNTS = {"value", "baseline_value", "target_value", "lower", "upper", "total", "budget", "granted", "used"}
# The kinds of the import file, and the models that hold them.
KINDS = {
    "people": "portfolio.Person",
    "bodies": "portfolio.Body",
    "decisions": "portfolio.Decision",
    "council_terms": "portfolio.CouncilTerm",
    "strategies": "portfolio.Strategy",
    "focus_areas": "portfolio.FocusArea",
    "goals": "portfolio.Goal",
    "sdgs": "portfolio.SDG",
    "programmes": "portfolio.Programme",
    "plan_versions": "portfolio.PlanVersion",
    "steering_groups": "portfolio.SteeringGroup",
    "seats": "portfolio.Seat",
    "tenures": "portfolio.Tenure",
    "chairships": "portfolio.Chairship",
    "benefit_targets": "portfolio.BenefitTarget",
    "target_versions": "portfolio.TargetVersion",
    "indicators": "portfolio.Indicator",
    "measurements": "portfolio.Measurement",
    "projects": "projects.Project",
    "milestones": "projects.Milestone",
    "risks": "projects.Risk",
    "fundings": "projects.Funding",
    "partners": "projects.Partner",
    "pilots": "projects.Pilot",
    "status_reports": "projects.StatusReport",
    "wishes": "portfolio.Wish",
    "joint_events": "portfolio.JointEvent",
    "programme_updates": "portfolio.ProgrammeUpdate",
    "budgets": "projects.Budget",
    "schedules": "reporting.ReportSchedule",
    "reports": "reporting.Report",
    "translated_remarks": "portfolio.TranslatedRemark",
}
ROLE_ACCOUNTS = (
    "director", "manager", "project", "elected", "official", "deputy", "chair", "secretary", "unit", "council",
    "auditor", "admin",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One thing that one person does at one moment."""

    number: int
    mark: str
    at: datetime
    by: str
    do: str
    given: dict[str, Any]
    called: str
    provenance: str
    because: str


def steps() -> list[Step]:
    """The whole script in the order of its moments."""
    read = [step for path in sorted(SCRIPT.glob("*.json")) for step in json.loads(path.read_text())]
    read.sort(key=lambda step: step["on"])
    return [_step(number, step) for number, step in enumerate(read, 1)]


def _step(number: int, step: dict[str, Any]) -> Step:
    return Step(
        number=number,
        mark=f"play-{hashlib.sha256(json.dumps(step, sort_keys=True).encode()).hexdigest()[:16]}",
        at=datetime.fromisoformat(step["on"]).replace(tzinfo=clock.zone()),
        by=step["by"],
        do=MOVED.get(step["do"], step["do"]),
        given=step.get("with", {}),
        called=step.get("as", ""),
        provenance=step.get("provenance", "demonstration"),
        because=step.get("because", ""),
    )


class Stage:
    """Where the play is performed: the clock in its hand, the names of what it has made."""

    def __init__(self, source: str, script: list[Step]) -> None:
        self.source, self.script = source, script
        self.made: dict[str, models.Model] = {}
        done = ChangeSet.objects.filter(request_id__startswith="play-").values_list("request_id", flat=True)
        self.done = set(done)

    def perform(self, script: Iterable[Step]) -> int:
        """Perform the steps that are not done yet; returns how many that were."""
        performed = 0
        for step in script:
            if step.mark not in self.done:
                advance_to(step.at)
                self._perform(step)
                performed += 1
        return performed

    def _perform(self, step: Step) -> None:
        token = request_id.set(step.mark)
        try:
            given = {name: self._value(name, value) for name, value in step.given.items()}
            command, by = _command(step.do), self.person(step.by)
            because = step.because or step.given.get("because", "")
            with history.change(by=by, because=because), origin(step.provenance, _key_of(step)):
                record = command(**_told(command, step, given), by=by)
        except Exception as error:
            error.add_note(f"in step {step.number} of the play: {step.at:%d.%m.%Y} {step.by}: {step.do}")
            raise
        finally:
            request_id.reset(token)
        if step.called and isinstance(record, models.Model):
            self.made[step.called] = record

    def person(self, key: str) -> Person:
        """The person behind a name of the script; asked anew each time, since rights follow the dates."""
        return Person.objects.get(key__in=self._keys(key))

    def _keys(self, key: str) -> list[str]:
        """A key of the script is one of the play's own or one of the import's."""
        return [f"play:{key}", f"{self.source}:{key}"]

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {inner: self._value(inner, given) for inner, given in value.items()}
        if isinstance(value, list):
            return [self._value(name, given) for given in value]
        if isinstance(value, str) and value.startswith("@"):
            found = self.find(value[1:])
            return found.pk if name.endswith("_id") else found
        return _parsed(name, value)

    def find(self, reference: str) -> Any:
        """What `kind:key` means: something this play has made, or something imported."""
        kind, key = reference.split(":", 1)
        if kind == "draft_plan":
            draft = {"indicator": self.find(f"indicators:{key}"), "target_version__state": "draft"}
            return apps.get_model("portfolio.IndicatorPlan")._default_manager.get(**draft)
        model = apps.get_model(KINDS[kind])
        if kind == "reports":
            return model._default_manager.filter(status_date=key).order_by("-edition")[0]
        if made := self.made.get(reference):
            return model._default_manager.get(pk=made.pk)
        if found := model._default_manager.filter(key__in=self._keys(key)).first():
            return found
        return model._default_manager.get(pk=self._made_earlier(reference, model))

    def _made_earlier(self, reference: str, model: type[models.Model]) -> int:
        """What a step of a play that was cut short had made, by the mark that the step left."""
        mark = next(step.mark for step in self.script if step.called == reference)
        made = ChangeEntry.objects.filter(
            relation=model._meta.db_table,
            op="+",
            seq__in=ChangeSet.objects.filter(request_id=mark).values("seq"),
        )
        return made.values_list("object_id", flat=True)[0]


def _parsed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in AMOUNTS:
        return Decimal(value)
    if DAY.fullmatch(value):
        return date.fromisoformat(value)
    if INSTANT.fullmatch(value):
        instant = datetime.fromisoformat(value)
        return instant if instant.tzinfo else instant.replace(tzinfo=clock.zone())
    return value


# Commands that have moved since the play was written: a step is known by its written words, so they stay as they are.
MOVED = {
    f"portfolio.programmes.{name}": f"portfolio.phases.{name}"
    for name in ("organise", "approve_targets", "start_running")
} | {
    f"reporting.{name}": f"reporting.reports.{name}"
    for name in ("confirm_report", "record_proposal", "send_report", "note_report")
}


def _command(path: str) -> Any:
    """`portfolio.people.register_person` → the command of that room."""
    room, name = path.rsplit(".", 1)
    try:
        module = importlib.import_module(f"{room}.commands")
    except ModuleNotFoundError:
        module = importlib.import_module(room)
    return getattr(module, name)


def _told(command: Any, step: Step, given: dict[str, Any]) -> dict[str, Any]:
    """What the command is told beside what the script says, where it asks for it."""
    known = inspect.signature(command).parameters
    extra = {"because": step.because, "provenance": step.provenance}
    return {name: value for name, value in extra.items() if value and name in known} | given


def _key_of(step: Step) -> dict[str, list[str]]:
    """The key of what the step makes."""
    if not step.called:
        return {}
    kind, key = step.called.split(":", 1)
    return {KINDS[kind]: [f"play:{key}"]}


def _as_owner() -> psycopg.Connection[Any]:
    owner: dict[str, Any] = settings.OWNER_DATABASE or {}
    known = {"host": owner["HOST"], "port": owner["PORT"], "user": owner["USER"], "password": owner["PASSWORD"]}
    return psycopg.connect(
        dbname=settings.DATABASES["default"]["NAME"], autocommit=True, **{k: v for k, v in known.items() if v}
    )


def advance_to(moment: datetime) -> None:
    """Let the city's clock stand at a moment, unless it has passed already; only in a demonstration or a test."""
    if moment <= clock.now():
        return
    with _as_owner() as owner:
        owner.execute(
            "UPDATE portfolio_installation SET shift = %s - clock_timestamp() "
            "WHERE id = 1 AND shift < %s - clock_timestamp()",
            [moment, moment],
        )


def set_back_to(moment: datetime) -> None:
    """Put the clock of a new demonstration to where its past begins; refused once anything is recorded."""
    if ChangeSet.objects.exists():
        return
    with _as_owner() as owner:
        owner.execute("UPDATE portfolio_installation SET shift = %s - clock_timestamp() WHERE id = 1", [moment])
        owner.execute("UPDATE portfolio_head SET recorded_at = %s WHERE id = 1 AND seq = 0", [moment])


def accounts(source: str, password: str) -> Iterator[tuple[str, Person]]:
    """A sign-in for each role; demonstration only."""
    for username in ROLE_ACCOUNTS:
        person = Person.objects.filter(key__in=[f"play:{username}", f"{source}:{username}"]).first()
        if person is None:
            continue
        account, made = Account.objects.get_or_create(person=person, defaults={"username": username})
        if made or not account.check_password(password):
            account.set_password(password)
            account.save()
        yield username, person

"""An older register is taken in whole or not at all, once, in whatever order it stands."""

import io
import json
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from config.embedded.servers import PROJECT
from portfolio import history
from portfolio.history.models import ChangeSet
from portfolio.importing import taking
from portfolio.importing.desk import IMPORT, Desk
from portfolio.importing.document import Document
from portfolio.ledger import triggers
from portfolio.ledger.verification import verify
from portfolio.people.commands import register_person
from portfolio.people.models import Person, RoleAssignment
from portfolio.people.signing.commands import check_sign_in
from portfolio.programmes.models import Programme
from portfolio.refusals import Refused
from portfolio.strategy.models import CouncilTerm, Goal
from projects.progress.models import Milestone
from projects.register.models import Project
from reporting.models import ReportSchedule, ScheduledDate
from tests import story
from tests.portfolio.importing.conftest import COMMON, REGISTER
from tests.reporting.ticking import address_of

BUNDLED = Path(__file__).parents[3] / "config" / "demo" / "espoo.json"


@pytest.mark.django_db
def test_one_of_every_kind_is_taken_in_under_the_imports_own_name(run, older):
    done = run(older)
    assert (done.status, done.lines) == (0, []), done.lines
    programme = Programme.objects.get(key="older:p")
    assert (programme.name_sv, programme.provenance) == ("Puhdas kaupunki (sv)", "taken_over")
    assert Project.objects.get(key="older:x").programme == programme
    for model in (CouncilTerm, Goal, Milestone, ScheduledDate, RoleAssignment):
        assert model.objects.filter(key__startswith="older:").count() == 1, model
    newest = ChangeSet.objects.latest("seq")
    assert (newest.job, newest.actor_id) == ("import", None)
    assert (newest.reason, newest.request_id[:14]) == ("", "register.json ")


@pytest.mark.django_db
def test_the_second_time_nothing_changes_and_no_history_is_made(run, older):
    run(older)
    head = history.head()
    again = run(older)
    assert (again.status, history.head()) == (0, head)
    assert "already" in again.told


@pytest.mark.django_db
def test_the_order_of_records_does_not_matter(run, older):
    shuffled = {
        name: random.Random(7).sample(rows, len(rows)) if isinstance(rows, list) else rows
        for name, rows in reversed(older.items())
    }
    assert run(shuffled).status == 0
    head = history.head()
    assert run(older).status == 0 and history.head() == head


@pytest.mark.django_db
def test_a_dry_run_tries_everything_and_writes_nothing(run, older):
    head = history.head()
    tried = run(older, "--dry-run")
    assert tried.status == 0 and "Nothing was written" in tried.told
    assert history.head() == head and not Programme.objects.exists()


@pytest.mark.django_db
def test_a_changed_record_is_edited_where_it_can_be(run, older):
    run(older)
    older["people"][0]["name"] = "Chen Uusi"
    older["programmes"][0]["name"]["sv"] = "Ren stad"
    assert run(older).status == 0
    assert Person.objects.get(key="older:chen").name == "Chen Uusi"
    assert Programme.objects.get(key="older:p").name_sv == "Ren stad"


@pytest.mark.django_db
def test_a_changed_record_that_is_frozen_is_refused_and_nothing_is_written(run, older):
    run(older)
    head = history.head()
    older["decisions"][0]["section"] = 99
    older["people"][0]["name"] = "Chen Uusi"
    again = run(older)
    assert (again.status, again.codes) == (1, ["import.frozen"])
    assert again.lines[0].startswith("/decisions/0 (set): section")
    assert history.head() == head


@pytest.mark.django_db
def test_five_broken_rows_are_five_lines_and_nothing_is_written(run, older):
    head = history.head()
    older["sdgs"][0]["number"] = 18
    older["bodies"][1]["kind"] = "club"
    older["decisions"][0]["case_number"] = "425"
    older["steering_groups"][0]["official_seats"] = 2
    older["milestones"][0]["planned_on"] = "2031-01-01"
    done = run(older)
    assert done.status == 1 and "5 rows" in done.told
    assert len(done.lines) == 5, done.lines
    places = [line.split(" ")[0] for line in done.lines]
    assert places == [
        "/sdgs/0/number", "/bodies/1/kind", "/decisions/0/case_number", "/steering_groups/0/official_seats",
        "/milestones/0/planned_on",
    ]  # fmt: skip
    assert all(value in line for value, line in zip(["18", "club", "425", "2", "2031"], done.lines, strict=True))
    assert history.head() == head and not CouncilTerm.objects.exists()


@pytest.mark.django_db
def test_a_row_that_does_not_fit_hides_no_fault_of_another_kind_and_moves_no_place(run, older):
    """What names the row that is refused is not at fault; the rows behind it keep their numbers."""
    older["programmes"][0]["name"] = {}
    older["sdgs"].insert(0, {"key": "nothing"})
    older["sdgs"][1]["number"] = 18
    older["milestones"][0]["project"] = "no-such"
    older["projects"].append(older["projects"][0] | {"key": "twice", "moves": []})
    last = len(older["projects"]) - 1
    done = run(older)
    told = {tuple(line.split(" ")[0].split("/")[1:3]) for line in done.lines}
    assert told == {("programmes", "0"), ("sdgs", "0"), ("sdgs", "1"), ("milestones", "0"), ("projects", str(last))}
    assert {"import.schema", "import.reference_unknown", "project.duplicate"} <= set(done.codes)
    assert not CouncilTerm.objects.exists()


@pytest.mark.django_db
def test_what_only_the_database_knows_is_refused_with_its_place_too(run, older):
    with history.change(by=story.SETUP):
        CouncilTerm(label="2018–2022", starts_on="2018-06-01", ends_on="2022-05-31").checked_save()
    head = history.head()
    done = run(older)
    assert (done.status, done.codes[0]) == (1, "term.overlap")
    assert done.lines[0].startswith("/council_terms/0")
    assert history.head() == head


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": "x", "format": "y"}',
        "[" * 50_000,
        '{"council_terms": 3}',
        '{"format": "\\ud800"}',
    ],
)
@pytest.mark.django_db
def test_what_is_no_register_is_refused_in_one_sentence(run, broken):
    head = history.head()
    done = run(broken)
    assert done.status == 1 and "import." in "\n".join([done.told, *done.lines])
    assert history.head() == head


@pytest.mark.django_db
def test_a_file_that_is_not_there_or_not_text(run, tmp_path):
    from django.core.management import CommandError

    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "nothing.json", tmp_path / "binary.json", tmp_path):
        with pytest.raises(CommandError):
            call_command("import_portfolio", str(path))


@pytest.mark.django_db
def test_the_file_of_another_city_is_refused(run, older):
    older["city"]["time_zone"] = "Europe/Stockholm"
    older["city"]["official_languages"] = ["sv"]
    done = run(older)
    assert (done.status, set(done.codes)) == (1, {"import.city"})


def test_the_bundled_register_is_taken_in_once(own_database):
    call_command("import_portfolio", str(BUNDLED), verbosity=0)
    head = history.head()
    assert Programme.objects.filter(provenance="taken_over").count() == 13
    call_command("import_portfolio", str(BUNDLED), verbosity=0)
    assert history.head() == head


@pytest.mark.django_db
@pytest.mark.parametrize("register", [REGISTER, pytest.param(BUNDLED, marks=pytest.mark.proof)], ids=["small", "all"])
def test_judged_beside_or_under_the_lock_all_at_once_or_one_by_one_the_same_rows_and_past_are_left(register):
    document = Document(json.loads(register.read_text()) if isinstance(register, Path) else register)
    left = []
    for way in (tried, under_the_lock, one_by_one):
        with transaction.atomic():
            left.append((way(document), *everything()))
            transaction.set_rollback(True)
    assert left[0] == left[1] == left[2] and left[0][0] > 10


def tried(document):
    return taking.take(document, origin="trial").made


def under_the_lock(document):
    return taking._at_once(document, "trial", None, None, taking._unheard).made


def one_by_one(document):
    judged = taking._try(Desk(document))
    with history.change(by=IMPORT):
        taking._write(judged)
    return judged.taken.made


def everything():
    """The rows of all tables and of their pasts, each record named by its turn among those of its kind."""
    kinds = [*triggers.tracked_models(), *triggers.insert_only_models()]
    turns = {
        kind: {pk: n for n, pk in enumerate(kind.objects.order_by("pk").values_list("pk", flat=True))} for kind in kinds
    }
    own = {"id", "seq", "salt", "row_sha256", "shape"}

    def told(kind, row):
        links = {field.attname: turns[field.related_model] for field in kind._meta.concrete_fields if field.is_relation}
        columns = {field.attname for field in kind._meta.concrete_fields} - own
        values = {name: links[name].get(row[name]) if name in links else row[name] for name in columns}
        return turns[kind][row["id"]], values

    rows = {kind: [told(kind, row) for row in kind.objects.order_by("pk").values()] for kind in kinds}
    past = {
        kind: [(row["history_type"], told(kind, row)) for row in kind.history.order_by("id", "history_id").values()]
        for kind in triggers.tracked_models()
    }
    return rows, past


@pytest.mark.proof
def test_an_import_in_a_process_of_its_own_and_a_saver_beside_it_both_finish(own_database, older, tmp_path):
    """The saver writes without a pause, before, while and after the import holds the pen; one may be told to retry."""
    older["people"] += [COMMON | {"key": f"p{n}", "name": f"Henkilö {n}"} for n in range(300)]
    file, saved, told = tmp_path / "register.json", [], set()
    file.write_text(json.dumps(older))
    command = [sys.executable, str(PROJECT / "manage.py"), "import_portfolio", str(file)]
    running = subprocess.Popen(command, env=address_of(own_database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    while running.poll() is None or len(saved) < 2:
        try:
            saved.append(register_person(name=f"Beside {len(saved)}", by=story.SETUP).name)
        except Refused as refused:
            told.add(refused.code)
    assert running.returncode == 0, running.communicate()
    assert told <= {"busy.retry"}
    names = Person.objects.filter(name__startswith="Beside").order_by("id").values_list("name", flat=True)
    assert list(names) == saved and Person.objects.filter(key__startswith="older:").count() == 301
    numbers = list(ChangeSet.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, history.head().seq + 1)) and verify().sound
    imported = ChangeSet.objects.get(job="import").seq
    assert min(numbers) < imported < max(numbers), "the import ran beside the saver"


class Saver:
    """Somebody who saves over a connection of their own, whenever the import has judged some records."""

    def __init__(self, *, rounds: int) -> None:
        self.rounds, self.seen, self.told = rounds, [], []

    def tell(self, done: int, of: int) -> None:
        self.seen.append((done, of))
        if done == of // 2 and len(self.told) < self.rounds:
            thread = threading.Thread(target=self.save)
            thread.start()
            thread.join(20)

    def save(self) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                register_person(name=f"Beside {len(self.told)}", by=story.SETUP)
            self.told.append("saved")
        except Refused as refused:
            self.told.append(refused.code)
        connection.close()


@pytest.mark.parametrize(
    ("rounds", "judged", "told"),
    [
        (1, 2, ["saved"]),
        (taking.TURNS + 1, taking.TURNS + 1, ["saved"] * taking.TURNS + ["busy.retry"]),
    ],
    ids=["once", "again and again"],
)
def test_who_saves_while_a_file_is_judged_saves_at_once_and_it_is_judged_again(
    own_database, older, rounds, judged, told
):
    """After some turns it is judged under the lock, where who saves is told to try again and loses nothing."""
    saver = Saver(rounds=rounds)
    taken = taking.take(Document(older), origin="older", tell=saver.tell)
    assert saver.told == told and taken.made > 10
    assert [done for done, _ in saver.seen].count(1) == judged and saver.seen[-1] == (saver.seen[-1][1],) * 2
    saved = told.count("saved")
    numbers = list(ChangeSet.objects.order_by("seq").values_list("seq", "job"))
    assert numbers[-1] == (saved + 1, "import") and len(numbers) == saved + 1 and verify().sound
    register_person(name="Beside at last", by=story.SETUP)
    assert Person.objects.filter(name__startswith="Beside").count() == saved + 1


def test_what_somebody_changes_meanwhile_counts_when_it_is_judged_again(run, own_database, older):
    """What was as in the file when the first half was judged is somebody's own by now, and is left."""
    older["people"][0]["email"] = "chen@example.org"
    assert run(older).status == 0

    def change(done: int, of: int) -> None:
        if done == of // 2:
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join(20)

    def elsewhere() -> None:
        with history.change(by=story.SETUP):
            Person.objects.filter(key="older:chen").update(email="another@example.org")
        connection.close()

    older["partners"].append(older["partners"][0] | {"key": "later", "name": "Toinen yliopisto"})
    taken = taking.take(Document(older), origin="older", tell=change)
    assert [(left.key, left.here) for left in taken.left] == [("chen", "another@example.org")]
    assert taken.made == 1 and Person.objects.get(key="older:chen").email == "another@example.org"
    assert history.head().seq == 3 and verify().sound


def test_a_dry_run_and_a_refused_file_keep_nobody_waiting(run, own_database, older):
    """Somebody else has the pen all the while."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with history.change(by=story.SETUP):
            held.set()
            done.wait(60)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(20)
    assert run(older, "--dry-run").status == 0
    older["partners"].append(older["partners"][0] | {"key": "twin"})
    refused = run(older)
    done.set()
    holder.join()
    assert refused.status == 1 and refused.codes == ["partner.duplicate"]


def test_progress_is_told_to_who_asks(run, own_database, older):
    done = run(older, "--verbosity", "2")
    assert done.status == 0 and len(done.lines) >= 5
    heads = done.lines[-1].split(" of ")[1].split(" ")[0]
    assert done.lines[-1] == f"{heads} of {heads} records judged."


@pytest.mark.django_db
def test_a_schedule_of_quarters_is_taken_in(run, older):
    older["schedules"][0] |= {"rhythm": "quarterly", "entries": []}
    done = run(older)
    assert (done.status, done.lines) == (0, []), done.lines
    assert ReportSchedule.objects.get().rhythm == "quarterly"


@pytest.mark.django_db
def test_an_account_that_came_without_a_password_opens_once_it_is_given_one(run, older):
    older["people"][0]["account"] = {"username": "chen"}
    assert run(older).status == 0
    with pytest.raises(Refused):
        check_sign_in(username="chen", password="vesi virtaa hiljaa")
    out = io.StringIO()
    call_command("reset_password", "chen", stdout=out)
    assert check_sign_in(username="chen", password=out.getvalue().strip()).person.name == "Chen Esimerkki"

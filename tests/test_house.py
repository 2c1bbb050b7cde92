"""The fences of the house: who may import whom, who may write, what every refusal has, how long things may be."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from config.catalogues import blanks
from tests.catalogues import translations

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("portfolio", "projects", "reporting", "workers", "config")
LANGUAGES = ("fi", "sv")
WRITES = {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "checked_save"}

# Who writes besides commands.py, with the reason.
WRITERS = {
    "portfolio/api/retries.py": "answers kept for retries (operational)",
    "reporting/reports/machine.py": "the machine's own commands: freeze and compile",
    "reporting/reports/document.py": "a report that becomes a draft, or is let on, in the change that does it",
    "reporting/documents/kinds.py": "files that wait to be rendered (operational)",
    "reporting/reports/letters.py": "letters that wait to be sent (operational)",
    "portfolio/work/leases.py": "claims and leases of the machine's work (operational)",
    "portfolio/work/errands.py": "errands that wait (operational)",
    "reporting/work/leases.py": "what becomes of work in a backup (operational)",
    "reporting/documents/rendering/pdf.py": "saves a PDF, not a row",
    "reporting/reports/condition.py": "signs of life (operational)",
    "config/demo/stage.py": "accounts of the demonstration (operational)",
}
# Words that are the same in two languages, looked at one by one.
SAME = {"{given}", "Salkku", "Budget", "Risk"}
RECORD = ("portfolio/history/", "portfolio/ledger/")  # how records are written at all
LONG_TESTS = {"tests/reporting/sample.py", "tests/reporting/story.py"}  # one told report each, as data


@cache
def modules() -> dict[str, ast.Module]:
    found: dict[str, ast.Module] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                found[str(path.relative_to(ROOT))] = ast.parse(path.read_text())
    return found


@cache
def calls() -> list[tuple[str, ast.Call, str]]:
    """Every call of the code: in which module, and by which name."""
    nodes = [(where, node) for where, module in modules().items() for node in ast.walk(module)]
    return [(where, node, ast.unparse(node.func)) for where, node in nodes if isinstance(node, ast.Call)]


def test_imports_go_down_only() -> None:
    told = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout[-3000:]


def written() -> Iterator[tuple[str, str]]:
    """Where something is written that is no command: the module, and the place and the call."""
    for where, call, told in calls():
        if where.endswith("/commands.py") or where.startswith(RECORD):
            continue
        if isinstance(call.func, ast.Attribute) and call.func.attr in {*WRITES, "update"}:
            rows = call.func.attr == "update" and re.search(r"objects|_default_manager|\.filter\(|\.all\(", told)
            if call.func.attr in WRITES or rows:
                yield where, f"{where}:{call.lineno} {told}"


def test_nothing_is_written_outside_commands() -> None:
    assert [told for where, told in written() if where not in WRITERS] == []


def test_every_writer_that_is_excused_writes() -> None:
    assert sorted(WRITERS) == sorted({where for where, _ in written()})


def test_every_model_has_a_kind() -> None:
    from portfolio.ledger.checks import every_model_has_a_kind

    assert every_model_has_a_kind() == []


def codes_in_code() -> set[str]:
    """What is raised by name: in calls, in constraints, in what freezes."""
    found: set[str] = set()
    for _, call, told in calls():
        if told.split(".")[-1] in ("Refused", "Lack") and call.args and isinstance(call.args[0], ast.Constant):
            found.add(call.args[0].value)
    for model in apps.get_models():
        found |= {each.violation_error_code for each in model._meta.constraints if each.violation_error_code}
        found |= {code} if (code := getattr(model, "frozen_code", "")) else set()
    return found - {"invalid"}


def test_every_code_has_a_row() -> None:
    from portfolio.refusals import REFUSALS

    assert len(codes_in_code()) > 100
    assert sorted(codes_in_code() - set(REFUSALS)) == []


BY_THEMSELVES = {*settings.LEDGER_TABLES, *settings.OPERATIONAL_TABLES}
# Constraints that no request can reach: the program keeps them by itself.
INTERNAL = {
    "snapshot_once", "rendered_once", "target_serves_goal_once", "target_serves_sdg_once", "target_version_number_once",
    "remark_known_by_its_words", "snapshot_by_its_payload", "findings_by_their_payload", "blob_by_its_content",
    "snapshot_of_a_report_or_of_another_kind", "work_of_a_document",
}  # fmt: skip


def test_every_constraint_of_ours_names_its_refusal() -> None:
    silent = [
        f"{model._meta.label}: {each.name}"
        for model in apps.get_models()
        if model._meta.app_label in PACKAGES and model._meta.label not in BY_THEMSELVES
        for each in model._meta.constraints
        if each.violation_error_code in (None, "", "invalid") and each.name not in INTERNAL
    ]
    assert silent == []


def test_every_row_has_a_status_and_an_invariant_of_the_domain() -> None:
    from portfolio.refusals import REFUSALS

    for code, row in REFUSALS.items():
        assert row.status in (200, 400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 423, 428, 429, 503), code
        assert row.rule == "" or re.fullmatch(r"INV-\d{2,3}( INV-\d{2,3})*|.*INV-\d{2,3}.*", row.rule), code
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", code), code


def test_every_refusal_speaks_three_languages() -> None:
    from django.utils.translation import override

    from portfolio.refusals import REFUSALS

    faults = []
    for code, row in REFUSALS.items():
        for text in filter(None, (row.sentence, row.hint)):
            with override("en"):
                english = str(text)
            faults += [f"{code}: {fault}" for fault in lacking(english)]
    assert faults == []


def lacking(english: str) -> list[str]:
    told = next((told for (_, said), told in translations().items() if said == english), None)
    if told is None:
        return [f"{english!r} is not translated"]
    faults = []
    for language in LANGUAGES:
        words = told.get(language, "")
        if not words or (words == english and english not in SAME):
            faults.append(f"{english!r} has no {language}")
        if blanks(words) != blanks(english):
            faults.append(f"{english!r} has other placeholders in {language}")
    return faults


@pytest.mark.django_db
def test_no_migration_is_missing(request: pytest.FixtureRequest) -> None:
    if request.config.getvalue("nomigrations"):
        pytest.skip("run without migrations")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def length(function: ast.FunctionDef) -> int:
    """The lines of a function; a text over several lines, such as a trigger's SQL, counts as one."""
    texts = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.JoinedStr) or isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    in_texts = {line for text in texts for line in range(text.lineno + 1, (text.end_lineno or 0) + 1)}
    return len(set(range(function.lineno, (function.end_lineno or 0) + 1)) - in_texts)


def test_no_module_and_no_function_is_too_long() -> None:
    long = []
    tests = {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in (ROOT / "tests").rglob("*.py")}
    for path, module in (modules() | tests).items():
        source = (ROOT / path).read_text()
        if source.count("\n") > 400 and path not in LONG_TESTS:
            long.append(f"{path}: {source.count(chr(10))} lines")
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 45 and length(node) > 45:
                long.append(f"{path}: {node.name} {length(node)} lines")
    assert long == []


def test_no_line_of_a_template_is_too_long() -> None:
    most = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["djlint"]["max_line_length"]
    pages = [page for package in PACKAGES for page in sorted((ROOT / package).rglob("*.html"))]
    long = [
        f"{page.relative_to(ROOT)}:{number} {len(line)} characters"
        for page in pages
        for number, line in enumerate(page.read_text().splitlines(), 1)
        if len(line) > most
    ]
    assert pages and long == []


def test_every_module_opens_with_a_sentence() -> None:
    silent = [where for where, module in modules().items() if module.body and not ast.get_docstring(module)]
    assert silent == []


def test_no_lock_names_an_address() -> None:
    locks = [path for path in ROOT.glob("*.lock") if path.name != "uv.lock"]
    assert locks and not [path.name for path in locks if "://" in path.read_text()]


def tracked_files() -> list[Path]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [ROOT / name for name in told.split("\0") if name] or [*ROOT.rglob("*.py")]


def test_the_city_is_named_in_its_data_in_tests_and_in_documents_only() -> None:
    named = []
    for path in tracked_files():
        where = path.relative_to(ROOT)
        if (
            where.parts[:2] == ("config", "demo")
            or where.parts[0] in ("tests", "docs")
            or where.suffix in (".md", ".pdf")
        ):
            continue
        if path.is_file() and re.search(r"esp[o]{2}|esbo", path.read_text(errors="ignore"), re.IGNORECASE):
            named.append(str(where))
    assert named == []


def test_no_clock_but_ours() -> None:
    allowed = {"portfolio/clock.py"}
    found = [
        f"{where}:{call.lineno} {told}"
        for where, call, told in calls()
        if where.split("/")[0] in ("portfolio", "projects", "reporting", "workers") and where not in allowed
        if told
        in ("datetime.now", "datetime.utcnow", "date.today", "timezone.now", "datetime.datetime.now", "time.time")
    ]
    assert found == []

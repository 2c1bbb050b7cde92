"""`docs/reliability.md`: the forty bars, none left out, and every test that it names exists."""

from __future__ import annotations

import ast
import re

from config.embedded.servers import PROJECT

PAGE = (PROJECT / "docs/reliability.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.splitlines() if re.match(r"\| \d", line)
]


def functions_of(path: str) -> set[str]:
    tree = ast.parse((PROJECT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_forty_bars_stand_there_each_with_its_figure_and_a_way_to_see_it_again() -> None:
    assert [int(row[0].lstrip("| ")) for row in ROWS] == list(range(1, 41))
    for number, _, figure, day, how in ROWS:
        seen = re.fullmatch(r"20\d\d-\d\d-\d\d", day) and "::test_" in how
        assert seen or re.match(r"not yet: .* issue \*.+\*", figure), number


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE))
    assert len(named) >= 50
    assert sorted(f"{path}::{name}" for path, name in named if name not in functions_of(path)) == []

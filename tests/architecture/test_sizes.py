"""Functions and files stay small: the tail tells, so the tail is held."""

from __future__ import annotations

import ast
from statistics import median, quantiles
from typing import TYPE_CHECKING

from tests.support.home import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MEDIAN, NINETY, LONGEST, FILE = 10, 35, 60, 500


def _functions(modules: dict[Path, ast.Module]) -> dict[str, int]:
    return {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_function_is_longer_than_a_page(modules: dict[Path, ast.Module]) -> None:
    assert {name: lines for name, lines in _functions(modules).items() if lines > LONGEST} == {}


def test_most_functions_are_short(modules: dict[Path, ast.Module]) -> None:
    lengths = list(_functions(modules).values())
    assert median(lengths) <= MEDIAN
    assert quantiles(lengths, n=10)[-1] <= NINETY


def test_no_file_is_long() -> None:
    paths = [path for folder in ("qunying", "tests", "tools", "bench") for path in (ROOT / folder).rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in paths}
    assert {name: lines for name, lines in lengths.items() if lines > FILE} == {}

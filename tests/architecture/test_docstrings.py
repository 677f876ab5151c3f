"""Whoever calls a function need not read it: every public one says what it promises."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.support.home import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_UNFINISHED = ("TO" + "DO", "FIX" + "ME", "X" + "XX", "raise NotImplemented" + "Error")


def _public(body: list[ast.stmt]) -> Iterator[Documented]:
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_") and node.name != "Meta":
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body)


def test_every_public_function_and_class_is_documented(modules: dict[Path, ast.Module]) -> None:
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path, tree in modules.items()
        for node in _public(tree.body)
        if not ast.get_docstring(node)
    ] == []


def test_every_module_says_what_it_is(modules: dict[Path, ast.Module]) -> None:
    silent = [str(path.relative_to(ROOT)) for path, tree in modules.items() if not ast.get_docstring(tree)]
    assert [path for path in silent if (ROOT / path).stat().st_size] == []


def test_nothing_is_left_unfinished() -> None:
    paths = [path for folder in ("qunying", "assets", "tools") for path in (ROOT / folder).rglob("*")]
    own = [path for path in paths if path.suffix in {".py", ".html", ".css", ".js"} and "vendor" not in path.parts]
    assert [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in own
        for mark in _UNFINISHED
        if mark in path.read_text(encoding="utf-8")
    ] == []

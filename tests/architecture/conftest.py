"""What the tests on the house itself share: its files and its order."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.home import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = ROOT / "qunying"


@pytest.fixture(scope="session")
def pyproject() -> dict[str, Any]:
    """pyproject.toml as data."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def modules() -> dict[Path, ast.Module]:
    """Every module of the package but migrations, parsed."""
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
    }


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    """Every template by its path from the root."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.html"))
        if "templates" in path.parts
    }


@pytest.fixture(scope="session")
def committed() -> list[str]:
    """Every path git keeps; skips outside a checkout."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("This is not a git checkout.")
    return done.stdout.splitlines()

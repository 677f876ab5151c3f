"""What git keeps: our own work, and nothing that belongs to others or to one machine."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from tests.support.home import ROOT

OWN_SUFFIXES = {".css", ".html", ".js", ".md", ".po", ".py", ".svg", ".toml", ".txt", ".typ"}
BINARY = {".gz", ".jpg", ".jpeg", ".mo", ".otf", ".pdf", ".png", ".ttf", ".whl", ".woff", ".woff2", ".xlsx", ".zip"}
NOT_MIRRORS = {"architecture", "support", "crash", "acceptance", "browser", "tools"}


GUIDE = "docs/guide/pictures/"
"""Pictures that a test takes and keeps small: a page on a shelf of code has no console to show."""


def test_no_third_party_or_built_file_is_committed(committed: list[str]) -> None:
    built = ("node_modules/", "qunying/static/vendor/", "qunying/static/qunying/", "qunying/fonts/", "artifacts/")
    own = [path for path in committed if not path.startswith(GUIDE)]
    assert [path for path in own if any(part in path for part in built) or Path(path).suffix in BINARY] == []
    assert [path for path in committed if ".min." in path] == []


def test_the_lock_of_the_pages_names_no_addresses_and_every_digest() -> None:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: about for name, about in lock["packages"].items() if name}
    assert [name for name, about in packages.items() if "resolved" in about or "integrity" not in about] == []


def test_the_lock_of_the_package_holds_what_it_declares(pyproject: dict[str, Any]) -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    own = next(package for package in lock["package"] if package["name"] == "qunying")
    assert {part["name"] for part in own["metadata"]["requires-dist"]} == _names(pyproject["project"]["dependencies"])
    assert {part["name"] for part in own["metadata"]["requires-dev"]["dev"]} == _names(
        pyproject["dependency-groups"]["dev"]
    )


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def test_tests_stand_where_the_code_stands_that_they_try() -> None:
    tests = ROOT / "tests"
    places = {path.parent.relative_to(tests) for path in tests.rglob("test_*.py")}
    assert [
        str(place)
        for place in sorted(places)
        if not NOT_MIRRORS & set(place.parts) and not (ROOT / "qunying" / place).is_dir()
    ] == []


def test_verbs_and_rules_have_tests_under_their_own_name() -> None:
    modules = [path for name in ("services*.py", "rules.py") for path in (ROOT / "qunying").rglob(name)]
    assert [
        str(path.relative_to(ROOT))
        for path in sorted(modules)
        if not list((ROOT / "tests" / path.parent.relative_to(ROOT / "qunying")).glob(f"test_{path.stem}*.py"))
    ] == []


def test_no_text_betrays_the_machine_it_was_written_on(committed: list[str]) -> None:
    own = [path for path in committed if Path(path).suffix in OWN_SUFFIXES and (ROOT / path).exists()]
    betrays = re.compile(r"/(?:root|home|Users)/[a-z]|/(?:work)/(?:main|shared)")
    assert [path for path in own if betrays.search((ROOT / path).read_text(encoding="utf-8"))] == []

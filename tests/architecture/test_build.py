"""What the build hook brought: the pages' parts, the fonts, the notices, the compiled translations."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from typing import Any

import pytest

from tests.support.home import ROOT

VENDOR = ROOT / "qunying" / "static" / "vendor"
FONTS = ROOT / "qunying" / "fonts"


def test_every_part_of_the_pages_is_there_and_names_no_source_map() -> None:
    names = {path.name for path in VENDOR.iterdir()}
    assert names >= {
        "NOTICES.txt",
        "alpine-csp.min.js",
        "echarts.min.js",
        "htmx.min.js",
        "icons.svg",
        "tabler.min.css",
        "tabler.min.js",
    }
    text = [path for path in VENDOR.iterdir() if path.suffix in {".js", ".css"}]
    assert [path.name for path in text if "sourceMappingURL" in path.read_text(encoding="utf-8")] == []


def test_the_notices_name_every_package_with_its_licence_text() -> None:
    lock = json.loads((ROOT / "assets" / "package-lock.json").read_text(encoding="utf-8"))
    carried = {name: about for name, about in lock["packages"].items() if name and not about.get("dev")}
    notices = (VENDOR / "NOTICES.txt").read_text(encoding="utf-8")
    titles = [f"{name.removeprefix('node_modules/')} {about['version']} (" for name, about in carried.items()]
    assert [title for title in titles if title not in notices] == []
    assert notices.lower().count("copyright") >= len(titles)


def test_both_weights_of_the_chinese_font_are_there() -> None:
    for weight in ("Regular", "Bold"):
        assert (FONTS / f"NotoSansSC-{weight}.ttf").read_bytes()[:4] == b"\x00\x01\x00\x00"


def test_the_sprite_holds_the_icons_that_are_listed() -> None:
    listed = (ROOT / "assets" / "icons.txt").read_text(encoding="utf-8").split()
    sprite = (VENDOR / "icons.svg").read_text(encoding="utf-8")
    assert [name for name in listed if f'<symbol id="{name}"' not in sprite] == []


@pytest.mark.parametrize("kind", ["css", "js", "img"])
def test_own_styles_and_scripts_are_those_of_the_checkout(kind: str) -> None:
    built = {path.name: path.read_bytes() for path in (ROOT / "qunying" / "static" / "qunying" / kind).iterdir()}
    assert built == {path.name: path.read_bytes() for path in (ROOT / "assets" / kind).iterdir()}


def test_everything_built_goes_into_the_wheel(pyproject: dict[str, Any]) -> None:
    patterns = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["artifacts"]
    built = [path for folder in (VENDOR, FONTS) for path in folder.iterdir()]
    built += list((ROOT / "qunying" / "locale").rglob("*.mo"))
    names = [str(path.relative_to(ROOT)) for path in built]
    assert [name for name in names if not any(fnmatch(name, pattern) for pattern in patterns)] == []

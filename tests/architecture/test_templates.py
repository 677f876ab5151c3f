"""Pages keep to the Content-Security-Policy: nothing inline, and every colour has a name."""

from __future__ import annotations

import re

from tests.support.home import ROOT

ASSETS = ROOT / "assets"
INLINE = {
    "script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>{}]*\son[a-z]+\s*=", re.IGNORECASE),
    "code in an attribute": re.compile(r"\bhx-on\b|javascript:|hx-vals=['\"]js:", re.IGNORECASE),
    "address of another host": re.compile(r"(?:src|href|action)\s*=\s*['\"](?:https?:)?//", re.IGNORECASE),
}
COLOUR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b(?![\w-])|\b(?:rgb|rgba|hsl|hsla|oklch)\(", re.IGNORECASE
)
MOMENT = re.compile(r"(?<![\w.:])([\w.]+)\|moment\b")
LOCAL = {
    "figures/drawer_facts.html": {"as_of"},
    "imports/list.html": {"at"},
    "members/acts.html": {"at"},
    "members/list.html": {"row.joined_at", "row.last_at"},
    "members/memberships.html": {"joined", "left"},
    "members/several.html": {"row.since"},
    "members/state.html": {"sums.first_at", "sums.last_at"},
    "members/timeline.html": {"one.at"},
    "content/one.html": {"one.at"},
    "playbooks/application.html": {"at"},
    "playbooks/history.html": {"row.at"},
    "playbooks/one.html": {"one.at"},
    "publishing/card.html": {"planned_at"},
    "reports/schedules.html": {"row.at"},
}
"""Moments that their views have brought to the clocks of the community already."""
ICON = re.compile(r"""\{% icon ["']([a-z0-9-]+)["']""")


def test_nothing_is_inline(templates: dict[str, str]) -> None:
    assert [
        f"{path}: {what}"
        for path, text in templates.items()
        for what, pattern in INLINE.items()
        if pattern.search(text)
    ] == []


def test_only_the_token_file_sets_a_colour(templates: dict[str, str]) -> None:
    sheets = {path.name: path.read_text(encoding="utf-8") for path in sorted(ASSETS.rglob("*.css"))}
    scripts = {path.name: path.read_text(encoding="utf-8") for path in sorted(ASSETS.rglob("*.js"))}
    sheets.pop("tokens.css", None)
    drawn = {path: " ".join(re.findall(r'(?:fill|stroke|color)="[^"]*"', text)) for path, text in templates.items()}
    everything = sheets | scripts | drawn
    assert {path: found for path, text in everything.items() if (found := COLOUR.findall(_bare(text)))} == {}


def _bare(text: str) -> str:
    """The text without comments and without quoted selectors of elements by id."""
    return re.sub(r"/\*.*?\*/|//[^\n]*|querySelector\([^)]*\)", "", text, flags=re.DOTALL)


def test_every_moment_is_told_by_the_clocks_of_a_place(templates: dict[str, str]) -> None:
    found = {path: set(MOMENT.findall(text)) for path, text in templates.items()}
    assert {path.split("/console/")[-1]: names for path, names in found.items() if names} == LOCAL


def test_every_icon_is_in_the_sprite(templates: dict[str, str]) -> None:
    listed = (ASSETS / "icons.txt").read_text(encoding="utf-8").split()
    used = {name for text in templates.values() for name in ICON.findall(text)}
    assert sorted(used - set(listed)) == []
    assert listed == sorted(set(listed))

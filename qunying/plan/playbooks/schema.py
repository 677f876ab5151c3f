"""The published schema of a playbook: its head, its phases, and one list for each section."""

from __future__ import annotations

from typing import Any

from qunying.kit.durations import PATTERN, SPAN_PATTERN
from qunying.plan.playbooks.sections import KNOWN, section_named

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KEY = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 60, "examples": ["first-month"]}
"""A short name: small letters, digits, hyphens."""

DURATION = {"type": ["string", "integer"], "pattern": PATTERN, "examples": ["30 天", "12 个月", "30d"]}
"""A length of time, as `kit.durations.parse_duration` reads it."""

SPAN = {"type": ["string", "integer"], "pattern": SPAN_PATTERN, "examples": ["2-4 周", "2-4w"]}
"""A length of time, or from the shortest to the longest."""

_MOST_WORDS = 2000
_SAID = {"type": "string", "minLength": 1, "maxLength": _MOST_WORDS}
TEXT = {
    "anyOf": [
        _SAID,
        {"type": "object", "properties": {"zh": _SAID, "en": _SAID}, "minProperties": 1, "additionalProperties": False},
    ],
    "examples": ["{zh: 花店, en: Flower shop}"],
}
"""Words: one text, or one for each language under zh and en."""

COMMON = {
    "key": KEY,
    "source": {"type": "string", "maxLength": 200, "examples": ["P3 M"]},
    "note": TEXT,
    "drop": {"type": "boolean"},
}
"""What an item of any section may hold: its key, where a figure comes from, a note; `drop: true` in a variant."""

_MILESTONE = {
    "type": "object",
    "properties": {"key": KEY, "title": TEXT, "due": DURATION, "source": COMMON["source"]},
    "required": ["key", "title"],
    "additionalProperties": False,
}
_PHASE = {
    "type": "object",
    "properties": {
        **COMMON,
        "title": TEXT,
        "length": SPAN,
        "focus": TEXT,
        "milestones": {"type": "array", "items": _MILESTONE},
    },
    "required": ["key", "title", "length"],
    "additionalProperties": False,
}
_VERSION = {"type": ["string", "integer"], "pattern": r"^\d+(\.\d+){0,2}$", "examples": ['"1.2"']}
HEAD: dict[str, Any] = {
    "name": KEY,
    "extends": KEY,
    "version": _VERSION,
    "title": TEXT,
    "for": TEXT,
    "description": TEXT,
    "source": COMMON["source"],
    "phases": {"type": "array", "items": _PHASE},
}
"""What stands before the sections, in the order of reading."""

NEEDED = ("name", "version", "title", "for", "description")


def playbook_schema() -> dict[str, Any]:
    """The JSON schema of a whole playbook, with the sections that are registered now."""
    return {
        "$schema": DIALECT,
        "title": "Qunying playbook",
        "type": "object",
        "properties": {**HEAD, **{name: {"type": "array", "items": item_schema(name)} for name in KNOWN}},
        "required": list(NEEDED),
        "additionalProperties": False,
    }


def item_schema(name: str) -> dict[str, Any]:
    """The schema of one item of this section; where the section is waiting, anything that has a key."""
    section = section_named(name)
    if section is None:
        return {"type": "object", "properties": {**COMMON, "title": TEXT}, "required": ["key"]}
    own = dict(section.schema)
    return {**own, "properties": {**COMMON, **own.get("properties", {})}}

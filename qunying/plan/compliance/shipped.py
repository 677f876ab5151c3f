"""The word lists that come with Qunying: files beside this one, each word with the article that speaks against it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_FOLDER = Path(__file__).parent / "lists"


@cache
def shipped_lists() -> list[dict[str, Any]]:
    """Every list as the fields of `WordList`, and `words`, each as the fields of `Word`; read once a process."""
    return [_read(path) for path in sorted(_FOLDER.glob("*.yaml"))]


def _read(path: Path) -> dict[str, Any]:
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return {
        "key": content["key"],
        "name": content["name"]["zh"],
        "name_en": content["name"]["en"],
        "kind": content["kind"],
        "severity": content["severity"],
        "words": [_word(one, group["reason"]) for group in content["groups"] for one in group["words"]],
    }


def _word(one: str | dict[str, Any], reason: dict[str, str]) -> dict[str, Any]:
    said = {"word": one} if isinstance(one, str) else one
    return {
        "word": said["word"],
        "instead": said.get("instead", ""),
        "exceptions": said.get("exceptions", []),
        "reason": reason["zh"],
        "reason_en": reason["en"],
    }

"""The playbooks that come with Qunying, and one's own files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.kit.errors import NotFoundError, QunyingError
from qunying.kit.saying import say
from qunying.plan.playbooks.lint import Linted, lint_text, waiting_sections
from qunying.plan.playbooks.variants import Content, resolve
from qunying.plan.playbooks.yaml_text import read_marked

LIBRARY = Path(__file__).resolve().parent / "library"
ORDER = (
    "process", "store-visit", "precision", "club-150", "flower-shop",
    "e-commerce", "content", "service", "catering", "retail", "travel", "education",
)  # fmt: skip
"""The five plans first, then their variants by trade."""


@dataclass(frozen=True, slots=True)
class Playbook:
    """One whole playbook: the text as it was written, and its content with what it extends laid under it."""

    text: str
    content: Content

    @property
    def name(self) -> str:
        """Its short name."""
        return str(self.content["name"])

    @property
    def version(self) -> str:
        """Its version as text."""
        return str(self.content["version"])

    @property
    def title(self) -> str:
        """Its title in the reader's language."""
        return say(self.content["title"])

    @property
    def waiting(self) -> list[str]:
        """Names of the parts whose app is not there yet."""
        return waiting_sections(self.content)


def all_playbooks() -> list[Playbook]:
    """Those that come with Qunying, in the order of the shelf."""
    return [playbook_named(name) for name in ORDER]


@cache
def playbook_named(name: str) -> Playbook:
    """The playbook of this name; raises NotFoundError naming those there are."""
    content = shelf_content(name)
    if content is None:
        raise NotFoundError(
            _("There is no playbook “%(name)s”. Those there are: %(known)s.")
            % {"name": name, "known": ", ".join(ORDER)}
        )
    return Playbook((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"), content)


def shelf_content(name: str) -> Content | None:
    """The whole content of a playbook on the shelf, unchecked; None where there is none of this name."""
    if name not in ORDER:
        return None
    own: dict[str, Any] = read_marked((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")).data
    base = shelf_content(own["extends"]) if "extends" in own else None
    return resolve(own, base)


def lint_playbook(text: str) -> Linted:
    """Check a text that may stand on any playbook of the shelf."""
    return lint_text(text, find=shelf_content)


def read_playbook(text: str) -> Playbook:
    """The playbook of a text; raises QunyingError with the first fault and how many there are."""
    return reading(text, lint_playbook(text))


def reading(text: str, linted: Linted) -> Playbook:
    """The playbook of a text that was checked; raises QunyingError with the first fault and how many there are."""
    if linted.faults:
        first = linted.faults[0]
        raise QunyingError(
            ngettext(
                "The playbook has a fault in line %(line)d column %(column)d: %(message)s",
                "The playbook has %(many)d faults. The first, line %(line)d column %(column)d: %(message)s",
                len(linted.faults),
            )
            % {"many": len(linted.faults), "line": first.line, "column": first.column, "message": first.message}
        )
    return Playbook(text, linted.content)

"""Small switches in the head of a panel: they change one parameter of the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from qunying.doors.console.ground.figures.scope import Choice


@dataclass(frozen=True, slots=True)
class Switch:
    """One parameter with its few values, on a page and in one panel of it; `default` holds where none is given."""

    page: str
    panel: str
    label: _StrPromise
    name: str
    options: Mapping[str, _StrPromise]
    default: str

    def chosen(self, query: Mapping[str, str]) -> str:
        """What the address says, if it is one of the options."""
        value = query.get(self.name, self.default)
        return value if value in self.options else self.default

    def drawn(self, choice: Choice, *, here: str) -> dict[str, Any]:
        """For the template: each option leads to the page with this value, or swaps the panel alone by htmx."""
        return {
            "label": self.label,
            "options": [
                {
                    "label": words,
                    "address": choice.address(self.page, **{self.name: value}),
                    "part": choice.address("panel", self.panel, **{self.name: value}),
                    "here": value == here,
                }
                for value, words in self.options.items()
            ],
        }

"""Small switches in the head of a panel: they change one parameter of the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.doors.console.ground.figures.scope import Choice


def chosen(query: Mapping[str, str], name: str, options: Mapping[str, Any], default: str) -> str:
    """What the address says for this switch, if it is one of the options."""
    value = query.get(name, default)
    return value if value in options else default


def switch(
    choice: Choice, *, page: str, panel: str, label: str, name: str, options: Mapping[str, Any], here: str
) -> dict[str, Any]:
    """A switch: each option leads to the page with this parameter, or swaps the panel alone by htmx."""
    return {
        "label": label,
        "options": [
            {
                "label": words,
                "address": choice.address(page, **{name: value}),
                "part": choice.address("panel", panel, **{name: value}),
                "here": value == here,
            }
            for value, words in options.items()
        ],
    }

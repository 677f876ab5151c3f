"""What a new journey begins with: nothing, or the welcome of the playbooks, to write on from."""

from __future__ import annotations

from typing import Any

from qunying.do.journeys.playbook import plain_of
from qunying.doors.console.do.journeys.forms import SHIPPED
from qunying.kit.saying import say
from qunying.plan.playbooks.shelf import shelf_content

_PLAYBOOK, _KEY = "process", "welcome"


def begun_with(chosen: str) -> tuple[str, dict[str, Any]]:
    """The usual name and the definition of a new journey, in the reader's language: words are there to be changed."""
    if chosen == SHIPPED:
        for item in (shelf_content(_PLAYBOOK) or {}).get("journeys", ()):
            if item["key"] == _KEY:
                return say(item["title"]), plain_of(item)
    return "", {"trigger": {"on": "joined"}, "again": 0, "steps": []}

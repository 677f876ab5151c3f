"""A variant says what differs: `extends` names the playbook that it stands on, item by item."""

from __future__ import annotations

from typing import Any

from qunying.plan.playbooks.sections import KNOWN, Item

HEAD = ("name", "version", "title", "for", "description", "source")
"""The words before the lists, in the order of reading."""

LISTS = ("phases", *KNOWN)
"""The parts of a playbook that are lists of items with keys."""

_OWN = {"name", "version"}
"""What a variant never takes from its base."""

Content = dict[str, Any]


def resolve(own: Content, base: Content | None) -> Content:
    """The whole playbook: the base, with what `own` says differently.

    Words of the head replace; in a list, an item with the key of one in the base changes the values it
    names and keeps the rest, `drop: true` takes it out, and any other item is added behind.
    """
    merged: Content = {}
    for name in (*HEAD, *LISTS):
        if name in LISTS:
            merged[name] = _merge(_items(base, name), _items(own, name))
        else:
            merged[name] = own.get(name, (base or {}).get(name) if name not in _OWN else None)
    return {name: value for name, value in merged.items() if value not in ([], None)}


def _items(content: Content | None, name: str) -> list[Item]:
    found = (content or {}).get(name) or []
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _merge(base: list[Item], own: list[Item]) -> list[Item]:
    changes = {item.get("key"): item for item in own}
    known = {item.get("key") for item in base}
    merged = [{**item, **changes.get(item.get("key"), {})} for item in base]
    added = [item for item in own if item.get("key") not in known]
    return [
        {name: value for name, value in item.items() if name != "drop"}
        for item in [*merged, *added]
        if not item.get("drop")
    ]

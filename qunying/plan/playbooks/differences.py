"""What differs between two versions of a playbook, item by item; and what people had edited, carried over."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from qunying.kit.saying import say
from qunying.plan.playbooks.variants import LISTS, Content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.plan.playbooks.sections import Item

_SAID = ("title", "for", "description")


class Kind(StrEnum):
    """What became of an item."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """A part of an item with what it was and what it is; None where it is not there."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """An item that came, went or changed. `part` is the list it stands in, '' for the head of the playbook."""

    part: str
    key: str
    kind: Kind
    item: Item
    changes: list[Change] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is called, in the reader's language."""
        return say(self.item.get("title")) or self.key


def version_key(version: str) -> tuple[int, ...]:
    """A version such as 1.10 as it is compared: after 1.9."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def compare(before: Content, after: Content) -> list[Difference]:
    """What has to happen to `before` for it to be `after`, part by part in the order of reading."""
    head = [Change(name, before.get(name), after.get(name)) for name in _SAID if before.get(name) != after.get(name)]
    found = [Difference("", "", Kind.CHANGED, {"title": after.get("title")}, head)] if head else []
    for part in LISTS:
        found.extend(_compare_items(part, before.get(part) or [], after.get(part) or []))
    return found


def _compare_items(part: str, before: list[Item], after: list[Item]) -> Iterator[Difference]:
    old = {item["key"]: item for item in before}
    new = {item["key"]: item for item in after}
    for key, item in new.items():
        if key not in old:
            yield Difference(part, key, Kind.NEW, item)
        elif changes := _changes(old[key], item):
            yield Difference(part, key, Kind.CHANGED, item, changes)
    yield from (Difference(part, key, Kind.GONE, item) for key, item in old.items() if key not in new)


def _changes(before: Item, after: Item) -> list[Change]:
    names = [*after, *(name for name in before if name not in after)]
    return [Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def carry_over(original: Content, mine: Content, theirs: Content) -> Content:
    """The new version with what was edited in the review of the old one.

    Values that `mine` has otherwise than `original` stay as they are in `mine`.
    """
    merged = dict(theirs)
    for part in LISTS:
        if part in theirs:
            were, are = ({item["key"]: item for item in content.get(part) or []} for content in (original, mine))
            merged[part] = [_carried(were.get(item["key"]), are.get(item["key"]), item) for item in theirs[part]]
    return merged


def _carried(were: Item | None, are: Item | None, item: Item) -> Item:
    if were is None or are is None:
        return item
    edited = {change.name: change.after for change in _changes(were, are)}
    return {name: value for name, value in {**item, **edited}.items() if value is not None}

"""Verbs on many members at once: a thousand a transaction, so that nobody waits behind a long write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.members.services_people import mark_members
from qunying.ground.members.services_tags import tag_members, untag_members

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qunying.ground.audit.actors import Actor
    from qunying.ground.members.models import Tag
    from qunying.ground.members.services_people import Mark

_AT_ONCE = 1000


def tag_many_members(members: Sequence[int], *, dimension: str, name: str, by: Actor) -> tuple[Tag, list[int]]:
    """Give members (ids) one tag, made if there is none; the tag, and those who did not carry it before."""
    tag, first = tag_members(members[:_AT_ONCE], dimension=dimension, name=name, by=by)
    rest = members[_AT_ONCE:]
    return tag, first + _each(rest, lambda part: tag_members(part, dimension=dimension, name=name, by=by)[1])


def untag_many_members(members: Sequence[int], *, tag: Tag, by: Actor) -> list[int]:
    """Take a tag from members (ids); those who carried it."""
    return _each(members, lambda part: untag_members(part, tag=tag, by=by))


def mark_many_members(members: Sequence[int], *, mark: Mark, on: bool, by: Actor) -> list[int]:
    """Mark members (ids) as staff or bots, or take the mark away; those of whom it is new."""
    return _each(members, lambda part: mark_members(part, mark=mark, on=on, by=by))


def _each(ids: Sequence[int], act: Callable[[Sequence[int]], list[int]]) -> list[int]:
    return [pk for start in range(0, len(ids), _AT_ONCE) for pk in act(ids[start : start + _AT_ONCE])]

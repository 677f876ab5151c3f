"""The organisation tree, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def subtree(unit: Unit) -> QuerySet[Unit]:
    """The unit and everything below it."""
    return Unit.objects.filter(path__startswith=unit.path)


def ancestors(unit: Unit) -> QuerySet[Unit]:
    """The units above it, the root first; without the unit itself."""
    ids = [int(part) for part in unit.path.split("/") if part]
    return Unit.objects.filter(pk__in=ids[:-1]).order_by("path")


def roots() -> QuerySet[Unit]:
    """The units nothing stands above."""
    return Unit.objects.filter(parent=None)


def in_tree_order(units: Iterable[Unit]) -> list[Unit]:
    """These units as a reader walks the tree: each before what hangs below it, neighbours by name.

    A unit whose parent is not among them counts as a top of its own.
    """
    known = {unit.pk: unit for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in sorted(known.values(), key=lambda unit: unit.name):
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    walked: list[Unit] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        unit = waiting.pop()
        walked.append(unit)
        waiting.extend(below.get(unit.pk, [])[::-1])
    return walked

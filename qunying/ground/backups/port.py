"""The port of restoring: apps name the tables that stay behind, and what must be mended in what was brought back.

Both are called from `AppConfig.ready()`; docs/howto/restore-step.md shows how.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_left_out: set[str] = set()
_steps: dict[str, Step] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """Something to mend after the rows are back: `work()` runs in the transaction that brought them."""

    name: str
    work: Callable[[], object]
    order: int


def leave_out(*tables: str) -> None:
    """Have backups carry nothing of these tables: leases, caches, what can be made anew."""
    _left_out.update(tables)


def left_out() -> frozenset[str]:
    """Tables no backup carries."""
    return frozenset(_left_out)


def after_restore(name: str, work: Callable[[], object], *, order: int = 50) -> None:
    """Have `work` run once all rows are back, in their transaction, by `order`; the same name replaces it.

    It must be safe to run on data that needs no mending. What it raises undoes the whole restore. Work at 10
    is the log's own (transactions, cursors); erased people are erased again at 50, before anybody can look.
    """
    _steps[name] = Step(name, work, order)


def restore_steps() -> list[Step]:
    """Every step, in order."""
    return sorted(_steps.values(), key=lambda step: (step.order, step.name))

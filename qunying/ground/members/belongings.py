"""The port for what belongs to a person and goes with them when two people turn out to be one.

A model that says something of a person has the columns `member` (whose it is now) and `home` (whose it was
before people were merged; null while that is the same). Its app registers it in `AppConfig.ready()`. Merging
moves rows to the person who is kept and remembers their home; telling the two apart moves them back. What
both had already, by the fields in `once`, waits at the one who was merged away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from qunying.ground.members.models import Identity, MemberTag, Note, PrivateField
from qunying.ground.members.sealing import open_field, seal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Belonging:
    """Rows of one model that move with a person.

    `once` are the fields of which a person has each value at most once; `among` narrows to the rows for
    which that holds, others stay where they are; `rewrite` makes a row ready for another member's id.
    """

    model: type[Model]
    once: tuple[str, ...] = ()
    among: Q = field(default_factory=Q)
    rewrite: Callable[[Any, int], None] | None = None


_belongings: dict[str, Belonging] = {}


def register_belonging(belonging: Belonging) -> None:
    """Have merging move the rows of this model, too."""
    _belongings[belonging.model._meta.label] = belonging  # noqa: SLF001 - Django's own name for reading it


def take_over(member_id: int, *, into: int) -> None:
    """Move everything of one member (id) to another; what that one has already waits where it is."""
    for belonging in _all():
        held = {_key(row, belonging) for row in _of([into], belonging)} if belonging.once else set()
        for row in _of([member_id], belonging):
            if _key(row, belonging) not in held:
                _move(row, into, home=row.home_id or member_id, belonging=belonging)


def give_back(member_id: int, *, out_of: int, family: Collection[int], rest: Iterable[int]) -> None:
    """Move what came with one member (id) back to it.

    `family` are the ids of that member and of everyone merged into it before; `rest` those who stay merged
    into `out_of`. Where something leaves that one of `rest` has as well, theirs takes its place.
    """
    staying = [pk for pk in rest if pk != out_of]
    for belonging in _all():
        theirs = {_key(row, belonging) for row in _of([member_id], belonging)} if belonging.once else set()
        leaving = [row for row in _of([out_of], belonging) if row.home_id in family]
        for row in leaving:
            key = _key(row, belonging)
            place = row.home_id if belonging.once and key in theirs else member_id
            _move(row, place, home=row.home_id if row.home_id != place else None, belonging=belonging)
        if belonging.once and staying:
            _step_in({_key(row, belonging) for row in leaving}, staying, out_of, belonging)


def _step_in(keys: set[tuple[Any, ...]], staying: list[int], out_of: int, belonging: Belonging) -> None:
    for row in _of(staying, belonging):
        if (key := _key(row, belonging)) in keys:
            keys.discard(key)
            _move(row, out_of, home=row.home_id or row.member_id, belonging=belonging)


def _all() -> list[Belonging]:
    return [*_OWN, *_belongings.values()]


def _of(members: list[int], belonging: Belonging) -> list[Any]:
    rows: Any = belonging.model._default_manager  # noqa: SLF001 - Django's own name for reading it
    return list(rows.filter(belonging.among, member__in=members).order_by("pk"))


def _key(row: Any, belonging: Belonging) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in belonging.once) if belonging.once else (row.pk,)


def _move(row: Any, member_id: int, *, home: int | None, belonging: Belonging) -> None:
    if belonging.rewrite:
        belonging.rewrite(row, member_id)
    row.member_id, row.home_id = member_id, home
    row.save()


def _seal_again(field: PrivateField, member_id: int) -> None:
    """Private values are bound to the row they belong to."""
    field.sealed = seal(member_id, field.name, open_field(field)).sealed


_OWN = (
    Belonging(Identity),
    Belonging(MemberTag, once=("tag_id",)),
    Belonging(PrivateField, once=("name",), rewrite=_seal_again),
    Belonging(Note),
)

"""Who stands behind the keys that acts and jobs carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.models import Staff

if TYPE_CHECKING:
    from collections.abc import Collection


def actor_names(keys: Collection[str]) -> dict[str, str]:
    """Each key with a name for people: the person's own, or the part of the system. One query."""
    numbers = {key: key.partition(":")[2] for key in keys if key.startswith("staff:")}
    wanted = [int(number) for number in numbers.values() if number.isdigit()]
    people = {f"staff:{pk}": name for pk, name in Staff.objects.filter(pk__in=wanted).values_list("pk", "name")}
    return {key: people.get(key) or _system_name(key) for key in keys}


def _system_name(key: str) -> str:
    kind, _colon, part = key.partition(":")
    return _("System · %(part)s") % {"part": part} if kind == "system" else key

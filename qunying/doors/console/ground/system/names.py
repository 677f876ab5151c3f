"""Who stands behind the keys that acts and jobs carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from qunying.ground.access.models import ApiKey, Staff
from qunying.ground.events.kinds import all_kinds
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.utils.functional import _StrPromise

_PARTS: dict[str, _StrPromise] = {
    "backups": pgettext_lazy("part of the system", "backups"),
    "chores": pgettext_lazy("part of the system", "nightly chores"),
    "cli": pgettext_lazy("part of the system", "command line"),
    "demo": pgettext_lazy("part of the system", "example"),
    "invitation": pgettext_lazy("part of the system", "invitation"),
    "reports": pgettext_lazy("part of the system", "reports"),
    "sign-in": pgettext_lazy("part of the system", "sign-in"),
    "suggestions": pgettext_lazy("part of the system", "suggestions"),
    "tracking": pgettext_lazy("part of the system", "goal tracking"),
}


_FOLLOWERS: dict[str, _StrPromise] = {
    "warehouse": pgettext_lazy("follower", "Warehouse of figures"),
    "webhooks": pgettext_lazy("follower", "Webhooks"),
}


def follower_words(name: str) -> str:
    """What a follower of the log is called; its own name where it has no other."""
    return str(_FOLLOWERS.get(name, name))


def fact_words(kind: str) -> str:
    """What a kind of fact means, without a full stop; its own name where the house no longer knows it."""
    meanings = {one.name: one.meaning for one in all_kinds()}
    return str(meanings.get(kind, kind)).rstrip("。.")


def actor_names(keys: Collection[str]) -> dict[str, str]:
    """Each key with a name for people: the person's own, the name of the key, or the part of the system.

    One query, and one more where keys acted.
    """
    numbers = {key: key.partition(":")[2] for key in keys if key.startswith("staff:")}
    wanted = [pk for number in numbers.values() if (pk := to_id(number)) is not None]
    people = {f"staff:{pk}": name for pk, name in Staff.objects.filter(pk__in=wanted).values_list("pk", "name")}
    programs = _key_names([key for key in keys if key.startswith("key:")])
    return {key: people.get(key) or programs.get(key) or _system_name(key) for key in keys}


def _key_names(keys: Collection[str]) -> dict[str, str]:
    """The names of API keys; no query where there are none."""
    wanted = [pk for key in keys if (pk := to_id(key.partition(":")[2])) is not None]
    rows = ApiKey.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else ()
    return {f"key:{pk}": _("API key · %(name)s") % {"name": name} for pk, name in rows}


def _system_name(key: str) -> str:
    kind, _colon, part = key.partition(":")
    return _("System · %(part)s") % {"part": _PARTS.get(part, part)} if kind == "system" else key

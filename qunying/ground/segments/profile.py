"""Conditions on who someone is: tags, channel, group, part, joining, platform, presence, marks."""

# ruff: noqa: S608 - what is put into SQL is checked numbers, days, and words quoted by `sql_list`
from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.ground.platforms.names import platform_label, platforms
from qunying.ground.segments.conditions import Kind, Names, register_condition
from qunying.kit.errors import QunyingError
from qunying.kit.formats import day
from qunying.kit.numerals import to_id
from qunying.kit.sql import sql_date, sql_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrPromise

    from qunying.ground.figures.people import Finding

    Params = Mapping[str, Any]

PARTS: dict[str, _StrPromise] = {
    "owner": pgettext_lazy("role", "Owner"),
    "admin": pgettext_lazy("role", "Admin"),
    "active": pgettext_lazy("role", "Active member"),
    "member": pgettext_lazy("role", "Ordinary member"),
    "leader": pgettext_lazy("role", "Opinion leader"),
    "producer": pgettext_lazy("role", "Content producer"),
}
_RECOGNISED = ("leader", "producer")


def _numbers(name: str, missing: _StrPromise) -> Callable[[Params], dict[str, Any]]:
    def read(given: Params) -> dict[str, Any]:
        values = [pk for value in _listed(given, name) if (pk := to_id(str(value))) is not None]
        if not values:
            raise QunyingError(str(missing))
        return {name: sorted(set(values))}

    return read


def _words(name: str, missing: _StrPromise) -> Callable[[Params], dict[str, Any]]:
    def read(given: Params) -> dict[str, Any]:
        values = sorted({str(value)[:64] for value in _listed(given, name) if str(value)})
        if not values:
            raise QunyingError(str(missing))
        return {name: values}

    return read


def _listed(given: Params, name: str) -> list[Any]:
    value = given.get(name, [])
    return list(value) if isinstance(value, list | tuple) else [value]


def _known(name: str, known: Mapping[str, Any], missing: _StrPromise) -> Callable[[Params], dict[str, Any]]:
    def read(given: Params) -> dict[str, Any]:
        values = [value for value in known if value in _listed(given, name)]
        if not values:
            raise QunyingError(str(missing))
        return {name: values}

    return read


def _any_of(values: list[str]) -> str:
    return _(" or ").join(values)


def _choose(name: str, choices: Mapping[str, tuple[_StrPromise, _StrPromise]]) -> Callable[[Params], dict[str, Any]]:
    def read(given: Params) -> dict[str, Any]:
        value = str(given.get(name, ""))
        if value not in choices:
            raise QunyingError(_("Choose one of the possibilities of each condition."))
        return {name: value}

    return read


def _tag_words(params: Params, negated: bool, names: Names) -> str:  # noqa: FBT001 - the port's shape
    tags = {"tags": _any_of([names.tags.get(pk, f"#{pk}") for pk in params["tags"]])}
    return (_("without the tag %(tags)s") if negated else _("with the tag %(tags)s")) % tags


register_condition(
    Kind(
        "tag",
        gettext_lazy("Carries a tag"),
        _numbers("tags", gettext_lazy("Choose at least one tag.")),
        lambda params, _look: f'SELECT member FROM "carried" WHERE tag IN {sql_list(params["tags"])}',
        _tag_words,
    )
)


def _channel_words(params: Params, negated: bool, _names: Names) -> str:  # noqa: FBT001 - the port's shape
    channels = {"channels": _any_of(params["channels"])}
    return (_("not joined by %(channels)s") if negated else _("joined by %(channels)s")) % channels


register_condition(
    Kind(
        "channel",
        gettext_lazy("Joined by a channel"),
        _words("channels", gettext_lazy("Choose at least one channel.")),
        lambda params, _look: f'SELECT member FROM "stays" WHERE channel_key IN {sql_list(params["channels"])}',
        _channel_words,
    )
)


def _group_words(params: Params, negated: bool, names: Names) -> str:  # noqa: FBT001 - the port's shape
    groups = {"groups": _any_of([names.groups.get(pk, f"#{pk}") for pk in params["groups"]])}
    return (_("not in the group %(groups)s now") if negated else _("in the group %(groups)s now")) % groups


register_condition(
    Kind(
        "group",
        gettext_lazy("Is in a group"),
        _numbers("groups", gettext_lazy("Choose at least one group.")),
        lambda params, _look: (
            f'SELECT member FROM "stays" WHERE "group" IN {sql_list(params["groups"])} AND left_day IS NULL'
        ),
        _group_words,
    )
)


def _part_sql(params: Params, _look: Finding) -> str:
    roles = [name for name in params["roles"] if name not in _RECOGNISED]
    kinds = [name for name in params["roles"] if name in _RECOGNISED]
    found = []
    if roles:
        found.append(f'SELECT member FROM "stays" WHERE role IN {sql_list(roles)} AND left_day IS NULL')
    if kinds:
        found.append(f'SELECT member FROM "recognitions" WHERE kind IN {sql_list(kinds)}')
    return " UNION ".join(found)


def _part_words(params: Params, negated: bool, _names: Names) -> str:  # noqa: FBT001 - the port's shape
    parts = {"parts": _any_of([str(PARTS[name]) for name in params["roles"]])}
    return (_("who is not %(parts)s") if negated else _("who is %(parts)s")) % parts


register_condition(
    Kind(
        "part",
        gettext_lazy("Has a part in a group"),
        _known("roles", PARTS, gettext_lazy("Choose at least one part.")),
        _part_sql,
        _part_words,
    )
)


def _read_joined(given: Params) -> dict[str, Any]:
    days = {name: _day(str(given.get(name) or "")) for name in ("from", "until")}
    if not any(days.values()):
        raise QunyingError(_("Write the first or the last day of joining, or both."))
    if days["from"] and days["until"] and days["from"] > days["until"]:
        raise QunyingError(_("The first day of joining lies after the last. Turn them round."))
    return days


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise QunyingError(_("“%(value)s” is not a date. Write one such as 1990-05-23.") % {"value": text}) from None


def _joined_sql(params: Params, _look: Finding) -> str:
    first = 'SELECT member FROM "stays" GROUP BY member HAVING true'
    if params["from"]:
        first += f" AND min(joined_day) >= {sql_date(date.fromisoformat(params['from']))}"
    if params["until"]:
        first += f" AND min(joined_day) <= {sql_date(date.fromisoformat(params['until']))}"
    return first


def _joined_words(params: Params, negated: bool, _names: Names) -> str:  # noqa: FBT001 - the port's shape
    told = {name: day(date.fromisoformat(value), weekday=False) for name, value in params.items() if value}
    if len(told) > 1:
        text = _("not joined between %(from)s and %(until)s") if negated else _("joined between %(from)s and %(until)s")
    elif "from" in told:
        text = _("joined before %(from)s") if negated else _("joined since %(from)s")
    else:
        text = _("joined after %(until)s") if negated else _("joined up to %(until)s")
    return text % told


register_condition(Kind("joined", gettext_lazy("Joined between two days"), _read_joined, _joined_sql, _joined_words))


def _platform_words(params: Params, negated: bool, _names: Names) -> str:  # noqa: FBT001 - the port's shape
    told = {"platforms": _any_of([platform_label(name) for name in params["platforms"]])}
    text = _("without an account on %(platforms)s") if negated else _("with an account on %(platforms)s")
    return text % told


def _read_platforms(given: Params) -> dict[str, Any]:
    return _known("platforms", platforms(), gettext_lazy("Choose at least one platform."))(given)


register_condition(
    Kind(
        "platform",
        gettext_lazy("Has an account on"),
        _read_platforms,
        lambda params, _look: f'SELECT member FROM "accounts" WHERE platform IN {sql_list(params["platforms"])}',
        _platform_words,
    )
)

STATES = {
    "present": (gettext_lazy("in the community now"), gettext_lazy("gone from the community")),
    "left": (gettext_lazy("gone from the community"), gettext_lazy("in the community now")),
}
MARKS = {
    "staff": (gettext_lazy("marked as staff"), gettext_lazy("not marked as staff")),
    "bot": (gettext_lazy("marked as a bot"), gettext_lazy("not marked as a bot")),
}
_HERE = 'SELECT member FROM "stays" WHERE left_day IS NULL'


def _state_sql(params: Params, _look: Finding) -> str:
    return _HERE if params["state"] == "present" else f'SELECT member FROM "stays" EXCEPT {_HERE}'


register_condition(
    Kind(
        "state",
        gettext_lazy("Is there, or has left"),
        _choose("state", STATES),
        _state_sql,
        lambda params, negated, _names: str(STATES[params["state"]][int(negated)]),
    )
)
register_condition(
    Kind(
        "mark",
        gettext_lazy("Is staff or a bot"),
        _choose("mark", MARKS),
        lambda params, _look: f'SELECT member FROM "marked" WHERE is_{params["mark"]}',
        lambda params, negated, _names: str(MARKS[params["mark"]][int(negated)]),
    )
)

"""The form a segment is built with: from what was posted to its plain form, and to rows a template can show.

Each row has a place, such as 0 or 1.0 (the first row of the group at place 1). Its values are posted as
`PLACE:name`; `row` lists the places in their order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Tag
from qunying.ground.platforms.names import platforms
from qunying.ground.segments.behaviour import deeds
from qunying.ground.segments.conditions import all_conditions
from qunying.ground.segments.profile import MARKS, PARTS, STATES
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

    from qunying.ground.groups.models import Community

_MANY = ("tags", "channels", "groups", "roles", "platforms")
_ONE = ("deed", "times", "days", "amount", "from", "until", "state", "mark")
_USUAL_DAYS = 30
_START = {"all": True, "parts": [{"is": "state", "state": "present"}]}


@dataclass(frozen=True, slots=True)
class Options:
    """What there is to choose from in the communities of a segment."""

    tags: list[tuple[int, str]]
    groups: list[tuple[int, str]]
    channels: list[tuple[str, str]]
    platforms: list[tuple[str, str]]
    roles: list[tuple[str, str]]
    deeds: list[tuple[str, str]]
    states: list[tuple[str, str]]
    marks: list[tuple[str, str]]
    kinds: list[tuple[str, str]]


@dataclass(slots=True)
class Row:
    """One condition or group as the form shows it."""

    place: str
    kind: str
    negated: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    every: bool = True
    rows: list[Row] = field(default_factory=list)


def options_in(communities: Sequence[Community]) -> Options:
    """Everything to choose from. Three queries."""
    ids = [row.pk for row in communities]
    tags = Tag.objects.filter(archived_at=None, dimension__archived_at=None).select_related("dimension")
    here = Membership.objects.filter(community__in=ids)
    channels = here.exclude(channel_key="").order_by().values_list("channel_key", flat=True).distinct()
    groups = [(group.pk, group.name) for row in communities for group in row.groups.all()]
    return Options(
        tags=[(tag.pk, f"{tag.dimension.label}：{tag.label}") for tag in tags.order_by("dimension__pk", "pk")],
        groups=groups,
        channels=[(key, key) for key in sorted(channels)],
        platforms=[(name, str(label)) for name, label in platforms().items()],
        roles=[(name, str(label)) for name, label in PARTS.items()],
        deeds=list(deeds().items()),
        states=[(name, str(words[0])) for name, words in STATES.items()],
        marks=[(name, str(words[0])) for name, words in MARKS.items()],
        kinds=[(kind.name, str(kind.label)) for kind in all_conditions()],
    )


def plain_from(posted: QueryDict) -> dict[str, Any]:
    """The plain form of what was posted, nothing checked; a fresh form asks who is there now."""
    if "row" not in posted:
        return dict(_START)
    whole: dict[str, Any] = {"all": posted.get("every") != "0", "parts": []}
    groups: dict[str, dict[str, Any]] = {}
    for place in posted.getlist("row")[:60]:
        above, _dot, _own = place.rpartition(".")
        into = groups[above]["parts"] if above in groups else whole["parts"]
        if posted.get(f"{place}:is") == "group":
            groups[place] = {"all": posted.get(f"{place}:every") != "0", "parts": []}
            whole["parts"].append(groups[place])
            continue
        into.append(_condition(posted, place))
    return whole


def _condition(posted: QueryDict, place: str) -> dict[str, Any]:
    found: dict[str, Any] = {"is": posted.get(f"{place}:is", ""), "not": posted.get(f"{place}:not") == "1"}
    found |= {name: posted.getlist(f"{place}:{name}") for name in _MANY if f"{place}:{name}" in posted}
    return found | {name: posted.get(f"{place}:{name}", "").strip() for name in _ONE if f"{place}:{name}" in posted}


def changed(plain: dict[str, Any], act: str) -> dict[str, Any]:
    """The form after a button: add:KIND, add:KIND@PLACE (into a group), or drop:PLACE; else as it was."""
    verb, _colon, rest = act.partition(":")
    if verb == "drop":
        return _without(plain, rest)
    if verb == "add" and rest:
        kind, _at, place = rest.partition("@")
        fresh: dict[str, Any] = {"all": False, "parts": []} if kind == "group" else {"is": kind, "not": False}
        into = plain
        number = to_id(place)
        if number is not None and number < len(plain["parts"]) and "parts" in plain["parts"][number]:
            into = plain["parts"][number]
        into["parts"].append(fresh)
    return plain


def _without(plain: dict[str, Any], place: str) -> dict[str, Any]:
    numbers = [number for part in place.split(".") if (number := to_id(part)) is not None]
    rows = plain["parts"]
    if len(numbers) > 1 and numbers[0] < len(rows):
        rows = rows[numbers[0]].get("parts", [])
    if numbers and numbers[-1] < len(rows):
        del rows[numbers[-1]]
    return plain


def rows_of(plain: dict[str, Any], above: str = "") -> list[Row]:
    """The plain form as rows with their places."""
    rows = []
    for number, part in enumerate(plain["parts"]):
        place = f"{above}{number}"
        if "parts" in part:
            rows.append(Row(place, "group", every=bool(part["all"]), rows=rows_of(part, f"{place}.")))
        else:
            rows.append(
                Row(
                    place,
                    part["is"],
                    bool(part.get("not")),
                    {"days": _USUAL_DAYS, "times": 1, **part, "chosen": _chosen(part)},
                )
            )
    return rows


def _chosen(part: dict[str, Any]) -> set[str]:
    values = [value for name in _MANY for value in part.get(name, ())]
    return {str(value) for value in [*values, part.get("deed"), part.get("state"), part.get("mark")] if value}

"""The scope bar: where, whom, which days, compared with what; all of it in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from qunying.doors.console.ground.figures.days import PRESETS
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import channels_of, communities_for, tags_in
from qunying.ground.segments.queries import segments_at
from qunying.ground.units.queries import in_tree_order
from qunying.kit import formats

if TYPE_CHECKING:
    from qunying.doors.console.ground.figures.scope import Choice

_LISTED = 200
_INDENT = "\u2003"


def scope_bar(choice: Choice, name: str) -> dict[str, Any]:
    """Everything the bar shows; the tags, groups and channels only of a community that is open."""
    groups = list(choice.community.groups.values_list("pk", "name")) if choice.community else []
    channels = channels_of(choice.community) if choice.community else []
    known = tags_in(choice.community) if choice.community else ()
    tags = [(tag.pk, f"{tag.dimension.label}：{tag.label}") for tag in known]
    return {
        "action": choice.address(name).partition("?")[0],
        "places": _places(choice),
        "groups": [pair for pair in groups if pair[0] not in choice.groups] if len(groups) > 1 else [],
        "tags": [pair for pair in tags if pair[0] not in choice.tags],
        "segments": _segments(choice),
        "channels": [key for key in channels if key not in choice.channels],
        "chips": _chips(choice, name, dict(groups), dict(tags)),
        "presets": [
            {
                "label": label,
                "address": choice.address(name, period=preset, **{"from": None, "to": None}),
                "here": preset == choice.preset,
            }
            for preset, label in PRESETS.items()
        ],
        "compares": [
            ("previous", _("Period before")),
            ("organisation", _("Organisation")),
            ("off", _("Nothing")),
        ],
        "hidden": [(key, value) for key, value in choice.kept if key not in {"from", "to", "period", "compare"}],
        "hidden_when": [(key, value) for key, value in choice.kept if key in {"from", "to", "period"}],
        "words": period_words(choice),
    }


def period_words(choice: Choice) -> str:
    """The days in words."""
    period = choice.period
    if period.days == 1:
        return formats.day(period.start)
    begins, ends = formats.day(period.start, weekday=False), formats.day(period.end, weekday=False)
    return _("%(from)s to %(to)s") % {"from": begins, "to": ends}


def _places(choice: Choice) -> list[dict[str, Any]]:
    """Units as a tree and the communities in each, for one select; only what this person may see."""
    units = in_tree_order(units_for(choice.staff, Permission.SEE_FIGURES))
    communities = list(communities_for(choice.staff)[: _LISTED + 1])
    if len(communities) > _LISTED:
        communities = [choice.community] if choice.community else []
    places = [_place("", _("All communities"), here=not (choice.community or choice.unit))]
    top = min((unit.depth for unit in units), default=0)
    for unit in units:
        depth = unit.depth - top
        places.append(_place(f"unit:{unit.pk}", unit.name, depth=depth, here=unit == choice.unit))
        places += [
            _place(f"community:{one.slug}", one.name, depth=depth + 1, here=one == choice.community)
            for one in communities
            if one.unit_id == unit.pk
        ]
    return places


def _place(value: str, name: str, *, here: bool, depth: int = 0) -> dict[str, Any]:
    """An option; the chosen one stands in the closed select, where an indent would look lost."""
    return {"value": value, "label": name if here else f"{_INDENT * depth}{name}", "here": here}


def _segments(choice: Choice) -> list[tuple[int, str]]:
    """Saved segments to choose from, until one is chosen."""
    if choice.segment is not None:
        return []
    here = segments_at(choice.staff, community=choice.community, unit=choice.unit)
    return list(here.values_list("pk", "name")[:_LISTED])


def _chips(choice: Choice, name: str, groups: dict[int, str], tags: dict[int, str]) -> list[dict[str, str]]:
    found = [("group", _("Group"), str(pk), groups.get(pk, "")) for pk in choice.groups]
    found += [("tag", "", str(pk), tags.get(pk, str(pk))) for pk in choice.tags]
    found += [("segment", _("Segment"), str(one.pk), one.name) for one in [choice.segment] if one]
    found += [("channel", _("Channel"), key, key) for key in choice.channels]
    return [
        {"label": label, "value": words, "off": _without(choice, name, key, value)}
        for key, label, value, words in found
    ]


def _without(choice: Choice, name: str, key: str, value: str) -> str:
    base = choice.address(name).partition("?")[0]
    pairs = [pair for pair in choice.kept if pair != (key, value)]
    return f"{base}?{urlencode(pairs)}" if pairs else base

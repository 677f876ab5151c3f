"""The filters of the members list: from the address to a selection, and back as chips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.ground.events.selection import Marked, Selection, State
from qunying.ground.groups.queries import channels_of, tags_in
from qunying.kit.formats import day
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from enum import StrEnum

    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Tag

STATES: dict[State, _StrPromise] = {
    State.PRESENT: _("In the community now"),
    State.LEFT: pgettext_lazy("state", "Left"),
}
MARKS: dict[Marked, _StrPromise] = {
    Marked.NONE: _("Neither staff nor bot"),
    Marked.STAFF: _("Staff"),
    Marked.BOT: _("Bots"),
}
SEEN: dict[str, _StrPromise] = {
    "in7": _("Active in the last 7 days"),
    "in30": _("Active in the last 30 days"),
    "in90": _("Active in the last 90 days"),
    "not30": _("Silent for 30 days"),
    "not90": _("Silent for 90 days"),
}
_Choice = TypeVar("_Choice", bound="StrEnum")


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force and the address without it."""

    label: str
    value: str
    off: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of one community offer."""

    groups: list[Group]
    channels: list[str]
    tags: list[Tag]


def choices_in(community: Community) -> Choices:
    """Groups, channels and tags to choose from. Three queries."""
    return Choices(list(community.groups.order_by("name")), channels_of(community), list(tags_in(community)))


def selection_from(query: QueryDict) -> Selection:
    """The selection an address asks for; what cannot be read does not narrow."""
    seen = query.get("seen", "")
    return Selection(
        words=query.get("q", "").strip()[:120],
        tags=tuple(dict.fromkeys(number for text in query.getlist("tag") if (number := to_id(text)) is not None)),
        group=to_id(query.get("group", "")),
        channel=query.get("channel", ""),
        state=_choice(State, query.get("state", "")),
        marked=_choice(Marked, query.get("marked", "")),
        joined_from=_day(query.get("joined_from", "")),
        joined_until=_day(query.get("joined_until", "")),
        seen_within=int(seen[2:]) if seen in SEEN and seen.startswith("in") else None,
        silent_for=int(seen[3:]) if seen in SEEN and seen.startswith("not") else None,
    )


def chips_of(query: QueryDict, selection: Selection, choices: Choices) -> list[Chip]:
    """Each filter in force, in words, with the address that takes it away."""
    groups = {group.pk: group.name for group in choices.groups}
    tags = {tag.pk: f"{tag.dimension.label}：{tag.label}" for tag in choices.tags}
    seen = SEEN.get(str(query.get("seen", "")), "")
    single: list[tuple[str, str | _StrPromise, str | _StrPromise]] = [
        ("q", _("Search"), selection.words),
        ("group", _("Group"), groups.get(selection.group, str(selection.group)) if selection.group is not None else ""),
        ("channel", _("Channel"), selection.channel),
        ("state", "", STATES[selection.state] if selection.state else ""),
        ("marked", "", MARKS[selection.marked] if selection.marked else ""),
        ("joined_from", _("Joined from"), day(selection.joined_from) if selection.joined_from else ""),
        ("joined_until", _("Joined until"), day(selection.joined_until) if selection.joined_until else ""),
        ("seen", "", seen),
    ]
    chips = [Chip(str(label), str(value), _without(query, name)) for name, label, value in single if value]
    return chips + [
        Chip(str(_("Tag")), tags.get(pk, str(pk)), _without(query, "tag", str(pk))) for pk in selection.tags
    ]


def _without(query: QueryDict, name: str, value: str = "") -> str:
    rest = query.copy()
    rest.pop("page", None)
    rest.setlist(name, [text for text in rest.getlist(name) if value and text != value])
    return f"?{rest.urlencode()}"


def _choice(kind: type[_Choice], text: str) -> _Choice | None:
    try:
        return kind(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

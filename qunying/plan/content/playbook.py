"""The section `calendar` of playbooks: what comes again and again, made into rules that keep the plan filled."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.ground.access.roles import ROLES
from qunying.kit.durations import PATTERN, parse_duration
from qunying.kit.errors import QunyingError
from qunying.kit.saying import in_both, say
from qunying.plan.content.models import Cadence, Entry, Form, Theme
from qunying.plan.content.queries import themes_of
from qunying.plan.content.services_cadences import Rhythm, begin_cadence, end_cadence, untouched
from qunying.plan.content.services_themes import set_theme
from qunying.plan.playbooks.schema import TEXT
from qunying.plan.playbooks.sections import Field, Line, Made, Problem, Section, register_section
from qunying.plan.schedule.days import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.sections import Item, Occasion

_WHOLE = 100
_OWNERS = {name: label for name, (label, _held) in ROLES.items()}
_SHARE = r"^\s*(100|[0-9]{1,2})\s*[%％]\s*$"
FORMS = {
    Form.TEXT.value: pgettext_lazy("form of content", "Text"),
    Form.IMAGE.value: pgettext_lazy("form of content", "Pictures"),
    Form.VIDEO.value: pgettext_lazy("form of content", "Video"),
    Form.AUDIO.value: pgettext_lazy("form of content", "Audio"),
    Form.LIVE.value: pgettext_lazy("form of content", "Live"),
    Form.H5.value: pgettext_lazy("form of content", "Web page"),
}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["key", "title", "every"],
    "properties": {
        "key": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,59}$", "description": "Its name within the file"},
        "title": TEXT,
        "every": {
            "type": ["string", "integer"],
            "pattern": PATTERN,
            "examples": ["1 天", "1 周", "1 个月"],
            "description": "How often a topic comes, counted from the first day of the playbook",
        },
        "on": {"enum": list(RULES), "description": "The first such day from then on"},
        "month_day": {"type": "integer", "minimum": 1, "maximum": 28, "description": "The first such day of a month"},
        "at": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["19:30"]},
        "theme": {**TEXT, "description": "What it is about; left out, the title is a theme of its own with its share"},
        "share": {"type": "string", "pattern": _SHARE, "examples": ["40%"], "description": "Of the month's content"},
        "form": {"enum": list(FORMS)},
        "owner": {"enum": sorted(ROLES), "description": "The role whose task it is"},
    },
}


def check(items: list[Item]) -> Iterator[Problem]:
    """What a schema cannot say: a rhythm that moves on, and shares that fit into the whole."""
    shares: dict[str, int] = {}
    for place, item in enumerate(items):
        if not parse_duration(item["every"]).count:
            yield Problem((place, "every"), _("It comes after one day at the earliest: write 1 天."))
        if "share" in item:
            shares[_theme_name(item)] = _share(item) or 0
            if sum(shares.values()) > _WHOLE:
                yield Problem((place, "share"), _("Up to here the shares make more than 100% together."))


def _share(item: Item) -> int | None:
    found = re.search(r"\d+", item.get("share", ""))
    return int(found[0]) if found else None


def _tongue(text: Any, language: str) -> str:
    """The words in this language; the Chinese of a text that has none are the English."""
    if isinstance(text, dict):
        return str(text.get(language) or (text.get("en", "") if language == "zh" else ""))
    return str(text or "") if language == "zh" else ""


def _theme_name(item: Item) -> str:
    """The theme an item belongs to: the one it names, or, with a share of its own, its title; '' for none."""
    return _tongue(item.get("theme") or (item["title"] if "share" in item else ""), "zh")[: Theme.NAME_LENGTH].strip()


def draft(items: list[Item], occasion: Occasion) -> list[Line]:
    """One line for each rule: what comes, how often, when, whose."""
    return [Line(item["key"], say(item["title"]), _detail(item), occasion.start, item) for item in items]


def _detail(item: Item) -> str:
    every = _("every %(time)s") % {"time": parse_duration(item["every"]).words}
    on = str(RULES.get(item.get("on", ""), ""))
    if "month_day" in item:
        on = _("on day %(day)d of a month") % {"day": item["month_day"]}
    form = str(FORMS.get(item.get("form", ""), ""))
    owner = str(_OWNERS.get(item.get("owner", ""), ""))
    parts = [every, on, item.get("at", ""), say(item.get("theme")), item.get("share", ""), form, owner]
    return " · ".join(part for part in parts if part)


def make(lines: list[Line], occasion: Occasion, *, by: Actor) -> list[Made]:
    """Begin the rules, each with its theme and the topics of the next four weeks.

    A key that stands already (from another playbook) is refused in words.
    """
    standing = Cadence.objects.filter(community=occasion.community, ended_at__isnull=True)
    known = set(standing.values_list("key", flat=True))
    made = []
    for line in lines:
        if line.key in known:
            words = _("The community has a rule “%(key)s” for topics already. Take that back first, or untick this.")
            raise QunyingError(words % {"key": line.key})
        made.append(_made(_begin(line, occasion, by)))
    return made


def _begin(line: Line, occasion: Occasion, by: Actor) -> Cadence:
    item = line.item
    return begin_cadence(
        line.key,
        community=occasion.community,
        title=_tongue(item["title"], "zh"),
        title_en=_tongue(item["title"], "en"),
        theme=_theme(item, occasion.community, by),
        form=item.get("form", Form.TEXT),
        application=occasion.application,
        rhythm=_rhythm(item, line.day or occasion.start),
        by=by,
    )


def _rhythm(item: Item, start: date) -> Rhythm:
    at = time.fromisoformat(item["at"]) if "at" in item else None
    every = parse_duration(item["every"]).text
    return Rhythm(every, start, item.get("on", ""), item.get("month_day"), at, item.get("owner", ""))


def _theme(item: Item, community: Community, by: Actor) -> Theme | None:
    """The theme of this name, made where there is none; its share is set where it has none and there is room."""
    name = _theme_name(item)
    if not name:
        return None
    themes = list(themes_of(community))
    theme = next((one for one in themes if one.name.casefold() == name.casefold()), None)
    if theme is not None and (theme.share is not None or "share" not in item):
        return theme
    share, room = _share(item), _WHOLE - sum(one.share or 0 for one in themes)
    name_en = theme.name_en if theme else _tongue(item.get("theme") or item["title"], "en")
    fitting = share if share is not None and share <= room else None
    return set_theme(name, community=community, share=fitting, name_en=name_en, theme=theme, by=by)


def _made(cadence: Cadence) -> Made:
    return Made(cadence.key, say({"zh": cadence.title, "en": cadence.title_en}), {"cadence": cadence.pk})


def _cadences(made: list[Made], community: Community) -> dict[str, Cadence]:
    pks = {one.ref["cadence"]: one.key for one in made}
    found = Cadence.objects.filter(community=community, pk__in=pks, ended_at__isnull=True)
    return {pks[one.pk]: one for one in found.select_related("community__unit")}


def changed(made: list[Made], community: Community) -> dict[str, str]:
    """Key → what stays of it: topics that people have worked on."""
    return {
        key: _("Topics people have worked on stay; no new ones come.")
        for key, cadence in _cadences(made, community).items()
        if cadence.entries.exclude(pk__in=untouched(cadence).values("pk")).exclude(state=Entry.State.DROPPED).exists()
    }


def remove(made: list[Made], community: Community, *, by: Actor) -> None:
    """End the rules and take away the topics that nobody has touched."""
    for cadence in _cadences(made, community).values():
        end_cadence(cadence, by=by)


def amend(line: Line, made: Made, occasion: Occasion, *, by: Actor) -> Made:
    """Begin the rule anew as a newer version says; topics that people have worked on stay as they are."""
    for cadence in _cadences([made], occasion.community).values():
        end_cadence(cadence, by=by)
    return _made(_begin(line, occasion, by))


def export(community: Community, start: date) -> list[Item]:  # noqa: ARG001 - a rule counts from no day of the file
    """The rules that stand, as items of a playbook; the share of a theme stands with the first rule that has it."""
    told: set[int] = set()
    return [
        _item(one, told) for one in Cadence.objects.filter(community=community, ended_at=None).select_related("theme")
    ]


def _item(cadence: Cadence, told: set[int]) -> Item:
    item: Item = {"key": cadence.key, "title": in_both(cadence.title, cadence.title_en), "every": cadence.every}
    item |= {"on": cadence.on} if cadence.on else {}
    item |= {"month_day": cadence.month_day} if cadence.month_day else {}
    item |= {"at": f"{cadence.time:%H:%M}"} if cadence.time else {}
    theme = cadence.theme
    if theme is not None:
        item |= {"theme": in_both(theme.name, theme.name_en)} if theme.name != cadence.title else {}
        item |= {"share": f"{theme.share}%"} if theme.share is not None and theme.pk not in told else {}
        told.add(theme.pk)
    item |= {"form": cadence.form} if cadence.form != Form.TEXT else {}
    return item | ({"owner": cadence.owner_role} if cadence.owner_role else {})


def register() -> None:
    """Bring the section to life."""
    register_section(
        Section(
            name="calendar",
            label=gettext_lazy("Calendar"),
            schema=SCHEMA,
            check=check,
            draft=draft,
            make=make,
            changed=changed,
            remove=remove,
            amend=amend,
            export=export,
            fields=(
                Field("every", pgettext_lazy("cadence", "Every")),
                Field("owner", pgettext_lazy("goal", "Owner"), _OWNERS),
            ),
        )
    )

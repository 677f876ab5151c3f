"""What recruitment wants done: pictures that end, groups that fill, links that lead nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qunying.do.recruitment.bounds import choose
from qunying.do.recruitment.queries import standings, visits_in_vain
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for
from qunying.plan.schedule.todo import TodoItem, register_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from qunying.do.recruitment.bounds import Standing
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

NAME = "recruitment"
_PAGE = "join_pictures"
_MOST = 100
_DAY = timedelta(days=1)
_URGENT, _USUAL = 1, 2


def register() -> None:
    """Have pictures that need a colleague stand in the list of everyone who keeps channels there."""
    register_source(NAME, label=gettext_lazy("Channels and join links"), items=picture_todos)


def picture_todos(staff: Staff, today: date) -> Iterator[TodoItem]:
    """One line for each picture that ends within a day or whose group fills, and for visitors who found none."""
    communities = {one.pk: one for one in communities_for(staff, Permission.EDIT_CHANNELS)}
    up: dict[int, list[Standing]] = {}
    for one in standings(communities.values()):
        up.setdefault(one.picture.group.community_id, []).append(one)
    waiting = visits_in_vain([pk for pk in communities if choose(up.get(pk, [])) is None], since=timezone.now() - _DAY)
    for pk, count in sorted(waiting.items())[:_MOST]:
        yield _line(communities[pk], _in_vain(), _waiting(count), due=today, priority=_URGENT)
    pressing = [one for rows in up.values() for one in rows if one.presses]
    for one in pressing[:_MOST]:
        yield _press(one, today)


def _in_vain() -> str:
    return _("Put up a picture: the join links lead to none")


def _waiting(count: int) -> str:
    words = ngettext(
        "%(count)d visitor found no group in the last 24 hours.",
        "%(count)d visitors found no group in the last 24 hours.",
        count,
    )
    return words % {"count": count}


def _press(one: Standing, today: date) -> TodoItem:
    group = one.picture.group
    if one.picture.expires_at is not None and one.expires_soon:
        day = one.picture.expires_at.astimezone(ZoneInfo(group.community.timezone)).date()
        title = _("Put up a new picture of “%(group)s”") % {"group": group.name}
        return _line(group.community, title, why_of(one), due=max(min(day, today + _DAY), today))
    title = _("Open the next group: “%(group)s” fills up") % {"group": group.name}
    return _line(group.community, title, why_of(one), due=today)


def why_of(one: Standing) -> str:
    """Why a colleague should look at this picture, in a sentence; '' where nothing presses."""
    if one.has_expired:
        return _("Its picture has expired, or does so within the hour: it is shown to nobody any more.")
    if one.expires_soon:
        return _("Its picture expires within 24 hours.")
    if one.fills:
        facts = {"people": one.people, "places": one.places, "shown": one.shown}
        return (
            _("Up to %(people)d of %(places)d places may be taken, %(shown)d of them by visitors not yet seen.") % facts
        )
    return ""


def _line(community: Community, title: str, why: str, *, due: date, priority: int = _USUAL) -> TodoItem:
    return TodoItem(
        title=title,
        kind=NAME,
        why=why,
        due=due,
        page=_PAGE,
        args={"slug": community.slug},
        priority=priority,
        community=community.name,
    )

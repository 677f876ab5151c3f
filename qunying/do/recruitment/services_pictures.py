"""Putting up the pictures by which people join groups, and taking them down."""

from __future__ import annotations

from datetime import UTC, datetime, time
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.recruitment.bounds import bound_of
from qunying.do.recruitment.models import GroupPicture
from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.models import Group
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

PUT = declare_verb("recruitment.put_picture", gettext_lazy("A group's picture for joining was put up."))
REMOVE = declare_verb("recruitment.remove_picture", gettext_lazy("A group's picture for joining was taken down."))
FIRST = declare_verb("recruitment.show_first", gettext_lazy("A group's picture for joining was put first."))

_MOST_PEOPLE = 100_000


def put_picture(
    group: Group, *, raw: bytes, by: Actor, until: date | None = None, people: int | None = None
) -> GroupPicture:
    """Put up this picture (PNG, JPEG, WebP) for the group, in the place of the one that was up.

    `until` is the local day before which it is valid, as the picture itself says; without it, the longest the platform
    allows from now. `people` is how many are in the group now, where the colleague has looked. Raises QunyingError for
    what is no picture, and for a day that is over or later than the platform allows.
    """
    from qunying.do.recruitment.drawing import as_group_picture

    now = timezone.now()
    expires = _expiry(group, until, now)
    if people is not None and not 0 <= people <= _MOST_PEOPLE:
        raise QunyingError(_("How many are in the group is a number between 0 and %(most)d.") % {"most": _MOST_PEOPLE})
    jpeg = as_group_picture(raw)
    with transaction.atomic():
        Group.objects.select_for_update().get(pk=group.pk)
        before = GroupPicture.objects.filter(group=group, removed_at__isnull=True).first()
        place = before.place if before else _last_place(group.community) + 1
        if before is not None:
            _take_down(before)
        picture = GroupPicture.objects.create(
            group=group,
            picture=jpeg,
            digest=sha256(jpeg).hexdigest(),
            place=place,
            people=people,
            uploaded_at=now,
            uploaded_by=by if isinstance(by, Staff) else None,
            expires_at=expires,
        )
        details = {"sha256": picture.digest, "bytes": len(jpeg), "people": people}
        write_act(PUT, by=by, subject_type="group", subject_id=group.pk, details=details)
    return picture


@transaction.atomic
def remove_picture(picture: GroupPicture, *, by: Actor) -> None:
    """Take the picture down: nobody is led into its group any more. Raises QunyingError where it is down already."""
    picture = GroupPicture.objects.select_for_update(of=("self",)).select_related("group").get(pk=picture.pk)
    if picture.removed_at is not None:
        raise QunyingError(_("The picture of “%(group)s” was taken down already.") % {"group": picture.group.name})
    _take_down(picture)
    write_act(REMOVE, by=by, subject_type="group", subject_id=picture.group_id)


@transaction.atomic
def show_first(picture: GroupPicture, *, by: Actor) -> GroupPicture:
    """Show it before the community's other pictures, as long as it serves."""
    first = _up(picture.group.community).aggregate(first=Min("place"))["first"] or 0
    picture.place = first - 1
    picture.save(update_fields=["place"])
    write_act(FIRST, by=by, subject_type="group", subject_id=picture.group_id)
    return picture


def _take_down(picture: GroupPicture) -> None:
    picture.removed_at, picture.picture = timezone.now(), b""
    picture.save(update_fields=["removed_at", "picture"])


def _last_place(community: Community) -> int:
    return int(_up(community).aggregate(last=Max("place"))["last"] or 0)


def _up(community: Community) -> QuerySet[GroupPicture]:
    return GroupPicture.objects.filter(group__community=community, removed_at__isnull=True)


def _expiry(group: Group, until: date | None, now: datetime) -> datetime | None:
    lives = bound_of(group.platform).lives
    if until is None:
        return now + lives if lives else None
    zone = ZoneInfo(group.community.timezone)
    today = now.astimezone(zone).date()
    if until <= today:
        raise QunyingError(_("The picture ends on %(day)s. Make a new one in the group and send that.") % _iso(until))
    if lives is not None and until > today + lives:
        sentence = _("This platform honours a picture for %(days)d days at most, so until %(day)s.")
        raise QunyingError(sentence % ({"days": lives.days} | _iso(today + lives)))
    # “Valid before the 29th”, as WeChat writes, ends when the 29th begins.
    return datetime.combine(until, time(), zone).astimezone(UTC)


def _iso(day: date) -> dict[str, str]:
    return {"day": day.isoformat()}

"""Counting who opens a link: once a day each, without cookies, and without knowing afterwards who it was."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from qunying.do.recruitment.models import VisitCount, Visitor, VisitSalt
from qunying.do.recruitment.queries import quarter_of
from qunying.kit.digests import keyed_digest

if TYPE_CHECKING:
    from datetime import date, datetime

    from qunying.do.recruitment.models import JoinLink
    from qunying.ground.groups.models import Community, Group

_SALT = 32
_KEPT = timedelta(days=1)


def count_visit(link: JoinLink, *, group: Group | None, visitor: tuple[str, ...], now: datetime | None = None) -> bool:
    """Count a visitor of the link who was shown this group (None: nothing served), once on each local day.

    `visitor` is what tells one from another, such as address and program; only a digest of it under the day's random
    salt is kept, and salt and digest go with the next day's first visit. True where it was a new one. No act is
    written: what people do is no act of staff.
    """
    moment = now or timezone.now()
    day = moment.astimezone(ZoneInfo(link.community.timezone)).date()
    salt = _salt_of(link.community, day)
    digest = keyed_digest(bytes(salt.salt), link.pk, *visitor)
    if salt.visitors.filter(digest=digest).exists():
        return False
    with transaction.atomic():
        try:
            with transaction.atomic():
                Visitor.objects.create(salt=salt, digest=digest)
        except IntegrityError:
            return False
        _add(link, quarter_of(moment), group)
    return True


def _salt_of(community: Community, day: date) -> VisitSalt:
    """The salt of this day; the first to ask for it makes it and forgets those of days gone by."""
    known = VisitSalt.objects.filter(community=community, day=day).first()
    if known is not None:
        return known
    with transaction.atomic():
        salt, made = VisitSalt.objects.get_or_create(
            community=community, day=day, defaults={"salt": secrets.token_bytes(_SALT)}
        )
        if made:
            VisitSalt.objects.filter(community=community, day__lt=day - _KEPT).delete()
    return salt


def _add(link: JoinLink, at: datetime, group: Group | None) -> None:
    if _raise(link, at, group):
        return
    try:
        with transaction.atomic():
            VisitCount.objects.create(link=link, at=at, group=group, count=1)
    except IntegrityError:
        _raise(link, at, group)


def _raise(link: JoinLink, at: datetime, group: Group | None) -> int:
    rows = VisitCount.objects.filter(link=link, at=at)
    rows = rows.filter(group__isnull=True) if group is None else rows.filter(group=group)
    return rows.update(count=F("count") + 1)

"""When the robot may answer: what it heard a little while ago, a few times; anything else needs leave.

Five minutes and five answers in a group, sixty minutes and five answers to one person (bot.q.qq.com, April 2025).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from qunying.connectors.qq.models import Opening

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from qunying.ground.platforms.models import Account

IN_GROUP, IN_PRIVATE = timedelta(minutes=5), timedelta(minutes=60)
MOST_ANSWERS = 5
_MARGIN = timedelta(seconds=5)
"""So much before the end nothing is begun any more."""
_MOST_SEQ = 1_000_000


@dataclass(frozen=True, slots=True)
class Heard:
    """What may be answered: the id of a message or an event of this place, and when it came."""

    place: str
    token: str
    at: datetime
    by_event: bool = False
    private: bool = False


def open_for(account: Account, heard: Heard) -> None:
    """Remember that this may be answered; an older one, or the same again, changes nothing."""
    until = heard.at + (IN_PRIVATE if heard.private else IN_GROUP)
    if not heard.place or not heard.token or len(heard.token) > Opening.TOKEN_LENGTH or until <= timezone.now():
        return
    fresh = {"token": heard.token, "by_event": heard.by_event, "until": until, "used": 0}
    with transaction.atomic():
        rows = Opening.objects.filter(account=account, place=heard.place)
        made = not rows.exists() and Opening.objects.bulk_create(
            [Opening(account=account, place=heard.place, **fresh)], ignore_conflicts=True
        )
        if not made:
            rows.filter(until__lt=until).exclude(token=heard.token).update(**fresh)


def is_open(account: Account, place: str) -> bool:
    """Whether the robot may answer there now."""
    return _answerable(account, place).exists()


def take_answer(account: Account, place: str, *, key: str) -> dict[str, object] | None:
    """Use one answer: the fields QQ wants in the message; None where there is nothing to answer.

    `msg_seq` is made of the order's key: QQ takes each number once for a message, so the same order twice is one.
    """
    found = _answerable(account, place).first()
    if found is None or not Opening.objects.filter(pk=found.pk, token=found.token, used__lt=MOST_ANSWERS).update(
        used=F("used") + 1
    ):
        return None
    name = "event_id" if found.by_event else "msg_id"
    return {name: found.token, "msg_seq": int.from_bytes(sha256(key.encode()).digest()[:4]) % _MOST_SEQ + 1}


def _answerable(account: Account, place: str) -> QuerySet[Opening]:
    still = timezone.now() + _MARGIN
    return Opening.objects.filter(account=account, place=place, until__gt=still, used__lt=MOST_ANSWERS)


def forget_old() -> int:
    """Drop what cannot be answered any more; how many."""
    return Opening.objects.filter(until__lt=timezone.now()).delete()[0]

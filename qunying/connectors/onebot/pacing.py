"""Speaking slowly: so many seconds between two messages of an account, a little more by chance, and so many a day."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.connectors.onebot.models import Line
from qunying.ground.platforms.port import BusyError

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account

LEAST_PAUSE, USUAL_PAUSE, LONGEST_PAUSE = 3, 5, 3600
USUAL_DAY, MOST_DAY = 60, 500


def pause_of(account: Account) -> int:
    """Seconds between two messages, as its settings say; never fewer than three."""
    return _number(account.settings.get("pause"), USUAL_PAUSE, LEAST_PAUSE, LONGEST_PAUSE)


def day_of(account: Account) -> int:
    """How many messages a day, as its settings say; never more than 500."""
    return _number(account.settings.get("per_day"), USUAL_DAY, 1, MOST_DAY)


def _number(told: object, usual: int, least: int, most: int) -> int:
    text = str(told or "")
    return min(max(int(text), least), most) if text.isascii() and text.isdecimal() else usual


@transaction.atomic
def take_turn(account: Account) -> None:
    """Take the turn for one message; raises BusyError with the time of the next where it is too soon or too much."""
    now, today = timezone.now(), timezone.localdate()
    line = Line.objects.select_for_update().get(account=account)
    sent = line.sent if line.day == today else 0
    if sent >= day_of(account):
        tomorrow = datetime.combine(today + timedelta(days=1), time(8), tzinfo=timezone.get_current_timezone())
        raise BusyError(_("The account has said enough for today. It goes on tomorrow."), again_at=tomorrow)
    if line.next_at is not None and line.next_at > now:
        raise BusyError(_("The account speaks slowly. It is said a little later."), again_at=line.next_at)
    pause = pause_of(account)
    more = secrets.randbelow(500 * pause + 1)
    line.next_at = now + timedelta(seconds=pause, milliseconds=more)
    line.day, line.sent = today, sent + 1
    line.save(update_fields=["next_at", "day", "sent"])

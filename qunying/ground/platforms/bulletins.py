"""The port for telling a team what happened, in the internal group it reads anyway: goals behind, things due, reports.

A connector registers how an account of its platform tells something; an app tells it to a unit:

    register_notifier("wecom_robot", tell)
    notify(community.unit, lambda: _("The report is ready."))

Names of members never stand in a notice: the group is no page of ours, and nobody checks who reads it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from django_q.tasks import async_task

from qunying.ground.platforms.models import Account
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.units.models import Unit

_KEPT = 7 * 86_400
_log = logging.getLogger(__name__)
_notifiers: dict[str, Callable[[Account, str], None]] = {}


def register_notifier(platform: str, tell: Callable[[Account, str], None]) -> None:
    """Have accounts of this platform tell notices; `tell` takes seconds and raises as a connector's `perform` does."""
    _notifiers[platform] = tell


def notify(unit: Unit, words: Callable[[], str]) -> int:
    """Have a notice told wherever this unit or one above it has it told, after commit; in how many places.

    `words` are asked for once, in the language of the house.
    """
    above = [int(part) for part in unit.path.split("/") if part]
    rows = Account.objects.filter(platform__in=list(_notifiers), unit__in=above, paused_at=None)
    accounts = list(rows.values_list("pk", flat=True))
    if accounts:
        with translation.override(settings.LANGUAGE_CODE):
            told = words()
        for pk in accounts:
            async_task("qunying.ground.platforms.tasks.tell_notice", pk, told, cluster="fast")
    return len(accounts)


def tell(account: Account, words: str) -> bool:
    """Tell a notice now; False where it could not be, and the account's page says why. It is not told again."""
    notifier = _notifiers.get(account.platform)
    if notifier is None or account.paused_at is not None:
        return False
    try:
        notifier(account, words)
    except QunyingError as error:
        _log.warning("a notice could not be told through account %s: %s", account.pk, error)
        cache.set(_name(account), str(error), _KEPT)
        return False
    cache.delete(_name(account))
    return True


def trouble_of(account: Account) -> str:
    """Why the last notice could not be told; '' where it was."""
    return str(cache.get(_name(account)) or "")


def _name(account: Account) -> str:
    return f"notice-trouble:{account.pk}"

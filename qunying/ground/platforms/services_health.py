"""How accounts are: looked at for real, kept in every language, told on pages and on the patrol."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override

from qunying.ground.platforms.models import Account
from qunying.ground.platforms.port import Check, connector_of, connectors

if TYPE_CHECKING:
    from collections.abc import Sequence

EVERY = timedelta(minutes=30)
"""How old a look may be before the account is looked at again."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """One step that was looked at, in the reader's language."""

    name: str
    holds: bool
    words: str


def look_at(account: Account) -> list[Check]:
    """Try every step of the account for real and keep what was seen. Takes seconds; never in a transaction."""
    connector = connector_of(account.platform)
    if connector is None:
        return []
    try:
        seen = connector.check(account)
    except Exception:  # noqa: BLE001 - a fault of ours must be seen, and must not hide the other accounts
        _log.exception("the check of account %s failed", account.pk)
        fault = gettext_lazy("The check itself failed. Look into the log, and report it.")
        seen = [Check(gettext_lazy("Check"), holds=False, words=fault)]
    account.checked_at, account.checks = timezone.now(), _in_every_language(seen)
    Account.objects.filter(pk=account.pk).update(checked_at=account.checked_at, checks=account.checks)
    return seen


def _in_every_language(seen: Sequence[Check]) -> list[dict[str, object]]:
    kept: list[dict[str, object]] = [{"holds": one.holds, "name": {}, "words": {}} for one in seen]
    for code, _label in settings.LANGUAGES:
        with override(code):
            for row, one in zip(kept, seen, strict=True):
                row["name"] |= {code: str(one.name)}  # type: ignore[operator]
                row["words"] |= {code: str(one.words)}  # type: ignore[operator]
    return kept


def told_of(account: Account) -> list[Told]:
    """What the last look saw, in the reader's language; nothing where nobody has looked yet."""
    code = get_language() or settings.LANGUAGE_CODE
    return [Told(row["name"].get(code, ""), bool(row["holds"]), row["words"].get(code, "")) for row in account.checks]


def health_of(account: Account) -> str:
    """One of `paused`, `unknown` (nobody has looked yet), `well` and `ill`."""
    if account.paused_at is not None:
        return "paused"
    if account.checked_at is None or not account.checks:
        return "unknown"
    return "well" if all(row["holds"] for row in account.checks) else "ill"


def due_accounts() -> list[int]:
    """Ids of the accounts in use that nobody has looked at for half an hour."""
    old = Q(checked_at=None) | Q(checked_at__lt=timezone.now() - EVERY)
    rows = Account.objects.filter(old, paused_at=None, platform__in=list(connectors()))
    return list(rows.values_list("pk", flat=True))

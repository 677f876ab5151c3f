"""Wrappers for the job clusters; they take ids."""

from __future__ import annotations

import logging

from qunying.connectors.official_account.people import ask_who as _ask_who
from qunying.ground.platforms.models import Account
from qunying.kit.errors import QunyingError

_log = logging.getLogger(__name__)


def ask_who(account_id: int, openid: str) -> None:
    """Ask who a new follower is across WeChat's apps; where that fails, the night's comparison asks again."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        return
    try:
        _ask_who(account, openid)
    except QunyingError as error:
        _log.info("WeChat did not tell who a new follower of account %s is: %s", account_id, error)

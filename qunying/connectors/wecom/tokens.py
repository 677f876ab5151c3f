"""The access token of a corp's app, kept with what it was fetched with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.ground.platforms import tokens

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account


def kept_token(account: Account, secret: str) -> str:
    """The token that is kept for this corp and secret; '' where there is none that can be used."""
    return tokens.kept_token(account, got_by=_got_by(account, secret))


def keep_token(account: Account, secret: str, token: str, *, seconds: int) -> None:
    """Keep a token that lives so many seconds, a little shorter."""
    tokens.keep_token(account, token, got_by=_got_by(account, secret), seconds=seconds)


def forget_token(account: Account, secret: str, token: str) -> None:
    """Drop a token that is not taken any more; one that another process fetched meanwhile stays."""
    tokens.forget_token(account, token, got_by=_got_by(account, secret))


def _got_by(account: Account, secret: str) -> str:
    return f"{account.settings.get('corp', '')}\n{secret}"


def _name(account: Account, secret: str) -> str:
    return tokens.token_name(account, got_by=_got_by(account, secret))

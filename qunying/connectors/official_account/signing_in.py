"""Who opens a page inside WeChat: the OAuth of official accounts, silent, with nothing but the openid.

https://developers.weixin.qq.com/doc/service/guide/h5/auth.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from qunying.connectors.official_account.client import Client, app_of
from qunying.connectors.official_account.endpoints import SIGN_IN
from qunying.ground.platforms.introducing import Introduced, Introducer
from qunying.ground.platforms.names import OFFICIAL
from qunying.kit.told import text

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account

_LONGEST_ID = 64


def is_here(agent: str) -> bool:
    """Whether a browser is WeChat's; that of WeCom carries both names, and knows other ids."""
    return "MicroMessenger" in agent and "wxwork" not in agent.lower()


def ask(account: Account, back: str, state: str) -> str:
    """Where WeChat is asked. The order of what is asked is fixed, and so is the end."""
    asked = {"appid": app_of(account), "redirect_uri": back, "response_type": "code", "scope": "snsapi_base"}
    return f"{SIGN_IN}?{urlencode(asked | {'state': state})}#wechat_redirect"


def who(account: Account, code: str) -> Introduced:
    """Whom a code stands for; raises as `Client.ask`."""
    with Client(account) as client:
        told = client.ask(
            "oauth2/access_token", appid=client.app, secret=client.secret, code=code, grant_type="authorization_code"
        )
    return Introduced(text(told.get("openid"), _LONGEST_ID), text(told.get("unionid"), _LONGEST_ID))


INTRODUCER = Introducer(OFFICIAL, is_here, ask, who)

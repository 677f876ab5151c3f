"""The official account's API as one table: path, what a call takes and gives, and what becomes of a lost answer.

https://developers.weixin.qq.com/doc/service/, as it stood in autumn 2026. `errcode` and `errmsg` come besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.kit.shapes import shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.kit.shapes import Shape

HOST = "https://api.weixin.qq.com"
SIGN_IN = "https://open.weixin.qq.com/connect/oauth2/authorize"
GET, POST = "GET", "POST"
TOKEN, SENDING = "stable_token", "message/custom/send"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call. `again` says that it may be made again when its answer was lost; `keyed` that a token goes with it."""

    name: str
    method: str
    path: str
    asks: Shape
    answers: Shape
    again: bool
    keyed: bool = True


_LINES = (
    # The stable token is the same for every process that asks, and asking does not make earlier ones stop working.
    (TOKEN, POST, "grant_type!s appid!s64 secret!s64 force_refresh?b", "access_token!s512 expires_in!i", True),
    ("user/get", GET, "next_openid?s64", "total!i count!i data?o next_openid?s", True),
    ("user/info", GET, "openid!s64 lang?s", "subscribe!i openid!s64 subscribe_time?i unionid?s64", True),
    ("user/info/batchget", POST, "user_list!l100", "user_info_list!l", True),
    (SENDING, POST, "touser!s64 msgtype!s text?o", "", False),
    (
        "qrcode/create",
        POST,
        "action_name!s action_info!o",
        "ticket!s url!s",
        True,
    ),
)
_DATA = (("getarticletotaldetail", "begin_date!s10 end_date!s10", "list!l is_delay?b"),)

ENDPOINTS: Mapping[str, Endpoint] = {
    **{
        name: Endpoint(name, method, f"/cgi-bin/{name}", shape(asks), shape(answers), again, keyed=name != TOKEN)
        for name, method, asks, answers, again in _LINES
    },
    **{
        name: Endpoint(name, POST, f"/datacube/{name}", shape(asks), shape(answers), again=True)
        for name, asks, answers in _DATA
    },
    "oauth2/access_token": Endpoint(
        "oauth2/access_token",
        GET,
        "/sns/oauth2/access_token",
        shape("appid!s64 secret!s64 code!s512 grant_type!s"),
        shape("openid!s64 access_token?s scope?s unionid?s64"),
        # The code works once: asked again it is refused, which is as good as a lost answer.
        again=False,
        keyed=False,
    ),
}

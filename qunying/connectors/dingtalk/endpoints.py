"""DingTalk's API as one table: path, what a call takes and gives, and what becomes of a lost answer.

https://open.dingtalk.com/document, as it stood in autumn 2026. Two houses answer: the newer one carries the token in a
header and words its errors (`code`, `message`), the older one has it in the address and numbers them (`errcode`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.kit.shapes import shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.kit.shapes import Shape

HOST, OLD_HOST = "https://api.dingtalk.com", "https://oapi.dingtalk.com"
STREAM_HOSTS = ".dingtalk.com"
TOKEN, GATEWAY, SEND, QUERY, RECALL = "token", "gateway", "send", "query", "recall"
TELL, UNTELL, MUTE = "tell", "untell", "mute"
SCENE, OPEN, MEMBERS, ADD, DELETE = "scene", "scene/open", "scene/members", "scene/add", "scene/delete"
ROBOT = "robot"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call. `again` says that it may be made again when its answer was lost; `keyed` that a token goes with it."""

    name: str
    path: str
    asks: Shape
    answers: Shape
    again: bool
    keyed: bool = True

    @property
    def is_old(self) -> bool:
        """Whether the older house answers it."""
        return self.path.startswith(("/topapi/", "/robot/"))


_GROUP = "openConversationId!s robotCode!s64"
_LINES = (
    (TOKEN, "/v1.0/oauth2/accessToken", "appKey!s64 appSecret!s128", "accessToken!s512 expireIn!i", True),
    (GATEWAY, "/v1.0/gateway/connections/open", "clientId!s64 clientSecret!s128 subscriptions!l ua?s",
     "endpoint!s ticket!s", True),
    (SEND, "/v1.0/robot/groupMessages/send", f"{_GROUP} msgKey!s msgParam!s", "processQueryKey!s", False),
    (QUERY, "/v1.0/robot/groupMessages/query", f"{_GROUP} processQueryKey!s maxResults?i200 nextToken?s",
     "sendStatus?s readUserIds?l hasMore?b nextToken?s", True),
    (RECALL, "/v1.0/robot/groupMessages/recall", f"{_GROUP} processQueryKeys!l20",
     "successResult?l failedResult?o", True),
    (TELL, "/v1.0/robot/oToMessages/batchSend", "robotCode!s64 userIds!l20 msgKey!s msgParam!s",
     "processQueryKey!s invalidStaffIdList?l flowControlledStaffIdList?l", False),
    (UNTELL, "/v1.0/robot/oToMessages/batchRecall", "robotCode!s64 processQueryKeys!l20",
     "successResult?l failedResult?o", True),
    (MUTE, "/v1.0/im/sceneGroups/muteMembers/set",
     "openConversationId!s userIdList!l20 muteStatus!i1 muteDuration?i", "success?b", True),
    (SCENE, "/topapi/im/chat/scenegroup/get", "open_conversation_id!s", "result!o", True),
    # `uuid` names the order for all time: asked again, no second group is made.
    (OPEN, "/topapi/im/chat/scenegroup/create",
     "title!s80 owner_user_id!s template_id!s user_ids?s uuid!s64", "result!o", True),
    (MEMBERS, "/topapi/im/chat/scenegroup/member/get", "open_conversation_id!s cursor!s size!i1000", "result!o", True),
    (ADD, "/topapi/im/chat/scenegroup/member/add", "open_conversation_id!s user_ids!s", "success?b", True),
    (DELETE, "/topapi/im/chat/scenegroup/member/delete", "open_conversation_id!s user_ids!s", "success?b", True),
    (ROBOT, "/robot/send", "msgtype!s text!o", "", False),
)  # fmt: skip
_KEYLESS = {TOKEN, GATEWAY, ROBOT}

ENDPOINTS: Mapping[str, Endpoint] = {
    name: Endpoint(name, path, shape(asks), shape(answers), again, keyed=name not in _KEYLESS)
    for name, path, asks, answers, again in _LINES
}

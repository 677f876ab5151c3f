"""What WeChat's backups share, whatever tool wrote them: what a message of each type says, and how it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.connectors.files._chat import SHOWN, Said, checked, facts_of, form_of, one_or_nothing
from qunying.connectors.files._notices import facts_from, notice_in
from qunying.ground.imports.importers import NOTHING, Rejection

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from qunying.connectors.files._chat import Keys, Names
    from qunying.ground.imports.importers import Item
    from qunying.ground.members.services import Who

_FORMS = {
    "图片": "image",
    "语音": "voice",
    "视频": "video",
    "表情": "sticker",
    "文件": "file",
    "位置": "location",
    "名片": "card",
    "红包": "red_packet",
    "转账": "transfer",
    "链接": "link",
    "小程序": "mini_program",
    "聊天记录": "forwarded",
    "引用": "",
}
_NUMBERS = {
    "3": "image",
    "34": "voice",
    "42": "card",
    "43": "video",
    "47": "sticker",
    "48": "location",
    "49": "link",
}
SYSTEM_TYPES = {"10000", "10002", "系统消息", "系统"}


def form_named(kind: str) -> str:
    """What kind of message a backup's type means (图片消息, 3, image); empty for words."""
    if kind in _NUMBERS:
        return _NUMBERS[kind]
    return next((form for word, form in _FORMS.items() if word in kind or (form and form == kind)), "")


def item_of(  # noqa: PLR0913 - what a backup says of a message
    number: int,
    at: datetime,
    who: Who | None,
    text: str,
    *,
    group_id: int | None,
    zone: ZoneInfo,
    keys: Keys,
    names: Names,
    system: bool,
    form: str,
) -> Item:
    """What one message says. Its name is second, sender and words: numbers of a backup are one telephone's own.

    So the backups of two members of a group, or of two tools, meet.
    """
    local = at.astimezone(zone)
    if system or who is None:
        notice = notice_in(text) if len(text) <= SHOWN * 4 else None
        if notice is not None:
            facts = facts_from(notice, at, local, names=names, keys=keys, group_id=group_id)
            return one_or_nothing(list(facts))
        return NOTHING if system else Rejection(number, "no_sender", value=text[:SHOWN])
    if refused := checked(number, who, text):
        return refused
    form = form or form_of(text)
    # Each tool writes something else in place of a picture: beside words only the form names it.
    key = keys.of(group_id, local, "spoke", f"{at:%S}", who.external_id, form, "" if form else text)
    mentions, everyone = names.mentions(text)
    return facts_of(Said(at, who, key, group_id, text, form, mentions=mentions, everyone=everyone))

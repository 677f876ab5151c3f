"""What clients write between messages: who came, left, was removed, took a message back, gave a new name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qunying.connectors.files._chat import LONGEST_NAME, LONGEST_OBJECT
from qunying.ground.events.facts import Fact
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from qunying.connectors.files._chat import Keys, Names
_MOST = 400
_PERSON = r"[\"“「]?(?P<%s>[^\"“”「」]{1,120}?)[\"”」]?"
_WHO, _BY, _OF = (_PERSON % name for name in ("who", "by", "of"))
_HERE = r"(?:群聊|本群|该群|群)"
_ID = re.compile(r"(?P<name>.*)[(（<](?P<id>\d{5,12}|[^\s()（）<>]+@[^\s()（）<>]+)[)）>]")
_TEXTS = (
    ("joined", rf"{_BY}\s*邀请\s*{_WHO}\s*(?:加入|进入)了?{_HERE}.*"),
    ("joined", rf"{_WHO}\s*通过(?:扫描)?{_BY}\s*(?:分享的二维码|的邀请|的?分享)(?:加入|进入)了?{_HERE}.*"),
    ("joined", rf"{_WHO}\s*(?:通过.{{1,20}})?已?(?:加入|进入)了?{_HERE}.*"),
    ("joined", rf"{_BY} invited {_WHO} to the group chat\.?"),
    ("joined", rf"{_WHO} joined (?:the )?group chat via (?:the )?QR [Cc]ode shared by {_BY}\.?"),
    ("removed", rf"{_BY}\s*(?:将|把)\s*{_WHO}\s*(?:移出|踢出|移除)了?{_HERE}.*"),
    ("removed", rf"{_WHO}\s*被\s*{_BY}?\s*(?:移出|踢出|移除)了?{_HERE}.*"),
    ("removed", rf"{_BY} removed {_WHO} from the group chat\.?"),
    ("left", rf"{_WHO}\s*已?(?:退出|离开)了?{_HERE}.*"),
    ("recalled_of", rf"{_BY}\s*撤回了?成员\s*{_OF}\s*的一条消息.*"),
    ("recalled", rf"{_BY}\s*撤回了?一条消息.*"),
    ("recalled", rf"{_BY} recalled a message\.?"),
    ("renamed_group", rf"{_BY}\s*(?:将|把)?(?:修改)?群名称?(?:修改|更改|改)?为\s*[\"“「]?(?P<name>.+?)[\"”」]?"),
    (
        "renamed",
        rf"{_BY}\s*(?:将|把)?(?:自己的|修改)?(?:群昵称|群名片|昵称)(?:修改|更改|改)?为\s*[\"“「]?(?P<name>.+?)[\"”」]?",
    ),
    ("patted", rf"{_BY}\s*拍了拍\s*{_WHO}(?:的.*)?"),
)
_PATTERNS = [(kind, re.compile(pattern, re.DOTALL)) for kind, pattern in _TEXTS]
_HINTS = ("群", "撤回", "拍了拍", "昵称", "group chat", "recalled")


@dataclass(slots=True)
class Notice:
    """One line a client wrote by itself."""

    kind: str
    by: str = ""
    who: str = ""
    of: str = ""
    name: str = ""


def notice_in(text: str) -> Notice | None:
    """What such a line says, where it says something about a person."""
    tidy = text.strip().rstrip("。！!.")
    if len(tidy) > _MOST or not any(hint in tidy for hint in _HINTS):
        return None
    for kind, pattern in _PATTERNS:
        if found := pattern.fullmatch(tidy):
            return Notice(kind, **{name: value.strip() for name, value in found.groupdict().items() if value})
    return None


def facts_from(  # noqa: PLR0913 - a notice and where it stands
    notice: Notice, at: datetime, local: datetime, *, names: Names, keys: Keys, group_id: int | None
) -> Iterator[Fact]:
    """The facts of a notice; keyed by the names as written, for who they are may be known better another time."""
    by = _person(notice.by, names)
    if notice.kind in {"joined", "removed", "left"}:
        kind = "joined" if notice.kind == "joined" else "left"
        for written in re.split(r"[、，,]\s*", notice.who):
            who = _person(written, names)
            if who is not None:
                key = keys.of(group_id, local, kind, written)
                payload = {"reason": notice.kind} if kind == "left" else {}
                yield Fact(kind, at, key, who=who, target=by, group_id=group_id, payload=payload)
    elif by is not None:
        key = keys.of(group_id, local, notice.kind, notice.by, notice.who, notice.of, notice.name)
        yield from _acted(notice, at, key, by, names, group_id)


def _acted(  # noqa: PLR0913, PLR0917 - a notice and where it stands
    notice: Notice, at: datetime, key: tuple[str | int, ...], by: Who, names: Names, group_id: int | None
) -> Iterator[Fact]:
    if notice.kind.startswith("recalled"):
        yield Fact("recalled", at, key, who=by, target=_person(notice.of, names), group_id=group_id)
    elif notice.kind == "patted":
        if (who := _person(notice.who, names)) is not None:
            yield Fact("reacted", at, key, who=by, target=who, group_id=group_id, payload={"sign": "拍一拍"})
    else:
        yield Fact(notice.kind, at, key, who=by, group_id=group_id, payload={"name": notice.name[:LONGEST_OBJECT]})


def _person(written: str, names: Names) -> Who | None:
    """Who is meant by a name, perhaps with a number or an address behind it."""
    if found := _ID.fullmatch(written):
        return Who(names.platform, found["id"], found["name"].strip()[:LONGEST_NAME])
    return names.who(written)

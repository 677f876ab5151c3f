"""WeChat as JSON of WeFlow: `session` with the group, `messages` with createTime, senderUsername and content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import ME, SHOWN, Keys, Names, part, text_of
from qunying.connectors.files._json_chat import account, instant, keys_in
from qunying.connectors.files._wechat import form_named, item_of
from qunying.ground.imports.importers import Importer, Rejection, register_importer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_ARRAYS = ("messages", "avatars.each")
_MARKS = {"createTime", "senderUsername"}


def sniff(source: Source) -> float:
    """Sure where session and messages with createTime and senderUsername stand at the start."""
    keys = keys_in(source)
    return 1.0 if keys >= _MARKS and keys & {"weflow", "session"} else 0.0


def check(source: Source) -> None:
    """Read all of it once."""
    for _value in source.json(*_ARRAYS):
        pass


def read(source: Source, context: Context) -> Iterator[Item]:
    """One item a message; the group is the session's name. Times count seconds since 1970."""
    group_id, zone, keys, number = context.group_id, context.zone(), Keys(context), 0
    named = False
    names = Names("wechat", lambda: _heads(source), me=context.options.get("me", ""))
    for path, value in source.json(*_ARRAYS):
        if path == "session":
            session = part(value)
            name = next(filter(None, (text_of(session.get(key)) for key in ("displayName", "nickname", "wxid"))), "")
            group_id, named = context.group(name, platform="wechat"), True
        elif path == "messages":
            number += 1
            if not named:
                group_id, named = context.group("", platform="wechat"), True
            yield _message(number, part(value), group_id, zone, context, keys, names)


def _heads(source: Source) -> Iterator[tuple[str, str]]:
    for path, value in source.json(*_ARRAYS):
        if path == "messages":
            raw = part(value)
            yield text_of(raw.get("senderUsername")), text_of(raw.get("senderDisplayName"))


def _message(  # noqa: PLR0913, PLR0917 - a message and where it stands
    number: int, raw: Any, group_id: int | None, zone: Any, context: Context, keys: Keys, names: Names
) -> Item:
    try:
        at = instant(raw.get("createTime"), zone, context)
    except ValueError as error:
        return Rejection(number, "absurd_time", "createTime", str(error)[:SHOWN])
    who = account("wechat", raw.get("senderUsername"), raw.get("senderDisplayName"))
    kind, text = text_of(raw.get("type")), text_of(raw.get("content"))
    system = "系统" in kind or raw.get("localType") in {10000, 10002}
    if who is not None and who.external_id.endswith("@chatroom"):
        who = None
    return item_of(
        number,
        at,
        who,
        text,
        group_id=group_id,
        zone=zone,
        keys=keys,
        names=names,
        system=system,
        form=form_named(kind),
    )


register_importer(
    Importer(
        name="wechat_json",
        label=_("WeChat chat as JSON (WeFlow)"),
        looks=_("a JSON object with session and messages, each with createTime, senderUsername and content"),
        platform="wechat",
        options=(ME,),
        one_chat=True,
        sniff=sniff,
        read=read,
        check=check,
        where=_("WeFlow on the computer on which WeChat is signed in: export the group as JSON."),
    )
)

"""What an order becomes on Matrix: one function an action. Each is safe to be asked twice, as far as Matrix allows."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qunying.connectors.matrix.client import MatrixRefusalError, path
from qunying.connectors.matrix.hearing import MODERATOR
from qunying.ground.platforms.port import Action, Done, RefusedError
from qunying.kit.spoken import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qunying.connectors.matrix.client import Client
    from qunying.ground.platforms.port import Order

SILENT = -1
_POLL = "org.matrix.msc3381.poll.start"
_MOST_ANSWERS = 20


def txn_id(order: Order, number: int = 0) -> str:
    """The transaction id of an order's message: the homeserver takes each once, so the same order twice is one."""
    return sha256(f"{order.key}#{number}".encode()).hexdigest()[:40]


def send(client: Client, order: Order) -> Done:
    """Words and pictures into a group; the ids of the messages, separated by spaces."""
    return _say(client, order, order.group)


def tell(client: Client, order: Order) -> Done:
    """Words and pictures to one person, in a room of the two alone."""
    return _say(client, order, _direct_room(client, order.person))


def _say(client: Client, order: Order, room: str) -> Done:
    if not order.words and not order.pictures:
        raise RefusedError(_("There is nothing to send: neither words nor a picture."))
    contents: list[Callable[[], dict[str, Any]]] = []
    if order.words:
        contents.append(lambda: _words(order))
    contents += [lambda picture=picture: _picture(client, picture) for picture in order.pictures]  # type: ignore[misc]
    sent = [_put(client, room, "m.room.message", txn_id(order, at), make()) for at, make in enumerate(contents)]
    return Done(" ".join(sent))


def _put(client: Client, room: str, kind: str, txn: str, content: Mapping[str, Any]) -> str:
    return str(client.put(path("rooms", room, "send", kind, txn), content).get("event_id", ""))


def _words(order: Order) -> dict[str, Any]:
    content: dict[str, Any] = {"msgtype": "m.text", "body": order.words}
    people = [order.person] if order.person and order.action is not Action.TELL else []
    everyone = {"room": True} if order.options.get("everyone") else {}
    content["m.mentions"] = ({"user_ids": people} if people else {}) | everyone
    if order.subject:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": order.subject}}
    return content


def _picture(client: Client, picture: Any) -> dict[str, Any]:
    told = client.ask(
        "POST",
        "/_matrix/media/v3/upload",
        content=picture.content,
        media_type=picture.media_type,
        params={"filename": picture.name},
        changes=False,  # a picture that nobody points at is no message
    )
    info = {"mimetype": picture.media_type, "size": len(picture.content)}
    return {"msgtype": "m.image", "body": picture.name, "url": told.get("content_uri", ""), "info": info}


def poll(client: Client, order: Order) -> Done:
    """A question with the answers of `options["answers"]`; with `several`, more than one may be chosen."""
    answers = [str(one) for one in order.options.get("answers", ())]
    if not order.words or not 1 < len(answers) <= _MOST_ANSWERS:
        raise RefusedError(filled(_("A poll has a question and 2 to %(most)d answers."), most=_MOST_ANSWERS))
    fallback = "\n".join([order.words, *(f"{number}. {one}" for number, one in enumerate(answers, 1))])
    several = bool(order.options.get("several"))
    content = {
        _POLL: {
            "question": _plain(order.words),
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": len(answers) if several else 1,
            "answers": [{"id": str(number), **_plain(one)} for number, one in enumerate(answers, 1)],
        },
        "org.matrix.msc1767.text": fallback,
    }
    return Done(_put(client, order.group, _POLL, txn_id(order), content))


def _plain(text: str) -> dict[str, str]:
    return {"org.matrix.msc1767.text": text, "body": text}


def pin(client: Client, order: Order) -> Done:
    """Put a message among those the group keeps in sight."""
    where = path("rooms", order.group, "state", "m.room.pinned_events", "")
    pinned = [one for one in _state(client, where).get("pinned", []) if isinstance(one, str)]
    if order.subject not in pinned:
        client.put(where, {"pinned": [*pinned, order.subject]})
    return Done(order.subject)


def _state(client: Client, where: str) -> dict[str, Any]:
    """A state of a room; an empty one where it never was set."""
    try:
        return client.get(where)
    except MatrixRefusalError as refused:
        if refused.code == "M_NOT_FOUND":
            return {}
        raise


def withdraw(client: Client, order: Order) -> Done:
    """Take messages back: one, or all that one sending was."""
    reason = {"reason": order.words} if order.words else {}
    taken = [
        client.put(path("rooms", order.group, "redact", message, txn_id(order, number)), reason)
        for number, message in enumerate(order.subject.split())
    ]
    return Done(" ".join(str(one.get("event_id", "")) for one in taken))


def mute(client: Client, order: Order) -> Done:
    """Let somebody read but not speak: a power below what speaking needs."""
    return _give_power(client, order, SILENT)


def unmute(client: Client, order: Order) -> Done:
    """Give somebody the power of everybody again."""
    return _give_power(client, order, None)


def _give_power(client: Client, order: Order, level: int | None) -> Done:
    where = path("rooms", order.group, "state", "m.room.power_levels", "")
    levels = _state(client, where)
    users = dict(levels.get("users", {}))
    now = users.get(order.person, levels.get("users_default", 0))
    if isinstance(now, int) and now >= MODERATOR:
        raise RefusedError(_("This person looks after the group and cannot be muted. Take that part away first."))
    if level is None and now == SILENT:
        users.pop(order.person, None)
    elif level is not None and now != level:
        users[order.person] = level
    else:
        return Done()
    return Done(str(client.put(where, levels | {"users": users}).get("event_id", "")))


def remove(client: Client, order: Order) -> Done:
    """Remove somebody from the group; who is not there is left alone."""
    return _unless(client, order, "kick", already={"", "leave", "ban"})


def ban(client: Client, order: Order) -> Done:
    """Remove somebody and keep them out."""
    return _unless(client, order, "ban", already={"ban"})


def unban(client: Client, order: Order) -> Done:
    """Let somebody in again who was kept out."""
    return _unless(client, order, "unban", already={"", "leave", "join", "invite", "knock"})


def invite(client: Client, order: Order) -> Done:
    """Invite somebody into the group."""
    return _unless(client, order, "invite", already={"join", "invite"})


def _unless(client: Client, order: Order, verb: str, *, already: set[str]) -> Done:
    """Do it unless it is so: the homeserver would refuse the second time, and that would look like a failure."""
    where = path("rooms", order.group, "state", "m.room.member", order.person)
    if _state(client, where).get("membership", "") not in already:
        reason = {"reason": order.words} if order.words else {}
        client.post(path("rooms", order.group, verb), {"user_id": order.person, **reason})
    return Done()


def open_group(client: Client, order: Order) -> Done:
    """Make a room called `words`; `options` may hold topic, public and invite. Its alias keeps it from being two."""
    if not order.words:
        raise RefusedError(_("A group needs a name."))
    wanted = {
        "name": order.words,
        "topic": str(order.options.get("topic", "")),
        "preset": "public_chat" if order.options.get("public") else "private_chat",
        "visibility": "private",
        "invite": [str(user) for user in order.options.get("invite", ())],
    }
    return Done(_room_once(client, f"room_{_short(order.key)}", wanted))


def _direct_room(client: Client, person: str) -> str:
    """The room of the account and one person, made where there is none; who left it is invited again."""
    wanted = {"preset": "trusted_private_chat", "visibility": "private", "is_direct": True, "invite": [person]}
    room = _room_once(client, f"dm_{_short(person)}", wanted)
    where = path("rooms", room, "state", "m.room.member", person)
    if _state(client, where).get("membership") not in {"join", "invite"}:
        client.post(path("rooms", room, "invite"), {"user_id": person})
    return room


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:24]


def _room_once(client: Client, name: str, wanted: Mapping[str, Any]) -> str:
    """The room of this alias, made where there is none: a room cannot be made twice under one alias."""
    alias = f"{client.localpart}_{name}"
    where = path("directory", "room", f"#{alias}:{client.server}")
    found = _state(client, where).get("room_id")
    if found:
        return str(found)
    try:
        return str(client.post(path("createRoom"), {**wanted, "room_alias_name": alias})["room_id"])
    except MatrixRefusalError as refused:
        if refused.code != "M_ROOM_IN_USE":
            raise
        return str(client.get(where)["room_id"])


DOERS: Mapping[Action, Callable[[Client, Order], Done]] = {
    Action.SEND: send,
    Action.WELCOME: send,
    Action.TELL: tell,
    Action.POLL: poll,
    Action.PIN: pin,
    Action.WITHDRAW: withdraw,
    Action.MUTE: mute,
    Action.UNMUTE: unmute,
    Action.REMOVE: remove,
    Action.BAN: ban,
    Action.UNBAN: unban,
    Action.INVITE: invite,
    Action.OPEN_GROUP: open_group,
}

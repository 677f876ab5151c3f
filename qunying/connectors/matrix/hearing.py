"""Events of rooms as facts: who came and went, said, answered, reacted, took back, voted, read.

Every event is read with mistrust, for a federated room holds what any server cares to send: what cannot be read is
passed over, and never stops the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event
from qunying.ground.events.queries import fact_digests
from qunying.ground.members.services import Who
from qunying.ground.platforms.names import MATRIX
from qunying.kit.limits import MOST_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from qunying.ground.groups.models import Group

SOURCE = "matrix"
MODERATOR = 50
_LONGEST_ID = 190
_LONGEST_OBJECT = 80
_LONGEST_NAME = 120
_LONGEST_SIGN = 40
_MOST_MENTIONS = 50
_EARLIEST = datetime(2014, 1, 1, tzinfo=UTC)
_FORMS = {"m.image": "image", "m.video": "video", "m.audio": "voice", "m.file": "file", "m.location": "location"}
_ABSENT = {"leave", "ban"}


def part(value: Any, *names: str) -> Mapping[str, Any]:
    """An object within an object; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def words(value: Any, most: int = MOST_TEXT) -> str:
    """A text that a database can keep, no longer than `most`; '' for what is no text."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode()[:most]


def moment(value: Any) -> datetime:
    """The time of an event; now, where a server claims one that cannot be."""
    now = timezone.now()
    try:
        at = datetime.fromtimestamp(value / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    return at if _EARLIEST <= at <= now + timedelta(days=1) else now


def who_is(user: Any, name: Any = "") -> Who | None:
    """The account of a user id such as @mei:example.org; None for what is none."""
    if not isinstance(user, str) or not user.startswith("@") or not user.isprintable() or len(user) > _LONGEST_ID:
        return None
    shown = words(name, _LONGEST_NAME).strip() or user.removeprefix("@").partition(":")[0]
    return Who(MATRIX, user, shown[:_LONGEST_NAME])


@dataclass(slots=True)
class Reader:
    """Reads the events of one group in the order they happened; `facts` is what they say.

    `own` is the account's own user: what it does is known already, and it is nobody's member.
    """

    group: Group
    own: str
    facts: list[Fact] = field(default_factory=list)
    authors: dict[str, str] = field(default_factory=dict)
    """Who sent which message or sign, by its id: from the log, and from what is being read."""
    signs: set[str] = field(default_factory=set)
    """Ids that are signs, of which nothing is told when they are taken back."""

    def look_up(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Ask the log once who wrote what these events answer."""
        named = {name for event in events for name in _named_in(event)}
        if not named:
            return
        keys = [Fact("spoke", _EARLIEST, (SOURCE, name)) for name in sorted(named)]
        digests = dict(zip(fact_digests(keys, self.group.community), sorted(named), strict=True))
        rows = Event.objects.filter(source=SOURCE, source_key__in=list(digests))
        for digest, kind, user in rows.values_list("source_key", "kind", "identity__external_id"):
            self.note(digests[bytes(digest)], user or "", sign=kind == "reacted")

    def note(self, name: str, user: str, *, sign: bool = False) -> None:
        """Keep who wrote a message or gave a sign."""
        self.authors[name] = user
        if sign:
            self.signs.add(name)

    def read(self, event: Mapping[str, Any]) -> None:
        """Add the facts that one event tells; one that makes no sense tells none."""
        name, kind = event.get("event_id"), event.get("type")
        if not isinstance(name, str) or not name or len(name) > _LONGEST_ID or not isinstance(kind, str):
            return
        who = who_is(event.get("sender"))
        reader = _READERS.get(kind)
        if who is None or reader is None:
            return
        if kind in _OF_OTHERS or who.external_id != self.own:
            reader(self, event, who, moment(event.get("origin_server_ts")))
        elif kind in _SPEAKING:
            self.note(name, who.external_id)

    def add(self, kind: str, at: datetime, key: tuple[str, ...], **told: Any) -> None:
        """One more fact of this group."""
        self.facts.append(Fact(kind, at, key, group_id=self.group.pk, **told))

    def author(self, name: str) -> Who | None:
        """Who wrote it, if that is known and not ourselves."""
        user = self.authors.get(name, "")
        return who_is(user) if user and user != self.own else None


def _about(name: str) -> dict[str, str]:
    return {"object_type": "message", "object_id": name[:_LONGEST_OBJECT]}


def _relation(event: Mapping[str, Any]) -> tuple[str, str]:
    """How an event stands to another: replace, annotation, reply or '', and the other's id."""
    relates = part(event.get("content"), "m.relates_to")
    kind, other = relates.get("rel_type"), relates.get("event_id")
    if kind in {"m.replace", "m.annotation", "m.reference"} and isinstance(other, str):
        return kind.removeprefix("m."), other
    answered = part(relates, "m.in_reply_to").get("event_id")
    if kind == "m.thread" and isinstance(other, str) and (relates.get("is_falling_back") or not answered):
        return "reply", other
    return ("reply", answered) if isinstance(answered, str) else ("", "")


def _redacted(event: Mapping[str, Any]) -> str:
    name = event.get("redacts") or part(event.get("content")).get("redacts")
    return name if isinstance(name, str) else ""


def _named_in(event: Mapping[str, Any]) -> list[str]:
    name = _redacted(event) if event.get("type") == "m.room.redaction" else _relation(event)[1]
    return [name] if name else []


def _message(reader: Reader, event: Mapping[str, Any], who: Who, at: datetime) -> None:
    name, content = event["event_id"], part(event.get("content"))
    relation, other = _relation(event)
    if relation == "replace":
        fresh = part(content, "m.new_content") or content
        reader.add("edited", at, (SOURCE, name), who=who, text=words(fresh.get("body")), **_about(other))
        return
    reader.note(name, who.external_id)
    form = _form(event)
    payload = {"form": form} if form else {}
    reader.add("spoke", at, (SOURCE, name), who=who, text=_text(content, relation), payload=payload, **_about(name))
    if relation == "reply":
        target = reader.author(other)
        reader.add("replied", at, ("reply", SOURCE, name), who=who, target=target, **_about(other))
    _mentions(reader, name, content, who, at)
    _take_back_known(reader, event, name)


def _form(event: Mapping[str, Any]) -> str:
    kind = event["type"]
    if kind == "m.sticker":
        return "sticker"
    if kind == "m.room.encrypted":
        return "encrypted"
    return _FORMS.get(str(part(event.get("content")).get("msgtype")), "")


def _text(content: Mapping[str, Any], relation: str) -> str:
    """What was said: of a file its caption, of an answer not the words it repeats."""
    body = words(content.get("body"))
    if content.get("msgtype") in _FORMS:
        return body if content.get("filename") and content.get("filename") != body else ""
    if relation == "reply" and body.startswith("> "):
        said = body.partition("\n\n")[2]
        return said or body
    return body


def _mentions(reader: Reader, name: str, content: Mapping[str, Any], who: Who, at: datetime) -> None:
    called = part(content, "m.mentions")
    if called.get("room") is True:
        reader.add("mentioned", at, ("mention", SOURCE, name), who=who, payload={"everyone": True}, **_about(name))
    given = called.get("user_ids")
    users = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    for user in dict.fromkeys(users[:_MOST_MENTIONS]):
        other = who_is(user)
        if other is not None and user not in {reader.own, who.external_id}:
            reader.add("mentioned", at, ("mention", SOURCE, name, user), who=who, target=other, **_about(name))


def _take_back_known(reader: Reader, event: Mapping[str, Any], name: str) -> None:
    """In history, a message that was taken back comes without its words and with what took it back."""
    because = part(event.get("unsigned"), "redacted_because")
    who = who_is(because.get("sender"))
    if who is not None and isinstance(because.get("event_id"), str) and who.external_id != reader.own:
        _recall(reader, because["event_id"], name, who, moment(because.get("origin_server_ts")))


def _redaction(reader: Reader, event: Mapping[str, Any], who: Who, at: datetime) -> None:
    name = _redacted(event)
    if name in reader.authors and name not in reader.signs:
        _recall(reader, event["event_id"], name, who, at)


def _recall(reader: Reader, name: str, message: str, who: Who, at: datetime) -> None:
    author = reader.author(message)
    target = author if author is not None and author.key != who.key else None
    reader.add("recalled", at, (SOURCE, name), who=who, target=target, **_about(message))


def _reaction(reader: Reader, event: Mapping[str, Any], who: Who, at: datetime) -> None:
    relation, other = _relation(event)
    if relation != "annotation":
        return
    reader.note(event["event_id"], who.external_id, sign=True)
    sign = words(part(event.get("content"), "m.relates_to").get("key"), _LONGEST_SIGN)
    target = reader.author(other)
    reader.add(
        "reacted", at, (SOURCE, event["event_id"]), who=who, target=target, payload={"sign": sign}, **_about(other)
    )


def _member(reader: Reader, event: Mapping[str, Any], by: Who, at: datetime) -> None:
    content, unsigned = part(event.get("content")), part(event.get("unsigned"))
    person = who_is(event.get("state_key"), content.get("displayname"))
    if person is None or person.external_id == reader.own:
        return
    before_content = part(unsigned, "prev_content") or part(event.get("prev_content"))
    now, before = content.get("membership"), before_content.get("membership")
    key, hand = (SOURCE, event["event_id"]), by.external_id not in {person.external_id, reader.own}
    if now == "join" and before != "join":
        inviter = who_is(unsigned.get("prev_sender")) if before == "invite" else None
        target = (
            inviter if inviter is not None and inviter.external_id not in {reader.own, person.external_id} else None
        )
        reader.add("joined", at, key, who=person, target=target)
    elif now == "join":
        _renamed(reader, key, person, before_content, at)
    elif now in _ABSENT and before not in {"invite", "knock", *_ABSENT}:
        removed = by.external_id != person.external_id
        reason = "banned" if now == "ban" else "removed" if removed else "left"
        reader.add("left", at, key, who=person, target=by if hand else None, payload={"reason": reason})
    elif now == "invite" and hand:
        reader.add("invited", at, key, who=by, target=person)


def _renamed(reader: Reader, key: tuple[str, ...], person: Who, before: Mapping[str, Any], at: datetime) -> None:
    if before.get("displayname") != person.name and person.name:
        reader.add("renamed", at, key, who=person, payload={"name": person.name})


def _room_name(reader: Reader, event: Mapping[str, Any], who: Who, at: datetime) -> None:
    name = words(part(event.get("content")).get("name"), _LONGEST_NAME).strip()
    if name:
        reader.add("renamed_group", at, (SOURCE, event["event_id"]), who=who, payload={"name": name})


def _power(reader: Reader, event: Mapping[str, Any], who: Who, at: datetime) -> None:
    """A part in the group changed where a power level crossed that of a moderator."""
    before = part(event.get("unsigned"), "prev_content", "users") or part(event.get("prev_content"), "users")
    now = part(event.get("content"), "users")
    for user in sorted({*before, *now}):
        person = who_is(user)
        roles = [role_of(levels.get(user)) for levels in (before, now)]
        if person is not None and user != reader.own and roles[0] != roles[1]:
            key = ("power", SOURCE, event["event_id"], user)
            target = who if who.external_id != reader.own else None
            reader.add("role_changed", at, key, who=person, target=target, payload={"role": roles[1]})


def role_of(level: Any) -> str:
    """What somebody of this power is in a group."""
    return "admin" if isinstance(level, int) and level >= MODERATOR else "member"


def _poll(reader: Reader, event: Mapping[str, Any], who: Who, at: datetime) -> None:
    name, content = event["event_id"], part(event.get("content"))
    start = part(content, "m.poll") or part(content, "m.poll.start") or part(content, "org.matrix.msc3381.poll.start")
    reader.note(name, who.external_id)
    text = spoken(start.get("question"))
    reader.add("spoke", at, (SOURCE, name), who=who, text=text, payload={"form": "poll"}, **_about(name))


def spoken(value: Any) -> str:
    """The words of an extensible text, in any of the ways they are written (MSC1767)."""
    if isinstance(value, dict):
        for name in ("m.text", "org.matrix.msc1767.text", "body"):
            if found := spoken(value.get(name)):
                return found
    if isinstance(value, list):
        return next((found for one in value if (found := spoken(one))), "")
    return words(value)


def _vote(reader: Reader, event: Mapping[str, Any], who: Who, at: datetime) -> None:
    relation, poll = _relation(event)
    if relation != "reference":
        return
    content = part(event.get("content"))
    answers = content.get("m.selections") or part(content, "org.matrix.msc3381.poll.response").get("answers")
    chosen = [words(one, _LONGEST_SIGN) for one in answers if isinstance(one, str)] if isinstance(answers, list) else []
    told = {"choice": ",".join(chosen)[:_LONGEST_NAME]} if chosen else {}
    about = {"object_type": "poll", "object_id": poll[:_LONGEST_OBJECT]}
    reader.add("answered", at, (SOURCE, event["event_id"]), who=who, target=reader.author(poll), payload=told, **about)


def read_receipts(reader: Reader, content: Mapping[str, Any]) -> None:
    """Who has seen what: `m.receipt` of a room, one `read` for each person and message."""
    for name, kinds in content.items():
        for user, told in part(kinds, "m.read").items():
            who = who_is(user)
            if who is not None and user != reader.own and len(name) <= _LONGEST_ID:
                at = moment(part(told).get("ts"))
                reader.add("read", at, ("read", SOURCE, name, user), who=who, **_about(name))


_SPEAKING = {
    "m.room.message",
    "m.sticker",
    "m.room.encrypted",
    "m.poll.start",
    "org.matrix.msc3381.poll.start",
}

_OF_OTHERS = {"m.room.member", "m.room.power_levels"}
"""Kinds that tell of somebody else than their sender, so that they are read also where we are the sender."""

_READERS: dict[str, Callable[[Reader, Mapping[str, Any], Who, datetime], None]] = {
    "m.room.message": _message,
    "m.sticker": _message,
    "m.room.encrypted": _message,
    "m.reaction": _reaction,
    "m.room.redaction": _redaction,
    "m.room.member": _member,
    "m.room.name": _room_name,
    "m.room.power_levels": _power,
    "m.poll.start": _poll,
    "org.matrix.msc3381.poll.start": _poll,
    "m.poll.response": _vote,
    "org.matrix.msc3381.poll.response": _vote,
}

"""The port for outside platforms: what can be done there, by which way, and how a connector is asked to do it.

A connector is one folder under `qunying/connectors`; nobody imports it. In `AppConfig.ready()` it registers:

    register_connector(MatrixConnector())

and is found again by the platform's short name. Everything here speaks of *external* ids, the platform's own:
the port knows neither members nor communities. A connector never decides who may do what, when, or how often:
that was decided before it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import pgettext_lazy

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from django.utils.functional import _StrPromise

    from qunying.ground.platforms.models import Account


class Action(StrEnum):
    """What people want of a platform: first what comes in, then what goes out."""

    READ_MESSAGES = "read_messages"
    READ_JOINS = "read_joins"
    LIST_MEMBERS = "list_members"
    READ_COUNTS = "read_counts"
    JOIN_LINK = "join_link"
    SEND = "send"
    TELL = "tell"
    WELCOME = "welcome"
    POLL = "poll"
    PIN = "pin"
    WITHDRAW = "withdraw"
    MUTE = "mute"
    UNMUTE = "unmute"
    REMOVE = "remove"
    BAN = "ban"
    UNBAN = "unban"
    INVITE = "invite"
    OPEN_GROUP = "open_group"
    ADMIT = "admit"
    TURN_AWAY = "turn_away"


ACTION_WORDS: Mapping[Action, _StrPromise] = {
    Action.READ_MESSAGES: pgettext_lazy("platform action", "Read messages"),
    Action.READ_JOINS: pgettext_lazy("platform action", "See who joins and leaves"),
    Action.LIST_MEMBERS: pgettext_lazy("platform action", "List the members"),
    Action.READ_COUNTS: pgettext_lazy("platform action", "Read views and likes"),
    Action.JOIN_LINK: pgettext_lazy("platform action", "Join link that tells the channel"),
    Action.SEND: pgettext_lazy("platform action", "Send to a group"),
    Action.TELL: pgettext_lazy("platform action", "Send to one person"),
    Action.WELCOME: pgettext_lazy("platform action", "Welcome"),
    Action.POLL: pgettext_lazy("platform action", "Hold a poll"),
    Action.PIN: pgettext_lazy("platform action", "Pin a message"),
    Action.WITHDRAW: pgettext_lazy("platform action", "Take a message back"),
    Action.MUTE: pgettext_lazy("platform action", "Mute someone"),
    Action.UNMUTE: pgettext_lazy("platform action", "Let someone speak again"),
    Action.REMOVE: pgettext_lazy("platform action", "Remove someone from a group"),
    Action.BAN: pgettext_lazy("platform action", "Keep someone out"),
    Action.UNBAN: pgettext_lazy("platform action", "Let someone in again"),
    Action.INVITE: pgettext_lazy("platform action", "Invite someone"),
    Action.OPEN_GROUP: pgettext_lazy("platform action", "Open a group"),
    Action.ADMIT: pgettext_lazy("platform action", "Let in who asks"),
    Action.TURN_AWAY: pgettext_lazy("platform action", "Turn away who asks"),
}


class Way(StrEnum):
    """How an action reaches the platform."""

    OFFICIAL = "official"
    """By the platform's own API."""
    CONFIRM = "confirm"
    """By API, but the platform makes a person confirm it."""
    HAND = "hand"
    """By a person, with everything laid ready."""
    IMPORT = "import"
    """Only from files that people bring."""
    IMPOSSIBLE = "impossible"


WAY_WORDS: Mapping[Way, _StrPromise] = {
    Way.OFFICIAL: pgettext_lazy("platform way", "By itself"),
    Way.CONFIRM: pgettext_lazy("platform way", "A person confirms"),
    Way.HAND: pgettext_lazy("platform way", "By hand"),
    Way.IMPORT: pgettext_lazy("platform way", "From files"),
    Way.IMPOSSIBLE: pgettext_lazy("platform way", "Not possible"),
}


@dataclass(frozen=True, slots=True)
class Capability:
    """The way an action goes, and in words why no better one does (empty for `official`)."""

    way: Way
    reason: str | _StrPromise = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` calls of these actions within `per`, for each account or for each of its groups."""

    actions: frozenset[Action]
    amount: int
    per: timedelta
    each_group: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes out: its name, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Order:
    """What a connector is asked to do.

    `key` names this order for all time: a connector hands it on wherever the platform takes one, so that the same
    order twice is done once. `group`, `person` and `subject` (the message it is about) are the platform's ids.
    """

    key: str
    action: Action
    group: str = ""
    person: str = ""
    subject: str = ""
    words: str = ""
    pictures: tuple[Picture, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an order: the id the platform gave, and whether a person must still confirm it there."""

    external_id: str = ""
    awaits_person: bool = False


class RefusedError(QunyingError):
    """The platform said no and will say so again; the sentence says why and what to do. Nothing was done."""


class BusyError(QunyingError):
    """Nothing was done; ask again at `again_at` (aware UTC), or when it seems fit where that is None."""

    def __init__(self, message: str | _StrPromise, *, again_at: datetime | None = None) -> None:
        super().__init__(message)
        self.again_at = again_at


class UnknownError(QunyingError):
    """No answer came: it may have been done or not. To be asked of a person, never simply sent again."""


@dataclass(frozen=True, slots=True)
class Check:
    """One step of setting an account up, or of its health: whether it holds, and what to do where it does not.

    Both texts are best lazy ones: what was seen is kept in every language of the house.
    """

    name: str | _StrPromise
    holds: bool
    words: str | _StrPromise = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A field of the set-up page. A `secret` one is encrypted and never shown again."""

    name: str
    label: _StrPromise
    help: _StrPromise | str = ""
    secret: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """Someone the platform lists in a group; `role` is one of the roles of a membership, `since` an aware time.

    `channel` is the key by which they came and `inviter` the platform's id of who let them in, where it tells.
    """

    external_id: str
    name: str = ""
    role: str = "member"
    since: datetime | None = None
    channel: str = ""
    inviter: str = ""


class Connector(Protocol):
    """What a connector is. Calls that go out may take seconds and are never made inside a transaction."""

    platform: str
    """The short name of the platform, as `names` has it."""
    settings: tuple[Setting, ...]
    limits: tuple[Limit, ...]

    def capability(self, action: Action, *, account: Account | None = None, group: str = "") -> Capability:
        """The way this action goes: at best for any account (None), for this account, or in this group of it."""

    def check(self, account: Account) -> list[Check]:
        """Every step of the set-up in order, tried for real; raises nothing but programming errors."""

    def perform(self, account: Account, order: Order) -> Done:
        """Do it. Raises RefusedError, BusyError or UnknownError; whatever else it raises counts as unknown."""

    def list_groups(self, account: Account) -> Iterable[tuple[str, str]]:
        """The groups the account stands in: id and name; raises as `perform` does."""

    def list_people(self, account: Account, group: str) -> Iterable[Person]:
        """Who is in the group now; raises as `perform` does."""


_connectors: dict[str, Connector] = {}
_places: dict[str, frozenset[str]] = {}


def register_connector(connector: Connector, *, places: Iterable[str] = ()) -> None:
    """Have the platform served by this connector; with `places`, only these kinds of group of it (see `landscape`)."""
    _connectors[connector.platform] = connector
    _places[connector.platform] = frozenset(places)


def connector_of(platform: str) -> Connector | None:
    """Who serves the platform; None where everything there goes by hand and by files."""
    return _connectors.get(platform)


def connector_at(platform: str, place: str) -> Connector | None:
    """Who serves this kind of group of the platform."""
    served = _places.get(platform)
    return connector_of(platform) if not served or place in served else None


def connectors() -> dict[str, Connector]:
    """Every connector by the short name of its platform, in that order."""
    return dict(sorted(_connectors.items()))

"""The rows of the list of channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from qunying.do.recruitment.queries import Tally, channels_into, tallies
from qunying.doors.console.do.recruitment.words import KINDS, SPANS
from qunying.doors.console.lists import Column, Listing
from qunying.kit.formats import major
from qunying.kit.numerals import to_id
from qunying.kit.periods import last_days

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from qunying.do.recruitment.models import Channel, JoinLink
    from qunying.ground.groups.models import Community
    from qunying.kit.periods import Period

_USUAL = 30


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel with what it brought and cost in the period."""

    channel: Channel
    tally: Tally
    currency: str

    @property
    def kind(self) -> str:
        """Its kind in words."""
        return str(KINDS[self.channel.kind])

    @property
    def for_one(self) -> float | None:
        """What one joining cost, in minor units; None where nobody joined or nothing was spent."""
        return self.tally.cost / self.tally.joins if self.tally.joins and self.tally.cost else None

    @property
    def money(self) -> float | None:
        """What it cost, in whole units of the currency as a file shows them; None for nothing."""
        return float(major(self.tally.cost, self.currency)) if self.tally.cost else None

    @property
    def money_for_one(self) -> float | None:
        """What one joining cost, likewise."""
        return None if self.for_one is None else round(float(major(self.for_one, self.currency)), 2)

    @property
    def state(self) -> str:
        """Whether it is in use, in words."""
        return pgettext("channel", "Ended") if self.channel.ended_at else pgettext("channel", "In use")


CHANNELS: Listing[ChannelRow] = Listing(
    "channels",
    gettext_lazy("Channels"),
    (
        Column("name", gettext_lazy("Channel"), lambda row: row.channel.name, order=True),
        Column("key", gettext_lazy("Key"), lambda row: row.channel.key, shown=False),
        Column("kind", pgettext_lazy("channel", "Kind"), lambda row: row.kind, order=True, css="on-desk"),
        Column("visits", gettext_lazy("Visits of the link"), lambda row: row.tally.visits, order=True, css="number"),
        Column("joins", gettext_lazy("Known to have joined"), lambda row: row.tally.joins, order=True, css="number"),
        Column("cost", pgettext_lazy("channel", "Cost"), lambda row: row.money, order=True, css="number"),
        Column("for_one", gettext_lazy("Cost of one joining"), lambda row: row.money_for_one, order=True, css="number"),
        Column("state", gettext_lazy("State"), lambda row: row.state, order=True),
        Column("wanted", gettext_lazy("Who is wanted"), lambda row: row.channel.wanted, shown=False),
    ),
    default="-visits",
)


def days_asked(query: QueryDict) -> int:
    """How many days the address asks for; the usual 30 where it asks for none there are."""
    wanted = to_id(query.get("days", ""))
    return wanted if wanted in SPANS else _USUAL


def period_asked(query: QueryDict, community: Community) -> Period:
    """The local days, up to today, that the address asks for."""
    return last_days(days_asked(query), until=timezone.localdate(timezone=ZoneInfo(community.timezone)))


def channel_rows(community: Community, period: Period, *, words: str = "") -> list[ChannelRow]:
    """Every channel that serves the community, whose name or key holds the words. Five queries at most."""
    found = tallies(community, period)
    low = words.casefold()
    return [
        ChannelRow(one, found.get(one.key, Tally()), community.currency)
        for one in channels_into(community)
        if low in one.name.casefold() or low in one.key.casefold()
    ]


def address_of_link(request: HttpRequest, link: JoinLink) -> str:
    """The whole address of a link, as it is printed: that of QUNYING_PUBLIC_URL, else the one the page came from."""
    path = reverse("landing", args=[link.code])
    return settings.PUBLIC_URL.rstrip("/") + path if settings.PUBLIC_URL else request.build_absolute_uri(path)

"""Verbs on channels, what they cost, and their links."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.recruitment.models import Channel, ChannelCost, JoinLink
from qunying.do.recruitment.queries import channels_into, open_link_of
from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.models import Community
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from datetime import date

    from qunying.ground.audit.actors import Actor
    from qunying.ground.units.models import Unit

CREATE = declare_verb("recruitment.create", gettext_lazy("A channel was made."))
EDIT = declare_verb("recruitment.edit", gettext_lazy("A channel was changed."))
END = declare_verb("recruitment.end", gettext_lazy("A channel was ended; its links open nothing."))
RESUME = declare_verb("recruitment.resume", gettext_lazy("A channel was taken up again."))
BOOK = declare_verb("recruitment.book_cost", gettext_lazy("A cost of a channel was booked."))
WITHDRAW = declare_verb("recruitment.withdraw_cost", gettext_lazy("A cost of a channel was withdrawn."))
OPEN_LINK = declare_verb("recruitment.open_link", gettext_lazy("A join link of a channel was opened."))
CLOSE_LINK = declare_verb("recruitment.close_link", gettext_lazy("A join link of a channel was closed."))

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE = 11
"""31 letters to the power of 11 are more than 2 to the power of 54: nobody finds a link by trying."""
_MOST = 10**15


@dataclass(frozen=True, slots=True)
class About:
    """What is told of a channel: its name, its kind, who is wanted by it."""

    name: str
    kind: str = Channel.Kind.OWNED
    wanted: str = ""


@transaction.atomic
def create_channel(place: Community | Unit, *, about: About, by: Actor, key: str = "") -> Channel:
    """Make a channel of one community, or of every community of a unit and below; its key stays for good.

    Without a key, its name is the key. A channel of one community gets its link at once. Raises QunyingError for an
    empty or over-long text, an unknown kind, and a key that another channel has there.
    """
    community = place if isinstance(place, Community) else None
    unit = place.unit if isinstance(place, Community) else place
    name, kind, wanted = _tidy(about)
    channel = Channel(unit=unit, community=community, name=name, kind=kind, wanted=wanted)
    channel.key = _tidy_key(key or name)
    _check_free(channel)
    channel.save()
    details = {"unit": unit.pk, "community": community and community.pk, "kind": kind}
    write_act(CREATE, by=by, subject_type="channel", subject_id=channel.pk, details=details)
    if community is not None:
        open_link(channel, community=community, by=by)
    return channel


@transaction.atomic
def edit_channel(channel: Channel, *, about: About, by: Actor) -> Channel:
    """Change what may change of a channel; its key may not, for facts carry it."""
    channel.name, channel.kind, channel.wanted = _tidy(about)
    channel.save(update_fields=["name", "kind", "wanted"])
    write_act(EDIT, by=by, subject_type="channel", subject_id=channel.pk, details={"kind": channel.kind})
    return channel


@transaction.atomic
def end_channel(channel: Channel, *, by: Actor) -> Channel:
    """Use it no more: its links lead nowhere, what it brought stays. Raises QunyingError where it has ended."""
    channel = _locked(channel)
    if channel.ended_at is not None:
        raise QunyingError(_("“%(channel)s” has ended already.") % {"channel": channel.name})
    channel.ended_at = timezone.now()
    channel.save(update_fields=["ended_at"])
    write_act(END, by=by, subject_type="channel", subject_id=channel.pk)
    return channel


@transaction.atomic
def resume_channel(channel: Channel, *, by: Actor) -> Channel:
    """Use it again; its open links lead to the group as before. Raises QunyingError where it has not ended."""
    channel = _locked(channel)
    if channel.ended_at is None:
        raise QunyingError(_("“%(channel)s” is in use already.") % {"channel": channel.name})
    channel.ended_at = None
    channel.save(update_fields=["ended_at"])
    write_act(RESUME, by=by, subject_type="channel", subject_id=channel.pk)
    return channel


@transaction.atomic
def book_cost(  # noqa: PLR0913 - what a cost is
    channel: Channel, *, community: Community, day: date, amount: int, by: Actor, note: str = ""
) -> ChannelCost:
    """Note what the channel cost in this community on a local day, in minor units of the community's currency.

    Raises QunyingError for an amount of nothing or less, and for a channel of another community.
    """
    _check_serves(channel, community)
    if not 0 < amount < _MOST:
        raise QunyingError(_("A cost is an amount above zero. To take one back, withdraw it."))
    cost = ChannelCost.objects.create(
        channel=channel,
        community=community,
        day=day,
        amount=amount,
        note=_shortened(note, ChannelCost.NOTE_LENGTH),
        by=by if isinstance(by, Staff) else None,
    )
    details = {"channel": channel.pk, "day": day.isoformat(), "amount": amount}
    write_act(BOOK, by=by, subject_type="channel_cost", subject_id=cost.pk, details=details)
    return cost


@transaction.atomic
def withdraw_cost(cost: ChannelCost, *, by: Actor) -> ChannelCost:
    """Take a cost back: it counts no more and stays on record. Raises QunyingError where that was done already."""
    cost = ChannelCost.objects.select_for_update().get(pk=cost.pk)
    if cost.withdrawn_at is not None:
        raise QunyingError(_("This cost was withdrawn already."))
    cost.withdrawn_at = timezone.now()
    cost.save(update_fields=["withdrawn_at"])
    write_act(WITHDRAW, by=by, subject_type="channel_cost", subject_id=cost.pk, details={"amount": cost.amount})
    return cost


@transaction.atomic
def open_link(channel: Channel, *, community: Community, by: Actor) -> JoinLink:
    """The link of the channel into the community, with a code nobody guesses; one that is open stays as it is.

    Raises QunyingError for an ended channel and for one of another community.
    """
    channel = _locked(channel)
    _check_serves(channel, community)
    if channel.ended_at is not None:
        raise QunyingError(_("“%(channel)s” has ended. Take it up again first.") % {"channel": channel.name})
    known = open_link_of(channel, community)
    if known is not None:
        return known
    code = "".join(secrets.choice(_LETTERS) for _letter in range(_CODE))
    link = JoinLink.objects.create(channel=channel, community=community, code=code)
    write_act(OPEN_LINK, by=by, subject_type="channel", subject_id=channel.pk, details={"link": link.pk})
    return link


@transaction.atomic
def close_link(link: JoinLink, *, by: Actor) -> JoinLink:
    """Have the link lead nowhere for good: whoever opens it is told so. Raises QunyingError where it is closed."""
    link = JoinLink.objects.select_for_update().get(pk=link.pk)
    if link.closed_at is not None:
        raise QunyingError(_("This link was closed already."))
    link.closed_at = timezone.now()
    link.save(update_fields=["closed_at"])
    write_act(CLOSE_LINK, by=by, subject_type="channel", subject_id=link.channel_id, details={"link": link.pk})
    return link


def _locked(channel: Channel) -> Channel:
    return Channel.objects.select_for_update(of=("self",)).select_related("unit", "community").get(pk=channel.pk)


def _check_serves(channel: Channel, community: Community) -> None:
    if not channels_into(community).filter(pk=channel.pk).exists():
        words = {"channel": channel.name, "community": community.name}
        raise QunyingError(_("“%(channel)s” is no channel of “%(community)s”.") % words)


def _check_free(channel: Channel) -> None:
    """Raise QunyingError where a community would find two channels under this key."""
    same = Channel.objects.filter(key=channel.key).select_related("unit")
    for other in same:
        if _meet(channel, other):
            raise QunyingError(
                _("There is a channel with the key “%(key)s” already: “%(name)s”. Choose another key.")
                % {"key": channel.key, "name": other.name}
            )


def _meet(one: Channel, other: Channel) -> bool:
    if one.community_id and other.community_id:
        return one.community_id == other.community_id
    if one.community_id:
        return one.unit.path.startswith(other.unit.path)
    if other.community_id:
        return other.unit.path.startswith(one.unit.path)
    return one.unit.path.startswith(other.unit.path) or other.unit.path.startswith(one.unit.path)


def _tidy(about: About) -> tuple[str, str, str]:
    name = " ".join(about.name.split())
    if not name:
        raise QunyingError(_("The channel has no name. Write the one your team uses, such as “Flyer at the till”."))
    if len(name) > Channel.NAME_LENGTH:
        raise QunyingError(
            _("The name is longer than %(most)d characters. Shorten it.") % {"most": Channel.NAME_LENGTH}
        )
    if about.kind not in Channel.Kind.values:
        known = ", ".join(Channel.Kind.values)
        raise QunyingError(
            _("There is no kind “%(kind)s”. Those there are: %(known)s.") % {"kind": about.kind, "known": known}
        )
    wanted = about.wanted.strip()
    if len(wanted) > Channel.WANTED_LENGTH:
        sentence = _("Who is wanted is told in %(most)d characters at most. Shorten it.")
        raise QunyingError(sentence % {"most": Channel.WANTED_LENGTH})
    return name, about.kind, wanted


def _tidy_key(key: str) -> str:
    tidy = " ".join(key.split())
    if not tidy or len(tidy) > Channel.KEY_LENGTH:
        sentence = _("The key of a channel has between 1 and %(most)d characters.")
        raise QunyingError(sentence % {"most": Channel.KEY_LENGTH})
    return tidy


def _shortened(note: str, most: int) -> str:
    tidy = " ".join(note.split())
    if len(tidy) > most:
        raise QunyingError(_("The note is longer than %(most)d characters. Shorten it.") % {"most": most})
    return tidy

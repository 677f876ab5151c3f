"""Codes of channels that platforms make: whoever comes by one is counted to its channel by the platform itself.

The platform is asked first and outside any transaction, then what it made is written down. What is lost between the
two is a code that nobody has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.recruitment.models import ChannelCode
from qunying.do.recruitment.queries import codes_of, offer_of
from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.queries import groups_through
from qunying.ground.platforms.codes import GROUPS, Wish, coder_of
from qunying.ground.platforms.names import platform_label
from qunying.ground.platforms.port import UnknownError
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.do.recruitment.models import Channel
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.codes import Coder, Offer
    from qunying.ground.platforms.models import Account

MAKE = declare_verb("recruitment.make_code", gettext_lazy("A platform made a code for a channel."))
CHANGE = declare_verb("recruitment.change_code", gettext_lazy("A channel's code leads to others now."))
END = declare_verb("recruitment.end_code", gettext_lazy("A channel's code was deleted at its platform."))
GONE = declare_verb("recruitment.code_gone", gettext_lazy("A channel's code was found gone at its platform."))


def make_code(  # noqa: PLR0913 - what a code is
    channel: Channel,
    *,
    community: Community,
    account: Account,
    kind: str,
    targets: Sequence[str],
    by: Actor,
    chosen: bool = False,
) -> ChannelCode:
    """Have the account's platform make a code that leads there and says by which channel people came.

    Raises QunyingError for an ended channel, a kind that the account does not make for this community, a key that the
    platform finds too long, and targets that are none or too many; and whatever the platform says.
    """
    from qunying.do.recruitment.drawing import as_group_picture

    if channel.ended_at is not None:
        raise QunyingError(_("“%(channel)s” has ended. Take it up again first.") % {"channel": channel.name})
    offer = offer_of(account, community, kind)
    _check_key(channel, offer, account)
    wish = Wish(kind, channel.key, channel.name, _checked(targets, offer, account, community), chosen)
    try:
        made = _coder(account).make(account, wish)
    except UnknownError:
        raise QunyingError(
            _("The line was cut before the platform answered. Try again: at worst it keeps a code that nobody has.")
        ) from None
    picture = as_group_picture(made.picture) if made.picture else b""
    with transaction.atomic():
        code = ChannelCode.objects.create(
            channel=channel,
            community=community,
            account=account,
            kind=kind,
            external_id=made.external_id,
            address=made.address,
            picture=picture,
            targets=list(wish.targets),
            chosen=chosen,
            made_by=by if isinstance(by, Staff) else None,
        )
        _write(MAKE, code, by=by, leads_to=len(wish.targets))
    return code


def change_code(code: ChannelCode, *, targets: Sequence[str], by: Actor, chosen: bool = False) -> ChannelCode:
    """Have the code lead to these; what was printed with it stays good. Raises as `make_code`."""
    account = _standing(code)
    offer = offer_of(account, code.community, code.kind)
    there = _checked(targets, offer, account, code.community)
    wish = Wish(code.kind, code.channel.key, code.channel.name, there, chosen)
    _coder(account).change(account, code.external_id, wish)
    with transaction.atomic():
        code.targets, code.chosen = list(wish.targets), chosen
        code.save(update_fields=["targets", "chosen"])
        _write(CHANGE, code, by=by, leads_to=len(wish.targets))
    return code


def end_code(code: ChannelCode, *, by: Actor) -> ChannelCode:
    """Have the platform delete it: whatever was printed with it leads nowhere, who came by it stays counted."""
    account = _standing(code)
    _coder(account).drop(account, code.kind, code.external_id)
    return _end(code, END, by=by)


def look_after_codes(channel: Channel, *, community: Community, by: Actor) -> list[ChannelCode]:
    """Ask the platforms which of the channel's codes they still have, and end those that they have not; those."""
    rows = [code for code in codes_of(channel, community) if code.ended_at is None and code.account is not None]
    gone: list[ChannelCode] = []
    for account, kind in sorted({(code.account, code.kind) for code in rows}, key=lambda pair: (pair[0].pk, pair[1])):
        own = {code.external_id: code for code in rows if (code.account, code.kind) == (account, kind)}
        there = _coder(account).standing(account, kind, own.keys())
        gone += [_end(code, GONE, by=by) for name, code in own.items() if name not in there]
    return gone


@transaction.atomic
def _end(code: ChannelCode, verb: str, *, by: Actor) -> ChannelCode:
    code.ended_at, code.picture = timezone.now(), b""
    code.save(update_fields=["ended_at", "picture"])
    _write(verb, code, by=by)
    return code


def _write(verb: str, code: ChannelCode, *, by: Actor, **told: object) -> None:
    details = {"code": code.pk, "kind": code.kind, "account": code.account_id, **told}
    write_act(verb, by=by, subject_type="channel", subject_id=code.channel_id, details=details)


def _standing(code: ChannelCode) -> Account:
    """The account of a code that stands."""
    if code.ended_at is not None:
        raise QunyingError(_("This code leads nowhere any more. Make another."))
    if code.account is None:
        raise QunyingError(_("The account that made this code was removed here. Delete the code at the platform."))
    return code.account


def _coder(account: Account) -> Coder:
    found = coder_of(account.platform)
    if found is None:
        raise QunyingError(_("%(platform)s makes no codes.") % {"platform": platform_label(account.platform)})
    return found


def _check_key(channel: Channel, offer: Offer, account: Account) -> None:
    long = len(channel.key.encode() if offer.key_in_bytes else channel.key)
    if long > offer.most_key:
        sentence = _(
            "%(platform)s takes a key of %(most)d letters at most (a Chinese character may count for three), and "
            "“%(key)s” has more. Make a channel with a shorter key."
        )
        told = {"platform": platform_label(account.platform), "most": offer.most_key, "key": channel.key}
        raise QunyingError(sentence % told)


def _checked(targets: Sequence[str], offer: Offer, account: Account, community: Community) -> tuple[str, ...]:
    """The targets, each once; groups are only those of the community that are tied to the account."""
    found = tuple(dict.fromkeys(one for one in targets if one))
    if offer.leads_to == GROUPS:
        own = set(groups_through(account).filter(community=community).values_list("external_id", flat=True))
        found = tuple(one for one in found if one in own)
    if not found:
        raise QunyingError(_("Choose to whom or into which group the code leads."))
    if len(found) > offer.most:
        raise QunyingError(_("The code leads to %(most)d at most. Choose fewer.") % {"most": offer.most})
    return found

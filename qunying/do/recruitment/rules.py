"""Who may do what with channels, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.kit.errors import NotAllowedError

if TYPE_CHECKING:
    from qunying.do.recruitment.models import Channel
    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community


def may_keep_channels(staff: Holder, community: Community) -> bool:
    """Whether this person may make channels of the community, book their costs, open links and put up pictures."""
    return may(staff, Permission.EDIT_CHANNELS, community.unit)


def may_change_channel(staff: Holder, channel: Channel) -> bool:
    """Whether this person may change or end the channel: one of several communities asks in the unit it is of."""
    return may(staff, Permission.EDIT_CHANNELS, channel.unit)


def check_may_keep_channels(staff: Holder, community: Community) -> None:
    """Raise NotAllowedError unless `may_keep_channels`."""
    if not may_keep_channels(staff, community):
        raise NotAllowedError(_("Your role may not change channels here. Ask the lead of the unit."))


def check_may_change_channel(staff: Holder, channel: Channel) -> None:
    """Raise NotAllowedError unless `may_change_channel`."""
    if not may_change_channel(staff, channel):
        sentence = _("“%(channel)s” belongs to the unit “%(unit)s”; your role may not change channels there.")
        raise NotAllowedError(sentence % {"channel": channel.name, "unit": channel.unit.name})

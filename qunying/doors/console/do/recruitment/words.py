"""What stands on the pages of channels, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.do.recruitment.bounds import State
from qunying.do.recruitment.models import Channel

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KINDS: dict[str, _StrPromise] = {
    Channel.Kind.OWNED: _("Own account or article"),
    Channel.Kind.PARTNER: pgettext_lazy("channel", "Partner"),
    Channel.Kind.WORD: _("Word of mouth"),
    Channel.Kind.ADVERT: _("Advertising"),
    Channel.Kind.OFFLINE: _("Shop, poster, event"),
}
STATES: dict[str, _StrPromise] = {
    State.SHOWN: _("Is shown now"),
    State.WAITING: _("Comes next"),
    State.FULL: pgettext_lazy("picture", "Full"),
    State.EXPIRED: pgettext_lazy("picture", "Expired"),
}
LEVELS = {State.SHOWN: "level-calm", State.FULL: "level-attention", State.EXPIRED: "level-warning"}
"""How loudly a state is told; waiting is told plainly."""
SPANS: dict[int, _StrPromise] = {
    7: _("Last 7 days"),
    30: _("Last 30 days"),
    90: _("Last 90 days"),
    365: _("Last 365 days"),
}

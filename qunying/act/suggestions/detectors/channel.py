"""A channel whose joiners do not stay: who is still here after a week, against the other channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.act.suggestions.port import Asked, Detector, Measured, register_detector
from qunying.kit.formats import percent
from qunying.kit.significance import Proportion, falls_short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qunying.act.suggestions.history import History, Look, Stay
    from qunying.kit.periods import Period

_DAYS = 180
_FEWEST, _FEWEST_OTHERS = 30, 60
_LESS = 0.08


def _find(look: Look) -> Iterator[Asked]:
    stays = [stay for stay in look.stays(days=_DAYS) if stay.channel]
    shares = {channel: _share([s for s in stays if s.channel == channel]) for channel in {s.channel for s in stays}}
    for channel, one in sorted(shares.items()):
        others = _share([stay for stay in stays if stay.channel != channel])
        if one.whole < _FEWEST or others.whole < _FEWEST_OTHERS:
            continue
        yield Asked(
            "channel",
            channel,
            p=falls_short(one, others),
            large=others.share - one.share >= _LESS,
            effect=one.share - others.share,
            params={
                "channel": channel,
                "part": one.part,
                "whole": one.whole,
                "share": one.share,
                "others": others.share,
                "more": round((others.share - one.share) * 100),
            },
            evidence={
                "kind": "shares",
                "rows": [
                    {"name": name, "part": each.part, "whole": each.whole, "marked": name == channel}
                    for name, each in sorted(shares.items(), key=lambda pair: pair[1].share)
                ],
            },
        )


def _share(stays: Sequence[Stay]) -> Proportion:
    return Proportion(sum(stay.stayed for stay in stays), len(stays))


def _title(params: Mapping[str, Any]) -> str:
    return _("Who comes by %(channel)s does not stay") % params


def _sentence(params: Mapping[str, Any]) -> str:
    said = {**params, "share": percent(params["share"]), "others": percent(params["others"])}
    return (
        _(
            "Of %(whole)s people who came by “%(channel)s”, %(share)s were still here after a week; by the other "
            "channels it was %(others)s. That is %(more)s fewer of every hundred."
        )
        % said
    )


def _figure(history: History, period: Period, params: Mapping[str, Any]) -> Measured | None:
    mine = [s for s in history.stays if s.channel == params["channel"] and period.start <= s.day <= period.end]
    share = _share(mine)
    return Measured(share.share, share.part, share.whole) if share.whole else None


register_detector(
    Detector(
        "channel",
        gettext_lazy("A channel whose joiners do not stay"),
        gettext_lazy("Who is still here a week after joining, each channel against the others, over half a year."),
        _find,
        _title,
        _sentence,
        (
            gettext_lazy("Read what the poster or link promises, and whether the group keeps it in the first day."),
            gettext_lazy("Give this channel a welcome of its own that says what the group is for and what it is not."),
            gettext_lazy("Spend on the channels that hold before spending more on this one; ask five who left why."),
        ),
        _figure,
        gettext_lazy("Still here after a week, of this channel"),
        unit="share",
    )
)

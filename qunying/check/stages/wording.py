"""Stages in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.check.stages.models import Stage
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

STAGES: dict[str, _StrPromise] = {
    Stage.START: pgettext_lazy("stage of life", "Start"),
    Stage.GROWTH: pgettext_lazy("stage of life", "Growth"),
    Stage.MATURITY: pgettext_lazy("stage of life", "Maturity"),
    Stage.DECLINE: pgettext_lazy("stage of life", "Decline"),
    Stage.REVIVAL: pgettext_lazy("stage of life", "Revival"),
}
FIRST: dict[str, _StrPromise] = {
    Stage.START: gettext_lazy("First: the right people, and something to talk about every day."),
    Stage.GROWTH: gettext_lazy("First: new members and content that makes them stay."),
    Stage.MATURITY: gettext_lazy("First: service, brand, and what members buy again."),
    Stage.DECLINE: gettext_lazy("First: ask those who left, and win back the silent ones."),
    Stage.REVIVAL: gettext_lazy("First: keep up what brought people back."),
}
"""What a stage puts first."""


def evidence_words(seen: Mapping[str, Any]) -> str:
    """The figures a stage was read from, in a sentence."""
    words = _(
        "%(age)s days old; %(members)s members, %(members_before)s four weeks before; %(active)s active in 30 days, "
        "%(active_before)s four weeks before, at most %(peak)s within half a year."
    )
    names = {"age": "age_days"}
    keys = ("age", "members", "members_before", "active", "active_before", "peak")
    return words % {key: formats.whole(seen[names.get(key, key)]) for key in keys}

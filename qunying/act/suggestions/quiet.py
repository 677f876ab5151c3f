"""Why no suggestion is there: nobody looked, nothing (new) to look at, nothing worth one, or decided already."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qunying.check.tracking.progress import SILENT_DAYS
from qunying.kit import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.act.suggestions.models import Night

_NAMED = 5


class Quiet(StrEnum):
    """Why a look at a community brought nothing."""

    NOT_LOOKED = "not_looked"
    NO_HISTORY = "no_history"
    ENDED = "record_ended"
    TOO_LITTLE = "too_little"
    DECIDED = "decided"
    NOTHING = "nothing_found"


def quiet_of(night: Night | None) -> Quiet:
    """The reason, for a community whose last look (None: there was none) left nothing open."""
    if night is None:
        return Quiet.NOT_LOOKED
    if night.until is None:
        return Quiet.NO_HISTORY
    if (night.day - night.until).days > SILENT_DAYS:
        return Quiet.ENDED
    if night.found:
        return Quiet.DECIDED
    return Quiet.NOTHING if night.questions else Quiet.TOO_LITTLE


def quiet_words(night: Night | None) -> str:
    """The reason in a sentence or two, and what would help."""
    why = quiet_of(night)
    if night is None or night.until is None:
        return _nothing_yet(why)
    given = {
        "questions": night.questions,
        "day": formats.day(night.until, weekday=False),
        "days": formats.whole((night.day - night.until).days),
    }
    if why is Quiet.TOO_LITTLE:
        return (
            _(
                "The record up to %(day)s is too short, or tells of too few people, for a single question. "
                "Most of them need eight weeks."
            )
            % given
        )
    if why is Quiet.ENDED:
        return (
            _(
                "The record ends on %(day)s, %(days)s days before this look: nothing newer is known that could have "
                "changed. Import what has happened since."
            )
            % given
        )
    if why is Quiet.DECIDED:
        return _("What the figures up to %(day)s show has been decided already.") % given
    return (
        ngettext(
            "One question was put to the figures up to %(day)s: what changed is either chance or small.",
            "%(questions)s questions were put to the figures up to %(day)s: what changed is either chance or small.",
            night.questions,
        )
        % given
    )


def _nothing_yet(why: Quiet) -> str:
    if why is Quiet.NOT_LOOKED:
        return _("Nobody has looked at the figures yet. It happens every night at three; you can also look now.")
    return _("There is no history yet: questions need facts of more than one day. Import them first.")


def quiet_together(nights: Sequence[tuple[str, Night | None]]) -> str:
    """The reasons of several communities (name, last look) in one paragraph; of one, its own."""
    if len(nights) == 1:
        return quiet_words(nights[0][1])
    whys = [(name, quiet_of(night)) for name, night in nights]
    asked = [night.questions for _name, night in nights if night and night.questions]
    together = _(
        "%(questions)s questions were put to %(communities)s communities: what changed is either chance or small."
    )
    words = [together % {"questions": sum(asked), "communities": len(asked)}] if asked else []
    for why, sentence in (
        (Quiet.ENDED, _("Their record ended more than a week before: %(names)s.")),
        (Quiet.TOO_LITTLE, _("Too little history for a single question: %(names)s.")),
        (Quiet.NO_HISTORY, _("No history yet: %(names)s.")),
        (Quiet.NOT_LOOKED, _("Nobody has looked yet: %(names)s.")),
    ):
        names = [name for name, reason in whys if reason is why]
        if names:
            words.append(sentence % {"names": _listed(names)})
    return formats.sentences(words)


def _listed(names: Sequence[str]) -> str:
    shown = pgettext("names", ", ").join(names[:_NAMED])
    more = len(names) - _NAMED
    return shown if more <= 0 else _("%(names)s and %(more)s more") % {"names": shown, "more": more}

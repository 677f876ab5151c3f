"""The rows a condition is built with: those of segments, and the two that journeys add."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.do.journeys.conditions import SEGMENT, SINCE, read_asked
from qunying.doors.console.ground.segments.drafts import Row, changed, options_in, plain_from, rows_of
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from django.http import QueryDict

    from qunying.doors.console.do.journeys.words import Book
    from qunying.ground.groups.models import Community

NOTHING: dict[str, Any] = {"all": True, "parts": []}
USUAL: dict[str, Any] = {"all": True, "parts": [{"is": SINCE, "deed": "any-speaking", "times": 1}]}
"""What a question asks that was just put in: whether they have spoken."""


def asked_in(posted: QueryDict, *, usual: dict[str, Any]) -> dict[str, Any]:
    """The condition that was posted, nothing checked; `usual` where no rows were."""
    if "row" not in posted:
        return deepcopy(NOTHING if "every" in posted else usual)
    plain = plain_from(posted)
    for row in _rows(rows_of(plain)):
        if row.kind == SEGMENT:
            _put(plain, row.place, posted.get(f"{row.place}:segment", ""))
    return plain


def _rows(rows: list[Row]) -> list[Row]:
    return [one for row in rows for one in (row, *row.rows)]


def _put(plain: dict[str, Any], place: str, segment: str) -> None:
    part = plain
    for number in place.split("."):
        part = part["parts"][int(number)]
    part["segment"] = segment


def drawn(plain: dict[str, Any], community: Community, book: Book) -> dict[str, Any]:
    """What the template of the rows wants: the rows, what there is to choose from, and the whole as a sentence."""
    options = options_in([community])
    own = [(SINCE, _("Did since it began")), (SEGMENT, _("Is in a segment"))]
    context = {
        "every": plain["all"],
        "rows": rows_of(plain),
        "options": replace(options, kinds=own + options.kinds),
        "segments": sorted(book.segments.items(), key=lambda pair: pair[1]),
    }
    try:
        return context | {"asked_words": book.asked(read_asked(plain)) if plain["parts"] else ""}
    except QunyingError as refused:
        return context | {"asked_refused": str(refused)}


__all__ = ["NOTHING", "USUAL", "asked_in", "changed", "drawn"]

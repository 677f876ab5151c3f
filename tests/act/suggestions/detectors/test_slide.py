"""A slow fall: what no single week tells, four in a row do."""

from __future__ import annotations

from datetime import timedelta
from math import comb

import pytest
from django.utils.translation import override

from qunying.act.suggestions.detectors import slide, speakers
from qunying.act.suggestions.looking import findings
from qunying.act.suggestions.port import detector_named
from tests.act.suggestions.looks import UNTIL, look_at, only


def _by_week(*weeks: int) -> dict[object, int]:
    """A day's figure for each week, the last of them the newest."""
    first = UNTIL - timedelta(days=7 * len(weeks) - 1)
    return {first + timedelta(days=7 * week + day): each for week, each in enumerate(weeks) for day in range(7)}


USUAL = (20, 23, 19, 24, 21, 22, 18, 23, 20, 21, 24, 19, 22, 20, 23, 21)


def test_four_low_weeks_are_found_where_the_last_alone_is_not() -> None:
    look = look_at(speakers=_by_week(*USUAL, 17, 15, 16, 16))
    asked = only(list(slide._find_speakers(look)))
    # The week of the spring festival is no usual one; four of nineteen are the lowest: one way in 3876.
    assert (asked.p, asked.large, asked.params["weeks"]) == (pytest.approx(1 / comb(19, 4)), True, 15)
    assert findings([asked])[0].asked is asked
    alone = only(list(speakers._find(look)))
    assert findings([alone]) == []


def test_nothing_is_found_where_one_of_the_four_was_usual_or_the_fall_is_small() -> None:
    mixed = only(list(slide._find_speakers(look_at(speakers=_by_week(*USUAL, 14, 24, 15, 16)))))
    small = only(list(slide._find_speakers(look_at(speakers=_by_week(*USUAL, 17, 17, 17, 17)))))
    assert (findings([mixed]), small.large) == ([], False)


def test_a_young_or_small_community_is_not_asked_about() -> None:
    assert list(slide._find_speakers(look_at(speakers=_by_week(*USUAL[:7], 9, 9, 9, 9)))) == []
    assert list(slide._find_orders(look_at(orders=_by_week(*[2] * 16, 1, 1, 1, 1)))) == []


def test_orders_are_told_by_the_week_with_every_week_in_the_picture() -> None:
    asked = only(list(slide._find_orders(look_at(orders=_by_week(*USUAL, 9, 8, 8, 7)))))
    detector = detector_named("orders")
    assert detector is not None
    with override("en"):
        told = detector.sentence(asked.params)
    assert told == "56 orders a week came in the last four weeks; in the 15 usual weeks before it was 148."
    rows = asked.evidence["rows"]
    assert (len(rows), [row["value"] for row in rows if row["marked"]]) == (20, [63, 56, 56, 49])

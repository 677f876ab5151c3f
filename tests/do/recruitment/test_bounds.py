"""How long and how far a picture serves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from qunying.do.recruitment.bounds import Standing, bound_of
from qunying.do.recruitment.models import GroupPicture
from qunying.ground.groups.models import Group

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


def _standing(
    platform: str = "wechat", capacity: int = 200, known: int = 0, shown: int = 0, left: timedelta | None = None
) -> Standing:
    group = Group(name="群", platform=platform, capacity=capacity)
    picture = GroupPicture(group=group, expires_at=None if left is None else NOW + left)
    return Standing(picture, known, shown, NOW)


def test_platforms_are_bound_by_data() -> None:
    assert (bound_of("wechat").lives, bound_of("wechat").people) == (timedelta(days=7), 200)
    assert (bound_of("matrix").lives, bound_of("matrix").people) == (None, None)


@pytest.mark.parametrize(
    ("platform", "capacity", "places"), [("wechat", 500, 200), ("wechat", 150, 150), ("matrix", 500, 500)]
)
def test_the_smaller_of_capacity_and_bound_holds(platform: str, capacity: int, places: int) -> None:
    assert _standing(platform, capacity).places == places


@pytest.mark.parametrize(
    ("known", "shown", "fills", "full"),
    [(179, 0, False, False), (170, 10, True, False), (195, 0, True, False), (150, 46, True, True)],
)
def test_it_warns_at_nine_tenths_and_moves_on_two_hundredths_early(
    known: int, shown: int, fills: bool, full: bool
) -> None:
    one = _standing(known=known, shown=shown)
    assert (one.fills, one.is_full, one.serves) == (fills, full, not full)


@pytest.mark.parametrize(
    ("hours", "soon", "expired"), [(25, False, False), (24, True, False), (2, True, False), (1, True, True)]
)
def test_it_warns_a_day_and_moves_on_an_hour_before_the_end(hours: int, soon: bool, expired: bool) -> None:
    one = _standing(left=timedelta(hours=hours))
    assert (one.expires_soon, one.has_expired, one.presses, one.serves) == (soon, expired, soon, not expired)


def test_what_never_ends_presses_nobody() -> None:
    assert not _standing().presses

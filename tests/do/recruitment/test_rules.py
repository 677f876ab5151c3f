"""Who may do what with channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.do.recruitment.rules import (
    check_may_change_channel,
    check_may_keep_channels,
    may_change_channel,
    may_keep_channels,
)
from qunying.do.recruitment.services import About, create_channel
from qunying.kit.errors import NotAllowedError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_who_operates_keeps_channels_and_who_reviews_does_not(
    community: Community, specialist: Staff, reviewer: Staff, outsider: Staff
) -> None:
    assert [may_keep_channels(one, community) for one in (specialist, reviewer, outsider)] == [True, False, False]


def test_a_channel_of_a_higher_unit_is_changed_there(
    units: Units, community: Community, specialist: Staff, director: Staff
) -> None:
    wide = create_channel(units.east, about=About("抖音广告"), by=TESTS)
    assert [may_change_channel(one, wide) for one in (specialist, director)] == [False, True]


def test_a_refusal_says_where_to_ask(units: Units, community: Community, reviewer: Staff) -> None:
    wide = create_channel(units.east, about=About("抖音广告"), by=TESTS)
    with pytest.raises(NotAllowedError, match="belongs to the unit “华东区”"):
        check_may_change_channel(reviewer, wide)
    with pytest.raises(NotAllowedError, match="Ask the lead of the unit"):
        check_may_keep_channels(reviewer, community)

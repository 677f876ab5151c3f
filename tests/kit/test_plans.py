"""A condition that no index of its field can serve picks the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.groups.models import Community
from qunying.kit.plans import only, only_among

if TYPE_CHECKING:
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_only_picks_what_an_equal_sign_picks(community: Community, other_community: Community, units: Units) -> None:
    assert list(Community.objects.filter(only("unit_id", units.shop.pk))) == [community]


def test_only_among_picks_what_in_picks(community: Community, other_community: Community, units: Units) -> None:
    wanted = [units.shop.pk, units.east.pk]
    assert list(Community.objects.filter(only_among("unit_id", wanted))) == [community]
    assert list(Community.objects.filter(only_among("unit_id", []))) == []

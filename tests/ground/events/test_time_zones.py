"""A community keeps its time zone from the first fact on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.events.time_zones import has_facts, set_time_zone
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


def test_an_empty_community_can_move(community: Community, lead: Staff) -> None:
    set_time_zone(community, timezone="Asia/Tokyo", by=lead)
    community.refresh_from_db()
    assert (community.timezone, has_facts(community)) == ("Asia/Tokyo", False)
    assert Act.objects.get(verb="communities.set_time_zone").details == {"timezone": "Asia/Tokyo"}


def test_a_community_with_facts_stays(community: Community, xiaomei: Member, lead: Staff) -> None:
    assert has_facts(community)
    with pytest.raises(QunyingError, match="facts have been counted"):
        set_time_zone(community, timezone="Asia/Tokyo", by=lead)


def test_the_same_zone_again_is_no_change(community: Community, xiaomei: Member, lead: Staff) -> None:
    set_time_zone(community, timezone="Asia/Shanghai", by=lead)
    assert Act.objects.filter(verb="communities.set_time_zone").count() == 0


def test_what_is_no_zone_is_refused(community: Community, lead: Staff) -> None:
    with pytest.raises(QunyingError, match="not a time zone"):
        set_time_zone(community, timezone="Peking", by=lead)

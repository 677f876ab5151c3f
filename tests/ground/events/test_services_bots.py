"""Saying that somebody is a person: once, written down, only of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.events.models import BotDenial
from qunying.ground.events.services_bots import deny_bots
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

pytestmark = pytest.mark.django_db


def test_it_is_said_once_and_written_down(community: Community, xiaomei: Member) -> None:
    assert deny_bots([xiaomei.pk], community=community, by=TESTS) == [xiaomei.pk]
    assert deny_bots([xiaomei.pk], community=community, by=TESTS) == []
    assert [act.details for act in Act.objects.filter(verb="members.deny_bots").order_by("pk")] == [
        {"members": [xiaomei.pk]}, {"members": []},
    ]  # fmt: skip
    assert BotDenial.objects.count() == 1


def test_members_of_others_are_refused(other_community: Community, xiaomei: Member) -> None:
    with pytest.raises(QunyingError, match="No member is chosen"):
        deny_bots([xiaomei.pk], community=other_community, by=TESTS)

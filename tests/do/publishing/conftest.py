"""What tests of publishing stand on: groups that are spoken to, a second reviewer, an approved entry."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.publishing.services import publish_entry
from qunying.do.reach.tasks import send_through
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.services import Who
from tests.do.reach.conftest import account, connected, connector, platform, wide_open
from tests.plan.content.conftest import draft_entry, second
from tests.support.publishing import approved_entry

if TYPE_CHECKING:
    from qunying.do.publishing.models import Publication
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from qunying.plan.content.models import Entry

__all__ = ["account", "connected", "connector", "draft_entry", "platform", "second", "wide_open"]


@pytest.fixture
def entry(community: Community, specialist: Staff, reviewer: Staff, second: Staff) -> Entry:
    """春天的第一束花, written by the specialist, approved by two others."""
    return approved_entry(community, reviewer, second, by=specialist)


def people(group: Group, *names: str) -> None:
    """Have these people join the group a day ago."""
    at = timezone.now() - timedelta(days=1)
    facts = [Fact("joined", at, (group.pk, name), who=Who("loopback", name), group_id=group.pk) for name in names]
    record(facts, community=group.community, source="tests")


@pytest.fixture
def published(entry: Entry, connected: list[Group], account: Account, specialist: Staff) -> Publication:
    """春天的第一束花 in a group of three and a group of one."""
    people(connected[0], "a", "b", "c")
    people(connected[1], "d")
    made = publish_entry(entry, groups=connected[:2], by=specialist)
    send_through(account.pk)
    return made

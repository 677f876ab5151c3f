"""What tests of publishing stand on: groups that are spoken to, a second reviewer, an approved entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.do.reach.conftest import account, connected, connector, platform, wide_open
from tests.plan.content.conftest import draft_entry, second
from tests.support.publishing import approved_entry

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry

__all__ = ["account", "connected", "connector", "draft_entry", "platform", "second", "wide_open"]


@pytest.fixture
def entry(community: Community, specialist: Staff, reviewer: Staff, second: Staff) -> Entry:
    """春天的第一束花, written by the specialist, approved by two others."""
    return approved_entry(community, reviewer, second, by=specialist)

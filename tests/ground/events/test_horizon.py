"""On PostgreSQL a lower id may commit later: followers wait for it instead of skipping it."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from qunying.ground.events.facts import Fact
from qunying.ground.events.followers import EventFollower
from qunying.ground.events.services import record
from qunying.ground.members.services import Who

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def speak(community: Community, key: str) -> None:
    fact = Fact("spoke", NOON, (key,), who=Who("wechat", key, key), object_id=key)
    record([fact], community=community, source="test")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_fact_that_commits_late_with_a_lower_id_is_not_skipped(community: Community) -> None:
    written, may_commit = Flag(), Flag()

    def slow_writer() -> None:
        with transaction.atomic():
            speak(community, "slow")
            written.set()
            may_commit.wait(10)
        connection.close()

    writer = Thread(target=slow_writer)
    writer.start()
    assert written.wait(10)
    speak(community, "quick")
    seen: list[str] = []
    follower = EventFollower("test", lambda event: seen.append(event.object_id))
    follower.advance()
    assert seen == []
    may_commit.set()
    writer.join()
    while follower.advance():
        pass
    assert seen == ["slow", "quick"]

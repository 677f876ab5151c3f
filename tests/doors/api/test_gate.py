"""A program that sends facts one after another is taken at its word for a second, and for nothing else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunying.doors.api.ground import gate
from qunying.ground.access.models import ApiKey
from qunying.ground.access.services_keys import revoke_key

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program

pytestmark = pytest.mark.django_db


def fact(number: int) -> dict[str, Any]:
    who = {"platform": "wechat", "external_id": "wx1", "name": "小美"}
    one = {"key": f"k{number}", "kind": "spoke", "occurred_at": "2026-03-01T10:00:00+08:00", "who": who}
    return {"source": "shop", "events": [one]}


def test_a_revoked_key_sends_for_a_second_and_reads_nothing(
    program: Program, community: Community, director: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    monkeypatch.setattr(gate, "monotonic", lambda: now)
    address = f"communities/{community.slug}/events"
    assert program.post(address, fact(1)).status_code == 200
    revoke_key(ApiKey.objects.get(), by=director)
    assert program.send("GET", "me").status_code == 401
    assert program.post(address, fact(2)).status_code == 200
    now += gate.HOLDS
    assert program.post(address, fact(3)).status_code == 401


@pytest.mark.usefixtures("one_moment")
def test_who_it_is_and_where_it_may_is_asked_once(program: Program, community: Community) -> None:
    address = f"communities/{community.slug}/events"
    asked = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            program.post(address, fact(number))
        asked.append(sum("access_apikey" in one["sql"] or "access_grant" in one["sql"] for one in queries))
    assert asked == [3, 0]  # the key, its last use, and the roles behind it; then nothing


def test_a_place_that_is_closed_is_asked_for_again(program: Program, community: Community) -> None:
    assert program.post("communities/other/events", fact(1)).status_code == 404
    community.slug = "other"
    community.save(update_fields=["slug"])
    assert program.post("communities/other/events", fact(1)).status_code == 200

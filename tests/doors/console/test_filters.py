"""Filters of the templates: moments are told by the clocks of a place, whatever filter follows."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

NIGHT = datetime(2026, 3, 2, 23, 5, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", ZoneInfo("Asia/Shanghai")])
@pytest.mark.parametrize(
    ("how", "told"), [("date:'Y-m-d\\TH:i'", "2026-03-03T07:05"), ("time:'H:i'", "07:05"), ("moment", "07:05")]
)
def test_a_moment_stays_in_its_zone(zone: object, how: str, told: str) -> None:
    page = Template("{% load access console %}{{ at|in_zone:zone|" + how + " }}")
    assert page.render(Context({"at": NIGHT, "zone": zone})).endswith(told)

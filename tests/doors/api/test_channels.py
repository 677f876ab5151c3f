"""Channels for programs: made, changed, booked, linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from qunying.do.recruitment.models import Channel
from qunying.do.recruitment.services import book_cost
from qunying.do.recruitment.services_visits import count_visit
from tests.support.cast import TESTS
from tests.support.recruitment import code_png, link_of, make_channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers/channels"


def test_a_channel_is_made_with_its_link_and_changed(
    program: Program, community: Community, settings: SettingsWrapper
) -> None:
    settings.PUBLIC_URL = "https://example.com/"
    answer = program.post(PLACE, {"name": "收银台传单", "kind": "offline", "wanted": "爱花的人"})
    made = Channel.objects.get()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/{PLACE}/{made.pk}")
    assert program.get(f"{PLACE}/{made.pk}")["key"] == "收银台传单"
    [link] = program.get("communities/flowers/join-links")["items"]
    assert link["address"] == f"https://example.com/j/{link_of(made).code}"
    assert program.post(f"{PLACE}/{made.pk}/link", {}).json()["id"] == link["id"]
    changed = program.send("PATCH", f"{PLACE}/{made.pk}", {"name": "柜台传单"}).json()
    assert (changed["name"], changed["kind"], changed["wanted"]) == ("柜台传单", "offline", "爱花的人")


def test_what_it_brought_is_told_apart(program: Program, community: Community) -> None:
    channel = make_channel(community)
    count_visit(link_of(channel), group=None, visitor=("a",))
    book_cost(channel, community=community, day=timezone.localdate(), amount=900, by=TESTS)
    told = program.get(f"{PLACE}/{channel.pk}/brought")
    assert {name: told[name] for name in ("visits", "joins", "cost", "currency", "cost_per_join")} == {
        "visits": 1,
        "joins": 0,
        "cost": 900,
        "currency": "CNY",
        "cost_per_join": None,
    }


def test_a_cost_is_booked_and_one_of_nothing_refused(program: Program, community: Community) -> None:
    channel = make_channel(community)
    answer = program.post(f"{PLACE}/{channel.pk}/costs", {"day": "2026-03-02", "amount": 32000, "note": "印刷"})
    assert (answer.status_code, answer.json()["amount"]) == (201, 32000)
    assert program.post(f"{PLACE}/{channel.pk}/costs", {"day": "2026-03-02", "amount": 0}).status_code == 422


def test_a_key_without_the_permission_only_reads(
    make_program: Callable[..., Program], community: Community, lead: Staff, units: Units
) -> None:
    reader = make_program(lead, units.shop, ["figures.see"])
    channel = make_channel(community)
    assert [one["name"] for one in reader.get(PLACE)["items"]] == ["传单"]
    tried = [
        reader.post(PLACE, {"name": "x"}),
        reader.send("PATCH", f"{PLACE}/{channel.pk}", {"name": "x"}),
        reader.post(f"{PLACE}/{channel.pk}/costs", {"day": "2026-03-02", "amount": 1}),
        reader.post(f"{PLACE}/{channel.pk}/link", {}),
    ]
    assert [one.status_code for one in tried] == [403, 403, 403, 403]


def test_another_unit_s_channels_do_not_exist(
    make_program: Callable[..., Program], community: Community, outsider: Staff, units: Units
) -> None:
    stranger = make_program(outsider, units.south)
    assert stranger.send("GET", f"{PLACE}/{make_channel(community).pk}").status_code == 404


def test_a_channel_ends_and_is_taken_up_a_cost_is_taken_back_and_its_link_closed(
    program: Program, community: Community
) -> None:
    channel = make_channel(community)
    at = f"{PLACE}/{channel.pk}"
    assert program.post(f"{at}/end", {}).json()["ended_at"]
    assert program.post(f"{at}/resume", {}).json()["ended_at"] is None
    cost = program.post(f"{at}/costs", {"day": "2026-03-01", "amount": 900}).json()
    assert program.get(f"{at}/costs")["items"] == [cost]
    assert program.send("DELETE", f"{at}/costs/{cost['id']}").status_code == 204
    assert program.get(f"{at}/costs")["items"] == []
    assert [program.send("GET", f"{at}/code.{form}")["Content-Type"] for form in ("png", "svg")] == [
        "image/png",
        "image/svg+xml",
    ]
    assert program.send("DELETE", f"{at}/link").json()["closed_at"]
    assert program.send("GET", f"{at}/code.png").status_code == 404


def test_a_group_s_picture_is_put_up_put_first_and_taken_down(
    program: Program, group: Group, stranger: Program
) -> None:
    place = f"communities/flowers/groups/{group.pk}/join-picture"
    headers = {"Authorization": f"Bearer {program.text}"}
    file = SimpleUploadedFile("code.png", code_png())
    told = program.client.post(f"/api/v1/{place}?people=12", {"picture": file}, headers=headers).json()
    assert [(one["group"], one["state"], one["people"]) for one in told] == [(group.pk, "shown", 12)]
    assert program.get("communities/flowers/join-pictures") == told
    assert program.send("GET", place)["Content-Type"] == "image/jpeg"
    assert program.post(f"{place}/first", {}).json() == told
    assert stranger.send("DELETE", place).status_code == 404
    assert program.send("DELETE", place).status_code == 204
    assert program.send("GET", place).status_code == 404

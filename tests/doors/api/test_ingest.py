"""Facts from programs: item by item, once, within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.events.models import Event, Message
from qunying.ground.members.models import Member

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community, Group
    from tests.doors.api.conftest import Program

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers/events"


def said(key: str, **more: Any) -> dict[str, Any]:
    """A message of 小美 as an item."""
    who = {"platform": "wechat", "external_id": "wx-1", "name": "小美"}
    return {"key": key, "kind": "spoke", "occurred_at": "2026-03-01T10:00:00+08:00", "who": who, "text": "早"} | more


def batch(*events: object) -> dict[str, Any]:
    return {"source": "shop", "events": list(events)}


def results(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [one["result"] for one in answer.json()["results"]]


def test_it_stores_facts_and_says_so_item_by_item(program: Program, community: Community, group: Group) -> None:
    answer = program.post(PLACE, batch(said("1", group=group.pk), said("2", group="花友一群"), said("3")))
    assert answer.json() == {
        "stored": 3,
        "duplicates": 0,
        "rejected": 0,
        "members_new": 1,
        "results": [{"key": key, "result": "stored", "reason": None} for key in "123"],
    }
    assert list(Event.objects.order_by("pk").values_list("group", flat=True)).count(group.pk) == 2
    assert set(Message.objects.values_list("text", flat=True)) == {"早"}
    assert Member.objects.get().display_name == "小美"


def test_the_same_key_is_the_same_fact_in_a_batch_and_after_it(program: Program, community: Community) -> None:
    assert results(program.post(PLACE, batch(said("1"), said("1"), said("2")))) == ["stored", "duplicate", "stored"]
    assert results(program.post(PLACE, batch(said("3"), said("2")))) == ["stored", "duplicate"]
    assert Event.objects.count() == 3


def test_another_source_has_keys_of_its_own(program: Program, community: Community) -> None:
    program.post(PLACE, batch(said("1")))
    assert results(program.post(PLACE, batch(said("1")) | {"source": "till"})) == ["stored"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (said("1", occurred_at="2026-03-01T10:00:00"), "occurred_at: The time has no offset. "),
        (said("1", occurred_at=1772330400), "occurred_at: A time is text such as "),
        (said("1", occurred_at="0001-01-01T00:00:00+14:00"), "occurred_at: The time lies before 1990 "),
        (said("1", occurred_at="9999-12-31T23:59:59-14:00"), "occurred_at: The time lies before 1990 "),
        (said("1", kind="danced"), "There is no event kind “danced”."),
        (said("1", group="没有"), "There is no group “没有” in this community."),
        (said("1", amount=5), "Facts of the kind “spoke” carry no amount."),
        (said("1", payload={"mood": "good"}), "The field “mood” does not belong"),
        (said("1", payload={"form": "a\x00b"}), "payload: A text of the payload"),
        (said("1", text="a\ud800b"), "text: "),
        (said("1", mood="good"), "mood: There is no such field."),
        (said("1", amount=2**63), "amount: The number is above "),
        ({"key": "1"}, "kind: This is missing."),
        (said(""), "key: Too short: at least 1."),
        (7, "This has to be an object."),
        (None, "This has to be an object."),
    ],
)
def test_a_bad_item_is_rejected_with_the_reason_and_the_good_ones_stay(
    item: object, reason: str, program: Program, community: Community
) -> None:
    answer = program.post(PLACE, batch(item, said("good")))
    assert results(answer) == ["rejected", "stored"]
    assert answer.json()["results"][0]["reason"].startswith(reason)


def test_too_many_items_and_too_many_bytes_are_413_with_the_limit(
    program: Program, community: Community, settings: SettingsWrapper
) -> None:
    many = program.post(PLACE, batch(*[{}] * 1001))
    assert (many.status_code, many.json()["detail"]) == (
        413,
        "A batch holds at most 1000 events; this one has 1001.",
    )
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    large = program.post(PLACE, batch(said("1", text="早" * 400_000)))
    assert (large.status_code, large.json()["detail"]) == (
        413,
        "The body is larger than 1 MB. Send it in smaller parts.",
    )
    assert Event.objects.count() == 0


@pytest.mark.usefixtures("one_moment")
def test_a_batch_costs_as_many_queries_with_one_fact_as_with_many(
    program: Program, community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program.post(PLACE, batch(said("0")))
    with django_assert_num_queries(6):
        program.post(PLACE, batch(said("1")))
    with django_assert_num_queries(6):
        program.post(PLACE, batch(*(said(f"a{number}") for number in range(100))))

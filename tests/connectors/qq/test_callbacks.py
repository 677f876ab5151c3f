"""QQ at our door: proved by its signature, bounded, stored once, and what it tells as facts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from qunying.connectors.qq.callbacks import MOST_BYTES
from qunying.connectors.qq.models import Line, Opening, Place
from qunying.ground.events.models import Event, Message
from qunying.ground.groups.models import Membership
from tests.support.qq import SECRET, now, signed

if TYPE_CHECKING:
    from tests.connectors.qq.conftest import Shop

pytestmark = pytest.mark.django_db


def check_of(token: str) -> bytes:
    return json.dumps({"op": 13, "d": {"plain_token": token, "event_ts": "1725442341"}}).encode()


def test_the_check_of_our_address_is_answered_as_the_documents_say(shop: Shop) -> None:
    answered = shop.knock(check_of("Arq0D5A61EgUu4OxUvOp"), {})
    assert answered.json()["plain_token"] == "Arq0D5A61EgUu4OxUvOp"
    assert answered.json()["signature"].startswith("87befc99c42c651b3aac0278e71ada33")
    assert Line.objects.filter(account=shop.account).count() == 1


def test_the_check_signs_no_event_for_anybody(shop: Shop) -> None:
    forged = json.dumps({"op": 0, "t": "GROUP_MEMBER_REMOVE", "id": "x", "d": {}})
    assert shop.knock(check_of(forged), {}).status_code == 403
    assert not Line.objects.exists()


def test_an_event_is_answered_and_stored_once_however_often_it_comes(shop: Shop) -> None:
    message = shop.platform.message(shop.id, "XIAOMEI", " 今天有向日葵吗？")
    body = json.dumps(message).encode()
    assert [shop.knock(body).json() for _time in range(3)] == [{"op": 12}] * 3
    (spoke,) = shop.facts("spoke")
    assert spoke.identity
    assert spoke.identity.external_id == "XIAOMEI"
    assert Message.objects.get(event=spoke).text == "今天有向日葵吗？"


def test_unsigned_altered_and_unreadable_bodies_are_refused(shop: Shop) -> None:
    body = json.dumps(shop.platform.message(shop.id, "XIAOMEI", "你好")).encode()
    for content, headers in (
        (body, {}),
        (body + b" ", signed(body)),
        (body, signed(body, secret="another")),
        (b"[]", signed(b"[]")),
        (b"\xff", signed(b"\xff")),
        (b"", signed(b"")),
    ):
        assert (answered := shop.knock(content, headers)).status_code == 403
        assert answered.content == b""
    assert shop.knock(b" " * (MOST_BYTES + 1)).status_code == 413
    assert not Event.objects.filter(kind="spoke").exists()


def test_people_who_come_and_go_are_members_meanwhile(shop: Shop) -> None:
    told = {"group_openid": shop.id, "member_openid": "XIAOMEI", "op_member_openid": "AQIANG", "timestamp": now()}
    assert shop.hear(shop.platform.event("GROUP_MEMBER_ADD", {**told, "username": "小美"})) == [200]
    stay = Membership.objects.get(group=shop.group)
    assert (stay.identity.external_id, stay.inviter and stay.inviter.external_id) == ("XIAOMEI", "AQIANG")
    shop.hear(shop.platform.event("GROUP_MEMBER_REMOVE", told))
    (left,) = shop.facts("left")
    assert (left.payload, left.target_identity and left.target_identity.external_id) == (
        {"reason": "removed"},
        "AQIANG",
    )


def test_who_leaves_by_themselves_was_not_removed(shop: Shop) -> None:
    told = {"group_openid": shop.id, "member_openid": "XIAOMEI", "timestamp": now()}
    shop.hear(shop.platform.event("GROUP_MEMBER_ADD", told), shop.platform.event("GROUP_MEMBER_REMOVE", told))
    assert [one.payload for one in shop.facts("left")] == [{"reason": "left"}]


def test_calls_and_pictures_are_told_and_robots_are_nobody(shop: Shop) -> None:
    mentions = [{"member_openid": "AQIANG", "username": "阿强"}, {"member_openid": "ROBOT", "bot": True}]
    picture = [{"content_type": "image/jpeg", "url": "https://x"}]
    shop.hear(
        shop.platform.message(shop.id, "XIAOMEI", "<@AQIANG> 看", at=False, mentions=mentions, attachments=picture),
        shop.platform.message(shop.id, "R", "我是机器人", author={"member_openid": "R", "bot": True}),
    )
    (spoke,) = shop.facts("spoke")
    assert (spoke.payload, Message.objects.get(event=spoke).text) == ({"form": "image"}, "看")
    assert [one.target_identity and one.target_identity.external_id for one in shop.facts("mentioned")] == ["AQIANG"]


def test_the_word_and_the_button_check_in_once_a_day(shop: Shop) -> None:
    shop.hear(
        shop.platform.message(shop.id, "XIAOMEI", " 签到 "),
        shop.platform.press(shop.id, "XIAOMEI", "check-in"),
        shop.platform.press(shop.id, "AQIANG", "check-in"),
        shop.platform.message(shop.id, "AYUE", "签到了吗"),
    )
    assert [one.identity and one.identity.external_id for one in shop.facts("checked_in")] == ["XIAOMEI", "AQIANG"]


def test_a_button_of_a_poll_is_an_answer_to_it(shop: Shop) -> None:
    shop.hear(shop.platform.press(shop.id, "XIAOMEI", "poll|abc|上午"), shop.platform.press(shop.id, "AYUE", "poll|"))
    (answered,) = shop.facts("answered")
    assert (answered.object_type, answered.object_id, answered.payload) == ("poll", "abc", {"choice": "上午"})


def test_groups_are_learnt_from_what_is_told(shop: Shop) -> None:
    told = {"group_openid": "NEW", "op_member_openid": "AQIANG", "timestamp": now()}
    shop.hear(shop.platform.event("GROUP_ADD_ROBOT", told), shop.platform.message("NEW", "XIAOMEI", "你好"))
    assert Place.objects.filter(account=shop.account, gone_at=None).count() == 2
    assert not Event.objects.exists()
    shop.hear(shop.platform.event("GROUP_DEL_ROBOT", told))
    assert Place.objects.get(external_id="NEW").gone_at is not None
    shop.hear(shop.platform.message("NEW", "XIAOMEI", "还在吗", timestamp=_later()))
    assert Place.objects.get(external_id="NEW").gone_at is None


def _later() -> str:
    return (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="seconds")


def test_an_old_message_opens_nothing_and_a_repeated_one_no_new_answers(shop: Shop) -> None:
    old = (datetime.now(UTC) - timedelta(minutes=6)).isoformat(timespec="seconds")
    shop.hear(shop.platform.message(shop.id, "XIAOMEI", "早", timestamp=old))
    assert not Opening.objects.exists()
    message = shop.platform.message(shop.id, "XIAOMEI", "在吗")
    shop.hear(message)
    Opening.objects.update(used=5)
    shop.hear(message)
    assert Opening.objects.get().used == 5


@pytest.mark.parametrize(
    "told",
    [
        {"t": "GROUP_AT_MESSAGE_CREATE", "d": None},
        {"t": "GROUP_AT_MESSAGE_CREATE", "d": {"id": 7, "author": [], "group_openid": "x" * 500}},
        {"t": "GROUP_MEMBER_ADD", "d": {"member_openid": "\x00", "group_openid": "G"}},
        {"t": ["x"], "d": {}},
        {"t": "INTERACTION_CREATE", "d": {"data": []}},
        {},
    ],
)
def test_what_makes_no_sense_is_passed_over(shop: Shop, told: dict[str, object]) -> None:
    assert shop.hear({"op": 0, "id": "e", **told}) == [200]
    assert not Event.objects.exists()


def test_the_secret_stands_nowhere_in_plain(shop: Shop) -> None:
    shop.knock(check_of("abc"), {})
    shop.account.refresh_from_db()
    assert SECRET.encode() not in bytes(shop.account.sealed)
    assert SECRET not in f"{shop.account.settings}{Line.objects.get().mark}"

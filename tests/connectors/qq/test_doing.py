"""What leaves for QQ: answers within their window, words of its own accord where allowed, buttons, members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache

from qunying.connectors.qq.client import Client, path
from qunying.connectors.qq.connector import QQConnector
from qunying.connectors.qq.models import Opening, Place
from qunying.connectors.qq.tasks import acknowledge, name_place
from qunying.ground.platforms.port import Action, BusyError, Order, Picture, RefusedError, UnknownError, Way
from qunying.ground.syncs.services import reconcile_group

if TYPE_CHECKING:
    from tests.connectors.qq.conftest import Shop

pytestmark = pytest.mark.django_db


def do(shop: Shop, action: Action = Action.SEND, words: str = "早上好", *, key: str = "k1", **more: Any) -> str:
    order = Order(key, action, group=shop.id, words=words, **more)
    return QQConnector().perform(shop.account, order).external_id


def test_words_and_pictures_arrive_of_our_own_accord_where_that_is_allowed(shop: Shop) -> None:
    sent = do(shop, pictures=(Picture("a.png", "image/png", b"png"),))
    assert len(sent.split()) == 2
    assert [one["msg_type"] for one in shop.platform.said] == [0, 7]
    assert "msg_id" not in shop.platform.said[0]


def test_what_was_heard_lately_is_answered_five_times(shop: Shop) -> None:
    shop.platform.chats[shop.id].active = False
    shop.hear(shop.platform.message(shop.id, "XIAOMEI", "在吗"))
    for number in range(5):
        do(shop, key=f"k{number}")
    assert len({one["msg_seq"] for one in shop.platform.said}) == 5
    with pytest.raises(RefusedError, match="of its own accord"):
        do(shop, key="k6")


def test_the_same_order_twice_is_one_answer(shop: Shop) -> None:
    shop.hear(shop.platform.message(shop.id, "XIAOMEI", "在吗"))
    assert do(shop)
    assert do(shop) == ""
    assert len(shop.platform.said) == 1


def test_a_button_line_becomes_buttons_and_the_check_in_word_checks_in(shop: Shop) -> None:
    do(shop, words="周六几点见？\n【上午】【下午】【签到】")
    (said,) = shop.platform.said
    assert said["markdown"] == {"content": "周六几点见？"}
    buttons = [one["buttons"][0] for one in said["keyboard"]["content"]["rows"]]
    assert [one["render_data"]["label"] for one in buttons] == ["上午", "下午", "签到"]
    assert buttons[2]["action"]["data"] == "check-in"
    shop.hear(shop.platform.press(shop.id, "XIAOMEI", buttons[0]["action"]["data"]))
    assert [one.payload for one in shop.facts("answered")] == [{"choice": "上午"}]


def test_a_poll_has_its_answers_as_buttons_in_rows(shop: Shop) -> None:
    do(shop, Action.POLL, "选花", options={"answers": [str(at) for at in range(7)]})
    assert [len(one["buttons"]) for one in shop.platform.said[0]["keyboard"]["content"]["rows"]] == [5, 2]
    with pytest.raises(RefusedError, match="2 to 25"):
        do(shop, Action.POLL, "选花", options={"answers": ["玫瑰"]})


def test_one_person_is_answered_for_an_hour(shop: Shop) -> None:
    order = Order("k", Action.TELL, person="XIAOMEI", words="您好")
    with pytest.raises(RefusedError):
        QQConnector().perform(shop.account, order)
    told = {"id": "m1", "content": "你好", "author": {"user_openid": "XIAOMEI"}}
    shop.hear(shop.platform.event("C2C_MESSAGE_CREATE", told))
    assert QQConnector().perform(shop.account, order).external_id
    assert shop.platform.said[0]["msg_id"] == "m1"


def test_members_are_looked_after_where_the_robot_is_an_administrator(shop: Shop) -> None:
    with pytest.raises(RefusedError, match="administrator"):
        do(shop, Action.MUTE, person="AYUE")
    shop.platform.chats[shop.id].role = "admin"
    for action in (Action.MUTE, Action.UNMUTE, Action.REMOVE, Action.BAN, Action.UNBAN):
        do(shop, action, person="AYUE")
    do(shop, Action.WITHDRAW, subject="m1 m2")
    assert shop.platform.done == [
        ("add", "AYUE"),
        ("del", "AYUE"),
        ("remove", "AYUE"),
        ("ban", "AYUE"),
        ("blacklist", "del", "AYUE"),
        ("withdraw", "m1"),
        ("withdraw", "m2"),
    ]


def test_a_token_that_is_old_is_fetched_again_and_shared(shop: Shop) -> None:
    do(shop)
    do(shop, key="k2")
    shop.platform.drop_tokens()
    do(shop, key="k3")
    assert shop.platform.asked.count("token") == 2
    assert "say" not in str(cache.get("anything"))


@pytest.mark.parametrize(
    ("code", "error"), [(22009, BusyError), (40034105, RefusedError), (99, RefusedError), (0, UnknownError)]
)
def test_each_error_number_says_whether_to_ask_again(shop: Shop, code: int, error: type[Exception]) -> None:
    shop.platform.breaks["say"] = [code]
    with pytest.raises(error):
        do(shop)


def test_a_cut_line_is_no_mystery_where_nothing_changes(shop: Shop) -> None:
    shop.platform.breaks["info"] = [0]
    with pytest.raises(BusyError), Client(shop.account) as client:
        client.get(path("groups", shop.id, "info"))


def test_a_paused_account_says_nothing(shop: Shop) -> None:
    shop.account.paused_at = shop.account.created_at
    with pytest.raises(BusyError):
        do(shop)
    assert shop.platform.asked == []


def ways(shop: Shop, *actions: Action) -> list[Way]:
    connector = QQConnector()
    return [connector.capability(one, account=shop.account, group=shop.id).way for one in actions]


def test_what_goes_depends_on_what_the_group_lets_the_robot(shop: Shop) -> None:
    asked = (Action.SEND, Action.MUTE, Action.READ_MESSAGES, Action.PIN)
    assert ways(shop, *asked) == [Way.OFFICIAL, Way.HAND, Way.OFFICIAL, Way.HAND]
    chat = shop.platform.chats[shop.id]
    chat.active, chat.role, chat.hears = False, "admin", "only_mention"
    assert ways(shop, *asked) == [Way.HAND, Way.OFFICIAL, Way.IMPORT, Way.HAND]
    shop.hear(shop.platform.message(shop.id, "XIAOMEI", "在吗"))
    assert ways(shop, Action.SEND) == [Way.OFFICIAL]
    Opening.objects.update(used=5)
    Place.objects.update(gone_at=shop.account.created_at)
    assert ways(shop, Action.SEND) == [Way.HAND]


def test_the_list_of_people_is_compared(shop: Shop) -> None:
    assert sorted(one.external_id for one in QQConnector().list_people(shop.account, shop.id)) == [
        "AQIANG",
        "AYUE",
        "XIAOMEI",
    ]
    assert reconcile_group(shop.group).joined == 3
    del shop.platform.chats[shop.id].members["AYUE"]
    sync = reconcile_group(shop.group)
    assert (sync.joined, sync.left) == (0, 1)


def test_a_new_group_is_asked_for_its_name(shop: Shop) -> None:
    place = Place.objects.get()
    place.name = ""
    place.save()
    name_place(shop.account.pk, shop.id)
    assert list(QQConnector().list_groups(shop.account)) == [(shop.id, "花友一群")]


def test_a_pressed_button_is_acknowledged(shop: Shop) -> None:
    acknowledge(shop.account.pk, "p1")
    assert shop.platform.done == [("press", "p1")]


def steps(shop: Shop) -> dict[str, str]:
    return {str(one.name): "" if one.holds else str(one.words) for one in QQConnector().check(shop.account)}


def test_every_step_says_what_is_wrong_and_where_to_click(shop: Shop) -> None:
    wrong = steps(shop)
    assert wrong["QQ takes the AppID and the secret"] == ""
    assert f"https://qunying.example.com/callbacks/qq/{shop.account.pk}/events" in wrong["QQ has checked our address"]
    body = b'{"op": 13, "d": {"plain_token": "abc", "event_ts": "1725442341"}}'
    shop.knock(body, {})
    assert set(steps(shop).values()) == {""}
    shop.platform.breaks["token"] = [100016]
    Place.objects.all().delete()
    wrong = steps(shop)
    assert "q.qq.com" in wrong["QQ takes the AppID and the secret"]
    assert "Group robots" in wrong["The robot is in a group"]


def test_an_address_on_another_port_is_not_found(shop: Shop) -> None:
    for address in ("http://qunying.example.com", "https://qunying.example.com:9000", "https://x:port"):
        shop.account.settings = shop.account.settings | {"address": address}
        assert "https://" in steps(shop)["QQ can find Qunying"]

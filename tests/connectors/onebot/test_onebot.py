"""OneBot 11: shut before its notice is accepted, proved by HMAC-SHA1, slow, and as an independent client has it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiocqhttp import CQHttp
from aiocqhttp.exceptions import ActionFailed
from django.utils import timezone

from qunying.connectors.onebot.callbacks import MOST_BYTES, sign
from qunying.connectors.onebot.client import Client, NoSuchActionError
from qunying.connectors.onebot.connector import OneBotConnector
from qunying.connectors.onebot.hearing import take_apart
from qunying.connectors.onebot.models import Line
from qunying.do.admission.models import Applicant
from qunying.do.admission.services import admit_applicant, turn_away_applicant
from qunying.ground.audit.models import Act
from qunying.ground.events.models import Event, Message
from qunying.ground.members.models import Identity
from qunying.ground.platforms.notices import accept_notice
from qunying.ground.platforms.port import Action, BusyError, Order, Picture, RefusedError, UnknownError, Way
from qunying.ground.syncs.services import reconcile_group
from qunying.kit.errors import NotAllowedError
from tests.connectors.onebot.conftest import GROUP, knock
from tests.support.cast import TESTS
from tests.support.onebot import OWN, SECRET, TOKEN, as_body, signed

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.platforms.models import Account
    from tests.connectors.onebot.conftest import Shop
    from tests.support.onebot import Bot

pytestmark = pytest.mark.django_db


def test_it_signs_as_the_vector_says() -> None:
    assert sign("secret", b'{"post_type":"meta_event"}') == "sha1=3f2b4c15bf23e0d67d4cacb7f5e3de9e3b188f69"


def test_nothing_goes_in_or_out_before_the_notice_is_accepted(shut: Account, bot: Bot) -> None:
    body = as_body(bot.message(GROUP, 20001, "你好"))
    assert knock(shut, body, signed(body)).status_code == 403
    connector = OneBotConnector()
    assert connector.capability(Action.SEND, account=shut, group=str(GROUP)).way is Way.HAND
    with pytest.raises(RefusedError, match="notice"):
        connector.perform(shut, Order("k", Action.SEND, group=str(GROUP), words="早"))
    with pytest.raises(RefusedError, match="notice"):
        connector.list_groups(shut)
    assert [one.holds for one in connector.check(shut)] == [False]
    assert bot.done == []


def test_only_an_administrator_accepts_and_it_is_written_down(shut: Account, lead: Staff, director: Staff) -> None:
    with pytest.raises(NotAllowedError):
        accept_notice(shut, by=lead)
    accept_notice(shut, by=director)
    accept_notice(shut, by=TESTS)
    assert Line.objects.get(account=shut).accepted_by == director
    assert Act.objects.filter(verb="accounts.accept_notice").count() == 1


def test_a_message_is_stored_once_under_the_number_that_files_have(shop: Shop) -> None:
    body = as_body(shop.bot.message(GROUP, 20001, "你好"))
    assert [shop.knock(body).status_code for _time in range(3)] == [204] * 3
    (spoke,) = shop.facts("spoke")
    assert spoke.identity == Identity.objects.get(platform="qq", external_id="20001")
    assert Message.objects.get(event=spoke).text == "你好"


def test_unsigned_altered_and_strange_bodies_are_refused(shop: Shop) -> None:
    body = as_body(shop.bot.message(GROUP, 20001, "你好"))
    for content, headers in (
        (body, {}),
        (body, {"X-Self-ID": str(OWN)}),
        (body + b" ", signed(body)),
        (body, signed(body, secret="another")),
        (body, signed(body, own=9)),
    ):
        assert shop.knock(content, headers).status_code == 403
    assert shop.knock(b"[]").status_code == 400
    assert shop.knock(b" " * (MOST_BYTES + 1)).status_code == 413
    assert shop.hear({**shop.bot.message(GROUP, 20001, "你好"), "self_id": 9}) == [204]
    assert not Event.objects.filter(kind="spoke").exists()


def test_what_happens_in_the_group_becomes_facts(shop: Shop) -> None:
    bot, where = shop.bot, {"group_id": GROUP, "user_id": 20003}
    pieces = [
        {"type": "reply", "data": {"id": "7"}},
        {"type": "at", "data": {"qq": "20002"}},
        {"type": "text", "data": {"text": " 看这张 "}},
        {"type": "image", "data": {"file": "x"}},
    ]
    shop.hear(
        bot.event("notice", notice_type="group_increase", sub_type="invite", operator_id=20001, **where),
        bot.message(GROUP, 20003, pieces),
        bot.message(GROUP, 20003, "签到"),
        bot.message(GROUP, 20003, "[CQ:at,qq=all] 今晚&#91;直播&#93;"),
        bot.event("notice", notice_type="group_admin", sub_type="set", **where),
        bot.event("notice", notice_type="group_card", card_new="小花", card_old="", **where),
        bot.event("notice", notice_type="group_recall", message_id=2, operator_id=20001, **where),
        bot.event("notice", notice_type="group_decrease", sub_type="kick", operator_id=20001, **where),
        bot.event("notice", notice_type="notify", sub_type="poke", target_id=1, **where),
        bot.event("meta_event", meta_event_type="heartbeat", status={}, interval=5000),
    )
    seen = Counter(one.kind for one in Event.objects.filter(group=shop.group))
    assert seen == Counter(
        joined=1, spoke=3, replied=1, mentioned=2, checked_in=1, role_changed=1, renamed=1, recalled=1, left=1
    )
    told = shop.facts("spoke", "mentioned", "role_changed", "renamed", "left")
    assert sorted(str(one.payload) for one in told if one.payload) == [
        "{'everyone': True}",
        "{'form': 'image'}",
        "{'name': '小花'}",
        "{'reason': 'removed'}",
        "{'role': 'admin'}",
    ]
    assert sorted(Message.objects.values_list("text", flat=True)) == ["今晚[直播]", "看这张", "签到"]


def test_codes_and_pieces_say_the_same() -> None:
    pieces = [
        {"type": "reply", "data": {"id": "-7"}},
        {"type": "at", "data": {"qq": "1"}},
        {"type": "text", "data": {"text": " a&b"}},
    ]
    assert take_apart("[CQ:reply,id=-7][CQ:at,qq=1] a&amp;b") == take_apart(pieces)


def test_who_asks_to_join_is_let_in_or_turned_away(shop: Shop) -> None:
    asked = {"request_type": "group", "sub_type": "add", "group_id": GROUP, "comment": "问题：从哪来？\n答案：花市"}
    shop.hear(
        shop.bot.event("request", flag="f1", user_id=20003, **asked),
        shop.bot.event("request", flag="f2", user_id=20004, **asked),
        shop.bot.event("request", flag="f3", user_id=OWN, **asked | {"sub_type": "invite"}),
    )
    first, second = Applicant.objects.order_by("name")
    admit_applicant(first, by=TESTS)
    turn_away_applicant(second, why="群满了", by=TESTS)
    flag = {"sub_type": "add"}
    assert shop.bot.done == [
        ("set_group_add_request", {"flag": "f1", "approve": True, **flag}),
        ("set_group_add_request", {"flag": "f2", "approve": False, "reason": "群满了", **flag}),
    ]


def do(shop: Shop, action: Action = Action.SEND, words: str = "早上好", **more: Any) -> str:
    return (
        OneBotConnector().perform(shop.account, Order("k", action, group=str(GROUP), words=words, **more)).external_id
    )


def test_messages_leave_slowly_and_not_too_many_a_day(shop: Shop) -> None:
    assert do(shop, pictures=(Picture("a.png", "image/png", b"png"),))
    assert [one["type"] for one in shop.bot.done[0][1]["message"]] == ["text", "image"]
    with pytest.raises(BusyError) as busy:
        do(shop)
    wait = (busy.value.again_at or timezone.now()) - timezone.now()
    assert timedelta(seconds=3) < wait <= timedelta(seconds=7.5)
    Line.objects.update(next_at=None, sent=60)
    with pytest.raises(BusyError, match="enough for today"):
        do(shop)
    Line.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert do(shop)
    assert len(shop.bot.done) == 2


def test_members_are_looked_after(shop: Shop) -> None:
    do(shop, Action.MUTE, person="20001", options={"seconds": 600})
    do(shop, Action.UNMUTE, person="20001")
    do(shop, Action.BAN, person="20001")
    do(shop, Action.WITHDRAW, subject="-12")
    told = [(name, given.get("duration"), given.get("reject_add_request")) for name, given in shop.bot.done]
    assert told == [
        ("set_group_ban", 600, None),
        ("set_group_ban", 0, None),
        ("set_group_kick", None, True),
        ("delete_msg", None, None),
    ]
    for action, more in ((Action.MUTE, {"person": "x"}), (Action.WITHDRAW, {"subject": "x"}), (Action.TELL, {})):
        with pytest.raises(RefusedError):
            do(shop, action, **more)


def test_what_goes_depends_on_its_part_in_the_group_and_nobody_is_written_to_alone(shop: Shop) -> None:
    def way(action: Action) -> Way:
        return OneBotConnector().capability(action, account=shop.account, group=str(GROUP)).way

    assert [way(one) for one in (Action.SEND, Action.MUTE, Action.TELL)] == [Way.OFFICIAL, Way.HAND, Way.HAND]
    shop.bot.open_group(GROUP, 20001, role="admin")
    assert way(Action.MUTE) is Way.OFFICIAL


@pytest.mark.parametrize(("status", "error"), [(403, RefusedError), (500, UnknownError), (0, UnknownError)])
def test_each_way_to_fail_has_its_own_name(shop: Shop, status: int, error: type[Exception]) -> None:
    shop.bot.breaks = [status]
    with pytest.raises(error):
        do(shop)


def test_an_action_it_does_not_know_goes_by_hand(shop: Shop) -> None:
    with pytest.raises(NoSuchActionError):
        do(shop, Action.PIN, subject="1")


def test_an_address_inside_is_not_asked(shop: Shop, settings: SettingsWrapper) -> None:
    settings.INSIDE_HOSTS = frozenset()
    with pytest.raises(RefusedError, match="cannot be used"):
        Client(shop.account).ask("get_status")


def test_the_list_of_people_is_compared(shop: Shop) -> None:
    assert list(OneBotConnector().list_groups(shop.account)) == [(str(GROUP), f"花友{GROUP}群")]
    assert reconcile_group(shop.group).joined == 2
    del shop.bot.groups[GROUP][20002]
    sync = reconcile_group(shop.group)
    assert (sync.joined, sync.left) == (0, 1)


def test_every_step_says_what_is_wrong(shop: Shop) -> None:
    def steps() -> list[str]:
        return ["" if one.holds else str(one.words) for one in OneBotConnector().check(shop.account)]

    assert steps()[:3] == ["", "", ""]
    assert f"/callbacks/onebot/{shop.account.pk}/events" in steps()[3]
    shop.hear(shop.bot.event("meta_event", meta_event_type="lifecycle", sub_type="enable"))
    shop.bot.online = False
    assert [bool(one) for one in steps()] == [False, False, True, False]
    shop.bot.breaks = [403]
    assert "access token" in steps()[1]


def test_an_independent_client_takes_the_same_events_and_asks_the_same_actions(
    shop: Shop, settings: SettingsWrapper
) -> None:
    other = CQHttp(api_root=settings.ONEBOT_URL_OF_TESTS, access_token=TOKEN, secret=SECRET)
    event = shop.bot.message(GROUP, 20001, "[CQ:at,qq=20002] 你好")
    body = as_body(event)

    async def bring(headers: dict[str, str]) -> int:
        answer = await other.server_app.test_client().post(
            "/", data=body, headers={"Content-Type": "application/json", **headers}
        )
        return answer.status_code

    async def ask(action: str, **given: Any) -> Any:
        return await other.call_action(action, **given)

    for headers in (signed(body), signed(body, secret="another"), {"X-Self-ID": str(OWN)}):
        assert (asyncio.run(bring(headers)) < 300) == (shop.knock(body, headers).status_code < 300)
    for action, given in (("get_group_list", {}), ("get_group_member_list", {"group_id": GROUP})):
        assert asyncio.run(ask(action, **given)) == Client(shop.account).ask(action, **given)
    with pytest.raises(ActionFailed):
        asyncio.run(ask("send_group_msg", group_id=1, message=[]))
    with pytest.raises(RefusedError, match="群不存在"):
        Client(shop.account).ask("send_group_msg", group_id=1, message=[])

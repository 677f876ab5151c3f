"""DingTalk's stream: frames understood and stored before they are acknowledged, lines opened again when they break."""

from __future__ import annotations

import json
import time
from threading import Event as Flag
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from qunying.connectors.dingtalk import streams
from qunying.connectors.dingtalk.frames import answer_frame
from qunying.connectors.dingtalk.hearing import SAID
from qunying.connectors.dingtalk.models import Conversation
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.kit.errors import QunyingError
from tests.support.dingtalk import GROUP, Stream, frame

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from tests.support.dingtalk import Corp

pytestmark = pytest.mark.django_db


def said(words: str = "你好", *, name: str = "msg1", **more: object) -> str:
    told: dict[str, object] = {
        "conversationId": GROUP,
        "conversationType": "2",
        "conversationTitle": "花友群",
        "msgId": name,
        "senderNick": "小美",
        "senderStaffId": "manager1",
        "senderId": "$:LWCP_v1:$Ff09",
        "createAt": int(time.time() * 1000) - 1000,
        "msgtype": "text",
        "text": {"content": f" {words}"},
    }
    return frame("CALLBACK", SAID, told | more)


def happened(event: str, key: str = "e1", **told: object) -> str:
    headers = {"eventType": event, "eventId": key, "eventBornTime": str(int(time.time() * 1000) - 1000)}
    return frame("EVENT", "*", {"OpenConversationId": GROUP, **told}, **headers)


def answered(account: Account, raw: str) -> tuple[int, Any]:
    answer, _again = answer_frame(account, raw)
    told = json.loads(answer)
    return told["code"], json.loads(told["data"])


def kinds(group: Group) -> list[str]:
    return list(Event.objects.filter(group=group).order_by("pk").values_list("kind", flat=True))


def test_what_is_said_to_the_robot_is_one_fact_however_often_it_comes(account: Account, group: Group) -> None:
    assert [answered(account, said())[0] for _time in range(3)] == [200, 200, 200]
    fact = Event.objects.select_related("identity", "message").get(group=group)
    assert fact.identity is not None
    assert (fact.kind, fact.identity.external_id, fact.identity.display_name) == ("spoke", "manager1", "小美")
    assert fact.message.text == "你好"


def test_the_recorded_message_is_understood(account: Account, group: Group, shared_data: Path) -> None:
    told = json.loads((shared_data / "platform" / "dingtalk_group_text_callback.json").read_text())
    raw = frame("CALLBACK", SAID, told | {"conversationId": GROUP})
    assert answered(account, raw) == (200, {"response": None})
    fact = Event.objects.select_related("identity").get(group=group)
    assert fact.identity is not None
    assert (fact.identity.external_id, int(fact.occurred_at.timestamp() * 1000)) == ("user123", 1613630252678)


def test_forms_and_people_from_outside(account: Account, group: Group) -> None:
    rich = {"msgtype": "richText", "content": {"richText": [{"text": "看"}, {"downloadCode": "x"}, {"text": "花"}]}}
    voice = {"msgtype": "audio", "content": {"recognition": "要一束"}}
    answered(account, said(name="m1", senderStaffId="", **rich))
    answered(account, said(name="m2", text={}, **voice))
    answered(account, said(name="m3", msgtype="picture", text={}))
    facts = Event.objects.filter(group=group).select_related("identity").order_by("pk")
    assert [one.payload for one in facts] == [{}, {"form": "voice"}, {"form": "image"}]
    assert facts[0].identity.external_id == "$:LWCP_v1:$Ff09"  # type: ignore[union-attr]


def test_a_group_that_is_not_tied_is_noted_and_a_talk_with_the_robot_alone_is_not(account: Account) -> None:
    answered(account, said(conversationId="cidOther", conversationTitle="另一个群"))
    answered(account, said(conversationId="cidAlone", conversationType="1"))
    assert [(one.external_id, one.title) for one in Conversation.objects.all()] == [("cidOther", "另一个群")]
    assert not Event.objects.exists()


def test_who_comes_and_goes_is_told_with_why(account: Account, group: Group) -> None:
    answered(account, happened("chat_add_member", "e1", UserId=["u1", "u2", "u3"], Operator="u1"))
    answered(account, happened("chat_quit", "e2", UserId="u2"))
    answered(account, happened("chat_remove_member", "e3", UserId=["u3"]))
    answered(account, happened("chat_update_title", "e4", Title="新名字"))
    answered(account, happened("chat_add_member", "e1", UserId=["u1", "u2", "u3"], Operator="u1"))
    assert kinds(group) == ["joined", "joined", "joined", "left", "left", "renamed_group"]
    left = Event.objects.filter(kind="left").order_by("pk")
    assert [one.payload["reason"] for one in left] == ["left", "removed"]
    answered(account, happened("chat_disband", "e5"))
    assert not Membership.objects.filter(group=group, left_at__isnull=True).exists()


def test_frames_that_say_nothing_to_us_are_acknowledged(account: Account, group: Group) -> None:
    assert answered(account, happened("user_add_org", UserId=["u1"])) == (200, {"status": "SUCCESS", "message": ""})
    assert answered(account, frame("CALLBACK", "/v1.0/card/instances/callback", {}))[0] == 404
    for told in ({}, {"conversationId": 7}, {"conversationId": GROUP, "conversationType": "2"}):
        assert answered(account, frame("CALLBACK", SAID, told))[0] == 200
    for raw in ("", "[]", "{", '{"type": "EVENT"}', "[" * 100_000):
        assert answer_frame(account, raw) == ("", False)
    assert kinds(group) == []


def test_a_ping_is_answered_with_what_stood_in_it(account: Account) -> None:
    answer, again = answer_frame(account, frame("SYSTEM", "ping", '{"opaque": "o1"}', name="p1"))
    assert (json.loads(answer)["data"], again) == ('{"opaque": "o1"}', False)
    assert answer_frame(account, frame("SYSTEM", "disconnect", "{}")) == ("", True)


def test_what_could_not_be_stored_is_asked_for_again(account: Account, group: Group) -> None:
    with transaction.atomic():
        transaction.set_rollback(True)  # nothing can be written
        assert answered(account, said()) == (500, {"status": "LATER"})
    assert answered(account, said())[0] == 200
    assert kinds(group) == ["spoke"]


# The line


def test_a_line_answers_each_frame_and_is_left_where_dingtalk_says_so(
    account: Account, group: Group, corp: Corp
) -> None:
    script = [frame("SYSTEM", "ping", '{"opaque": "o"}'), said(), frame("SYSTEM", "disconnect", "{}")]
    with Stream([script]) as stream:
        corp.stream = stream.url
        assert not streams.is_open(account)
        streams.listen(account, Flag())
    assert [one["code"] for one in stream.answered] == [200, 200]
    assert (stream.tickets, kinds(group)) == (["/connect?ticket=t%20%2B1"], ["spoke"])
    assert streams.is_open(account)


def test_a_stream_that_leads_elsewhere_is_not_followed(account: Account, corp: Corp, settings: SettingsWrapper) -> None:
    assert streams.where(account) == "wss://wss-open-connection.dingtalk.com:443/connect?ticket=t%20%2B1"
    for elsewhere in ("wss://evil.example/connect", "ws://x.dingtalk.com/", "wss://dingtalk.com.evil.example/"):
        corp.stream = elsewhere
        with pytest.raises(QunyingError, match="not its own"):
            streams.where(account)


@pytest.mark.django_db(transaction=True)
def test_a_line_that_breaks_is_opened_again_and_a_changed_account_gets_another(
    account: Account, group: Group, corp: Corp
) -> None:
    corp.breaks["gateway"] = ["ServiceUnavailable"]
    with Stream([[said(name="m1")], [said(name="m2")]]) as stream:
        corp.stream = stream.url
        assert streams.keep_lines() == 1
        assert streams.keep_lines() == 1
        deadline = time.monotonic() + 60
        while len(stream.answered) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        streams.hang_up()
    assert kinds(group) == ["spoke", "spoke"]
    account.settings = {}
    account.save()
    assert streams.keep_lines() == 0

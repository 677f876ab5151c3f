"""DingTalk behind the port: the set-up step by step, what goes where, words sent and taken back, scene groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import override

from qunying.connectors.dingtalk.client import signed
from qunying.connectors.dingtalk.connector import DingTalkConnector
from qunying.connectors.dingtalk.conversations import note_conversation
from qunying.connectors.dingtalk.reading import hand_out_reading, read_account
from qunying.connectors.dingtalk.streams import _name
from qunying.ground.events.facts import Fact
from qunying.ground.events.models import Event
from qunying.ground.events.services import record
from qunying.ground.platforms.port import Action, BusyError, Done, Order, Picture, RefusedError, UnknownError, Way
from qunying.ground.platforms.services import change_account, pause_account
from qunying.ground.platforms.services_health import health_of, look_at, told_of
from qunying.ground.syncs.services import reconcile_group
from tests.connectors.dingtalk.conftest import GIVEN
from tests.support.cast import TESTS
from tests.support.dingtalk import GROUP

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Group
    from qunying.ground.platforms.models import Account
    from tests.support.dingtalk import Corp

pytestmark = pytest.mark.django_db
PORT = DingTalkConnector()


def do(account: Account, action: Action, **told: object) -> Done:
    given = {"group": GROUP, **told}
    return PORT.perform(account, Order("k1", action, **given))  # type: ignore[arg-type]


def steps(account: Account) -> list[tuple[str, bool]]:
    return [(str(one.name), one.holds) for one in PORT.check(account)]


def trouble(account: Account) -> list[str]:
    return [str(one.words) for one in PORT.check(account) if not one.holds]


def scene(corp: Corp, *people: str) -> None:
    corp.scenes[GROUP] = {"title": "花友钉群", "owner": people[0], "admins": list(people[1:2]), "people": list(people)}


# What goes there


def test_whatever_does_not_go_by_itself_says_why(account: Account, group: Group) -> None:
    for action in Action:
        for place in ("", GROUP, "webhook"):
            found = PORT.capability(action, account=account if place else None, group=place)
            assert bool(found.reason) == (found.way is not Way.OFFICIAL)


def test_a_group_is_served_as_far_as_it_is_a_scene_group(account: Account) -> None:
    members = {Action.LIST_MEMBERS, Action.REMOVE, Action.MUTE}
    for name, way in ((GROUP, Way.HAND), ("webhook", Way.HAND)):
        assert {PORT.capability(action, account=account, group=name).way for action in members} == {way}
    note_conversation(account, GROUP, title="花友钉群", is_scene=True)
    assert {PORT.capability(action, account=account, group=GROUP).way for action in members} == {Way.OFFICIAL}
    changed = change_account(account, name="花店", given=GIVEN | {"template": ""}, by=TESTS)
    assert "template" in str(PORT.capability(Action.OPEN_GROUP, account=changed).reason)


# Setting it up


def test_every_step_holds_where_everything_is_well(account: Account, group: Group) -> None:
    note_conversation(account, GROUP, title="花友钉群")
    cache.set(_name(account.pk), 1, 60)
    assert steps(account) == [
        ("DingTalk takes the Client ID and Client Secret", True),
        ("DingTalk opens its stream to the app", True),
        ("The line to DingTalk is open", True),
        ("The robot was spoken to in a group", True),
        ("The custom robot is set up whole", True),
        ("Groups are tied to a community", True),
    ]


def test_what_is_wrong_is_said_with_where_to_click(account: Account, corp: Corp) -> None:
    told = " ".join(trouble(account))
    assert [part in told for part in ("qunying serve", "Stream mode", "Tie groups")] == [True, True, True]
    corp.breaks["gateway"] = ["Forbidden.AccessDenied.IpNotInWhiteList"]
    assert "exit IP" in trouble(account)[0]
    wrong = change_account(account, name="花店", given=GIVEN | {"secret": "x"}, by=TESTS)
    assert "Client Secret" in trouble(wrong)[0]


def test_a_custom_robot_alone_is_checked_as_one(account: Account) -> None:
    account.settings = {}
    account.save()
    assert steps(account)[0] == ("The custom robot is set up whole", True)
    account.sealed = b""
    account.save()
    assert trouble(account) == ["Fill in Client ID and Client Secret of an app, or the token of a custom robot."]


def test_where_nothing_answers_that_is_said(account: Account, settings: SettingsWrapper) -> None:
    settings.DINGTALK_HOST_OF_TESTS = "http://127.0.0.1:9"
    assert "did not answer" in trouble(account)[0]


def test_what_was_seen_is_told_in_chinese(account: Account, corp: Corp) -> None:
    look_at(account)
    with override("zh-hans"):
        assert told_of(account)[0].name == "钉钉认得Client ID和Client Secret"
    assert health_of(account) == "ill"


# Speaking


def test_words_to_a_group_are_sent_and_taken_back(account: Account, corp: Corp) -> None:
    sent = do(account, Action.SEND, words="今晚八点见")
    assert corp.said[sent.external_id] == {"group": GROUP, "content": "今晚八点见", "read": []}
    assert do(account, Action.WITHDRAW, subject=sent.external_id) == Done()
    with pytest.raises(RefusedError, match="消息已过期"):
        do(account, Action.WITHDRAW, subject=sent.external_id)


def test_words_to_a_colleague_arrive_and_to_nobody_else(account: Account, corp: Corp) -> None:
    sent = do(account, Action.TELL, group="", person="u1", words="你好")
    assert corp.said[sent.external_id]["people"] == ["u1"]
    do(account, Action.WITHDRAW, group="", subject=sent.external_id)
    corp.gone.add("u2")
    for person, why in (("u2", "may have left"), ("$:LWCP_v1:$x", "own organisation"), ("", "own organisation")):
        with pytest.raises(RefusedError, match=why):
            do(account, Action.TELL, group="", person=person, words="你好")


def test_what_cannot_be_sent_is_said_before_dingtalk_is_asked(account: Account, corp: Corp) -> None:
    for words, why in ((" ", "Write some words"), ("花" * 6667, "20,000")):
        with pytest.raises(RefusedError, match=why):
            do(account, Action.SEND, words=words)
    with pytest.raises(RefusedError, match="without pictures"):
        do(account, Action.SEND, words="看", pictures=(Picture("a", "image/png", b""),))
    with pytest.raises(RefusedError, match="no such action"):
        do(account, Action.PIN)
    pause_account(account, by=TESTS)
    with pytest.raises(BusyError, match="paused"):
        do(account, Action.SEND, words="你好")
    assert corp.asked == []


def test_errors_are_told_apart(account: Account, corp: Corp) -> None:
    corp.breaks["send"] = [0]
    with pytest.raises(UnknownError):
        do(account, Action.SEND, words="你好")
    corp.breaks["send"] = ["Throttling.Api"]
    with pytest.raises(BusyError):
        do(account, Action.SEND, words="你好")
    for code, why in (("robotNotExist", "RobotCode"), ("resource.not.found", "not in this group"), ("x", r"\(x\)")):
        corp.breaks["send"] = [code]
        with pytest.raises(RefusedError, match=why):
            do(account, Action.SEND, words="你好")
    corp.breaks["send"] = ["InvalidAuthentication"]
    do(account, Action.SEND, words="你好")
    assert corp.asked.count("token") == 2


def test_a_custom_robot_signs_what_it_says_and_keeps_silent_when_told(account: Account, corp: Corp) -> None:
    assert signed("SECtest", "1700000000000") == "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="
    for place in range(20):
        assert do(account, Action.SEND, group="webhook", words=f"第{place}条") == Done()
    with pytest.raises(BusyError) as busy:
        do(account, Action.SEND, group="webhook", words="太多了")
    assert busy.value.again_at is not None
    assert 590 < (busy.value.again_at - timezone.now()).total_seconds() <= 600
    assert (len(corp.noticed), corp.asked.count("token")) == (20, 0)
    for action in (Action.WITHDRAW, Action.REMOVE):
        with pytest.raises(RefusedError):
            do(account, action, group="webhook", subject="x", person="")
    wrong = change_account(account, name="花店", given=GIVEN | {"sign": "SECother"}, by=TESTS)
    with pytest.raises(RefusedError, match="signature"):
        do(wrong, Action.SEND, group="webhook", words="你好")


# Scene groups


def test_a_scene_group_is_opened_once_and_can_be_tied(account: Account, corp: Corp) -> None:
    made = do(account, Action.OPEN_GROUP, group="", words="新群", options={"owner": "u1", "invite": ["u2", "u1"]})
    assert do(account, Action.OPEN_GROUP, group="", words="新群", options={"owner": "u1"}) == made
    assert corp.scenes[made.external_id]["people"] == ["u1", "u2"]
    assert list(PORT.list_groups(account)) == [(made.external_id, "新群"), ("webhook", "Group of the custom robot")]
    with pytest.raises(RefusedError, match="an owner"):
        do(account, Action.OPEN_GROUP, group="", words="新群")


def test_members_of_a_scene_group_come_and_go_by_us(account: Account, corp: Corp) -> None:
    scene(corp, "u1")
    do(account, Action.INVITE, person="u2")
    assert corp.scenes[GROUP]["people"] == ["u1", "u2"]
    do(account, Action.REMOVE, person="u2")
    assert corp.scenes[GROUP]["people"] == ["u1"]
    do(account, Action.MUTE, person="u1", options={"minutes": 10})
    assert corp.silenced[GROUP, "u1"] == 600_000
    do(account, Action.UNMUTE, person="u1")
    assert corp.silenced[GROUP, "u1"] == 0


def test_the_nights_comparison_reads_the_members_of_a_scene_group(account: Account, group: Group, corp: Corp) -> None:
    failed = reconcile_group(group)
    assert "scene group" in failed.error
    scene(corp, "u1", "u2", "u3")
    run = reconcile_group(group)
    assert (run.joined, run.left) == (3, 0)
    corp.scenes[GROUP]["people"] = ["u1", "u2"]
    again = reconcile_group(group)
    assert (again.joined, again.left) == (0, 1)
    roles = group.memberships.filter(left_at__isnull=True).order_by("identity__external_id")
    assert list(roles.values_list("role", flat=True)) == ["owner", "admin"]
    with pytest.raises(RefusedError, match="not told who"):
        PORT.list_people(account, "webhook")


# Who read it


def test_who_read_what_the_robot_said_is_noted_once(account: Account, group: Group, corp: Corp) -> None:
    sent = do(account, Action.SEND, words="今晚八点见")
    told = {"action": "send", "way": "official", "origin": "reach", "origin_id": "1"}
    about = {"object_type": "message", "object_id": sent.external_id, "payload": told}
    delivered = Fact("delivered", timezone.now(), ("d", 1), group_id=group.pk, **about)  # type: ignore[arg-type]
    record([delivered], community=group.community, source="reach")
    assert hand_out_reading() == 1
    corp.said[sent.external_id]["read"] = ["u1", "u2", "u3"]
    assert read_account(account.pk) == 3
    corp.said[sent.external_id]["read"].append("u4")
    assert (read_account(account.pk), read_account(account.pk)) == (1, 0)
    rows = Event.objects.filter(group=group, kind="read", object_id=sent.external_id)
    assert rows.count() == 4
    assert read_account(account.pk + 1) == 0

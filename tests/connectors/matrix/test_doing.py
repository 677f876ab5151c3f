"""Orders at a real homeserver: done once, refused in words, put off, or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from qunying.connectors.matrix.connector import MatrixConnector
from qunying.ground.platforms.port import Action, BusyError, Capability, Order, Picture, RefusedError, UnknownError, Way
from qunying.ground.platforms.services import pause_account
from tests.connectors.matrix.conftest import OWN
from tests.connectors.matrix.test_hearing import join
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from tests.connectors.matrix.conftest import Room, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PNG = b"\x89PNG\r\n\x1a\n"


def said(room: Room, stage: Stage) -> list[dict[str, Any]]:
    """The messages of the account, the first first."""
    mine = [one for one in stage.mei.messages(room.id) if one["sender"] == OWN and one["type"] == "m.room.message"]
    return mine[::-1]


def test_words_and_pictures_arrive_once_however_often_they_are_ordered(room: Room, stage: Stage) -> None:
    picture = Picture("玫瑰.png", "image/png", PNG)
    what = {"key": f"rose-{room.id}", "words": "玫瑰到了", "pictures": (picture,), "person": stage.mei.user}
    first, second = (room.perform(Action.WELCOME, **what) for _time in range(2))
    found = said(room, stage)
    assert [one["content"]["msgtype"] for one in found] == ["m.text", "m.image"]
    assert found[0]["content"]["m.mentions"] == {"user_ids": [stage.mei.user]}
    assert first.external_id == second.external_id == " ".join(one["event_id"] for one in found)


def test_messages_are_pinned_and_taken_back(room: Room, stage: Stage) -> None:
    sent = room.perform(Action.SEND, words="公告").external_id
    room.perform(Action.PIN, subject=sent)
    room.perform(Action.PIN, subject=sent)
    assert stage.mei.state(room.id, "m.room.pinned_events") == {"pinned": [sent]}
    room.perform(Action.WITHDRAW, subject=sent, words="写错了")
    assert said(room, stage)[0]["content"] == {}


def test_somebody_muted_cannot_speak_until_they_may_again(room: Room, stage: Stage) -> None:
    join(room, stage)
    room.perform(Action.MUTE, person=stage.qiang.user)
    with pytest.raises(AssertionError, match="M_FORBIDDEN"):
        stage.qiang.say(room.id, "有人吗")
    room.perform(Action.UNMUTE, person=stage.qiang.user)
    stage.qiang.say(room.id, "谢谢")
    with pytest.raises(RefusedError):
        room.perform(Action.MUTE, person=stage.mei.user)
    levels = stage.mei.state(room.id, "m.room.power_levels")
    levels["users"][stage.qiang.user] = 50
    stage.mei.ask("PUT", f"rooms/{room.id}/state/m.room.power_levels/", levels)
    with pytest.raises(RefusedError, match="looks after the group"):
        room.perform(Action.MUTE, person=stage.qiang.user)


def test_people_are_invited_removed_kept_out_and_let_in_and_asking_twice_is_no_failure(
    room: Room, stage: Stage
) -> None:
    qiang = stage.qiang.user
    member = f"rooms/{room.id}/state/m.room.member/{qiang}"
    states = []
    steps = (Action.INVITE, Action.REMOVE, Action.BAN, Action.UNBAN)
    for action in steps:
        for _time in range(2):
            room.perform(action, person=qiang)
        states.append(stage.mei.ask("GET", member)["membership"])
    assert states == ["invite", "leave", "ban", "leave"]


def test_a_room_is_opened_and_a_person_told_once(room: Room, stage: Stage) -> None:
    key = f"open-{room.id}"
    made = [
        room.perform(
            Action.OPEN_GROUP, key=key, group="", words="新群", options={"invite": [stage.li.user]}
        ).external_id
        for _time in range(2)
    ]
    assert made[0] == made[1]
    stage.li.join(made[0])
    assert stage.li.state(made[0], "m.room.name") == {"name": "新群"}
    for number in range(2):
        room.perform(Action.TELL, person=stage.li.user, group="", words=f"你好{number}")
    rooms = dict(MatrixConnector().list_groups(room.account))
    assert rooms[made[0]] == "新群"
    assert "qunying_dm" not in str(rooms)


def test_what_is_not_allowed_is_refused_in_words_and_known_beforehand(room: Room, stage: Stage) -> None:
    connector = MatrixConnector()
    levels = stage.mei.state(room.id, "m.room.power_levels")
    levels["users"][OWN] = 0
    stage.mei.ask("PUT", f"rooms/{room.id}/state/m.room.power_levels/", levels)
    with pytest.raises(RefusedError, match="does not allow it"):
        room.perform(Action.REMOVE, person=stage.mei.user)
    told = connector.capability(Action.REMOVE, account=room.account, group=room.id)
    assert (told.way, "power 0" in str(told.reason)) == (Way.HAND, True)
    assert connector.capability(Action.SEND, account=room.account, group=room.id) == Capability(Way.OFFICIAL)
    assert connector.capability(Action.JOIN_LINK).way is Way.HAND


def open_many(room: Room) -> None:
    """More rooms than the homeserver lets one account make at a stretch."""
    for number in range(12):
        room.perform(Action.OPEN_GROUP, group="", words=f"群{number}")


def test_too_fast_is_put_off_until_the_homeserver_says(room: Room) -> None:
    with pytest.raises(BusyError, match="slower") as busy:
        open_many(room)
    assert busy.value.again_at is not None
    assert 0 < (busy.value.again_at - timezone.now()).total_seconds() < 60


def test_a_line_cut_after_the_request_leaves_it_unknown_and_asking_again_sends_nothing_twice(
    room: Room, stage: Stage
) -> None:
    straight = room.account.settings
    room.account.settings = straight | {"homeserver": stage.cutter.url}
    key = f"cut-{room.id}"
    stage.cutter.cutting = True
    try:
        with pytest.raises(UnknownError, match="cut before it answered"):
            room.perform(Action.SEND, key=key, words="到底到了没有")
    finally:
        stage.cutter.cutting = False
    assert len(said(room, stage)) == 1
    again = room.perform(Action.SEND, key=key, words="到底到了没有")
    assert [one["event_id"] for one in said(room, stage)] == [again.external_id]


def test_nothing_leaves_through_a_paused_account(room: Room, stage: Stage) -> None:
    pause_account(room.account, by=TESTS)
    with pytest.raises(BusyError, match="paused"):
        room.perform(Action.SEND, words="玫瑰")
    assert said(room, stage) == []


def test_a_homeserver_that_is_gone_puts_everything_off_and_goes_on_when_it_is_back(room: Room, stage: Stage) -> None:
    order = Order(f"back-{room.id}", Action.SEND, group=room.id, words="还在吗")
    stage.server.kill()
    try:
        with pytest.raises(BusyError, match="cannot be reached"):
            MatrixConnector().perform(room.account, order)
        assert [one.holds for one in MatrixConnector().check(room.account)] == [False]
    finally:
        stage.server.start()
    MatrixConnector().perform(room.account, order)
    assert [one["content"]["body"] for one in said(room, stage)] == ["还在吗"]


def test_an_account_is_checked_for_real(room: Room, stage: Stage) -> None:
    connector, account = MatrixConnector(), room.account
    assert [one.holds for one in connector.check(account)] == [True, True, True]
    stage.ear.answer = lambda sent: 403 if sent.path.endswith("/ping") else 200
    last = connector.check(account)[-1]
    assert (last.holds, "turned away" in str(last.words)) == (False, True)
    account.sealed = b""
    told = connector.check(account)
    assert [(one.holds, "registration file" in str(one.words)) for one in told] == [(True, False), (False, True)]
    account.settings = {"homeserver": "http://192.168.0.1"}
    assert "https://" in str(connector.check(account)[0].words)


def test_people_and_their_parts_are_listed(room: Room, stage: Stage) -> None:
    join(room, stage)
    people = {one.external_id: one.role for one in MatrixConnector().list_people(room.account, room.id)}
    assert people == {stage.mei.user: "admin", stage.qiang.user: "member"}

"""What happens in rooms of a real homeserver becomes facts, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.groups.models import Membership

if TYPE_CHECKING:
    from tests.connectors.matrix.conftest import Room, Stage

pytestmark = pytest.mark.django_db


def test_a_message_is_what_somebody_said(room: Room, stage: Stage) -> None:
    name = stage.mei.say(room.id, "玫瑰到了")
    room.hear(name)
    assert room.fact("spoke") == {
        "who": stage.mei.user,
        "target": None,
        "object": name,
        "payload": {},
        "text": "玫瑰到了",
    }


def test_answers_signs_edits_and_takings_back_name_their_message(room: Room, stage: Stage) -> None:
    join(room, stage)
    first = stage.mei.say(room.id, "玫瑰到了")
    stage.qiang.say(
        room.id,
        "> <@x> 玫瑰\n\n多少钱",
        **{"m.relates_to": {"m.in_reply_to": {"event_id": first}}, "m.mentions": {"user_ids": [stage.mei.user]}},
    )
    sign = {"m.relates_to": {"rel_type": "m.annotation", "event_id": first, "key": "👍"}}
    stage.qiang.send(room.id, "m.reaction", sign)
    edit = {"m.new_content": {"body": "玫瑰到货了"}, "m.relates_to": {"rel_type": "m.replace", "event_id": first}}
    stage.mei.say(room.id, "* 玫瑰到货了", **edit)
    stage.mei.redact(room.id, first)
    room.hear_all(stage.mei)
    qiang, mei = stage.qiang.user, stage.mei.user
    assert room.fact("replied") == {"who": qiang, "target": mei, "object": first, "payload": {}, "text": ""}
    assert room.fact("mentioned")["target"] == mei
    assert room.fact("reacted") == {"who": qiang, "target": mei, "object": first, "payload": {"sign": "👍"}, "text": ""}
    assert room.fact("edited") == {"who": mei, "target": None, "object": first, "payload": {}, "text": "玫瑰到货了"}
    assert room.fact("recalled") == {"who": mei, "target": None, "object": first, "payload": {}, "text": ""}


def test_a_sign_that_is_taken_back_is_no_message_taken_back(room: Room, stage: Stage) -> None:
    first = stage.mei.say(room.id, "玫瑰到了")
    sign = {"m.relates_to": {"rel_type": "m.annotation", "event_id": first, "key": "👍"}}
    stage.mei.redact(room.id, stage.mei.send(room.id, "m.reaction", sign))
    room.hear_all(stage.mei)
    assert room.kinds() == ["spoke", "reacted"]


def test_coming_says_who_invited_and_going_who_removed(room: Room, stage: Stage) -> None:
    join(room, stage)
    stage.qiang.rename(room.id, "强哥")
    stage.qiang.leave(room.id)
    stage.mei.do(room.id, "invite", stage.li.user)
    stage.li.join(room.id)
    stage.mei.do(room.id, "ban", stage.li.user)
    stage.mei.do(room.id, "unban", stage.li.user)
    room.hear_all(stage.mei)
    assert room.kinds() == ["invited", "joined", "renamed", "left", "invited", "joined", "left"]
    stays = Membership.objects.filter(group=room.group).order_by("joined_at")
    told = [
        (stay.identity.external_id, stay.inviter.external_id if stay.inviter else "", stay.left_at) for stay in stays
    ]
    mei, qiang, li = (one.user for one in (stage.mei, stage.qiang, stage.li))
    assert [(who, by) for who, by, _left in told if who != mei] == [(qiang, mei), (li, mei)]
    assert all(left for who, _by, left in told if who != mei)


def test_a_vote_answers_a_poll_and_power_makes_an_admin(room: Room, stage: Stage) -> None:
    join(room, stage)
    asked = room.perform("poll", words="去哪里", options={"answers": ["公园", "花市"]}).external_id
    vote = {"m.relates_to": {"rel_type": "m.reference", "event_id": asked}}
    vote["org.matrix.msc3381.poll.response"] = {"answers": ["2"]}
    stage.qiang.send(room.id, "org.matrix.msc3381.poll.response", vote)
    levels = stage.mei.state(room.id, "m.room.power_levels")
    levels["users"][stage.qiang.user] = 50
    stage.mei.ask("PUT", f"rooms/{room.id}/state/m.room.power_levels/", levels)
    room.hear_all(stage.mei)
    answered = room.fact("answered")
    assert (answered["who"], answered["object"], answered["payload"]) == (stage.qiang.user, asked, {"choice": "2"})
    changed = room.fact("role_changed")
    assert (changed["who"], changed["target"], changed["payload"]) == (
        stage.qiang.user,
        stage.mei.user,
        {"role": "admin"},
    )


def join(room: Room, stage: Stage) -> None:
    """阿强 comes in, invited by 小美."""
    stage.mei.do(room.id, "invite", stage.qiang.user)
    stage.qiang.join(room.id)

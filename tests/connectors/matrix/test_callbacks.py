"""The homeserver at our door: proved by its token, bounded, answered after everything is stored, once."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browser

from qunying.connectors.matrix.callbacks import MOST_BYTES
from qunying.connectors.matrix.history import KIND
from qunying.ground.events.models import Event
from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end
from qunying.ground.syncs.history import read_history
from qunying.ground.syncs.services import reconcile_group
from tests.connectors.matrix.conftest import NUMBER, OWN, knock
from tests.connectors.matrix.test_hearing import join
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from tests.connectors.matrix.conftest import Room, Stage

pytestmark = pytest.mark.django_db
HERE = f"/callbacks/matrix/{NUMBER}/_matrix/app/v1"


def put(stage: Stage, body: bytes, token: str = "") -> Any:
    authorization = f"Bearer {token or stage.handed.secrets['hs_token']}"
    return Browser().put(
        f"{HERE}/transactions/1", body, content_type="application/json", headers={"Authorization": authorization}
    )


def test_a_transaction_that_comes_twice_is_stored_once(room: Room, stage: Stage) -> None:
    sent = room.hear(stage.mei.say(room.id, "玫瑰到了"))[-1]
    again = knock(sent)
    assert (again.status_code, again.content, again.headers["Content-Length"]) == (200, b"{}", "2")
    assert room.kinds() == ["spoke"]


def test_who_does_not_have_the_token_is_told_nothing(room: Room, stage: Stage) -> None:
    body = json.dumps({"events": []}).encode()
    assert put(stage, body, "wrong").status_code == 403
    assert Browser().put(f"{HERE}/transactions/1", body, content_type="application/json").status_code == 403
    elsewhere = HERE.replace(str(NUMBER), "1")
    wrong = Browser().put(f"{elsewhere}/transactions/1", body, content_type="application/json")
    assert (wrong.status_code, wrong.json()["errcode"]) == (403, "M_FORBIDDEN")
    assert Browser().get("/callbacks/pigeons/1/x").status_code == 404


def test_what_makes_no_sense_stops_nothing(room: Room, stage: Stage) -> None:
    odd = [
        7,
        {},
        {"type": "m.room.message", "room_id": room.id, "sender": 7, "event_id": "$1"},
        {"type": "m.room.message", "room_id": room.id, "sender": "@a:b", "event_id": "$2", "content": []},
        {"type": "m.room.message", "room_id": room.id, "sender": "@a:b", "event_id": "$3", "origin_server_ts": 1e300,
         "content": {"body": "a\x00b\ud800", "m.relates_to": [], "m.mentions": {"user_ids": {}}}},
        {"type": "m.room.power_levels", "room_id": room.id, "sender": "@a:b", "event_id": "$4",
         "content": {"users": {"@c:d": "x"}}, "unsigned": {"prev_content": {"users": 5}}},
    ]  # fmt: skip
    answered = put(stage, json.dumps({"events": odd, "ephemeral": 5}).encode())
    assert (answered.status_code, room.kinds()) == (200, ["spoke", "spoke"])
    assert put(stage, b"no json").json()["errcode"] == "M_NOT_JSON"
    assert put(stage, b"[" * 100_000).status_code == 400


def test_too_large_a_body_is_refused_before_it_is_read(stage: Stage, account: object) -> None:
    assert put(stage, b" " * (MOST_BYTES + 1)).status_code == 413


def test_only_our_own_user_exists_and_no_room(stage: Stage, account: object) -> None:
    told = {"Authorization": f"Bearer {stage.handed.secrets['hs_token']}"}
    asked = [f"users/{OWN}", "users/@somebody:hs.test", "rooms/%23qunying_x:hs.test", "elsewhere"]
    assert [Browser().get(f"{HERE}/{path}", headers=told).status_code for path in asked] == [200, 404, 404, 404]


def test_who_has_seen_a_message_is_told(room: Room, stage: Stage) -> None:
    name = stage.mei.say(room.id, "玫瑰到了")
    receipt = {"type": "m.receipt", "room_id": room.id, "content": {name: {"m.read": {stage.qiang.user: {"ts": 1}}}}}
    assert put(stage, json.dumps({"events": [], "ephemeral": [receipt]}).encode()).status_code == 200
    assert (room.fact("read")["who"], room.fact("read")["object"]) == (stage.qiang.user, name)


def test_history_is_read_back_to_the_beginning_and_doubles_nothing(room: Room, stage: Stage) -> None:
    join(room, stage)
    gone = stage.qiang.say(room.id, "说错了")
    stage.qiang.redact(room.id, gone)
    for number in range(5):
        stage.mei.say(room.id, f"第{number}枝")
    room.hear_all(stage.mei)
    heard = room.kinds()
    Event.objects.filter(group=room.group).delete()
    run_to_end(read_history(room.group, by=TESTS))
    assert [kind for kind in room.kinds() if kind != "renamed_group"][-len(heard) :] == heard
    first = len(room.kinds())
    job = run_to_end(read_history(room.group, by=TESTS))
    assert (job.result["stored"], len(room.kinds())) == (0, first)
    assert Job.objects.filter(kind=KIND).count() == 2


def test_who_came_and_went_unheard_is_found_by_comparing(room: Room, stage: Stage) -> None:
    stage.mei.say(room.id, "在")
    room.hear_all(stage.mei)
    join(room, stage)  # and nobody tells us
    sync = reconcile_group(room.group)
    assert (sync.state, sync.listed, sync.joined, sync.left) == ("done", 2, 1, 0)
    stage.qiang.leave(room.id)
    sync = reconcile_group(room.group)
    assert (sync.listed, sync.joined, sync.left) == (1, 0, 1)
    assert reconcile_group(room.group).differences.count() == 0
    assert [row.identity.external_id for row in sync.differences.all()] == [stage.qiang.user]


@pytest.mark.django_db(transaction=True)
def test_a_message_arrives_through_the_open_door_also_where_the_first_answers_were_faults(
    room: Room, stage: Stage, live_server: LiveServer
) -> None:
    import urllib.request  # noqa: PLC0415 - for this test alone

    faults = [500]

    def carry(sent: Any) -> int:
        if "/transactions/" in sent.path and faults:
            return faults.pop()
        request = urllib.request.Request(live_server.url + sent.path, data=sent.body or None, method=sent.method)  # noqa: S310
        request.add_header("Authorization", sent.authorization)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own machine
            return int(answer.status)

    stage.ear.answer = carry
    stage.mei.say(room.id, "玫瑰到了")
    deadline = time.monotonic() + 30
    while not room.kinds() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert room.kinds() == ["spoke"]

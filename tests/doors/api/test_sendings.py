"""Sendings, deliveries and hand tasks for programs: two people's keys, as it takes two people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.do.reach.models import Delivery, HandTask, Measure, Sending
from qunying.do.reach.services import Draft, write_sending
from qunying.do.reach.services_tasks import open_due_tasks
from qunying.ground.audit.models import Act
from qunying.ground.segments.services import create_segment

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
HERE = {"all": True, "parts": [{"is": "state", "state": "present"}]}
PLACE = "communities/flowers/sendings"


@pytest.fixture(autouse=True)
def wide_open(units: Units) -> Measure:
    """No quiet hours: what a test says does not hang on the time of day."""
    most = dict.fromkeys(("person_day", "person_week", "group_day", "group_week"), 1000)
    return Measure.objects.create(unit=units.headquarters, quiet_from=0, quiet_until=0, **most)


@pytest.fixture
def writer(make_program: Callable[..., Program], lead: Staff, units: Units) -> Program:
    """A program of the lead's that writes and sends."""
    return make_program(lead, units.shop, ["plan.see", "reach.send", "members.see"])


@pytest.fixture
def given(group: Group) -> dict[str, object]:
    """A sending to the first group."""
    return {"title": "周五晒花", "words": "今晚七点半，来晒花吧。", "groups": [group.pk]}


@pytest.fixture
def going(program: Program, writer: Program, community: Community, given: dict[str, object]) -> Sending:
    """Written by the lead's program, released by the director's, and opened as a task."""
    made = writer.post(PLACE, given).json()
    handed = writer.post(f"sendings/{made['id']}/hand-in", {}).json()
    told = program.post(f"sendings/{made['id']}/release", {"digest": handed["digest"]}).json()
    assert told == {"deliveries": 1, "outcome": {"waiting": 1}}
    assert open_due_tasks() == 1
    return Sending.objects.get()


def test_a_sending_is_drafted_changed_and_handed_in(
    writer: Program, community: Community, given: dict[str, object], group: Group, lead: Staff
) -> None:
    answer = writer.post(PLACE, given)
    made = Sending.objects.get()
    at = f"sendings/{made.pk}"
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/{at}")
    told = answer.json()
    assert (told["state"], told["groups"], told["author"]) == ("drafted", [group.pk], lead.username)
    due = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    changed = writer.send("PATCH", at, {"title": "周五", "due_at": due.isoformat()}).json()
    assert (changed["title"], changed["words"], changed["groups"]) == ("周五", given["words"], [group.pk])
    assert writer.send("PATCH", at, {"due_at": None}).json()["due_at"] is None
    seen = writer.get(f"{at}/preview")
    assert {name: seen[name] for name in ("total", "by_itself", "by_hand", "held")} == {
        "total": 1,
        "by_itself": 0,
        "by_hand": 1,
        "held": [],
    }
    assert writer.post(f"{at}/hand-in", {}).json()["state"] == "checked"
    assert writer.post(f"{at}/give-back", {}).json()["digest"] == ""
    assert [one["id"] for one in writer.get("sendings?state=drafted&community=flowers")["items"]] == [made.pk]
    assert writer.get("sendings?state=going")["items"] == []


def test_no_key_of_who_wrote_it_releases_it(
    program: Program, community: Community, given: dict[str, object], make_program: Callable[..., Program], units: Units
) -> None:
    made = program.post(PLACE, given).json()
    digest = program.post(f"sendings/{made['id']}/hand-in", {}).json()["digest"]
    director = Sending.objects.get().author
    for mine in (program, make_program(director, units.headquarters, ["plan.see", "content.review_second"])):
        answer = mine.post(f"sendings/{made['id']}/release", {"digest": digest})
        assert (answer.status_code, "You wrote this yourself" in answer.json()["detail"]) == (403, True)
    assert Delivery.objects.count() == 0


def test_only_what_was_looked_at_is_released(
    program: Program, writer: Program, community: Community, given: dict[str, object]
) -> None:
    at = f"sendings/{writer.post(PLACE, given).json()['id']}"
    assert program.post(f"{at}/release", {"digest": "f" * 64}).status_code == 400
    seen = writer.post(f"{at}/hand-in", {}).json()["digest"]
    writer.send("PATCH", at, {"words": "别来了"})
    writer.post(f"{at}/hand-in", {})
    assert program.post(f"{at}/release", {"digest": seen}).status_code == 400
    assert (Delivery.objects.count(), writer.get(at)["released_by"]) == (0, None)


def test_a_task_is_handed_over_done_with_proof_and_told_as_sent(
    writer: Program, going: Sending, group: Group, specialist: Staff, director: Staff
) -> None:
    [task] = writer.get("hand-tasks")["items"]
    assert (task["sending"], task["group"], task["words"], task["owner"]) == (going.pk, group.pk, going.words, None)
    over = {"tasks": [task["id"]], "owner": specialist.username}
    assert writer.post("hand-tasks/hand-over", over).json() == {"count": 1}
    assert writer.get(f"hand-tasks/{task['id']}")["owner"] == specialist.username
    assert [len(writer.get(f"hand-tasks?owner={name}")["items"]) for name in (specialist.username, "x")] == [1, 0]
    done = writer.post(f"hand-tasks/{task['id']}/done", {"proof": "群里第三条"}).json()
    assert (done["state"], done["way"], done["account"]) == ("sent", "hand", None)
    assert HandTask.objects.get().proof == "群里第三条"
    assert writer.post(f"hand-tasks/{task['id']}/done", {}).status_code == 404
    assert writer.get(f"sendings/{going.pk}/outcome") == {"outcome": {"sent": 1}, "clicks": 0}
    assert going.released_by == director
    acts = Act.objects.filter(verb__in=("sendings.release", "hand_tasks.done")).values_list("actor", flat=True)
    assert [actor.partition(":")[0] for actor in acts] == ["key", "key"]


def test_what_cannot_be_done_says_why_and_is_called_off(writer: Program, going: Sending) -> None:
    [task] = writer.get("hand-tasks")["items"]
    assert writer.post(f"hand-tasks/{task['id']}/impossible", {"why": ""}).status_code == 422
    told = writer.post(f"hand-tasks/{task['id']}/impossible", {"why": "被移出群了"}).json()
    assert (told["state"], told["why"]) == ("refused", "被移出群了")
    assert writer.post(f"sendings/{going.pk}/again", {}).json() == {"deliveries": 0, "outcome": {"refused": 1}}
    assert writer.post(f"sendings/{going.pk}/cancel", {}).json() == {"deliveries": 0, "outcome": {"refused": 1}}
    assert writer.get(f"sendings/{going.pk}")["state"] == "cancelled"


def test_an_unknown_delivery_is_settled_or_sent_anew(writer: Program, going: Sending) -> None:
    Delivery.objects.update(state="unknown")
    [told] = writer.get("deliveries?state=unknown&community=flowers")["items"]
    fresh = writer.post(f"deliveries/{told['id']}/settle", {"arrived": False}).json()
    assert (fresh["id"] != told["id"], fresh["state"]) == (True, "waiting")
    Delivery.objects.filter(pk=fresh["id"]).update(state="unknown")
    assert writer.post(f"deliveries/{fresh['id']}/settle", {"arrived": True}).json()["state"] == "sent"
    assert writer.post(f"deliveries/{fresh['id']}/settle", {"arrived": True}).status_code == 400
    found = writer.get(f"sendings/{going.pk}/deliveries")["items"]
    assert [one["state"] for one in found] == ["cancelled", "sent"]


def test_who_gets_something_is_told_to_keys_that_see_members_alone(
    program: Program,
    writer: Program,
    community: Community,
    members: list[Member],
    director: Staff,
    lead: Staff,
    make_program: Callable[..., Program],
    units: Units,
) -> None:
    segment = create_segment(community.unit, name="在群里的", conditions=HERE, by=director)
    made = writer.post(PLACE, {"title": "一对一", "words": "你好", "segment": segment.pk}).json()
    digest = writer.post(f"sendings/{made['id']}/hand-in", {}).json()["digest"]
    program.post(f"sendings/{made['id']}/release", {"digest": digest})
    blind = make_program(lead, units.shop, ["plan.see", "reach.send"])
    address = f"sendings/{made['id']}/deliveries"
    seen = {one["member"] for one in writer.get(address)["items"]}
    assert (len(seen) > 1, None in seen) == (True, False)
    assert {(one["member"], one["identity"]) for one in blind.get(address)["items"]} == {(None, None)}
    assert {one["member"] for one in blind.get("deliveries")["items"]} == {None}


def test_what_is_no_draft_is_refused_with_the_place(
    writer: Program, community: Community, given: dict[str, object], group: Group
) -> None:
    past = writer.post(PLACE, given | {"due_at": "2020-01-01T00:00:00Z"})
    assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "body.due_at")
    wrong = ({"due_at": "2030-01-01T00:00:00"}, {"due_at": "0001-01-01T00:00:00+23:00"}, {"words": ""}, {"x": 1})
    assert [writer.post(PLACE, given | one).status_code for one in wrong] == [422] * 4
    assert writer.post(PLACE, given | {"groups": [group.pk + 9]}).status_code == 404
    assert writer.post(PLACE, given | {"segment": 9}).status_code == 404
    assert writer.post(PLACE, given | {"groups": []}).status_code == 400
    assert Sending.objects.count() == 0


def test_a_key_without_the_permission_only_reads_and_one_from_outside_finds_nothing(
    make_program: Callable[..., Program], stranger: Program, going: Sending, lead: Staff, units: Units
) -> None:
    reader = make_program(lead, units.shop, ["plan.see"])
    delivery, at = Delivery.objects.get().pk, f"sendings/{going.pk}"
    acts = [(f"{at}/{name}", {}) for name in ("hand-in", "cancel", "again", "give-back")]
    acts += [(PLACE, {"title": "x", "words": "x"}), (f"{at}/release", {"digest": "x"})]
    acts += [(f"deliveries/{delivery}/settle", {"arrived": True}), (f"hand-tasks/{delivery}/done", {})]
    assert [reader.post(*one).status_code for one in acts] == [403] * 8
    assert [stranger.post(*one).status_code for one in acts] == [404] * 8
    reads = (at, f"{at}/preview", f"{at}/outcome", f"{at}/deliveries")
    assert [reader.send("GET", one).status_code for one in reads] == [200] * 4
    assert [stranger.send("GET", one).status_code for one in reads] == [404] * 4
    assert [stranger.get(one)["items"] for one in ("sendings", "deliveries", "hand-tasks")] == [[], [], []]
    assert [reader.send("GET", one).status_code for one in ("sendings", "deliveries", "hand-tasks")] == [200, 403, 403]


def test_an_advert_counts_clicks_only_where_there_is_an_address_of_ours(
    writer: Program, community: Community, given: dict[str, object], specialist: Staff, group: Group
) -> None:
    told = writer.post(PLACE, given | {"advert": True, "counts_clicks": True}).json()
    assert (told["advert"], told["counts_clicks"]) == (True, False)
    own = write_sending(community, Draft("x", "y", groups=[group]), by=specialist)
    assert writer.get(f"sendings/{own.pk}?fields=id,author") == {"id": own.pk, "author": specialist.username}

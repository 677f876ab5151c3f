"""Many members at once, and who may be a bot, for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.members.models import Member, MemberTag
from qunying.ground.members.services import Who
from qunying.ground.segments.services import create_segment
from tests.support.cast import JOINED

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PLACE = "communities/flowers"


def add_bot(community: Community, name: str) -> Member:
    facts = [
        Fact("spoke", JOINED + timedelta(minutes=17 * number), (name, number), who=Who("irc", name, name), text="...")
        for number in range(6)
    ]
    record(facts, community=community, source="tests")
    return Member.objects.get(display_name=name)


def test_named_members_are_tagged_and_it_can_be_taken_back(program: Program, members: list[Member]) -> None:
    ids = [member.pk for member in members[:2]]
    wanted = {"members": [*ids, 9999], "dimension": "城市", "name": "上海"}
    told = program.post(f"{PLACE}/members/tag", wanted).json()
    assert (told["chosen"], told["changed"], MemberTag.objects.count()) == (2, ids, 2)
    back = program.post(f"{PLACE}/members/untag", {"members": told["changed"], "tag": told["tag"]}).json()
    assert (back["changed"], MemberTag.objects.count()) == (ids, 0)
    assert program.post(f"{PLACE}/members/untag", {"members": ids, "tag": 99_999_999}).status_code == 404


def test_those_who_fit_are_marked(program: Program, members: list[Member], community: Community, lead: Staff) -> None:
    here = {"mark": "staff", "on": True}
    assert program.post(f"{PLACE}/members/mark", here | {"where": {"q": members[0].display_name}}).json() == {
        "chosen": 1,
        "changed": [members[0].pk],
        "tag": None,
    }
    assert program.post(f"{PLACE}/members/mark", here | {"where": {"marked": "none"}}).json()["chosen"] == 2
    nobody = {"all": True, "parts": [{"is": "state", "state": "left"}]}
    segment = create_segment(community.unit, name="走了的", conditions=nobody, by=lead)
    assert program.post(f"{PLACE}/members/mark", here | {"where": {"segment": segment.pk}}).json()["chosen"] == 0


def test_whom_it_concerns_has_to_be_said_in_one_way(program: Program, members: list[Member]) -> None:
    pk = members[0].pk
    for given in ({}, {"members": [pk], "where": {}}):
        answer = program.post(f"{PLACE}/members/mark", {"mark": "bot", "on": True} | given)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.members")


def test_a_suspect_is_told_with_reasons_and_denied_once(program: Program, group: Group) -> None:
    bot = add_bot(group.community, "newsbot")
    [told] = program.get(f"{PLACE}/suspects")
    assert (told["member"], told["messages"], told["reasons"]) == (
        bot.pk,
        6,
        [{"sign": "name", "seen": "newsbot", "count": 0, "of": 0}],
    )
    assert program.post(f"{PLACE}/suspects/deny", {"members": [bot.pk]}).json() == {"members": [bot.pk]}
    assert program.get(f"{PLACE}/suspects") == []
    assert program.post(f"{PLACE}/suspects/deny", {"members": [9999]}).status_code == 400


def test_suspects_cost_the_same_however_many(
    program: Program, group: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for names in (["a-bot"], ["b-bot", "c-bot"]):
        for name in names:
            add_bot(group.community, name)
        program.get("me")
        with django_assert_num_queries(7):
            found = program.get(f"{PLACE}/suspects")
    assert len(found) == 3


def test_who_may_not_change_members_is_refused(
    members: list[Member], stranger: Program, director: Staff, units: Units, make_program: Callable[..., Program]
) -> None:
    reader = make_program(director, units.shop, ["figures.see", "members.see"])
    someone = {"members": [members[0].pk]}
    acts: list[tuple[str, Any]] = [
        ("members/tag", someone | {"dimension": "城市", "name": "上海"}),
        ("members/untag", someone | {"tag": 1}),
        ("members/mark", someone | {"mark": "bot", "on": True}),
        ("suspects/deny", someone),
    ]
    for path, body in acts:
        answers = [one.post(f"{PLACE}/{path}", body).status_code for one in (reader, stranger)]
        assert answers == [403, 404]
    assert [one.send("GET", f"{PLACE}/suspects").status_code for one in (reader, stranger)] == [403, 404]

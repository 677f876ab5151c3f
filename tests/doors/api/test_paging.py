"""Lists: in parts, with the fields asked for, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
MEMBERS = "communities/flowers/members"
LISTS = (
    "units",
    "communities",
    "communities/flowers/groups",
    "communities/flowers/memberships",
    "communities/flowers/events",
    MEMBERS,
    "tags",
    "segments",
    "imports",
    "jobs",
    "acts",
    "communities/flowers/playbooks",
    "communities/flowers/goals",
    "work",
    "alerts",
    "suggestions",
    "likenesses",
    "requests",
    "dimensions",
    "communities/flowers/stewards",
    "communities/flowers/recognitions",
    "report-schedules",
    "made-reports",
)


def walk(program: Program, address: str) -> list[Any]:
    """Everything of a list, three at a time, by its own next links."""
    found, following = [], f"/api/v1/{address}"
    while following:
        part = program.get(following.removeprefix("/api/v1/"))
        found += part["items"]
        following = part["next"]
    return found


@pytest.mark.parametrize("address", LISTS)
def test_a_list_in_parts_is_the_whole_list(address: str, program: Program, members: list[Member]) -> None:
    whole = program.get(f"{address}?limit=200")
    assert whole["next"] is None
    acts = [one for one in whole["items"] if address != "acts" or one["verb"] != "nothing"]
    assert walk(program, f"{address}?limit=2") == acts


@pytest.mark.django_db(transaction=True)
def test_a_cursor_goes_on_where_the_log_grows(program: Program, members: list[Member], community: Community) -> None:
    address = "communities/flowers/events"
    first = program.get(address)
    assert (len(first["items"]), first["next"]) == (3, None)
    item = {"key": "1", "kind": "joined", "occurred_at": "2026-03-01T10:00:00Z", "who": _who("new")}
    program.post(address, {"source": "shop", "events": [item]})
    later = program.get(f"{address}?cursor={first['cursor']}")
    assert [one["occurred_at"] for one in later["items"]] == ["2026-03-01T10:00:00Z"]
    assert program.get(f"{address}?cursor={later['cursor']}")["items"] == []


def _who(name: str) -> dict[str, str]:
    return {"platform": "wechat", "external_id": name, "name": name}


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "WzFd:1tabcd:sig"])
def test_a_cursor_that_is_none_is_refused(cursor: str, program: Program, community: Community) -> None:
    answer = program.send("GET", f"{MEMBERS}?cursor={cursor}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.cursor")


def test_a_cursor_opens_only_the_list_it_came_from(program: Program, members: list[Member]) -> None:
    cursor = program.get(f"{MEMBERS}?limit=1")["cursor"]
    assert program.send("GET", f"{MEMBERS}?cursor={cursor}&present=true").status_code == 422
    assert program.send("GET", f"units?cursor={cursor}").status_code == 422


def test_fields_tell_less_and_unknown_ones_are_named(program: Program, xiaomei: Member) -> None:
    assert program.get(f"{MEMBERS}?fields=name,id")["items"] == [{"id": xiaomei.pk, "name": "小美"}]
    answer = program.send("GET", f"{MEMBERS}?fields=name,shoe")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("There is no field “shoe”. Those there are: id, name, ")


def test_csv_can_hold_no_formula_and_is_written_down(program: Program, xiaomei: Member) -> None:
    Member.objects.filter(pk=xiaomei.pk).update(display_name="=1+1")
    answer = program.send("GET", f"{MEMBERS}?fields=id,name&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.decode() == f"\ufeffid,name\r\n{xiaomei.pk},'=1+1\r\n"
    act = Act.objects.filter(verb="lists.export").get()
    assert (act.subject_type, act.details) == ("members", {"rows": 1, "format": "csv"})


def test_csv_asks_for_leave(
    director: Staff, units: Units, members: list[Member], make_program: Callable[..., Program]
) -> None:
    program = make_program(director, units.shop, ["members.see"])
    assert program.send("GET", MEMBERS).status_code == 200
    assert program.send("GET", f"{MEMBERS}?format=csv").status_code == 403


@pytest.mark.parametrize("address", [MEMBERS, "communities", "communities/flowers/events"])
def test_a_list_asks_as_much_for_one_as_for_three(
    address: str, program: Program, members: list[Member], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program.get(address)
    expected = {MEMBERS: 7, "communities": 4, "communities/flowers/events": 4}[address]
    for limit in (1, 3):
        with django_assert_num_queries(expected):
            program.get(f"{address}?limit={limit}")


def test_private_fields_are_masked_and_opening_one_is_written_down(
    program: Program, xiaomei: Member, director: Staff
) -> None:
    from qunying.ground.members.services_private import set_private_field  # noqa: PLC0415 - this test alone

    set_private_field(xiaomei, name="phone", value="13812345678", by=director)
    assert program.get(f"members/{xiaomei.pk}?fields=private") == {"private": {"phone": "138****5678"}}
    assert program.get(f"members/{xiaomei.pk}/private/phone") == {"name": "phone", "value": "13812345678"}
    assert Act.objects.order_by("-pk")[0].verb == "members.private.unmask"

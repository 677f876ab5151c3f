"""Who comes in, how far, and how often."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from qunying.doors.api.urls import api
from qunying.ground.access.models import ApiKey
from qunying.ground.access.services_keys import revoke_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.members.models import Member
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
PARTS = defaultdict(lambda: "1", slug="flowers", name="phone", metric="joins", period="2026-W01")


def every_operation() -> list[tuple[str, str]]:
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    return [(method.upper(), path.lstrip("/").format_map(PARTS)) for path, of in paths.items() for method in of]


@pytest.mark.parametrize(("method", "path"), every_operation())
def test_nothing_opens_without_a_key(method: str, path: str, nobody: Program) -> None:
    answer = nobody.send(method, path)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_session_opens_nothing(director: Staff) -> None:
    browser = Client()
    browser.force_login(director)
    assert browser.get("/api/v1/communities").status_code == 401


def test_a_revoked_key_says_so(program: Program, director: Staff) -> None:
    revoke_key(ApiKey.objects.get(), by=director)
    answer = program.send("GET", "me")
    assert (answer.status_code, answer.json()["detail"]) == (401, "The key “程序” was revoked. Make another one.")


@pytest.mark.parametrize(
    "path",
    [
        "communities/flowers",
        "communities/flowers/groups",
        "communities/flowers/members",
        "communities/flowers/memberships",
        "communities/flowers/events",
        "members/{member}",
        "communities/flowers/groups/{group}",
    ],
)
def test_what_lies_outside_the_keys_unit_is_not_there(
    path: str, program: Program, stranger: Program, community: Community, group: Group, xiaomei: Member
) -> None:
    path = path.format(member=xiaomei.pk, group=group.pk)
    assert program.send("GET", path).status_code == 200
    assert stranger.send("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("figures.see", "communities/flowers", 200),
        ("members.see", "communities/flowers", 404),
        ("figures.see", "communities/flowers/members", 404),
        ("members.see", "communities/flowers/members", 200),
        ("figures.see", "tags", 403),
    ],
)
def test_a_key_does_what_its_scopes_say(
    scope: str,
    path: str,
    status: int,
    director: Staff,
    units: Units,
    community: Community,
    make_program: Callable[..., Program],
) -> None:
    assert make_program(director, units.shop, [scope]).send("GET", path).status_code == status


def test_a_key_cannot_do_more_than_its_owner(
    reviewer: Staff, director: Staff, units: Units, community: Community, make_program: Callable[..., Program]
) -> None:
    program = make_program(director, units.shop)
    ApiKey.objects.update(owner=reviewer)
    assert program.send("GET", "communities/flowers").status_code == 200
    assert program.post("communities/flowers/groups", {"name": "新群", "platform": "wechat"}).status_code == 404


def test_who_asks_too_often_is_told_when_to_go_on(program: Program, settings: SettingsWrapper) -> None:
    settings.API_RATE = 12
    answers = [program.send("GET", "me") for _n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[2]["Retry-After"] == "5"
    assert answers[2].json()["detail"] == "This key asks too often. Go on after 5 seconds."

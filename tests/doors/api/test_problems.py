"""Errors are problem details, in the language asked for, for whatever goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError

from qunying.doors.api.urls import api

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("en", "There is no such thing", "There is no community “roses” that you may open."),
        ("zh-CN", "没有这样东西", "没有你能打开的社群“roses”。"),
        ("fr", "没有这样东西", "没有你能打开的社群“roses”。"),
    ],
)
def test_a_problem_speaks_the_language_asked_for(language: str, title: str, detail: str, program: Program) -> None:
    answer = program.send("GET", "communities/roses", Accept_Language=language)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:qunying:problem:not-found",
        "title": title,
        "status": 404,
        "detail": detail,
        "errors": [],
    }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nowhere", 404),
        ("PUT", "communities", 405),
        ("DELETE", "me", 405),
        ("GET", "communities/a b", 422),
        ("GET", "members/0", 422),
        ("GET", f"members/{2**63}", 422),
        ("GET", "members/x", 422),
        ("GET", "communities?limit=201", 422),
        ("GET", "communities?format=xml", 422),
    ],
)
def test_whatever_is_wrong_is_a_problem(method: str, path: str, status: int, program: Program) -> None:
    answer = program.send(method, path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


def test_a_body_that_is_no_json_is_a_problem(program: Program, community: Community) -> None:
    answer = program.client.post(
        "/api/v1/work", "{", "application/json", headers={"Authorization": f"Bearer {program.text}"}
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:qunying:problem:refused")


def test_several_slips_are_told_one_by_one(program: Program, community: Community) -> None:
    answer = program.post("work", {"title": "", "community": "flowers", "when": 1})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "body.title", "detail": "Too short: at least 1."},
        {"field": "body.due", "detail": "This is missing."},
        {"field": "body.when", "detail": "There is no such field."},
    ]


def test_a_busy_store_says_when_to_come_again(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_given: Any, **_more: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("qunying.doors.api.ground.tree.units_for", locked)
    answer = program.send("GET", "units")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["type"] == "urn:qunying:problem:busy"


def test_a_fault_of_ours_tells_nothing_of_itself(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any, **_more: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("qunying.doors.api.ground.tree.units_for", broken)
    answer = program.send("GET", "units")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()


def test_the_description_names_every_status_and_stays_ours(program: Program) -> None:
    described = program.client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert described["components"]["securitySchemes"]["KeyAuth"]["scheme"] == "bearer"
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            codes = set(operation["responses"])
            assert {"400", "401", "403", "404", "422", "429", "503"} <= codes, (method, path)
    assert set(described["paths"]) == set(api.get_openapi_schema(path_prefix="/api/v1/")["paths"])

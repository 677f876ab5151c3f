"""Every answer carries the guards: pages, redirects, errors, files; and no page asks for what they forbid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from qunying.doors.console.policy import GUARDS, POLICY
from tests.doors.console.test_permissions import FOR_VISITORS, ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
# Pages of visitors have a stricter policy of their own, and tests of it beside them.
PLAIN = sorted(
    name
    for name, (method, named, _answers) in ROUTES.items()
    if method == "get" and not named and name not in FOR_VISITORS
)
_INLINE = (
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    r"<style",
    r"<[a-z][^>]*\sstyle=",
    r"<[a-z][^>]*\son[a-z]+=",
    r"javascript:",
)


def guards(response: HttpResponse) -> dict[str, str]:
    return {name: response.headers.get(name, "") for name in GUARDS}


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert "unsafe" not in POLICY
    assert {name: rules[name] for name in ("default-src", "script-src", "style-src", "img-src")} == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
    }
    assert [rules[name] for name in ("object-src", "base-uri", "frame-ancestors")] == ["'none'"] * 3
    assert rules["form-action"] == "'self'"


@pytest.mark.parametrize("name", PLAIN)
def test_every_page_carries_the_guards(
    name: str, director: Staff, community: Community, client_for: Callable[..., Client]
) -> None:
    response = client_for(director).get(reverse(name))
    assert guards(response) == GUARDS | {"Cache-Control": response.headers["Cache-Control"]}
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("name", PLAIN)
def test_no_page_holds_script_or_style_of_its_own(
    name: str, director: Staff, community: Community, client_for: Callable[..., Client]
) -> None:
    response = client_for(director).get(reverse(name))
    text = b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()
    assert [found for pattern in _INLINE for found in re.findall(pattern, text)] == []


def test_errors_and_redirects_carry_the_guards(reviewer: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(reviewer)
    answers = [
        Client().get(reverse("units")),
        client.get("/no/such/page/"),
        client.get(reverse("unit", args=[999])),
        client.get(reverse("audit")),
        client.post(reverse("units")),
        Client(enforce_csrf_checks=True).post(reverse("account_login")),
        Client().get("/", headers={"host": "elsewhere.example"}),
    ]
    assert [response.status_code for response in answers] == [302, 404, 404, 403, 405, 403, 400]
    assert {guards(response)["Content-Security-Policy"] for response in answers} == {POLICY}


def test_files_carry_the_guards_and_keep_their_own_caching(client: Client) -> None:
    response = client.get(f"/{settings.STATIC_URL.strip('/')}/qunying/css/access.css")
    response.close()
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["Cache-Control"] != GUARDS["Cache-Control"]


def test_pages_are_kept_by_no_proxy(director: Staff, client_for: Callable[..., Client]) -> None:
    assert client_for(director).get(reverse("units")).headers["Cache-Control"] == "private, no-cache"

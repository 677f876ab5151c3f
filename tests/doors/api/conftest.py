"""A program with a key, as the tests of the API use it."""

from __future__ import annotations

import json
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from qunying.doors.api.ground import gate
from qunying.ground.access.roles import SCOPES
from qunying.ground.access.services_keys import create_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.units.models import Unit
    from tests.support.cast import Units


class Program:
    """Sends requests to the API with one key."""

    def __init__(self, text: str) -> None:
        self.client, self.text = Client(), text

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> HttpResponse:
        """One request below /api/v1/; `body` goes as JSON, underscores in header names become hyphens."""
        given = {"Accept-Language": "en"} | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.text:
            given["Authorization"] = f"Bearer {self.text}"
        more = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1/{address}", **more, headers=given)

    def get(self, address: str, **headers: str) -> Any:
        """What a reading answers, which has to go well."""
        answer = self.send("GET", address, **headers)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, address: str, body: Any, **headers: str) -> HttpResponse:
        """One POST."""
        return self.send("POST", address, body, **headers)


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second for which a program that sends facts is taken at its word does not pass, however slow the machine."""
    now = monotonic()
    monkeypatch.setattr(gate, "monotonic", lambda: now)


@pytest.fixture
def make_program() -> Callable[..., Program]:
    """Makes a program whose key belongs to this person, holds in this unit, and has these scopes."""

    def make(owner: Staff, unit: Unit, scopes: Sequence[str] = tuple(SCOPES)) -> Program:
        return Program(create_key("程序", scopes=list(scopes), unit=unit, by=owner)[1])

    return make


@pytest.fixture
def program(director: Staff, units: Units, make_program: Callable[..., Program]) -> Program:
    """May do everything everywhere."""
    return make_program(director, units.headquarters)


@pytest.fixture
def stranger(director: Staff, units: Units, make_program: Callable[..., Program]) -> Program:
    """May do everything in 华南区, where nothing of the flower shop exists."""
    return make_program(director, units.south)


@pytest.fixture
def nobody() -> Program:
    """Brings no key."""
    return Program("")

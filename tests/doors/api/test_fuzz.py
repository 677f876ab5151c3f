"""schemathesis makes requests up from the description: no fault of ours, no answer that is not described.

QUNYING_FUZZ says how many requests, QUNYING_FUZZ_ONLY parts of their addresses, QUNYING_FUZZ_SHARE which of several
processes this is ("0/2"), QUNYING_FUZZ_SECONDS when to stop: bench/fuzz.py sends 10,000.
"""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi

from qunying.doors.wsgi import application

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Group
    from qunying.ground.members.models import Member
    from tests.doors.api.conftest import Program

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
REQUESTS = int(os.environ.get("QUNYING_FUZZ", "400"))
ONLY = os.environ.get("QUNYING_FUZZ_ONLY", "")
SHARE, _, SHARES = os.environ.get("QUNYING_FUZZ_SHARE", "0/1").partition("/")
SECONDS = float(os.environ.get("QUNYING_FUZZ_SECONDS", "inf"))
CHECKS = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
]
KNOWN: dict[str, Any] = {"slug": "flowers", "metric": "joins", "period": "2026-W02", "name": "phone"}


def test_requests_made_up_from_the_description_find_no_fault(
    program: Program, group: Group, members: list[Member], settings: SettingsWrapper
) -> None:
    settings.API_RATE = 0
    # As Django's own test client does: a connection a request is none of the questions asked here, and costs a third.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        _send_all(program.text)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _send_all(text: str) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    found = (one.ok() for one in described.get_all_operations())
    chosen = [one for one in found if any(part in one.path for part in ONLY.split(","))]
    operations = chosen[int(SHARE) :: int(SHARES)]
    each = -(-REQUESTS // len(chosen))
    until, sent, reached = monotonic() + SECONDS, 0, 0
    for operation in operations:
        if monotonic() < until:
            sent, reached = sent + _try(operation, text, each), reached + 1
    print(f"{sent} requests to {reached} of {len(operations)} operations")  # noqa: T201 - seen with -s, as bench/fuzz.py asks
    # An operation that is asked in one way only is asked once.
    assert sent >= each * reached * 0.6


def _try(operation: Any, text: str, most: int) -> int:
    """Requests to one operation, half of them to things that exist; how many."""
    sent = [0]

    @given(case=operation.as_strategy())
    @bounds(
        max_examples=most,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    def send(case: Any) -> None:
        sent[0] += 1
        if sent[0] % 2:
            _aim(case)
        answer = case.call(headers={"Authorization": f"Bearer {text}", "Accept-Encoding": "identity"})
        case.validate_response(answer, checks=CHECKS)

    send()
    return sent[0]


def _aim(case: Any) -> None:
    for name in case.path_parameters or {}:
        case.path_parameters[name] = KNOWN.get(name, 1)

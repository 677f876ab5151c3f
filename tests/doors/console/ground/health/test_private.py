"""A telephone number, a name and words go in by import, pages and errors: no log holds any of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection

from qunying.ground.events.models import Message
from qunying.ground.jobs.kinds import _kinds, register_kind
from qunying.ground.jobs.services import start_job, take_step
from qunying.ground.members.models import Member
from qunying.ground.members.services_private import set_private_field
from qunying.kit.logs import DailyFile, SafeFormatter, log_folder
from tests.support.cast import TESTS
from tests.support.imports import bring, counts, import_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.jobs.turns import Turn

pytestmark = pytest.mark.django_db
PHONE, NAME, WORDS = "13912345678", "Anna Blumenthal", "send the peonies to Rose Lane at three"
CHINESE = "王小美要三朵牡丹"
SEEDS = (PHONE, NAME, WORDS, "Blumenthal", "peonies", CHINESE, "牡丹")


@pytest.fixture(autouse=True)
def _everything_is_logged(settings: SettingsWrapper, tmp_path: Path) -> Iterator[None]:
    """Every logger from DEBUG on into the file of the day, as the installation's own handler writes it."""
    settings.HOME = tmp_path
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False
    handler, root = DailyFile(), logging.getLogger()
    handler.setFormatter(SafeFormatter())
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield
    root.removeHandler(handler)
    root.setLevel(before)
    handler.close()


def _logged() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in log_folder().glob("*.jsonl"))


def test_nothing_private_is_found_in_the_logs(
    community: Community, director: Staff, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = (
        f"[09:00] <{NAME.replace(' ', '_')}> {WORDS} {PHONE}\n[09:01] <王小美> {CHINESE}\nrubbish {PHONE} {NAME}\n"
    )
    done = import_files(bring("#flowers.2026-01-05.log", content), "irc", community)
    assert counts(done)[1] >= 2
    assert Message.objects.filter(text__contains="peonies").exists()
    member = Member.objects.order_by("pk")[0]
    set_private_field(member, name="phone", value=PHONE, by=TESTS)
    client = client_for(director)
    client.raise_request_exception = False
    for path in (f"/members/{member.pk}/", f"/communities/flowers/members/?q={NAME}", f"/{CHINESE}/?q={PHONE}"):
        client.get(path)
    client.post("/accounts/login/", {"login": NAME, "password": WORDS})
    _fail_in_a_page(client, member, monkeypatch)
    _fail_in_a_job()
    text = _logged()
    assert '"route": "member"' in text
    assert "RuntimeError" in text
    assert "IntegrityError" in text
    assert [seed for seed in SEEDS if seed in text] == []


def _fail_in_a_page(client: Client, member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_all: object, **_named: object) -> None:
        raise RuntimeError(f"{NAME} {PHONE}: {CHINESE}")

    monkeypatch.setattr("qunying.doors.console.ground.health.views.last_patrol", fall)
    assert client.get("/health/").status_code == 500
    logging.getLogger("django.db.backends").debug("(0.001) INSERT INTO x VALUES ('%s')", PHONE)


def _fail_in_a_job() -> None:
    """A database tells the row it refuses in the message of its error."""

    def step(_turn: Turn) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", [WORDS])
        raise IntegrityError(f"duplicate key\nDETAIL: Key (phone)=({PHONE}) of {NAME} already exists: {WORDS}")

    register_kind("falling", step, label="x")  # type: ignore[arg-type]
    try:
        take_step(start_job("falling", checkpoint={}, by=TESTS, queue=False).pk)
    finally:
        _kinds.pop("falling")

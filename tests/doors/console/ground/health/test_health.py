"""How the installation is: for people by permission, for machines without any word too many."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from qunying.ground.backups.models import Backup
from qunying.ground.events.models import Event, ParkedEvent
from qunying.ground.patrol.models import Fault
from qunying.ground.patrol.services import make_round
from qunying.plan.schedule.todo import todos_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db


def test_alive_asks_nobody(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert len(response["X-Request-ID"]) == 16


def test_ready_says_why_it_is_not(settings: SettingsWrapper, tmp_path: Path) -> None:
    assert Client().get("/readyz").json() == {"ready": True, "reasons": []}
    settings.HOME = tmp_path / "nowhere"
    response = Client().get("/readyz")
    assert (response.status_code, response.json()) == (503, {"ready": False, "reasons": ["home"]})


def test_figures_are_for_this_machine_or_the_token_alone(settings: SettingsWrapper) -> None:
    text = Client().get("/metrics").content.decode()
    assert 'qunying_follower_waiting{follower="warehouse"} 0.0' in text
    assert "qunying_request_seconds" in text
    assert Client().get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert Client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    settings.METRICS_TOKEN = "a-long-token"
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    asked = Client().get("/metrics", REMOTE_ADDR="203.0.113.9", headers={"Authorization": "Bearer a-long-token"})
    assert asked.status_code == 200


def test_figures_tell_how_much_waits_for_workers_and_for_how_long() -> None:
    now = timezone.now()
    for cluster, seconds in (("bulk", 120), ("bulk", 30), ("bulk", -60)):  # the last one is in a worker's hands
        OrmQ.objects.create(key=cluster, payload="", lock=now - timedelta(seconds=seconds))
    lines = Client().get("/metrics").content.decode().splitlines()
    figures = dict(line.rsplit(" ", 1) for line in lines if line.startswith("qunying_queue_"))
    assert figures.pop('qunying_queue_waiting{cluster="bulk"}') == "2.0"
    assert 120 <= float(figures.pop('qunying_queue_oldest_seconds{cluster="bulk"}')) < 180
    assert figures == {
        'qunying_queue_waiting{cluster="fast"}': "0.0",
        'qunying_queue_oldest_seconds{cluster="fast"}': "0.0",
    }


def _park(member: Member, count: int) -> None:
    for number in range(count):
        ParkedEvent.objects.create(follower=f"f{number}", event=Event.objects.get(), error="")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_three_faults_as_for_one(
    count: int,
    director: Staff,
    xiaomei: Member,
    client_for: Callable[..., Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_round()
    for number in range(count):
        Fault.objects.create(
            check_name=f"x{number}", state="bad", opened_at="2026-01-05T00:00Z", seen_at="2026-01-05T00:00Z"
        )
        Backup.objects.create(actor="system:backups", state="done", path=f"/b/{number}", size=5, rows=7)
    client = client_for(director)
    client.get("/health/")
    with django_assert_num_queries(QUERIES):
        assert client.get("/health/").status_code == 200


QUERIES = 14


def test_a_fault_stands_on_today_for_whoever_keeps_the_whole(
    director: Staff, outsider: Staff, lead: Staff, xiaomei: Member
) -> None:
    from django.utils import timezone  # noqa: PLC0415 - only here

    _park(xiaomei, 2)
    make_round()
    today: date = timezone.localdate()
    found = [item for item in todos_for(director, today).items if item.kind == "health"]
    assert ("Parked facts: 2", "health") in [(item.title, item.page) for item in found]
    for other in (outsider, lead):
        assert [item for item in todos_for(other, today).items if item.kind == "health"] == []


def test_what_stands_wrong_is_told_once(director: Staff, client_for: Callable[..., Client]) -> None:
    client = client_for(director, "en")
    assert "No backup is made by itself." in client.get("/health/").content.decode()
    make_round()
    words = client.get("/health/").content.decode()
    assert words.count("none is made by itself") == 1
    assert "No backup is made by itself." not in words
    checks = [row.result.check for row in client.get("/health/").context["rows"]]
    assert ("backup" in checks, "parked" in checks) == (False, True)


def test_a_backup_is_not_promised_where_none_can_be_made(director: Staff, client_for: Callable[..., Client]) -> None:
    response = client_for(director, "en").post("/health/backup/", follow=True)
    assert "No directory for backups is set." in response.content.decode()
    assert Backup.objects.count() == 0


def test_the_round_is_taken_away_as_a_file(director: Staff, client_for: Callable[..., Client]) -> None:
    make_round()
    response = client_for(director, "en").get("/health/export/?format=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[0] == "Item,State,What was seen,What to do"
    assert "Parked facts,Well,none," in text


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("theme", "viewport"), [("light", (1366, 850)), ("dark", (390, 844))])
def test_the_page_is_whole_in_both_languages(
    language: str,
    theme: str,
    viewport: tuple[int, int],
    director: Staff,
    xiaomei: Member,
    open_page: OpenPage,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
) -> None:
    _park(xiaomei, 2)
    Backup.objects.create(
        actor="system:backups", state="done", path="/srv/backups/one.qybackup", size=5_000_000, rows=7
    )
    make_round()
    Fault.objects.filter(check_name="drill").update(closed_at="2026-11-22T00:00:00Z")
    page = open_page(reverse("health"), staff=director, language=language, viewport=viewport, theme=theme)
    word = "留意一下" if language == "zh-hans" else "Look at it soon"
    page.get_by_text(word).first.wait_for()
    assert_fits(page)
    assert_accessible(page)
    snap(page, f"health-{language}-{theme}")

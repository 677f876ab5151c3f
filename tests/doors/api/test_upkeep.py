"""Looking after the system, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.backups.models import Backup
from qunying.ground.backups.recovery import make_recovery_key
from qunying.ground.events.models import Event, ParkedEvent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked(xiaomei: Member) -> ParkedEvent:
    return ParkedEvent.objects.create(follower="warehouse", event=Event.objects.order_by("pk")[0], error="too heavy")


def test_facts_set_aside_are_told_and_handed_over_again(program: Program, parked: ParkedEvent) -> None:
    [told] = program.get("parked")["items"]
    assert (told["id"], told["follower"], told["error"]) == (parked.pk, "warehouse", "too heavy")
    assert {one["name"]: one["parked"] for one in program.get("followers")}["warehouse"] == 1
    assert program.post(f"parked/{parked.pk}/retry", None).json() == {"through": False}
    assert Act.objects.get(verb="followers.retry").actor.startswith("key:")
    assert program.post("parked/99999999/retry", None).status_code == 404


def test_a_follower_is_sent_back(program: Program, xiaomei: Member) -> None:
    assert program.post("followers/warehouse/replay", {"start": 0}).status_code == 200
    assert Act.objects.filter(verb="followers.replay").count() == 1
    assert program.post("followers/nobody/replay", {"start": 0}).status_code == 404
    assert program.post("followers/warehouse/replay", {"start": -1}).json()["errors"][0]["field"] == "body.start"


def test_a_round_says_what_it_saw(program: Program, settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    assert program.get("health") == {"at": None, "seen": []}
    made = program.post("health", None).json()
    assert made == program.get("health")
    assert all(one["words"] for one in made["seen"])


def test_a_backup_is_asked_for_where_there_is_a_place(
    program: Program, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.BACKUP_DIRECTORY = ""
    assert program.post("backups", None).status_code == 400
    settings.HOME, settings.BACKUP_DIRECTORY = tmp_path, str(tmp_path)
    make_recovery_key()
    assert program.post("backups", None).json() == {"id": Backup.objects.get().pk, "state": "waiting"}
    assert program.post("backups", None).status_code == 400


def test_the_chain_is_verified(program: Program) -> None:
    assert program.post("acts/verify", None).json() == {"whole": True, "breaks": 0}


def test_who_does_not_look_after_the_whole_is_refused(
    parked: ParkedEvent, stranger: Program, director: Staff, units: Units, make_program: Callable[..., Program]
) -> None:
    acts: list[tuple[str, Any]] = [
        ("followers/warehouse/replay", {"start": 0}),
        ("health", None),
        ("backups", None),
        ("acts/verify", None),
    ]
    assert [stranger.post(path, body).status_code for path, body in acts] == [403] * 4
    assert stranger.post(f"parked/{parked.pk}/retry", None).status_code == 404
    assert stranger.get("parked")["items"] == []
    reader = make_program(director, units.shop, ["figures.see"])
    assert [reader.send("GET", path).status_code for path in ("followers", "parked", "health")] == [403] * 3

"""One backup a night, one when asked, and only as many kept as were wished for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.ground.backups import nightly
from qunying.ground.backups.models import Backup
from qunying.ground.backups.nightly import ask_backup, begin_due, rotate
from qunying.ground.backups.recovery import make_recovery_key, recovery_public
from qunying.kit.errors import QunyingError
from qunying.kit.vault import read_recovery_key
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: SettingsWrapper, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    settings.BACKUP_DIRECTORY = str(tmp_path / "backups")
    settings.BACKUP_KEEP = 2
    return tmp_path / "backups"


def test_without_a_key_nothing_begins_and_asking_says_why() -> None:
    assert begin_due() is None
    with pytest.raises(QunyingError, match="There is no recovery key to lock it with"):
        ask_backup(by=TESTS)


def test_the_key_is_told_once_and_only_its_half_stays(tmp_path: Path) -> None:
    key = read_recovery_key(make_recovery_key())
    assert key is not None
    assert recovery_public() == key.public
    assert (tmp_path / "recovery.pub").stat().st_mode & 0o777 == 0o600
    with pytest.raises(QunyingError, match="There is a recovery key already"):
        make_recovery_key()


def test_a_second_wish_while_one_is_made_is_refused() -> None:
    make_recovery_key()
    ask_backup(by=TESTS)
    with pytest.raises(QunyingError, match="A backup is being made already"):
        ask_backup(by=TESTS)


def test_a_night_has_one_backup_from_its_hour_on() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    nightly._plan_night(datetime(2026, 11, 22, 2, 59, tzinfo=zone))
    assert Backup.objects.count() == 0
    for hour in (3, 4, 23):
        nightly._plan_night(datetime(2026, 11, 22, hour, tzinfo=zone))
    assert [backup.night.isoformat() for backup in Backup.objects.all() if backup.night] == ["2026-11-22"]


def test_one_that_died_is_shown_as_failed() -> None:
    backup = Backup.objects.create(actor="system:backups", state=Backup.State.RUNNING)
    Backup.objects.update(touched_at=timezone.now() - timedelta(minutes=31))
    nightly._bury_dead()
    backup.refresh_from_db()
    assert (backup.state, backup.error) == ("failed", "It stopped half-way, as when a machine goes down.")


def test_the_oldest_go_and_other_files_stay(folder: Path) -> None:
    folder.mkdir()
    for number in range(4):
        path = folder / f"{number}.qybackup"
        path.write_bytes(b"x")
        ended = timezone.now() + timedelta(days=number)
        Backup.objects.create(actor="system:backups", state=Backup.State.DONE, path=str(path), ended_at=ended)
    (folder / "mine.txt").write_bytes(b"x")
    assert rotate() == 2
    assert sorted(path.name for path in folder.iterdir()) == ["2.qybackup", "3.qybackup", "mine.txt"]
    assert list(Backup.objects.order_by("pk").values_list("state", flat=True)) == ["removed", "removed", "done", "done"]

"""Keys rotate under people who write: every value can be read and found, before, during and after."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from qunying.ground.jobs.models import Job
from qunying.ground.jobs.services import run_to_end
from qunying.ground.jobs.turns import claim
from qunying.ground.members.models import Member, PrivateField
from qunying.ground.members.queries import with_private_value
from qunying.ground.members.sealing import keys_now, open_field
from qunying.ground.members.services_private import set_private_field
from qunying.ground.platforms.models import Account
from qunying.ground.privacy import rotation
from qunying.ground.privacy.services_keys import forget_keys, key_status, rotate_keys
from qunying.ground.subjects.holdings_people import open_correction
from qunying.ground.subjects.services import correct_member
from qunying.kit.crypto import key_id
from qunying.kit.errors import QunyingError
from qunying.kit.keys import load_keyring, new_keyring, replace_keyring, save_keyring
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_keys(settings: SettingsWrapper, tmp_path: Path) -> None:
    """Keys of this test's own, in a home of its own."""
    settings.HOME = tmp_path
    settings.KEYRING = new_keyring()
    save_keyring(settings.KEYRING, tmp_path)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two values a chunk."""
    monkeypatch.setattr(rotation, "CHUNK", 2)
    return


def people(count: int) -> list[Member]:
    members = [Member.objects.create(display_name=f"{number}") for number in range(count)]
    for number, person in enumerate(members):
        set_private_field(person, name="phone", value=f"138000000{number:02}", by=TESTS)
    return members


def readable() -> list[str]:
    rows = PrivateField.objects.order_by("member")
    return [value for row in rows if (value := open_field(row)) and row in with_private_value(value)]


def test_every_value_lies_under_the_new_key_and_is_found_as_before() -> None:
    person = people(3)[0]
    made = correct_member(person, field="phone", value="13911112222", by=TESTS)
    before = keys_now().current
    job = run_to_end(rotate_keys(by=TESTS, queue=False))
    assert (job.result["resealed"], keys_now().current != before) == (4, True)
    assert {key_id(bytes(row.sealed)) for row in PrivateField.objects.all()} == {keys_now().current}
    assert readable() == ["13911112222", "13800000001", "13800000002"]
    made.refresh_from_db()
    assert open_correction(made) == "13800000000"
    assert key_status().waiting == 0


def test_half_way_through_both_halves_can_be_read_and_found(small_steps: None) -> None:
    people(5)
    job = rotate_keys(by=TESTS, queue=False)
    while key_status().waiting == 5:
        turn = claim(job.pk, seconds=0)
        assert turn is not None
        assert rotation.rotation_step(turn) is False
        Job.objects.update(claimed_until=None)
    assert 0 < key_status().waiting < 5
    assert len(readable()) == 5
    assert rotate_keys(by=TESTS, queue=False) == job
    run_to_end(job)
    assert (key_status().waiting, len(readable())) == (0, 5)


def test_what_another_process_sealed_with_the_old_key_meanwhile_is_caught_by_the_next_round(small_steps: None) -> None:
    people(3)
    old = keys_now()
    job = rotate_keys(by=TESTS, queue=False)
    turn = claim(job.pk, seconds=0)
    assert turn is not None
    rotation.rotation_step(turn)
    new = keys_now()
    # A writer who has not looked at the file: it still encrypts with the old key.
    replace_keyring(replace(new, current=old.current), settings.HOME)
    set_private_field(Member.objects.order_by("pk")[0], name="phone", value="13999999999", by=TESTS)
    replace_keyring(new, settings.HOME)
    Job.objects.update(claimed_until=None)
    assert run_to_end(job).result["rounds"] >= 2
    assert (key_status().waiting, readable()[0]) == (0, "13999999999")


def test_writers_go_on_while_keys_rotate(small_steps: None) -> None:
    members = people(12)
    stop, faults = threading.Event(), list[BaseException]()

    def write() -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                set_private_field(members[number % 12], name="phone", value=f"139{number:08}", by=TESTS)
        except BaseException as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _number in range(3):
            run_to_end(rotate_keys(by=TESTS, queue=False))
    finally:
        stop.set()
        writer.join()
    assert faults == []
    assert (len(readable()), key_status().waiting) == (12, 0)


def test_old_keys_stay_until_they_are_forgotten_and_only_when_nothing_uses_them() -> None:
    people(1)
    first = keys_now().current
    run_to_end(rotate_keys(by=TESTS, queue=False))
    assert (key_status().old, forget_keys(by=TESTS)) == ([first], [])
    long_ago = (timezone.now() - timedelta(days=2)).isoformat()
    replace_keyring(replace(keys_now(), retired={first: long_ago}), settings.HOME)
    assert forget_keys(by=TESTS) == [first]
    assert load_keyring(settings.HOME) == keys_now()
    assert readable() == ["13800000000"]


def test_a_value_no_key_opens_stops_the_rotation_with_its_number() -> None:
    people(1)
    lost = new_keyring()
    replace_keyring(replace(lost, digest=keys_now().digest, secret=keys_now().secret), settings.HOME)
    job = rotate_keys(by=TESTS, queue=False)
    with pytest.raises(QunyingError, match="cannot be read with any key"):
        run_to_end(job)


def test_a_row_that_holds_no_secret_is_passed_over(units: Units) -> None:
    people(1)
    Account.objects.create(name="信鸽", platform="pigeons", unit=units.shop)
    job = run_to_end(rotate_keys(by=TESTS, queue=False))
    assert (job.result["resealed"], key_status().waiting) == (1, 0)


def test_the_file_of_keys_is_its_owners_alone() -> None:
    rotate_keys(by=TESTS, queue=False)
    assert (settings.HOME / "keys.json").stat().st_mode & 0o077 == 0
    assert [path.name for path in settings.HOME.glob("keys.json*")] == ["keys.json"]

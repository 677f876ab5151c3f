"""Failures close the door, for longer each time, and tell a stranger nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.access.models import SignInLock
from qunying.ground.access.queries import locked_until
from qunying.ground.access.services import rename_staff
from qunying.ground.access.services_devices import note_device
from qunying.ground.access.services_locks import (
    FREE_FOR_A_NAME,
    FREE_FOR_AN_ADDRESS,
    LockedOutError,
    check_not_locked,
    forget_failures,
    note_failure,
    unlock_sign_in,
)
from qunying.ground.audit.models import Act
from qunying.kit.errors import NotAllowedError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db
HERE = "203.0.113.4"


def fail(typed: str, times: int = 1, *, address: str = HERE, device: str = "") -> None:
    for _time in range(times):
        note_failure(typed, address=address, device=device)


def is_closed(typed: str, *, address: str = "198.51.100.7", device: str = "") -> bool:
    try:
        check_not_locked(typed, address=address, device=device)
    except LockedOutError:
        return True
    return False


def test_the_door_closes_after_the_free_failures(lead: Staff) -> None:
    fail("lead", FREE_FOR_A_NAME - 1)
    assert not is_closed("lead")
    fail("lead")
    assert (is_closed("lead"), is_closed("specialist")) == (True, False)
    assert Act.objects.filter(verb="staff.lock", subject_type="staff", subject_id=str(lead.pk)).count() == 1


@pytest.mark.parametrize(("beyond", "minutes"), [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (30, 60)])
def test_it_closes_twice_as_long_each_time(lead: Staff, beyond: int, minutes: int) -> None:
    fail("lead", FREE_FOR_A_NAME)
    SignInLock.objects.filter(staff=lead).update(failures=FREE_FOR_A_NAME - 1 + beyond)
    fail("lead")
    lock = SignInLock.objects.get(staff=lead)
    assert lock.locked_until is not None
    assert lock.locked_until - lock.failed_at == timedelta(minutes=minutes)


def test_the_sentence_says_how_long_and_not_whether_the_name_exists(lead: Staff) -> None:
    fail("lead", FREE_FOR_A_NAME)
    fail("nobody", FREE_FOR_A_NAME)
    sentences = set()
    for typed in ("lead", "nobody"):
        with pytest.raises(LockedOutError) as closed:
            check_not_locked(typed, address="198.51.100.7", device="")
        sentences.add(str(closed.value))
    assert sentences == {"Too many attempts. Try again in 1 minute, or ask a director to open the account."}


def test_name_and_address_of_one_account_count_together(lead: Staff) -> None:
    rename_staff(lead, name="群主", email="lead@example.com", by=TESTS)
    fail("LEAD", 3)
    fail(" lead@example.com ", 2)
    assert is_closed("lead")


def test_many_names_from_one_address_close_the_address(lead: Staff) -> None:
    for number in range(FREE_FOR_AN_ADDRESS):
        fail(f"guess{number}")
    assert (is_closed("lead", address=HERE), is_closed("lead")) == (True, False)
    with pytest.raises(LockedOutError, match=r"^Too many attempts came from your network. Try again in 1 minute.$"):
        check_not_locked("lead", address=HERE, device="")


def test_a_strangers_failures_do_not_lock_the_owners_browser_out(lead: Staff) -> None:
    note_device(lead, token="mine", agent="Firefox", address=HERE)
    fail("lead", FREE_FOR_A_NAME)
    assert (is_closed("lead"), is_closed("lead", device="mine"), is_closed("lead", device="other")) == (
        True,
        False,
        True,
    )
    fail("lead", FREE_FOR_A_NAME, address="192.0.2.9", device="mine")
    assert is_closed("lead", device="mine")


def test_the_right_password_forgets_the_failures_of_this_browser(lead: Staff) -> None:
    fail("lead", FREE_FOR_A_NAME - 1)
    forget_failures(lead, device="")
    fail("lead", FREE_FOR_A_NAME - 1)
    assert not is_closed("lead")


def test_the_door_opens_by_itself_and_a_day_forgets(lead: Staff) -> None:
    fail("lead", FREE_FOR_A_NAME)
    now = timezone.now()
    SignInLock.objects.filter(staff=lead).update(locked_until=now)
    assert not is_closed("lead")
    SignInLock.objects.filter(staff=lead).update(failed_at=now - timedelta(days=2))
    fail("lead")
    assert SignInLock.objects.get(staff=lead).failures == 1


def test_a_director_opens_it_at_once(director: Staff, lead: Staff, specialist: Staff) -> None:
    fail("lead", FREE_FOR_A_NAME)
    assert locked_until(lead) is not None
    with pytest.raises(NotAllowedError, match="holds roles beyond yours"):
        unlock_sign_in(lead, by=specialist)
    unlock_sign_in(lead, by=director)
    unlock_sign_in(lead, by=director)
    assert (is_closed("lead"), locked_until(lead)) == (False, None)
    assert Act.objects.filter(verb="staff.unlock").count() == 1


def test_the_table_holds_neither_names_nor_addresses(lead: Staff) -> None:
    fail("geheim", 1)
    kept = str(list(SignInLock.objects.values()))
    assert ("geheim" in kept, HERE in kept) == (False, False)

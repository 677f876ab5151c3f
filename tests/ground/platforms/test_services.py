"""Accounts are connected, changed, paused and removed by those who may; their secrets are seen by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.exceptions import InvalidTag

from qunying.ground.audit.models import Act
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.sealing import open_secrets, renewed
from qunying.ground.platforms.services import (
    change_account,
    connect_account,
    delete_account,
    hand_out,
    pause_account,
    resume_account,
)
from qunying.kit.errors import NotAllowedError, QunyingError
from tests.ground.platforms.conftest import GIVEN, Pigeons
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def test_a_secret_is_kept_encrypted_and_stands_nowhere_else(account: Account) -> None:
    kept = Account.objects.get(pk=account.pk)
    assert (kept.settings, open_secrets(kept)) == ({"loft": "屋顶", "grain": ""}, {"whistle": "tweet"})
    assert b"tweet" not in bytes(kept.sealed)
    assert "tweet" not in str(list(Act.objects.values_list("details", flat=True)))
    kept.pk += 1
    with pytest.raises(InvalidTag):  # bound to its row
        open_secrets(kept)


def test_a_secret_left_empty_stays_and_everything_is_to_be_checked_anew(account: Account) -> None:
    account.checks = [{"holds": True}]
    change_account(account, name="信鸽", given={"loft": "塔", "whistle": ""}, by=TESTS)
    kept = Account.objects.get(pk=account.pk)
    assert (kept.name, kept.settings["loft"], kept.checks) == ("信鸽", "塔", [])
    assert open_secrets(kept) == {"whistle": "tweet"}
    kept.sealed = renewed(kept)["sealed"]
    assert open_secrets(kept) == {"whistle": "tweet"}


@pytest.mark.parametrize(
    ("platform", "name", "given", "words"),
    [
        ("pigeons", " ", GIVEN, "1 to 80"),
        ("pigeons", "鸽子", {"loft": " ", "whistle": "x"}, "is empty"),
        ("pigeons", "鸽子", {"loft": "x"}, "is empty"),
        ("pigeons", "鸽子", {"loft": "x" * 501, "whistle": "x"}, "longer than"),
        ("telegraph", "鸽子", GIVEN, "Nothing here connects"),
    ],
)
def test_it_refuses_what_cannot_be_connected(
    pigeons: Pigeons, units: Units, platform: str, name: str, given: dict[str, str], words: str
) -> None:
    with pytest.raises(QunyingError, match=words):
        connect_account(platform, name=name, given=given, unit=units.shop, by=TESTS)
    assert Account.objects.count() == 0


def test_only_who_may_connect_in_the_unit_does(
    account: Account, units: Units, lead: Staff, specialist: Staff, outsider: Staff
) -> None:
    for person in (specialist, outsider):
        with pytest.raises(NotAllowedError):
            connect_account("pigeons", name="鸽子", given=GIVEN, unit=units.shop, by=person)
        with pytest.raises(NotAllowedError):
            pause_account(account, by=person)
    pause_account(account, by=lead)
    assert account.paused_at is not None
    resume_account(account, by=lead)
    assert account.paused_at is None
    verbs = Act.objects.filter(subject_type="platform_account").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["accounts.connect", "accounts.pause", "accounts.resume"]


def test_a_file_is_handed_out_with_secrets_that_replace_the_earlier(account: Account) -> None:
    assert hand_out(account, by=TESTS).text == "whistle: fresh"
    assert open_secrets(Account.objects.get(pk=account.pk)) == {"whistle": "fresh"}


def test_it_is_removed_once_its_name_is_typed_and_its_groups_stay(account: Account, community: Community) -> None:
    group = adopt_group(account, community=community, name="屋顶群", external_id="g1", by=TESTS)
    with pytest.raises(QunyingError, match="does not match"):
        delete_account(account, typed="鸽", by=TESTS)
    delete_account(account, typed="鸽子", by=TESTS)
    group.refresh_from_db()
    assert (Account.objects.count(), group.account) == (0, None)

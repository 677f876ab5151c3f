"""Accounts are looked at for real, and what was seen is told in the reader's language."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from qunying.ground.patrol.looks import look_accounts
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.port import Check
from qunying.ground.platforms.services import pause_account
from qunying.ground.platforms.services_health import due_accounts, health_of, look_at, told_of
from qunying.ground.platforms.tasks import check_account
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from tests.ground.platforms.conftest import Pigeons

pytestmark = pytest.mark.django_db


def test_what_was_seen_is_told_in_both_languages(account: Account, pigeons: Pigeons) -> None:
    pigeons.seen = [Check(gettext_lazy("Name"), holds=True), Check("x", holds=False, words=gettext_lazy("Search"))]
    assert health_of(account) == "unknown"
    look_at(account)
    kept = Account.objects.get(pk=account.pk)
    assert [(one.name, one.holds, one.words) for one in told_of(kept)] == [("Name", True, ""), ("x", False, "Search")]
    with override("zh-hans"):
        assert told_of(kept)[1].words != "Search"
    assert health_of(kept) == "ill"
    assert (look_accounts().told, look_accounts().values) == ("ill", {"count": 1, "ill": 1})


def test_a_fault_of_the_check_is_seen_and_hides_nothing(account: Account, pigeons: Pigeons) -> None:
    pigeons.trouble = ZeroDivisionError()
    look_at(account)
    assert health_of(account) == "ill"
    pigeons.trouble = None
    check_account(account.pk)
    account.refresh_from_db()
    assert (health_of(account), look_accounts().told) == ("well", "well")


def test_accounts_are_looked_at_again_after_half_an_hour_and_not_while_paused(account: Account) -> None:
    assert due_accounts() == [account.pk]
    look_at(account)
    assert due_accounts() == []
    Account.objects.update(checked_at=timezone.now() - timedelta(hours=1))
    assert due_accounts() == [account.pk]
    pause_account(account, by=TESTS)
    assert (due_accounts(), health_of(account)) == ([], "paused")

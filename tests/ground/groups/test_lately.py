"""Who was found is taken for the same for one second, and asked for again after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.groups import lately
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.models import Account
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(units: Units) -> Account:
    """An account of 花店一店."""
    return Account.objects.create(name="小店机器人", platform="matrix", unit=units.shop)


def test_it_asks_once_a_second(
    account: Account,
    community: Community,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Callable[..., object],
) -> None:
    now = 100.0
    monkeypatch.setattr(lately, "monotonic", lambda: now)
    tied = adopt_group(account, community=community, name="一群", external_id="!1", by=TESTS)
    for queries, later in ((2, 0.0), (0, 0.5), (2, lately.HOLDS)):
        now += later
        with django_assert_num_queries(queries):  # type: ignore[attr-defined] - pytest-django's
            assert lately.account_lately("matrix", account.pk) == account
            assert lately.groups_lately(account, ["!1"]) == {"!1": tied}


def test_what_is_not_there_is_not_remembered(account: Account, community: Community) -> None:
    assert lately.groups_lately(account, ["!1"]) == {}
    tied = adopt_group(account, community=community, name="一群", external_id="!1", by=TESTS)
    assert lately.groups_lately(account, ["!1", "!2"]) == {"!1": tied}
    assert [lately.account_lately(name, pk) for name, pk in (("wecom", account.pk), ("matrix", account.pk + 1))] == [
        None,
        None,
    ]

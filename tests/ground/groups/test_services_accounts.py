"""Groups are tied to accounts of their platform, above their community, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.groups.services import create_group
from qunying.ground.groups.services_accounts import adopt_group, tie_group, untie_group
from qunying.ground.platforms.services import connect_account
from qunying.kit.errors import QunyingError
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(units: Units) -> Account:
    """An account of 花店一店 on Matrix."""
    given = {"homeserver": "https://example.org", "user": "@q:example.org"}
    return connect_account("matrix", name="花店", given=given, unit=units.shop, by=TESTS)


def test_a_group_is_tied_and_untied(account: Account, community: Community) -> None:
    group = create_group(community, name="房间", platform="matrix", by=TESTS)
    tie_group(group, account=account, external_id="!a:example.org", by=TESTS)
    group.refresh_from_db()
    assert (group.account, group.external_id) == (account, "!a:example.org")
    untie_group(group, by=TESTS)
    group.refresh_from_db()
    assert (group.account, group.external_id) == (None, "!a:example.org")


def test_it_refuses_another_platform_another_unit_and_the_same_twice(
    account: Account, community: Community, other_community: Community, group: Group
) -> None:
    with pytest.raises(QunyingError, match="another platform"):
        tie_group(group, account=account, external_id="!a:example.org", by=TESTS)
    with pytest.raises(QunyingError, match="does not belong"):
        adopt_group(account, community=other_community, name="房间", external_id="!a:example.org", by=TESTS)
    adopt_group(account, community=community, name="房间", external_id="!a:example.org", by=TESTS)
    with pytest.raises(QunyingError, match="tied to “房间” already"):
        adopt_group(account, community=community, name="房间二", external_id="!a:example.org", by=TESTS)
    with pytest.raises(QunyingError, match="missing or too long"):
        adopt_group(account, community=community, name="房间三", external_id="", by=TESTS)

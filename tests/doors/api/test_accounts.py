"""Accounts on platforms for programs: how they are and what they can do, never what opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.sealing import seal_secrets
from qunying.ground.platforms.services import pause_account
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.doors.api.conftest import Program
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(units: Units) -> Account:
    """An account at a homeserver, with a secret, looked at once."""
    made = Account.objects.create(name="花店机器人", platform="matrix", unit=units.shop)
    made.settings, made.sealed = {"homeserver": "https://hs.test"}, seal_secrets(made, {"as_token": "geheim"})
    step = {"holds": True, "name": {"en": "Server answers"}, "words": {"en": ""}}
    made.checks, made.checked_at = [step], timezone.now()
    made.save()
    return made


def test_an_account_tells_how_it_is_and_nothing_that_opens_it(
    program: Program, account: Account, community: Community
) -> None:
    tied = adopt_group(account, community=community, name="房间", external_id="!room:hs.test", by=TESTS)
    [told] = program.get("platform-accounts?platform=matrix")["items"]
    assert {name: told[name] for name in ("id", "name", "health", "groups", "steps")} == {
        "id": account.pk,
        "name": "花店机器人",
        "health": "well",
        "groups": 1,
        "steps": [{"name": "Server answers", "holds": True, "words": ""}],
    }
    assert program.get(f"platform-accounts/{account.pk}") == told
    whole = program.send("GET", "platform-accounts").content.decode()
    assert [secret for secret in ("geheim", "sealed", "hs.test", "token") if secret in whole] == []
    [found] = program.get(f"platform-accounts/{account.pk}/groups")["items"]
    assert found == {"id": tied.pk, "community": "flowers", "name": "房间", "external_id": "!room:hs.test"}
    pause_account(account, by=TESTS)
    assert program.get(f"platform-accounts/{account.pk}?fields=health") == {"health": "paused"}
    assert program.get("platform-accounts?platform=wecom")["items"] == []


def test_it_tells_what_it_can_do_and_why_not(program: Program, account: Account, community: Community) -> None:
    told = {one["action"]: one for one in program.get(f"platform-accounts/{account.pk}/capabilities")}
    assert told["send"] == {"action": "send", "way": "official", "reason": ""}
    assert (told["join_link"]["way"] != "official", told["join_link"]["reason"] != "") == (True, True)
    assert program.send("GET", f"platform-accounts/{account.pk}/capabilities?group=1").status_code == 404
    Account.objects.update(platform="nowhere")
    assert {one["way"] for one in program.get(f"platform-accounts/{account.pk}/capabilities")} == {"hand"}


def test_a_key_without_the_permission_and_one_from_outside_find_nothing(
    make_program: Callable[..., Program], stranger: Program, account: Account, lead: Staff, units: Units
) -> None:
    reader = make_program(lead, units.shop, ["plan.see", "figures.see"])
    addresses = [f"platform-accounts/{account.pk}{rest}" for rest in ("", "/groups", "/capabilities")]
    assert [stranger.send("GET", one).status_code for one in addresses] == [404] * 3
    assert [reader.send("GET", one).status_code for one in addresses] == [404] * 3
    assert (stranger.get("platform-accounts")["items"], reader.send("GET", "platform-accounts").status_code) == (
        [],
        403,
    )

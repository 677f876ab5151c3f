"""The pages of accounts: drawn from what the connector asks, without a secret anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.members.models import Identity
from qunying.ground.members.services import Who
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.sealing import open_secrets
from qunying.ground.platforms.services import connect_account
from qunying.ground.syncs.models import Difference, Sync
from tests.support.cast import TESTS, be_fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage
    from tests.support.cast import Units

GIVEN = {"homeserver": "https://127.0.0.1", "user": "@qunying:hs.test", "as_token": "secret-one"}
TYPED = {f"setting_{name}": value for name, value in GIVEN.items()}


@pytest.fixture
def account(units: Units) -> Account:
    """An account of 花店一店 whose homeserver may not be asked: its address leads inside."""
    return connect_account("matrix", name="花店", given=GIVEN, unit=units.shop, by=TESTS)


@pytest.mark.django_db
def test_an_account_is_connected_and_its_secret_never_shown_again(
    client_for: Callable[..., Client], lead: Staff, units: Units
) -> None:
    client = client_for(lead, "en")
    page = client.post("/platforms/new/matrix/", {"name": "花店", "unit": units.shop.pk, **TYPED}, follow=True)
    account = Account.objects.get()
    pages = [page, *(client.get(f"/platforms/{account.pk}/{path}") for path in ("", "edit/"))]
    assert [answer.status_code for answer in pages] == [200, 200, 200]
    assert [answer for answer in pages if b"secret-one" in answer.content] == []
    assert open_secrets(account) == {"as_token": "secret-one"}
    client.post(f"/platforms/{account.pk}/edit/", {"name": "花房", **TYPED, "setting_as_token": ""})
    account.refresh_from_db()
    assert (account.name, open_secrets(account)) == ("花房", {"as_token": "secret-one"})


@pytest.mark.django_db
def test_what_is_missing_is_said_beside_the_form(client_for: Callable[..., Client], lead: Staff, units: Units) -> None:
    answer = client_for(lead, "en").post("/platforms/new/matrix/", {"name": "花店", "unit": units.shop.pk})
    assert (answer.status_code, Account.objects.count()) == (400, 0)
    assert client_for(lead, "en").get("/platforms/new/pigeons/").status_code == 404


@pytest.mark.django_db
def test_the_file_is_given_once_the_password_was_and_with_new_secrets(
    client_for: Callable[..., Client], lead: Staff, account: Account
) -> None:
    client, where = client_for(lead, "en"), f"/platforms/{account.pk}/file/"
    assert client.post(where).status_code == 302
    be_fresh(client)
    assert client.post(where).status_code == 400  # nobody said where we are found
    account.settings["address"] = "https://qunying.example.com"
    account.save()
    answer = client.post(where)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    fresh = open_secrets(Account.objects.get())
    assert [fresh[name] in answer.content.decode() for name in ("as_token", "hs_token")] == [True, True]
    assert f"https://qunying.example.com/callbacks/matrix/{account.pk}" in answer.content.decode()


@pytest.mark.django_db
def test_a_check_says_what_to_do_and_pausing_and_removing_work(
    client_for: Callable[..., Client], lead: Staff, account: Account
) -> None:
    client, where = client_for(lead, "en"), f"/platforms/{account.pk}/"
    answer = client.post(f"{where}check/", follow=True)
    assert "it has to begin with https://" in answer.content.decode()
    assert "can be reached" not in client.get(f"{where}groups/").content.decode()
    assert "Paused" in client.post(f"{where}pause/", follow=True).content.decode()
    client.post(f"{where}resume/")
    client.post(f"{where}delete/", {"typed": "花店"})
    assert Account.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(
    client_for: Callable[..., Client], lead: Staff, units: Units, many: int
) -> None:
    for number in range(many):
        connect_account("matrix", name=f"花店{number}", given=GIVEN, unit=units.shop, by=TESTS)
    client = client_for(lead, "en")
    client.get("/platforms/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/platforms/")
    assert answer.content.decode().count("/platforms/") > many
    assert len(asked) == QUERIES


QUERIES = 10


@pytest.mark.django_db
def test_platforms_are_compared_by_action_and_by_platform(client_for: Callable[..., Client], reviewer: Staff) -> None:
    client = client_for(reviewer, "en")
    told = client.get("/platforms/compare/?action=mute").content.decode()
    assert "Only where the robot is an administrator of the group." in told
    told = client.get("/platforms/compare/?place=wecom_group").content.decode()
    assert "The platform has a colleague confirm every mass message." in told
    assert client.get("/platforms/compare/?action=nonsense&place=nonsense").status_code == 200


def _differing(account: Account, community: Community) -> Sync:
    group = adopt_group(account, community=community, name="花友房间", external_id="!a:hs.test", by=TESTS)
    who = Who("matrix", "@mei:hs.test", "小美")
    record([Fact("joined", timezone.now(), ("x",), who=who, group_id=group.pk)], community=community, source="tests")
    now = timezone.now()
    sync = Sync.objects.create(
        account=account, group=group, began_at=now, ended_at=now, state="done", listed=2, joined=1
    )
    Difference.objects.create(sync=sync, identity=Identity.objects.get(platform="matrix"), sort="joined")
    return sync


@pytest.mark.django_db
def test_names_of_a_difference_are_for_those_who_see_members(
    client_for: Callable[..., Client], lead: Staff, account: Account, community: Community
) -> None:
    sync = _differing(account, community)
    assert "小美" in client_for(lead, "en").get(f"/platforms/compared/{sync.pk}/").content.decode()


def test_every_page_is_seen(
    open_page: OpenPage,
    snap: Callable[[object, str], None],
    assert_accessible: Callable[[object], None],
    assert_fits: Callable[[object], None],
    lead: Staff,
    account: Account,
    community: Community,
) -> None:
    sync = _differing(account, community)
    account.checked_at = timezone.now()
    words = {"zh-hans": "它连不上我们。", "en": "It cannot reach us."}
    account.checks = [
        {"holds": True, "name": {"zh-hans": "服务器有响应", "en": "The homeserver answers"}, "words": {}},
        {"holds": False, "name": {"zh-hans": "服务器能找到群营", "en": "The homeserver finds Qunying"}, "words": words},
    ]
    account.save()
    addresses = {
        "list": "/platforms/",
        "new": "/platforms/new/matrix/",
        "one": f"/platforms/{account.pk}/",
        "groups": f"/platforms/{account.pk}/groups/",
        "sync": f"/platforms/compared/{sync.pk}/",
        "compare": "/platforms/compare/",
    }
    looks = (("zh-hans", (1366, 850), "light"), ("en", (390, 844), "dark"))
    for language, viewport, theme in looks:
        page = open_page("/platforms/", staff=lead, language=language, viewport=viewport, theme=theme)
        for name, address in addresses.items():
            page.goto(address)
            snap(page, f"platforms-{name}-{theme}")
            assert_accessible(page)
            assert_fits(page)

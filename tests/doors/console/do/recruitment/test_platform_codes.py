"""The page of a channel's codes that a platform makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from qunying.do.recruitment.models import ChannelCode
from qunying.ground.groups.services_accounts import adopt_group
from qunying.ground.platforms import codes
from qunying.ground.platforms.port import RefusedError
from qunying.ground.platforms.services import connect_account
from tests.support.cast import TESTS
from tests.support.recruitment import PlayedCoder, make_channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from qunying.do.recruitment.models import Channel
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.models import Account
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
GIVEN = {"homeserver": "https://127.0.0.1", "user": "@qunying:hs.test", "as_token": "secret-one"}


@pytest.fixture
def coder(monkeypatch: pytest.MonkeyPatch) -> PlayedCoder:
    played = PlayedCoder()
    monkeypatch.setitem(codes._coders, "matrix", played)
    return played


@pytest.fixture
def account(coder: PlayedCoder, units: Units) -> Account:
    return connect_account("matrix", name="花店", given=GIVEN, unit=units.shop, by=TESTS)


@pytest.fixture
def channel(account: Account, community: Community) -> Channel:
    adopt_group(account, community=community, name="玫瑰群", external_id="g0", by=TESTS)
    return make_channel(community)


@pytest.fixture
def keeper(client_for: Callable[..., Client], specialist: Staff) -> Client:
    return client_for(specialist, "en")


def _at(name: str, *args: object) -> str:
    return reverse(name, args=["flowers", *args])


def test_a_code_is_made_shown_changed_and_deleted(keeper: Client, channel: Channel, account: Account) -> None:
    page, form = _at("platform_codes", channel.pk), _at("platform_code_new", channel.pk, account.pk, "group")
    assert page in keeper.get(_at("channel", channel.pk)).content.decode()
    assert "No code yet" in keeper.get(page).content.decode()
    text = keeper.get(form).content.decode()
    assert [word for word in ("玫瑰群", "Another when full", ">7<") if word not in text] == []
    keeper.post(form, {"targets": "g0", "chosen": "1"})
    code = ChannelCode.objects.get()
    assert f'src="{_at("platform_code_picture", channel.pk, code.pk)}"' in keeper.get(page).content.decode()
    assert keeper.get(_at("platform_code_picture", channel.pk, code.pk)).headers["Content-Type"] == "image/jpeg"
    assert ">12<" in keeper.get(page, {"told": code.pk}).content.decode()
    change = _at("platform_code_change", channel.pk, code.pk)
    assert 'value="g0" checked' in keeper.get(change).content.decode()
    keeper.post(change, {"targets": "g0"})
    keeper.post(_at("platform_code_end", channel.pk, code.pk))
    code.refresh_from_db()
    assert (code.chosen, code.ended_at is None) == (False, False)
    assert keeper.get(_at("platform_code_picture", channel.pk, code.pk)).status_code == 404


def test_a_refusal_is_said_where_the_choice_was(keeper: Client, channel: Channel, account: Account) -> None:
    form = _at("platform_code_new", channel.pk, account.pk, "group")
    answer = keeper.post(form, {"targets": "g9"}, follow=True)
    assert "Choose to whom or into which group the code leads." in answer.content.decode()


def test_what_was_deleted_elsewhere_is_told(
    keeper: Client, channel: Channel, account: Account, coder: PlayedCoder
) -> None:
    keeper.post(_at("platform_code_new", channel.pk, account.pk, "group"), {"targets": "g0"})
    look = _at("platform_codes_look", channel.pk)
    assert "Every code still stands" in keeper.post(look, follow=True).content.decode()
    coder.there.clear()
    assert "1 code was deleted at its platform" in keeper.post(look, follow=True).content.decode()


def test_a_platform_that_does_not_answer_is_told_instead_of_choices(
    keeper: Client, channel: Channel, account: Account, coder: PlayedCoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_args: object) -> None:
        raise RefusedError("The machine is not trusted.")

    monkeypatch.setattr(coder, "allowance", refuses)
    text = keeper.get(_at("platform_code_new", channel.pk, account.pk, "group")).content.decode()
    assert "The machine is not trusted." in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_times(
    count: int, keeper: Client, channel: Channel, account: Account, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        ChannelCode.objects.create(
            channel=channel, community=channel.community, account=account, kind="group", external_id=f"x{number}"
        )
    with django_assert_num_queries(9):
        keeper.get(_at("platform_codes", channel.pk))

"""Codes made by WeCom for channels, asked of the played corp: made, changed, deleted, and who comes by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.connectors.wecom.coding import CODER, CONTACT, GROUP, LINK, fetch_picture
from qunying.connectors.wecom.models import Contact
from qunying.do.recruitment.queries import offers_into
from qunying.do.recruitment.services_codes import change_code, end_code, look_after_codes, make_code
from qunying.ground.groups.models import Membership
from qunying.ground.groups.services import create_community
from qunying.ground.platforms.port import RefusedError
from qunying.kit.errors import QunyingError
from tests.connectors.wecom.conftest import work_off
from tests.support.cast import TESTS
from tests.support.recruitment import make_channel

if TYPE_CHECKING:
    from qunying.do.recruitment.models import Channel, ChannelCode
    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.models import Account
    from tests.connectors.wecom.conftest import Shop
    from tests.support.cast import Units
    from tests.support.wecom import Corp

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(community: Community) -> Channel:
    return make_channel(community, "门店海报")


@pytest.fixture
def staffed(account: Account, corp: Corp) -> Account:
    """An account that sees two colleagues with customers."""
    corp.follows = {"aqiang": {}, "lili": {}}
    return account


def made(channel: Channel, account: Account, kind: str, *targets: str, chosen: bool = False) -> ChannelCode:
    assert channel.community is not None
    return make_code(
        channel, community=channel.community, account=account, kind=kind, targets=targets, chosen=chosen, by=TESTS
    )


def test_whoever_scans_a_colleague_s_code_is_counted_to_its_channel(
    staffed: Account, channel: Channel, corp: Corp, shop: Shop
) -> None:
    code = made(channel, staffed, CONTACT, "aqiang", "lili", chosen=True)
    (way,) = corp.ways.values()
    assert (way["type"], way["scene"], way["user"], way["skip_verify"]) == (2, 2, ["aqiang", "lili"], True)
    shop.hear(corp.befriend("lili", "wmnew", state=way["state"], name="新客"))
    stay = Membership.objects.get(identity__external_id="wmnew")
    assert (stay.channel_key, Contact.objects.get(identity__external_id="wmnew").channel) == ("门店海报", "门店海报")
    assert bytes(code.picture).startswith(b"\xff\xd8")


def test_whoever_scans_a_group_s_code_is_counted_to_its_channel(channel: Channel, corp: Corp, shop: Shop) -> None:
    account = shop.group.account
    assert account is not None
    made(channel, account, GROUP, shop.id, chosen=True)
    (way,) = corp.join_ways.values()
    assert (way["chat_id_list"], way["auto_create_room"], way["remark"]) == ([shop.id], 1, "门店海报")
    shop.hear(corp.join(shop.id, "wmnew", state=way["state"]))
    assert Membership.objects.get(identity__external_id="wmnew").channel_key == "门店海报"


def test_a_link_carries_the_key_and_tells_what_wecom_counts(staffed: Account, channel: Channel, corp: Corp) -> None:
    code = made(channel, staffed, LINK, "aqiang")
    key = "%E9%97%A8%E5%BA%97%E6%B5%B7%E6%8A%A5"
    assert code.address == f"https://work.weixin.qq.com/ca/{code.external_id}?customer_channel={key}"
    corp.came_by_link[code.external_id] = [f"wm{number}" for number in range(1001)]
    assert [number for _words, number in CODER.told(staffed, LINK, code.external_id)] == [3003, 1001, 1001]
    assert [number for _words, number in CODER.allowance(staffed, LINK)] == [-801, 200]


@pytest.mark.parametrize("kind", [CONTACT, GROUP, LINK])
def test_a_code_is_led_elsewhere_and_deleted(
    kind: str, staffed: Account, channel: Channel, corp: Corp, shop: Shop
) -> None:
    targets = (shop.id,) if kind == GROUP else ("aqiang",)
    code = made(channel, staffed, kind, *targets)
    elsewhere = (shop.id,) if kind == GROUP else ("lili",)
    change_code(code, targets=elsewhere, chosen=True, by=TESTS)
    (kept,) = {CONTACT: corp.ways, GROUP: corp.join_ways, LINK: corp.links}[kind].values()
    led = kept["chat_id_list"] if kind == GROUP else kept["user"] if kind == CONTACT else kept["range"]["user_list"]
    assert led == list(elsewhere)
    end_code(code, by=TESTS)
    assert (corp.ways, corp.join_ways, corp.links) == ({}, {}, {})
    code.refresh_from_db()
    assert (code.ended_at is not None, bytes(code.picture)) == (True, b"")
    with pytest.raises(QunyingError, match="Make another"):
        change_code(code, targets=elsewhere, by=TESTS)


def test_what_was_deleted_at_the_platform_is_found(
    staffed: Account, channel: Channel, community: Community, corp: Corp, shop: Shop
) -> None:
    made(channel, staffed, CONTACT, "aqiang")
    gone = made(channel, staffed, GROUP, shop.id)
    made(channel, staffed, LINK, "lili")
    corp.join_ways.clear()
    assert look_after_codes(channel, community=community, by=TESTS) == [gone]
    assert look_after_codes(channel, community=community, by=TESTS) == []
    corp.breaks["externalcontact/get_contact_way"] = [60020]
    corp.ways.clear()
    with pytest.raises(RefusedError):
        look_after_codes(channel, community=community, by=TESTS)


def test_contacts_are_only_offered_where_they_are_counted(account: Account, units: Units, community: Community) -> None:
    other = create_community("second", name="二店", unit=units.shop, by=TESTS)
    assert [offer.kind for _account, offer in offers_into(community)] == [CONTACT, LINK, GROUP]
    assert [offer.kind for _account, offer in offers_into(other)] == [GROUP]


def test_a_key_that_is_too_long_is_refused_before_wecom_is_asked(
    staffed: Account, community: Community, corp: Corp
) -> None:
    long = make_channel(community, "长" * 31)
    corp.asked.clear()
    with pytest.raises(QunyingError, match="takes a key of 30 letters"):
        made(long, staffed, CONTACT, "aqiang")
    with pytest.raises(QunyingError, match="takes a key of 64 letters"):
        made(make_channel(community, "长" * 22), staffed, LINK, "aqiang")
    assert corp.asked == []


def test_a_cut_line_and_a_group_of_another_account_are_told_in_words(
    staffed: Account, channel: Channel, corp: Corp
) -> None:
    corp.breaks["externalcontact/add_contact_way"] = [0]
    with pytest.raises(QunyingError, match="keeps a code that nobody has"):
        made(channel, staffed, CONTACT, "aqiang")
    with pytest.raises(QunyingError, match="into which group"):
        made(channel, staffed, GROUP, "wrsomeothers")
    channel.ended_at = timezone.now()
    with pytest.raises(QunyingError, match="has ended"):
        made(channel, staffed, CONTACT, "aqiang")
    work_off()


@pytest.mark.parametrize("address", ["", "http://p.qpic.cn/a", "https://qpic.cn.evil.test/a", "https://127.0.0.1/a"])
def test_a_picture_comes_from_wecom_or_not_at_all(address: str) -> None:
    with pytest.raises(RefusedError, match="no picture"):
        fetch_picture(address)

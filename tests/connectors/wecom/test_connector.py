"""WeCom behind the port: what goes, every step of the set-up, groups and people, mass messages that people confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from qunying.connectors.wecom.connector import WeComConnector
from qunying.ground.groups.models import Membership
from qunying.ground.platforms.handouts import handout_of
from qunying.ground.platforms.landscape import capability_at, is_connected, place_called
from qunying.ground.platforms.port import Action, BusyError, Order, Picture, RefusedError, Way
from qunying.ground.platforms.sealing import open_secrets
from qunying.ground.platforms.services import change_account, hand_out, pause_account
from qunying.ground.platforms.services_health import health_of, look_at, told_of
from qunying.ground.syncs.services import reconcile_group
from tests.connectors.wecom.conftest import GIVEN, door, work_off
from tests.support.cast import TESTS
from tests.support.wecom import Postman

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.platforms.models import Account
    from tests.connectors.wecom.conftest import Shop
    from tests.support.wecom import Corp

pytestmark = pytest.mark.django_db
STAFF = "externalcontact/get_follow_user_list"


def steps(account: Account) -> list[tuple[str, bool]]:
    return [(str(one.name), one.holds) for one in WeComConnector().check(account)]


def trouble(account: Account) -> list[str]:
    return [str(one.words) for one in WeComConnector().check(account) if not one.holds]


# What goes there


def test_only_what_is_done_is_offered() -> None:
    ways = {action: WeComConnector().capability(action).way for action in Action}
    assert {action for action, way in ways.items() if way is Way.OFFICIAL} == {
        Action.READ_JOINS,
        Action.LIST_MEMBERS,
        Action.JOIN_LINK,
    }
    assert {action for action, way in ways.items() if way is Way.CONFIRM} == {Action.SEND, Action.TELL}
    assert {action for action, way in ways.items() if way is Way.IMPORT} == {Action.READ_MESSAGES}


def test_whatever_does_not_go_by_itself_says_why() -> None:
    for action in Action:
        found = WeComConnector().capability(action)
        assert bool(found.reason) == (found.way is not Way.OFFICIAL)


def test_only_customer_groups_are_served() -> None:
    group, customer = place_called("wecom_group"), place_called("wecom_customer")
    assert group is not None
    assert customer is not None
    assert (is_connected(group), is_connected(customer)) == (True, False)
    assert capability_at(group, "pin").way is Way.HAND
    assert capability_at(customer, "welcome").way is Way.OFFICIAL


# Setting it up


def test_every_step_holds_where_everything_is_well(account: Account, corp: Corp, postman: Postman) -> None:
    from django.test import Client as Browser  # noqa: PLC0415 - beside the other Client

    corp.befriend("aqiang", "wm1")
    encrypted = postman.envelope.close(b"1")
    with override("en"):  # a request leaves its own language behind
        assert Browser().get(f"{door(account)}?{postman.address(encrypted, echostr=encrypted)}").status_code == 200
    assert steps(account) == [
        ("WeCom takes the corp ID and the secret", True),
        ("WeCom trusts the address from which we call", True),
        ("The app may use customer contact", True),
        ("The app sees colleagues who have customers", True),
        ("Customer groups can be read", True),
        ("WeCom can find Qunying", True),
        ("Token and key for events are there", True),
        ("WeCom has checked our address", True),
        ("Contacts have their community", True),
    ]


def test_a_wrong_corp_or_secret_is_said_first(account: Account, corp: Corp) -> None:
    for given, words in (({"corp": "ww1"}, "corp ID"), ({"secret": "x"}, "secret")):
        changed = change_account(account, name="花店", given=GIVEN | given, by=TESTS)
        assert words in trouble(changed)[0]
        assert steps(changed)[1][0] == "WeCom can find Qunying"


def test_an_untrusted_address_a_closed_app_and_an_empty_range_are_told_apart(account: Account, corp: Corp) -> None:
    assert "visible range" in trouble(account)[0]
    corp.usable = False
    assert "Apps that may call the API" in trouble(account)[0]
    corp.trusted = False
    assert "203.0.113.7" in trouble(account)[0]


def test_where_nothing_answers_that_is_said(account: Account, corp: Corp, settings: SettingsWrapper) -> None:
    settings.WECOM_HOST_OF_TESTS = "http://127.0.0.1:9"
    assert "did not answer" in trouble(account)[0]


def test_what_is_missing_for_events_is_said(account: Account, corp: Corp, settings: SettingsWrapper) -> None:
    settings.PUBLIC_URL = ""
    account.sealed, account.settings = b"", account.settings | {"address": "http://qunying.test", "community": "none"}
    account.save()
    account.refresh_from_db()
    told = " ".join(trouble(account))
    assert [part in told for part in ("https://", "three lines", "no such community")] == [True, True, True]


def test_a_check_of_the_address_with_earlier_secrets_does_not_count(account: Account, corp: Corp) -> None:
    from qunying.connectors.wecom.models import Line  # noqa: PLC0415 - needs Django

    Line.objects.create(account=account, proved_at="2026-01-01T00:00:00Z", mark="another")
    assert ("WeCom has checked our address", False) in steps(account)


def test_events_that_were_given_up_are_told(account: Account, corp: Corp, postman: Postman) -> None:
    step = "What WeCom told was understood"
    postman.carry(corp.befriend("aqiang", "wm1"))
    work_off()
    assert (step, True) in steps(account)
    corp.breaks["externalcontact/get"] = [48002]
    postman.carry(corp.befriend("aqiang", "wm2"))
    work_off()
    assert (step, False) in steps(account)
    assert "Apps that may call the API" in trouble(account)[-1]


def test_what_was_seen_is_told_in_chinese(account: Account, corp: Corp) -> None:
    corp.trusted = False
    look_at(account)
    with override("zh-hans"):
        step = told_of(account)[1]
        assert (step.name, step.holds) == ("企业微信信任我们发出请求的地址", False)
        assert "203.0.113.7" in step.words
    assert health_of(account) == "ill"


def test_the_three_lines_for_the_console_are_made_and_work(account: Account, corp: Corp, postman: Postman) -> None:
    handed = hand_out(account, by=TESTS)
    lines = dict(line.split(": ", 1) for line in handed.text.splitlines())
    assert lines["URL"] == f"https://qunying.example.com{door(account)}"
    assert (len(lines["Token"]), len(lines["EncodingAESKey"])) == (24, 43)
    account.refresh_from_db()
    assert open_secrets(account)["secret"] == GIVEN["secret"]
    from qunying.kit.envelopes import Envelope  # noqa: PLC0415 - beside the others

    fresh = Postman(postman.knock, Envelope(lines["Token"], lines["EncodingAESKey"], GIVEN["corp"]))
    letter = corp.befriend("aqiang", "wm1")
    assert (postman.carry(letter), fresh.carry(letter)) == ([403], [200])


def test_wecom_offers_its_lines_as_a_file() -> None:
    handout = handout_of("wecom")
    assert handout is not None
    assert str(handout.label) == "Address for events"


# Groups and people


def test_groups_are_listed_with_their_names(account: Account, corp: Corp) -> None:
    ids = [corp.open_chat(name, "aqiang") for name in ("乙群", "", "甲群")]
    found = list(WeComConnector().list_groups(account))
    assert found[1:] == [(ids[1], "Group without a name"), (ids[0], "乙群"), (ids[2], "甲群")]


def test_people_are_listed_with_part_channel_and_inviter(account: Account, corp: Corp) -> None:
    chat = corp.open_chat("甲群", "aqiang")
    corp.join(chat, "wmli", state="poster")
    found = [
        (one.external_id, one.role, one.channel, one.inviter) for one in WeComConnector().list_people(account, chat)
    ]
    assert found == [("aqiang", "owner", "", ""), ("wmli", "member", "poster", "aqiang")]


def test_who_came_unheard_is_found_at_night_with_channel_and_inviter(shop: Shop) -> None:
    shop.corp.join(shop.id, "wmli", state="poster", by="aqiang")  # and nobody tells us
    assert reconcile_group(shop.group).joined == 1
    stay = Membership.objects.get(identity__external_id="wmli")
    assert (stay.channel_key, stay.inviter and stay.inviter.external_id) == ("poster", "aqiang")
    assert reconcile_group(shop.group).joined == 0


# Mass messages


def order(shop: Shop, **what: object) -> Order:
    told: dict[str, object] = {"key": "k1", "action": Action.SEND, "group": shop.id, "words": "玫瑰到了"} | what
    return Order(**told)  # type: ignore[arg-type]


def test_a_mass_message_is_laid_before_the_owner_and_waits_for_them(account: Account, shop: Shop) -> None:
    done = WeComConnector().perform(account, order(shop))
    assert (done.awaits_person, done.external_id.startswith("msg")) == (True, True)
    assert shop.corp.offered == [
        {"chat_type": "group", "sender": "aqiang", "chat_id_list": [shop.id], "text": {"content": "玫瑰到了"}}
    ]


def test_what_wecom_would_not_take_is_refused_before_it_is_asked(account: Account, shop: Shop) -> None:
    picture = Picture("a.png", "image/png", b"x")
    for what in ({"words": ""}, {"words": "花" * 1334}, {"pictures": (picture,)}, {"action": Action.MUTE}):
        with pytest.raises(RefusedError):
            WeComConnector().perform(account, order(shop, **what))
    shop.corp.chats[shop.id].owner = "gone"
    with pytest.raises(RefusedError, match="no owner"):
        WeComConnector().perform(account, order(shop))
    assert shop.corp.offered == []


def test_nothing_leaves_through_a_paused_account(account: Account, shop: Shop) -> None:
    pause_account(account, by=TESTS)
    with pytest.raises(BusyError):
        WeComConnector().perform(account, order(shop))

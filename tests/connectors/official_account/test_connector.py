"""Official accounts behind the port: every step of the set-up, words within WeChat's time, codes with their channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client as Browser
from django.utils.translation import override

from qunying.connectors.official_account.client import Client
from qunying.connectors.official_account.coding import CODER, FOLLOW
from qunying.connectors.official_account.connector import OfficialConnector
from qunying.connectors.official_account.models import Line
from qunying.connectors.official_account.refusals import OfficialRefusalError
from qunying.do.recruitment.services import About, create_channel
from qunying.do.recruitment.services_codes import change_code, end_code, look_after_codes, make_code
from qunying.ground.platforms.port import Action, BusyError, Done, Order, Picture, RefusedError, UnknownError, Way
from qunying.ground.platforms.sealing import open_secrets
from qunying.ground.platforms.services import change_account, hand_out, pause_account
from qunying.ground.platforms.services_health import health_of, look_at, told_of
from tests.connectors.official_account.conftest import GIVEN, door
from tests.support.cast import TESTS
from tests.support.official_account import APP

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from qunying.ground.groups.models import Community
    from qunying.ground.platforms.models import Account
    from tests.connectors.official_account.conftest import House
    from tests.support.official_account import Office, Postman

pytestmark = pytest.mark.django_db
PORT = OfficialConnector()
SEND = "message/custom/send"


def steps(account: Account) -> list[tuple[str, bool]]:
    return [(str(one.name), one.holds) for one in PORT.check(account)]


def trouble(account: Account) -> list[str]:
    return [str(one.words) for one in PORT.check(account) if not one.holds]


def tell(account: Account, person: str = "o1", words: str = "你好") -> Done:
    return PORT.perform(account, Order("k", Action.TELL, person=person, words=words))


def test_whatever_does_not_go_by_itself_says_why() -> None:
    for action in Action:
        found = PORT.capability(action)
        assert bool(found.reason) == (found.way is not Way.OFFICIAL)


def test_every_step_holds_where_everything_is_well(account: Account, house: House, postman: Postman) -> None:
    with override("en"):  # a request leaves its own language behind
        assert Browser().get(f"{door(account)}?{postman.address(echostr='1')}").status_code == 200
    assert steps(account) == [
        ("WeChat trusts the address from which we call", True),
        ("WeChat takes the AppID and the AppSecret", True),
        ("Followers can be listed", True),
        ("WeChat can find Qunying", True),
        ("Token and key for messages are there", True),
        ("WeChat has checked our address", True),
        ("The followers belong to a community", True),
    ]


def test_what_is_wrong_is_said_with_where_to_click(account: Account, office: Office) -> None:
    office.trusted = False
    assert "203.0.113.7" in trouble(account)[0]
    office.trusted = True
    for given, words in (({"app": "wx1"}, "AppID"), ({"secret": "x"}, "AppSecret")):
        changed = change_account(account, name="花店", given=GIVEN | given, by=TESTS)
        assert words in trouble(changed)[0]
    change_account(account, name="花店", given=GIVEN, by=TESTS)
    office.breaks["user/get"] = [48001]
    assert "verified" in trouble(account)[0]


def test_what_is_missing_for_letters_is_said(account: Account, settings: SettingsWrapper) -> None:
    settings.PUBLIC_URL = ""
    account.sealed, account.settings = b"", account.settings | {"address": "http://qunying.test"}
    account.save()
    account.refresh_from_db()
    told = " ".join(trouble(account))
    assert [part in told for part in ("https://", "three lines", "Tie groups")] == [True, True, True]


def test_a_check_of_the_address_with_earlier_secrets_does_not_count(account: Account) -> None:
    Line.objects.create(account=account, proved_at="2026-01-01T00:00:00Z", mark="another")
    assert ("WeChat has checked our address", False) in steps(account)


def test_where_nothing_answers_that_is_said(account: Account, settings: SettingsWrapper) -> None:
    settings.OFFICIAL_HOST_OF_TESTS = "http://127.0.0.1:9"
    assert "did not answer" in trouble(account)[0]


def test_what_was_seen_is_told_in_chinese(account: Account, office: Office) -> None:
    office.trusted = False
    look_at(account)
    with override("zh-hans"):
        step = told_of(account)[0]
        assert (step.name, step.holds) == ("微信信任我们发出请求的地址", False)
        assert "203.0.113.7" in step.words
    assert health_of(account) == "ill"


def test_the_three_lines_for_the_console_are_made_and_kept(account: Account) -> None:
    handed = hand_out(account, by=TESTS)
    lines = dict(line.split(": ", 1) for line in handed.text.splitlines())
    account.refresh_from_db()
    assert lines["URL"] == f"https://qunying.example.com{door(account)}"
    kept = open_secrets(account)
    assert (lines["Token"], lines["EncodingAESKey"]) == (kept["token"], kept["aes_key"])


def test_the_followers_are_the_one_group(account: Account, office: Office) -> None:
    assert list(PORT.list_groups(account)) == [(APP, "Followers of 花店")]
    with pytest.raises(RefusedError, match="another AppID"):
        PORT.list_people(account, "wx0")


# Writing to a follower


def test_who_wrote_is_written_to_five_times_within_two_days(account: Account, office: Office) -> None:
    office.follow("o1")
    office.write("o1", "在吗？")
    for _time in range(5):
        assert tell(account) == Done()
    assert office.told[0] == {"touser": "o1", "msgtype": "text", "text": {"content": "你好"}}
    with pytest.raises(RefusedError, match="five messages"):
        tell(account)
    office.write("o1", "还在吗？")
    office.skip(48 * 3600 + 1)
    with pytest.raises(RefusedError, match="48 hours"):
        tell(account)


def test_who_went_or_is_unknown_is_not_written_to(account: Account, office: Office) -> None:
    office.follow("o1")
    office.unfollow("o1")
    for person in ("o1", "nobody"):
        with pytest.raises(RefusedError, match="does not follow"):
            tell(account, person)


def test_what_cannot_be_sent_is_said_before_wechat_is_asked(account: Account, office: Office) -> None:
    for person, words, why in (("o1", " ", "Write some words"), ("o1", "花" * 683, "2,048"), ("", "你好", "Nobody")):
        with pytest.raises(RefusedError, match=why):
            tell(account, person, words)
    order = Order("k", Action.TELL, person="o1", words="看", pictures=(Picture("a", "image/png", b""),))
    with pytest.raises(RefusedError, match="without pictures"):
        PORT.perform(account, order)
    with pytest.raises(RefusedError, match="no such action"):
        PORT.perform(account, Order("k", Action.SEND, group=APP, words="你好"))
    pause_account(account, by=TESTS)
    with pytest.raises(BusyError, match="paused"):
        tell(account)
    assert office.asked == []


def test_a_lost_answer_to_a_message_is_asked_of_a_person(account: Account, office: Office) -> None:
    office.follow("o1")
    office.breaks[SEND] = [0]
    with pytest.raises(UnknownError):
        tell(account)
    office.breaks["user/get"] = [0]
    with pytest.raises(BusyError), Client(account) as client:
        client.ask("user/get")


def test_an_old_token_is_fetched_again_once_and_shared(account: Account, office: Office) -> None:
    office.follow("o1")
    tell(account)
    tell(account)
    assert office.asked.count("stable_token") == 1
    office.drop_tokens()
    tell(account)
    assert office.asked.count("stable_token") == 2
    office.breaks[SEND] = [-1, -1, 40001, 40001]
    with pytest.raises(OfficialRefusalError, match="AppSecret"):
        tell(account)


# Codes


def test_who_comes_by_a_channels_code_is_counted_to_it(
    account: Account, house: House, office: Office, community: Community
) -> None:
    channel = create_channel(community, about=About("门店海报"), by=TESTS, key="poster")
    made = make_code(channel, community=community, account=account, kind=FOLLOW, targets=[APP], by=TESTS)
    assert (made.address, office.codes) == ("http://weixin.qq.com/q/kZgfwMTm72WWPkovabbI", {"poster": "t1"})
    assert bytes(made.picture).startswith(b"\xff\xd8")
    house.hear(office.follow("o1", scene="poster"))
    assert house.facts("joined")[0].channel_key == channel.key
    again = make_code(channel, community=community, account=account, kind=FOLLOW, targets=[APP], by=TESTS)
    assert (again.address, len(office.codes)) == (made.address, 1)
    change_code(again, targets=[APP], by=TESTS)
    assert look_after_codes(channel, community=community, by=TESTS) == []
    with pytest.raises(RefusedError, match="never deletes"):
        end_code(again, by=TESTS)


def test_codes_are_offered_where_the_followers_belong(
    account: Account, house: House, community: Community, other_community: Community
) -> None:
    assert [one.kind for one in CODER.offers(account, community=community.slug)] == [FOLLOW]
    assert list(CODER.offers(account, community=other_community.slug)) == []
    assert (CODER.colleagues(account), CODER.allowance(account, FOLLOW), CODER.told(account, FOLLOW, "x")) == (
        {},
        (),
        (),
    )

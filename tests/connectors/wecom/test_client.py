"""Asking WeCom: one token for all processes, renewed when it is old; every refusal in words, every silence judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from qunying.connectors.wecom.client import Client
from qunying.connectors.wecom.refusals import WeComRefusalError
from qunying.ground.platforms.port import BusyError, UnknownError
from qunying.ground.platforms.services import change_account
from tests.connectors.wecom.conftest import GIVEN
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account
    from tests.support.wecom import Corp

pytestmark = pytest.mark.django_db
STAFF = "externalcontact/get_follow_user_list"


def ask(account: Account, name: str = STAFF, **given: Any) -> dict[str, Any]:
    with Client(account) as client:
        return client.ask(name, **given)


def test_a_token_is_fetched_once_for_all_processes(account: Account, corp: Corp) -> None:
    for _process in range(3):
        assert ask(account)["follow_user"] == []
    assert corp.asked == ["gettoken", STAFF, STAFF, STAFF]


def test_the_token_is_kept_encrypted(account: Account, corp: Corp) -> None:
    ask(account)
    (token,) = corp._tokens
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM qunying_cache WHERE cache_key LIKE '%%wecom-token%%'")
        ((kept,),) = cursor.fetchall()
    assert token not in str(kept)


def test_an_old_token_is_fetched_again_once(account: Account, corp: Corp) -> None:
    ask(account)
    corp.drop_tokens()
    ask(account)
    assert corp.asked == ["gettoken", STAFF, STAFF, "gettoken", STAFF]
    corp.breaks[STAFF] = [42001, 42001]
    with pytest.raises(WeComRefusalError):
        ask(account)


def test_another_secret_has_another_token(account: Account, corp: Corp) -> None:
    ask(account)
    changed = change_account(account, name="花店", given=GIVEN | {"secret": "wrong"}, by=TESTS)
    with pytest.raises(WeComRefusalError, match="does not take the secret"):
        ask(changed)


def test_a_spoilt_token_in_the_cache_is_fetched_anew(account: Account, corp: Corp) -> None:
    from qunying.connectors.wecom.tokens import _name  # noqa: PLC0415 - the name is nobody else's business

    for spoilt in ("no base64!", "AAAA", 7):
        cache.set(_name(account, GIVEN["secret"]), spoilt)
        ask(account)
    assert corp.asked.count("gettoken") == 3


def test_a_busy_wecom_is_asked_three_times(account: Account, corp: Corp) -> None:
    corp.breaks[STAFF] = [-1, -1]
    ask(account)
    corp.breaks[STAFF] = [-1, -1, -1]
    with pytest.raises(BusyError):
        ask(account)


@pytest.mark.parametrize(("code", "seconds"), [(45009, 60), (45033, 2), (41063, 90)])
def test_where_wecom_asks_for_a_pause_it_is_said_how_long(
    account: Account, corp: Corp, code: int, seconds: int
) -> None:
    corp.breaks[STAFF] = [code]
    with pytest.raises(BusyError) as caught:
        ask(account)
    assert caught.value.again_at is not None
    assert abs((caught.value.again_at - timezone.now()).total_seconds() - seconds) < 20
    assert corp.asked.count(STAFF) == 1


@pytest.mark.parametrize(
    ("code", "words", "chinese"),
    [
        (60020, "does not trust the address from which we call", "不信任我们发出请求的地址"),
        (48002, "Apps that may call the API", "可调用接口的应用"),
        (60011, "visible range of the app", "可见范围"),
        (77777, "WeCom refused: refused (77777).", "企业微信拒绝了：refused（77777）。"),
    ],
)
def test_a_refusal_says_in_both_languages_what_to_do(
    account: Account, corp: Corp, code: int, words: str, chinese: str
) -> None:
    corp.breaks[STAFF] = [code, code]
    with pytest.raises(WeComRefusalError) as caught:
        ask(account)
    assert (caught.value.code, words in str(caught.value)) == (code, True)
    with override("zh-hans"):
        assert chinese in str(caught.value)


def test_the_address_to_be_trusted_is_named(account: Account, corp: Corp) -> None:
    corp.trusted = False
    with pytest.raises(WeComRefusalError, match=r"203\.0\.113\.7"):
        ask(account)


def test_a_cut_line_is_a_mystery_only_where_twice_would_be_twice(account: Account, corp: Corp) -> None:
    ask(account)
    corp.breaks = {STAFF: [0], "externalcontact/mark_tag": [0], "externalcontact/add_msg_template": [0]}
    with pytest.raises(BusyError):
        ask(account)
    with pytest.raises(BusyError):
        ask(account, "externalcontact/mark_tag", userid="a", external_userid="b", add_tag=["t"])
    with pytest.raises(UnknownError):
        ask(account, "externalcontact/add_msg_template", chat_type="group", sender="a", chat_id_list=["c"])


def test_where_nobody_answers_nothing_was_sent(account: Account, settings: Any) -> None:
    settings.WECOM_HOST_OF_TESTS = "http://127.0.0.1:9"
    with pytest.raises(BusyError):
        ask(account)


def test_a_request_that_is_not_in_the_table_is_our_own_fault(account: Account, corp: Corp) -> None:
    with pytest.raises(ValueError, match="limit is over 1000"):
        ask(account, "externalcontact/groupchat/list", limit=1001)
    with pytest.raises(ValueError, match="userid is unknown"):
        ask(account, userid="a")
    assert STAFF not in corp.asked


def test_a_list_in_pages_is_read_to_its_end(account: Account, corp: Corp) -> None:
    for number in range(250):
        corp.open_chat(f"群{number}", "aqiang")
    with Client(account) as client:
        found = list(client.pages("externalcontact/groupchat/list", "group_chat_list", limit=1000))
    assert len({one["chat_id"] for one in found}) == 250
    assert corp.asked.count("externalcontact/groupchat/list") == 3


def test_limits_are_kept_by_the_corp_and_told_by_us(account: Account, corp: Corp) -> None:
    given = {"key": "k", "msgtype": "text", "text": {"content": "备货"}}
    corp.__dict__["_webhook_send"] = lambda _given: None
    for _time in range(20):
        ask(account, "webhook/send", **given)
    with pytest.raises(BusyError):
        ask(account, "webhook/send", **given)
    corp.skip(61)
    ask(account, "webhook/send", **given)


def test_nothing_of_a_secret_stands_in_a_refusal(account: Account, corp: Corp) -> None:
    for code in (40001, 60020, 48002, 77777):
        corp.breaks = {STAFF: [code, code], "gettoken": []}
        with pytest.raises(WeComRefusalError) as caught:
            ask(account)
        assert not [one for one in (GIVEN["secret"], *corp._tokens) if one in repr(caught.value)]

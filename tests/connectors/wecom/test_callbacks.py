"""WeCom at our door: proved by its signature, bounded, answered when it is kept, each event once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browser
from django.utils.translation import override

from qunying.connectors.wecom.callbacks import MOST_BYTES
from qunying.connectors.wecom.models import Heard, Line
from qunying.kit.envelopes import Envelope, sign
from tests.connectors.wecom.conftest import door
from tests.support.wecom import CORP, KEY, TOKEN, Postman

if TYPE_CHECKING:
    from pathlib import Path

    from qunying.ground.platforms.models import Account
    from tests.support.wecom import Corp

pytestmark = pytest.mark.django_db


def ask(account: Account, query: str) -> Any:
    with override("en"):
        return Browser().get(f"{door(account)}?{query}")


def test_the_check_of_our_address_is_answered_with_what_stood_inside(account: Account, postman: Postman) -> None:
    encrypted = postman.envelope.close(b"1616140317555161061")
    answered = ask(account, postman.address(encrypted, echostr=encrypted))
    assert (answered.status_code, answered.content) == (200, b"1616140317555161061")
    assert answered.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert Line.objects.filter(account=account).count() == 1


def test_a_check_with_a_wrong_signature_is_told_nothing(account: Account, postman: Postman) -> None:
    encrypted = postman.envelope.close(b"1616140317555161061")
    wrong = postman.address(encrypted, echostr=postman.envelope.close(b"1"))
    for query in (wrong, "", "echostr=1", "msg_signature=&timestamp=&nonce=&echostr="):
        answered = ask(account, query)
        assert (answered.status_code, answered.content) == (403, b"")
    assert not Line.objects.exists()


def test_an_event_is_kept_once_however_often_it_comes(account: Account, corp: Corp, postman: Postman) -> None:
    letter = corp.befriend("aqiang", "wm1")
    assert [postman.bring(letter) for _time in range(4)] == [200, 200, 200, 200]
    assert Heard.objects.get().words == letter.decode()


def test_two_events_of_one_second_are_two(account: Account, corp: Corp, postman: Postman) -> None:
    postman.carry(corp.befriend("aqiang", "wm1"), corp.befriend("aqiang", "wm2"))
    assert Heard.objects.count() == 2


def test_the_recorded_event_is_taken(account: Account, postman: Postman, shared_data: Path) -> None:
    letter = (shared_data / "platform" / "wecom_change_external_chat_update.xml").read_bytes()
    assert postman.carry(letter) == [200]
    assert Heard.objects.get().words.encode() == letter


@pytest.mark.parametrize(
    "envelope",
    [Envelope("other", KEY, CORP), Envelope(TOKEN, KEY, "ww-other"), Envelope(TOKEN, KEY[::-1], CORP)],
    ids=["token", "receiver", "key"],
)
def test_letters_of_others_are_refused(account: Account, corp: Corp, postman: Postman, envelope: Envelope) -> None:
    assert Postman(postman.knock, envelope).carry(corp.befriend("aqiang", "wm1")) == [403]
    assert not Heard.objects.exists()


DTD = b'<!DOCTYPE xml [<!ENTITY a "b">]>'


@pytest.mark.parametrize(
    "letter",
    [
        DTD + b"<xml><Event>&a;</Event></xml>",
        b'<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml/>',
        b"<html/>",
        b"no xml",
        b"",
        b"\xff\xfe",
        b"<xml>" + b"<a>1</a>" * 300 + b"</xml>",
    ],
)
def test_what_is_no_letter_is_refused_inside_and_out(account: Account, postman: Postman, letter: bytes) -> None:
    assert postman.carry(letter) == [403]
    encrypted = postman.envelope.close(b"<xml/>")
    outer = letter.replace(b"</xml>", f"<Encrypt>{encrypted}</Encrypt></xml>".encode())
    assert postman.knock(postman.address(encrypted), outer) == 403
    assert not Heard.objects.exists()


def test_too_large_a_body_is_refused_before_it_is_opened(account: Account, postman: Postman) -> None:
    assert postman.knock("", b" " * (MOST_BYTES + 1)) == 413


def test_who_knocks_elsewhere_is_told_nothing(account: Account, postman: Postman) -> None:
    encrypted = postman.envelope.close(b"1")
    query = postman.address(encrypted, echostr=encrypted)
    addresses = [f"/callbacks/wecom/{account.pk + 1}/events", f"/callbacks/wecom/{account.pk}/other"]
    assert [Browser().get(f"{one}?{query}").status_code for one in addresses] == [403, 403]
    assert Browser().put(door(account), b"").status_code == 405


def test_an_account_without_token_and_key_takes_nothing(account: Account) -> None:
    from qunying.ground.platforms.sealing import seal_secrets  # noqa: PLC0415 - needs Django

    account.sealed = seal_secrets(account, {"secret": "s"})
    account.save()
    encrypted = Envelope("x", KEY, CORP).close(b"1")
    query = f"msg_signature={sign('', '1', '2', encrypted)}&timestamp=1&nonce=2&echostr={encrypted}"
    assert ask(account, query).status_code == 403

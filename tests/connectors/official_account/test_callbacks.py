"""WeChat at our door: proved by its signature, in an envelope where there is a key, each letter one fact."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browser
from django.utils.translation import override

from qunying.connectors.official_account.callbacks import MOST_BYTES
from qunying.connectors.official_account.models import Line
from qunying.ground.events.models import Event
from qunying.ground.groups.lately import forget
from qunying.ground.platforms.sealing import seal_secrets
from qunying.kit.envelopes import Envelope, sign
from tests.connectors.official_account.conftest import door
from tests.support.official_account import APP, KEY, SECRET, TOKEN, Postman

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account
    from tests.connectors.official_account.conftest import House
    from tests.support.official_account import Office

pytestmark = pytest.mark.django_db


def ask(account: Account, query: str) -> Any:
    with override("en"):
        return Browser().get(f"{door(account)}?{query}")


def unseal(account: Account) -> None:
    """Have letters come without envelopes."""
    account.sealed = seal_secrets(account, {"secret": SECRET, "token": TOKEN})
    account.save()
    forget()


def test_the_platforms_own_vector_is_signed_as_it_is_there() -> None:
    assert sign("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


def test_the_check_of_our_address_is_answered_with_what_was_sent(account: Account, postman: Postman) -> None:
    answered = ask(account, postman.address(echostr="4375120948345356249"))
    assert (answered.status_code, answered.content) == (200, b"4375120948345356249")
    assert Line.objects.filter(account=account).count() == 1


def test_an_echo_that_is_more_than_letters_and_digits_is_not_given_back(account: Account, postman: Postman) -> None:
    for echo in ("<script>", "a" * 101):
        assert ask(account, postman.address(echostr=echo)).content == b""


def test_a_wrong_signature_is_told_nothing(account: Account, house: House, office: Office) -> None:
    stranger = Postman(house.postman.knock, Envelope("another", KEY, APP))
    assert ask(account, stranger.address(echostr="1")).status_code == 403
    assert stranger.bring(office.follow("o1")) == 403
    assert (Line.objects.count(), house.facts()) == (0, [])


def test_a_letter_for_another_account_or_with_another_key_is_refused(house: House, office: Office) -> None:
    for other in (Envelope(TOKEN, KEY, "wx0"), Envelope(TOKEN, "A" * 43, APP)):
        assert Postman(house.postman.knock, other).bring(office.write("o1", "你好")) == 403
    assert house.facts() == []


def test_with_a_key_an_open_letter_is_refused(house: House, office: Office) -> None:
    house.postman.plain = True
    assert house.postman.bring(office.follow("o1")) == 403


def test_without_a_key_open_letters_are_read_while_they_are_fresh(
    account: Account, house: House, office: Office
) -> None:
    unseal(account)
    house.postman.plain = True
    letter = office.write("o1", "你好")
    for second in (str(int(time.time()) - 4000), "", "１", "9" * 30):
        assert house.postman.knock(house.postman.address(at=second or " "), letter) == 403
    assert house.postman.bring(letter) == 200
    assert [one.kind for one in house.facts()] == ["spoke"]


def test_what_is_no_letter_is_refused(account: Account, house: House) -> None:
    evil = b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>'
    assert house.postman.carry(b"", b"<no", evil) == [403, 403, 403]
    assert house.postman.knock(house.postman.address(), b"x" * (MOST_BYTES + 1)) == 413
    assert Browser().put(door(account)).status_code == 405
    assert Browser().get(f"/callbacks/wechat_official/{account.pk + 1}/events").status_code == 403
    assert Browser().get(f"/callbacks/wechat_official/{account.pk}/other").status_code == 403


def test_a_letter_that_comes_again_is_one_fact(house: House, office: Office) -> None:
    letters = [office.follow("o1", scene="poster"), office.write("o1", "你好")]
    house.hear(*letters, *letters, *reversed(letters))
    assert [one.kind for one in house.facts()] == ["joined", "spoke"]


def test_until_the_followers_are_tied_everything_is_passed_over(postman: Postman, office: Office) -> None:
    assert postman.bring(office.follow("o1")) == 200
    assert not Event.objects.exists()

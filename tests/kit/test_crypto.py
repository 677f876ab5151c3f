"""A private field can be read only with its key, and only where it belongs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.crypto import decrypt, encrypt, key_id, mask
from qunying.kit.keys import new_keyring

KEYS = new_keyring()


@given(st.text(), st.text())
def test_what_was_encrypted_is_read_back(plain: str, place: str) -> None:
    assert decrypt(KEYS, encrypt(KEYS, plain, bound_to=place), bound_to=place) == plain


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert encrypt(KEYS, "13812345678", bound_to="phone:1") != encrypt(KEYS, "13812345678", bound_to="phone:1")


def test_it_cannot_be_moved_to_another_row() -> None:
    sealed = encrypt(KEYS, "13812345678", bound_to="phone:1")
    with pytest.raises(InvalidTag):
        decrypt(KEYS, sealed, bound_to="phone:2")


@given(st.integers(min_value=0))
def test_a_changed_byte_is_noticed(position: int) -> None:
    sealed = bytearray(encrypt(KEYS, "王小美", bound_to="name:1"))
    first = 1 + len(KEYS.current)
    place = first + position % (len(sealed) - first)
    sealed[place] ^= 1
    with pytest.raises(InvalidTag):
        decrypt(KEYS, bytes(sealed), bound_to="name:1")


def test_an_old_text_is_read_with_the_key_that_made_it() -> None:
    old = encrypt(KEYS, "小美", bound_to="name:1")
    turned = replace(KEYS, data={**KEYS.data, "new": bytes(32)}, current="new")
    assert decrypt(turned, old, bound_to="name:1") == "小美"
    assert (key_id(old), key_id(encrypt(turned, "小美", bound_to="name:1"))) == (KEYS.current, "new")


def test_without_its_key_it_stays_closed() -> None:
    with pytest.raises(KeyError):
        decrypt(new_keyring(), encrypt(KEYS, "小美", bound_to="name:1"), bound_to="name:1")


@pytest.mark.parametrize(
    ("plain", "shown"),
    [("13812345678", "138****5678"), ("王小美", "王**"), ("王", "王*"), ("", "*"), ("12345678", "123*5678")],
)
def test_a_screen_shows_only_what_tells_people_apart(plain: str, shown: str) -> None:
    assert mask(plain) == shown

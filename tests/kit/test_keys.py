"""The keyring of an installation is random, private to its owner, and never written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.kit.keys import load_keyring, new_keyring, save_keyring

if TYPE_CHECKING:
    from pathlib import Path


def test_a_saved_keyring_is_read_back_as_it_was(tmp_path: Path) -> None:
    keyring = new_keyring()
    save_keyring(keyring, tmp_path)
    assert load_keyring(tmp_path) == keyring


def test_a_home_without_keys_has_none(tmp_path: Path) -> None:
    assert load_keyring(tmp_path) is None


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    assert save_keyring(new_keyring(), tmp_path).stat().st_mode & 0o777 == 0o600


def test_it_never_takes_the_place_of_another(tmp_path: Path) -> None:
    first = new_keyring()
    save_keyring(first, tmp_path)
    with pytest.raises(FileExistsError):
        save_keyring(new_keyring(), tmp_path)
    assert load_keyring(tmp_path) == first


def test_no_two_keyrings_share_a_key() -> None:
    one, other = new_keyring(), new_keyring()
    assert one.secret != other.secret
    assert one.digest != other.digest
    assert one.data[one.current] != other.data[other.current]
    assert len(one.digest) == len(one.data[one.current]) == 32

"""A vault opens whole with its own locks, and not at all otherwise."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.errors import QunyingError
from qunying.kit.vault import (
    FRAME,
    Passphrase,
    RecoveryKey,
    VaultReader,
    VaultWriter,
    locks_of,
    new_recovery_key,
    read_recovery_key,
)

KEY = RecoveryKey(bytes(range(32)))
WORDS = Passphrase("十二个字以上的口令才够长")


def locked(plain: bytes, *locks: object, piece: int = 70_001) -> bytes:
    out = io.BytesIO()
    vault = VaultWriter(out, locks or [KEY.public])  # type: ignore[arg-type]
    for start in range(0, len(plain), piece):
        vault.write(plain[start : start + piece])
    vault.close()
    return out.getvalue()


def opened(sealed: bytes, opener: object = KEY) -> bytes:
    return VaultReader(io.BytesIO(sealed), opener, name="x").readall()  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 5])
def test_it_gives_back_what_was_put_in(size: int) -> None:
    plain = bytes(number % 251 for number in range(size))
    assert opened(locked(plain)) == plain


def test_each_lock_opens_it_alone() -> None:
    sealed = locked(b"hello", KEY.public, WORDS)
    assert (opened(sealed, KEY), opened(sealed, WORDS)) == (b"hello", b"hello")
    assert locks_of(io.BytesIO(sealed), name="x") == {"passphrase", "key"}


def test_it_says_which_lock_does_not_open() -> None:
    sealed = locked(b"hello", KEY.public, WORDS)
    with pytest.raises(QunyingError, match="This recovery key does not open"):
        opened(sealed, new_recovery_key())
    with pytest.raises(QunyingError, match="This passphrase does not open"):
        opened(sealed, Passphrase("something else"))


@given(place=st.integers(min_value=0, max_value=2 * FRAME + 500), bit=st.integers(0, 7))
def test_a_changed_bit_anywhere_is_refused(place: int, bit: int) -> None:
    sealed = bytearray(SEALED)
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises((QunyingError,)):
        opened(bytes(sealed))


@given(length=st.integers(min_value=0, max_value=2 * FRAME + 400))
def test_a_cut_file_is_refused_wherever_it_was_cut(length: int) -> None:
    with pytest.raises(QunyingError):
        opened(SEALED[: min(length, len(SEALED) - 1)])


def test_a_file_cut_between_two_frames_is_refused() -> None:
    end = len(SEALED) - len(PLAIN) % FRAME - 16
    with pytest.raises(QunyingError, match="was changed or is not whole"):
        opened(SEALED[:end])


def test_two_frames_changed_over_are_refused() -> None:
    start = len(SEALED) - (len(PLAIN) % FRAME + 16) - 2 * (FRAME + 16)
    one, two = SEALED[start : start + FRAME + 16], SEALED[start + FRAME + 16 : start + 2 * (FRAME + 16)]
    with pytest.raises(QunyingError, match="was changed or is not whole"):
        opened(SEALED[:start] + two + one + SEALED[start + 2 * (FRAME + 16) :])


def test_another_file_is_called_no_backup() -> None:
    with pytest.raises(QunyingError, match="is no backup of Qunying"):
        opened(b"PK\x03\x04 something else altogether")


def test_a_recovery_key_survives_paper() -> None:
    key = new_recovery_key()
    assert read_recovery_key(f"  {str(key).lower().replace('-', ' ')}\n") == key


def test_a_slip_in_typing_is_noticed() -> None:
    text = str(KEY)
    with pytest.raises(QunyingError, match="mistyped"):
        read_recovery_key(text[:-1] + ("B" if text[-1] == "A" else "A"))


def test_words_are_no_recovery_key() -> None:
    assert read_recovery_key("correct horse battery staple") is None


PLAIN = b"0123456789" * (FRAME // 5) + b"end"
SEALED = locked(PLAIN)

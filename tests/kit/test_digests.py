"""A digest names its parts under one key, and never runs them together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.digests import DIGEST_BYTES, keyed_digest

KEY = bytes(range(32))
PARTS = st.lists(st.one_of(st.text(max_size=8), st.binary(max_size=8)), max_size=5)


@given(PARTS)
def test_the_same_parts_give_the_same_16_bytes(parts: list[str | bytes]) -> None:
    first = keyed_digest(KEY, *parts)
    assert len(first) == DIGEST_BYTES == 16
    assert keyed_digest(KEY, *parts) == first


@given(PARTS, PARTS)
def test_other_parts_give_other_bytes(one: list[str | bytes], other: list[str | bytes]) -> None:
    assert (keyed_digest(KEY, *one) == keyed_digest(KEY, *other)) == (one == other)


def test_parts_do_not_run_together() -> None:
    assert keyed_digest(KEY, "ab", "c") != keyed_digest(KEY, "a", "bc")
    assert keyed_digest(KEY, "ab") != keyed_digest(KEY, "ab", "")


def test_another_key_gives_other_bytes() -> None:
    assert keyed_digest(KEY, "小美") != keyed_digest(KEY[::-1], "小美")


def test_a_number_a_text_and_bytes_are_three_things() -> None:
    assert len({keyed_digest(KEY, 12), keyed_digest(KEY, "12"), keyed_digest(KEY, b"12")}) == 3


def test_half_a_character_from_a_broken_export_has_a_digest_too() -> None:
    assert keyed_digest(KEY, "\ud83c") != keyed_digest(KEY, "\ud83d")

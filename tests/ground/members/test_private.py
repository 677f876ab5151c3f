"""What a private value may be, how it is found, and what a screen shows of it."""

from __future__ import annotations

import pytest

from qunying.ground.members.private import PRIVATE_FIELDS, private_kind, search_form, tidy_private
from qunying.kit.errors import QunyingError


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("phone", "138 0013 8000", "13800138000"),
        ("phone", "+86-138-0013-8000", "13800138000"),
        ("phone", "008613800138000", "13800138000"),
        ("phone", "１３８００１３８０００", "13800138000"),
        ("phone", "+852 2345 6789", "+85223456789"),
        ("email", " Mei@Example.COM ", "mei@example.com"),
        ("birthday", "1990年5月3日", "1990-05-03"),
        ("birthday", "1990/5/3", "1990-05-03"),
        ("birthday", "19900503", "1990-05-03"),
        ("real_name", "  王　小美 ", "王 小美"),
        ("address", "杭州市  西湖区", "杭州市 西湖区"),
    ],
)
def test_it_keeps_a_value_in_one_form(name: str, typed: str, kept: str) -> None:
    assert tidy_private(name, typed) == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("phone", "no number"),
        ("phone", "123"),
        ("email", "mei.example.com"),
        ("birthday", "1990-02-30"),
        ("birthday", "soon"),
        ("real_name", "   "),
        ("address", "路" * 301),
        ("shoe_size", "38"),
    ],
)
def test_it_refuses_what_cannot_be_one(name: str, typed: str) -> None:
    with pytest.raises(QunyingError):
        tidy_private(name, typed)


def test_it_names_the_fields_there_are() -> None:
    with pytest.raises(QunyingError, match="real_name, phone, email, birthday, address"):
        private_kind("shoe_size")


@pytest.mark.parametrize(
    ("name", "kept", "shown"),
    [
        ("real_name", "王小美", "王**"),
        ("phone", "13800138000", "138****8000"),
        ("email", "mei@example.com", "m***@example.com"),
        ("birthday", "1990-05-03", "19**-**-**"),
        ("address", "杭州市西湖区文三路100号", "杭州市西湖区****"),
        ("address", "杭州", "杭****"),
    ],
)
def test_it_shows_a_screen_only_a_part(name: str, kept: str, shown: str) -> None:
    assert PRIVATE_FIELDS[name].masked(kept) == shown


def test_it_searches_without_case_and_spaces() -> None:
    assert search_form("王 小美") == search_form("王小美")
    assert search_form("Mei Wang") == search_form("meiwang")

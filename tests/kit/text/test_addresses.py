"""Addresses: how they begin, where they end in a sentence."""

from __future__ import annotations

import pytest

from qunying.kit.text.addresses import IN_TEXT, OPENED, is_address, without_trailing


@pytest.mark.parametrize(
    ("text", "web", "opened"),
    [
        ("https://a.cn/b", True, True),
        ("HTTP://a.cn", True, True),
        ("weixin://dl/business", False, True),
        ("#小程序://花店/abc", False, True),
        ("https://", False, False),
        ("https://a.cn/b c", False, False),
        ("https://a.cn\t", False, False),
        ("www.a.cn", False, False),
    ],
)
def test_an_address_begins_as_something_opens_it(text: str, *, web: bool, opened: bool) -> None:
    assert (is_address(text), is_address(text, beginnings=OPENED)) == (web, opened)


def test_one_in_a_sentence_ends_where_the_sentence_goes_on() -> None:
    words = "看这里：https://a.cn/b?c=1，还有Https://d.cn/e).都在。"
    assert [without_trailing(hit[0]) for hit in IN_TEXT.finditer(words)] == ["https://a.cn/b?c=1", "Https://d.cn/e"]

"""One spelling for what reads the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.text.folding import fold, origins

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＶＸ：ａｂｃ１２３", "vx:abc123"),
        ("國家級・第一品牌", "国家级第一品牌"),
        ("加\u200b微\u2060信", "加微信"),
        ("最 * 佳", "最佳"),
        ("最🌹佳", "最佳"),
        ("微̶信̶", "微信"),
        ("\u200eАbс", "abc"),
        ("㊙密", "秘密"),
        ("①②③", "123"),
        ("Ⓥⓧ", "vx"),
        ("㎏", "kg"),
        ("Café", "cafe"),
        ("最好。佳", "最好。佳"),
        ("最好！\n佳？", "最好!\n佳?"),
        ("⼀", "一"),
        ("人々", "人々"),
        ("か\u3099", "か"),
        ("\ud800微\x00信", "微信"),
        ("ㅤ", ""),
    ],
)
def test_what_reads_the_same_is_spelled_the_same(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_folded_character_comes_from_a_place_that_gives_it(text: str) -> None:
    folded, places = fold(text), origins(text)
    assert len(places) == len(folded)
    assert all(char in fold(text[place]) for char, place in zip(folded, places, strict=True))
    assert places == sorted(places)

"""What changed is told by the character, and nothing is lost of either text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.plan.content.differences import IN, OUT, SAME, Piece, compare

_TEXT = st.text(alphabet="一二三四，。\n花ab", max_size=60)


@given(_TEXT, _TEXT)
def test_the_pieces_are_both_texts(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != IN) == before
    assert "".join(piece.text for piece in pieces if piece.kind != OUT) == after
    assert all(first.kind != second.kind for first, second in pairwise(pieces))


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("一共五种", "一共六种", [(SAME, "一共"), (OUT, "五"), (IN, "六"), (SAME, "种")]),
        ("", "新的", [(IN, "新的")]),
        ("一\n二\n", "一\n三\n", [(SAME, "一\n"), (OUT, "二"), (IN, "三"), (SAME, "\n")]),
        ("同样", "同样", [(SAME, "同样")]),
    ],
)
def test_a_change_is_as_small_as_it_reads_well(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert compare(before, after) == [Piece(kind, text) for kind, text in pieces]

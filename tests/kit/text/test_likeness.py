"""How much two texts say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.text.likeness import (
    PERMUTATIONS,
    Permutations,
    Twin,
    estimate,
    house_permutations,
    jaccard,
    shingles,
    signature,
    twins_of,
)

pytestmark = pytest.mark.once
TEXT = "周五晚上八点，店里新到的白玫瑰和满天星一起上架，老花友九折，来店里还能学一手包花束。"


def test_signatures_of_the_textbook_example() -> None:
    """Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, example 3.8."""
    sets = {1: {0, 3}, 2: {2}, 3: {1, 3, 4}, 4: {0, 2, 3}}
    two = Permutations([1, 3], [1, 1], 5)
    assert {name: two.least(one).tolist() for name, one in sets.items()} == {1: [1, 0], 2: [3, 2], 3: [0, 0], 4: [1, 0]}
    assert jaccard(sets[1], sets[4]) == pytest.approx(2 / 3)


def test_the_estimate_lies_within_its_error() -> None:
    one, other = set(range(1000)), set(range(250, 1250))
    found = estimate(house_permutations().least(one), house_permutations().least(other))
    true = jaccard(one, other)
    assert true == 0.6
    assert abs(found - true) <= 3 * (true * (1 - true) / PERMUTATIONS) ** 0.5


def test_shingles_are_of_folded_text_without_what_separates() -> None:
    assert shingles("ABC，d e。f") == {"abcde", "bcdef"}
    assert shingles("好") == {"好"}
    assert shingles("！") == frozenset()


def test_the_twin_is_found_whatever_was_put_around_its_words() -> None:
    disguised = f"🌹{TEXT.replace('，', ' ！ ')}🌹"
    against = [("other", "明天下午三点在一号店门口集合，记得带上水壶和帽子。"), ("twin", disguised), ("empty", "…")]
    assert twins_of(TEXT, against=against) == [Twin("twin", 1.0)]


def test_the_likest_comes_first_and_what_is_below_the_threshold_not_at_all() -> None:
    half, most = TEXT[:30], TEXT[:-4]
    against = [("half", half), ("most", most)]
    expected = {key: jaccard(shingles(TEXT), shingles(text)) for key, text in against}
    assert [(twin.key, twin.likeness) for twin in twins_of(TEXT, against=against)] == [
        (key, expected[key]) for key in ("most", "half")
    ]
    assert [twin.key for twin in twins_of(TEXT, against=against, alike=0.9)] == ["most"]


def test_nothing_is_like_nothing() -> None:
    assert (signature("…"), twins_of("…", against=[("nothing", "！")])) == (None, [])


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_likeness_goes_both_ways_and_stays_between_none_and_whole(one: set[int], other: set[int]) -> None:
    assert jaccard(one, other) == jaccard(other, one)
    assert 0 <= jaccard(one, other) <= 1

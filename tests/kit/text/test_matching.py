"""Finding many words at once, with places in the text as it was written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit.text.folding import fold
from qunying.kit.text.matching import Match, Matcher, Pattern, outermost

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.once
CASES = {
    "houbb/sensitive-word@b86249d tests-01",
    "houbb/sensitive-word@b86249d tests-05",
    "houbb/sensitive-word@b86249d tests-09",
    "houbb/sensitive-word@b86249d tests-13",
    "houbb/sensitive-word@b86249d tests-33",
    "houbb/sensitive-word@b86249d tests-37",
    "houbb/sensitive-word@b86249d tests-41",
    "houbb/sensitive-word@b86249d tests-45",
    "importcjj/sensitive@0d57eb3 filter_test.go-57",
}
"""Those of other filters' cases that ask for what this one promises."""


def _found(text: str, *words: str | Pattern) -> list[str]:
    matcher = Matcher([word if isinstance(word, Pattern) else Pattern(word) for word in words])
    return [text[match.start : match.end] for match in matcher.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全国最佳花店", ["最佳"]),
        ("全国最 佳花店", ["最 佳"]),
        ("全国「最*佳」花店", ["最*佳"]),
        ("全國最\u200b佳", ["最\u200b佳"]),
        ("他最。佳人", []),
        ("他最\n佳人", []),
        ("🌹最佳🌹", ["最佳"]),
    ],
)
def test_it_finds_a_word_however_it_is_strewn(text: str, found: list[str]) -> None:
    assert _found(text, "最佳") == found


def test_a_harmless_longer_word_shields_only_the_word_it_belongs_to() -> None:
    harmless = Pattern("最", ("最后", "最近"))
    assert _found("最后一天，最近最美", harmless) == ["最"]
    assert _found("最后宫", harmless, "后宫") == ["后宫"]
    assert _found("最 後 一天", harmless) == []


def test_what_stands_in_another_is_found_too_and_the_longest_is_left() -> None:
    matcher = Matcher([Pattern("最佳"), Pattern("全国最佳"), Pattern("佳花"), Pattern("最佳")])
    found = matcher.find("全国最佳花店")
    assert found == [Match(1, 0, 4), Match(0, 2, 4), Match(3, 2, 4), Match(2, 3, 5)]
    assert outermost(found) == [Match(1, 0, 4), Match(2, 3, 5)]
    assert outermost(matcher.find("最佳")) == [Match(0, 0, 2), Match(3, 0, 2)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("have a day", ["day"]),
        ("a v", ["a v"]),
        ("A.V!", ["A.V"]),
        ("today", []),
        ("加day1", ["day"]),
        ("it's a visit", []),
        ("ｄａｙｓ", []),
        ("day light", ["day", "day light"]),
        ("d a y l i g h t", ["d a y", "d a y l i g h t"]),
        ("1day", ["day"]),
    ],
)
def test_latin_words_are_whole_ones(text: str, found: list[str]) -> None:
    assert sorted(_found(text, "av", "day", "day light")) == found


def test_numbers_are_whole_ones() -> None:
    assert _found("打110，别打1100", "110") == ["110"]


def test_a_word_of_nothing_is_never_found() -> None:
    assert _found("a *** b", "***", "") == []


def test_text_that_no_encoding_takes_is_searched_all_the_same() -> None:
    assert _found("最\ud800佳", "最佳") == ["最\ud800佳"]


@given(st.text("最佳全国 *\u200b。國aAａ㎏kg1", max_size=30), st.lists(st.text("最佳国aｋg1*", max_size=4), max_size=6))
def test_every_place_points_at_what_was_found(text: str, words: list[str]) -> None:
    matcher = Matcher([Pattern(word) for word in words])
    for match in matcher.find(text):
        assert fold(words[match.pattern]) in fold(text[match.start : match.end])
        assert fold(text[match.start]) != ""
        assert fold(text[match.end - 1]) != ""


@given(st.text("最佳全国", max_size=30), st.lists(st.text("最佳国", min_size=1, max_size=3), max_size=6))
def test_it_finds_what_looking_one_by_one_finds(text: str, words: list[str]) -> None:
    one_by_one = {
        (number, at, at + len(word))
        for number, word in enumerate(words)
        for at in range(len(text))
        if text.startswith(word, at)
    }
    assert {tuple(match) for match in Matcher([Pattern(word) for word in words]).find(text)} == one_by_one


def test_it_does_what_other_filters_tests_ask_for(shared_data: Path) -> None:
    lines = (shared_data / "moderation" / "filter_cases_sample.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case["id"] in CASES]
    assert {case["id"] for case in cases} == CASES
    for case in cases:
        found = _found(case["text"], *(Pattern(word, tuple(case["allow"])) for word in case["deny"]))
        expected = case["expected"]
        if case["mode"] == "spans":
            expected = [word for _start, _end, word in expected]
        elif case["mode"] == "findFirst":
            expected = [expected]
        assert sorted(found) == sorted(expected), case["id"]

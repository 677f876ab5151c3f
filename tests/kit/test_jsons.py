"""JSON of any size, value by value: the same as read whole, or an error."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kit import jsons
from qunying.kit.jsons import json_values

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def read(text: str, *arrays: str) -> list[tuple[str, Any]]:
    return list(json_values(io.StringIO(text), arrays=arrays))


@given(st.lists(values, max_size=8), st.sampled_from([None, 1]), st.integers(1, 90))
def test_a_list_read_one_by_one_is_the_list(whole: list[Any], indent: int | None, block: int) -> None:
    text, before = json.dumps({"a": 1, "list": whole, "z": [1]}, indent=indent), jsons._BLOCK
    jsons._BLOCK = block
    try:
        assert read(text, "list") == [("a", 1), *(("list", value) for value in whole), ("z", [1])]
    finally:
        jsons._BLOCK = before


@given(st.lists(values, min_size=1, max_size=5), st.data())
def test_a_document_cut_off_anywhere_is_an_error(whole: list[Any], data: st.DataObject) -> None:
    text = json.dumps({"list": whole})
    end = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(ValueError, match=r".*"):
        read(text[:end], "list")


def test_lists_within_lists_come_with_their_paths() -> None:
    text = '{"chats": {"list": [{"name": "a", "messages": [1, 2]}, {"name": "b", "messages": []}]}}'
    assert read(text, "chats.list", "chats.list.messages") == [
        ("chats.list.name", "a"),
        ("chats.list.messages", 1),
        ("chats.list.messages", 2),
        ("chats.list.name", "b"),
    ]


def test_the_document_itself_may_be_the_list() -> None:
    assert read('[{"a": [1]}, 2]', "", "messages") == [("", {"a": [1]}), ("", 2)]


@pytest.mark.parametrize("text", ["", "{", '{"a" 1}', "[1,]", "[1 2]", "[1] x", '{"a": NaN}', "[" * 100_000, "{1: 2}"])
def test_what_is_not_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read(text, "", "b")

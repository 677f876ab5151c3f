from __future__ import annotations

import pytest
from django.utils.translation import override

from qunying.plan.playbooks.yaml_text import MOST_CHARACTERS, Fault, read_marked, read_scalar, write_yaml


def test_every_value_and_every_key_has_its_place() -> None:
    marked = read_marked("name: x\ngoals:\n  - key: a\n    target: 60%\n")
    assert marked.data == {"name": "x", "goals": [{"key": "a", "target": "60%"}]}
    assert (marked.place(("goals", 0, "target")), marked.place(("goals", 0, "target"), key=True)) == ((4, 13), (4, 5))
    assert marked.place(("goals", 0, "missing")) == (3, 5)


def test_words_stay_words() -> None:
    text = "a: [no, yes, 1.5x, +20%, 12:30, 2026-01-01, 500, 0.5, true, null, .inf]"
    assert read_marked(text).data == {
        "a": ["no", "yes", "1.5x", "+20%", "12:30", "2026-01-01", 500, 0.5, True, None, ".inf"]
    }


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("name：x\n", 1, 5, "Chinese colon"),
        ("a: 1\ngoals：\n  - key: b\n", 2, 6, "Chinese colon"),
        ("a:\n\tb: 1\n", 2, 1, "A tab"),
        ("a: 'b\nc: 1", 2, 5, "cannot be read"),
        ("a: 1\na: 2\n", 2, 1, "stands here twice"),
        ("a: &x 1\n", 1, 4, "References"),
        ("a: !!python/object:os.x {}\n", 1, 4, "Marks such as"),
        ("? [a]\n: b\n", 1, 3, "A name is expected"),
        ("[" * 100_000, 1, 1, "cannot be read"),
        ("x" * (MOST_CHARACTERS + 1), 1, 1, "longer than"),
    ],
)
def test_what_cannot_be_read_is_said_where_it_stands(text: str, line: int, column: int, words: str) -> None:
    with override("en"):
        (fault,) = read_marked(text).faults
    assert ((fault.line, fault.column), words in fault.message) == ((line, column), True)


def test_references_cannot_unfold_a_small_file_into_a_huge_one() -> None:
    lines = ["a: &a [x, x]"] + [
        f"{new}: &{new} [*{old}, *{old}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    marked = read_marked("\n".join(lines))
    assert {type(fault) for fault in marked.faults} == {Fault}
    assert marked.data["i"] is None


def test_what_is_written_is_read_back() -> None:
    data = {"title": {"zh": "鲜花：店", "en": "a: b"}, "list": [{"key": "a", "due": "30 天", "n": 500, "no": "no"}]}
    text = write_yaml(data)
    assert (read_marked(text).data, "鲜花：店" in text) == (data, True)


def test_a_typed_number_is_a_number_and_the_rest_is_text() -> None:
    assert [read_scalar(text) for text in ("500", " 1.5 ", "60%", "true", "a: b", "")] == [
        500,
        1.5,
        "60%",
        "true",
        "a: b",
        "",
    ]

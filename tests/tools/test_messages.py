"""The reader of texts finds what gettext would find, in code and in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Message

from tools.messages import is_whole, keeps_places, texts_in

if TYPE_CHECKING:
    from pathlib import Path


def found(path: Path, source: str) -> list[tuple[str, str]]:
    path.write_text(source, encoding="utf-8")
    return [text for _line, text in texts_in(path)]


def test_it_reads_code(tmp_path: Path) -> None:
    source = '_("One" " text")\nngettext("%(n)s day", "%(n)s days", n)\npgettext("pager", "Next")\nother("No")\n'
    assert found(tmp_path / "a.py", source) == [("", "One text"), ("", "%(n)s day"), ("pager", "Next")]


def test_it_reads_templates(tmp_path: Path) -> None:
    source = (
        '{% load i18n %}{% translate "Sign out" %}{% blocktranslate with n=x %}Hello {{ n }}{% endblocktranslate %}'
    )
    assert found(tmp_path / "a.html", source) == [("", "Sign out"), ("", "Hello %(n)s")]


@pytest.mark.parametrize(
    ("message", "whole"),
    [
        (Message("Save", "保存"), True),
        (Message("Save", ""), False),
        (Message("Save", "保存", flags=["fuzzy"]), False),
        (Message(("a day", "days"), ("天",)), True),
    ],
)
def test_an_empty_or_fuzzy_entry_is_not_whole(message: Message, whole: bool) -> None:
    assert is_whole(message) == whole


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (Message("%(n)s rows", "%(n)s 行"), True),
        (Message("%(n)s rows", "行"), False),
        (Message("%(n)s rows", "%(m)s 行"), False),
        (Message(("one row", "%(n)s rows"), ("%(n)s 行",)), True),
    ],
)
def test_a_translation_keeps_the_placeholders(message: Message, kept: bool) -> None:
    assert keeps_places(message) == kept

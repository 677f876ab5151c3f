"""Text that workers write in every language and people read in theirs."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import gettext_lazy, override

from qunying.kit.spoken import Spoken, SpokenField, filled, kept

FIELD = SpokenField(longest=20)
PAUSED = filled(gettext_lazy("The account “%(name)s” is paused."), name="小店机器人")


def read(stored: str) -> str:
    """What the field gives back of what a column holds."""
    found: str = FIELD.from_db_value(stored)
    return found


def test_it_is_kept_in_every_language_and_said_in_the_readers() -> None:
    stored = kept(PAUSED)
    assert set(json.loads(stored)) == {"zh-hans", "en"}
    with override("zh-hans"):
        assert read(stored) == "账号“小店机器人”已暂停。"
    with override("en"):
        assert read(stored) == "The account “小店机器人” is paused."


def test_what_was_read_in_one_language_is_stored_in_all_again() -> None:
    with override("zh-hans"):
        found = read(kept(PAUSED))
    assert isinstance(found, Spoken)
    assert kept(found) == kept(PAUSED)


@pytest.mark.parametrize("typed", ["", "被移出群了", '{"zh-hans": "不是我们写的"}'])
def test_what_a_person_typed_stays_as_it_is(typed: str) -> None:
    assert read(kept(typed)) == typed


def test_it_is_cut_off_in_each_language() -> None:
    stored = FIELD.get_prep_value(PAUSED)
    assert {len(words) for words in json.loads(stored).values()} <= {20, 13, 14, 15, 16}
    assert FIELD.get_prep_value("长" * 30) == "长" * 20
    assert FIELD.get_prep_value(gettext_lazy("")) == ""


def test_what_is_no_text_of_ours_is_said_as_it_stands() -> None:
    assert read('{"broken') == '{"broken'
    assert read("Too much.") == "Too much."

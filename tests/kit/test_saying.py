from __future__ import annotations

from django.utils.translation import override

from qunying.kit.saying import in_both, said, say


def test_text_is_said_in_the_readers_language_or_in_the_one_there_is() -> None:
    both = {"zh": "花店", "en": "Flower shop"}
    with override("zh-hans"):
        assert [say(both), say({"en": "Shop"}), say("店"), say(None), say(3)] == ["花店", "Shop", "店", "", "3"]
    with override("en"):
        assert [say(both), say({"zh": "店"})] == ["Flower shop", "店"]


def test_new_words_leave_the_other_language_alone() -> None:
    with override("en"):
        assert said({"zh": "店", "en": "Shop"}, "Stall") == {"zh": "店", "en": "Stall"}
    assert said("店", "铺") == "铺"


def test_a_text_without_english_words_is_chinese_alone() -> None:
    assert [in_both("店", "Shop"), in_both("店", "")] == [{"zh": "店", "en": "Shop"}, {"zh": "店"}]

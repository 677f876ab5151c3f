"""What is found in a text before it goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from qunying.plan.compliance import screen
from qunying.plan.compliance.checking import Finding, Twin, check_text, duplicates_of
from qunying.plan.compliance.models import Word, WordList
from qunying.plan.compliance.reading import Given
from qunying.plan.compliance.services import create_list, ship_lists, switch_lists
from qunying.plan.compliance.services_words import add_words, remove_words
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db


def _list(name: str, unit: Unit | None, *rows: Given, severity: str = "warn", kind: str = "own") -> WordList:
    words = create_list(name, kind=kind, severity=severity, unit=unit, by=TESTS)
    add_words(words, given=rows, by=TESTS)
    return words


def _excerpts(text: str, community: Community | None) -> list[str]:
    return [one.excerpt for one in check_text(text, community=community)]


def test_a_finding_says_where_why_and_what_to_write(community: Community, units: Units) -> None:
    _list("店规", units.shop, Given(1, "亲", instead="你"), Given(2, "免费", "要写清条件"))
    assert check_text("親～全部免 费", community=community) == [
        Finding("own", "店规", 0, 1, "親", "“亲” stands on the list “店规”.", "warn", "你"),
        Finding("own", "店规", 4, 7, "免 费", "要写清条件", "warn", ""),
    ]


def test_lists_hold_in_their_unit_and_below(community: Community, other_community: Community, units: Units) -> None:
    for word, unit in (("甲", None), ("乙", units.east), ("丙", units.shop), ("丁", units.south)):
        _list(word, unit, Given(1, word))
    assert _excerpts("甲乙丙丁", community) == ["甲", "乙", "丙"]
    assert _excerpts("甲乙丙丁", other_community) == ["甲", "丁"]
    assert _excerpts("甲乙丙丁", None) == ["甲"]


def test_the_longest_is_told_and_a_graver_one_inside_it_too(community: Community, units: Units) -> None:
    _list("轻", units.shop, Given(1, "全国最佳"), Given(2, "最佳"), Given(3, "全国"))
    assert _excerpts("全国最佳花店", community) == ["全国最佳"]
    _list("重", units.shop, Given(1, "最佳"), severity="stop")
    found = check_text("全国最佳花店", community=community)
    assert [(one.excerpt, one.severity) for one in found] == [("全国最佳", "warn"), ("最佳", "stop")]


def test_what_changes_is_known_at_once_and_in_every_process(
    community: Community, units: Units, django_assert_num_queries: Callable[..., object]
) -> None:
    words = _list("店规", units.shop, Given(1, "甲"))
    assert _excerpts("甲乙", community) == ["甲"]
    with django_assert_num_queries(1):
        assert _excerpts("甲乙", community) == ["甲"]
    add_words(words, given=[Given(1, "乙")], by=TESTS)
    assert _excerpts("甲乙", community) == ["甲", "乙"]
    remove_words(words, ids=[Word.objects.get(word="甲").pk], by=TESTS)
    assert _excerpts("甲乙", community) == ["乙"]
    switch_lists([words], on=False, by=TESTS)
    assert _excerpts("甲乙", community) == []
    before = list(screen._kept)
    switch_lists(WordList.objects.all(), on=True, by=TESTS)
    screen._kept[:] = before  # as it stands in a process that changed nothing itself
    assert _excerpts("甲乙", community) == ["乙"]


def test_nothing_is_found_where_there_is_no_list(community: Community) -> None:
    assert check_text("全国最佳", community=community) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全国最佳花店，国家级园艺师坐镇", ["全国最", "最佳", "国家级"]),
        ("最佳观赏期还有三天，国家级非物质文化遗产展", []),
        ("最后一天，最近新到的花", []),
        ("NO.1花店，销量第一！", ["NO.1", "销量第一"]),
        ("全国第一批碗莲到店", []),
        ("转發 到朋友圈，领红包", []),
        ("轉發到朋友圈领红包", ["轉發到朋友圈领"]),
        ("集 赞三十个，砍一刀", ["集 赞", "砍一刀"]),
        ("治愈系花束，根治失眠", ["根治"]),
        ("小猫好治愈，这束花也治愈", ["治愈"]),
    ],
)
def test_the_shipped_lists_find_what_the_law_names_and_leave_harmless_words(text: str, found: list[str]) -> None:
    ship_lists(by=TESTS)
    assert _excerpts(text, None) == found


def test_shipped_reasons_name_the_article_in_the_readers_language() -> None:
    ship_lists(by=TESTS)
    [english] = check_text("销量冠军", community=None)
    with translation.override("zh-hans"):
        [chinese] = check_text("销量冠军", community=None)
    assert (
        english.reason
        == "Advertising Law, article 9 (3): no terms such as “national-level”, “highest-level” or “best”."
    )
    assert chinese.reason == "《广告法》第九条第三项：广告不得使用“国家级”“最高级”“最佳”等用语。"
    assert (chinese.label, english.severity) == ("广告法禁用的绝对化用语", "stop")


def test_what_was_said_before_is_shown_with_how_like_it_is() -> None:
    text = "周五晚上八点，白玫瑰和满天星一起上架，老花友九折。"
    assert duplicates_of(text, against=[(7, f"🌹{text}"), (8, "明天下午三点集合。")]) == [Twin(7, 1.0)]

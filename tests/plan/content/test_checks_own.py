"""The advert mark, licences, and what a machine has made: found in their place, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.plan.content.checks import STOP, WARN, checks, look_over
from qunying.plan.content.checks_own import is_buying_link
from qunying.plan.content.models import Version
from qunying.plan.content.services import Draft, write_version
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.plan.content.models import Entry

pytestmark = pytest.mark.django_db


def found(entry: Entry, draft: Draft) -> list[tuple[str, int | None, str, str]]:
    version = write_version(entry, draft=draft, by=TESTS)
    return [(one.check_name, one.start, one.excerpt, one.severity) for one in look_over(version)]


@pytest.mark.parametrize(
    ("address", "buying"),
    [
        ("https://item.jd.com/100.html", True),
        ("https://JD.com/", True),
        ("https://notjd.com/", False),
        ("https://flowers.example/shop/tulip", True),
        ("https://flowers.example/shopping-guide", False),
        ("https://mp.weixin.qq.com/s/abc", False),
        ("https://flowers.example/order?id=3", True),
    ],
)
def test_a_buying_link_is_told_by_its_host_or_its_path(address: str, buying: bool) -> None:
    assert is_buying_link(address) == buying


def test_a_buying_link_without_the_mark_is_stopped_at_its_place(draft_entry: Entry) -> None:
    told = found(draft_entry, Draft("新品", words="看这里：https://item.jd.com/1.html，不错"))
    assert told == [("advert", 4, "https://item.jd.com/1.html", STOP)]


@pytest.mark.parametrize("words", ["【广告】看 https://item.jd.com/1.html", "广告：https://item.jd.com/1.html"])
def test_with_the_mark_at_the_beginning_nothing_is_found(draft_entry: Entry, words: str) -> None:
    assert found(draft_entry, Draft("新品", words=words)) == []


def test_a_link_beside_the_words_counts_and_words_that_ask_to_buy_are_only_told(draft_entry: Entry) -> None:
    draft = Draft("新品", words="今晚八点下单有礼", links=("https://item.jd.com/1.html",))
    assert found(draft_entry, draft) == [
        ("advert", None, "https://item.jd.com/1.html", STOP),
        ("advert", 4, "下单", WARN),
    ]


def test_a_quotation_without_its_right_is_found_where_it_stands(draft_entry: Entry) -> None:
    quotes = ({"words": "花未眠", "licence": ""}, {"words": "春", "licence": "作者同意"})
    assert found(draft_entry, Draft("题目", words="如川端说：花未眠", quotes=quotes)) == [
        ("licence", 5, "花未眠", STOP)
    ]


def test_what_a_machine_made_says_so(draft_entry: Entry) -> None:
    assert found(draft_entry, Draft("题目", words="一段话", ai_made=True)) == [("ai", None, "", STOP)]
    assert found(draft_entry, Draft("题目", words="一段话（AI生成）", ai_made=True)) == []


def test_a_later_look_replaces_what_an_earlier_one_found(draft_entry: Entry) -> None:
    found(draft_entry, Draft("题目", words="一段话", ai_made=True))
    version = Version.objects.latest("number")
    look_over(version)
    assert version.findings.count() == 1
    assert [check.name for check in checks()][:3] == ["advert", "licence", "ai"]

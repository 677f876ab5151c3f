"""Listed words are found in their place, and what was said lately is shown with its twin."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from qunying.plan.content.checks import STOP, WARN, look_over, stops_in
from qunying.plan.content.checks_words import LATELY
from qunying.plan.content.models import Version
from qunying.plan.content.services import Draft, write_version
from tests.support.cast import TESTS
from tests.support.content import make_entry
from tests.support.words import make_words

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
TULIPS = "郁金香到店了，颜色有红、黄、紫三种，今天下午三点以后都可以来店里挑，带上群昵称送包装纸。"


def found(entry: Entry, draft: Draft) -> list[tuple[str, int | None, str, str]]:
    version = write_version(entry, draft=draft, by=TESTS)
    return [(one.check_name, one.start, one.excerpt, one.severity) for one in look_over(version)]


def other(community: Community, words: str) -> Version:
    return write_version(make_entry(community), draft=Draft("上周的郁金香", words=words), by=TESTS)


def test_a_listed_word_is_found_where_it_stands(draft_entry: Entry, units: Units) -> None:
    words = make_words(units.shop, "亲亲")
    assert found(draft_entry, Draft("新品", words="各位亲亲，早")) == [("words", 2, "亲亲", words.severity)]


def test_in_the_title_too(draft_entry: Entry, units: Units) -> None:
    words = make_words(units.shop, "亲亲")
    assert found(draft_entry, Draft("亲亲看", words="早")) == [("words", None, "亲亲", words.severity)]


def test_what_must_be_changed_stops_it(draft_entry: Entry, units: Units) -> None:
    make_words(units.shop, "亲亲", severity=STOP)
    version = write_version(draft_entry, draft=Draft("新品", words="亲亲"), by=TESTS)
    look_over(version)
    assert [one.severity for one in stops_in(version)] == [STOP]


def test_a_list_of_another_unit_says_nothing(draft_entry: Entry, units: Units) -> None:
    make_words(units.south, "亲亲")
    assert found(draft_entry, Draft("新品", words="各位亲亲，早")) == []


def test_what_was_said_lately_is_shown_with_its_twin(draft_entry: Entry, community: Community) -> None:
    other(community, TULIPS)
    assert found(draft_entry, Draft("郁金香", words=TULIPS)) == [("sameness", None, "上周的郁金香", WARN)]


def test_what_was_said_long_ago_may_be_said_again(draft_entry: Entry, community: Community) -> None:
    long_ago = timezone.now() - LATELY - timedelta(hours=1)
    Version.objects.filter(pk=other(community, TULIPS).pk).update(at=long_ago)
    assert found(draft_entry, Draft("郁金香", words=TULIPS)) == []


def test_its_own_older_words_are_no_twin(draft_entry: Entry) -> None:
    write_version(draft_entry, draft=Draft("郁金香", words=TULIPS), by=TESTS)
    assert found(draft_entry, Draft("郁金香来了", words=TULIPS)) == []

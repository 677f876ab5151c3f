"""The section `journeys`: checked, drafted, made into drafts, taken back, written out; and what ships in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone, translation

from qunying.do.journeys.models import Journey, Version
from qunying.do.journeys.playbook import amend, changed, check, draft, export, make, plain_of, remove
from qunying.do.journeys.reading import read_definition
from qunying.do.journeys.services import write_version
from qunying.do.journeys.wayfinding import way_of
from qunying.kit.errors import QunyingError
from qunying.plan.playbooks.lint import check_items
from qunying.plan.playbooks.sections import Occasion
from qunying.plan.playbooks.shelf import playbook_named
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.sections import Item, Made

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
WORDS = {"zh": "欢迎{name}", "en": "Welcome, {name}"}
HELLO: Item = {
    "key": "welcome", "title": {"zh": "迎新", "en": "Welcome"},
    "steps": [{"id": "hello", "do": "welcome", "words": WORDS}, {"id": "day", "do": "wait", "days": 2}],
}  # fmt: skip


def made_in(community: Community, *items: Item) -> list[Made]:
    occasion = Occasion(community, TODAY, "book", "小方案", 7)
    return make(draft(list(items), occasion), occasion, by=TESTS)


def test_items_are_checked_step_by_step() -> None:
    wrong = HELLO | {"steps": [*HELLO["steps"], {"id": "more", "do": "again", "to": "later"}]}
    assert [(one.path, one.message) for one in check([HELLO, wrong])] == [
        ((1, "steps", 2), "Step “more”: It leads back to “later”, which does not stand before it.")
    ]
    assert check_items("journeys", [HELLO]) == []
    assert [fault.path for fault in check_items("journeys", [HELLO | {"steps": []}])] == [(0, "steps")]


def test_a_line_tells_what_sets_it_off_and_how_long_it_is(community: Community) -> None:
    [line] = draft([HELLO], Occasion(community, TODAY))
    assert (line.title, line.detail) == ("Welcome", "When somebody joins · 2 steps · over 2 days")


def test_journeys_come_as_drafts_and_go_untouched_but_stay_once_somebody_wrote_on(
    community: Community, specialist: Staff
) -> None:
    with translation.override("zh-hans"):
        made = made_in(community, HELLO, HELLO | {"key": "second"})
    journey = Journey.objects.get(key="welcome")
    version = journey.versions.get()
    assert (journey.name, journey.state, version.definition["steps"][0]["words"]) == ("迎新", "draft", "欢迎{name}")
    with pytest.raises(QunyingError, match="has a journey “welcome”"):
        made_in(community, HELLO)
    write_version(journey, definition=version.definition | {"again": 9}, by=specialist)
    assert changed(made, community) == {"welcome": "Its steps were changed since."}
    remove(made, community, by=TESTS)
    assert list(Journey.objects.values_list("key", flat=True)) == ["welcome"]


def test_a_newer_version_of_the_playbook_writes_an_untouched_draft_anew(community: Community) -> None:
    [made] = made_in(community, HELLO)
    occasion = Occasion(community, TODAY)
    [line] = draft([HELLO | {"again": 30}], occasion)
    newer = amend(line, made, occasion, by=TESTS)
    assert (Version.objects.get().definition["again"], changed([newer], community)) == (30, {})


def test_what_stands_is_written_out_unless_it_speaks_of_numbers_of_this_installation(community: Community) -> None:
    made_in(community, HELLO, HELLO | {"key": "here", "trigger": {"on": "joined", "groups": [3]}})
    [item] = export(community, TODAY)
    assert item["key"] == "welcome"
    assert read_definition(plain_of(item)) == read_definition(plain_of(HELLO))


@pytest.mark.parametrize("name", ["process", "club-150"])
def test_the_welcome_of_three_seven_and_fourteen_days_ships(name: str) -> None:
    found = playbook_named(name)
    item = next(one for one in found.content["journeys"] if one["key"] == "welcome")
    way = way_of(read_definition(plain_of(item)))
    days, reached, step = 0, {}, way.first
    while step is not None:
        reached[step] = days
        days += getattr(way.steps[step], "days", 0) if way.steps[step].do == "wait" else 0
        step = way.after[step]
    assert reached == {
        "hello": 0, "day-1": 0, "greet": 1, "day-2": 1, "known": 2, "day-4": 2, "best-1": 4, "day-8": 4, "best-2": 8,
        "day-10": 8, "best-3": 10, "day-13": 10, "topic-1": 13, "day-17": 13, "topic-2": 17, "day-21": 17,
        "topic-3": 21, "day-24": 21, "settled": 24,
    }  # fmt: skip

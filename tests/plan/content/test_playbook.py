"""The section `calendar`: checked, drafted, made into rules and themes, taken back, written out."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from qunying.kit.errors import QunyingError
from qunying.plan.content.models import Cadence, Entry, Theme
from qunying.plan.content.playbook import SCHEMA, changed, check, draft, export, make, remove
from qunying.plan.content.services import Draft, write_version
from qunying.plan.playbooks.exports import export_playbook
from qunying.plan.playbooks.lint import check_items
from qunying.plan.playbooks.sections import Occasion
from qunying.plan.playbooks.services import apply_at_once, undo_playbook
from qunying.plan.playbooks.shelf import playbook_named
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.playbooks.sections import Item, Made

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=ZoneInfo("Asia/Shanghai"))
TOPIC: Item = {"key": "daily", "title": {"zh": "每日话题", "en": "Daily topic"}, "every": "1d", "share": "40%"}
SALON: Item = {
    "key": "salon", "title": {"zh": "周五沙龙"}, "every": "1w", "on": "friday", "at": "19:30",
    "theme": {"zh": "故事", "en": "Stories"}, "share": "30%", "form": "live", "owner": "specialist",
}  # fmt: skip


def occasion(community: Community) -> Occasion:
    return Occasion(community, TODAY, "book", "小方案", 7)


def made_in(community: Community, *items: Item) -> list[Made]:
    return make(draft(list(items), occasion(community)), occasion(community), by=TESTS)


def test_items_are_checked_one_by_one_and_together() -> None:
    wrong = [TOPIC | {"every": "0d"}, SALON | {"share": "70%"}]
    assert [(one.path, one.message[:12]) for one in check(wrong)] == [
        ((0, "every"), "It comes aft"),
        ((1, "share"), "Up to here t"),
    ]
    assert check_items("calendar", [TOPIC, SALON]) == []
    faults = check_items("calendar", [TOPIC | {"at": "25:00"}, SALON | {"form": "opera"}, {"key": "x", "title": "y"}])
    assert {fault.path[:2] for fault in faults} == {(0, "at"), (1, "form"), (2,)}
    assert SCHEMA["required"] == ["key", "title", "every"]


def test_a_line_tells_rhythm_theme_share_and_whose_it_is(community: Community) -> None:
    lines = draft([TOPIC, SALON], occasion(community))
    assert [(line.title, line.detail) for line in lines] == [
        ("Daily topic", "every 1 day · 40%"),
        ("周五沙龙", "every 1 week · on a Friday · 19:30 · Stories · 30% · Live · Specialist"),
    ]


def test_rules_come_with_their_themes_and_four_weeks_of_topics(community: Community, specialist: Staff) -> None:
    made_in(community, TOPIC, SALON)
    assert list(Theme.objects.values_list("name", "name_en", "share")) == [
        ("每日话题", "Daily topic", 40), ("故事", "Stories", 30),
    ]  # fmt: skip
    salon = Entry.objects.filter(cadence__key="salon").order_by("slot_day")
    assert {(one.slot_day.weekday(), one.slot_time, one.form, one.owner) for one in salon if one.slot_day} == {
        (4, time(19, 30), "live", specialist)
    }
    assert Entry.objects.filter(cadence__key="daily").count() == 29
    with pytest.raises(QunyingError, match="has a rule “daily”"):
        made_in(community, TOPIC)


def test_shares_that_stand_already_are_kept_and_nothing_passes_the_whole(community: Community) -> None:
    Theme.objects.create(community=community, name="故事", share=80)
    made_in(community, TOPIC, SALON)
    assert dict(Theme.objects.values_list("name", "share")) == {"故事": 80, "每日话题": None}


def test_undoing_ends_the_rules_and_leaves_what_people_wrote(community: Community, specialist: Staff) -> None:
    made = made_in(community, TOPIC, SALON)
    first = Entry.objects.filter(cadence__key="salon").earliest("slot_day")
    write_version(first, draft=Draft("周五沙龙", words="这一期聊郁金香"), by=specialist)
    assert changed(made, community) == {"salon": "Topics people have worked on stay; no new ones come."}
    remove(made, community, by=TESTS)
    assert list(Entry.objects.all()) == [first]
    assert not Cadence.objects.filter(ended_at=None).exists()


def test_rules_are_written_out_as_they_came(community: Community) -> None:
    made_in(community, TOPIC, SALON)
    assert export(community, TODAY) == [TOPIC, SALON]


@pytest.mark.parametrize("name", ["club-150", "process", "precision"])
def test_the_calendars_of_shipped_playbooks_live_and_are_taken_back(community: Community, name: str) -> None:
    application = apply_at_once(community, playbook=playbook_named(name), start=TODAY, by=TESTS)
    assert list(Cadence.objects.values_list("key", flat=True)) == ["daily-topic", "weekly-salon", "monthly-resources"]
    assert sum(share or 0 for share in Theme.objects.values_list("share", flat=True)) == 100
    assert "calendar:" in export_playbook(community, today=date.fromisoformat(str(TODAY)))
    undo_playbook(application, by=TESTS)
    assert not Entry.objects.exists()

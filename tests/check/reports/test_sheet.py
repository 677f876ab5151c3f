from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from qunying.check.reports.sheet import make_sheet
from qunying.ground.figures.catalogue import metric_named

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


def test_it_reads_as_a_manager_would_write_it(shop: Stage) -> None:
    with translation.override("zh-hans"):
        sheet = make_sheet(shop.report("2026-W10", names=True))
    assert (sheet.title, sheet.community, sheet.period) == ("社群周报", "花友会", "2026年第10周")
    assert sheet.days == "2026年3月2日 周一 至 2026年3月8日 周日"
    assert sheet.points == ["本周结束时有2人在群，上周没有数据可比。", "之前完整的不足3周，还谈不上什么异常。"]
    assert [section.title for section in sheet.sections] == [
        "目标完成情况",
        "有什么变化，可能和什么有关",
        "谁来了，谁走了？",
        "有多少人参与？",
        "哪几天热闹？",
        "新来的人留下了吗？",
        "买了多少？",
        "问题",
        "建议",
        "已作的决定",
        "下一期：2026年第11周",
        "全部指标",
    ]
    assert sheet.sections[2].sentences == ["新来3人，离开1人，净变化+2人。", "新来：小丽、小美、阿强。", "离开：小丽。"]
    assert sheet.sections[6].sentences == [
        "1人下了1单，上周没有数据可比。",
        "成交额¥66.00，上周没有数据可比；客单价¥66.00。",
    ]
    assert [picture.title for picture in sheet.sections[6].pictures] == ["每天的订单"]


def test_it_reads_in_english_too(shop: Stage) -> None:
    sheet = make_sheet(shop.report("2026-W10"))
    assert sheet.points[0] == "2 members at the end of the week, nothing to compare with the week before."
    assert sheet.sections[2].sentences == ["3 came and 1 left, which makes +2."]


def test_every_figure_shown_has_its_definition(shop: Stage) -> None:
    sheet = make_sheet(shop.report("2026-W10"))
    asked = {line.metric.name for line in shop.report("2026-W10").lines.values()}
    names = (
        *("members_present", "joins", "leaves", "churn_rate", "active_members", "active_rate", "messages"),
        *("interactions", "daily_speakers", "orders", "buyers", "revenue", "order_value", "cohorts"),
    )
    assert [one.text for one in sheet.definitions] == [str(metric_named(name).definition) for name in names]
    assert [one.term for one in sheet.definitions[4:7]] == [
        "Members seen, Members who interacted, Members who spoke (Active members)",
        "Share seen, Share that interacted, Share that spoke (Activity rate)",
        "Messages",
    ]
    assert asked | {"cohorts"} == set(names)


def test_a_rate_shows_its_parts_and_is_grey_when_few_stand_behind_it(shop: Stage) -> None:
    card = make_sheet(shop.report("2026-W10")).cards[2]
    assert (card.label, card.value, card.small) == ("Share seen", "87.5%", True)
    assert card.note == "2 / 2.3: few people, read with care"


def test_simulated_data_say_so_on_top(shop: Stage, community: Community) -> None:
    assert make_sheet(shop.report("2026-W10")).simulated == ""
    type(community).objects.update(simulated=True)
    shop.community.refresh_from_db()
    assert make_sheet(shop.report("2026-W10")).simulated.startswith("Simulated data")


def test_a_week_without_records_says_so_and_where_they_are(shop: Stage) -> None:
    sheet = make_sheet(shop.report("2019-W10"))
    assert sheet.marks == [
        "Nothing is recorded of this week. The records of this community reach from Mon 2 Mar 2026 to Wed 4 Mar 2026."
    ]
    assert (sheet.points, sheet.cards, sheet.sections) == ([], [], [])


def test_a_community_without_records_says_what_to_do(stage: Stage) -> None:
    assert make_sheet(stage.report("2026-W10")).marks == [
        "Nothing is recorded of this community yet. Import its history first, then make the report."
    ]


def test_a_week_in_which_the_records_begin_and_end_says_so(stage: Stage) -> None:
    stage.speak("2026-03-04", people=2)
    assert make_sheet(stage.report("2026-W10")).marks == [
        (
            "The last record of this community is of Wed 4 Mar 2026: "
            "the rest of the week is not known, or nothing happened."
        ),
        "The records of this community begin on Wed 4 Mar 2026, so this is not a whole week.",
    ]


def test_a_running_week_says_which_days_count(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.speak("2026-02-02", people=2)
    stage.speak("2026-03-02", people=2)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda **_zone: date(2026, 3, 4))
    assert make_sheet(stage.report("2026-W10")).marks == [
        "The week is not over: counted are the days up to Tue 3 Mar 2026, and the same days of earlier weeks."
    ]


def test_a_chat_without_a_member_list_never_claims_to_know_who_is_here(stage: Stage) -> None:
    stage.speak("2026-02-23", people=2)
    stage.speak("2026-03-02", people=3)
    sheet = make_sheet(stage.report("2026-W10"))
    assert sheet.points[0] == "3 people took part this week, up 1 on the week before; 3 have been seen so far."
    assert [card.label for card in sheet.cards] == [
        "Members seen",
        "Messages",
        "Seen for the first time",
        "People seen so far",
        "Speakers a day",
    ]
    figures = [row[0].text for row in sheet.sections[-1].tables[0].rows]
    assert [name for name in figures if "left" in name] == []

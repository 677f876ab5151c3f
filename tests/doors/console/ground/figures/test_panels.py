"""What the panels say of the little history, number by number."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict

from qunying.doors.console.ground.figures.layout import PAGES, PANELS
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.services import create_community, ensure_group
from qunying.ground.members.services import Who
from tests.doors.console.ground.figures.conftest import at
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qunying.doors.console.ground.figures.panel import Panel
    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

    Show = Callable[..., Panel]

JANUARY = "from=2026-01-05&to=2026-01-25"


@pytest.fixture
def show(choose: Callable[..., Choice], lead: Staff, history: Community) -> Show:
    """`show(panel, query)`: a panel of the flower shop over January."""

    def make(name: str, query: str = "", *, days: str = JANUARY) -> Panel:
        return PANELS[name](choose(lead, f"{days}&{query}", slug=history.slug), QueryDict(query))

    return make


def _cards(panel: Panel) -> dict[str, str]:
    return {card.label: card.value for card in panel.extra}


def _table(panel: Panel) -> list[list[str]]:
    return [[cell.text for cell in row] for row in panel.rows]


def test_every_panel_of_every_page_can_be_made(show: Show) -> None:
    names = {name for page in PAGES.values() for row in page.rows for name in row}
    assert {show(name).name for name in names} == names


def test_the_overview_has_five_key_figures(show: Show) -> None:
    assert _cards(show("overview-cards")) == {
        "Members present": "3",
        "Joins": "3",
        "Activity rate (Interacting)": "33.3%",
        "Messages": "23",
        "Revenue": "CN¥99.00",
    }


def test_a_card_says_how_few_people_a_share_rests_on(show: Show) -> None:
    card = show("overview-cards").extra[2]
    assert (card.note, card.small_n) == ("1 of 3: fewer than 30, read with care", True)


def test_a_card_compares_with_the_period_before(show: Show) -> None:
    card = show("overview-cards", days="from=2026-01-16&to=2026-01-25").extra[3]
    # 10 messages against 12: 小美 every day, 阿强 on the 6th and the 12th, both in the period before.
    assert (card.value, card.change, card.direction, card.tone) == ("10", "−16.7% vs the period before", "down", "bad")


def test_a_card_does_not_compare_with_days_before_the_first_fact(show: Show) -> None:
    assert show("overview-cards").extra[3].change == "no whole period before"


def test_a_card_compares_with_the_organisation(show: Show) -> None:
    card = show("overview-cards", days=f"{JANUARY}&compare=organisation").extra[3]
    assert card.change == "100.0% of the organisation"


def test_comparing_with_nothing_is_silent(show: Show) -> None:
    assert show("overview-cards", days=f"{JANUARY}&compare=off").extra[3].change == ""


def test_messages_are_drawn_day_by_day(show: Show) -> None:
    panel = show("overview-talk")
    assert panel.chart is not None
    assert panel.chart["series"][0]["values"] == [1, 2, 1, 1, 1, 1, 1, 2, *[1] * 13]
    assert panel.chart["series"][0]["addresses"][1].endswith("from=2026-01-06&to=2026-01-06")
    assert panel.summary == "Messages: 1.1 on average, at most 2 on Tue 6 Jan 2026."
    assert _table(panel)[-2:] == [["Tue 6 Jan 2026", "2"], ["Mon 5 Jan 2026", "1"]]


def test_the_period_before_is_the_second_line(show: Show) -> None:
    panel = show("overview-talk", days="from=2026-01-16&to=2026-01-25")
    assert panel.chart is not None
    assert panel.chart["compare"] == {"name": "Period before", "values": [2, 1, 1, 1, 1, 1, 2, 1, 1, 1][:10]}


def test_days_without_facts_say_so_instead_of_drawing(show: Show) -> None:
    panel = show("overview-talk", days="from=2025-01-05&to=2025-01-25")
    assert (panel.chart, panel.empty) == (None, "Nothing of this kind happened in these days.")


def test_who_stayed_counts_those_whose_day_is_over(show: Show) -> None:
    panel = show("retention-curve")
    rows = {row[0]: row[1:4] for row in _table(panel)}
    assert (rows["Day 1"], rows["Day 7"], rows["Day 20"], rows["Day 21"]) == (
        ["100.0%", "3", "3"],
        ["66.7%", "2", "3"],
        ["33.3%", "1", "3"],
        ["–", "0", "0"],
    )
    assert panel.note == "From day 1 on it rests on fewer than 30 people: dashed, read with care."


def test_a_return_can_be_counted_in_three_ways(show: Show) -> None:
    found = {mode: _table(show("retention-curve", f"mode={mode}"))[6][1] for mode in ("nday", "bounded", "rolling")}
    assert found == {"nday": "66.7%", "bounded": "100.0%", "rolling": "66.7%"}


def test_an_unknown_way_is_the_usual_one(show: Show) -> None:
    assert _table(show("retention-curve", "mode=nonsense")) == _table(show("retention-curve"))


def test_cohorts_hatch_what_is_not_over(show: Show) -> None:
    panel = show("retention-cohorts")
    first = panel.rows[0]
    assert [cell.text for cell in first] == ["5 Jan 2026", "3", "100%", "67%", "33%"]
    assert [cell.unfinished for cell in panel.rows[2]][2:3] == [False]
    assert all(cell.faint for cell in first[2:])
    assert first[3].title == "2 of 3"


def test_cohorts_by_month_are_not_over_before_the_month_is(show: Show) -> None:
    cells = show("retention-cohorts", "grain=month").rows[0]
    assert (cells[0].text, cells[2].unfinished, cells[2].text) == ("2026-01", True, "")


def test_the_life_cycle_stacks_states(show: Show) -> None:
    panel = show("lifecycle-stack")
    assert panel.chart is not None
    drawn = {one["name"]: one["values"] for one in panel.chart["series"]}
    # 小丽 is silent from the third week on but bought in the first; 阿强 speaks in weeks one and two.
    assert drawn == {
        "New": [3, 0, 0],
        "Returning": [0, 2, 1],
        "Resurrecting": [0, 0, 0],
        "Gone quiet": [0, -1, -1],
    }


def test_the_clock_has_its_numbers(show: Show) -> None:
    panel = show("overview-hours")
    monday = {cell.title: cell.text for cell in panel.rows[0][1:] if cell.text}
    assert monday == {
        "Mon, 12:00 to 13:00: 1": "1",
        "Mon, 13:00 to 14:00: 1": "1",
        "Mon, 20:00 to 21:00: 3": "3",
    }


def test_the_funnel_counts_steps_in_order(show: Show) -> None:
    panel = show("funnel-steps", "step=read&step=liked&step=ordered&window=168")
    assert _table(panel) == [
        ["Opened a message or an article", "1", "100.0%", "–", "–"],
        ["Liked a piece of content", "1", "100.0%", "100.0%", "24 hours"],
        ["Paid for an order, or for one line of it", "1", "100.0%", "100.0%", "4 days"],
    ]


def test_a_short_window_ends_the_funnel(show: Show) -> None:
    panel = show("funnel-steps", "step=read&step=liked&step=ordered&window=24")
    assert [row[1] for row in _table(panel)] == ["1", "1", "0"]


def test_a_funnel_nobody_entered_says_what_to_change(show: Show) -> None:
    assert show("funnel-steps", "step=complained&step=ordered").empty.startswith("Nobody took the first step")


def test_old_facts_ask_for_an_import(show: Show) -> None:
    assert show("overview-next").extra == [
        {
            "level": "notice",
            "icon": "file-import",
            "words": "Import the newest export, so that the figures reach to today.",
            "address": "/communities/flowers/imports/new/",
            "label": "Import",
        }
    ]


def test_orders_of_two_currencies_are_not_added(
    choose: Callable[..., Choice], units: Units, history: Community
) -> None:
    dollars = create_community("export", name="外贸群", unit=units.shop, by=TESTS, currency="USD")
    ensure_group(dollars, name="外贸一群", platform="wechat", by=TESTS)
    analyst = create_staff("analyst", name="分析", password=PASSWORD, by=TESTS)
    grant_role(analyst, role="analyst", unit=units.shop, by=TESTS)
    choice = choose(analyst, JANUARY)
    assert [card.label for card in PANELS["orders-cards"](choice, QueryDict()).extra] == [
        "Orders",
        "Buyers",
        "Repurchase rate",
    ]
    assert "different currencies" in PANELS["orders-revenue"](choice, QueryDict()).empty
    assert history.pk != dollars.pk


def test_a_fall_of_a_third_is_worth_a_look(show: Show, history: Community) -> None:
    group = history.groups.get()
    record(
        [
            Fact("spoke", at(date(2026, 1, 14), hour), ("loud", hour), who=Who("wechat", "aqiang"), group_id=group.pk)
            for hour in range(1, 9)
        ],
        community=history,
        source="tests",
    )
    first = show("overview-next", days="from=2026-01-16&to=2026-01-25").extra[0]
    assert (first["level"], first["words"]) == (
        "attention",
        "Messages fell by 50%. See on which days and in which grade activity was lost.",
    )


def test_more_leaving_than_joining_leads_to_retention(show: Show, history: Community) -> None:
    group = history.groups.get()
    gone = Fact("left", at(date(2026, 1, 20)), ("gone",), who=Who("wechat", "aqiang"), group_id=group.pk)
    record([gone], community=history, source="tests")
    steps = show("overview-next", days="from=2026-01-18&to=2026-01-25").extra
    assert steps[0]["words"] == "1 left and 0 joined. See after how many days newcomers are lost."
    assert steps[0]["address"].startswith("/communities/flowers/retention/?")


def test_what_was_never_recorded_has_no_number(choose: Callable[..., Choice], lead: Staff, units: Units) -> None:
    shop = create_community("records", name="唱片店", unit=units.shop, by=TESTS)
    days = [date(2026, 1, 5 + number % 20) for number in range(40)]
    facts = [
        Fact("ordered", at(day, 0), (number,), who=Who("wechat", f"k{number}"), amount=100, object_id=str(number))
        for number, day in enumerate(days)
    ]
    record(facts, community=shop, source="test")
    choice = choose(lead, JANUARY, slug="records")
    cards = {card.label: (card.value, card.note) for card in PANELS["overview-cards"](choice, QueryDict("")).extra}
    assert cards["Activity rate (Interacting)"] == ("–", "No reaction was ever recorded")
    assert cards["Messages"] == ("–", "No message was ever recorded")
    assert cards["Members present"] == ("40", "Everyone seen so far: no coming or going is recorded")
    hours = PANELS["overview-hours"](choice, QueryDict(""))
    assert (hours.summary, hours.empty) == (
        "",
        "Only days were recorded here, no times of day, so the hours cannot be told.",
    )


def _orders(community: Community) -> None:
    facts = [
        Fact(
            "ordered", at(date(2026, 1, day), 13), (day, who), who=Who("shop", who), amount=900, object_id=f"{day}{who}"
        )
        for day in (6, 7, 8, 20)
        for who in ("甲", "乙")
    ]
    record(facts, community=community, source="tests")


def test_what_was_never_recorded_is_no_flat_line_at_zero(
    choose: Callable[..., Choice], lead: Staff, community: Community
) -> None:
    _orders(community)
    choice = choose(lead, JANUARY, slug=community.slug)
    grades = PANELS["activity-grades"](choice, QueryDict())
    assert [line["name"] for line in (grades.chart or {})["series"]] == ["Seen"]
    assert (len(grades.columns), len(grades.rows[0])) == (2, 2)
    assert grades.note.endswith(
        "“Interacting” is not drawn: nothing of it was ever recorded here. "
        "“Speaking” is not drawn: nothing of it was ever recorded here."
    )
    never = "No message was ever recorded here, so this cannot be counted. Import the chat first."
    hours, messages = (PANELS[name](choice, QueryDict()) for name in ("activity-hours", "activity-messages"))
    assert (hours.empty, messages.empty) == (never, never)


def test_a_quiet_time_of_what_is_recorded_is_still_drawn_at_zero(show: Show) -> None:
    grades = show("activity-grades", days="from=2026-01-20&to=2026-01-22")
    assert [line["name"] for line in (grades.chart or {})["series"]] == ["Seen", "Interacting", "Speaking"]


def test_a_shop_of_orders_alone_says_that_staying_is_buying_again(
    choose: Callable[..., Choice], lead: Staff, community: Community
) -> None:
    _orders(community)
    choice = choose(lead, JANUARY, slug=community.slug)
    words = "Only orders are recorded here: people count as coming with their first, and as back when they buy again."
    panels = ("overview-stayed", "retention-curve", "retention-cohorts")
    assert [PANELS[name](choice, QueryDict()).note.endswith(words) for name in panels] == [True, True, True]

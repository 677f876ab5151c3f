"""Every panel by name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qunying.doors.console.ground.figures.asking import ask
from qunying.doors.console.ground.figures.cards import Card, make_card
from qunying.doors.console.ground.figures.cycle import cycle_cards, cycle_panel
from qunying.doors.console.ground.figures.fleet import fleet_line
from qunying.doors.console.ground.figures.heat import hours_panel
from qunying.doors.console.ground.figures.panel import Panel
from qunying.doors.console.ground.figures.plans import alerts_step, goals_panel, suggestions_step
from qunying.doors.console.ground.figures.series import Line, line_panel
from qunying.doors.console.ground.figures.staying import cohorts_panel, curve_panel, longer, retention_cards
from qunying.doors.console.ground.figures.steps import funnel_panel
from qunying.doors.console.ground.figures.words import GRADES, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import QueryDict

    from qunying.doors.console.ground.figures.scope import Choice

    Make = Callable[[Choice, QueryDict], Panel]

PANELS: dict[str, Make] = {}


def panel(name: str) -> Callable[[Make], Make]:
    """Put the decorated function under this name."""

    def add(make: Make) -> Make:
        PANELS[name] = make
        return make

    return add


def cards_panel(name: str, cards: list[Card]) -> Panel:
    """A row of key figures."""
    return Panel(name, "", "", kind="cards", extra=cards)


@panel("overview-cards")
def overview_cards(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Who is here, who came, who does something, how much is said, what is bought."""
    cards = [
        make_card(choice, "members_present"),
        make_card(choice, "joins"),
        make_card(choice, "active_rate", grade="interactive"),
        make_card(choice, "messages"),
    ]
    sells = choice.currency and ask(choice, "orders").value
    cards.append(make_card(choice, "revenue") if sells else make_card(choice, "churn_rate"))
    return cards_panel("overview-cards", cards)


@panel("overview-goals")
def overview_goals(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """The goals that run now, and the stage of life."""
    return goals_panel(choice)


@panel("overview-talk")
def overview_talk(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Messages over time."""
    return line_panel(choice, "overview-talk", _("Is the conversation going up or down?"), [_line("messages")])


@panel("overview-hours")
def overview_hours(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """The week as a heat map."""
    return hours_panel(choice, "overview-hours", _("When are people here?"), grade="seen")


@panel("activity-cards")
def activity_cards(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Three grades, stickiness, interactions."""
    cards = [make_card(choice, "active_rate", grade=grade) for grade in GRADES]
    cards += [make_card(choice, "stickiness"), make_card(choice, "interactions")]
    return cards_panel("activity-cards", cards)


@panel("activity-grades")
def activity_grades(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Active members by day in three grades."""
    lines = [Line("dau", str(label), {"grade": grade}) for grade, label in GRADES.items()]
    return line_panel(choice, "activity-grades", _("How many look in, join in, speak up each day?"), lines)


@panel("activity-rolling")
def activity_rolling(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """DAU, WAU and MAU on rolling windows."""
    lines = [_line("dau"), _line("wau"), _line("mau")]
    return line_panel(choice, "activity-rolling", _("How many people are active in 1, 7 and 30 days?"), lines)


@panel("activity-messages")
def activity_messages(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Messages over time."""
    return line_panel(choice, "activity-messages", _("How much is said?"), [_line("messages")])


@panel("activity-interactions")
def activity_interactions(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Interactions over time."""
    return line_panel(
        choice, "activity-interactions", _("How much is reacted, liked, checked in?"), [_line("interactions")]
    )


@panel("activity-speakers")
def activity_speakers(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Speakers over time."""
    return line_panel(choice, "activity-speakers", _("How many people speak?"), [_line("daily_speakers")])


@panel("activity-hours")
def activity_hours(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """The week as a heat map, messages only."""
    return hours_panel(choice, "activity-hours", _("When do people speak?"), grade="speaking")


@panel("orders-cards")
def orders_cards(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Orders, buyers, revenue, money an order, bought again."""
    names = ["orders", "buyers", "repurchase_rate"]
    if choice.currency:
        names[2:2] = ["revenue", "order_value"]
    return cards_panel("orders-cards", [make_card(choice, name) for name in names])


@panel("orders-revenue")
def orders_revenue(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Money over time; where communities take different money there is no sum."""
    title = _("How much money comes in?")
    if choice.currency is None:
        words = _(
            "These communities take different currencies, so their money cannot be added up. Choose one community."
        )
        return Panel("orders-revenue", title, "", empty=words)
    return line_panel(choice, "orders-revenue", title, [_line("revenue")], kind="bar")


@panel("orders-count")
def orders_count(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Orders over time."""
    return line_panel(choice, "orders-count", _("How many orders come in?"), [_line("orders")], kind="bar")


@panel("orders-buyers")
def orders_buyers(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Buyers over time."""
    return line_panel(choice, "orders-buyers", _("How many people buy?"), [_line("buyers")])


@panel("overview-next")
def overview_next(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """What to look at next: what waits for somebody, then what the figures say."""
    found = (alerts_step(choice), suggestions_step(choice), _quiet(choice), _losing(choice), _old(choice))
    steps = [step for step in found if step]
    return Panel("overview-next", _("What to do next"), "", kind="next", extra=steps)


def _quiet(choice: Choice) -> dict[str, str] | None:
    """A talk that fell by a third or more."""
    if not choice.comparable:
        return None
    now, before = ask(choice, "messages").value, ask(_earlier(choice), "messages").value
    if not now or not before or now > before * 2 / 3:
        return None
    words = _("Messages fell by %(share)s. See on which days and in which grade activity was lost.") % {
        "share": f"{(1 - now / before) * 100:.0f}%"
    }
    return {
        "level": "attention",
        "icon": "trending-down",
        "words": words,
        "address": choice.address("activity"),
        "label": _("Activity"),
    }


def _losing(choice: Choice) -> dict[str, str] | None:
    """More leaving than joining."""
    left, joined = ask(choice, "leaves").value or 0, ask(choice, "joins").value or 0
    if left <= joined:
        return None
    words = _("%(left)s left and %(joined)s joined. See after how many days newcomers are lost.") % {
        "left": left,
        "joined": joined,
    }
    return {
        "level": "attention",
        "icon": "user-minus",
        "words": words,
        "address": choice.address("retention"),
        "label": _("Retention"),
    }


def _old(choice: Choice) -> dict[str, str] | None:
    """Facts that end long ago."""
    address = import_address(choice)
    words = _("Import the newest export, so that the figures reach to today.")
    if not address or (choice.today - choice.reach.last).days < 3:  # noqa: PLR2004 - three days without a fact
        return None
    return {"level": "notice", "icon": "file-import", "words": words, "address": address, "label": _("Import")}


def import_address(choice: Choice) -> str:
    """The page where files are brought in for the open community; '' where there is none."""
    if choice.community is None:
        return ""
    try:
        return reverse("import_new", args=(choice.community.slug,))
    except NoReverseMatch:
        return ""


def _earlier(choice: Choice) -> Choice:
    return replace(choice, period=choice.period.previous)


@panel("overview-stayed")
def overview_stayed(choice: Choice, query: Mapping[str, str]) -> Panel:
    """The retention curve of at least 90 days of newcomers."""
    return curve_panel(longer(choice), query, name="overview-stayed", title=_("Who stayed?"), switches=False)


@panel("retention-cards")
def retention_days(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """Day 1, 7 and 30."""
    return cards_panel("retention-cards", retention_cards(choice))


@panel("retention-curve")
def retention_curve(choice: Choice, query: Mapping[str, str]) -> Panel:
    """The curve in the three ways of counting a return."""
    return curve_panel(choice, query, name="retention-curve", title=_("Who stayed?"), switches=True)


@panel("retention-cohorts")
def retention_cohorts(choice: Choice, query: Mapping[str, str]) -> Panel:
    """The triangle."""
    return cohorts_panel(choice, query, name="retention-cohorts")


@panel("lifecycle-cards")
def lifecycle_cards(choice: Choice, query: Mapping[str, str]) -> Panel:
    """The four states of the last interval that is over."""
    return cards_panel("lifecycle-cards", cycle_cards(choice, query))


@panel("lifecycle-stack")
def lifecycle_stack(choice: Choice, query: Mapping[str, str]) -> Panel:
    """The four states over time."""
    return cycle_panel(choice, query, name="lifecycle-stack")


@panel("lifecycle-presence")
def lifecycle_presence(choice: Choice, _query: Mapping[str, str]) -> Panel:
    """How many are here."""
    return line_panel(choice, "lifecycle-presence", _("Is the community growing?"), [_line("members_present")])


@panel("funnel-steps")
def funnel_steps(choice: Choice, query: QueryDict) -> Panel:
    """The ladder."""
    return funnel_panel(choice, query, name="funnel-steps")


PANELS["fleet-line"] = fleet_line


def _line(metric: str) -> Line:
    return Line(metric, shown(metric).label)

"""The overview and the figure pages in a real browser: no error, no breach of the policy, no sideways scroll."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.services import create_community, ensure_group
from qunying.ground.members.services import Who
from qunying.ground.warehouse.services import catch_up
from tests.support.browser import LAPTOP, PHONE, until
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db(transaction=True)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WEEKS = 14
KINDS = ("spoke", "spoke", "spoke", "read", "read", "reacted", "liked", "commented", "checked_in", "signed_up")
NAMES = ("小美", "阿强", "小丽", "大伟", "晓燕", "Lily", "老周", "花花")
DESK = (1440, 900)
PAGES = {
    "overview": "",
    "activity": "activity/",
    "retention": "retention/",
    "funnel": "funnel/",
    "lifecycle": "lifecycle/",
    "orders": "orders/",
}


def _life(number: int, chance: random.Random, group_id: int) -> Iterator[Fact]:
    """The days of one member: keen at first, then less and less."""
    who = Who("wechat", f"m{number}", f"{NAMES[number % len(NAMES)]}{number}")
    joined = BEGIN + timedelta(days=chance.randrange(WEEKS * 7), hours=chance.randrange(2, 12))
    yield Fact(
        "joined", joined, ("j", number), who=who, group_id=group_id, channel_key=chance.choice(["poster", "friend"])
    )
    day = joined
    while day < BEGIN + timedelta(days=WEEKS * 7):
        age = (day - joined).days
        if chance.random() < 0.15 + 0.5 / (1 + age / 7):
            for ordinal in range(chance.randrange(1, 4)):
                at = day.replace(hour=chance.choice([1, 4, 9, 12, 12, 13]), minute=chance.randrange(60))
                if at > joined:
                    key = ("a", number, day.isoformat(), ordinal)
                    yield Fact(chance.choice(KINDS), at, key, who=who, group_id=group_id)
        if chance.random() < 0.02 and age:
            key = ("o", number, day.isoformat())
            amount = chance.randrange(1990, 29900)
            yield Fact(
                "ordered", day, key, who=who, group_id=group_id, amount=amount, object_type="order", object_id=str(key)
            )
        day += timedelta(days=1)


@pytest.fixture
def garden(community: Community) -> Community:
    """The flower shop's community with fourteen weeks of sixty members, simulated."""
    group = ensure_group(community, name="花友一群", platform="wechat", by=TESTS)
    chance = random.Random(20260105)
    facts = [fact for number in range(60) for fact in _life(number, chance, group.pk)]
    record(sorted(facts, key=lambda fact: fact.occurred_at), community=community, source="tests")
    type(community).objects.filter(pk=community.pk).update(simulated=True)
    catch_up()
    return community


def _counted(page: Page) -> None:
    """Wait until every panel of the page is there and every chart drawn."""
    until(page, "() => !document.querySelector('.panel-slot .loading')")
    until(page, "() => [...document.querySelectorAll('[data-chart]')].every((box) => box.dataset.drawn === 'yes')")


def test_signing_in_leads_to_today(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page("/")
    page.fill("input[name=login]", lead.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.locator(".person summary").wait_for()
    assert page.locator("h1").inner_text().startswith("今日")
    page.goto("/overview/")
    _counted(page)
    assert page.locator("h1").inner_text() == "全部社群"
    assert page.get_by_role("link", name="花友会").count() == 1
    assert garden.slug == "flowers"


@pytest.mark.once
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), ("en", "dark")])
def test_each_page_is_clean_accessible_and_fits(
    open_page: OpenPage,
    lead: Staff,
    garden: Community,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
    name: str,
    language: str,
    theme: str,
) -> None:
    address = f"/communities/{garden.slug}/{PAGES[name]}"
    for size, width in (("desktop", DESK), ("phone", PHONE)):
        page = open_page(address, staff=lead, language=language, theme=theme, viewport=width)
        _counted(page)
        snap(page, f"figures-{name}-{size}-{language}-{theme}")
        assert_fits(page)
        assert_accessible(page)


def test_the_organisation_at_a_glance(
    open_page: OpenPage,
    director: Staff,
    garden: Community,
    other_community: Community,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = open_page("/overview/", staff=director, viewport=(1440, 1800))
    _counted(page)
    until(page, "() => !document.querySelector('.fleet .waits')")
    snap(page, "figures-organisation-desktop-zh-hans-light")
    assert_accessible(page)
    row = page.locator(".fleet tr", has=page.get_by_role("link", name=garden.name))
    assert row.locator("td").count() == 5
    assert (
        page.locator(".fleet tr", has=page.get_by_role("link", name=other_community.name))
        .inner_text()
        .endswith("还没有历史记录")
    )


def test_a_number_opens_onto_the_people_behind_it(
    open_page: OpenPage,
    lead: Staff,
    garden: Community,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    page = open_page(f"/communities/{garden.slug}/retention/", staff=lead, viewport=DESK)
    _counted(page)
    page.locator(".key-figure").first.click()
    drawer = page.locator("#drawer")
    drawer.get_by_text("威尔逊区间").wait_for()
    snap(page, "figures-drawer-desktop-zh-hans-light")
    assert_accessible(page)
    assert drawer.locator(".faces a").count() == 20
    drawer.get_by_role("link", name="下一页").click()
    drawer.get_by_role("link", name="上一页").wait_for()
    name = drawer.locator(".faces a").first.inner_text()
    drawer.locator(".faces a").first.click()
    page.wait_for_url("**/members/*/")
    assert name.strip() in page.locator("main").inner_text()


@pytest.mark.once
def test_the_drawer_closes_and_gives_the_focus_back(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page(f"/communities/{garden.slug}/", staff=lead)
    _counted(page)
    card = page.locator(".key-figure").first
    card.focus()
    card.press("Enter")
    page.locator("#drawer .facts").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#drawer").get_attribute("open") is None
    assert page.evaluate("document.activeElement.className") == "card key-figure"


def test_a_point_of_a_chart_opens_its_day(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page(f"/communities/{garden.slug}/orders/?from=2026-03-01&to=2026-03-28", staff=lead, viewport=DESK)
    _counted(page)
    box = page.locator("[data-chart=data-orders-revenue]")
    box.scroll_into_view_if_needed()
    place = page.evaluate(
        """() => {
          const box = document.querySelector('[data-chart=data-orders-revenue]');
          const chart = echarts.getInstanceByDom(box);
          const values = JSON.parse(document.getElementById('data-orders-revenue').textContent).series[0].values;
          const at = values.indexOf(Math.max(...values));
          const [x, y] = chart.convertToPixel({ seriesIndex: 0 }, [at, values[at] / 2]);
          const where = box.getBoundingClientRect();
          return [where.x + x, where.y + y];
        }"""
    )
    page.mouse.click(*place)
    page.locator("#drawer .faces a").first.wait_for()
    assert page.locator("#drawer-body h2").inner_text() == page.locator(".key-figure-label").nth(2).inner_text()


@pytest.mark.once
def test_a_table_stands_behind_every_chart(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page(f"/communities/{garden.slug}/activity/", staff=lead, viewport=DESK)
    _counted(page)
    charts, tables = page.locator("[data-chart]").count(), page.locator(".panel-table").count()
    assert charts == tables == 5
    page.locator(".panel-table summary").first.click()
    assert page.locator(".panel-table").first.locator("tbody tr").count() == 28


def test_a_way_of_counting_swaps_its_panel_alone(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page(f"/communities/{garden.slug}/retention/", staff=lead, viewport=DESK)
    _counted(page)
    before = page.locator("#summary-retention-curve").inner_text()
    page.get_by_role("link", name="当天或以后回来").click()
    until(page, "(was) => document.getElementById('summary-retention-curve')?.innerText !== was", arg=before)
    _counted(page)
    assert page.url.endswith("/retention/")
    assert page.locator("[aria-current=true]", has_text="当天或以后回来").count() == 1


def test_steps_of_a_funnel_are_chosen(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page(f"/communities/{garden.slug}/funnel/", staff=lead, viewport=DESK)
    _counted(page)
    page.get_by_label("第1步").select_option("spoke")
    page.get_by_label("第2步").select_option("ordered")
    for step in ("第3步", "第4步"):
        page.get_by_label(step).select_option("")
    page.get_by_label("时限").select_option("720")
    page.locator(".funnel-form button").click()
    _counted(page)
    expect(page.locator(".funnel-step")).to_have_count(2)
    page.locator(".funnel-number a").last.click()
    page.locator("#drawer .faces a").first.wait_for()


def test_the_scope_is_chosen_and_stays_in_the_address(
    open_page: OpenPage, director: Staff, garden: Community, units: Units
) -> None:
    page = open_page("/activity/", staff=director, viewport=DESK)
    _counted(page)
    page.get_by_label("范围").select_option(f"community:{garden.slug}")
    page.wait_for_url(f"**/communities/{garden.slug}/activity/**")
    _counted(page)
    page.get_by_role("link", name="90天").click()
    page.wait_for_url("**period=90d**")
    _counted(page)
    page.get_by_label("渠道").select_option("poster")
    page.wait_for_url("**channel=poster**")
    _counted(page)
    assert "period=90d" in page.url
    assert page.locator(".chip").inner_text().startswith("渠道：poster")
    page.locator(".menu").get_by_role("link", name="留存").click()
    page.wait_for_url("**/retention/**")
    assert "channel=poster" in page.url
    assert units.shop.pk


def test_days_of_ones_own(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page(f"/communities/{garden.slug}/", staff=lead, viewport=DESK)
    _counted(page)
    page.locator("summary.dates").click()
    page.fill("#from", "2026-02-01")
    page.fill("#to", "2026-02-07")
    page.locator(".dates-panel button").click()
    page.wait_for_url("**from=2026-02-01&to=2026-02-07**")
    _counted(page)
    assert "2026年2月1日" in page.locator("summary.dates").inner_text()


@pytest.mark.once
def test_light_dark_and_language_switch_and_stay(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page(f"/communities/{garden.slug}/", staff=lead)
    _counted(page)
    page.get_by_role("button", name="深色").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    _counted(page)
    page.get_by_role("button", name="EN").click()
    page.get_by_role("link", name="Retention").wait_for()
    _counted(page)
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.once
def test_auto_follows_the_system_before_the_first_paint(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page(f"/communities/{garden.slug}/retention/", staff=lead)
    page.get_by_role("button", name="跟随系统").click()
    page.wait_for_load_state()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        until(page, "wanted => document.documentElement.dataset.bsTheme === wanted", arg=scheme)
    _counted(page)


@pytest.mark.once
def test_the_menu_slides_in_on_a_phone(
    open_page: OpenPage, lead: Staff, garden: Community, snap: Callable[[Page, str], None]
) -> None:
    page = open_page(f"/communities/{garden.slug}/", staff=lead, viewport=PHONE)
    _counted(page)
    assert not page.get_by_role("link", name="留存").is_visible()
    page.get_by_role("button", name="打开菜单").click()
    page.get_by_role("link", name="留存").wait_for()
    page.wait_for_timeout(300)
    snap(page, "frame-menu-phone-zh-hans-light")
    page.keyboard.press("Escape")
    until(page, "() => getComputedStyle(document.getElementById('side')).visibility === 'hidden'")


@pytest.mark.once
def test_another_community_is_two_keys_away(
    open_page: OpenPage, director: Staff, garden: Community, other_community: Community
) -> None:
    page = open_page(f"/communities/{garden.slug}/", staff=director)
    _counted(page)
    page.locator(".switcher summary").click()
    page.keyboard.type("水果")
    page.locator("#switch-list").get_by_role("link", name=other_community.name).click()
    page.wait_for_url(f"**/communities/{other_community.slug}/")


@pytest.mark.once
def test_twice_the_size_does_not_scroll_sideways(
    open_page: OpenPage, lead: Staff, garden: Community, assert_fits: Callable[[Page], None]
) -> None:
    # 200 % zoom of a laptop is half its width in CSS pixels.
    page = open_page(f"/communities/{garden.slug}/retention/", staff=lead, viewport=(LAPTOP[0] // 2, LAPTOP[1] // 2))
    _counted(page)
    assert_fits(page)


@pytest.mark.once
def test_the_first_stop_of_the_keyboard_leads_to_the_content(
    open_page: OpenPage, lead: Staff, garden: Community
) -> None:
    page = open_page(f"/communities/{garden.slug}/", staff=lead)
    _counted(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.once
def test_an_empty_community_offers_the_first_step(
    open_page: OpenPage,
    lead: Staff,
    units: Units,
    snap: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    create_community("new", name="新开的群", unit=units.shop, by=TESTS)
    page = open_page("/communities/new/", staff=lead, viewport=DESK)
    snap(page, "figures-empty-desktop-zh-hans-light")
    assert_accessible(page)
    page.get_by_role("link", name="导入数据").click()
    page.wait_for_url("**/communities/new/imports/new/")


@pytest.mark.once
def test_a_page_is_light(open_page: OpenPage, lead: Staff, garden: Community) -> None:
    page = open_page(f"/communities/{garden.slug}/", staff=lead)
    _counted(page)
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)")
    static = [Path(finders.find(name.removeprefix("/static/"))) for name in names if name.startswith("/static/")]
    sent = [packed if (packed := path.with_name(f"{path.name}.gz")).exists() else path for path in static]
    others = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter((entry) => !entry.name.includes('/static/')).map((entry) => entry.transferSize)"
    )
    again = sum(others) + page.evaluate("performance.getEntriesByType('navigation')[0].transferSize")
    assert sum(path.stat().st_size for path in sent) + again < 1_500_000
    assert again < 100_000

"""The steps of docs/guide/zh walked on the example: what the guide says is there, is there.

With QUNYING_GUIDE=1 the pictures of the guide are made anew, in docs/guide/pictures; otherwise no file changes.
"""

from __future__ import annotations

import io
import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from qunying.act.suggestions.services import look_for_suggestions
from qunying.doors.demo.chain import SOUTH
from qunying.doors.demo.chain_making import ensure_chain, make_chain
from qunying.doors.demo.episodes import What, plan_episodes
from qunying.doors.demo.example import make_example
from qunying.doors.demo.people import LOCAL
from qunying.doors.demo.plan import Plan
from qunying.ground.access.services import create_staff, grant_role
from qunying.ground.units.models import Unit
from qunying.ground.warehouse.services import catch_up
from qunying.plan.schedule.services import add_work
from tests.support.cast import TESTS
from tests.support.home import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.browser import OpenPage

GUIDE = ROOT / "docs" / "guide"
PICTURES = GUIDE / "pictures"
DESK, HAND = (1280, 800), (390, 844)
_COLOURS = 128
_MOST_BYTES = 150_000
PLAN = Plan(timezone.now().astimezone(LOCAL).date(), days=150, members=400)


def _take(page: Page, name: str) -> None:
    """Keep what is seen as a picture of the guide, where pictures are asked for; light enough for a page."""
    if not os.environ.get("QUNYING_GUIDE"):
        return
    page.wait_for_timeout(900)
    whole = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = io.BytesIO()
    whole.quantize(_COLOURS).save(small, "PNG", optimize=True)
    assert small.tell() < _MOST_BYTES, f"{name} is too heavy: {small.tell()} bytes"
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(small.getvalue())


@pytest.fixture
def shop(transactional_db: None, tmp_path: Path) -> Community:
    """The flower shop of the example with its chain, and the looks of the nights around what happened in it."""
    community = make_example(PLAN, tmp_path / "shop", tell=lambda _name, _job: None)
    catch_up()
    ensure_chain()
    make_chain(PLAN, tmp_path / "chain", tell=lambda _name, _job: None)
    for episode in plan_episodes(PLAN):
        if episode.what is What.SILENT_GROUP:
            look_for_suggestions(community, by=TESTS, today=episode.first + timedelta(days=9))
    return community


@pytest.fixture
def owner(shop: Community) -> Staff:
    """The owner of the shop, who may do everything and has three things to do."""
    staff = create_staff("owner", name="王店长", password="correct horse battery", by=TESTS)
    grant_role(staff, role="director", unit=Unit.objects.get(pk=int(shop.unit.path.split("/")[0])), by=TESTS)
    for days, title in ((-1, "给新来的人发一段欢迎词"), (0, "回花友二群里的两个问题"), (1, "写下周手作课的通知")):
        add_work(title, place=shop, due=PLAN.today + timedelta(days=days), owner=staff, by=TESTS)
    return staff


def test_the_steps_of_the_guide_can_be_walked(open_page: OpenPage, shop: Community, owner: Staff) -> None:
    page = open_page("/", staff=owner, viewport=DESK)
    for word in ("今日", "计划", "检查", "改进", "社群与成员", "团队", "数据与系统"):
        assert page.get_by_text(word, exact=True).count()
    assert page.get_by_text("回花友二群里的两个问题").count()
    _take(page, "today")
    for path, title, name in _steps(shop):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert title in page.locator("main").inner_text()
        _take(page, name)
    phone = open_page("/", staff=owner, viewport=HAND)
    assert phone.evaluate("document.documentElement.scrollWidth") <= HAND[0]
    _take(phone, "today-phone")


def _steps(shop: Community) -> Iterator[tuple[str, str, str]]:
    here = f"/communities/{shop.slug}"
    yield f"{here}/imports/new/", "4 试跑", "import"
    yield f"{here}/", "在群人数", "overview"
    yield "/playbooks/choose/", "方案", "playbook"
    yield "/communities/hupan/goals/", "流失率不超过4%", "goals"
    yield f"{here}/suggestions/", "花友二群没人说话了", "suggestions"
    yield f"{here}/report/?grain=month", "目标完成情况", "report"
    yield "/supervision/", SOUTH, "supervision"


def _pages() -> dict[str, str]:
    return {page.name: page.read_text(encoding="utf-8") for page in sorted((GUIDE / "zh").glob("*.md"))}


def test_every_picture_and_page_it_names_is_there() -> None:
    named = {(name, link) for name, text in _pages().items() for link in re.findall(r"\]\(([^)#]+)\)", text)}
    assert {pair for pair in named if not (GUIDE / "zh" / pair[1]).resolve().exists()} == set()
    shown = {link.rsplit("/", 1)[-1] for _name, link in named if link.endswith(".png")}
    assert shown == {path.name for path in PICTURES.glob("*.png")}
    assert [path.name for path in PICTURES.glob("*.png") if path.stat().st_size >= _MOST_BYTES] == []


def test_every_word_it_quotes_from_the_console_is_one_of_the_console() -> None:
    from qunying.doors.console.menu import SECTIONS  # noqa: PLC0415 - the menu is read when the console starts

    said = _translations()
    with override("zh-hans"):
        said |= {str(label) for label in SECTIONS.values()}
    quoted = {word for text in _pages().values() for word in re.findall(r"\*\*「(.+?)」\*\*", text)}
    assert quoted - said == set()
    assert quoted


def _translations() -> set[str]:
    catalogues = (ROOT / "qunying" / "locale").glob("*/zh_Hans/LC_MESSAGES/django.po")
    return {
        found
        for path in catalogues
        for found in re.findall(r'^msgstr(?:\[0\])? "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    }

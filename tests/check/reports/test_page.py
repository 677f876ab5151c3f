from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from qunying.check.reports.page import as_html
from qunying.check.reports.sheet import make_sheet
from qunying.ground.groups.models import Community

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from tests.check.reports.conftest import Stage

pytestmark = pytest.mark.django_db


def test_the_file_stands_alone(shop: Stage) -> None:
    with translation.override("zh-hans"):
        text = as_html(make_sheet(shop.report("2026-W10"))).decode()
    assert text.startswith('<!doctype html>\n<html lang="zh-hans">')
    assert re.findall(r"<(?:script|link|iframe|object)\b", text) == []
    assert re.findall(r'<img[^>]* src="(?!data:image/png;base64,)', text) == []
    assert re.findall(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text) == []
    assert "本周结束时有2人在群" in text


def test_names_are_text_and_never_markup(shop: Stage) -> None:
    Community.objects.update(name='<script>alert(1)</script> & "群"')
    shop.community.refresh_from_db()
    shop.tell(("<b>x</b>", "joined", "2026-03-05T09:00"))
    text = as_html(make_sheet(shop.report("2026-W10", names=True))).decode()
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;群&quot;" in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text


def test_it_opens_in_a_browser_without_complaint(
    shop: Stage, browser: Browser, tmp_path: object, snap: Callable[..., None]
) -> None:
    with translation.override("zh-hans"):
        raw = as_html(make_sheet(shop.report("2026-W10")))
    page = browser.new_page(viewport={"width": 390, "height": 844})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_content(raw.decode())
    snap(page, "report-file-phone")
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    page.close()
    assert (said, wide <= seen) == ([], True)

"""A real Chromium on the live server: it signs in at once and forgives no error."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from tests.support.contact_sheet import lay_out
from tests.support.home import ROOT
from tools.find_chromium import LAUNCH_FLAGS, find_chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
    from pytest_django.live_server_helper import LiveServer

    from qunying.ground.access.models import Staff

SCREENS = ROOT / "artifacts" / "screens"
AXE = ROOT / "artifacts" / "npm" / "axe.min.js"
LAPTOP = (1366, 768)
PHONE = (390, 844)
_TIMEOUT = 15_000
_REPORT_CSP = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@dataclass
class Watch:
    """Collects what goes wrong on a page, except what a test said it expects."""

    allowed: tuple[str, ...] = ()
    troubles: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Listen to one page."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._note(f"error: {error}"))
        page.on("requestfailed", self._on_failure)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _on_failure(self, request: Request) -> None:
        # A request that a navigation or a newer one overtakes is aborted, and nothing is wrong.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"failed: {request.url} {request.failure}")

    def _note(self, text: str) -> None:
        if not any(re.search(pattern, text) for pattern in self.allowed):
            self.troubles.append(text)


class OpenPage(Protocol):
    """Opens a page signed in as `staff` (None: not signed in)."""

    def __call__(
        self,
        path: str = "/",
        *,
        staff: Staff | None = None,
        language: str = "zh-hans",
        viewport: tuple[int, int] = LAPTOP,
        theme: str = "light",
        allow: tuple[str, ...] = (),
    ) -> Page:
        """The page at `path`; `allow` are patterns of console errors that the test expects."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; tests are skipped where there is none."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only browser tests pay for it

    path = find_chromium()
    if path is None:
        pytest.skip("There is no Chromium here. “make test” installs one where it can, or set CHROMIUM to its path.")
    # Playwright keeps an event loop running in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=LAUNCH_FLAGS)
        yield launched
        lay_out(launched, SCREENS)
        launched.close()
        # For Django, code beside a running loop has connections of its own: PostgreSQL waits for them to go.
        connections.close_all()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """A function that opens pages; when the test ends, none of them may have seen any trouble."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def open_(
        path: str = "/",
        *,
        staff: Staff | None = None,
        language: str = "zh-hans",
        viewport: tuple[int, int] = LAPTOP,
        theme: str = "light",
        allow: tuple[str, ...] = (),
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": viewport[0], "height": viewport[1]},
            color_scheme="dark" if theme == "dark" else "light",
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(_TIMEOUT)
        context.add_init_script(_REPORT_CSP)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language, "theme": theme} | _session(staff, language)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        watch = Watch(allow)
        contexts.append((context, watch))
        page = context.new_page()
        watch.follow(page)
        page.goto(path)
        return page

    yield open_
    for context, _watch in contexts:
        context.close()
    assert [trouble for _context, watch in contexts for trouble in watch.troubles] == []


def _session(staff: Staff | None, language: str) -> dict[str, str]:
    if staff is None:
        return {}
    type(staff).objects.filter(pk=staff.pk).update(language=language)
    client = Client()
    client.force_login(staff)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def until(page: Page, expression: str, *, arg: object = None) -> None:
    """Wait until the expression is true on the page.

    Playwright's own waiting compiles the text anew in the page at each further look, and there the
    page's policy rightly refuses it.
    """
    deadline = time.monotonic() + _TIMEOUT / 1000
    while not page.evaluate(expression, arg):
        assert time.monotonic() < deadline, f"never came true: {expression}"
        page.wait_for_timeout(50)


@pytest.fixture
def snap() -> Callable[[Page, str], None]:
    """`snap(page, name)` keeps a picture of the whole page in artifacts/screens."""

    def take(page: Page, name: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)

    return take


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """`assert_accessible(page)`: axe-core finds no serious fault."""

    def check(page: Page) -> None:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        assert [
            (fault["id"], node["target"], node["failureSummary"])
            for fault in found["violations"]
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ] == []

    return check


@pytest.fixture
def assert_fits() -> Callable[[Page], None]:
    """`assert_fits(page)`: the page does not scroll sideways."""

    def check(page: Page) -> None:
        wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= seen

    return check

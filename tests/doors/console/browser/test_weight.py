"""What a page weighs once styles and scripts are kept: the page alone, compressed.

The first time is not weighed here: the tests' own server, unlike WhiteNoise, sends scripts uncompressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.doors.console.browser.test_figures import garden  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from qunying.ground.access.models import Staff
    from tests.support.browser import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)
AFTERWARDS = 100_000
_WEIGHT = """
[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, entry) => sum + entry.transferSize, 0)
"""


def weight_of(page: Page) -> int:
    """Bytes that came over the line for this page and all it asked for."""
    page.wait_for_load_state("networkidle")
    weight: int = page.evaluate(_WEIGHT)
    return weight


@pytest.mark.once
@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize("path", ["/communities/flowers/", "/communities/flowers/members/"])
def test_a_page_seen_before_is_light(open_page: OpenPage, lead: Staff, path: str) -> None:
    page = open_page(path, staff=lead)
    weight_of(page)
    page.goto(path)
    again = weight_of(page)
    assert 1_000 < again < AFTERWARDS

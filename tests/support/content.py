"""What tests of content share: an entry that says something, and its routes with what everybody is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.plan.content.services import Draft, propose_entry, write_version
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry

SLUG = {"slug": "flowers"}
ENTRY = SLUG | {"pk": "entry"}

CONTENT_ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "content": ("get", SLUG, "200 200 200 200 404 enter"),
    "content_export": ("get", SLUG, "200 200 403 403 404 enter"),
    "content_bulk": ("post", SLUG, "302 302 302 403 404 enter"),
    "content_undo": ("post", SLUG, "302 302 302 403 404 enter"),
    "content_calendar": ("get", SLUG, "200 200 200 200 404 enter"),
    "content_move": ("post", SLUG, "404 404 404 403 404 enter"),
    "content_move_back": ("post", SLUG, "302 302 302 403 404 enter"),
    "content_themes": ("get", SLUG, "200 200 200 200 404 enter"),
    "content_theme": ("post", SLUG, "302 302 302 403 404 enter"),
    "entry_new": ("get", SLUG, "200 200 200 403 404 enter"),
    "entry": ("get", ENTRY, "200 200 200 200 404 enter"),
    "entry_act": ("post", ENTRY, "302 302 302 403 404 enter"),
    "entry_write": ("get", ENTRY, "200 200 200 403 404 enter"),
    "entry_plan": ("get", ENTRY, "200 200 200 403 404 enter"),
    "entry_version": ("get", ENTRY | {"number": "1"}, "200 200 200 200 404 enter"),
    "entry_picture": ("get", ENTRY | {"picture_pk": "1"}, "404 404 404 404 404 enter"),
}
"""Route → method, what its address names, and the answers to director, lead, specialist, reviewer, outsider, nobody."""


def make_entry(community: Community) -> Entry:
    """A draft by nobody of the cast."""
    entry = propose_entry("题目", community=community, by=TESTS)
    write_version(entry, draft=Draft("题目", words="一段话"), by=TESTS)
    return entry

"""What tests of content share: an entry that says something, and its routes with what everybody is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.plan.content.services import Draft, propose_entry, write_version
from qunying.plan.content.services_submissions import Sent, open_call, take_submission
from tests.support.cast import TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Call, Entry, Submission

SLUG = {"slug": "flowers"}
ENTRY = SLUG | {"pk": "entry"}
SENT = SLUG | {"pk": "submission"}

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
    "entry_file": ("get", ENTRY | {"number": "1"}, "404 404 404 404 404 enter"),
    "submissions": ("get", SLUG, "200 200 200 403 404 enter"),
    "submissions_export": ("get", SLUG, "200 200 403 403 404 enter"),
    "submission_calls": ("post", SLUG, "302 302 302 403 404 enter"),
    "submission": ("get", SENT, "200 200 200 403 404 enter"),
    "submission_act": ("post", SENT, "302 302 302 403 404 enter"),
    "submission_contact": ("post", SENT, "302 302 403 403 404 enter"),
    "submission_picture": ("get", SENT | {"place": "1"}, "404 404 404 403 404 enter"),
    "send_in": ("get", {"code": "made-up"}, "404 404 404 404 404 404"),
    "introduce": ("get", {"code": "made-up"}, "404 404 404 404 404 404"),
    "introduced": ("get", {}, "400 400 400 400 400 400"),
    "sent_in": ("get", {"code": "made-up"}, "404 404 404 404 404 404"),
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
    return write_version(entry, draft=Draft("题目", words="一段话"), by=TESTS).entry


def make_call(community: Community) -> Call:
    """A page on which members show their flowers."""
    return open_call("晒晒你家的花", community=community, words="拍一张，说两句", by=TESTS)


def make_submission(
    community: Community, *, call: Call | None = None, contact: str = "", pictures: tuple[tuple[str, bytes], ...] = ()
) -> Submission:
    """What 小美 sends in."""
    sent = Sent("小美", "own", agreed=True, words="阳台上的月季开了。", contact=contact, pictures=pictures)
    return take_submission(sent, community=community, call=call, by=TESTS)

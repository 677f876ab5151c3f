"""Routes of reach with their answers to the cast, and one of everything they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from qunying.do.reach.links import make_link
from qunying.do.reach.models import Delivery, HandTask, Sending, SendingGroup
from qunying.ground.access.services import create_staff
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community, Group

SLUG = {"slug": "flowers"}
REACH_ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "short_link": ("get", {"code": "short_link"}, "302 302 302 302 302 302"),
    "sendings": ("get", {}, "200 200 200 200 200 enter"),
    "sendings_export": ("get", {}, "200 200 403 403 200 enter"),
    "community_sendings": ("get", SLUG, "200 200 200 200 404 enter"),
    "sending_new": ("get", SLUG, "200 200 200 403 404 enter"),
    "sending": ("get", {"pk": "sending"}, "200 200 200 200 404 enter"),
    "sending_picture": ("get", {"pk": "sending", "file": "stranger"}, "404 404 404 404 404 enter"),
    "sending_outcome": ("get", {"pk": "sending"}, "200 200 200 200 404 enter"),
    "sending_edit": ("get", {"pk": "sending"}, "200 200 200 403 404 enter"),
    "sending_hand_in": ("post", {"pk": "sending"}, "302 302 302 403 404 enter"),
    "sending_give_back": ("post", {"pk": "sending"}, "302 302 302 403 404 enter"),
    "sending_release": ("post", {"pk": "sending"}, "302 302 403 403 404 enter"),
    "sending_cancel": ("post", {"pk": "sending"}, "302 302 302 403 404 enter"),
    "sending_nudge": ("post", {"pk": "sending"}, "302 302 302 403 404 enter"),
    "sending_again": ("post", {"pk": "sending"}, "302 302 302 403 404 enter"),
    "sending_test": ("post", {"pk": "sending"}, "404 404 404 403 404 enter"),
    "measures": ("get", {}, "200 200 200 200 200 enter"),
    "measure": ("get", {"pk": "unit"}, "200 200 403 403 404 enter"),
    "measure_drop": ("post", {"pk": "unit"}, "302 302 403 403 404 enter"),
    "delivery_settle": ("post", {"pk": "delivery"}, "302 302 302 404 404 enter"),
    "hand_tasks": ("get", {}, "200 200 200 403 200 enter"),
    "hand_tasks_team": ("get", {}, "200 200 200 403 200 enter"),
    "away": ("get", {}, "200 200 200 403 200 enter"),
    "away_end": ("post", {"pk": "stranger"}, "404 404 404 404 404 enter"),
    "hand_task_picture": ("get", {"pk": "delivery", "file": "stranger"}, "404 404 404 404 404 enter"),
    "hand_task_proof": ("get", {"pk": "delivery"}, "404 404 404 404 404 enter"),
    "hand_tasks_over": ("post", {}, "302 302 302 403 302 enter"),
    "hand_task_done": ("post", {"pk": "delivery"}, "302 302 302 403 404 enter"),
    "hand_task_impossible": ("post", {"pk": "delivery"}, "302 302 302 403 404 enter"),
}


def reach_things(community: Community, group: Group) -> dict[str, Any]:
    """A sending handed in by somebody who is none of the cast, with, as if it had gone, something to do by hand."""
    author = create_staff("author", name="作者", password=PASSWORD, by=TESTS)
    sending = Sending.objects.create(community=community, title="上新", words="今晚", author=author, state="checked")
    SendingGroup.objects.create(sending=sending, group=group)
    parts = {"key": "tests:1", "origin": "tests", "action": "send", "way": "hand", "state": "hand"}
    made = Delivery.objects.create(sending=sending, community=community, group=group, due_at=timezone.now(), **parts)
    HandTask.objects.create(delivery=made, due_at=timezone.now())
    link = make_link("https://example.com/", community=community)
    return {"short_link": link.code, "sending": sending.pk, "delivery": made.pk, "stranger": 999_999_999}

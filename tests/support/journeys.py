"""Routes of journeys with their answers to the cast, and a journey to be released with somebody on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from qunying.do.journeys.models import Journey, Passage, Traveller, Version
from qunying.do.journeys.reading import hash_of_definition
from qunying.ground.access.services import create_staff
from qunying.ground.members.models import Identity
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

SLUG = {"slug": "flowers"}
ONE = {"pk": "journey"}
JOURNEY_ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "journeys": ("get", {}, "200 200 200 200 200 enter"),
    "journeys_export": ("get", {}, "200 200 403 403 200 enter"),
    "community_journeys": ("get", SLUG, "200 200 200 200 404 enter"),
    "journey_new": ("get", SLUG, "200 200 200 403 404 enter"),
    "journey": ("get", ONE, "200 200 200 200 404 enter"),
    "journey_edit": ("get", ONE, "200 200 200 403 404 enter"),
    "journey_ask": ("post", ONE, "200 200 200 403 404 enter"),
    "journey_try": ("get", ONE, "200 200 200 200 404 enter"),
    "journey_versions": ("get", ONE, "200 200 200 200 404 enter"),
    "journey_travellers": ("get", ONE, "200 200 200 200 404 enter"),
    "journey_travellers_export": ("get", ONE, "200 200 403 403 404 enter"),
    "journey_hand_in": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_give_back": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_release": ("post", ONE, "302 302 403 403 404 enter"),
    "journey_pause": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_resume": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_rename": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_discard": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_archive": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_unarchive": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_start": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_end": ("post", ONE, "302 302 302 403 404 enter"),
    "journey_traveller": ("get", {"pk": "traveller"}, "200 200 200 200 404 enter"),
    "journey_traveller_stop": ("post", {"pk": "traveller"}, "302 302 302 403 404 enter"),
}
STEPS: list[dict[str, Any]] = [
    {"id": "hello", "do": "welcome", "words": "欢迎{name}"},
    {"id": "rest", "do": "wait", "days": 1, "at": "10:00"},
    {"id": "tip", "do": "say", "words": "今天的精选"},
]


def plain_journey(*steps: dict[str, Any], on: str = "joined", **more: Any) -> dict[str, Any]:
    """The plain form of a journey with these steps, else a welcome, a wait and a tip."""
    return {"trigger": {"on": on}, "steps": list(steps or STEPS), **more}


def put_on(version: Version, member: Member, *, state: str = "under_way") -> Traveller:
    """Somebody on the journey who has met its first step and waits for the second."""
    now, identity = timezone.now(), Identity.objects.filter(member=member).first()
    made = Traveller.objects.create(
        journey=version.journey,
        version=version,
        member=member,
        identity=identity,
        began_at=now,
        state=state,
        trigger_key=f"tests:{member.pk}",
    )
    Passage.objects.create(
        traveller=made, step_id="hello", kind="welcome", due_at=now, done_at=now, state="done", outcome="sent"
    )
    Passage.objects.create(traveller=made, step_id="rest", kind="wait", due_at=now, state="due")
    return made


def journey_things(community: Community, member: Member) -> dict[str, int]:
    """A journey handed in by somebody who is none of the cast, with, as if it had run, a member on it."""
    author = create_staff("journeyman", name="旅人", password=PASSWORD, by=TESTS)
    journey = Journey.objects.create(community=community, name="迎新", author=author)
    plain = plain_journey()
    version = Version.objects.create(
        journey=journey,
        number=1,
        definition=plain,
        content_hash=hash_of_definition(plain),
        author=author,
        handed_in_at=timezone.now(),
    )
    return {"journey": journey.pk, "traveller": put_on(version, member).pk}

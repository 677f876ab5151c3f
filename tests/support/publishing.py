"""What tests of publishing share: approved entries, and the routes with what everybody is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from qunying.do.publishing.models import Publication
from qunying.ground.access.services import create_staff
from qunying.plan.content.models import Entry
from qunying.plan.content.queries import newest_version
from qunying.plan.content.services import Draft, hand_in, propose_entry, write_version
from qunying.plan.content.services_reviews import PROOFREADS, pass_review
from tests.support.cast import PASSWORD, TESTS

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

SLUG = {"slug": "flowers"}
ONE = SLUG | {"pk": "publication"}
ENTRY = SLUG | {"pk": "entry"}

PUBLISHING_ROUTES: dict[str, tuple[str, dict[str, str], str]] = {
    "publications": ("get", SLUG, "200 200 200 200 404 enter"),
    "publications_export": ("get", SLUG, "200 200 403 403 404 enter"),
    "publication": ("get", ONE, "200 200 200 200 404 enter"),
    "publication_move": ("post", ONE, "302 302 302 403 404 enter"),
    "publication_cancel": ("post", ONE, "302 302 302 403 404 enter"),
    "publication_again": ("post", ONE, "302 302 302 403 404 enter"),
    "publication_settle": ("post", ONE | {"delivery_pk": "delivery"}, "404 404 404 403 404 enter"),
    "publication_note": ("post", ONE, "404 404 404 403 404 enter"),
    "publication_months": ("get", SLUG, "200 200 200 200 404 enter"),
    "entry_pieces": ("get", ENTRY, "200 200 200 200 404 enter"),
    "entry_piece_tie": ("post", ENTRY, "302 302 302 403 404 enter"),
    "entry_piece_untie": ("post", ENTRY, "404 404 404 403 404 enter"),
    "entry_publish": ("get", ENTRY, "302 302 302 403 404 enter"),
    "entry_publish_now": ("post", ENTRY, "302 302 302 403 404 enter"),
}
"""Route → method, what its address names, and the answers to director, lead, specialist, reviewer, outsider, nobody."""

DRAFT = Draft("春天的第一束花", words="郁金香到店了，一共五种颜色。")


def approve(entry: Entry, *reviewers: Staff) -> Entry:
    """Let the entry's newest version pass both reviews, given by these two."""
    entry = Entry.objects.get(pk=entry.pk)
    hand_in(entry, by=reviewers[0])
    for reviewer in reviewers:
        version = newest_version(entry)
        assert version is not None
        pass_review(entry, by=reviewer, digest=version.digest, proofreads=tuple(PROOFREADS))
    return Entry.objects.get(pk=entry.pk)


def approved_entry(community: Community, *reviewers: Staff, by: Staff, draft: Draft = DRAFT) -> Entry:
    """An entry written by one person and approved by two others."""
    entry = propose_entry(draft.title, community=community, by=by)
    write_version(entry, draft=draft, by=by)
    return approve(entry, *reviewers)


def publishing_things(entry: Entry) -> dict[str, int]:
    """A publication of an entry by somebody who is none of the cast, of which nothing is open any more."""
    version = entry.versions.latest("number")
    made = Publication.objects.create(
        entry=entry,
        version=version,
        community=entry.community,
        digest=version.digest,
        due_at=timezone.now(),
        by=create_staff("publisher", name="发布", password=PASSWORD, by=TESTS),
    )
    return {"publication": made.pk}

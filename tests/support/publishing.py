"""What tests of publishing share: approved entries, and the routes with what everybody is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.plan.content.models import Entry
from qunying.plan.content.queries import newest_version
from qunying.plan.content.services import Draft, hand_in, propose_entry, write_version
from qunying.plan.content.services_reviews import PROOFREADS, pass_review

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community

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

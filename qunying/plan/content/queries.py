"""Content as one person may see it, and whether it is approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _

from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotFoundError
from qunying.plan.content.digests import digest_now
from qunying.plan.content.models import Call, Entry, Review, Submission, Theme, Version

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder
    from qunying.ground.groups.models import Community

IN_REVIEW = {Entry.State.FIRST: Review.Step.FIRST, Entry.State.SECOND: Review.Step.SECOND}
"""State → the review it waits for."""


def entries_of(community: Community) -> QuerySet[Entry]:
    """The entries of a community with their themes and owners, in the order of their slots."""
    return Entry.objects.filter(community=community).select_related("community__unit", "theme", "owner")


def entries_for(staff: Holder, permission: Permission = Permission.SEE_PLAN) -> QuerySet[Entry]:
    """The entries of all communities in whose unit this person holds the permission."""
    units = units_for(staff, permission)
    return Entry.objects.filter(community__unit__in=units).select_related("community__unit", "theme", "owner")


def get_entry_for(staff: Holder, slug: str, pk: int, permission: Permission = Permission.SEE_PLAN) -> Entry:
    """The entry of this community and number; raises NotFoundError where it is not this person's to open."""
    entry = entries_of(get_community_for(staff, slug, permission)).filter(pk=pk).first()
    if entry is None:
        raise NotFoundError(_("There is no such entry that you may open."))
    return entry


def themes_of(community: Community) -> QuerySet[Theme]:
    """The themes in use in a community, in the order of their making."""
    return Theme.objects.filter(community=community, archived_at__isnull=True)


def get_theme_of(community: Community, pk: int | None) -> Theme:
    """The theme of this number; raises NotFoundError where the community has none such in use."""
    theme = themes_of(community).filter(pk=pk or 0).first()
    if theme is None:
        raise NotFoundError(_("There is no such theme in this community."))
    return theme


def planned(entries: QuerySet[Entry], first: date, last: date) -> QuerySet[Entry]:
    """Those that are to go out between two local days (both included) and were not dropped."""
    inside = entries.filter(slot_day__gte=first, slot_day__lte=last)
    return inside.exclude(state=Entry.State.DROPPED).order_by("slot_day", "slot_time", "pk")


def newest_version(entry: Entry) -> Version | None:
    """What the entry says now; None while it is a topic."""
    return entry.versions.filter(number=entry.version).first() if entry.version else None


def authors_of(entry: Entry) -> set[int]:
    """The ids of the colleagues who have written any version of it."""
    return set(entry.versions.filter(author__isnull=False).values_list("author", flat=True))


def passed_by(entry: Entry, step: str) -> set[int]:
    """The ids of those who let the entry's newest version pass this review, as it now reads."""
    version = newest_version(entry)
    if version is None:
        return set()
    valid = version.reviews.filter(step=step, verdict=Review.Verdict.PASSED, digest=digest_now(version))
    return set(valid.values_list("by", flat=True))


def approved_version(entry: Entry) -> Version | None:
    """What may go out: the newest version, where it stands approved and nothing in it has changed since; else None.

    Asked anew of the store: the digest is counted again over what would be shown, and two different people, neither
    an author, must have let exactly that pass.
    """
    version = newest_version(entry)
    if version is None or entry.state != Entry.State.APPROVED:
        return None
    authors = authors_of(entry)
    first = passed_by(entry, Review.Step.FIRST) - authors
    second = passed_by(entry, Review.Step.SECOND) - authors
    return version if first and second and len(first | second) > 1 else None


def submissions_of(community: Community) -> QuerySet[Submission]:
    """What was sent in to a community; with `shown`, how many pictures came with it."""
    found = Submission.objects.filter(community=community).annotate(shown=Count("pictures"))
    return found.select_related("community__unit", "theme", "entry", "call")


def get_submission_for(
    staff: Holder, slug: str, pk: int, permission: Permission = Permission.WRITE_CONTENT
) -> Submission:
    """The submission of this community and number; NotFoundError where it is not this person's to open."""
    found = submissions_of(get_community_for(staff, slug, permission)).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such submission that you may open."))
    return found


def calls_of(community: Community) -> QuerySet[Call]:
    """The pages by which things are sent in to a community; with `sent`, how many came by each."""
    return Call.objects.filter(community=community).select_related("theme").annotate(sent=Count("submissions"))


def call_opened_by(code: str) -> Call | None:
    """The page that this code opens, closed or not; None where there is none."""
    return Call.objects.filter(code=code).select_related("community__unit", "theme").first()


def submission_opened_by(code: str) -> Submission | None:
    """What a sender's own code opens; None where there is none."""
    return Submission.objects.filter(code=code).select_related("community", "call").first()

"""Who may do what with content, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may
from qunying.plan.content.models import Review
from qunying.plan.content.queries import authors_of, passed_by

if TYPE_CHECKING:
    from qunying.ground.access.models import Holder, Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Entry

REVIEWERS = {Review.Step.FIRST: Permission.REVIEW_FIRST, Review.Step.SECOND: Permission.REVIEW_SECOND}


def may_write(staff: Holder, community: Community) -> bool:
    """Whether this person may plan, write and hand in content of the community."""
    return may(staff, Permission.WRITE_CONTENT, community.unit)


def may_own(person: Staff, community: Community) -> bool:
    """Whether an entry may be this person's: they are active and write content here."""
    return may(person, Permission.WRITE_CONTENT, community.unit)


def may_review(staff: Staff, entry: Entry, step: str) -> bool:
    """Whether this person may give the entry this review now."""
    return not why_not_review(staff, entry, step)


def why_not_review(staff: Staff, entry: Entry, step: str) -> str:
    """Why this person may not give this review, as a sentence; '' where they may.

    Two different people, neither of whom has written any version of it, each with the permission in the unit.
    """
    if not may(staff, REVIEWERS[Review.Step(step)], entry.community.unit):
        return _("Your role does not include this review.")
    if staff.pk in authors_of(entry):
        return _("You have written in it yourself. Somebody else has to review it.")
    if step == Review.Step.SECOND and staff.pk in passed_by(entry, Review.Step.FIRST):
        return _("You gave it its first review. The second has to come from somebody else.")
    return ""

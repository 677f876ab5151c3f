"""A segment may set a tag: given by the rule and taken away by it, what people gave is never touched."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.actors import System
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.members.models import MemberTag
from qunying.ground.members.services_tags import tag_members, untag_members
from qunying.ground.segments.models import Segment
from qunying.ground.segments.queries import communities_in, members_of_segment
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.members.models import Tag

TAG = declare_verb("segments.tag", gettext_lazy("A segment was told which tag it sets, or to set none."))

CHORE = System("chores")
_AT_ONCE = 1000
_log = logging.getLogger(__name__)


@transaction.atomic
def set_segment_tag(segment: Segment, *, tag: Tag | None, by: Actor) -> None:
    """Have the segment set this tag from now on, or none; what it gave before is taken back.

    Raises QunyingError where another segment sets the tag: two rules would undo each other.
    """
    if tag is not None and Segment.objects.filter(tag=tag).exclude(pk=segment.pk).exists():
        raise QunyingError(_("Another segment sets this tag already. Choose another tag."))
    if segment.tag_id != (tag.pk if tag else None):
        take_back_tags(segment, by=by)
    segment.tag, segment.tagged_at = tag, None
    segment.save(update_fields=["tag", "tagged_at"])
    write_act(TAG, by=by, subject_type="segment", subject_id=segment.pk, details={"tag": tag.pk if tag else None})


def keep_in_step(segment: Segment, *, by: Actor) -> tuple[int, int]:
    """Give the tag to who fits and take it from who no longer does; how many got it, how many lost it.

    A thousand members a transaction. A tag by hand, survey or import stays whatever the rule says.
    """
    tag = segment.tag
    if tag is None:
        raise QunyingError(_("This segment sets no tag. Choose one first."))
    fitting = set(members_of_segment(segment, communities_in(segment)))
    carriers = dict(MemberTag.objects.filter(tag=tag).values_list("member_id", "source"))
    fresh = sorted(fitting - carriers.keys())
    gone = sorted(pk for pk, source in carriers.items() if source == MemberTag.Source.RULE and pk not in fitting)
    names = {"dimension": tag.dimension.name, "name": tag.name}
    for start in range(0, len(fresh), _AT_ONCE):
        tag_members(fresh[start : start + _AT_ONCE], **names, source=MemberTag.Source.RULE, by=by)
    for start in range(0, len(gone), _AT_ONCE):
        untag_members(gone[start : start + _AT_ONCE], tag=tag, by=by, source=MemberTag.Source.RULE)
    Segment.objects.filter(pk=segment.pk).update(tagged_at=timezone.now())
    return len(fresh), len(gone)


def take_back_tags(segment: Segment, *, by: Actor) -> int:
    """Take the tag of a segment from everyone who has it by the rule; how many that were."""
    if segment.tag is None:
        return 0
    carriers = list(
        MemberTag.objects.filter(tag=segment.tag, source=MemberTag.Source.RULE).values_list("member_id", flat=True)
    )
    return len(untag_members(carriers, tag=segment.tag, by=by, source=MemberTag.Source.RULE))


def keep_all_in_step() -> int:
    """The nightly round over every segment that sets a tag; how many members got or lost one."""
    changed = 0
    for segment in Segment.objects.filter(tag__isnull=False).select_related("tag__dimension", "unit"):
        try:
            changed += sum(keep_in_step(segment, by=CHORE))
        except QunyingError:
            _log.exception("the tag of a segment could not be kept in step; the others go on")
    return changed

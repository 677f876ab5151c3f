"""Verbs on segments: make, change, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.segments.conditions import read_group
from qunying.ground.segments.models import Segment
from qunying.ground.segments.services_tagging import take_back_tags
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.ground.units.models import Unit

CREATE = declare_verb("segments.create", gettext_lazy("A segment was saved."))
EDIT = declare_verb("segments.edit", gettext_lazy("A segment was changed."))
REMOVE = declare_verb("segments.remove", gettext_lazy("A segment was removed."))

_LONGEST = 80


@transaction.atomic
def create_segment(
    unit: Unit, *, name: str, conditions: Mapping[str, Any], by: Actor, community: Community | None = None
) -> Segment:
    """Save a segment of a unit, or of one of its communities.

    Raises QunyingError for an empty or taken name, and for conditions that make no sense.
    """
    segment = Segment(unit=unit, community=community, by=by if isinstance(by, Staff) else None)
    _fill(segment, name, conditions)
    segment.save()
    write_act(CREATE, by=by, subject_type="segment", subject_id=segment.pk)
    return segment


@transaction.atomic
def edit_segment(segment: Segment, *, name: str, conditions: Mapping[str, Any], by: Actor) -> Segment:
    """Change name and conditions; the tag it sets follows tonight, or when someone asks for it."""
    _fill(segment, name, conditions)
    segment.save(update_fields=["name", "conditions", "changed_at"])
    write_act(EDIT, by=by, subject_type="segment", subject_id=segment.pk)
    return segment


@transaction.atomic
def remove_segment(segment: Segment, *, by: Actor) -> None:
    """Remove a segment; who carries its tag by the rule loses it, who carries it otherwise keeps it."""
    taken = take_back_tags(segment, by=by)
    write_act(REMOVE, by=by, subject_type="segment", subject_id=segment.pk, details={"untagged": taken})
    segment.delete()


def _fill(segment: Segment, name: str, conditions: Mapping[str, Any]) -> None:
    tidy = " ".join(name.split())
    if not tidy:
        raise QunyingError(_("The name is empty. Write what you will know the segment by."))
    if len(tidy) > _LONGEST:
        raise QunyingError(_("The name is longer than %(most)d characters. Shorten it.") % {"most": _LONGEST})
    taken = Segment.objects.filter(unit=segment.unit, community=segment.community, name=tidy).exclude(pk=segment.pk)
    if taken.exists():
        raise QunyingError(_("There is a segment “%(name)s” here already. Choose another name.") % {"name": tidy})
    group = read_group(conditions)
    if not group.parts:
        raise QunyingError(_("A segment needs at least one condition."))
    segment.name, segment.conditions = tidy, group.plain()

"""Verbs on who answers for a community, and on what its members are known for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.access.models import Staff
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.models import Membership, Recognition, Stewardship
from qunying.ground.members.services import note_dimension_change
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member

APPOINT = declare_verb("stewards.appoint", gettext_lazy("Someone was put in charge of a community."))
DISMISS = declare_verb("stewards.dismiss", gettext_lazy("Someone no longer answers for a community."))
RECOGNISE = declare_verb("members.recognise", gettext_lazy("A member was confirmed as opinion leader or producer."))
WITHDRAW = declare_verb("members.withdraw", gettext_lazy("A member is no longer opinion leader or producer."))

Level = Stewardship.Level


@transaction.atomic
def appoint_steward(community: Community, *, level: int, person: Staff | Member, by: Actor) -> Stewardship:
    """Put a colleague or a member in charge of a community at one of three levels.

    There is one leader; whoever was it before is relieved. Who has another level in the community moves.
    Raises QunyingError for a level there is not, a member who is not there now, or what is so already.
    """
    if level not in Level.values:
        raise QunyingError(_("Choose leader, deputy or specialist."))
    whose = {"staff": person} if isinstance(person, Staff) else {"member": person}
    if not isinstance(person, Staff) and not _is_there(person, community):
        raise QunyingError(_("“%(name)s” is not in this community now. Choose someone who is.") % {"name": person})
    open_now = community.stewardships.select_for_update().filter(ended_at__isnull=True)
    if open_now.filter(level=level, **whose).exists():
        raise QunyingError(_("“%(name)s” has this charge already.") % {"name": person})
    replaced = open_now.filter(level=Level.LEADER) if level == Level.LEADER else open_now.none()
    for row in {*open_now.filter(**whose), *replaced}:
        dismiss_steward(row, by=by)
    made = Stewardship.objects.create(community=community, level=level, **whose)
    details = {"community": community.pk, "level": level, "steward": made.pk}
    kind = "staff" if isinstance(person, Staff) else "member"
    write_act(APPOINT, by=by, subject_type=kind, subject_id=person.pk, details=details)
    return made


@transaction.atomic
def dismiss_steward(stewardship: Stewardship, *, by: Actor) -> None:
    """Relieve someone of a charge; that they had it stays known. Raises QunyingError where it has ended."""
    if stewardship.ended_at is not None:
        raise QunyingError(_("This charge has ended already."))
    stewardship.ended_at = timezone.now()
    stewardship.save(update_fields=["ended_at"])
    details = {"community": stewardship.community_id, "level": stewardship.level, "steward": stewardship.pk}
    kind = "staff" if stewardship.staff_id else "member"
    subject = stewardship.staff_id or stewardship.member_id or ""
    write_act(DISMISS, by=by, subject_type=kind, subject_id=subject, details=details)


@transaction.atomic
def recognise_member(member: Member, *, community: Community, kind: str, by: Actor) -> Recognition:
    """Confirm that a member is an opinion leader or a content producer in a community they are in now."""
    if kind not in Recognition.Kind.values:
        raise QunyingError(_("Choose opinion leader or content producer."))
    if not _is_there(member, community):
        raise QunyingError(_("“%(name)s” is not in this community now. Choose someone who is.") % {"name": member})
    if member.recognitions.filter(community=community, kind=kind, ended_at__isnull=True).exists():
        raise QunyingError(_("This has been confirmed already."))
    made = Recognition.objects.create(
        community=community, member=member, kind=kind, by=by if isinstance(by, Staff) else None
    )
    details = {"community": community.pk, "kind": kind}
    write_act(RECOGNISE, by=by, subject_type="member", subject_id=member.pk, details=details)
    note_dimension_change(community_id=community.pk)
    return made


@transaction.atomic
def withdraw_recognition(recognition: Recognition, *, by: Actor) -> None:
    """Say that it is so no longer; that it was stays known. Raises QunyingError where it was said before."""
    if recognition.ended_at is not None:
        raise QunyingError(_("This has ended already."))
    recognition.ended_at = timezone.now()
    recognition.save(update_fields=["ended_at"])
    details = {"community": recognition.community_id, "kind": recognition.kind}
    write_act(WITHDRAW, by=by, subject_type="member", subject_id=recognition.member_id, details=details)
    note_dimension_change(community_id=recognition.community_id)


def _is_there(member: Member, community: Community) -> bool:
    return Membership.objects.filter(community=community, identity__member=member, left_at__isnull=True).exists()

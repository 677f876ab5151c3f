"""Saying that somebody who looks like a program is a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.events.models import BotDenial
from qunying.ground.groups.queries import members_of
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community

DENY = declare_verb("members.deny_bots", gettext_lazy("Members who looked like bots were said to be people."))


@transaction.atomic
def deny_bots(members: Iterable[int], *, community: Community, by: Actor) -> list[int]:
    """Say that these members (ids) of the community are people: nobody is asked again. Those it is new of.

    Raises QunyingError where none of them belongs to the community.
    """
    known = sorted(members_of(community).filter(pk__in=list(members)).values_list("pk", flat=True))
    if not known:
        raise QunyingError(_("No member is chosen. Tick the boxes of those you mean."))
    said = set(BotDenial.objects.filter(community=community, member__in=known).values_list("member_id", flat=True))
    fresh = [pk for pk in known if pk not in said]
    BotDenial.objects.bulk_create([BotDenial(community=community, member_id=pk) for pk in fresh], ignore_conflicts=True)
    details = {"members": fresh}
    write_act(DENY, by=by, subject_type="community", subject_id=community.pk, details=details)
    return fresh

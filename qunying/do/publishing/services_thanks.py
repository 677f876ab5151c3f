"""Thanking who sent something in, by a message: only where the platform lets them be reached, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.do.publishing.rules import may_publish
from qunying.do.reach.models import Delivery
from qunying.do.reach.services_planning import Origin, Wanted, hash_of, plan_deliveries
from qunying.ground.audit.services import write_act
from qunying.ground.audit.verbs import declare_verb
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Identity
from qunying.ground.platforms.port import Action
from qunying.kit.errors import NotAllowedError, QunyingError
from qunying.kit.numerals import to_id
from qunying.plan.content.models import Submission

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

ORIGIN = "thanks"
"""The `origin` of these deliveries; `origin_id` is the submission's number."""
THANK = declare_verb("publishing.thank", gettext_lazy("Thanks for something sent in were sent as a message."))


def account_of_sender(submission: Submission) -> Identity | None:
    """The account on which the sender is in the community now, one that is spoken to before others; None: nowhere."""
    if submission.member_id is None:
        return None
    stays = Membership.objects.filter(
        community=submission.community_id, left_at=None, identity__member=submission.member_id
    )
    rows = stays.values_list("identity", "group__account")
    place = min(((account is None, identity) for identity, account in rows), default=None)
    return Identity.objects.select_related("member").get(pk=place[1]) if place else None


def thanks_sent(submission: Submission) -> Delivery | None:
    """The message by which the sender was, or is to be, thanked."""
    found = Delivery.objects.filter(origin=ORIGIN, origin_id=str(submission.pk)).select_related("account")
    return found.first()


@transaction.atomic
def thank_sender(submission: Submission, *, by: Staff) -> Delivery:
    """Have the thanks that stand on the sender's page go to them as a message, or into somebody's list to be sent.

    Raises QunyingError for one that was not accepted, a sender who cannot be reached, and one who was thanked already.
    """
    found = Submission.objects.select_for_update(of=("self",)).select_related("community__unit").get(pk=submission.pk)
    if not may_publish(by, found.community):
        words = _("Your roles do not include sending in “%(unit)s”.")
        raise NotAllowedError(words % {"unit": found.community.unit.name})
    account = account_of_sender(found)
    if found.state != Submission.State.ACCEPTED or account is None:
        raise QunyingError(
            _("Nobody can be thanked by a message here: the sender is in none of the groups, or unknown.")
        )
    if thanks_sent(found) is not None:
        raise QunyingError(_("The sender was thanked already."))
    now = timezone.now()
    wanted = Wanted(str(found.pk), Action.TELL, now, identity=account, words=found.answer)
    plan_deliveries([wanted], community=found.community, origin=Origin(ORIGIN, str(found.pk)), at=now)
    write_act(THANK, by=by, subject_type="submission", subject_id=found.pk)
    return Delivery.objects.get(origin=ORIGIN, origin_id=str(found.pk))


def approved_thanks(delivery: Delivery) -> bool:
    """Whether what leaves is what the team answered to something it took."""
    accepted = Submission.objects.filter(pk=to_id(delivery.origin_id) or 0, state=Submission.State.ACCEPTED)
    return any(hash_of(one.answer) == delivery.content_hash for one in accepted)

"""To whom a sending goes: its groups, or the people of its segment, each on one account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.do.reach.models import Sending
from qunying.do.reach.pictures import digests_of
from qunying.do.reach.services_planning import Wanted, hash_of
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import groups_of
from qunying.ground.members.models import Identity
from qunying.ground.platforms.port import Action
from qunying.ground.segments.queries import members_of_segment

if TYPE_CHECKING:
    from datetime import datetime

    from qunying.do.reach.models import Delivery
    from qunying.ground.groups.models import Group

ORIGIN, TEST_ORIGIN = "reach", "reach-test"


def hash_of_sending(sending: Sending) -> str:
    """What names the words, to whom they go, when, and whether they sell: any change makes another."""
    due = sending.due_at.isoformat() if sending.due_at else ""
    groups = ",".join(str(pk) for pk in sorted(sending.targets.values_list("group", flat=True)))
    segment = f"{sending.segment_id}:{sending.segment.changed_at.isoformat()}" if sending.segment else ""
    platforms = ",".join(sending.platforms)
    return hash_of(sending.words, due, groups, segment, platforms, *_marks(sending), *digests_of(sending.pictures))


def options_of(sending: Sending) -> dict[str, list[int]]:
    """What is told of each delivery beside its words: the stored files of its pictures, in their order."""
    return {"pictures": list(sending.pictures)} if sending.pictures else {}


def _marks(sending: Sending) -> tuple[str, str]:
    return "advert" if sending.advert else "", "links" if sending.counts_clicks else ""


def wanted_of(sending: Sending, now: datetime) -> list[Wanted]:
    """What is to leave for a sending as of now."""
    due = max(sending.due_at or now, now)
    if sending.segment is not None:
        return [_to_person(sending, identity, due) for identity in identities_of(sending)]
    return [_to_group(sending, group, due) for group in groups_in(sending)]


def groups_in(sending: Sending) -> list[Group]:
    """The groups it goes to, with `present` and their accounts, in their order."""
    chosen = sending.targets.values("group")
    return list(groups_of(sending.community).filter(pk__in=chosen).select_related("account"))


def identities_of(sending: Sending) -> list[Identity]:
    """The account on which each person of the segment who is in the community now is reached.

    One that stands in a group with a connected account goes before others; else the oldest.
    """
    if sending.segment is None:
        return []
    people = members_of_segment(sending.segment, [sending.community])
    stays = Membership.objects.filter(community=sending.community, left_at__isnull=True, identity__member__among=people)
    if sending.platforms:
        stays = stays.filter(identity__platform__in=sending.platforms)
    chosen: dict[int, tuple[bool, int]] = {}
    for member, identity, account in stays.values_list("identity__member", "identity", "group__account"):
        place = (account is None, identity)
        chosen[member] = min(chosen.get(member, place), place)
    ids = [identity for _unconnected, identity in chosen.values()]
    return list(Identity.objects.filter(pk__among=ids).select_related("member").order_by("pk"))


def approved_here(delivery: Delivery) -> bool:
    """Whether the sending of this delivery was released with just this content."""
    sending = delivery.sending
    if sending is None:
        return False
    fresh = Sending.objects.filter(pk=sending.pk, state__in=(Sending.State.GOING, Sending.State.DONE))
    return fresh.filter(checked_hash=delivery.content_hash).exclude(checked_hash="").exists()


def approved_test(delivery: Delivery) -> bool:
    """A test goes to colleagues and to nobody else."""
    return delivery.identity is not None and delivery.identity.member.is_staff


def _to_group(sending: Sending, group: Group, due: datetime) -> Wanted:
    return Wanted(
        key=f"{sending.pk}:group:{group.pk}",
        action=Action.SEND,
        due_at=due,
        group=group,
        words=sending.words,
        options=options_of(sending),
        content_hash=sending.checked_hash or hash_of_sending(sending),
        advert=sending.advert,
    )


def _to_person(sending: Sending, identity: Identity, due: datetime) -> Wanted:
    return Wanted(
        key=f"{sending.pk}:member:{identity.member_id}",
        action=Action.TELL,
        due_at=due,
        identity=identity,
        words=sending.words,
        options=options_of(sending),
        content_hash=sending.checked_hash or hash_of_sending(sending),
        advert=sending.advert,
        by_traits=True,
    )

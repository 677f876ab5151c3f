"""Who is merged into whom, and what is suggested to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from qunying.ground.access.roles import Permission
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership
from qunying.ground.groups.queries import communities_for
from qunying.ground.members.models import Identity, Member
from qunying.ground.merges.models import Likeness, Merge, MergeRule
from qunying.kit.plans import only_among

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from qunying.ground.access.models import Holder


def family_of(member: Member) -> list[int]:
    """Ids of the member and of everyone merged into it, directly or before: who wants to forget one forgets all."""
    found = [member.pk]
    newest = found
    while newest:
        newest = list(Member.objects.filter(merged_into__in=newest).order_by("pk").values_list("pk", flat=True))
        found = [*found, *newest]
    return found


def living_id(pk: int) -> int:
    """The id of the person a member of this id is now: its own, or that of whom it was merged into."""
    into = Member.objects.filter(pk=pk).values_list("merged_into_id", flat=True).first()
    return pk if into is None else living_id(into)


def communities_of(members: Iterable[int]) -> list[int]:
    """Ids of the communities in which accounts of these members (ids) were or did anything."""
    accounts = list(Identity.objects.filter(member__in=list(members)).values_list("pk", flat=True))
    stays = Membership.objects.filter(identity__in=accounts).order_by().values_list("community_id", flat=True)
    acts = Event.objects.filter(identity__in=accounts).order_by().values_list("community_id", flat=True)
    return sorted({*stays.distinct(), *acts.distinct()})


def standing_merges(member: Member) -> QuerySet[Merge]:
    """The mergings into this member that hold, latest first."""
    return Merge.objects.filter(kept=member, undone_at__isnull=True).select_related("absorbed", "by")


def likenesses_for(staff: Holder, *, dismissed: bool = False) -> QuerySet[Likeness]:
    """The suggestions about people both of whom this colleague may change, the likeliest first."""
    visible = list(communities_for(staff, Permission.EDIT_MEMBERS).values_list("pk", flat=True))

    def here(which: str) -> Exists:
        return Exists(Membership.objects.filter(only_among("community_id", visible), identity__member=OuterRef(which)))

    return (
        Likeness.objects.filter(here("first"), here("second"), dismissed_at__isnull=not dismissed)
        .filter(Q(first__merged_into=None), Q(second__merged_into=None))
        .select_related("first", "second", "dismissed_by")
    )


def rules_on() -> set[str]:
    """Names of the rules that may merge without asking."""
    return set(MergeRule.objects.filter(on=True).values_list("name", flat=True))

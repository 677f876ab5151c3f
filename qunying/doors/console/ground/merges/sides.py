"""Two people side by side: what each is known by, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from qunying.doors.console.zones import zone_among
from qunying.ground.events.doings import doings_in
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Identity
from qunying.ground.members.private import private_kind
from qunying.ground.members.queries import masked_fields, tags_of
from qunying.ground.merges.reasons import SURE, in_words
from qunying.ground.platforms.names import platform_label
from qunying.kit.formats import moment, whole
from qunying.kit.plans import only_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qunying.ground.events.doings import Doings
    from qunying.ground.groups.models import Community
    from qunying.ground.members.models import Member, MemberTag
    from qunying.ground.merges.models import Likeness


@dataclass(frozen=True, slots=True)
class Line:
    """One thing told of both: its name, each one's values, and whether they differ."""

    label: str
    left: list[str]
    right: list[str]
    single: bool = False
    """Whether one person has one of it only, so that two of them are a doubt."""

    @property
    def differs(self) -> bool:
        """Whether both have one of what a person has once, and not the same."""
        return self.single and bool(self.left and self.right and self.left != self.right)


@dataclass(frozen=True, slots=True)
class Card:
    """A pair: both people, the lines, and of a suggestion its score and reasons."""

    left: Member
    right: Member
    lines: list[Line]
    likeness: Likeness | None = None

    @property
    def reasons(self) -> list[tuple[str, bool]]:
        """Each reason in words, and whether it speaks against."""
        rows = self.likeness.reasons if self.likeness else []
        return [(in_words(row), bool(row.get("against"))) for row in rows]

    @property
    def sure(self) -> bool:
        """Whether hardly anything but one person explains it."""
        return self.likeness is not None and self.likeness.score >= SURE

    @property
    def percent(self) -> int:
        """The score in hundredths."""
        return round((self.likeness.score if self.likeness else 0) * 100)


class Known:
    """What is known of many people, read once: five queries, however many they are."""

    def __init__(self, members: Iterable[Member], communities: Sequence[Community]) -> None:
        ids = sorted({member.pk for member in members})
        self.zone = zone_among(communities)
        visible = [community.pk for community in communities]
        self.accounts = _accounts(ids)
        self.places = _places(ids, visible)
        self.tags = tags_of(ids)
        self.private = masked_fields(ids)
        self.doings = doings_in(ids, visible)

    def lines(self, left: Member, right: Member) -> list[Line]:
        """Everything of two of them, line by line; what neither has is left out."""
        rows = [
            Line(_("Accounts"), self.accounts.get(left.pk, []), self.accounts.get(right.pk, [])),
            Line(_("Where"), self.places.get(left.pk, []), self.places.get(right.pk, [])),
            *self._private(left.pk, right.pk),
            Line(_("Tags"), _tag_words(self.tags.get(left.pk, [])), _tag_words(self.tags.get(right.pk, []))),
            Line(_("Messages"), self._messages(left.pk), self._messages(right.pk)),
            Line(_("Last active"), self._last(left.pk), self._last(right.pk)),
            Line(_("Marks"), _marks(left), _marks(right)),
        ]
        return [row for row in rows if row.left or row.right]

    def _private(self, left: int, right: int) -> list[Line]:
        mine, theirs = self.private.get(left, {}), self.private.get(right, {})
        names = list(mine) + [name for name in theirs if name not in mine]
        return [
            Line(str(private_kind(name).label), _one(mine.get(name)), _one(theirs.get(name)), single=True)
            for name in names
        ]

    def _did(self, pk: int) -> Doings | None:
        return self.doings.get(pk)

    def _messages(self, pk: int) -> list[str]:
        did = self._did(pk)
        return [whole(did.messages)] if did else []

    def _last(self, pk: int) -> list[str]:
        did = self._did(pk)
        return [moment(did.last_at.astimezone(self.zone))] if did and did.last_at else []


def cards_of(likenesses: Sequence[Likeness], communities: Sequence[Community]) -> list[Card]:
    """Suggestions as pairs; the one known longer stands left."""
    known = Known([one for row in likenesses for one in (row.first, row.second)], communities)
    return [Card(row.first, row.second, known.lines(row.first, row.second), row) for row in likenesses]


def card_of(left: Member, right: Member, communities: Sequence[Community]) -> Card:
    """Any two people as a pair."""
    return Card(left, right, Known([left, right], communities).lines(left, right))


def _one(value: str | None) -> list[str]:
    return [value] if value else []


def _marks(member: Member) -> list[str]:
    return [word for word, on in ((_("Staff"), member.is_staff), (_("Bot"), member.is_bot)) if on]


def _tag_words(tags: Iterable[MemberTag]) -> list[str]:
    return [f"{held.tag.dimension.label}：{held.tag.label}" for held in tags]


def _accounts(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in Identity.objects.filter(member_id__in=ids).order_by("platform", "external_id"):
        name = f" {row.display_name}" if row.display_name and row.display_name != row.external_id else ""
        found.setdefault(row.member_id, []).append(f"{platform_label(row.platform)}{name} {row.external_id}")
    return found


def _places(ids: list[int], visible: list[int]) -> dict[int, list[str]]:
    rows = (
        Membership.objects.filter(only_among("community_id", visible), identity__member__in=ids)
        .order_by("community__name", "group__name")
        .values_list("identity__member_id", "community__name", "group__name")
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for member, community, group in rows:
        found.setdefault(member, []).append(f"{community} · {group}" if group else community)
    return found

"""What came back of content: per group, per publication, per entry, each figure with where it is from.

Three sources: facts about the messages that went out (reads, signs, answers, likes, comments, times passed on), clicks
on the short links in them, and what a person read off a platform that tells nothing. Where a person has typed a figure
for a group, theirs stands instead of the counted one: they did so because the platform tells less than it knows.
Pieces elsewhere (an article, a video) bring the figures of the newest imported table.

People reached are those who were in a group at the moment the words arrived there, without the team and bots. They
are the denominator of every rate, but that of completion: of those who read, how many got to the end. A group counts
into a denominator only where it is known how often the thing was done there: silence of a platform is not zero.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum

from qunying.do.publishing.approval import ORIGIN
from qunying.do.publishing.models import NotedFigure, Piece, PublicationLink, Sign
from qunying.do.reach.models import Delivery
from qunying.ground.events.models import Event
from qunying.ground.groups.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from qunying.do.publishing.models import Publication

_FACTS = {
    "read": Sign.READ,
    "reacted": Sign.LIKED,
    "liked": Sign.LIKED,
    "replied": Sign.COMMENTED,
    "commented": Sign.COMMENTED,
    "shared": Sign.SHARED,
}
"""Kind of a fact about a message → what it counts as; a sign given and a like are one thing in a chat."""
_TABLES = {
    Sign.SHOWN: "exposures",
    Sign.READ: "views",
    Sign.LIKED: "likes",
    Sign.COMMENTED: "comments",
    Sign.SHARED: "shares",
    Sign.CLICKED: "link_clicks",
}
AFTER = timedelta(days=30)
"""What people do with a message later than that is not counted for it."""
_MOST_EVENTS = 80

_HEARD = frozenset({Sign.READ, Sign.LIKED, Sign.COMMENTED})
"""What a platform that is connected tells of by itself: there, none told is none done."""

Place = tuple[int, int]
"""A publication and a group, by their numbers."""


@dataclass(slots=True)
class Figures:
    """What came back of something: `groups` it arrived in, `reached` people there, and how often each thing was done.

    `bases` are what the counts are shares of, `known` names what anybody has told of, and `by_hand` what (or a part
    of it) was typed in by a person.
    """

    groups: int = 0
    reached: int = 0
    pieces: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    bases: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)
    by_hand: set[str] = field(default_factory=set)

    def add(self, other: Figures) -> None:
        """Count the other in; people in two groups count twice, for they were reached twice."""
        self.groups += other.groups
        self.reached += other.reached
        self.pieces += other.pieces
        self.counts.update(other.counts)
        self.bases.update(other.bases)
        self.known |= other.known
        self.by_hand |= other.by_hand

    def base_of(self, name: str) -> int:
        """What a count is a share of: people reached in groups, showings of pieces elsewhere, reads for completion.

        0 where groups and pieces are added up, for their shares cannot be (completion's can).
        """
        mixed = self.groups and self.pieces and name != Sign.COMPLETED
        return 0 if mixed else self.bases[name]

    def rate_of(self, name: str) -> float | None:
        """The share; None where there is nothing it could be a share of, or more was counted than there is."""
        base = self.base_of(name)
        return self.counts[name] / base if base and self.counts[name] <= base else None


def figures_of(publications: Sequence[Publication]) -> dict[int, Figures]:
    """The figures of each of these publications, by its number. Five queries, however many there are."""
    found = {publication.pk: Figures() for publication in publications}
    for (publication, _group), one in figures_by_group(publications).items():
        found[publication].add(one)
    return found


def figures_by_group(publications: Sequence[Publication]) -> dict[Place, Figures]:
    """The figures of each group a publication has arrived in."""
    sent = _sent(publications)
    reached = _people_at({(row.group_id or 0, row.ended_at) for row in sent.values() if row.ended_at})
    counted, clicks, noted = _acts_on(sent), _clicks(publications), _noted(publications)
    found: dict[Place, Figures] = {}
    for place, row in sent.items():
        people = reached.get((row.group_id or 0, row.ended_at), 0) if row.ended_at else 0
        told: dict[str, int] = dict.fromkeys(map(str, _HEARD), 0) if row.account_id else {}
        told.update({str(name): count for name, count in counted.get(place, {}).items()})
        if place in clicks:
            told[Sign.CLICKED.value] = clicks[place]
        found[place] = _of_group(people, told, noted.get(place, {}))
    return found


def _of_group(people: int, told: Mapping[str, int], typed: Mapping[str, int]) -> Figures:
    counts = Counter({**told, **typed})
    bases = Counter({name: counts[Sign.READ] if name == Sign.COMPLETED else people for name in counts})
    return Figures(1, people, counts=counts, bases=bases, known=set(counts), by_hand=set(typed))


def figures_of_entry(publications: Sequence[Publication], pieces: Sequence[Piece]) -> Figures:
    """Everything that came back of an entry: of its publications in groups and its pieces elsewhere."""
    whole = Figures()
    for one in (*figures_of(publications).values(), *figures_of_pieces(pieces).values()):
        whole.add(one)
    return whole


def figures_of_pieces(pieces: Sequence[Piece]) -> dict[int, Figures]:
    """What the newest imported table says of each piece, by its number. One query."""
    by_id = {(piece.community_id, piece.object_id): piece for piece in pieces}
    communities = {piece.community_id for piece in pieces}
    rows = Event.objects.filter(kind="measured", object_type="content", community__in=communities)
    rows = rows.filter(object_id__in=[piece.object_id for piece in pieces]).order_by("occurred_at", "id")
    found = {piece.pk: Figures(pieces=1) for piece in pieces}
    for row in rows:
        piece = by_id.get((row.community_id, row.object_id))
        if piece is not None and row.payload.get("platform") == piece.platform:
            found[piece.pk] = _of_table(row.payload)
    return found


def _of_table(told: Mapping[str, object]) -> Figures:
    values = {sign: told.get(name) for sign, name in _TABLES.items()}
    # Some platforms tell readers alone.
    values[Sign.READ] = told.get("views", told.get("viewers"))
    counts = Counter({str(sign): value for sign, value in values.items() if isinstance(value, int)})
    rate = told.get("completion_rate")
    if isinstance(rate, float | int) and counts[Sign.READ]:
        counts[Sign.COMPLETED.value] = round(counts[Sign.READ] * rate)
    bases = Counter(dict.fromkeys(set(counts) - {Sign.SHOWN}, counts[Sign.SHOWN]))
    if Sign.COMPLETED in counts:
        bases[Sign.COMPLETED] = counts[Sign.READ]
    return Figures(pieces=1, counts=counts, bases=bases, known=set(counts))


def _sent(publications: Sequence[Publication]) -> dict[Place, Delivery]:
    numbers = [str(publication.pk) for publication in publications]
    rows = Delivery.objects.filter(origin=ORIGIN, origin_id__in=numbers, action="send", state=Delivery.State.SENT)
    return {(int(row.origin_id), row.group_id or 0): row for row in rows.order_by("pk")}


def _people_at(moments: Iterable[tuple[int, datetime]]) -> dict[tuple[int, datetime | None], int]:
    """How many people were in each group at each of these moments."""
    wanted = list(moments)
    stays: dict[int, list[tuple[datetime, datetime | None, int]]] = defaultdict(list)
    rows = Membership.objects.filter(
        group__in={group for group, _at in wanted}, identity__member__is_staff=False, identity__member__is_bot=False
    )
    for group, joined, left, member in rows.values_list("group", "joined_at", "left_at", "identity__member"):
        stays[group or 0].append((joined, left, member))
    return {
        (group, at): len({member for joined, left, member in stays[group] if joined <= at and (not left or left > at)})
        for group, at in wanted
    }


def _acts_on(sent: Mapping[Place, Delivery]) -> dict[Place, Counter[str]]:
    """How many people did what with the messages of each place; each person once for each thing."""
    places = {(row.group_id, name[:_MOST_EVENTS]): place for place, row in sent.items() for name in _ids(row)}
    if not places:
        return {}
    apart = {name: place for (_group, name), place in places.items()}
    first = min(row.ended_at for row in sent.values() if row.ended_at)
    last = max(row.ended_at for row in sent.values() if row.ended_at) + AFTER
    rows = Event.objects.filter(
        community__in={row.community_id for row in sent.values()},
        occurred_at__range=(first - timedelta(minutes=5), last),
        kind__in=list(_FACTS),
        object_type="message",
        object_id__in=[name for _group, name in places],
        identity__member__is_staff=False,
        identity__member__is_bot=False,
    )
    seen: dict[Place, set[tuple[str, int]]] = defaultdict(set)
    for kind, group, name, member in rows.values_list("kind", "group", "object_id", "identity__member"):
        # What is posted where nobody is a member, as moments are, is told of without a group.
        place = places.get((group, name)) or (apart.get(name) if not group else None)
        if place is not None:
            seen[place].add((_FACTS[kind], member))
    return {place: Counter(name for name, _member in acts) for place, acts in seen.items()}


def _ids(row: Delivery) -> list[str]:
    """The platform's ids of what was sent; the last is left out where the column was too short for it."""
    names = row.external_id.split()
    whole = Delivery._meta.get_field("external_id").max_length or 0  # noqa: SLF001 - Django's own name
    return names[:-1] if len(names) > 1 and len(row.external_id) >= whole else names


def _clicks(publications: Sequence[Publication]) -> dict[Place, int]:
    rows = PublicationLink.objects.filter(publication__in=[one.pk for one in publications]).order_by()
    counted = rows.values("publication", "link__group").annotate(clicks=Sum("link__clicks"))
    return {(row["publication"], row["link__group"] or 0): row["clicks"] or 0 for row in counted}


def _noted(publications: Sequence[Publication]) -> dict[Place, dict[str, int]]:
    """What was typed last for each place, by the name of the figure."""
    found: dict[Place, dict[str, int]] = defaultdict(dict)
    rows = NotedFigure.objects.filter(publication__in=[one.pk for one in publications]).order_by("day", "pk")
    for publication, group, name, value in rows.values_list("publication", "group", "name", "value"):
        found[publication, group][name] = value
    return found

"""Finding pairs of people who may be one: by what they share in the tables, never by comparing all with all."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Identity, Member, PrivateField
from qunying.ground.merges.reasons import SUGGESTED, score_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

Pair = tuple[int, int]

_MOST_SHARING = 6
"""A name or number shared by more people than this tells nothing of any two of them."""
_CROWD = 60
_DECORATION = re.compile(r"[^\w\u3400-\u9fff]+|_+", re.UNICODE)
_PRIVATE = ("phone", "email", "real_name", "address", "birthday")
_DIFFER = {"phone": "other_phone", "real_name": "other_real_name", "birthday": "other_birthday"}
_SHORT_NAME = 2
_SHORT_ID = 6
_SIMILAR = 0.75


@dataclass(slots=True)
class People:
    """What is known of everyone who could be one of a pair."""

    names: dict[int, str] = field(default_factory=dict)
    accounts: dict[int, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    unions: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    private: dict[int, dict[str, bytes]] = field(default_factory=lambda: defaultdict(dict))
    groups: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    seats: dict[int, set[tuple[int, str]]] = field(default_factory=lambda: defaultdict(set))
    """(group, platform) in which they are now."""


def read_people() -> People:
    """Everyone who has an account, is no bot and has not been merged away. Four queries."""
    people = People()
    living = Member.objects.filter(merged_into=None, is_bot=False, identities__isnull=False).distinct()
    people.names = {pk: plain_name(name) for pk, name in living.values_list("pk", "display_name")}
    rows = Identity.objects.values_list("member_id", "platform", "external_id", "union_id")
    for member, platform, external_id, union_id in rows.iterator(chunk_size=5000):
        people.accounts[member].append((platform, external_id))
        if union_id:
            people.unions[member].add(union_id)
    for member, name, digest in PrivateField.objects.values_list("member_id", "name", "digest"):
        people.private[member][name] = bytes(digest)
    stays = Membership.objects.filter(group__isnull=False).values_list(
        "identity__member_id", "group_id", "left_at", "identity__platform"
    )
    for member, group, left_at, platform in stays.iterator(chunk_size=5000):
        people.groups[member].add(group)
        if left_at is None:
            people.seats[member].add((group, platform))
    return people


def plain_name(name: str) -> str:
    """A name without decoration: full width, capitals, spaces, signs and pictures make no difference."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", name).casefold())


def likely_pairs(people: People) -> Iterator[tuple[Pair, dict[str, dict[str, Any]]]]:
    """Pairs (lower id first) that score high enough, each with its reasons."""
    for pair in sorted(_candidates(people)):
        found = reasons_for(pair, people)
        if score_of(found) >= SUGGESTED:
            yield pair, found


def reasons_for(pair: Pair, people: People) -> dict[str, dict[str, Any]]:
    """Everything that speaks for or against these two being one, with what a page wants to know of it."""
    one, two = pair
    found: dict[str, dict[str, Any]] = {}
    if people.unions.get(one, set()) & people.unions.get(two, set()):
        found["unionid"] = {}
    _compare_private(people.private.get(one, {}), people.private.get(two, {}), found)
    if _same_account(people.accounts[one], people.accounts[two]):
        found["account"] = {}
    if (alike := _alike(people.names.get(one, ""), people.names.get(two, ""))) != "":
        found[alike] = {}
    if shared := people.groups.get(one, set()) & people.groups.get(two, set()):
        found["groups"] = {"count": len(shared)}
    if people.seats.get(one, set()) & people.seats.get(two, set()):
        found["side_by_side"] = {}
    return found


def _compare_private(mine: dict[str, bytes], theirs: dict[str, bytes], found: dict[str, dict[str, Any]]) -> None:
    for name in _PRIVATE:
        if name not in mine or name not in theirs:
            continue
        if mine[name] == theirs[name]:
            found[name] = {}
        elif name in _DIFFER:
            found[_DIFFER[name]] = {}


def _same_account(mine: Iterable[tuple[str, str]], theirs: Iterable[tuple[str, str]]) -> bool:
    places = list(theirs)
    return any(
        len(name) >= _SHORT_ID and name.casefold() == other.casefold() and platform != elsewhere
        for platform, name in mine
        for elsewhere, other in places
    )


def _alike(mine: str, theirs: str) -> str:
    if min(len(mine), len(theirs)) < _SHORT_NAME:
        return ""
    if mine == theirs:
        return "name"
    if mine.startswith(theirs) or theirs.startswith(mine):
        return "similar_name"
    return "similar_name" if SequenceMatcher(None, mine, theirs).ratio() >= _SIMILAR else ""


def _candidates(people: People) -> set[Pair]:
    """Pairs worth a look: they share a number, an account id, a name, or a group and the beginning of a name."""
    shelves: dict[Hashable, set[int]] = defaultdict(set)
    for member, name in people.names.items():
        for key in _keys(member, name, people):
            shelves[key].add(member)
    pairs: set[Pair] = set()
    for key, held in shelves.items():
        most = _CROWD if isinstance(key, tuple) and key[0] == "near" else _MOST_SHARING
        if len(held) <= most:
            pairs.update(combinations(sorted(held), 2))
    return pairs


def _keys(member: int, name: str, people: People) -> Iterator[Hashable]:
    for union in people.unions.get(member, ()):
        yield "union", union
    for field_name in ("phone", "email", "real_name", "address"):
        if digest := people.private.get(member, {}).get(field_name):
            yield field_name, digest
    for _platform, external_id in people.accounts[member]:
        if len(external_id) >= _SHORT_ID:
            yield "account", external_id.casefold()
    if len(name) >= _SHORT_NAME:
        yield "name", name
        for group in people.groups.get(member, ()):
            yield "near", group, name[:_SHORT_NAME]


def crowded_phones() -> set[bytes]:
    """Digests of telephone numbers that more than three people share: a shop's or a family's, nobody's own."""
    rows = PrivateField.objects.filter(name="phone", member__merged_into=None).values("digest")
    return {bytes(row["digest"]) for row in rows.annotate(n=Count("pk")).filter(n__gt=3)}

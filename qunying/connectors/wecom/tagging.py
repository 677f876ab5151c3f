"""The corp's tags on people: given and taken as WeCom has them, and nothing that came from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qunying.connectors.wecom.rolls import BY
from qunying.ground.members.models import Identity, MemberTag
from qunying.ground.members.services_tags import tag_many, tidy_tag, untag_members
from qunying.ground.platforms.names import WECOM
from qunying.kit.told import listed, part, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qunying.connectors.wecom.client import Client

_GROUP, _NAME = 60, 80


def fetch_tags(client: Client) -> dict[str, tuple[str, str]]:
    """Every tag of the corp: its id → its group and name; raises as `Client.ask`."""
    told = client.ask("externalcontact/get_corp_tag_list")
    found: dict[str, tuple[str, str]] = {}
    for one in listed(told.get("tag_group")):
        group = part({"": one}, "")
        dimension = text(group.get("group_name"), _GROUP)
        for tag in listed(group.get("tag")):
            _note(found, dimension, part({"": tag}, ""))
    return found


def _note(found: dict[str, tuple[str, str]], dimension: str, tag: Mapping[str, Any]) -> None:
    name, pk = text(tag.get("name"), _NAME), text(tag.get("id"), 64)
    if dimension and name and pk:
        found[pk] = tidy_tag(dimension, name)


def set_tags(client: Client, wanted: Mapping[str, set[tuple[str, str]]]) -> int:
    """Let these people carry the corp's tags that WeCom says, and no others of the corp's; how many changed."""
    carries = MemberTag.objects.filter(
        source=MemberTag.Source.IMPORT,
        member__identities__platform=WECOM,
        member__identities__external_id__among=sorted(wanted),
    )
    if not any(wanted.values()) and not carries.exists():
        return 0
    return keep_tags(wanted, known=set(fetch_tags(client).values()))


@transaction.atomic
def keep_tags(wanted: Mapping[str, set[tuple[str, str]]], *, known: set[tuple[str, str]]) -> int:
    """As `set_tags`, where the corp's tags are `known`. People nobody knows are passed over."""
    rows = Identity.objects.filter(platform=WECOM, external_id__among=sorted(wanted))
    members = dict(rows.values_list("external_id", "member_id"))
    should = {
        (members[person], *tidy_tag(group, name))
        for person, tags in wanted.items()
        if person in members
        for group, name in tags
    }
    have = _carried(set(members.values()))
    given = tag_many(sorted(should - set(have)), source=MemberTag.Source.IMPORT, by=BY) if should - set(have) else 0
    extra = [(row, pk) for (pk, group, name), row in have.items() if (pk, group, name) not in should]
    taken = [(row, pk) for row, pk in extra if (row.tag.dimension.name, row.tag.name) in known]
    for row, pk in taken:
        untag_members([pk], tag=row.tag, by=BY, source=MemberTag.Source.IMPORT)
    return given + len(taken)


def _carried(members: set[int]) -> dict[tuple[int, str, str], MemberTag]:
    """What people carry that came from elsewhere, by member, dimension and name."""
    rows = MemberTag.objects.filter(member__among=sorted(members)).select_related("tag__dimension")
    return {(row.member_id, row.tag.dimension.name, row.tag.name): row for row in rows}


def carried_among(people: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """What these people carry that came from elsewhere: (group, name) of each tag."""
    wanted = sorted(people)
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    if wanted:
        rows = MemberTag.objects.filter(
            source=MemberTag.Source.IMPORT,
            member__identities__platform=WECOM,
            member__identities__external_id__among=wanted,
        )
        named = rows.values_list("member__identities__external_id", "tag__dimension__name", "tag__name")
        for person, group, name in named:
            found[person].add((group, name))
    return found

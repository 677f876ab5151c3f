"""Whose contact who is: rows and facts of people who befriend a colleague, and of those who end it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qunying.connectors.wecom.models import Contact
from qunying.connectors.wecom.rolls import SOURCE, moment, note_colleagues
from qunying.ground.events.facts import Fact
from qunying.ground.events.services import record
from qunying.ground.groups.models import Community, Membership
from qunying.ground.members.accounts import note_unions
from qunying.ground.members.models import Identity
from qunying.ground.members.services import Who
from qunying.ground.platforms.names import WECOM
from qunying.ground.privacy.queries import erased_among
from qunying.kit.told import listed, part, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from qunying.connectors.wecom.client import Client
    from qunying.ground.platforms.models import Account

_LONGEST_ID = 64
_LONGEST_NAME = 120
_MOST_WAY = 10_000


@dataclass(frozen=True, slots=True)
class Follow:
    """A person as one colleague's contact, as WeCom tells it; `tags` are (group, name)."""

    person: str
    userid: str
    since: datetime
    name: str = ""
    union: str = ""
    state: str = ""
    remark: str = ""
    way: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Who and whose."""
        return self.userid, self.person


def community_of(account: Account) -> Community | None:
    """To which community contacts belong; None where nobody said, or where it lies outside the account's unit."""
    slug = str(account.settings.get("community", ""))
    found = Community.objects.select_related("unit").filter(slug=slug).first() if slug else None
    return found if found is not None and found.unit.path.startswith(account.unit.path) else None


def fetch_person(client: Client, person: str) -> tuple[list[Follow], set[tuple[str, str]]]:
    """A person with every colleague whose contact they are, and the corp's tags they carry; raises as `Client.ask`."""
    found: list[Follow] = []
    tags: set[tuple[str, str]] = set()
    cursor = ""
    while True:
        told = client.ask("externalcontact/get", external_userid=person, **({"cursor": cursor} if cursor else {}))
        profile = part(told, "external_contact")
        for one in listed(told.get("follow_user")):
            follow = read_follow(profile, part({"": one}, ""))
            found += [follow] if follow is not None else []
            tags |= set(_tags(part({"": one}, "")))
        after = told.get("next_cursor")
        if not isinstance(after, str) or not after or after == cursor:
            return found, tags
        cursor = after


def _tags(follow: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The tags of the corp and of its rules; those a colleague made for themselves (type 2) stay theirs."""
    for one in listed(follow.get("tags")):
        told = part({"": one}, "")
        group, name = text(told.get("group_name"), 60), text(told.get("tag_name"), 80)
        if group and name and told.get("type") != 2:  # noqa: PLR2004 - named above
            yield group, name


def read_follow(profile: Mapping[str, Any], follow: Mapping[str, Any], *, userid: str = "") -> Follow | None:
    """One contact out of an answer; None where it lacks what it cannot be without."""
    person = text(profile.get("external_userid"), _LONGEST_ID)
    owner = text(follow.get("userid"), Contact.USER_LENGTH) or userid
    since = moment(follow.get("createtime"))
    if not person or not owner or since is None:
        return None
    way = follow.get("add_way")
    return Follow(
        person,
        owner,
        since,
        text(profile.get("name"), _LONGEST_NAME),
        text(profile.get("unionid"), 64),
        text(follow.get("state"), Contact.STATE_LENGTH),
        text(follow.get("remark"), Contact.REMARK_LENGTH),
        way if isinstance(way, int) and 0 <= way < _MOST_WAY else 0,
    )


@transaction.atomic
def keep_follows(account: Account, follows: Sequence[Follow]) -> int:
    """Make what is told of contacts known: rows, facts of new ones, remarks that changed; how many were new.

    What is known already writes nothing. Contacts of people who were erased are passed over.
    """
    community = community_of(account)
    erased = erased_among(Who(WECOM, one.person) for one in follows)
    living = {one.key: one for one in follows if (WECOM, one.person) not in erased}
    if community is None or not living:
        return 0
    rows = _rows(account, {one.person for one in living.values()})
    fresh = [one for key, one in sorted(living.items()) if key not in rows or _is_anew(rows[key], one)]
    open_before = {row.identity.external_id for row in rows.values() if row.until is None}
    record(_befriended(fresh, open_before), community=community, source=SOURCE)
    _note_unions(living.values())
    note_colleagues({one.userid for one in fresh})
    _write(account, fresh, rows)
    _write_remarks(living, rows, fresh)
    return len(fresh)


def _rows(account: Account, people: Collection[str]) -> dict[tuple[str, str], Contact]:
    found = Contact.objects.filter(
        account=account, identity__platform=WECOM, identity__external_id__among=sorted(people)
    ).select_related("identity")
    return {(row.userid, row.identity.external_id): row for row in found}


def _is_anew(row: Contact, told: Follow) -> bool:
    """Whether an ended contact began once more: WeCom then tells a later beginning."""
    return row.until is not None and told.since > row.since


def _befriended(fresh: Sequence[Follow], open_before: set[str]) -> list[Fact]:
    """A fact for each contact, and one of joining for whoever had none before."""
    facts: list[Fact] = []
    joined = set(open_before)
    for one in sorted(fresh, key=lambda one: (one.since, one.key)):
        second = int(one.since.timestamp())
        told = {
            "who": Who(WECOM, one.person, one.name),
            "target": Who(WECOM, one.userid),
            "channel_key": one.state,
        }
        key = ("befriended", *one.key, second)
        facts.append(Fact("befriended", one.since, key, payload={"way": one.way}, **told))  # type: ignore[arg-type]
        if one.person not in joined:
            joined.add(one.person)
            facts.append(Fact("joined", one.since, ("contact", *one.key, second), **told))  # type: ignore[arg-type]
    return facts


def _write(account: Account, fresh: Sequence[Follow], rows: Mapping[tuple[str, str], Contact]) -> None:
    names = {one.person for one in fresh}
    ids = dict(
        Identity.objects.filter(platform=WECOM, external_id__among=sorted(names)).values_list("external_id", "pk")
    )
    new: list[Contact] = []
    for one in fresh:
        row = rows.get(one.key) or Contact(account=account, identity_id=ids[one.person], userid=one.userid)
        row.since, row.until, row.channel, row.remark = one.since, None, one.state, one.remark
        new += [row] if one.key not in rows else []
    again = [rows[one.key] for one in fresh if one.key in rows]
    Contact.objects.bulk_create(new, batch_size=500)
    Contact.objects.bulk_update(again, ["since", "until", "channel", "remark"], batch_size=200)


def _write_remarks(
    living: Mapping[tuple[str, str], Follow], rows: Mapping[tuple[str, str], Contact], fresh: Sequence[Follow]
) -> None:
    done = {one.key for one in fresh}
    changed = []
    for key, row in rows.items():
        if key in living and key not in done and row.until is None and row.remark != living[key].remark:
            row.remark = living[key].remark
            changed.append(row)
    Contact.objects.bulk_update(changed, ["remark"], batch_size=200)


@transaction.atomic
def end_follows(account: Account, ended: Iterable[tuple[str, str]], *, at: datetime, by: str) -> int:
    """These contacts (colleague, person) have ended; how many were open until now.

    Whoever is nobody's contact any more has left the community, where no group keeps them in it. `by` is customer,
    colleague, transfer, or '' where nobody knows.
    """
    pairs, community = set(ended), community_of(account)
    rows = _rows(account, {person for _userid, person in pairs})
    closed = {key: row for key, row in rows.items() if key in pairs and row.until is None and row.since <= at}
    if community is None or not closed:
        return 0
    for row in closed.values():
        row.until = at
    Contact.objects.bulk_update(closed.values(), ["until"], batch_size=200)
    kept = {row.identity.external_id for row in rows.values() if row.until is None}
    gone = _alone(community, {person for _userid, person in closed} - kept)
    record(_unfriended(closed, gone, at, by), community=community, source=SOURCE)
    return len(closed)


def _alone(community: Community, people: Collection[str]) -> set[str]:
    """Those of the people who belong to the community without a group."""
    rows = Membership.objects.filter(
        community=community,
        group__isnull=True,
        left_at__isnull=True,
        identity__platform=WECOM,
        identity__external_id__among=sorted(people),
    )
    return set(rows.values_list("identity__external_id", flat=True))


def _unfriended(closed: Mapping[tuple[str, str], Contact], gone: set[str], at: datetime, by: str) -> list[Fact]:
    payload = {"by": by} if by else {}
    facts = []
    for userid, person in sorted(closed):
        key = (userid, person, int(closed[userid, person].since.timestamp()))
        who, target = Who(WECOM, person), Who(WECOM, userid)
        facts.append(Fact("unfriended", at, ("unfriended", *key), who=who, target=target, payload=payload))
        if person in gone:
            gone = gone - {person}
            facts.append(Fact("left", at, ("no contact", *key), who=who, payload={"reason": by} if by else {}))
    return facts


def _note_unions(follows: Iterable[Follow]) -> None:
    """Keep who people are across WeChat's apps, where it is not known yet."""
    told = {one.person: one.union for one in follows if one.union}
    rows = Identity.objects.filter(platform=WECOM, external_id__among=sorted(told)).values_list(
        "external_id", "union_id"
    )
    note_unions({(WECOM, person): told[person] for person, known in rows if told[person] != known})


def sharers_among(account: Account, people: Collection[str]) -> dict[str, list[str]]:
    """Those of the people who are the contact of more than one colleague, with these in order."""
    rows = Contact.objects.filter(
        account=account, until__isnull=True, identity__platform=WECOM, identity__external_id__among=sorted(people)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for person, userid in rows.values_list("identity__external_id", "userid"):
        found[person].append(userid)
    return {person: sorted(colleagues) for person, colleagues in found.items() if len(colleagues) > 1}

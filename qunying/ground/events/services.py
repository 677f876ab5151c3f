"""`record`: the only way into the log."""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from qunying.ground.events._insert import as_json, insert_events, insert_messages
from qunying.ground.events.facts import Recorded, check_fact
from qunying.ground.events.kinds import RENAMED, Presence, all_kinds, kind_named
from qunying.ground.events.presence import Sign, follow_presence
from qunying.ground.events.queries import fact_digests, last_fact_times
from qunying.ground.members.services import ensure_identities, note_dimension_change, rename_identities
from qunying.ground.privacy.queries import erased_among
from qunying.kit.bulk import time_writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from qunying.ground.events.facts import Fact
    from qunying.ground.groups.models import Community
    from qunying.ground.members.services import Who
    from qunying.kit.bulk import Row

_TRIES = 4
_DEADLOCK = "40P01"


def record(facts: Iterable[Fact], *, community: Community, source: str) -> Recorded:
    """Store facts, each once, together with the accounts, memberships and names they change.

    All or nothing, in one transaction: when this returns outside a transaction, everything is stored.
    A fact whose (source, key) the log already holds counts as a duplicate and changes nothing. Raises
    QunyingError, and stores nothing, where a fact is not what its kind declares. Facts of people who were
    erased are dropped and counted.
    """
    batch = list(facts)
    for fact in batch:
        check_fact(fact)
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                return _record(batch, community=community, source=source)
        except OperationalError as error:
            if not left or connection.in_atomic_block or not _is_deadlock(error):
                raise
    raise AssertionError  # the last try returns or raises


def _is_deadlock(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") == _DEADLOCK


def _record(batch: list[Fact], *, community: Community, source: str) -> Recorded:
    done = Recorded()
    given, batch = len(batch), _without_erased(batch)
    done.erased = given - len(batch)
    if not batch:
        return done
    ids, done.new = ensure_identities(who for fact in batch for who in (fact.who, fact.target) if who is not None)
    by_digest: dict[bytes, Fact] = {}
    for digest, fact in zip(fact_digests(batch, community), batch, strict=True):
        by_digest.setdefault(digest, fact)
    moving = {kind.name for kind in all_kinds() if kind.presence in {Presence.OPENS, Presence.CLOSES}}
    coming = {_id(ids, fact.who) for fact in by_digest.values() if fact.kind in moving}
    latest = last_fact_times(pk for pk in coming if pk is not None)
    stored = insert_events(_rows(by_digest, ids, community=community, source=source))
    done.stored_as = stored
    done.duplicates = len(batch) - len(stored)
    news = [by_digest[digest] for digest in stored]
    done.kinds.update(fact.kind for fact in news)
    insert_messages([(pk, by_digest[digest].text) for digest, pk in stored.items() if by_digest[digest].text])
    _change_state(news, ids, community=community, latest=latest, members_new=done.members_new)
    return done


def _without_erased(batch: list[Fact]) -> list[Fact]:
    """The facts without those of people who were erased; where one is only the target, the rest of the fact stays."""
    erased = erased_among(who for fact in batch for who in (fact.who, fact.target) if who is not None)
    if not erased:
        return batch
    living = [fact for fact in batch if fact.who is None or fact.who.key not in erased]
    return [fact._replace(target=None) if fact.target and fact.target.key in erased else fact for fact in living]


def _rows(
    by_digest: Mapping[bytes, Fact], ids: Mapping[tuple[str, str], int], *, community: Community, source: str
) -> list[Row]:
    as_time = time_writer(connection)
    now = as_time(timezone.now())
    # Sorted by key, so that two writers with the same facts wait for each other instead of locking both.
    return [
        (
            source,
            digest,
            fact.kind,
            as_time(fact.occurred_at),
            now,
            community.pk,
            fact.group_id,
            _id(ids, fact.who),
            _id(ids, fact.target),
            fact.object_type,
            fact.object_id,
            fact.channel_key,
            fact.amount,
            as_json(fact.payload),
        )
        for digest, fact in sorted(by_digest.items(), key=itemgetter(0))
    ]


def _id(ids: Mapping[tuple[str, str], int], who: Who | None) -> int | None:
    return None if who is None else ids[who[:2]]  # its key, without the call


def _change_state(
    news: list[Fact],
    ids: Mapping[tuple[str, str], int],
    *,
    community: Community,
    latest: Mapping[int, datetime],
    members_new: int,
) -> None:
    says = {name: kind_named(name).presence for name in {fact.kind for fact in news}}
    signs = [
        _sign(fact, ids[fact.who.key], says[fact.kind], ids)
        for fact in news
        if fact.who is not None and says[fact.kind] is not Presence.NOTHING
    ]
    moved = follow_presence(signs, community=community, latest=latest)
    renamed = {
        ids[fact.who.key]: str(fact.payload["name"])
        for fact in sorted((fact for fact in news if fact.kind == RENAMED.name), key=attrgetter("occurred_at"))
        if fact.who is not None and fact.payload.get("name")
    }
    if renamed:
        rename_identities(renamed)
    if moved or members_new:
        note_dimension_change(community_id=community.pk)


def _sign(fact: Fact, identity_id: int, says: Presence, ids: Mapping[tuple[str, str], int]) -> Sign:
    return Sign(
        identity_id,
        fact.group_id,
        fact.occurred_at,
        says,
        fact.channel_key,
        _id(ids, fact.target),
        str(fact.payload.get("role", "")),
    )

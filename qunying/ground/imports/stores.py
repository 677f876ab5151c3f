"""Where the items of a run go: into the log, or, in a dry run, only into the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from qunying.ground.events.queries import fact_digest, known_digests
from qunying.ground.events.services import record
from qunying.ground.jobs.services import Behind
from qunying.ground.members.accounts import members_of, name_accounts, note_unions
from qunying.ground.members.models import MemberTag
from qunying.ground.members.services_private import set_private_fields
from qunying.ground.members.services_tags import tag_many
from qunying.ground.privacy.queries import erased_among, untouchable
from qunying.ground.privacy.services import Said, write_consents
from qunying.kit.counters import Counter64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunying.ground.events.facts import Fact
    from qunying.ground.imports.importers import Profile
    from qunying.ground.imports.models import ImportRun
    from qunying.ground.imports.tally import Tally


class Store(Protocol):
    """Takes facts and profiles, and counts what became of them.

    One that `forgets` must be told again, after a crash, what an earlier process had read.
    """

    forgets: bool

    def keep(self, facts: Sequence[Fact], profiles: Sequence[Profile], tally: Tally) -> None:
        """Store one chunk; called inside a transaction."""

    def recall(self, facts: Sequence[Fact]) -> None:
        """Take notice of facts of this run that an earlier process has dealt with."""


def store_for(run: ImportRun) -> Store:
    """The store this run writes to."""
    return DryStore(run) if run.dry_run else LogStore(run)


_MET = {"members": "memberships", "wechat_csv": "wechat_json"}
"""Formats that tell the same facts as another, under the same keys: a joining told by both is one."""


def source_of(run: ImportRun) -> str:
    """The source of facts from files of this format: overlapping exports meet under it."""
    return f"import:{_MET.get(run.format, run.format)}"


class LogStore:
    """Writes to the log."""

    forgets = False

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.source = source_of(run)
        self.by = Behind(run.job.actor)

    def keep(self, facts: Sequence[Fact], profiles: Sequence[Profile], tally: Tally) -> None:
        """Record the facts, then fill in what the profiles say of their people."""
        tally.add(record(facts, community=self.run.community, source=self.source), facts)
        erased = erased_among(profile.who for profile in profiles)
        members = members_of(profile.who for profile in profiles if profile.who.key not in erased)
        resting = untouchable(members.values())
        profiles = [one for one in profiles if one.who.key in members and members[one.who.key] not in resting]
        if not profiles:
            return
        name_accounts(profile.who for profile in profiles)
        note_unions({profile.who.key: profile.union_id for profile in profiles if profile.union_id})
        set_private_fields(
            (
                (members[profile.who.key], name, value)
                for profile in profiles
                for name, value in profile.private.items()
            ),
            by=self.by,
        )
        tag_many(
            ((members[profile.who.key], *tag) for profile in profiles for tag in profile.tags),
            source=MemberTag.Source.IMPORT,
            by=self.by,
        )
        write_consents(
            (
                Said(members[profile.who.key], purpose, given, at)
                for profile in profiles
                for purpose, given, at in profile.consents
            ),
            by=self.by,
        )
        tally.profiles += len(profiles)

    def recall(self, facts: Sequence[Fact]) -> None:
        """Nothing to do: the log remembers."""


class DryStore:
    """Counts what would be stored; remembers only digests, in memory that stays flat."""

    forgets = True

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.source = source_of(run)
        self.seen = Counter64()

    def keep(self, facts: Sequence[Fact], profiles: Sequence[Profile], tally: Tally) -> None:
        """Count facts as new or known, and people as new or known; those of erased people as nothing else."""
        erased = erased_among(who for fact in facts for who in (fact.who, fact.target) if who is not None)
        if erased:
            given, facts = facts, [fact for fact in facts if fact.who is None or fact.who.key not in erased]
            tally.erased += len(given) - len(facts)
        fresh = self._fresh(facts)
        known = known_digests(fresh.keys(), source=self.source)
        news = [fact for digest, fact in fresh.items() if digest not in known]
        tally.stored += len(news)
        tally.duplicates += len(facts) - len(news)
        tally.kinds.update(fact.kind for fact in news)
        tally.members_new += self._new_members(facts)
        tally.profiles += len(profiles)
        tally.span(facts)

    def recall(self, facts: Sequence[Fact]) -> None:
        """Remember the digests and the people."""
        self._fresh(facts)
        self._new_members(facts)

    def _fresh(self, facts: Sequence[Fact]) -> dict[bytes, Fact]:
        by_digest = ((fact_digest(fact, self.run.community), fact) for fact in facts)
        return {digest: fact for digest, fact in by_digest if not self.seen.seen("fact", digest)}

    def _new_members(self, facts: Sequence[Fact]) -> int:
        whos = {who.key: who for fact in facts for who in (fact.who, fact.target) if who is not None}
        first = [who for key, who in whos.items() if not self.seen.seen("who", *key)]
        return len(first) - len(members_of(first))

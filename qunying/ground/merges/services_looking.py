"""The daily look for people who may be one: rules that are switched on merge, everything else is suggested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qunying.ground.audit.actors import System
from qunying.ground.members.models import Member
from qunying.ground.merges.looking import crowded_phones, likely_pairs, read_people
from qunying.ground.merges.models import Likeness
from qunying.ground.merges.queries import rules_on
from qunying.ground.merges.reasons import score_of, told
from qunying.ground.merges.services import merge_members

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qunying.ground.audit.actors import Actor
    from qunying.ground.merges.looking import Pair, People

    Found = list[tuple[Pair, dict[str, dict[str, Any]]]]

CHORE = System("chores")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look did: how many pairs it suggests, how many a rule merged."""

    suggested: int
    merged: int


def look_for_likenesses(*, by: Actor = CHORE) -> Looked:
    """Look at everyone again: merge what a rule that is on allows, and bring the suggestions up to date.

    What was dismissed, of the two themselves or of anyone since merged into them, is left alone; a
    suggestion whose reasons are gone is taken back.
    """
    people = read_people()
    refused = _refused()
    pairs = [row for row in likely_pairs(people) if row[0] not in refused]
    merged = _merge_by_rule(pairs, people, by=by)
    if merged:
        people, refused = read_people(), _refused()
        pairs = [row for row in likely_pairs(people) if row[0] not in refused]
    _suggest(pairs)
    return Looked(len(pairs), merged)


def _refused() -> set[Pair]:
    """Pairs of people of today of whom it was said that they are two."""
    into = dict(Member.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))

    def now(pk: int) -> int:
        while pk in into:
            pk = int(into[pk])
        return pk

    rows = Likeness.objects.filter(dismissed_at__isnull=False).values_list("first_id", "second_id")
    pairs = (sorted((now(first), now(second))) for first, second in rows)
    return {(first, second) for first, second in pairs if first != second}


def _merge_by_rule(pairs: Found, people: People, *, by: Actor) -> int:
    on = rules_on()
    crowded = crowded_phones() if "phone" in on else set()
    merged = 0
    for (one, two), found in pairs:
        shared_phone = people.private.get(one, {}).get("phone")
        rule = "unionid" if "unionid" in on and "unionid" in found else ""
        if not rule and "phone" in on and "phone" in found and shared_phone not in crowded:
            rule = "phone"
        if rule and _still_two(one, two):
            kept, absorbed = Member.objects.get(pk=one), Member.objects.get(pk=two)
            merge_members(kept, absorbed=absorbed, by=by, reasons=told(found), rule=rule)
            merged += 1
    return merged


def _still_two(one: int, two: int) -> bool:
    return Member.objects.filter(pk__in=[one, two], merged_into=None).count() == 2  # noqa: PLR2004 - both


def _suggest(pairs: Found) -> None:
    wanted = {pair: told(found) for pair, found in pairs}
    scores = {pair: score_of(found) for pair, found in pairs}
    known = {(row.first_id, row.second_id): row for row in Likeness.objects.filter(dismissed_at=None)}
    changed = []
    for pair, row in known.items():
        if pair in wanted and (row.score, row.reasons) != (scores[pair], wanted[pair]):
            row.score, row.reasons = scores[pair], wanted[pair]
            changed.append(row)
    fresh = [
        Likeness(first_id=pair[0], second_id=pair[1], score=scores[pair], reasons=reasons)
        for pair, reasons in wanted.items()
        if pair not in known
    ]
    gone = [row.pk for pair, row in known.items() if pair not in wanted]
    for part in _parts(gone):
        with transaction.atomic():
            Likeness.objects.filter(pk__in=part).delete()
    for part in _parts(changed):
        with transaction.atomic():
            Likeness.objects.bulk_update(part, ["score", "reasons"])
    for part in _parts(fresh):
        with transaction.atomic():
            Likeness.objects.bulk_create(part, ignore_conflicts=True)


def _parts(rows: Iterable[Any]) -> list[list[Any]]:
    listed = list(rows)
    return [listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE)]

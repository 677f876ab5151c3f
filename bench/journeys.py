"""A hundred thousand steps of journeys that fall due in one minute: how long until all are planned. `python -m bench.journeys`.

Bars: planned within 60 s, and no writing transaction over 100 ms (SQLite has one writer). Each step says something to
its person; every delivery is stored under its key, and the wait after the step is laid before the traveller.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bench.stage import community, installation, show

if TYPE_CHECKING:
    from qunying.do.journeys.models import Version
    from qunying.ground.groups.models import Community

_CHUNK = 2000
_STEPS = [
    {"id": "hello", "do": "say", "words": "{name}，欢迎来到{community}"},
    {"id": "day", "do": "wait", "days": 1},
    {"id": "tip", "do": "say", "words": "{name}，今天的精选"},
]


def _people(place: Community, number: int) -> list[int]:
    """So many members who joined a group of the community yesterday; their ids."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django

    from qunying.ground.audit.actors import System  # noqa: PLC0415 - as above
    from qunying.ground.events.facts import Fact  # noqa: PLC0415 - as above
    from qunying.ground.events.services import record  # noqa: PLC0415 - as above
    from qunying.ground.groups.services import ensure_group  # noqa: PLC0415 - as above
    from qunying.ground.members.models import Member  # noqa: PLC0415 - as above
    from qunying.ground.members.services import Who  # noqa: PLC0415 - as above

    group = ensure_group(place, name="bench", platform="wechat", by=System("bench"))
    at = timezone.now() - timedelta(days=1)
    for start in range(0, number, _CHUNK):
        whos = [Who("wechat", f"p{one}", f"花友{one}") for one in range(start, min(start + _CHUNK, number))]
        facts = [Fact("joined", at, ("bench", who.external_id), who=who, group_id=group.pk) for who in whos]
        record(facts, community=place, source="bench")
    return list(Member.objects.order_by("pk").values_list("pk", flat=True))


def _released(place: Community) -> Version:
    """A journey that runs."""
    from qunying.do.journeys.services import hand_in_version, make_journey, release_version  # noqa: PLC0415 - as above
    from qunying.ground.access.services import create_staff, grant_role  # noqa: PLC0415 - as above
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - as above

    by = System("bench")
    reviewer = create_staff("bench", name="bench", password="only for a benchmark", by=by)  # noqa: S106 - opens nothing
    grant_role(reviewer, role="director", unit=place.unit, by=by)
    plain: dict[str, Any] = {"trigger": {"on": "manual"}, "steps": _STEPS}
    journey = make_journey(place, name="bench", definition=plain, by=by)
    draft = journey.versions.get()
    hand_in_version(draft, by=by)
    release_version(draft, by=reviewer, seen=draft.content_hash)
    return draft


def _start(version: Version, members: list[int]) -> float:
    from qunying.do.journeys.services_travellers import start_members  # noqa: PLC0415 - as above
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - as above

    began = time.perf_counter()
    for start in range(0, len(members), _CHUNK):
        start_members(version.journey, members=members[start : start + _CHUNK], by=System("bench"))
    return time.perf_counter() - began


def _plan() -> tuple[float, float, float, int]:
    """Seconds by the clock and of this process until nothing is due any more, the longest writing transaction, and how many turns it took."""
    from qunying.do.journeys import passing  # noqa: PLC0415 - as above

    longest, turns, write = 0.0, 0, passing._write  # noqa: SLF001 - what is measured

    def timed(turn: passing.Turn) -> None:
        nonlocal longest
        began = time.perf_counter()
        write(turn)
        longest = max(longest, time.perf_counter() - began)

    passing._write = timed  # noqa: SLF001 - as above
    began, spent = time.perf_counter(), time.process_time()
    while passing.take_due():
        turns += 1
    return time.perf_counter() - began, time.process_time() - spent, longest, turns


def main() -> None:
    """Run it and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--database", default="", help="postgresql://… of an empty database; without it, SQLite")
    asked.add_argument("--profile", action="store_true", help="also print where the time goes")
    options = asked.parse_args()
    with installation(options.database):
        place = community("bench")
        people = _people(place, options.people)
        starting = _start(_released(place), people)
        if options.profile:
            import cProfile  # noqa: PLC0415 - only where asked

            profile = cProfile.Profile()
            planning, spent, longest, turns = profile.runcall(_plan)
            profile.print_stats("cumulative")
        else:
            planning, spent, longest, turns = _plan()
        from qunying.do.reach.models import Delivery  # noqa: PLC0415 - needs Django

        stored = Delivery.objects.filter(origin="journeys").count()
    columns = ("steps", "started in", "planned in", "bar", "of its own", "longest write", "bar", "turns", "deliveries")
    told = (
        f"{starting:.1f} s",
        f"{planning:.1f} s",
        "60 s",
        f"{spent:.1f} s",
        f"{longest * 1000:.0f} ms",
        "100 ms",
        turns,
        stored,
    )
    show("Journeys", columns, [(options.people, *told)])
    if stored != options.people:
        raise SystemExit("not every step was planned once")


if __name__ == "__main__":
    main()

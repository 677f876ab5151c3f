"""A synthetic installation of any size: people in the database, facts straight into the lake.

Only for benchmarks: real facts go through `record`. Ten communities over 24 months; what people do is
skewed as in real groups (few speak much, most read), one in a thousand accounts is staff or a bot.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from qunying.kit.keys import new_keyring, save_keyring

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

COMMUNITIES = 10
MONTHS = 24
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000
_KINDS = ["spoke", "read", "liked", "commented", "checked_in", "signed_up", "attended", "ordered", "refunded"]
_WEIGHTS = [0.35, 0.40, 0.10, 0.05, 0.05, 0.015, 0.01, 0.022, 0.003]


def start(home: Path) -> None:
    """Django on a home directory of its own."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "keys.json").exists():
        save_keyring(new_keyring(), home)
    os.environ |= {"QUNYING_HOME": str(home), "DJANGO_SETTINGS_MODULE": "qunying.settings"}
    os.environ.pop("QUNYING_DATABASE", None)
    import django  # noqa: PLC0415 - the settings must be named first

    django.setup()


def make(events: int, members: int) -> None:
    """Fill the home directory's database and lake, unless they are filled already."""
    from django.core.management import call_command  # noqa: PLC0415 - Django starts above

    from qunying.ground.warehouse.models import LakeBatch  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if LakeBatch.objects.exists():
        return
    chance = np.random.default_rng(20260302)
    joined = _people(members, chance)
    _facts(events, joined, chance)


def _people(members: int, chance: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Members with one account and one stay each; their pseudonyms and the microseconds they joined at."""
    from django.db import connection, transaction  # noqa: PLC0415

    from qunying.ground.audit.actors import System  # noqa: PLC0415
    from qunying.ground.groups.services import create_community  # noqa: PLC0415
    from qunying.ground.units.services import create_unit  # noqa: PLC0415

    by = System("bench")
    unit = create_unit("Bench", by=by)
    for number in range(COMMUNITIES):
        create_community(f"bench-{number}", name=f"Bench {number}", unit=unit, by=by)
    pseudonyms = np.sort(chance.integers(1, 2**62, members))
    offsets = (chance.random(members) ** 1.5 * MONTHS * 30 * _DAY).astype(np.int64)
    origin = int(BEGIN.timestamp()) * 1_000_000
    rows = range(members)
    left = chance.random(members) < 0.2  # noqa: PLR2004 - one in five leaves after a while
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO members_member (id, pseudonym, display_name, is_staff, is_bot, created_at) VALUES (%s, %s, '', %s, 0, %s)",
            [(row + 1, row + 1, row % 1000 == 0, BEGIN.isoformat(" ")) for row in rows],
        )
        cursor.executemany(
            "INSERT INTO members_identity (id, platform, external_id, pseudonym, display_name, member_id, created_at) "
            "VALUES (%s, 'test', %s, %s, '', %s, %s)",
            [(row + 1, str(row), int(pseudonyms[row]), row + 1, BEGIN.isoformat(" ")) for row in rows],
        )
        cursor.executemany(
            "INSERT INTO groups_membership (community_id, identity_id, joined_at, left_at, opened_by, role, channel_key) "
            "VALUES (%s, %s, %s, %s, 'joined', 'member', '')",
            [
                (
                    row % COMMUNITIES + 1,
                    row + 1,
                    _text(origin + int(offsets[row])),
                    _text(origin + int(offsets[row]) + 60 * _DAY) if left[row] else None,
                )
                for row in rows
            ],
        )
    return pseudonyms, origin + offsets


def _text(micros: int) -> str:
    return datetime.fromtimestamp(micros / 1_000_000, UTC).replace(tzinfo=None).isoformat(" ")


def _facts(events: int, people: tuple[NDArray[np.int64], NDArray[np.int64]], chance: np.random.Generator) -> None:
    from qunying.ground.warehouse.lake import append_batch, create_lake  # noqa: PLC0415
    from qunying.ground.warehouse.models import DayMark, LakeBatch  # noqa: PLC0415
    from qunying.ground.warehouse.projection import SCHEMA, with_local_time  # noqa: PLC0415

    table, done, number = create_lake(), 0, 0
    while done < events:
        many, number = min(2_500_000, events - done), number + 1
        facts = with_local_time(_batch(done, many, people, chance)).select(SCHEMA.names)
        append_batch(table, facts, number=number)
        last = done + many
        LakeBatch.objects.create(number=number, from_tx=0, from_id=done, to_tx=0, to_id=last, rows=many, committed=True)
        done = last
    for month in sorted(set(facts["month"].to_pylist())):
        table.optimize.z_order(["community", "actor"], partition_filters=[("month", "=", month)])
    days = facts.group_by(["community", "day"]).aggregate([]).to_pylist()
    DayMark.objects.bulk_create(DayMark(community_id=row["community"], day=row["day"], batch=number) for row in days)


def _batch(
    first: int, many: int, people: tuple[NDArray[np.int64], NDArray[np.int64]], chance: np.random.Generator
) -> pa.Table:
    pseudonyms, joined = people
    who = (len(pseudonyms) * chance.random(many) ** 3).astype(np.int64)
    end = int(BEGIN.timestamp()) * 1_000_000 + MONTHS * 30 * _DAY
    at = joined[who] + (chance.random(many) ** 1.3 * (end - joined[who])).astype(np.int64)
    kind = chance.choice(len(_KINDS), many, p=_WEIGHTS)
    money = np.isin(kind, [7, 8])
    order = np.where(money, (chance.random(many) * many).astype(np.int64) // 2, -1)
    return pa.table(
        {
            "id": np.arange(first + 1, first + many + 1),
            "tx": np.zeros(many, dtype=np.int64),
            "kind": pa.array(np.array(_KINDS)[kind]),
            "occurred_at": pa.array(at).cast(pa.timestamp("us", tz="UTC")),
            "community": who % COMMUNITIES + 1,
            "group": pa.nulls(many, pa.int64()),
            "actor": pseudonyms[who],
            "target": pa.nulls(many, pa.int64()),
            "object_type": pa.array(np.where(money, "order", "")),
            "object_id": pa.array(np.where(money, np.char.add("o", order.astype(str)), "")),
            "channel_key": pa.array([""] * many),
            "amount": pa.array(np.where(money, chance.integers(100, 90_000, many), 0), mask=~money),
        }
    )

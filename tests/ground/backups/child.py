"""An installation of its own in a process of its own: `python -m tests.ground.backups.child WHAT [ARGUMENT] …`.

QUNYING_HOME and QUNYING_DATABASE say which. WHAT, any number of them after one another: `fill` (a small community
with private fields, files, acts, sealed and not), `more` (facts and an act on top), `backup FILE`, `restore FILE`,
`dying-restore FILE` (kills itself once the rows are in, before they are committed), `move` (the followers, once),
`tell` (everything there is, as one line of JSON), `lotus` (somebody of whom everything is known), `erase` (them),
`search` (where anything of them stands, as one line of JSON).
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = "correct horse battery staple"
BEGUN = datetime(2026, 1, 5, 2, 30, 15, 123456, tzinfo=UTC)


def fill() -> None:
    from qunying.doors.cli.home import CLI, make_home  # noqa: PLC0415 - Django starts in main
    from qunying.ground.audit.services import seal_acts  # noqa: PLC0415 - as above
    from qunying.ground.events.loop import move_all  # noqa: PLC0415 - as above
    from qunying.ground.files.services import store_file  # noqa: PLC0415 - as above
    from qunying.ground.groups.services import create_community, ensure_group  # noqa: PLC0415 - as above
    from qunying.ground.members.models import Member  # noqa: PLC0415 - as above
    from qunying.ground.members.services_private import set_private_field  # noqa: PLC0415 - as above
    from qunying.ground.units.models import Unit  # noqa: PLC0415 - as above
    from qunying.plan.content.models import Cadence  # noqa: PLC0415 - as above

    make_home(password=WORDS)
    community = create_community("flowers", name="花友会", unit=Unit.objects.get(), by=CLI)
    ensure_group(community, name="花友一群", platform="wechat", by=CLI)
    _record(0, 300)
    seal_acts()
    set_private_field(Member.objects.order_by("pk")[0], name="phone", value="13800138000", by=CLI)
    store_file(io.BytesIO(b"a,b\n1,2\n"), name="名单.csv", purpose="import", by=CLI)
    half_past_seven = time(19, 30)
    Cadence.objects.create(
        community=community, key="friday", title="周五花讯", every="7d", start=BEGUN.date(), time=half_past_seven
    )
    move_all()


def _record(first: int, count: int) -> None:
    from qunying.ground.events.facts import Fact  # noqa: PLC0415 - Django starts in main
    from qunying.ground.events.services import record  # noqa: PLC0415 - as above
    from qunying.ground.groups.models import Community, Group  # noqa: PLC0415 - as above
    from qunying.ground.members.services import Who  # noqa: PLC0415 - as above

    group = Group.objects.get()
    facts = []
    for number in range(first, first + count):
        who = Who("wechat", f"u{number % 7}", f"小{number % 7}")
        kind = "joined" if number < 7 else "spoke"
        words = {} if number < 7 else {"text": f"第{number}句 “话” \\ 😀"}
        at = BEGUN + timedelta(hours=number)
        facts.append(Fact(kind, at, ("tests", number), who=who, group_id=group.pk, **words))
    record(facts, community=Community.objects.get(), source="tests")


def more() -> None:
    from qunying.doors.cli.home import CLI  # noqa: PLC0415 - Django starts in main
    from qunying.ground.audit.services import seal_acts  # noqa: PLC0415 - as above
    from qunying.ground.events.loop import move_all  # noqa: PLC0415 - as above
    from qunying.ground.units.models import Unit  # noqa: PLC0415 - as above
    from qunying.ground.units.services import create_unit  # noqa: PLC0415 - as above

    _record(300, 20)
    create_unit(f"新店 {Unit.objects.count()}", parent=Unit.objects.order_by("pk")[0], by=CLI)
    while seal_acts():
        pass
    move_all()


LOTUS = ("wxid_lotus88", "莲花小屋", "13812345678", "欧阳莲", "我家在文三路的那盆墨兰昨天终于开花了")
"""Account, name, telephone, real name and words of somebody who will be erased."""


def lotus() -> None:
    from qunying.doors.cli.home import CLI  # noqa: PLC0415 - Django starts in main
    from qunying.ground.events.facts import Fact  # noqa: PLC0415 - as above
    from qunying.ground.events.services import record  # noqa: PLC0415 - as above
    from qunying.ground.files.services import store_file  # noqa: PLC0415 - as above
    from qunying.ground.groups.models import Community, Group  # noqa: PLC0415 - as above
    from qunying.ground.members.models import Member  # noqa: PLC0415 - as above
    from qunying.ground.members.services import Who  # noqa: PLC0415 - as above
    from qunying.ground.members.services_private import set_private_field  # noqa: PLC0415 - as above
    from qunying.ground.members.services_tags import tag_members  # noqa: PLC0415 - as above
    from qunying.ground.privacy.services import give_consent  # noqa: PLC0415 - as above

    account, name, phone, real, words = LOTUS
    group, who, other = Group.objects.get(), Who("wechat", account, name), Who("wechat", "u1")
    order = {"object_type": "order", "object_id": f"{account}-7", "amount": 9900}
    facts = [
        Fact("joined", BEGUN, ("l", 0), who=who, group_id=group.pk, channel_key=f"invite-{account}"),
        *(Fact("spoke", _hours(n), ("l", n), who=who, group_id=group.pk, text=words) for n in range(1, 6)),
        Fact("spoke", _hours(7), ("l", 7), who=other, group_id=group.pk, text=f"@{name} 你的电话是+86{phone}吗"),
        Fact("ordered", _hours(8), ("l", 8), who=who, **order),
    ]
    record(facts, community=Community.objects.get(), source="tests")
    person = Member.objects.get(identities__external_id=account)
    for field, value in (("phone", phone), ("real_name", real)):
        set_private_field(person, name=field, value=value, by=CLI)
    tag_members([person.pk], dimension="城市", name="杭州", by=CLI)
    give_consent(person, purpose="marketing", by=CLI)
    store_file(io.BytesIO(f"账号,姓名\n{account},{real}\n".encode()), name="花名册.csv", purpose="import", by=CLI)
    _measure()


def _hours(count: int) -> datetime:
    return BEGUN + timedelta(hours=count)


def _measure() -> None:
    """Have facts in the lake and figures in the cache."""
    from qunying.ground.figures.verify.comparing import verify_communities  # noqa: PLC0415 - Django starts in main
    from qunying.ground.groups.models import Community  # noqa: PLC0415 - as above

    move()
    verify_communities(list(Community.objects.all()))


def erase() -> None:
    from qunying.doors.cli.home import CLI  # noqa: PLC0415 - Django starts in main
    from qunying.ground.jobs.services import run_to_end  # noqa: PLC0415 - as above
    from qunying.ground.members.models import Member  # noqa: PLC0415 - as above
    from qunying.ground.subjects.services_erasure import erase_member  # noqa: PLC0415 - as above

    run_to_end(erase_member(Member.objects.get(identities__external_id=LOTUS[0]), by=CLI, queue=False))


def search() -> None:
    from qunying.ground.events.models import Event  # noqa: PLC0415 - Django starts in main
    from qunying.ground.figures.verify.comparing import verify_communities  # noqa: PLC0415 - as above
    from qunying.ground.groups.models import Community  # noqa: PLC0415 - as above
    from qunying.ground.subjects.needles import Needle, Sort  # noqa: PLC0415 - as above
    from qunying.ground.subjects.traces import search_traces  # noqa: PLC0415 - as above

    _measure()
    sorts = (Sort.ACCOUNT, Sort.NAME, Sort.PRIVATE, Sort.PRIVATE, Sort.WORDS)
    needles = [Needle(text, sort) for text, sort in zip(LOTUS, sorts, strict=True)]
    told = {
        "traces": [str(trace) for trace in search_traces(needles)],
        "events": Event.objects.count(),
        "figures": verify_communities(list(Community.objects.all())).ok,
    }
    print(json.dumps(told, ensure_ascii=False))  # noqa: T201 - the answer


def move() -> None:
    from qunying.ground.events.loop import move_all  # noqa: PLC0415 - Django starts in main
    from qunying.ground.warehouse.services import catch_up  # noqa: PLC0415 - as above

    catch_up()
    move_all()


def backup(path: str) -> None:
    from qunying.doors.cli.home import CLI  # noqa: PLC0415 - Django starts in main
    from qunying.ground.backups.services import make_backup  # noqa: PLC0415 - as above
    from qunying.kit.vault import Passphrase  # noqa: PLC0415 - as above

    make_backup(Path(path), locks=[Passphrase(WORDS)], by=CLI)


def restore(path: str) -> None:
    from qunying.doors.cli.home import CLI  # noqa: PLC0415 - Django starts in main
    from qunying.ground.backups.services import restore_backup  # noqa: PLC0415 - as above
    from qunying.kit.vault import Passphrase  # noqa: PLC0415 - as above

    restore_backup(Path(path), opener=Passphrase(WORDS), by=CLI)


def dying_restore(path: str) -> None:
    from qunying.ground.backups import loading  # noqa: PLC0415 - Django starts in main

    loading._set_sequences = lambda _tables: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    restore(path)


def tell() -> None:
    from qunying.ground.audit.verify import verify_chain  # noqa: PLC0415 - Django starts in main
    from qunying.ground.events.models import Event, FollowerCursor  # noqa: PLC0415 - as above
    from qunying.ground.figures.verify.comparing import verify_communities  # noqa: PLC0415 - as above
    from qunying.ground.groups.models import Community  # noqa: PLC0415 - as above

    chain, figures = verify_chain(), verify_communities(list(Community.objects.all()))
    told = {
        "rows": _rows(),
        "chain": [chain.ok, [str(one.fault) for one in chain.breaks], chain.sealed, chain.unsealed],
        "figures": [figures.ok, figures.checked],
        "phone": _phone(),
        "events": Event.objects.count(),
        "tx": sorted(set(Event.objects.values_list("tx", flat=True)))[:1],
        "cursors": list(FollowerCursor.objects.filter(name="warehouse").values_list("tx", "event_id")),
    }
    print(json.dumps(told, ensure_ascii=False))  # noqa: T201 - the answer


def _phone() -> str:
    """The one private field, read as a person would; the act of reading is taken back."""
    from django.db import transaction  # noqa: PLC0415 - Django starts in main

    from qunying.doors.cli.home import CLI  # noqa: PLC0415 - as above
    from qunying.ground.members.models import PrivateField  # noqa: PLC0415 - as above
    from qunying.ground.members.services_private import unmask_private_field  # noqa: PLC0415 - as above

    with transaction.atomic():
        found = unmask_private_field(PrivateField.objects.get().member, name="phone", by=CLI)
        transaction.set_rollback(True)
    return found


def _rows() -> dict[str, list[Any]]:
    """Table → number of rows and a digest of them, told alike on both databases; without what a restore changes."""
    from django.apps import apps  # noqa: PLC0415 - Django starts in main

    from qunying.ground.backups.port import left_out  # noqa: PLC0415 - as above

    changed = {"tx", "from_tx", "to_tx"}
    found = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.db_table in left_out() or not meta.managed or meta.app_label in {"warehouse", "contenttypes", "auth"}:
            continue
        names = [field.attname for field in meta.local_concrete_fields if field.attname not in changed]
        state, count = sha256(), 0
        for row in model._default_manager.order_by("pk").values_list(*names):
            state.update(repr([_plain(value) for value in row]).encode())
            count += 1
        found[meta.db_table] = [count, state.hexdigest()[:12]]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True)
    return value


def main(words: list[str]) -> None:
    django.setup()
    known: dict[str, Callable[..., None]] = {
        "fill": fill,
        "more": more,
        "move": move,
        "backup": backup,
        "restore": restore,
        "dying-restore": dying_restore,
        "tell": tell,
        "lotus": lotus,
        "erase": erase,
        "search": search,
    }
    while words:
        what = words.pop(0)
        arguments = [words.pop(0)] if words and words[0] not in known else []
        known[what](*arguments)


if __name__ == "__main__":
    main(sys.argv[1:])

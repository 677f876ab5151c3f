"""Processes that die by SIGKILL at a named point, each forked off one that has Django loaded.

`python -m tests.crash.child` sets an installation up and then reads lines of JSON, each a list: POINT, NTH,
WHAT and its arguments, and the files for its output and its errors. It forks, lets the fork do that, and
answers with the exit code (-9: killed). The points are put around the product's own functions from
here; the product knows nothing of them.

before_commit: the facts are written, their transaction is not committed.
after_commit: the transaction is committed, nobody has been told.
before_answer: everything is done, the line that says so has not left the process.
before_claim, after_claim, after_call, before_outcome: around the transaction that claims a delivery, the call to the
platform, and the transaction that writes down what came of it.
never: nothing happens; how a run ends that nobody kills.

NTH counts the transactions that wrote facts, seals or private values anew, from 1. WHAT is one of: `record SLUG
FILE` (facts as JSON lines, each hundred recorded and then acknowledged by a line on stdout), `acts NUMBER` (writes so
many, unsealed), `seal` (seals what there is, forty at a time), `secrets SLUG NUMBER` (so many people with a telephone
number each), `opened` (how many private values can be read and found, as JSON), `free` (lets go of jobs whose process
died), `matrix SLUG JSON` (ties a room and begins to read its history), `steps JOB` (takes every step of a job), `cli
…` (any command of qunying), `community SLUG` (makes one), `count SLUG` (what the log holds of a community, as JSON),
`reach SLUG ADDRESS NUMBER` (so many groups on the platform at the address, and a delivery released for each), `send`
(sends all that is due), `lost` (time passes: what was claimed and not ended is lost), `stand SLUG` (keys and states
of its deliveries, as JSON).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BATCH = 100
SEALED_AT_ONCE = 40


class Fuse:
    """Counts the transactions that wrote facts or seals and kills the process at the chosen one."""

    def __init__(self, point: str, nth: int) -> None:
        """`point` and `nth` as in the module's docstring."""
        self.point, self.nth, self.wrote, self.commits = point, nth, False, 0

    def lay(self) -> None:
        """Wrap the product's functions; needs Django set up."""
        from django.db import connections  # noqa: PLC0415 - Django starts in main

        from qunying.do.reach import bundles, sending  # noqa: PLC0415 - Django starts in main
        from qunying.ground.audit import services as audit  # noqa: PLC0415 - Django starts in main
        from qunying.ground.events import services as events  # noqa: PLC0415 - Django starts in main
        from qunying.ground.privacy import rotation  # noqa: PLC0415 - Django starts in main

        events.insert_events = self._marking(events.insert_events)  # type: ignore[attr-defined]
        audit._links = self._marking(audit._links)
        rotation._reseal = self._marking(rotation._reseal)
        sending._write_claim = self._around(sending._write_claim, "before_claim", "")  # type: ignore[attr-defined]
        bundles.deliver = self._around(bundles.deliver, "after_claim", "")  # type: ignore[attr-defined]
        sending._call = self._around(sending._call, "", "after_call")
        sending._mine = self._around(sending._mine, "before_outcome", "")
        wrapper = type(connections["default"])
        wrapper._commit = self._counting(wrapper._commit)  # type: ignore[attr-defined]
        sys.stdout = _Lips(self, sys.stdout)

    def _marking(self, insert: Callable[..., Any]) -> Callable[..., Any]:
        def marked(*what: Any, **how: Any) -> Any:
            self.wrote = True
            return insert(*what, **how)

        return marked

    def _around(self, work: Callable[..., Any], before: str, after: str) -> Callable[..., Any]:
        """Count each time, and die before or after at the chosen one."""
        times = iter(range(1, 1_000_000))

        def worked(*what: Any, **how: Any) -> Any:
            nth = next(times)
            if before == self.point and nth == self.nth:
                os.kill(os.getpid(), signal.SIGKILL)
            done = work(*what, **how)
            if after == self.point and nth == self.nth:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return worked

    def _counting(self, commit: Callable[..., Any]) -> Callable[..., Any]:
        def counted(connection: Any) -> Any:
            if not self.wrote:
                return commit(connection)
            self.wrote, self.commits = False, self.commits + 1
            self.burn("before_commit")
            done = commit(connection)
            self.burn("after_commit")
            return done

        return counted

    def burn(self, here: str) -> None:
        """Die if this is the point."""
        if here == self.point and self.commits >= self.nth:
            os.kill(os.getpid(), signal.SIGKILL)


class _Lips:
    """Standard output that dies before it says anything."""

    def __init__(self, fuse: Fuse, out: TextIO) -> None:
        self.fuse, self.out = fuse, out

    def write(self, text: str) -> int:
        self.fuse.burn("before_answer")
        written = self.out.write(text)
        self.out.flush()
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self.out, name)


def nurse() -> None:
    """Set up, then fork a child for every line that comes in, until there is none."""
    import django  # noqa: PLC0415 - settings are named by the environment

    django.setup()
    from django.db import connections  # noqa: PLC0415 - Django starts above

    from qunying.doors.cli.home import make_home  # noqa: PLC0415 - as above

    make_home()
    connections.close_all()
    for line in sys.stdin:
        *what, out, err = json.loads(line)
        child = os.fork()
        if not child:
            _live(what, out, err)
        _pid, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _live(what: list[str], out: str, err: str) -> NoReturn:
    """The life of a fork: its output goes to files, and it never comes back."""
    code = 1
    try:
        for stream, path in ((1, out), (2, err)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)
        code = main(*what)
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - told to whoever reads the file
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code)


def main(point: str, nth: str, what: str, *arguments: str) -> int:
    """Do WHAT with the fuse laid."""
    fuse = Fuse(point, int(nth))
    fuse.lay()
    if what == "cli":
        from qunying.doors.cli.main import main as run_cli  # noqa: PLC0415 - needs Django

        return run_cli(list(arguments))
    known = {"record": _record, "acts": _acts, "seal": _seal, "community": _community, "count": _count}
    known |= {"secrets": _secrets, "opened": _opened, "free": _free, "matrix": _matrix, "steps": _steps}
    from tests.crash import reaching  # noqa: PLC0415 - needs Django

    known |= {"reach": reaching.reach, "send": reaching.send, "lost": reaching.lost, "stand": reaching.stand}
    from tests.crash import journeying  # noqa: PLC0415 - needs Django

    known |= {"journey": journeying.journey, "walk": journeying.walk, "ledger": journeying.ledger}
    return known[what](*arguments)


def _community(slug: str) -> int:
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.services import create_community  # noqa: PLC0415 - needs Django
    from qunying.ground.units.models import Unit  # noqa: PLC0415 - needs Django

    create_community(slug, name=slug, unit=Unit.objects.get(parent=None), by=System("tests"))
    return 0


def _record(slug: str, path: str) -> int:
    from qunying.ground.events.services import record  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.queries import get_community  # noqa: PLC0415 - needs Django

    community = get_community(slug)
    facts = _facts(path)
    while batch := list(islice(facts, BATCH)):
        record(batch, community=community, source="tests")
        sys.stdout.write(f"{batch[-1].key[0]}\n")
    return 0


def _facts(path: str) -> Iterator[Any]:
    from qunying.ground.events.facts import Fact  # noqa: PLC0415 - needs Django
    from qunying.ground.members.services import Who  # noqa: PLC0415 - needs Django

    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Fact(
                row["kind"],
                datetime.fromisoformat(row["at"]),
                (row["number"],),
                who=Who("tests", row["who"], row["who"]),
                text=row["text"],
            )


def _secrets(slug: str, number: str) -> int:
    """So many people of a community with a telephone number each."""
    from django.db import transaction  # noqa: PLC0415 - needs Django

    from qunying.ground.audit.actors import System  # noqa: PLC0415 - needs Django
    from qunying.ground.members.accounts import members_of  # noqa: PLC0415 - needs Django
    from qunying.ground.members.services import Who, ensure_identities  # noqa: PLC0415 - needs Django
    from qunying.ground.members.services_private import set_private_fields  # noqa: PLC0415 - needs Django

    whos = [Who("tests", f"{slug}-{one}") for one in range(int(number))]
    with transaction.atomic():
        ensure_identities(whos)
    phones = ((pk, "phone", f"138{int(key[1].rpartition('-')[2]):08}") for key, pk in members_of(whos).items())
    set_private_fields(phones, by=System("tests"))
    return 0


def _opened() -> int:
    """How many private values can be read and found, and under how many keys they lie."""
    from qunying.ground.members.models import PrivateField  # noqa: PLC0415 - needs Django
    from qunying.ground.members.queries import with_private_value  # noqa: PLC0415 - needs Django
    from qunying.ground.members.sealing import open_field  # noqa: PLC0415 - needs Django
    from qunying.kit.crypto import key_id  # noqa: PLC0415 - needs Django

    rows = list(PrivateField.objects.all())
    found = [row for row in rows if row in set(with_private_value(open_field(row)))]
    keys = {key_id(bytes(row.sealed)) for row in rows}
    sys.stdout.write(json.dumps({"rows": len(rows), "found": len(found), "keys": len(keys)}))
    return 0


def _free() -> int:
    """Let go of every job, as time does where its process died."""
    from qunying.ground.jobs.models import Job  # noqa: PLC0415 - needs Django

    Job.objects.update(claimed_until=None)
    return 0


def _matrix(slug: str, told: str) -> int:
    """Tie a room to a community and begin to read its history; the job's number. TOLD is JSON."""
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.queries import get_community  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.services_accounts import adopt_group  # noqa: PLC0415 - needs Django
    from qunying.ground.platforms.services import connect_account  # noqa: PLC0415 - needs Django
    from qunying.ground.syncs.history import read_history  # noqa: PLC0415 - needs Django

    given, community, by = json.loads(told), get_community(slug), System("tests")
    account = connect_account("matrix", name=slug, given=given, unit=community.unit, by=by)
    group = adopt_group(account, community=community, name=slug, external_id=given["room"], by=by)
    sys.stdout.write(str(read_history(group, by=by).pk))
    return 0


def _steps(job: str) -> int:
    """Take every step of a job, as a worker does."""
    from django.conf import settings  # noqa: PLC0415 - needs Django

    from qunying.ground.jobs.services import take_step  # noqa: PLC0415 - needs Django

    settings.INSIDE_HOSTS = ["127.0.0.1"]
    while take_step(int(job)):
        pass
    return 0


def _acts(number: str) -> int:
    from django.db import transaction  # noqa: PLC0415 - needs Django

    from qunying.ground.audit.actors import System  # noqa: PLC0415 - needs Django
    from qunying.ground.audit.services import write_act  # noqa: PLC0415 - needs Django

    with transaction.atomic():
        for subject in range(int(number)):
            write_act("groups.edit", by=System("tests"), subject_type="group", subject_id=subject)
    return 0


def _seal() -> int:
    from qunying.ground.audit.services import seal_acts  # noqa: PLC0415 - needs Django

    while seal_acts(SEALED_AT_ONCE):
        pass
    return 0


def _count(slug: str) -> int:
    from django.db.models import Count, Min  # noqa: PLC0415 - needs Django

    from qunying.ground.events.models import Event, Message  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.models import Membership  # noqa: PLC0415 - needs Django
    from qunying.ground.members.models import Identity, Member  # noqa: PLC0415 - needs Django

    events = Event.objects.filter(community__slug=slug)
    doubled = events.values("kind", "occurred_at", "identity", "object_id").annotate(n=Count("id")).filter(n__gt=1)
    seen = {
        "events": events.count(),
        "kinds": dict(sorted(events.values_list("kind").annotate(Count("id")))),
        "doubled": doubled.count(),
        "messages": Message.objects.filter(event__community__slug=slug).count(),
        "memberships": Membership.objects.filter(community__slug=slug).count(),
        "first": str(events.aggregate(first=Min("occurred_at"))["first"]),
        "identities": Identity.objects.count(),
        "members": Member.objects.count(),
    }
    sys.stdout.write(json.dumps(seen))
    return 0


if __name__ == "__main__":
    nurse()

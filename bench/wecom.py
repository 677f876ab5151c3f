"""A corp on WeCom read from nothing, read again, and read after a kill. `python -m bench.wecom`.

Bar: 500 groups and 100,000 contacts in under 10 minutes within WeCom's limits; the second time nothing is written.
The corp is the one that the tests play (`tests.support.wecom`), over real HTTP on this machine, which keeps WeCom's
limits and holds every request against the table.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from bench.stage import community, installation, show

if TYPE_CHECKING:
    from qunying.ground.platforms.models import Account
    from tests.support.wecom import Corp

_EACH = 500
"""Contacts of one colleague."""
_INSIDE = 100
"""Customers of one group."""


def _corp(groups: int, contacts: int) -> Corp:
    from tests.support.wecom import Corp  # noqa: PLC0415 - needs Django

    corp = Corp()
    corp.tags = {f"t{number}": ("意向", f"第{number}级") for number in range(5)}
    for number in range(contacts):
        tags = [f"t{number % 5}"] if number % 4 == 0 else []
        corp.befriend(f"staff{number // _EACH}", f"wm{number:07d}", name=f"客户{number}", tags=tags)
    for number in range(groups):
        people = [f"wm{(number * _INSIDE + one) % contacts:07d}" for one in range(_INSIDE)]
        corp.open_chat(f"群{number}", f"staff{number % (contacts // _EACH)}", members=people)
    corp.codes.clear()
    return corp


def _account(url: str) -> Account:
    from django.conf import settings  # noqa: PLC0415 - needs Django

    from qunying.ground.audit.actors import System  # noqa: PLC0415 - as above
    from qunying.ground.platforms.services import connect_account  # noqa: PLC0415 - as above
    from tests.support.wecom import CORP, KEY, SECRET, TOKEN  # noqa: PLC0415 - as above

    settings.WECOM_HOST_OF_TESTS = url
    place = community("wecom-bench")
    given = {"corp": CORP, "secret": SECRET, "token": TOKEN, "aes_key": KEY, "community": place.slug}
    return connect_account("wecom", name="bench", given=given, unit=place.unit, by=System("bench"))


def _tie(account: Account) -> list[int]:
    """Every group of the corp, tied; their ids."""
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - needs Django
    from qunying.ground.groups.models import Community  # noqa: PLC0415 - as above
    from qunying.ground.groups.services_accounts import adopt_group  # noqa: PLC0415 - as above
    from qunying.ground.platforms.port import connector_of  # noqa: PLC0415 - as above

    connector, by = connector_of("wecom"), System("bench")
    place = Community.objects.select_related("unit").get(slug="wecom-bench")
    listed = connector.list_groups(account) if connector else []
    return [adopt_group(account, community=place, name=label, external_id=pk, by=by).pk for pk, label in listed]


def _rounds(account: Account, groups: list[int]) -> dict[str, Any]:
    """Groups compared and contacts read, once; what was different."""
    from qunying.connectors.wecom.reading import begin_reading  # noqa: PLC0415 - needs Django
    from qunying.ground.audit.actors import System  # noqa: PLC0415 - as above
    from qunying.ground.jobs.services import run_to_end  # noqa: PLC0415 - as above
    from qunying.ground.syncs.models import Sync  # noqa: PLC0415 - as above
    from qunying.ground.syncs.rounds import begin_round  # noqa: PLC0415 - as above

    by, seen = System("bench"), Sync.objects.count()
    run_to_end(begin_round(groups, by=by))
    contacts: dict[str, Any] = run_to_end(begin_reading(account, by=by)).result
    runs = list(Sync.objects.order_by("pk")[seen:])
    return contacts | {"joined": sum(one.joined for one in runs), "left": sum(one.left for one in runs)}


def run(groups: int, contacts: int) -> None:
    """Print how long each round takes and what it found."""
    from tests.support.wecom import Server  # noqa: PLC0415 - needs Django

    corp = _corp(groups, contacts)
    server, rows = Server(corp), []
    try:
        account = _account(server.url)
        began = time.perf_counter()
        tied = _tie(account)
        rows.append(["groups tied", f"{time.perf_counter() - began:.1f} s", len(tied), len(corp.asked)])
        for name in ("first round", "second round"):
            began, asked = time.perf_counter(), len(corp.asked)
            found = _rounds(account, tied)
            shown = " ".join(f"{key}={value}" for key, value in found.items())
            rows.append([name, f"{time.perf_counter() - began:.1f} s", shown, len(corp.asked) - asked])
    finally:
        server.close()
    show(f"{groups} groups, {contacts} contacts; bar 600 s", ["round", "time", "found", "calls"], rows)
    if corp.faults:
        raise SystemExit("\n".join(corp.faults[:10]))


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--groups", type=int, default=500)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    with installation(options.database):
        run(options.groups, options.contacts)


if __name__ == "__main__":
    main()

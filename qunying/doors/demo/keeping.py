"""The plan of the example, kept beside its files, so that making it again makes the same one."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.doors.demo.people import LOCAL
from qunying.doors.demo.plan import Plan
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "plan.json"


def demo_folder() -> Path:
    """Where the example's import files lie, in the home directory."""
    folder: Path = settings.HOME / "demo"
    return folder


def find_plan(*, days: int | None = None, members: int | None = None, seed: int | None = None) -> Plan:
    """The plan kept here; where there is none, a new one whose history ends yesterday.

    Raises QunyingError where something else is asked for than what is kept.
    """
    path = demo_folder() / _NAME
    if not path.exists():
        fresh = Plan(timezone.now().astimezone(LOCAL).date())
        return Plan(
            fresh.today,
            days=fresh.days if days is None else days,
            members=fresh.members if members is None else members,
            seed=fresh.seed if seed is None else seed,
        )
    asked = {name: value for name, value in (("days", days), ("members", members), ("seed", seed)) if value is not None}
    kept = json.loads(path.read_text(encoding="utf-8"))
    if any(kept[name] != value for name, value in asked.items()):
        raise QunyingError(
            _(
                "The example is here already, with %(members)s members, %(days)s days and seed %(seed)s. "
                "For another one, set QUNYING_HOME to another directory."
            )
            % kept
        )
    return Plan(date.fromisoformat(kept["today"]), days=kept["days"], members=kept["members"], seed=kept["seed"])


def wants_chain(*, asked: bool | None) -> bool:
    """Whether the chain and the club belong to the example: as asked, as kept, else yes."""
    path = demo_folder() / _NAME
    if asked is not None or not path.exists():
        return asked is not False
    return bool(json.loads(path.read_text(encoding="utf-8")).get("chain", True))


def keep_plan(plan: Plan, *, chain: bool = True) -> None:
    """Write the plan down beside the example's files."""
    folder = demo_folder()
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, object] = {
        "today": plan.today.isoformat(),
        "days": plan.days,
        "members": plan.members,
        "seed": plan.seed,
    }
    written["chain"] = chain
    (folder / _NAME).write_text(json.dumps(written), encoding="utf-8")

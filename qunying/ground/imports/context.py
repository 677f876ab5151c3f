"""What an importer knows of the run it reads for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.ground.groups.models import Group
from qunying.ground.groups.services import ensure_group
from qunying.kit.counters import Counter64
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qunying.ground.audit.actors import Actor
    from qunying.ground.groups.models import Community


@lru_cache(maxsize=1)
def _known_zones() -> frozenset[str]:
    """Asked for every row: the system's list of zones takes 20 ms to read."""
    return frozenset(available_timezones())


LONGEST_GROUP = 120
_FIRST = datetime(1970, 1, 2, tzinfo=UTC)
_CLOCKS_WRONG = timedelta(days=2)
UNMADE = -1
"""The id, during a dry run, of a group that the real run would make."""


@dataclass(slots=True)
class Context:
    """The community a file belongs to, the group it was said in, and what was set for this run."""

    community: Community
    by: Actor
    group_id: int | None = None
    file_group: str = ""
    """The group that the file's own name stands for, where it names none itself."""
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    now: datetime = field(default_factory=timezone.now)
    """When the import was started: the same each time its files are read."""
    repeats: Counter64 = field(default_factory=Counter64)
    """Counts identical rows, for formats without ids."""
    _groups: dict[str, int | None] = field(default_factory=dict)

    def zone(self, default: str = "") -> ZoneInfo:
        """The option “timezone”, else `default`, else the community's."""
        name = self.options.get("timezone") or default or self.community.timezone
        if name not in _known_zones():
            raise QunyingError(
                _("“%(zone)s” is not a time zone. Write one such as Asia/Shanghai or UTC.") % {"zone": name}
            )
        return ZoneInfo(name)

    def possible(self, at: datetime) -> bool:
        """Whether something can have happened then: since 1970, and no later than two days from now."""
        return _FIRST <= at <= self.now + _CLOCKS_WRONG

    def group(self, name: str, *, platform: str) -> int | None:
        """The id of the group a row names: the one chosen for the run, else that of this name, made if there is none.

        Where the row names none, the file may. A dry run makes none, and UNMADE stands for a group still to be made.
        """
        name = name or self.file_group
        if self.group_id is not None or not name:
            return self.group_id
        name = name[:LONGEST_GROUP]
        if name not in self._groups:
            self._groups[name] = self._find(name, platform)
        return self._groups[name]

    def _find(self, name: str, platform: str) -> int | None:
        found = Group.objects.filter(community=self.community, name=name).values_list("pk", flat=True).first()
        if found is not None:
            return found
        if self.dry_run:
            return UNMADE
        return ensure_group(self.community, name=name, platform=platform, by=self.by).pk

"""What a person looks at: which unit, which days, told by which lines; read from the address and kept in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunying.check.supervision.board import Level, realm_of
from qunying.check.supervision.execution import works_due
from qunying.check.supervision.queries import get_supervised_unit
from qunying.doors.console.ground.figures.days import PRESETS, choose_period, reach_of
from qunying.doors.console.ground.figures.scope import zone_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from django.http import QueryDict

    from qunying.check.supervision.board import Line, Realm
    from qunying.doors.console.ground.figures.days import Reach
    from qunying.ground.access.models import Staff
    from qunying.kit.periods import Period

LEVELS = {
    Level.NEXT: _("One level down"),
    Level.LOWEST: _("Lowest units"),
    Level.COMMUNITIES: _("Communities"),
}
_WHEN = ("period", "from", "to")


@dataclass(frozen=True, slots=True)
class Choice:
    """A realm and a period; `kept` are the days as the address names them."""

    realm: Realm
    period: Period
    preset: str
    reach: Reach
    zone: ZoneInfo
    level: Level | None
    kept: tuple[tuple[str, str], ...]

    @property
    def comparable(self) -> bool:
        """Whether the facts reach back over the whole period before."""
        return self.period.previous.start >= self.reach.first

    def address(self, page: str = "supervision", **changes: Any) -> str:
        """The address of a page of supervision for this unit and these days."""
        return with_query(self.page(page), self.kept, **changes)

    def page(self, page: str = "supervision") -> str:
        """The same without a query."""
        if self.realm.unit is None:
            return reverse(page)
        name = {"supervision": "supervision_unit"}.get(page, page.replace("supervision_", "supervision_unit_"))
        return reverse(name, args=(self.realm.unit.pk,))

    def down(self, line: Line) -> str:
        """Where a line leads: to the board of the unit, or to the overview of the community, for the same days."""
        if line.community is not None:
            return with_query(reverse("community_overview", args=(line.community.slug,)), self.kept)
        return with_query(reverse("supervision_unit", args=(line.unit.pk,)), self.kept) if line.unit else ""

    def figure(self, line: Line, metric: str, **params: Any) -> str:
        """The drawer of a figure of the catalogue for the place of this line."""
        pairs = {"from": self.period.start, "to": self.period.end, **{f"p.{name}": one for name, one in params.items()}}
        if line.community is not None:
            return with_query(reverse("community_figure", args=(line.community.slug, metric)), (), **pairs)
        return with_query(reverse("figure", args=(metric,)), (), unit=line.unit and line.unit.pk, **pairs)

    def work(self, line: Line) -> str:
        """The drawer of the work behind the deviation of this line."""
        pairs = {"from": self.period.start, "to": self.period.end}
        if line.community is not None:
            return with_query(reverse("community_supervision_work", args=(line.community.slug,)), (), **pairs)
        if line.unit is None:
            return with_query(reverse("supervision_work"), (), **pairs)
        return with_query(reverse("supervision_unit_work", args=(line.unit.pk,)), (), **pairs)


def with_query(path: str, kept: tuple[tuple[str, str], ...], **changes: Any) -> str:
    """The path with what is kept of the query, changed; None drops a parameter."""
    pairs = [(name, value) for name, value in kept if name not in changes]
    pairs += [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def read_choice(staff: Staff, pk: int | None, query: QueryDict) -> Choice:
    """What the address asks for; raises NotFoundError for a unit that is not this person's."""
    realm = realm_of(staff, get_supervised_unit(staff, pk) if pk else None)
    zone = zone_of(tuple(realm.communities))
    reach = reach_over(realm, zone)
    period, preset = choose_period(query, reach)
    wanted = query.get("by", "")
    return Choice(
        realm=realm,
        period=period,
        preset=preset,
        reach=reach,
        zone=zone,
        level=Level(wanted) if wanted in set(Level) else None,
        kept=tuple((name, value) for name in _WHEN if (value := query.get(name))),
    )


def reach_over(realm: Realm, zone: ZoneInfo) -> Reach:
    """From when to when there are facts; a preset ends yesterday too where work was due since the facts end."""
    communities = [one.pk for one in realm.communities]
    reach = reach_of(communities, zone)
    yesterday = timezone.localdate(timezone=zone) - timedelta(days=1)
    if reach.empty or reach.until >= yesterday:
        return reach
    since = works_due(communities, [one.pk for one in realm.units], reach.until + timedelta(days=1), yesterday)
    return replace(reach, until=yesterday) if since.exists() else reach


def presets(choice: Choice) -> list[dict[str, Any]]:
    """The periods to choose from."""
    level = choice.level.value if choice.level else None
    return [
        {
            "label": label,
            "address": with_query(choice.page(), (), period=name, by=level),
            "here": name == choice.preset,
        }
        for name, label in PRESETS.items()
    ]

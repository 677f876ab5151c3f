"""Whose figures a page shows and over which days, read from the address and kept in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qunying.doors.console.ground.figures.days import DEFAULT, Reach, choose_period, reach_of
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.figures.results import Scope
from qunying.ground.groups.queries import communities_for, get_community_for
from qunying.ground.segments.queries import members_of_segment, seen_by, segments_at
from qunying.ground.units.queries import subtree
from qunying.kit.errors import NotFoundError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, QueryDict

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.ground.segments.models import Segment
    from qunying.ground.units.models import Unit
    from qunying.kit.periods import Period

COMPARISONS = ("previous", "organisation", "off")
WHERE_AND_WHEN = ("unit", "group", "tag", "channel", "segment", "period", "from", "to", "compare")
"""Parameters that stay when one goes from one figure page to the next."""
KEPT = (*WHERE_AND_WHEN, "mode", "clock", "grain", "step", "window")
_HOME_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Choice:
    """What one person is looking at: a community, or the communities of a unit (None: all of theirs)."""

    staff: Staff
    communities: tuple[Community, ...]
    community: Community | None
    unit: Unit | None
    groups: tuple[int, ...]
    tags: tuple[int, ...]
    channels: tuple[str, ...]
    period: Period
    preset: str
    compare: str
    reach: Reach
    segment: Segment | None = None
    among: tuple[int, ...] | None = None
    """Who is in the segment now; None without one."""
    kept: tuple[tuple[str, str], ...] = field(default=())

    @property
    def scope(self) -> Scope:
        """The same for the metric catalogue."""
        places = tuple(one.pk for one in self.communities)
        return Scope(places, self.groups, self.tags, self.channels, self.among)

    @property
    def zone(self) -> ZoneInfo:
        """Whose days are meant: the community's, or those of the first of several."""
        return zone_of(self.communities)

    @property
    def one_clock(self) -> bool:
        """Whether all these communities live by the same clock; otherwise hours are each community's own."""
        return len({one.timezone for one in self.communities}) <= 1

    @property
    def today(self) -> date:
        """The local day it is now."""
        return timezone.localdate(timezone=self.zone)

    @property
    def comparable(self) -> bool:
        """Whether the facts reach back over the whole period before."""
        return self.period.previous.start >= self.reach.first

    @property
    def currency(self) -> str | None:
        """The one currency in which these communities take money; None where they differ."""
        found = {one.currency for one in self.communities}
        return found.pop() if len(found) == 1 else None

    @property
    def simulated(self) -> bool:
        """Whether any of the communities is made up."""
        return any(one.simulated for one in self.communities)

    @property
    def narrowed(self) -> bool:
        """Whether only some of the members or facts are counted."""
        return bool(self.groups or self.tags or self.channels or self.segment)

    @property
    def period_kept(self) -> bool:
        """Whether the address itself says which days are meant."""
        return any(name in {"period", "from", "to"} for name, _value in self.kept)

    def query(self, **changes: Any) -> str:
        """The query string that keeps this choice, with some parameters changed (None drops one)."""
        pairs = [(name, value) for name, value in self.kept if name not in changes]
        pairs += [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
        return urlencode(pairs)

    def address(self, page: str, *args: str, **changes: Any) -> str:
        """The address of a figure page, panel or drawer (URL name without its `community_`) for this choice."""
        if self.community is None:
            base = reverse(page, args=args)
        else:
            base = reverse(f"community_{page}", args=(self.community.slug, *args))
        if args and not self.period_kept:
            # A panel or drawer does not know the page it is for: tell it the days.
            changes.setdefault("period", self.preset)
        query = self.query(**changes)
        return f"{base}?{query}" if query else base


def zone_of(communities: tuple[Community, ...]) -> ZoneInfo:
    """The time zone in which days of these communities are told."""
    return ZoneInfo(communities[0].timezone if communities else _HOME_ZONE)


def read_choice(request: HttpRequest, staff: Staff, slug: str = "", *, preset: str = DEFAULT) -> Choice:
    """What the address asks for; raises NotFoundError for what is not this person's.

    `preset` names the days of a page whose address names none.
    """
    query = request.GET
    community = get_community_for(staff, slug) if slug else None
    unit = None if community else _unit(staff, query.get("unit", ""))
    communities = (community,) if community else _communities(staff, unit)
    reach = reach_of([one.pk for one in communities], zone_of(communities))
    period, preset = choose_period(query, reach, default=preset)
    compare = query.get("compare", "previous")
    segment = _segment(staff, query, community, unit)
    return Choice(
        staff=staff,
        communities=communities,
        community=community,
        unit=unit,
        groups=_groups(community, query),
        tags=_numbers(query, "tag"),
        channels=tuple(value for value in query.getlist("channel") if value),
        period=period,
        preset=preset,
        compare=compare if compare in COMPARISONS else "previous",
        reach=reach,
        segment=segment,
        among=None if segment is None else tuple(members_of_segment(segment, seen_by(staff, segment))),
        kept=tuple((name, value) for name in KEPT for value in query.getlist(name) if value),
    )


def _unit(staff: Staff, pk: str) -> Unit | None:
    if not pk:
        return None
    unit = units_for(staff, Permission.SEE_FIGURES).filter(pk=to_id(pk) or 0).first()
    if unit is None:
        raise NotFoundError(_("There is no such unit that you may open."))
    return unit


def _communities(staff: Staff, unit: Unit | None) -> tuple[Community, ...]:
    found = communities_for(staff)
    return tuple(found.filter(unit__in=subtree(unit)) if unit else found)


def _groups(community: Community | None, query: QueryDict) -> tuple[int, ...]:
    """Ids of groups of this community only; a group elsewhere is as if it did not exist."""
    wanted = _numbers(query, "group")
    if not wanted:
        return ()
    found = () if community is None else tuple(community.groups.filter(pk__in=wanted).values_list("pk", flat=True))
    if len(found) != len(set(wanted)):
        raise NotFoundError(_("There is no such group in this community."))
    return found


def _segment(staff: Staff, query: QueryDict, community: Community | None, unit: Unit | None) -> Segment | None:
    """The saved segment people have to be in now; one of elsewhere is as if it did not exist."""
    wanted = _numbers(query, "segment")
    if not wanted:
        return None
    found = segments_at(staff, community=community, unit=unit).filter(pk=wanted[-1]).first()
    if found is None:
        raise NotFoundError(_("There is no such segment that you may open."))
    return found


def _numbers(query: QueryDict, name: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(pk for value in query.getlist(name) if (pk := to_id(value)) is not None))


def refuse_nowhere(choice: Choice) -> None:
    """Raise NotFoundError where the person has no community whose figures there could be."""
    if not choice.communities:
        raise NotFoundError(
            _("There is no community for you yet. Ask the lead of your unit to make one or to give you a role in it.")
        )


def sees_members(choice: Choice) -> bool:
    """Whether this person may see who is behind the numbers, in every community of the choice."""
    allowed = set(communities_for(choice.staff, Permission.SEE_MEMBERS).values_list("pk", flat=True))
    return {one.pk for one in choice.communities} <= allowed

"""Reading one week, month or quarter of a community into a report."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from qunying.check.reports.breakdown import channel_parts, group_parts
from qunying.check.reports.retention import recent_cohorts
from qunying.check.reports.shapes import Comers, Known, Line, Report, Subject
from qunying.check.reports.spans import a_year_before, counted_part, earlier_spans, same_days
from qunying.ground.events.spans import fact_span
from qunying.ground.figures.catalogue import metric_named
from qunying.ground.figures.results import Scope
from qunying.ground.figures.services import measure, members_behind
from qunying.ground.figures.sitting import one_snapshot
from qunying.ground.groups.models import Membership
from qunying.ground.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qunying.check.reports.spans import Span
    from qunying.ground.figures.results import Figure
    from qunying.ground.groups.models import Community
    from qunying.kit.periods import Period

NAMES_SHOWN = 12
_GRADES = ("seen", "interactive", "speaking")
_ASKED: dict[str, tuple[str, dict[str, str]]] = {
    "members_present": ("members_present", {}),
    "joins": ("joins", {}),
    "leaves": ("leaves", {}),
    "churn_rate": ("churn_rate", {}),
    **{f"active_members.{grade}": ("active_members", {"grade": grade}) for grade in _GRADES},
    **{f"active_rate.{grade}": ("active_rate", {"grade": grade}) for grade in _GRADES},
    "messages": ("messages", {}),
    "interactions": ("interactions", {}),
    "daily_speakers": ("daily_speakers", {}),
    "orders": ("orders", {}),
    "buyers": ("buyers", {}),
    "revenue": ("revenue", {}),
    "order_value": ("order_value", {}),
}
"""Name of a line → the metric and its parameters."""


def local_span(community: Community) -> tuple[date, date] | None:
    """The local days of the community's first and last fact; None without facts."""
    span = fact_span([community.pk])
    if span is None:
        return None
    zone = ZoneInfo(community.timezone)
    return span[0].astimezone(zone).date(), span[1].astimezone(zone).date()


@one_snapshot()
def build_report(community: Community, *, span: Span, names: bool = False) -> Report:
    """The report of one span of local days, with the names of who came and went if `names`.

    A span that is not over is counted up to yesterday and compared with the same days of earlier
    ones. Raises QunyingError for one that has not begun.
    """
    zone = ZoneInfo(community.timezone)
    counted = counted_part(span, today=timezone.localdate(timezone=zone))
    first_day, last_day = local_span(community) or (None, None)
    scope = Scope((community.pk,))
    before = [same_days(one, counted, of=span) for one in earlier_spans(span, first_day=first_day)]
    year = a_year_before(span, first_day=first_day)
    lines = {
        name: _line(asked, scope, [counted, *before], same_days(year, counted, of=span) if year else None)
        for name, asked in _ASKED.items()
    }
    return Report(
        subject=Subject(
            pk=community.pk,
            unit=community.unit_id,
            name=community.name,
            slug=community.slug,
            zone=zone,
            currency=community.currency,
            simulated=community.simulated,
        ),
        span=span,
        counted=counted,
        made_at=timezone.now().astimezone(zone),
        as_of=max(line.figure.as_of for line in lines.values()).astimezone(zone),
        first_day=first_day,
        last_day=last_day,
        lines=lines,
        cohorts=recent_cohorts(scope, grain=span.grain, counted=counted, first_day=first_day),
        known=_known(community, counted, zone),
        groups=group_parts(community, counted, before),
        channels=channel_parts(community, counted, before),
        joined=_comers("joins", scope, counted, lines["joins"].figure) if names else None,
        left=_comers("leaves", scope, counted, lines["leaves"].figure) if names else None,
    )


def _line(asked: tuple[str, dict[str, str]], scope: Scope, periods: Sequence[Period], year: Period | None) -> Line:
    name, params = asked
    figure, *before = (measure(name, scope=scope, period=period, **params) for period in periods)
    a_year_ago = measure(name, scope=scope, period=year, **params) if year else None
    return Line(metric_named(name), figure, tuple(before), a_year_ago)


def _comers(metric: str, scope: Scope, counted: Period, figure: Figure) -> Comers:
    """The first names in their order; a person without one is left to the total."""
    people = members_behind(metric, scope=scope, period=counted) if figure.value else []
    names = Member.objects.filter(pk__among=people).exclude(display_name="").order_by("display_name")
    return Comers(list(names.values_list("display_name", flat=True)[:NAMES_SHOWN]), len(people))


def _known(community: Community, counted: Period, zone: ZoneInfo) -> Known:
    begin, end = counted.instants(zone)
    stays = Membership.objects.filter(community=community)
    here = stays.filter(joined_at__gte=begin, joined_at__lt=end)
    return Known(
        joins=stays.filter(opened_by=Membership.Opened.JOINED).exists(),
        leaves=stays.filter(left_at__isnull=False).exists(),
        unannounced=here.filter(opened_by=Membership.Opened.SEEN).exists(),
    )

"""What comes back of content, as metrics of the catalogue, so that goals and reports can stand on it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from qunying.do.publishing.figures import Figures, figures_by_group, figures_of_pieces
from qunying.do.publishing.models import Piece, Publication, Sign
from qunying.ground.figures.catalogue import Answer, answered_metric
from qunying.ground.figures.params import Param
from qunying.ground.groups.models import Community

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from django.utils.functional import _StrPromise

    from qunying.ground.figures.asked import Asked

GROUPS, ELSEWHERE = "groups", "elsewhere"
PLACE = Param("place", GROUPS, (GROUPS, ELSEWHERE))
_SOURCE = "House definition, decisions 0166 and 0180"
_DAY = timedelta(days=1)


def _found(asked: Asked) -> Iterator[tuple[date, Figures]]:
    """What came back of all that appeared within the period at the place asked for, with its local day."""
    for community in Community.objects.filter(pk__in=asked.scope.communities):
        zone = ZoneInfo(community.timezone)
        start, end = (datetime.combine(one, time(), zone) for one in (asked.period.start, asked.period.end + _DAY))
        parts = _pieces if asked.params["place"] == ELSEWHERE else _groups
        for at, figures in parts(community, start, end, asked):
            yield at.astimezone(zone).date(), figures


def _groups(community: Community, start: datetime, end: datetime, asked: Asked) -> Iterator[tuple[datetime, Figures]]:
    rows = list(Publication.objects.filter(community=community, due_at__gte=start, due_at__lt=end))
    due, chosen = {row.pk: row.due_at for row in rows}, asked.scope.groups
    for (publication, group), figures in figures_by_group(rows).items():
        if not chosen or group in chosen:
            yield due[publication], figures


def _pieces(community: Community, start: datetime, end: datetime, _asked: Asked) -> Iterator[tuple[datetime, Figures]]:
    rows = list(Piece.objects.filter(community=community, published_at__gte=start, published_at__lt=end))
    found = figures_of_pieces(rows)
    yield from ((row.published_at, found[row.pk]) for row in rows)


def _by_day(asked: Asked) -> tuple[Figures, dict[date, Figures]]:
    whole = Figures()
    days: dict[date, Figures] = defaultdict(Figures)
    for day, figures in _found(asked):
        whole.add(figures)
        days[day].add(figures)
    return whole, days


def _shown(asked: Asked) -> Answer:
    whole, days = _by_day(asked)
    rows = [{"day": day, "value": _times_shown(days[day]) if day in days else 0} for day in asked.each_day()]
    times = _times_shown(whole)
    return Answer(times, times, rows=rows)


def _times_shown(figures: Figures) -> int:
    return figures.reached if figures.groups else figures.counts[Sign.SHOWN]


def _share_of(sign: Sign) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        whole, days = _by_day(asked)
        rows = [{"day": day, **_told(days[day], sign)} for day in asked.each_day() if day in days]
        # The same people read again and again: it is no share of independent people, so it has no interval.
        return Answer(rows=rows, interval=False, **_told(whole, sign))

    return answer


def _told(figures: Figures, sign: Sign) -> dict[str, Any]:
    return {
        "value": figures.rate_of(sign),
        "numerator": figures.counts[sign],
        "denominator": figures.base_of(sign),
    }


answered_metric(
    "content_shown",
    title=_("Content shown"),
    definition=_(
        "How often content came before somebody: in groups, the people who were there when it arrived, without the "
        "team; elsewhere, the showings of articles and videos that imported tables tell."
    ),
    numerator=_("People in the groups of each publication, or showings elsewhere; counted anew for each piece."),
    unit="facts",
    source=_SOURCE,
    params=(PLACE,),
    columns=("day", "value"),
    answer=_shown,
)

_HOW = _(
    "What came back of the content that went out in the period, however long after (in groups, up to 30 days). A group "
    "counts only where it is known how often this was done there: the silence of a platform is not zero."
)
_REACHED = _("People in the groups when it arrived, without the team; elsewhere, how often it was shown.")
_SHARES: dict[Sign, tuple[_StrPromise, _StrPromise, _StrPromise]] = {
    Sign.READ: (_("Read rate of content"), _("People who read it, or what was typed in; elsewhere, reads."), _REACHED),
    Sign.LIKED: (_("Like rate of content"), _("People who liked it or gave it a sign; elsewhere, likes."), _REACHED),
    Sign.COMMENTED: (_("Comment rate of content"), _("People who answered it; elsewhere, comments."), _REACHED),
    Sign.SHARED: (_("Share rate of content"), _("People who passed it on; elsewhere, how often."), _REACHED),
    Sign.CLICKED: (_("Click rate of content"), _("Clicks on the links in it, without programs."), _REACHED),
    Sign.COMPLETED: (
        _("Completion rate of content"),
        _("How often somebody got to its end."),
        _("Reads of it."),
    ),
}


def _declare(sign: Sign) -> None:
    title, numerator, denominator = _SHARES[sign]
    answered_metric(
        f"content_{sign.value}",
        title=title,
        definition=_HOW,
        numerator=numerator,
        denominator=denominator,
        unit="share",
        source=_SOURCE,
        params=(PLACE,),
        columns=("day", "value", "numerator", "denominator"),
        answer=_share_of(sign),
    )


for _sign in _SHARES:
    _declare(_sign)

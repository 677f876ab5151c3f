"""A month of publishing: what went out, whom it reached, what came back; by theme, form and time of day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from qunying.do.publishing.models import Sign
from qunying.do.publishing.month import PARTS, month_of
from qunying.doors.console.do.publishing.figures import told
from qunying.doors.console.people import staff_of
from qunying.doors.console.plan.content.calendar import month_of as days_of_month
from qunying.doors.console.plan.content.words import FORMS
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from qunying.do.publishing.month import Share
    from qunying.doors.console.do.publishing.figures import Told

_DAY = timedelta(days=1)
_YEARS = (2000, 2100)
DAY_PARTS: dict[int, _StrPromise] = dict(
    zip(
        PARTS,
        (
            pgettext_lazy("time of day", "Night, before 9"),
            pgettext_lazy("time of day", "Morning, 9 to 12"),
            pgettext_lazy("time of day", "Noon, 12 to 14"),
            pgettext_lazy("time of day", "Afternoon, 14 to 18"),
            pgettext_lazy("time of day", "Evening, 18 to 22"),
            pgettext_lazy("time of day", "Late, after 22"),
        ),
        strict=True,
    )
)
_HEADS = (Sign.READ, Sign.LIKED, Sign.COMMENTED, Sign.SHARED, Sign.CLICKED, Sign.COMPLETED)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One line of a table of the month."""

    label: str
    share: Share
    told: list[Told]


@require_GET
@login_required
def months(request: HttpRequest, slug: str) -> HttpResponse:
    """One month of a community's publications."""
    community = get_community_for(staff_of(request), slug, Permission.SEE_PLAN)
    first, last = days_of_month(_asked(request, timezone.localdate(timezone=ZoneInfo(community.timezone))))
    month = month_of(community, first=first, last=last)
    context = {
        "community": community,
        "first": first,
        "before": first - _DAY,
        "after": last + _DAY,
        "whole": month.whole,
        "told": told(month.whole.figures),
        "heads": [sign.label for sign in _HEADS],
        "parts": [
            (gettext_lazy("Themes"), _rows(month.themes, lambda key: key.label if key else _("Without a theme"))),
            (pgettext("content", "Forms"), _rows(month.forms, lambda key: str(FORMS[key]))),
            (_("Time of day"), _rows(month.times, lambda key: str(DAY_PARTS[key]))),
        ],
        "elsewhere": month.elsewhere,
        "elsewhere_told": told(month.elsewhere.figures),
    }
    return render(request, "console/publishing/month.html", context)


def _rows(shares: list[Share], label: Callable[..., str]) -> list[MonthRow]:
    return [MonthRow(label(one.key), one, _of_heads(one)) for one in shares]


def _of_heads(share: Share) -> list[Told]:
    return [one for one in told(share.figures) if one.name in _HEADS]


def _asked(request: HttpRequest, today: date) -> date:
    try:
        day = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return today
    return day if _YEARS[0] <= day.year <= _YEARS[1] else today

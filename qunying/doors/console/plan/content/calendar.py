"""The calendar of entries, by month or week, and moving one to another slot."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.do.publishing.card import stays_words, with_publications
from qunying.doors.console.people import staff_of
from qunying.doors.console.plan.content.rows import entry_rows
from qunying.doors.console.plan.content.views import writer_in
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import QunyingError
from qunying.kit.holidays import is_off_in_china
from qunying.kit.numerals import to_id
from qunying.plan.content.models import Entry
from qunying.plan.content.queries import entries_of, get_entry_for, planned
from qunying.plan.content.rules import may_write
from qunying.plan.content.services import move_entry
from qunying.plan.content.slots import clashes

if TYPE_CHECKING:
    from django.http import HttpRequest

    from qunying.doors.console.plan.content.rows import EntryRow
    from qunying.plan.content.slots import Clash

MONTH, WEEK = "month", "week"
_DAY = timedelta(days=1)
_SEVEN = 7
_MOST_LOOSE = 50
_YEARS = (2000, 2100)
_UNDO = "content_moved"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar with what goes out on it."""

    day: date
    rows: list[EntryRow]
    beside: bool
    off: bool
    today: bool


@dataclass(frozen=True, slots=True)
class Span:
    """What a calendar shows: the days from `first` to `last`, of which the month (or week) itself is `around`."""

    view: str
    around: date
    first: date
    last: date

    @property
    def before(self) -> date:
        """A day of the month (or week) before."""
        return self.around - _SEVEN * _DAY if self.view == WEEK else self.around.replace(day=1) - _DAY

    @property
    def after(self) -> date:
        """A day of the month (or week) after."""
        return self.last + _DAY if self.view == WEEK else (self.around.replace(day=28) + 4 * _DAY).replace(day=1)

    @property
    def words(self) -> str:
        """The month, or the first and last day of the week, in the reader's language."""
        if self.view == MONTH:
            return date_format(self.around, "YEAR_MONTH_FORMAT")
        return f"{date_format(self.first, 'MONTH_DAY_FORMAT')} – {date_format(self.last, 'MONTH_DAY_FORMAT')}"


def span_of(view: str, around: date) -> Span:
    """The whole weeks, from Monday on, of the month or the week that holds this day."""
    monday = around - around.weekday() * _DAY
    if view == WEEK:
        return Span(WEEK, around, monday, monday + 6 * _DAY)
    days = list(Calendar().itermonthdates(around.year, around.month))
    return Span(MONTH, around, days[0], days[-1])


def _asked(request: HttpRequest, today: date) -> Span:
    try:
        around = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        around = today
    if not _YEARS[0] <= around.year <= _YEARS[1]:
        around = today
    return span_of(WEEK if request.GET.get("view") == WEEK else MONTH, around)


@require_GET
@login_required
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The entries of a month or a week on their days, what clashes, and how far the themes are off their shares."""
    staff = staff_of(request)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    today = timezone.localdate(timezone=ZoneInfo(community.timezone))
    span = _asked(request, today)
    entries = list(planned(entries_of(community), span.first, span.last).prefetch_related("groups"))
    loose = entries_of(community).filter(slot_day=None).exclude(state=Entry.State.DROPPED).order_by("pk")[:_MOST_LOOSE]
    writes = may_write(staff, community)
    context = {
        "community": community,
        "span": span,
        "days": _days(span, entries, today),
        "clashes": _in_words(clashes(entries)),
        "loose": entry_rows(loose),
        "movable": entries,
        "today": today,
        "may_write": writes,
        "any": bool(entries),
        "undo": request.session.get(_UNDO, {}).get("words") if writes and "undo" in request.GET else None,
    }
    return render(request, "console/content/calendar.html", context)


def _days(span: Span, entries: list[Entry], today: date) -> list[Day]:
    by_day: dict[date, list[EntryRow]] = {}
    for row in with_publications(entry_rows(entries)):
        if row.entry.slot_day is not None:
            by_day.setdefault(row.entry.slot_day, []).append(row)
    count = (span.last - span.first).days + 1
    return [_day(span, span.first + number * _DAY, by_day, today) for number in range(count)]


def _day(span: Span, day: date, by_day: dict[date, list[EntryRow]], today: date) -> Day:
    off = is_off_in_china(day)
    beside = span.view == MONTH and day.month != span.around.month
    return Day(day, by_day.get(day, []), beside, day.weekday() >= 5 if off is None else off, day == today)  # noqa: PLR2004 - Saturday


def _in_words(found: list[Clash]) -> list[tuple[Clash, str]]:
    return [(one, _clash_words(one)) for one in found]


def _clash_words(clash: Clash) -> str:
    given = {
        "day": date_format(clash.first.slot_day or date.min, "MONTH_DAY_FORMAT"),
        "one": f"{clash.first.slot_time:%H:%M}",
        "two": f"{clash.second.slot_time:%H:%M}",
        "groups": "、".join(clash.groups) or _("every group"),
    }
    return _("%(day)s, %(one)s and %(two)s, both to %(groups)s") % given


@require_POST
@login_required
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Move an entry to another slot, by dragging or by the form; then back to the calendar."""
    staff, _community = writer_in(request, slug)
    entry = get_entry_for(staff, slug, to_id(request.POST.get("entry", "")) or 0)
    back = f"{reverse('content_calendar', args=[slug])}?{request.POST.get('filters', '').lstrip('?')}"
    before = {"entry": entry.pk, "slug": slug, "time": f"{entry.slot_time:%H:%M}" if entry.slot_time else ""}

    def act() -> None:
        day, at = _slot(request)
        moved = move_entry(entry, day=day, at=at, by=staff)
        if stays := stays_words(moved):
            messages.warning(request, stays)
        if entry.slot_day is not None:
            words = _("“%(entry)s” was moved.") % {"entry": entry.title}
            request.session[_UNDO] = before | {"day": entry.slot_day.isoformat(), "words": words}

    answer = act_and_return(request, act, done=_("Moved."), back=f"{back}&undo=1", refused=back)
    if request.headers.get("HX-Request") != "true":
        return answer
    return HttpResponse(status=204, headers={"HX-Redirect": answer.headers["Location"]})


def _slot(request: HttpRequest) -> tuple[date, time | None]:
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        at = request.POST.get("time", "")
        return day, time.fromisoformat(at) if at else None
    except ValueError:
        raise QunyingError(_("Choose the day it is to go out on.")) from None


@require_POST
@login_required
def move_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back the last move."""
    staff, _community = writer_in(request, slug)
    last = request.session.pop(_UNDO, {})
    back = f"{reverse('content_calendar', args=[slug])}?{request.POST.get('filters', '').lstrip('?')}"
    if last.get("slug") == slug:
        entry = get_entry_for(staff, slug, last["entry"])
        at = time.fromisoformat(last["time"]) if last["time"] else None
        day = date.fromisoformat(last["day"])
        done = _("“%(entry)s” is back on its day.") % {"entry": entry.title}
        return act_and_return(request, lambda: move_entry(entry, day=day, at=at, by=staff), done=done, back=back)
    return redirect(back)


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month that holds this day."""
    first = day.replace(day=1)
    return first, (first.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY

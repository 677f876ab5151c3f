"""The board of a unit, its file, the work behind a deviation, and how much deviation is allowed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunying.check.supervision.board import Realm, board_of, realm_in, realm_of
from qunying.check.supervision.execution import Execution, due_lines, executions, needed
from qunying.check.supervision.measures import ACTIVE, CHURN, DEVIATION, GOALS, MEMBERS
from qunying.check.supervision.queries import get_supervised_unit, supervised_units
from qunying.check.supervision.rules import check_may_set_tolerance, may_set_tolerance
from qunying.check.supervision.services import set_tolerance
from qunying.doors.console.acting import act_and_return
from qunying.doors.console.check.supervision.choice import LEVELS, presets, reach_over, read_choice, with_query
from qunying.doors.console.check.supervision.findings import findings_of, strips_of
from qunying.doors.console.check.supervision.rows import BOARD, rows_of, shown_rows
from qunying.doors.console.check.supervision.words import cell_of
from qunying.doors.console.ground.figures.days import choose_period
from qunying.doors.console.ground.figures.scope import zone_of
from qunying.doors.console.people import check_may_export, staff_of
from qunying.ground.access.queries import units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.queries import get_community_for
from qunying.kit import formats
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.check.supervision.board import Board
    from qunying.doors.console.check.supervision.choice import Choice
    from qunying.ground.access.models import Staff

_A_PAGE = 50
_MOST_WORK = 100
_LEVEL = "by"


@require_safe
@login_required
def page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The board of a unit; without one, of everything this person supervises."""
    staff = staff_of(request)
    choice = read_choice(staff, pk, request.GET)
    if not choice.realm.units or choice.reach.empty:
        return render(request, "console/supervision/board.html", {"nothing": True, "title": _title(choice)})
    board = board_of(choice.realm, choice.period, level=choice.level)
    rows = Paginator(rows_of(board, request.GET), _A_PAGE).get_page(request.GET.get("page"))
    findings, more = findings_of(board, choice)
    strips = strips_of(board, choice)
    context = {
        "title": _title(choice),
        "board": board,
        "choice": choice,
        "crumbs": _crumbs(staff, choice),
        "presets": presets(choice),
        "levels": _levels(board, choice),
        "days": _days(choice),
        "cards": [cell_of(board.whole, one, choice) for one in (MEMBERS, ACTIVE, CHURN, GOALS, DEVIATION)],
        "findings": findings,
        "more": more,
        "page": rows,
        "rows": shown_rows(list(rows), choice),
        "strips": strips,
        "boxed": any(strip["box"] for strip in strips),
        "beside": board.beside.planned,
        "take": choice.page("supervision_export") if may_anywhere(staff, Permission.EXPORT) else "",
        **_limit(staff, board),
        **BOARD.table(request.GET),
    }
    return render(request, "console/supervision/board.html", context)


def _title(choice: Choice) -> str:
    return choice.realm.unit.name if choice.realm.unit else _("Supervision")


def _days(choice: Choice) -> str:
    begins, ends = (formats.day(day, weekday=False) for day in (choice.period.start, choice.period.end))
    return _("%(from)s to %(to)s") % {"from": begins, "to": ends}


def _crumbs(staff: Staff, choice: Choice) -> list[dict[str, str]]:
    """The units above, as far up as this person supervises."""
    unit = choice.realm.unit
    if unit is None:
        return []
    above = [int(part) for part in unit.path.split("/") if part][:-1]
    units = supervised_units(staff).filter(pk__in=above).order_by("path") if above else []
    return [
        {"name": one.name, "address": with_query(reverse("supervision_unit", args=(one.pk,)), choice.kept)}
        for one in units
    ]


def _levels(board: Board, choice: Choice) -> list[dict[str, Any]]:
    if len(board.levels) == 1:
        return []
    return [
        {"label": LEVELS[one], "address": choice.address(**{_LEVEL: one.value}), "here": one is board.level}
        for one in board.levels
    ]


def _limit(staff: Staff, board: Board) -> dict[str, Any]:
    """How much deviation is allowed here, who said so as far as this person may know, and the form to change it."""
    limit, unit = board.whole.limit, board.unit
    if limit.unit is None:
        source = _("the usual")
    elif unit is not None and limit.unit == unit.pk:
        source = _("set here")
    else:
        source = _("set further up")
    return {
        "limit": limit,
        "limit_words": formats.percent(float(limit.percent) / 100),
        "source": source,
        "set_here": unit is not None and limit.unit == unit.pk,
        "needed": needed(limit.percent),
        "may_set": unit is not None and may_set_tolerance(staff, unit),
    }


@require_safe
@login_required
def export(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """The board as it is sorted, with numerators, denominators and the period before, as a file."""
    staff = staff_of(request)
    choice = read_choice(staff, pk, request.GET)
    check_may_export(staff, choice.realm.unit)
    if choice.realm.unit is None:
        choice = _takeable(staff, choice)
    rows = rows_of(board_of(choice.realm, choice.period, level=choice.level), request.GET)
    of = f"{choice.period.start}..{choice.period.end}"
    return BOARD.export(request, rows, count=len(rows), zone=choice.zone, by=staff, of=of)


def _takeable(staff: Staff, choice: Choice) -> Choice:
    """The same, of the units whose lists this person may take out."""
    units = units_for(staff, Permission.EXPORT).filter(pk__in=[unit.pk for unit in choice.realm.units])
    return replace(choice, realm=realm_in(units, None))


@require_safe
@login_required
def work(request: HttpRequest, pk: int | None = None, slug: str = "") -> HttpResponse:
    """The drawer behind a deviation: what was due in the period and not done by its day."""
    realm = _realm(staff_of(request), pk, slug)
    zone = zone_of(tuple(realm.communities))
    period, _preset = choose_period(request.GET, reach_over(realm, zone))
    units = [one.pk for one in realm.units]
    found = executions(realm.communities, units, period, period.previous)[0]
    lines = [one for one in due_lines(realm.communities, units, period) if one.kind != "in_time"]
    context = {
        "name": realm.communities[0].name if slug else realm.unit.name if realm.unit else "",
        "unit": realm.unit,
        "days": _("%(from)s to %(to)s")
        % {name: formats.day(day, weekday=False) for name, day in (("from", period.start), ("to", period.end))},
        "execution": sum(found.values(), Execution()),
        "lines": lines[:_MOST_WORK],
        "more": max(0, len(lines) - _MOST_WORK),
        "simulated": any(one.simulated for one in realm.communities),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"console/supervision/{'work' if part else 'work_page'}.html", context)


def _realm(staff: Staff, pk: int | None, slug: str) -> Realm:
    if not slug:
        return realm_of(staff, get_supervised_unit(staff, pk) if pk else None)
    community = get_community_for(staff, slug, Permission.SEE_PLAN)
    return Realm(None, [], [], [community])


@require_POST
@login_required
def tolerance(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how much deviation the unit is allowed; an empty field lets what holds above hold here again."""
    staff = staff_of(request)
    unit = get_supervised_unit(staff, pk)
    check_may_set_tolerance(staff, unit)
    back = reverse("supervision_unit", args=(pk,))
    return act_and_return(
        request,
        lambda: set_tolerance(unit, percent=_percent(request.POST.get("percent", "")), by=staff),
        done=_("The deviation allowed is saved."),
        back=back,
    )


def _percent(text: str) -> Decimal | None:
    text = text.strip().removesuffix("%").strip()
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise QunyingError(_("“%(text)s” is not a number. Write 8 or 7.5.") % {"text": text[:40]}) from None

"""Behind a number: how it was counted, and who is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qunying.doors.console.ground.figures.asking import ask
from qunying.doors.console.ground.figures.bar import period_words
from qunying.doors.console.ground.figures.cells import figure_of, read_cell, words_for, words_for_params
from qunying.doors.console.ground.figures.faces import faces_of
from qunying.doors.console.ground.figures.scope import read_choice, refuse_nowhere, sees_members
from qunying.doors.console.ground.figures.words import shown, write
from qunying.doors.console.people import staff_of
from qunying.ground.figures.catalogue import metric_named
from qunying.ground.figures.results import SMALL
from qunying.ground.figures.services import members_behind

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.ground.figures.results import Figure

_A_PAGE = 20


@require_safe
@login_required
def figure(request: HttpRequest, metric: str, slug: str = "") -> HttpResponse:
    """The drawer of one figure (parameters `p.NAME`) or one cell of it (`c.NAME`); a page of its own without htmx."""
    choice = read_choice(request, staff_of(request), slug)
    refuse_nowhere(choice)
    params, cell = _prefixed(request.GET, "p."), read_cell(_prefixed(request.GET, "c."))
    whole = ask(choice, metric, **params)
    counted = figure_of(whole, cell)
    entry = metric_named(metric)
    form = "count" if metric == "lifecycle" else shown(metric).form
    behind = sees_members(choice) and entry.count is not None
    context = {
        "choice": choice,
        "community": choice.community,
        "metric": entry,
        "figure": counted,
        "days": period_words(choice),
        "details": " · ".join(filter(None, (words_for_params(params), words_for(cell, whole)))),
        "value": write(counted.value, form, currency=choice.currency, exact=True),
        "numerator": _numerator(counted, form, choice),
        "rate": form == "rate",
        "small": SMALL,
        "as_of": counted.as_of.astimezone(choice.zone),
        "people": _people(request, choice, metric, params, cell) if behind else None,
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "console/figures/drawer.html" if part else "console/figures/drawer_page.html", context)


def _prefixed(query: QueryDict, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): str(query[name]) for name in query if name.startswith(prefix)}


def _numerator(figure: Figure, form: str, choice: Choice) -> str:
    if figure.numerator is None:
        return ""
    return write(figure.numerator, "money" if form == "money" else "count", currency=choice.currency, exact=True)


def _people(request: HttpRequest, choice: Choice, metric: str, params: dict[str, str], cell: dict[str, Any]) -> Any:
    ids = members_behind(metric, scope=choice.scope, period=choice.period, cell=cell or None, **params)
    page = Paginator(ids, _A_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "rows": faces_of(list(page.object_list))}

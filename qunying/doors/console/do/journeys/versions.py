"""The versions of a journey, each with what is different in it from the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from qunying.do.journeys.definition import Branch, Say, Until, Welcome
from qunying.do.journeys.models import Traveller
from qunying.do.journeys.queries import get_journey_for
from qunying.do.journeys.reading import read_definition
from qunying.doors.console.do.journeys.words import TRIGGERS, book_of, lines_of, start_lines, title_of
from qunying.doors.console.people import staff_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from qunying.do.journeys.definition import Definition, Step
    from qunying.doors.console.do.journeys.words import Book


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what kind it is, and how it reads before and after."""

    icon: str
    label: str
    before: str = ""
    after: str = ""


@require_GET
@login_required
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version, the latest first."""
    staff = staff_of(request)
    journey = get_journey_for(staff, pk)
    under_way = Count("travellers", filter=Q(travellers__state=Traveller.State.UNDER_WAY))
    found = journey.versions.select_related("author", "released_by")
    rows: list[Any] = list(found.annotate(began=Count("travellers"), under_way=under_way).order_by("-number"))
    book = book_of(journey.community)
    read = [read_definition(one.definition) for one in rows]
    context: dict[str, Any] = {
        "journey": journey,
        "community": journey.community,
        "zone": ZoneInfo(journey.community.timezone),
        "rows": [
            {
                "one": one,
                "author": one.author.name if one.author else _("a playbook"),
                "began": one.began,
                "under_way": one.under_way,
                "first": place == len(rows) - 1,
                "changes": list(changes_between(read[place + 1], read[place], book)) if place + 1 < len(rows) else [],
            }
            for place, one in enumerate(rows)
        ],
    }
    return render(request, "console/journeys/versions.html", context)


def changes_between(before: Definition, after: Definition, book: Book) -> Iterator[Change]:
    """What is different, in the order of reading: the frame, then each step."""
    yield from _frame(before, after, book)
    old, new = _steps(before, book), _steps(after, book)
    for name, text in new.items():
        if name not in old:
            yield Change("plus", _("Put in:"), after=text)
        elif old[name] != text:
            yield Change("edit", _("Changed:"), old[name], text)
    for name, text in old.items():
        if name not in new:
            yield Change("trash", _("Taken away:"), before=text)
    stays = [name for name in old if name in new]
    if stays != [name for name in new if name in old]:
        yield Change("arrows-sort", _("The order of the steps is another one."))


def _frame(before: Definition, after: Definition, book: Book) -> Iterator[Change]:
    for label, tell in (
        (_("Beginning:"), _beginning),
        (
            pgettext("journey", "For whom:"),
            lambda one, book: book.asked(one.only_if) if one.only_if else _("everybody"),
        ),
        (_("Goal:"), lambda one, book: book.asked(one.goal) if one.goal else _("none")),
        (_("Ways out:"), lambda one, book: "; ".join(map(book.asked, one.exits)) or _("none")),
    ):
        old, new = tell(before, book), tell(after, book)
        if old != new:
            yield Change("edit", label, old, new)


def _whom(definition: Definition, book: Book) -> str:
    return book.asked(definition.only_if) if definition.only_if else _("everybody")


def _beginning(definition: Definition, book: Book) -> str:
    return " · ".join([str(TRIGGERS[definition.trigger.on]), *start_lines(definition, book)])


def _steps(definition: Definition, book: Book) -> dict[str, str]:
    """Each step as one line, by its id."""
    titles = {step.id: title_of(step) for step in definition.all_steps()}
    return {step.id: _told(step, titles, book) for step in definition.all_steps()}


def _told(step: Step, titles: dict[str, str], book: Book) -> str:
    words = [f"“{step.words}”"] if isinstance(step, Say | Welcome) else []
    marks = [_("Advert")] if isinstance(step, Say) and step.advert else []
    lines = lines_of(step, book)
    told = " · ".join([title_of(step, titles), *words, *marks, *lines])
    return told if not isinstance(step, Branch | Until) else f"{title_of(step, titles)} · {lines[0]}"

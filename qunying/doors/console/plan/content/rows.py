"""The list of entries: what stands in it, in what order, narrowed by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.plan.content.words import FORMS, LOOKS, SOURCES, STATES
from qunying.kit.numerals import to_id
from qunying.plan.content.models import Entry
from qunying.plan.content.queries import entries_of, themes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from qunying.plan.content.models import Theme

MINE, NOBODY = "me", "none"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the list."""

    entry: Entry
    state: str | _StrPromise
    style: str
    icon: str
    form: _StrPromise


ENTRIES: Listing[EntryRow] = Listing(
    "entries",
    gettext_lazy("Content plan"),
    (
        Column("title", pgettext_lazy("of content", "Title"), lambda row: row.entry.title, order="title", css="main"),
        Column("state", pgettext_lazy("of content", "State"), lambda row: row.state, order="state"),
        Column("theme", gettext_lazy("Theme"), lambda row: row.entry.theme or "", order="theme__name", css="on-desk"),
        Column("form", pgettext_lazy("of content", "Form"), lambda row: row.form, order="form", css="on-desk"),
        Column("owner", pgettext_lazy("goal", "Owner"), lambda row: row.entry.owner or "", order="owner__name"),
        Column("due", gettext_lazy("To be approved by"), lambda row: row.entry.due, order="due", css="on-desk"),
        Column("slot", gettext_lazy("Goes out on"), lambda row: row.entry.slot_day, order="slot_day"),
        Column("time", gettext_lazy("Time"), lambda row: row.entry.slot_time, shown=False),
        Column("source", gettext_lazy("Comes from"), lambda row: SOURCES[row.entry.source], shown=False),
    ),
    default="-slot",
)


def entry_rows(entries: Iterable[Entry]) -> list[EntryRow]:
    """The entries with the words for them."""
    return [EntryRow(one, STATES[one.state], *LOOKS[one.state], FORMS[one.form]) for one in entries]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks of the list; `state` '' is everything but what was dropped."""

    words: str = ""
    state: str = ""
    theme: int | None = None
    form: str = ""
    owner: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.state or self.theme or self.form or self.owner)


def filters_from(query: QueryDict) -> Filters:
    """The filters of an address; what is unknown is passed over."""
    state, form = query.get("state", ""), query.get("form", "")
    owner = query.get("owner", "")
    return Filters(
        words=query.get("q", "").strip()[:100],
        state=state if state in STATES else "",
        theme=to_id(query.get("theme", "")),
        form=form if form in FORMS else "",
        owner=owner if owner in {MINE, NOBODY} else "",
    )


def find_entries(community: Community, filters: Filters, staff: Staff) -> QuerySet[Entry]:
    """The entries of a community that fit."""
    found = entries_of(community)
    found = found.filter(state=filters.state) if filters.state else found.exclude(state=Entry.State.DROPPED)
    if filters.words:
        found = found.filter(Q(title__icontains=filters.words) | Q(note__icontains=filters.words))
    if filters.theme:
        found = found.filter(theme=filters.theme)
    if filters.form:
        found = found.filter(form=filters.form)
    if filters.owner:
        found = found.filter(owner=staff if filters.owner == MINE else None)
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How many entries are in a state, and whether the list shows just those."""

    value: str
    label: _StrPromise
    style: str
    icon: str
    count: int
    here: bool


def tallies(community: Community, filters: Filters) -> list[Tally]:
    """How many entries there are in each state that has any. One query."""
    rows = Entry.objects.filter(community=community).order_by().values_list("state").annotate(n=Count("pk"))
    counts = dict(rows)
    return [
        Tally(state, label, *LOOKS[state], counts[state], here=filters.state == state)
        for state, label in STATES.items()
        if counts.get(state)
    ]


def choices_in(community: Community) -> dict[str, object]:
    """What can be chosen in the filters and for many at once."""
    themes: list[Theme] = list(themes_of(community))
    return {"themes": themes, "forms": FORMS, "owners": {MINE: _("Mine"), NOBODY: _("Nobody's yet")}}

"""The list of materials: what stands in it, in what order, narrowed by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.plan.materials.words import (
    AWAY,
    EARLY,
    GOOD,
    ICONS,
    OVER,
    SOON_OVER,
    STATES,
    UNSAID,
    state_of,
)
from qunying.kit.numerals import to_id
from qunying.plan.materials.models import Material
from qunying.plan.materials.queries import below, ending, ends_on, holding, materials_in, tags_in, usable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from qunying.ground.groups.models import Community
    from qunying.plan.materials.models import Folder


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material of the list."""

    material: Material
    icon: str
    state: _StrPromise
    style: str
    sign: str
    last: date | None
    used: int


_LAST = Least(
    Coalesce("valid_until", "licence_until"),
    Coalesce("licence_until", "valid_until"),
)
MATERIALS: Listing[MaterialRow] = Listing(
    "materials",
    pgettext_lazy("menu", "Materials"),
    (
        Column("name", gettext_lazy("Name"), lambda row: row.material.name, order="name", css="main"),
        Column("kind", gettext_lazy("Kind"), lambda row: row.material.get_kind_display(), order="kind", css="on-desk"),
        Column(
            "folder", gettext_lazy("Folder"), lambda row: row.material.folder or "", order="folder__name", css="on-desk"
        ),
        Column("state", pgettext_lazy("material", "State"), lambda row: row.state),
        Column("last", gettext_lazy("Until"), lambda row: row.last, order=_LAST),
        Column("used", pgettext_lazy("material", "Used"), lambda row: row.used, order="used", css="number"),
        Column("added", gettext_lazy("Added"), lambda row: row.material.created_at, order="created_at", shown=False),
        Column("licence", gettext_lazy("Licence"), lambda row: row.material.get_licence_display(), shown=False),
        Column("source", gettext_lazy("Source"), lambda row: row.material.source, shown=False),
        Column("address", gettext_lazy("Address"), lambda row: row.material.address, shown=False),
    ),
    default="-added",
)


def material_rows(materials: Iterable[Material], today: date) -> list[MaterialRow]:
    """The materials (with `used`) with the words for them."""
    return [
        MaterialRow(one, ICONS[Material.Kind(one.kind)], *STATES[state_of(one, today)], ends_on(one), one.used)  # type: ignore[attr-defined]
        for one in materials
    ]


def today_of(community: Community) -> date:
    """The local day of the community."""
    return timezone.localdate(timezone=ZoneInfo(community.timezone))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks of the list; `state` '' is everything but what was put away."""

    words: str = ""
    kind: str = ""
    folder: int | None = None
    tag: str = ""
    state: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.kind or self.folder or self.tag or self.state)


def filters_from(query: QueryDict) -> Filters:
    """The filters of an address; what is unknown is passed over."""
    kind, state = query.get("kind", ""), query.get("state", "")
    return Filters(
        words=query.get("q", "").strip()[:100],
        kind=kind if kind in Material.Kind.values else "",
        folder=to_id(query.get("folder", "")),
        tag=query.get("tag", "").strip()[:40],
        state=state if state in STATES else "",
    )


def find_materials(
    community: Community, filters: Filters, folders: list[tuple[Folder, int]], today: date
) -> QuerySet[Material]:
    """The materials that can be used in a community and fit; a folder holds what lies in those inside it, too."""
    found = _in_state(community, filters.state, today)
    if filters.words:
        found = holding(found, filters.words)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.folder:
        found = found.filter(folder__in=below(folders, filters.folder))
    if filters.tag:
        found = found.filter(tags__name=filters.tag)
    return found


def _in_state(community: Community, state: str, today: date) -> QuerySet[Material]:
    everything = materials_in(community)
    inside = everything.filter(archived_at=None)
    if state == AWAY:
        return everything.exclude(archived_at=None)
    if state == UNSAID:
        return inside.filter(licence="")
    if state == EARLY:
        return inside.filter(valid_from__gt=today)
    if state in {SOON_OVER, OVER}:
        over = ending(inside, today=today)
        still = usable(community, on=today).values("pk")
        return over.filter(pk__in=still) if state == SOON_OVER else _over(inside, today)
    return usable(community, on=today) if state == GOOD else inside


def _over(inside: QuerySet[Material], today: date) -> QuerySet[Material]:
    return inside.filter(valid_until__lt=today) | inside.filter(licence_until__lt=today)


def choices_in(community: Community, folders: list[tuple[Folder, int]]) -> dict[str, object]:
    """What can be chosen in the filters."""
    return {
        "kinds": Material.Kind.choices,
        "folders": [(one, "\u2003" * depth) for one, depth in folders],
        "tags": tags_in(community),
        "states": [(name, words) for name, (words, _style, _icon) in STATES.items()],
    }

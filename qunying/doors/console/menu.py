"""The left menu: a small registry to which each area adds its own entries.

An area writes `menu.py` beside its `urls.py`; the console imports every such file when it starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.ground.access.queries import permissions_anywhere

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from qunying.ground.access.models import Staff
    from qunying.ground.access.roles import Permission


class Section(StrEnum):
    """The parts of the menu, in their order: today, the loop, the ground in three parts."""

    TODAY = "today"
    PLAN = "plan"
    DO = "do"
    CHECK = "check"
    ACT = "act"
    GROUND = "ground"
    TEAM = "team"
    SYSTEM = "system"


SECTIONS: dict[Section, _StrPromise] = {
    Section.TODAY: _("Today"),
    Section.PLAN: pgettext_lazy("stage", "Plan"),
    Section.DO: pgettext_lazy("stage", "Do"),
    Section.CHECK: pgettext_lazy("stage", "Check"),
    Section.ACT: pgettext_lazy("stage", "Act"),
    Section.GROUND: pgettext_lazy("menu", "Communities and members"),
    Section.TEAM: pgettext_lazy("menu", "Team"),
    Section.SYSTEM: pgettext_lazy("menu", "Data and system"),
}


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu.

    `url` names the page without a community, `community_url` the page of one community (its only
    argument is `slug`); with a community open the second is used where there is one. An entry that has
    only the second leads, with none open, to the communities, to choose one there. `permission`
    None shows the entry to everyone signed in. `order` sorts within the section. `keeps` names
    parameters of the query that are carried along between pages that keep them.
    """

    name: str
    label: _StrPromise
    icon: str
    section: Section
    permission: Permission | None = None
    url: str = ""
    community_url: str = ""
    order: int = 50
    keeps: tuple[str, ...] = ()

    def address(self, slug: str) -> str:
        """Where the entry leads with this community open (or none: ''); empty if nowhere."""
        try:
            if slug and self.community_url:
                return reverse(self.community_url, kwargs={"slug": slug})
            return reverse(self.url) if self.url else f"{reverse('communities')}?{urlencode({'to': self.name})}"
        except NoReverseMatch:
            return ""


_entries: dict[str, MenuEntry] = {}


def register_entry(entry: MenuEntry) -> None:
    """Add a line to the menu; the same name again replaces it."""
    _entries[entry.name] = entry


def page_in(name: str, slug: str) -> str:
    """Where the entry of this name leads in this community; empty for a name that leads into none."""
    entry = _entries.get(name)
    return entry.address(slug) if entry and entry.community_url else ""


def find_menus() -> None:
    """Import the `menu` module of every area below the console."""
    package = import_module("qunying.doors.console")
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.endswith(".menu") and found.name != __name__:
            import_module(found.name)


def permissions_of(staff: Staff) -> frozenset[Permission]:
    """Everything this person may do in at least one unit; one query."""
    return permissions_anywhere(staff)


def menu_for(held: Collection[Permission], *, slug: str, path: str, query: QueryDict) -> list[dict[str, object]]:
    """Sections with their entries as one person sees them; the entry of this page is marked."""
    lines = sorted(_entries.values(), key=lambda entry: (entry.order, entry.name))
    shown = [
        (entry, address)
        for entry in lines
        if (entry.permission is None or entry.permission in held) and (address := entry.address(slug))
    ]
    here = max((address for _entry, address in shown if _stands_under(path, address)), key=len, default="")
    keeping = any(entry.keeps and address == here for entry, address in shown)
    return [
        {"label": label, "name": section.value, "entries": entries}
        for section, label in SECTIONS.items()
        if (
            entries := [
                {"entry": entry, "address": address + (_kept(entry, query) if keeping else ""), "here": address == here}
                for entry, address in shown
                if entry.section is section
            ]
        )
    ]


def _stands_under(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address))


def _kept(entry: MenuEntry, query: QueryDict) -> str:
    pairs = [(name, value) for name in entry.keeps for value in query.getlist(name) if value]
    return f"?{urlencode(pairs)}" if pairs else ""

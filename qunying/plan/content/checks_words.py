"""What the word lists find in a version, and what the community has said much the same lately."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.kit import formats
from qunying.plan.compliance.checking import check_text, duplicates_of
from qunying.plan.content.checks import WARN, Found, register_check
from qunying.plan.content.models import Entry, Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.plan.compliance.checking import Finding

LATELY = timedelta(days=180)
"""How far back the same words are looked for."""


def register_words() -> None:
    """Have these checks look at what is handed in."""
    register_check("words", label=gettext_lazy("Words on a list"), find=find_listed)
    register_check("sameness", label=gettext_lazy("Said before"), find=find_twins)


def find_listed(version: Version) -> Iterator[Found]:
    """Words of the lists that hold in the community, in the title and in the words."""
    community = version.entry.community
    for one in check_text(version.title, community=community):
        yield _found(one, None, None)
    for one in check_text(version.words, community=community):
        yield _found(one, one.start, one.end)


def _found(one: Finding, start: int | None, end: int | None) -> Found:
    reason = _("%(reason)s Write “%(instead)s”.") % {"reason": one.reason, "instead": one.instead}
    return Found("words", one.label, start, end, one.excerpt, reason if one.instead else one.reason, one.severity)


def find_twins(version: Version) -> Iterator[Found]:
    """Entries of the community's last 180 days that say much the same, the likest first."""
    lately = Version.objects.filter(
        number=F("entry__version"), entry__community=version.entry.community_id, at__gte=timezone.now() - LATELY
    )
    others = lately.exclude(entry=version.entry_id).exclude(entry__state=Entry.State.DROPPED).select_related("entry")
    known, zone = {one.pk: one for one in others}, ZoneInfo(version.entry.community.timezone)
    for twin in duplicates_of(version.words, against=[(pk, one.words) for pk, one in known.items()]):
        other = known[twin.key]
        reason = _("%(share)d %% the same as “%(title)s” of %(day)s. Say it in another way, or leave it.") % {
            "share": round(100 * twin.likeness),
            "title": other.title,
            "day": formats.day(other.at.astimezone(zone).date(), weekday=False),
        }
        yield Found("sameness", _("Said before"), None, None, other.title, reason, WARN)

"""Tags and filters for pages about people, units and what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.templatetags.tz import do_timezone

from qunying.doors.console.ground.system.names import fact_words, follower_words
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import role_label
from qunying.ground.audit.verbs import audited_verbs

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from django.utils.functional import _StrPromise

    from qunying.ground.access.models import Grant, Staff

register = template.Library()


@register.filter
def role_name(grant: Grant) -> str | _StrPromise:
    """The role of a grant in words; its own name where the house no longer knows it."""
    return role_label(grant)


@register.filter
def verb_words(verb: str) -> str | _StrPromise:
    """What an audited verb means; its own name where the house no longer knows it."""
    return audited_verbs().get(verb, verb)


register.filter("follower_words", follower_words)
register.filter("fact_words", fact_words)


@register.filter
def in_zone(value: datetime, zone: ZoneInfo | str) -> datetime:
    """The same instant as the clocks of this zone (or of the one so named) show it, for any filter that follows."""
    # Django's own filter, for a plain datetime would be brought back to the zone of the server by `date`.
    local: datetime = do_timezone(value, zone)
    return local


@register.filter
def in_zone_of(value: datetime, staff: Staff) -> datetime:
    """The same instant as the clocks of this person's pages show it."""
    return in_zone(value, zone_of(staff))

"""接龙, the sign-up list of a WeChat group: `#接龙`, a title, and numbered lines `1. name what`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from qunying.connectors.files._chat import (
    DATE,
    LONGEST_NAME,
    LONGEST_OBJECT,
    SHOWN,
    TIMEZONE,
    Ticks,
    checked,
    first_day,
    named,
)
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import Importer, Option, Rejection, register_importer
from qunying.kit.encodings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_START = re.compile(r"\s*\ufeff?#?\s*接龙[:：]?\s*(.*)")
_ENTRY = re.compile(r"\s*(\d{1,4})\s*[.、．)）]\s*(\S.*)")
_NAME = re.compile(r"([^\s:：,，+＋]+)[\s:：,，+＋]*(.*)")
_CHECK_INS = ("打卡", "签到")
_KINDS = {"signed_up", "checked_in"}


def sniff(source: Source) -> float:
    """Sure where the first line is #接龙."""
    first = next((line for line in source.first_lines if line.strip()), "") if source.shape == "text" else ""
    return 1.0 if first.lstrip(" \ufeff").startswith(("#接龙", "接龙")) else 0.0


def read(source: Source, context: Context) -> Iterator[Item]:
    """One `signed_up` an entry, or `checked_in` where the title speaks of 打卡 or 签到.

    A longer copy of the same list adds what is new. The text holds no times: all of it happened on the day
    of the option “date” or of the file's name.
    """
    local = datetime.combine(first_day(source, context), datetime.min.time())
    ticks, title = Ticks(context, context.zone()), ""
    entries = 0
    for number, line in enumerate(source.lines(), 1):
        if begins := _START.fullmatch(line):
            title, entries = begins[1].strip(), 0
        elif entry := _ENTRY.fullmatch(line):
            entries += 1
            yield _entry(number, entry[2], title, local, ticks, context)
        elif not entries and not title and line.strip():
            title = line.strip()
        elif entries and line.strip():
            yield Rejection(number, "not_a_line", value=shown(line)[:SHOWN])


def _entry(  # noqa: PLR0913, PLR0917 - a line and where it stands
    number: int, text: str, title: str, local: datetime, ticks: Ticks, context: Context
) -> Item:
    try:
        at = ticks.at(local)
    except ValueError:
        return Rejection(number, "absurd_time", "date", local.date().isoformat())
    found = _NAME.fullmatch(text.strip())
    if found is None:
        return Rejection(number, "no_sender", value=shown(text)[:SHOWN])
    who = named("wechat", found[1][:LONGEST_NAME])
    if refused := checked(number, who, text):
        return refused
    asked = context.options.get("kind", "")
    kind = asked if asked in _KINDS else "checked_in" if any(word in title for word in _CHECK_INS) else "signed_up"
    # The same list is copied again and again while it grows; a check-in has a list of its own each day.
    day = local.date().isoformat() if kind == "checked_in" else ""
    what = (context.group_id or 0, kind, day, shown(title), found[1], found[2])
    return Fact(
        kind,
        at,
        (*what, context.repeats.seen(*what)),
        who=who,
        group_id=context.group_id,
        object_type="list",
        object_id=shown(title)[:LONGEST_OBJECT],
        text=found[2],
    )


register_importer(
    Importer(
        name="jielong",
        label=_("Sign-up list (接龙)"),
        looks=_("“#接龙”, a title, and numbered lines such as “1. name two people”"),
        platform="wechat",
        options=(TIMEZONE, DATE, Option("kind", _("signed_up or checked_in; otherwise the title decides."))),
        sniff=sniff,
        read=read,
        where=_("WeChat: hold the list in the group, copy, paste into a text file."),
    )
)

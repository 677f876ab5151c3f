"""Slack channels as XML: <slack> with <message conversation_id="…"><ts/><user/><text/></message>."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.connectors.files._people import LONGEST_ID
from qunying.ground.events.facts import Fact
from qunying.ground.imports.importers import Importer, Option, Rejection, register_importer
from qunying.ground.members.services import Who
from qunying.kit.errors import QunyingError
from qunying.kit.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element
    from zoneinfo import ZoneInfo

    from qunying.ground.imports.context import Context
    from qunying.ground.imports.importers import Item
    from qunying.ground.imports.sources import Source

_CHANNEL = "channel_name"


def sniff(source: Source) -> float:
    """Sure where the first element is <slack>."""
    return 1.0 if source.shape == "xml" and b"<slack" in source.head[:2048] else 0.0


def read(source: Source, context: Context) -> Iterator[Item]:
    """One `spoke` a message; its number is its row. Within a channel, time and user together name a message.

    The group is the one chosen for the run, else the channel. Files with a DTD are refused.
    """
    number, channel, zone = 0, "", context.zone("UTC")
    try:
        for _event, element in iterparse(source.binary(), events=("end",), forbid_dtd=True):
            if element.tag == _CHANNEL:
                channel = element.text or ""
            elif element.tag == "message":
                number += 1
                yield _message(number, element, zone, context, channel)
                element.clear()
            elif element.tag == "slack":
                element.clear()
    except DefusedXmlException as error:
        raise QunyingError(
            _("“%(name)s” carries a DTD or entities of its own and is refused. Export it without.")
            % {"name": source.name}
        ) from error
    except ParseError as error:
        yield Rejection(number + 1, "bad_xml", value=str(error))


def _message(number: int, element: Element, zone: ZoneInfo, context: Context, channel: str) -> Item:
    written, user = (element.findtext(tag, "").strip() for tag in ("ts", "user"))
    if not written or not user:
        return Rejection(number, "bad_message", "user" if written else "ts")
    if len(user) > LONGEST_ID:
        return Rejection(number, "too_long", "user", user[:LONGEST_ID], {"most": LONGEST_ID})
    try:
        at = parse_time(written, zone)
    except (ValueError, OverflowError):
        return Rejection(number, "bad_time", "ts", written)
    if not context.possible(at):
        return Rejection(number, "absurd_time", "ts", written)
    group_id = context.group(channel, platform="slack")
    # A few exports split one message into several <text> elements.
    text = "\n".join(part.text or "" for part in element.findall("text"))
    conversation = element.get("conversation_id", "")
    payload = {"topic": conversation} if conversation else {}
    return Fact(
        "spoke",
        at,
        (group_id or 0, written, user),
        who=Who("slack", user, user),
        group_id=group_id,
        payload=payload,
        text=text,
    )


register_importer(
    Importer(
        name="slack",
        label=gettext_lazy("Slack channel"),
        looks=gettext_lazy("XML that begins with <slack> and holds <message> elements with ts, user and text"),
        platform="slack",
        options=(Option("timezone", gettext_lazy("Time zone of the times in the file."), "UTC"),),
        sniff=sniff,
        read=read,
    )
)

"""The XML that WeCom and WeChat send, as plain texts by name; no DTD, no entities, bounded in depth and number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

_MOST_FIELDS = 200
_MOST_ITEMS = 5_000


class LetterError(Exception):
    """What came is no XML of the platform's."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Texts of the fields by name ('' for one that is not there), and the items of lists by the list's name."""

    fields: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """The text of a field."""
        return self.fields.get(name, "")

    def items(self, name: str) -> tuple[str, ...]:
        """The items of a list."""
        return self.lists.get(name, ())

    @property
    def at(self) -> datetime:
        """When it happened, to the second; now, where it claims a time that cannot be."""
        now, told = timezone.now(), self["CreateTime"]
        if not told.isascii() or not told.isdecimal() or not 0 < int(told) <= now.timestamp() + 3600:
            return now
        return datetime.fromtimestamp(int(told), UTC)


def read_letter(body: bytes) -> Letter:
    """What an XML body says; raises LetterError for anything but one flat `<xml>` with lists of items in it."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise LetterError("no XML") from None
    if root.tag != "xml" or len(root) > _MOST_FIELDS:
        raise LetterError("no letter")
    fields = {child.tag: _tidy(child.text) for child in root if len(child) == 0}
    lists = {child.tag: _items(child) for child in root if len(child)}
    return Letter(fields, lists)


def _items(parent: Element) -> tuple[str, ...]:
    if len(parent) > _MOST_ITEMS:
        raise LetterError("too many items")
    return tuple(text for child in parent if (text := _tidy(child.text)))


def _tidy(text: str | None) -> str:
    return (text or "").strip()

"""What a search for a person looks for: texts that can only mean them, and every form these take in storage."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import md5, sha1, sha256
from typing import TYPE_CHECKING

from django.db.models.functions import Length

from qunying.ground.access.models import Staff
from qunying.ground.events.models import Message
from qunying.ground.groups.models import Community, Group
from qunying.ground.members.models import Identity, Member, PrivateField, Tag
from qunying.ground.members.sealing import open_field
from qunying.ground.merges.queries import family_of
from qunying.ground.subjects.holdings import all_holdings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BAR = "▇▇"
"""What stands where a needle was: as short as the shortest of them, so that it fits everywhere."""
_SHORTEST_ACCOUNT = 5
_SHORTEST_NAME = 2
_SHORTEST_LATIN = 4
_SHORTEST_WORDS = 12
_LONGEST_WORDS = 400
_MOST_WORDS = 25
_FIELDS = ("phone", "email", "real_name", "address")


class Sort(StrEnum):
    """Where a needle comes from; names are no needle where other people's words are kept for everyone."""

    ACCOUNT = "account"
    PRIVATE = "private"
    NAME = "name"
    WORDS = "words"


@dataclass(frozen=True)
class Needle:
    """One text to look for.

    An account number must stand alone: `wxid_abc1` is not found in `wxid_abc12`. A telephone number may
    have its prefix before it. Hashes are those anyone could make: without a key.
    """

    text: str
    sort: Sort

    @cached_property
    def forms(self) -> list[str]:
        """The text as it is, as JSON escapes it, and its unkeyed hashes in hexadecimal."""
        found = [self.text, json.dumps(self.text)[1:-1], json.dumps(self.text, ensure_ascii=False)[1:-1]]
        if self.sort in {Sort.ACCOUNT, Sort.PRIVATE}:
            raw = self.text.encode()
            # These are looked for, not relied on.
            found += [kind(raw, usedforsecurity=False).hexdigest() for kind in (md5, sha1, sha256)]
        return list(dict.fromkeys(found))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds any form in text."""
        return re.compile("|".join(self._bounded(re.escape(form), form) for form in self.forms))

    @cached_property
    def in_bytes(self) -> re.Pattern[bytes]:
        """Finds any form in bytes: UTF-8, the Chinese national encoding, both kinds of UTF-16."""
        coded = {
            self._bounded_bytes(re.escape(form.encode(coding)), form, coding)
            for form in self.forms
            for coding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
        }
        return re.compile(b"|".join(sorted(coded)))

    def _bounded(self, escaped: str, form: str) -> str:
        if self.sort is not Sort.ACCOUNT:
            return escaped
        before = "(?<![A-Za-z0-9_])" if _is_word(form[0]) else ""
        after = "(?![A-Za-z0-9_])" if _is_word(form[-1]) else ""
        return f"{before}{escaped}{after}"

    def _bounded_bytes(self, escaped: bytes, form: str, coding: str) -> bytes:
        if self.sort is not Sort.ACCOUNT or coding.startswith("utf-16"):
            return escaped
        before = b"(?<![A-Za-z0-9_])" if _is_word(form[0]) else b""
        after = b"(?![A-Za-z0-9_])" if _is_word(form[-1]) else b""
        return before + escaped + after


def _is_word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")


def gather_needles(member: Member) -> list[Needle]:
    """Everything by which this person could be found again, before it is erased.

    Left out is what cannot tell them from others: account numbers of fewer than five signs, names of one
    character or borne by somebody else, words that others said too.
    """
    accounts, family = list(member.identities.all()), family_of(member)
    numbers = [number for row in accounts for number in (row.external_id, row.union_id)]
    found = [Needle(number, Sort.ACCOUNT) for number in numbers if len(number) >= _SHORTEST_ACCOUNT]
    for row in PrivateField.objects.filter(member__in=family, name__in=_FIELDS):
        plain = open_field(row)
        if len(plain) >= _SHORTEST_NAME:
            found.append(Needle(plain, Sort.PRIVATE))
    holdings = all_holdings()
    reached = {text for one in holdings for text in one.reached(member) if len(text) >= _SHORTEST_ACCOUNT}
    found += [Needle(text, Sort.PRIVATE) for text in sorted(reached)]
    merged = Member.objects.filter(pk__in=family).values_list("display_name", flat=True)
    names = {member.display_name, *(row.display_name for row in accounts), *merged}
    names |= {name for one in holdings for name in one.called(member)}
    found += [Needle(name, Sort.NAME) for name in sorted(names) if _tells_apart(name, family)]
    return list(dict.fromkeys([*found, *_words(member)]))


def _tells_apart(name: str, family: list[int]) -> bool:
    if len(name) < (_SHORTEST_LATIN if name.isascii() else _SHORTEST_NAME):
        return False
    others = (
        Member.objects.exclude(pk__in=family).filter(display_name=name),
        Identity.objects.exclude(member__in=family).filter(display_name=name),
        Staff.objects.filter(name=name),
        Tag.objects.filter(name=name),
        Group.objects.filter(name=name),
        Community.objects.filter(name=name),
    )
    return not any(rows.exists() for rows in others)


def _words(member: Member) -> Iterator[Needle]:
    """Their longest messages that nobody else sent."""
    long = Message.objects.annotate(size=Length("text")).filter(size__gte=_SHORTEST_WORDS, size__lte=_LONGEST_WORDS)
    theirs = long.filter(event__identity__member=member).order_by("-size")
    texts = list(dict.fromkeys(theirs.values_list("text", flat=True)[: 2 * _MOST_WORDS]))
    shared = set(
        Message.objects.filter(text__in=texts).exclude(event__identity__member=member).values_list("text", flat=True)
    )
    yield from [Needle(text, Sort.WORDS) for text in texts if text not in shared][:_MOST_WORDS]


def needles_of(texts: Iterable[str]) -> list[Needle]:
    """Needles for texts somebody typed: digits and addresses as private values, the rest as accounts."""
    return [
        Needle(text, Sort.PRIVATE if text.lstrip("+").isdigit() or "@" in text else Sort.ACCOUNT)
        for text in dict.fromkeys(text.strip() for text in texts)
        if len(text) >= _SHORTEST_NAME
    ]


def needles_as_json(needles: Iterable[Needle]) -> str:
    """For a checkpoint, which encrypts it."""
    return json.dumps([[needle.text, needle.sort] for needle in needles], ensure_ascii=False)


def needles_from_json(text: str) -> list[Needle]:
    """What `needles_as_json` wrote."""
    return [Needle(plain, Sort(sort)) for plain, sort in json.loads(text)]


def covered(text: str, needles: Iterable[Needle]) -> str:
    """The text with a bar over every needle."""
    for needle in needles:
        text = needle.pattern.sub(BAR, text)
    return text

"""What a worker says and a person reads: kept in every language of the house, said in the reader's.

    raise RefusedError(filled(_("The group “%(name)s” is full."), name=group.name))   # with gettext_lazy as _
    why = SpokenField(longest=300)

Plain text, such as a person typed it, is kept and said as it stands.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self, cast

from django.conf import settings
from django.db import models
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, override

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    _Text = models.TextField[str | _StrPromise, str]
else:
    _Text = models.TextField

LONGEST = 300
_MARK = '{"'
"""Kept text that begins like this is several languages; plain text that happens to is kept as if it were one."""


class Spoken(str):
    """Text in the language of whoever it was read for, which knows the others (`said`)."""

    __slots__ = ("said",)
    said: Mapping[str, str]

    def __new__(cls, said: Mapping[str, str]) -> Self:
        """The text in the language of this moment, else in that of the house, else in any."""
        code = get_language() or settings.LANGUAGE_CODE
        own = super().__new__(cls, said.get(code) or said.get(settings.LANGUAGE_CODE) or next(iter(said.values()), ""))
        own.said = said
        return own


def filled(words: str | _StrPromise, **parts: object) -> _StrPromise:
    """Lazy words with these parts filled in (%(name)s), each time in the language they are said in."""
    return cast("_StrPromise", lazy(lambda: str(words) % parts, str)())


def in_every_language(words: str | _StrPromise) -> dict[str, str]:
    """The text by the code of each language of the house."""
    found: dict[str, str] = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            found[code] = str(words)
    return found


def kept(words: str | _StrPromise, *, longest: int = LONGEST) -> str:
    """The text as a column holds it: plain, or a JSON object of languages, each cut off at `longest` characters."""
    if isinstance(words, Promise):
        said: Mapping[str, str] = in_every_language(words)
    elif isinstance(words, Spoken):
        said = words.said
    elif words.startswith(_MARK):
        said = {"": words}
    else:
        return words[:longest]
    cut = {code: one[:longest] for code, one in said.items()}
    return json.dumps(cut, ensure_ascii=False) if any(cut.values()) else ""


_EMPTY: dict[str, Any] = {"blank": True, "default": ""}


class SpokenField(_Text):
    """Holds lazy words in every language, each cut off at `longest` characters; gives them back as `Spoken`.

    What is asked for by equality is asked as plain text: only '' finds anything for certain.
    """

    def __init__(self, *, longest: int = LONGEST, **more: Any) -> None:
        self.longest = longest
        super().__init__(**_EMPTY | more)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As a migration writes it."""
        name, path, args, more = super().deconstruct()
        return name, path, args, more | {"longest": self.longest}

    def get_prep_value(self, value: Any) -> Any:
        """As it is kept."""
        said = isinstance(value, (str, Promise))
        return kept(value, longest=self.longest) if said else super().get_prep_value(value)

    def from_db_value(self, value: Any, *_more: Any) -> Any:
        """As it is said: in the reader's language where several are kept."""
        if isinstance(value, str) and value.startswith(_MARK):
            try:
                said = json.loads(value)
            except ValueError:
                return value
            return Spoken(said)
        return value

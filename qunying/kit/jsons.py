"""JSON files of any size, one value at a time."""

from __future__ import annotations

import json
import re
from typing import IO, TYPE_CHECKING, Any

from qunying.kit.limits import MOST_JSON_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 256 * 1024
_LOOK_AHEAD = 64
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


_decode = json.JSONDecoder(parse_constant=_refuse).raw_decode


def json_values(text: IO[str], *, arrays: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The values of one JSON document with their paths, in the order of the file, in memory that stays flat.

    Arrays at the paths `arrays` (“messages”, “chats.list.messages”, “” for the document itself) come element
    by element, and objects on the way to them key by key; everything else comes whole. Raises ValueError where
    the text stops being JSON, or where one value is longer than MOST_JSON_VALUE.
    """
    reader = _Reader(text)
    yield from _walk(reader, "", arrays)
    if reader.peek():
        raise ValueError(reader.near())


def _walk(reader: _Reader, path: str, arrays: tuple[str, ...], *, within: bool = False) -> Iterator[tuple[str, Any]]:
    mark = reader.peek()
    if mark == "[" and path in arrays and not within:
        for _place in reader.members("[", "]"):
            yield from _walk(reader, path, arrays, within=True)
    elif mark == "{" and _leads(path, arrays) and (path or not within):
        for _place in reader.members("{", "}"):
            name = reader.value()
            if not isinstance(name, str):
                raise ValueError(reader.near())  # noqa: TRY004 - what stands in a file has no type to blame
            reader.take(":")
            yield from _walk(reader, f"{path}.{name}" if path else name, arrays)
    else:
        yield path, reader.value()


def _leads(path: str, arrays: tuple[str, ...]) -> bool:
    """Whether one of the arrays lies further down this path."""
    start = f"{path}." if path else ""
    return any(array.startswith(start) and array != path for array in arrays)


class _Reader:
    """The text behind a window that moves; raises ValueError where something else stands than was asked for."""

    def __init__(self, text: IO[str]) -> None:
        self.text = text
        self.window, self.at = "", 0

    def more(self) -> bool:
        """Widen the window; whether there was anything left."""
        block = self.text.read(_BLOCK)
        self.window, self.at = self.window[self.at :] + block, 0
        return bool(block)

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            found = _SPACE.match(self.window, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.window):
                return self.window[self.at]
            if not self.more():
                return ""

    def take(self, mark: str) -> None:
        """Pass over this character."""
        if self.peek() != mark:
            raise ValueError(self.near())
        self.at += 1

    def members(self, first: str, last: str) -> Iterator[int]:
        """Stand before each member of an array or object in turn; what asks must read it."""
        self.take(first)
        if self.peek() != last:
            place = 0
            yield place
            while self.peek() == ",":
                self.at += 1
                place += 1
                yield place
        self.take(last)

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        while len(self.window) - self.at < _LOOK_AHEAD and self.more():
            pass  # so that no number is cut
        while True:
            try:
                value, self.at = _decode(self.window, self.at)
            except RecursionError:
                raise ValueError(self.near()) from None
            except ValueError:
                if len(self.window) - self.at > MOST_JSON_VALUE or not self.more():
                    raise
            else:
                return value

    def near(self) -> str:
        """What stands here, for an error."""
        return self.window[self.at : self.at + 40]

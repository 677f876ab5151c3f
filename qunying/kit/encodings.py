"""Which encoding a text file is in: UTF-8, with or without a mark, UTF-16 with one, or GB18030."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 256 * 1024
_TOLERATED = 0.1
_ESCAPED = re.compile("[\udc80-\udcff]")
_BROKEN = re.compile("[\x00\ud800-\udfff]")


def detect_encoding(blocks: Iterable[bytes]) -> str:
    """The name of the codec for a file read in these blocks, from its first byte on.

    Plain ASCII says nothing, so blocks are taken until one holds something else; a file that is ASCII
    throughout is UTF-8. UTF-8 with a few broken bytes stays UTF-8: text in GB18030 breaks nearly everywhere.
    """
    first = True
    for block in blocks:
        if first and (marked := _marked(block)):
            return marked
        first = False
        if not block.isascii():
            return _judge(block[:_SAMPLE] if len(block) > _SAMPLE else block)
    return "utf-8"


def _marked(block: bytes) -> str | None:
    return next((name for mark, name in _MARKS if block.startswith(mark)), None)


def _judge(block: bytes) -> str:
    start = max(next(place for place, byte in enumerate(block) if byte > 0x7F) - 1, 0)  # noqa: PLR2004 - end of ASCII
    sample = block[start:]
    if _share_broken(sample, "utf-8") <= _TOLERATED:
        return "utf-8"
    return "gb18030" if _share_broken(sample, "gb18030") <= _TOLERATED else "utf-8"


def _share_broken(sample: bytes, encoding: str) -> float:
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample, final=False)
    foreign = sum(1 for letter in text if not letter.isascii())
    return text.count("\ufffd") / foreign if foreign else 0.0


def is_broken(text: str) -> bool:
    """Whether text holds what no database keeps: bytes that were none of its encoding, halves of letters, NUL."""
    return "\x00" in text if text.isascii() else _BROKEN.search(text) is not None


def shown(text: str) -> str:
    r"""Such text with its broken bytes written as \\xNN, fit to be stored and read."""
    return _BROKEN.sub("\ufffd", _ESCAPED.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", text))

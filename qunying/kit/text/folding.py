"""One spelling for what reads the same: full width, case, traditional characters, look-alikes, what is strewn in.

`fold` is one `str.translate` over one table, made once a process. `origins` leads places in a folded text back
to the text as it was written.
"""

from __future__ import annotations

from functools import cache
from unicodedata import category, normalize

MARKS = frozenset(",;:!?。、\n\r\v\f\x85\u2028\u2029")
"""Where a sentence or a line may end (full width is folded to these): they stay, and no word is found across them.

A dot between two characters is strewn in as often as it ends a sentence, and goes like the rest.
"""

_STREWN = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So"})
_BLANK = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters by name that nobody can see."""
_ALIKE = {
    **dict(zip("аеорсухіѕјһԁвкмнт", "aeopcyxisjhdbkmht", strict=True)),  # Cyrillic
    **dict(zip("αοντυκιεχρ", "aovtukiexp", strict=True)),  # Greek
    **dict(zip("ɡɑıƅ", "gaib", strict=True)),  # phonetic and Turkish
}
_EUROPEAN = (range(0x530), range(0x1E00, 0x2000))
_HAN = (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x2FA20))
_PLAIN = (range(0x3400, 0xA000), range(0xAC00, 0xD7A4), range(0x20000, 0x32400))
"""Han and Hangul: letters that are themselves unless they have a simplified form."""
_ASSIGNED = (range(0x32400), range(0xE0000, 0xE0200))
"""Between these no character has been assigned; what may come there is dropped."""


def fold(text: str) -> str:
    """The text in the one spelling that words are looked for in; folding it again changes nothing."""
    return text.translate(folding_table())


def origins(text: str) -> list[int]:
    """For every character of the folded text, the place in `text` of the character it comes from."""
    table = folding_table()
    places: list[int] = []
    for place, char in enumerate(text):
        folded = table[ord(char)] if ord(char) < len(table) else ord(char)
        if folded is not None:
            places.extend([place] * (len(folded) if isinstance(folded, str) else 1))
    return places


@cache
def folding_table() -> list[int | str | None]:
    """Code of a character → what it is folded to, None for what is dropped; made in half a second, once a process.

    A list is read half again as fast as a dictionary, and a character that did not stand in it would cost an
    exception each time.
    """
    simple = _simplified()
    table: list[int | str | None] = [None] * _ASSIGNED[-1].stop
    for code in (code for block in _ASSIGNED for code in block if not any(code in plain for plain in _PLAIN)):
        table[code] = _folded(chr(code), simple)
    for code in (code for block in _PLAIN for code in block):
        table[code] = ord(simple.get(chr(code), chr(code)))
    return table


def _simplified() -> dict[str, str]:
    """Traditional character → simplified one, for all that differ."""
    from opencc import OpenCC  # noqa: PLC0415 - half a hundred megabytes that only screening needs

    compatible = {chr(code): normalize("NFKC", chr(code)) for plane in _HAN for code in plane}
    easy = OpenCC("t2s").convert("\n".join(compatible.values())).split("\n")
    pairs = zip(compatible, easy, strict=True)
    return {char: one for char, one in pairs if char != one and len(one) == 1}


def _folded(char: str, simple: dict[str, str]) -> int | str | None:
    if char in MARKS:
        return ord(char)
    folded = "".join(_plain(one, simple) for one in normalize("NFKC", char).casefold())
    if not folded:
        return None
    return ord(folded) if len(folded) == 1 else folded


def _plain(char: str, simple: dict[str, str]) -> str:
    if any(ord(char) in plane for plane in _EUROPEAN):
        char = normalize("NFKD", char)[0]
    char = _ALIKE.get(char, char)
    if char in MARKS:
        return char
    return "" if char in _BLANK or category(char) in _STREWN or char.isspace() else simple.get(char, char)

"""What a call takes and gives, written in one line: `userid!s64 cursor?s limit?i100`.

A field is a name, `!` (needed) or `?` (may be missing), its type (s text, i whole number, f number, b yes or no,
l list, o object), and at most how much: letters of a text, the value of a number, the length of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FIELD = re.compile(r"([A-Za-z0-9_]+)([!?])([sifblo])([0-9]*)")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "s": (str,),
    "i": (int,),
    "f": (int, float),
    "b": (bool,),
    "l": (list,),
    "o": (dict,),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a call or an answer; `most` is None where the platform names no bound."""

    name: str
    needed: bool
    kind: str
    most: int | None

    def faults(self, value: Any) -> Iterator[str]:
        """What is wrong with a value, as short words for tests and logs."""
        counts = self.kind in "if"
        fits = isinstance(value, _TYPES[self.kind]) and not (counts and isinstance(value, bool))
        if not fits:
            yield f"{self.name} is no {self.kind}"
        elif self.most is not None and (value if counts else len(value)) > self.most:
            yield f"{self.name} is over {self.most}"


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a call or of an answer, by name."""

    fields: Mapping[str, Field]

    def faults(self, given: Mapping[str, Any], *, strict: bool) -> list[str]:
        """What is wrong with an object; `strict` also refuses fields nobody spoke of. Empty: it fits."""
        found = [f"{name} is missing" for name, one in self.fields.items() if one.needed and name not in given]
        found += [
            fault for name, value in given.items() if name in self.fields for fault in self.fields[name].faults(value)
        ]
        return found + [f"{name} is unknown" for name in given if strict and name not in self.fields]


def shape(line: str) -> Shape:
    """The shape that a line writes down; raises ValueError for a line that is none."""
    fields = {}
    for word in line.split():
        matched = _FIELD.fullmatch(word)
        if matched is None:
            raise ValueError(f"no field: {word}")
        name, mark, kind, most = matched.groups()
        fields[name] = Field(name, mark == "!", kind, int(most) if most else None)
    return Shape(fields)

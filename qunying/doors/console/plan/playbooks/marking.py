"""A text with its faults under the lines they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qunying.plan.playbooks.yaml_text import Fault

_AROUND = 2


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of the text, numbered from 1, with its faults; `gap` says that lines before it are not shown."""

    number: int
    text: str
    faults: list[Fault]
    gap: bool


def marked_lines(text: str, faults: list[Fault]) -> list[MarkedLine]:
    """The lines with faults and two on either side of each."""
    lines = text.split("\n")
    at: dict[int, list[Fault]] = {}
    for fault in faults:
        at.setdefault(min(max(fault.line, 1), len(lines)), []).append(fault)
    near = sorted(
        {line for fault in at for line in range(fault - _AROUND, fault + _AROUND + 1) if 1 <= line <= len(lines)}
    )
    return [
        MarkedLine(number, lines[number - 1], at.get(number, []), number - 1 not in near and number != 1)
        for number in near
    ]

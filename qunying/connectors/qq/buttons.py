"""Buttons below a message: what they are written as, what QQ is given, what a press says.

A message whose last line is nothing but 【…】【…】 carries these as buttons. The one that says the check-in word checks
in; the others are the answers of a poll.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from qunying.kit.told import text

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECK_IN = "check-in"
MOST, _IN_A_ROW = 25, 5
_LONGEST = 40
_LINE = re.compile(r"(?:【[^【】\n]{1,40}】\s*){1,25}")
_ONE = re.compile(r"【([^【】\n]{1,40})】")


def split(text: str) -> tuple[str, list[str]]:
    """The words of a message and the labels of its buttons; no buttons where nothing would stand above them."""
    above, _line, last = text.rstrip().rpartition("\n")
    if not above.strip() or not _LINE.fullmatch(last.strip()):
        return text, []
    return above.rstrip(), [label.strip() for label in _ONE.findall(last)]


def poll_id(key: str) -> str:
    """What the answers to a poll are kept under, made of the order's key."""
    return sha256(key.encode()).hexdigest()[:20]


def keyboard(labels: Sequence[str], *, key: str, check_in: str = "") -> dict[str, Any]:
    """The buttons as QQ takes them; everybody may press them, and a press is told to us."""
    made = [_button(at, label, _data(label, key=key, check_in=check_in)) for at, label in enumerate(labels, 1)]
    wide = 1 if len(made) <= _IN_A_ROW else _IN_A_ROW
    rows = [{"buttons": made[start : start + wide]} for start in range(0, len(made), wide)]
    return {"content": {"rows": rows}}


def _data(label: str, *, key: str, check_in: str) -> str:
    return CHECK_IN if check_in and label == check_in else f"poll|{poll_id(key)}|{label}"


def _button(at: int, label: str, data: str) -> dict[str, Any]:
    return {
        "id": str(at),
        "render_data": {"label": label, "visited_label": label, "style": 1},
        "action": {"type": 1, "permission": {"type": 2}, "data": data, "unsupport_tips": label},
    }


def read_data(value: Any) -> tuple[str, str]:
    """What a press says: CHECK_IN, or the poll and the label that was chosen; ('', '') for what is neither."""
    told = text(value, 200)
    if told == CHECK_IN:
        return CHECK_IN, ""
    kind, _bar, rest = told.partition("|")
    poll, _bar, label = rest.partition("|")
    return (poll, label[:_LONGEST]) if kind == "poll" and poll and label and len(poll) <= _LONGEST else ("", "")

"""What a journey asks of a person: the conditions of segments, and two of its own.

A condition has the plain form of a segment: `{"all": true, "parts": [...]}`, groups one level deep. Beside what
segments know, a part may be `{"is": "since", "deed": "spoke", "times": 1}` (did so often since the journey began) or
`{"is": "segment", "segment": 3}` (is in a saved segment now).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qunying.ground.events.kinds import Grade, kinds_of_grade
from qunying.ground.segments.behaviour import GRADES, deeds
from qunying.ground.segments.conditions import MOST, Condition, Group, Names, condition_named, read_condition
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from collections.abc import Mapping

SINCE, SEGMENT = "since", "segment"
OWN = frozenset({SINCE, SEGMENT})
"""The kinds of condition that segments do not know."""
_MOST_TIMES = 1000


def read_asked(plain: Any, *, inside: bool = False) -> Group:
    """A condition from its plain form, every value checked; raises QunyingError saying what is wrong."""
    if not isinstance(plain, dict) or not isinstance(plain.get("parts"), list) or not plain["parts"]:
        raise QunyingError(_("A condition needs at least one part. Say what must hold of the person."))
    parts: list[Condition | Group] = []
    for part in plain["parts"]:
        if not isinstance(part, dict):
            raise QunyingError(_("A condition needs at least one part. Say what must hold of the person."))
        if "parts" not in part:
            parts.append(_read_part(part))
        elif inside:
            raise QunyingError(_("A group of conditions cannot hold another group. Take one level away."))
        else:
            parts.append(read_asked(part, inside=True))
    group = Group(bool(plain.get("all", True)), tuple(parts))
    if len(list(group.conditions())) > MOST:
        raise QunyingError(_("A condition has at most %(most)d parts. Split the step in two.") % {"most": MOST})
    return group


def _read_part(plain: Mapping[str, Any]) -> Condition:
    if plain.get("is") == SINCE:
        return Condition(SINCE, _read_since(plain), bool(plain.get("not")))
    if plain.get("is") == SEGMENT:
        segment = to_id(str(plain.get("segment", "")))
        if segment is None:
            raise QunyingError(_("Choose a segment."))
        return Condition(SEGMENT, {"segment": segment}, bool(plain.get("not")))
    return read_condition(plain)


def _read_since(plain: Mapping[str, Any]) -> dict[str, Any]:
    deed, times = str(plain.get("deed", "")), to_id(str(plain.get("times", 1)))
    if deed not in deeds():
        raise QunyingError(_("Choose what they did."))
    if times is None or not 1 <= times <= _MOST_TIMES:
        raise QunyingError(_("Write how often as a number between 1 and %(most)d.") % {"most": _MOST_TIMES})
    return {"deed": deed, "times": times}


def kinds_of_deed(deed: str) -> list[str]:
    """The kinds of facts behind what somebody did: of a grade of activity, or just this one."""
    return kinds_of_grade(Grade(deed.removeprefix("any-"))) if deed in GRADES else [deed]


def words_of_asked(group: Group, names: Names, segments: Mapping[int, str]) -> str:
    """The condition as one sentence; `segments` are the names of segments by their ids."""
    parts = [_words(part, names, segments) for part in group.parts]
    return (_(", and ") if group.every else _(", or ")).join(parts)


def _words(part: Condition | Group, names: Names, segments: Mapping[int, str]) -> str:
    if isinstance(part, Group):
        inner = words_of_asked(part, names, segments)
        return _("(%(words)s)") % {"words": inner} if len(part.parts) > 1 else inner
    if part.kind == SEGMENT:
        told = {"name": segments.get(part.params["segment"], f"#{part.params['segment']}")}
        return (_("not in the segment “%(name)s”") if part.negated else _("in the segment “%(name)s”")) % told
    if part.kind == SINCE:
        return _since_words(part)
    return condition_named(part.kind).words(part.params, part.negated, names)


def _since_words(part: Condition) -> str:
    told = {"deed": deeds().get(part.params["deed"], part.params["deed"]), "times": part.params["times"]}
    if told["times"] == 1:
        text = _("did not since it began: “%(deed)s”") if part.negated else _("did since it began: “%(deed)s”")
    elif part.negated:
        text = _("did fewer than %(times)d times since it began: “%(deed)s”")
    else:
        text = _("did at least %(times)d times since it began: “%(deed)s”")
    return text % told

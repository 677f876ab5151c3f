"""Reading a definition from its plain form: every value checked, each fault said with the step it is in."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _

from qunying.do.journeys.conditions import read_asked
from qunying.do.journeys.definition import (
    DATE,
    EVENT,
    GO_ON,
    GROUP,
    IF_HELD,
    JOINED,
    MORNING,
    PERSON,
    SEGMENT_ENTERED,
    TRIGGERS,
    Again,
    Branch,
    Definition,
    End,
    Say,
    Tag,
    Task,
    Trigger,
    Until,
    Wait,
    Welcome,
)
from qunying.ground.access.roles import ROLES
from qunying.ground.events.kinds import all_kinds, kind_named
from qunying.ground.members.services_tags import tidy_tag
from qunying.kit.digests import keyed_digest
from qunying.kit.errors import QunyingError
from qunying.kit.numerals import to_id
from qunying.plan.schedule.days import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qunying.do.journeys.definition import Step
    from qunying.ground.segments.conditions import Group

    Plain = Mapping[str, Any]

OWN_KINDS = "journeys"
WORDS_LENGTH = 2000
TITLE_LENGTH = 120
NOTE_LENGTH = 500
MOST_STEPS = 100
MOST_DAYS = 730
MOST_ROUNDS = 50
_T = TypeVar("_T")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_YEARLY = re.compile(r"\d{2}-\d{2}")


class StepError(QunyingError):
    """Something is wrong with a step (its id in `step`, '' for what stands before the steps)."""

    def __init__(self, message: str, *, step: str = "") -> None:
        super().__init__(message)
        self.step = step


def read_definition(plain: Any) -> Definition:
    """The definition in its plain form; raises StepError with a sentence that names the place."""
    if not isinstance(plain, dict):
        raise StepError(_("This is no journey: it needs a trigger and steps."))
    steps = _Steps()
    return Definition(
        trigger=_before(lambda: read_trigger(plain.get("trigger"))),
        steps=steps.read(plain.get("steps")),
        again=_before(lambda: _whole(plain, "again", low=0, high=MOST_DAYS)),
        only_if=_before(lambda: _asked(plain.get("only_if"))),
        goal=_before(lambda: _asked(plain.get("goal"))),
        exits=_before(lambda: tuple(read_asked(one) for one in plain.get("exits") or ())),
    )


def hash_of_definition(plain: Any) -> str:
    """What names a definition: the same for the same meaning, however it is spaced or ordered."""
    return keyed_digest(b"journey definition", _canonical(plain)).hex()


def _canonical(plain: Any) -> str:
    if isinstance(plain, dict):
        return "{" + ",".join(f"{key!r}:{_canonical(plain[key])}" for key in sorted(plain)) + "}"
    if isinstance(plain, list | tuple):
        return "[" + ",".join(map(_canonical, plain)) + "]"
    return repr(plain)


def _before(read: Callable[[], _T]) -> _T:
    try:
        return read()
    except StepError:
        raise
    except QunyingError as error:
        raise StepError(str(error)) from error


def _asked(plain: Any) -> Group | None:
    return read_asked(plain) if plain else None


def read_trigger(plain: Any) -> Trigger:
    """What sets a journey off, checked; raises QunyingError."""
    if not isinstance(plain, dict) or plain.get("on") not in TRIGGERS:
        raise QunyingError(_("Choose what sets the journey off."))
    on = plain["on"]
    groups = tuple(sorted({pk for one in plain.get("groups") or () if (pk := to_id(str(one))) is not None}))
    channels = tuple(sorted({str(one)[:64] for one in plain.get("channels") or () if str(one)}))
    if on == EVENT:
        return Trigger(on, groups, channels, kind=_kind(str(plain.get("kind", ""))))
    if on == SEGMENT_ENTERED:
        segment = to_id(str(plain.get("segment", "")))
        if segment is None:
            raise QunyingError(_("Choose a segment."))
        return Trigger(on, segment=segment)
    if on == DATE:
        return _dated(plain)
    return Trigger(on, groups, channels) if on == JOINED else Trigger(on)


def event_kinds() -> list[str]:
    """The kinds of facts that may set a journey off: acts of people, and changes of their standing."""
    return [kind.name for kind in all_kinds() if kind.owner != OWN_KINDS and (kind.grade or kind.presence != "nothing")]


def _kind(name: str) -> str:
    if name not in event_kinds():
        kind_named(name)
        raise QunyingError(_("“%(kind)s” is nothing a member does. Choose another kind of fact.") % {"kind": name})
    return name


def _dated(plain: Plain) -> Trigger:
    days = tuple(sorted({_day(str(one)) for one in plain.get("days") or ()}))
    dimension = " ".join(str(plain.get("dimension") or "").split())
    if bool(days) == bool(dimension):
        raise QunyingError(_("Write the days, or the kind of tag that holds a member's day: one of the two."))
    return Trigger(DATE, dimension=dimension, days=days, at=_clock(plain, "at") or MORNING)


def _day(text: str) -> str:
    try:
        # A leap year, for the 29th of February comes round, too.
        date.fromisoformat(f"2024-{text}" if _YEARLY.fullmatch(text) else text)
    except ValueError:
        words = _("“%(day)s” is not a day. Write 02-14 for every year, or 2027-02-06 for one.")
        raise QunyingError(words % {"day": text}) from None
    return text


class _Steps:
    """Reads lists of steps; ids must be unique in the whole journey, and lead back to something there is."""

    def __init__(self) -> None:
        self._seen: list[str] = []

    def read(self, plain: Any) -> tuple[Step, ...]:
        """The steps of the whole journey."""
        return self._list(plain, "")

    def _list(self, plain: Any, step: str) -> tuple[Step, ...]:
        if plain is not None and not isinstance(plain, list):
            raise StepError(_("Steps are a list."), step=step)
        return tuple(self._one(one) for one in plain or ())

    def _one(self, plain: Any) -> Step:
        given = plain if isinstance(plain, dict) else {}
        step, do = str(given.get("id", "")), str(given.get("do", ""))
        if not _ID.fullmatch(step):
            words = _("“%(id)s” cannot name a step. Use up to 24 small letters, digits and hyphens.")
            raise StepError(words % {"id": step}, step=step)
        if step in self._seen:
            raise StepError(_("Two steps are named “%(id)s”. Each needs a name of its own.") % {"id": step}, step=step)
        self._seen.append(step)
        if len(self._seen) > MOST_STEPS:
            raise StepError(_("A journey has at most %(most)d steps.") % {"most": MOST_STEPS}, step=step)
        try:
            return self._read(step, do, given)
        except StepError:
            raise
        except QunyingError as error:
            told = {"id": step, "what": str(error)}
            raise StepError(_("Step “%(id)s”: %(what)s") % told, step=step) from error

    def _read(self, step: str, do: str, given: Plain) -> Step:
        if do in {Until.do, Branch.do}:
            asked = read_asked(given.get("if"))
            then, other = self._list(given.get("then"), step), self._list(given.get("else"), step)
            if do == Branch.do:
                return Branch(step, asked, then, other)
            return Until(step, asked, _whole(given, "days", low=1, high=MOST_DAYS), then, other)
        if do == Again.do:
            to = str(given.get("to", ""))
            if to not in self._seen[:-1]:
                raise QunyingError(_("It leads back to “%(to)s”, which does not stand before it.") % {"to": to})
            return Again(step, to, _whole(given, "most", low=1, high=MOST_ROUNDS, usual=1))
        if do not in _READERS:
            raise QunyingError(_("There is no kind of step “%(do)s”.") % {"do": do})
        return _READERS[do](step, given)


def _read_welcome(step: str, given: Plain) -> Step:
    return Welcome(step, _words(given), _if_held(given))


def _read_say(step: str, given: Plain) -> Step:
    to = str(given.get("to", PERSON))
    if to not in {PERSON, GROUP}:
        raise QunyingError(_("Words go to the person or to the group."))
    return Say(step, _words(given), to, bool(given.get("advert")), _if_held(given))


def _words(given: Plain) -> str:
    words = str(given.get("words") or "").strip()
    if not words or len(words) > WORDS_LENGTH:
        raise QunyingError(_("A text has 1 to %(most)s characters.") % {"most": WORDS_LENGTH})
    return words


def _if_held(given: Plain) -> str:
    value = str(given.get("if_held") or GO_ON)
    if value not in IF_HELD:
        raise QunyingError(_("Choose what happens where the words cannot leave."))
    return value


def _read_wait(step: str, given: Plain) -> Step:
    on = str(given.get("on") or "")
    if on and on not in RULES:
        raise QunyingError(_("“%(rule)s” is no day to wait for.") % {"rule": on})
    days, hours = (_whole(given, name, low=0, high=MOST_DAYS) for name in ("days", "hours"))
    at = _clock(given, "at")
    if not days and not hours and at is None and not on:
        raise QunyingError(_("Say how long to wait: days, hours, a time of day or a day."))
    return Wait(step, days, hours, at, on)


def _read_tag(step: str, given: Plain) -> Step:
    dimension, name = tidy_tag(str(given.get("dimension") or ""), str(given.get("name") or ""))
    return Tag(step, dimension, name, bool(given.get("remove")))


def _read_task(step: str, given: Plain) -> Step:
    title, note = (" ".join(str(given.get(name) or "").split()) for name in ("title", "note"))
    role = str(given.get("role") or "")
    if not title or len(title) > TITLE_LENGTH or len(note) > NOTE_LENGTH:
        words = _("A task has a title of 1 to %(title)d characters, and a note of at most %(note)d.")
        raise QunyingError(words % {"title": TITLE_LENGTH, "note": NOTE_LENGTH})
    if role and role not in ROLES:
        raise QunyingError(_("There is no role “%(role)s”.") % {"role": role})
    return Task(step, title, note, _whole(given, "days", low=0, high=MOST_DAYS, usual=1), role)


_READERS: dict[str, Callable[[str, Plain], Step]] = {
    Welcome.do: _read_welcome,
    Say.do: _read_say,
    Wait.do: _read_wait,
    Tag.do: _read_tag,
    Task.do: _read_task,
    End.do: lambda step, _given: End(step),
}


def _whole(given: Plain, name: str, *, low: int, high: int, usual: int = 0) -> int:
    text = str(given.get(name, usual) or 0).strip()
    number = int(text) if text.isdecimal() else None
    if number is None or not low <= number <= high:
        told = {"value": text[:20], "low": low, "high": high}
        raise QunyingError(_("“%(value)s” is not a whole number between %(low)d and %(high)d.") % told)
    return number


def _clock(given: Plain, name: str) -> time | None:
    text = str(given.get(name) or "")
    if not text:
        return None
    if not _CLOCK.fullmatch(text):
        raise QunyingError(_("“%(time)s” is not a time of day. Write one such as 19:30.") % {"time": text})
    return time.fromisoformat(text)

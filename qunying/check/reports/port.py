"""The port of reports: what apps tell of a period beyond its figures, by part of the report.

A teller is registered in `AppConfig.ready()`; docs/howto/report-part.md shows how.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.ground.groups.models import Community

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.utils.functional import _StrPromise

    from qunying.check.reports.blocks import Definition, Picture, Table
    from qunying.check.reports.shapes import Report
    from qunying.check.reports.spans import Span
    from qunying.kit.periods import Period

_log = logging.getLogger(__name__)


class Part(StrEnum):
    """The parts of a report that apps tell."""

    GOALS = "goals"
    PROBLEMS = "problems"
    SUGGESTIONS = "suggestions"
    DECISIONS = "decisions"
    NEXT = "next"


NOTHING: dict[Part, _StrPromise] = {
    Part.GOALS: gettext_lazy("No goal ran in this period. With goals set, the report holds results against them."),
    Part.PROBLEMS: gettext_lazy("No alert was open in this period."),
    Part.SUGGESTIONS: gettext_lazy("No suggestion was made in this period."),
    Part.DECISIONS: gettext_lazy("No decision was recorded in this period."),
    Part.NEXT: gettext_lazy("Nothing is planned for the next period yet."),
}
"""What a part says in one line where nobody had anything to tell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of what is to be told: one community, the span of the report, and the part of it that is over, in local days."""

    community: Community
    span: Span
    counted: Period
    running: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What one app (or all of them) told, in the active language, all words final.

    `metrics` name entries of the catalogue whose definitions belong into the appendix; `definitions` are those of
    figures the catalogue does not know.
    """

    sentences: Sequence[str] = ()
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = ()
    notes: Sequence[str] = ()
    metrics: Sequence[str] = ()
    definitions: Sequence[Definition] = ()


@dataclass(frozen=True, slots=True)
class _Teller:
    tell: Callable[[Asked], Told | None]
    label: _StrPromise
    order: int


_tellers: dict[tuple[Part, str], _Teller] = {}


def register_teller(
    part: Part, name: str, tell: Callable[[Asked], Told | None], *, label: _StrPromise, order: int = 50
) -> None:
    """Have an app tell something in a part of every report; the same name again replaces it.

    `tell` gives None where there is nothing; `label` names the app where it could not answer.
    """
    _tellers[part, name] = _Teller(tell, label, order)


def forget_teller(part: Part, name: str) -> None:
    """Take a teller out again."""
    _tellers.pop((part, name), None)


def tell(report: Report) -> dict[Part, Told]:
    """What all apps tell of this report, part by part.

    A teller that fails is logged and named in a note; the others still answer.
    """
    community = Community.objects.select_related("unit").get(pk=report.subject.pk)
    asked = Asked(community, report.span, report.counted, report.running)
    return {part: _joined([_ask(one, asked) for one in _tellers_of(part)]) for part in Part}


def _tellers_of(part: Part) -> list[_Teller]:
    found = [(one.order, name, one) for (of, name), one in _tellers.items() if of is part]
    return [one for _order, _name, one in sorted(found, key=lambda row: row[:2])]


def _ask(teller: _Teller, asked: Asked) -> Told | None:
    try:
        return teller.tell(asked)
    except Exception:  # noqa: BLE001 - one teller at fault must not keep the report from everyone
        _log.exception("%s could not tell its part of a report", teller.label)
        return Told(notes=[_("%(name)s could not be read; the log of the server says why.") % {"name": teller.label}])


def _joined(answers: list[Told | None]) -> Told:
    known = [one for one in answers if one]
    return Told(
        sentences=[words for one in known for words in one.sentences],
        tables=[table for one in known for table in one.tables],
        pictures=[picture for one in known for picture in one.pictures],
        notes=[note for one in known for note in one.notes],
        metrics=[name for one in known for name in one.metrics],
        definitions=[definition for one in known for definition in one.definitions],
    )

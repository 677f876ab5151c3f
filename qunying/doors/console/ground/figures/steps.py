"""The ordered funnel: how far people get, and how long each step takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qunying.doors.console.ground.figures.asking import ask, ask_before
from qunying.doors.console.ground.figures.panel import Cell, Panel
from qunying.ground.events.kinds import all_kinds
from qunying.ground.figures.results import SMALL
from qunying.kit import formats

if TYPE_CHECKING:
    from django.http import QueryDict

    from qunying.doors.console.ground.figures.scope import Choice
    from qunying.ground.figures.results import Figure

MOST = 6
_DEFAULT = ("read", "liked+commented+checked_in", "signed_up+shared", "ordered+attended")
_JOINT = {
    "liked+commented+checked_in": gettext_lazy("Took an interest (liked, commented, checked in)"),
    "signed_up+shared": gettext_lazy("Decided (signed up, shared)"),
    "ordered+attended": gettext_lazy("Acted (paid, took part)"),
}
WINDOWS = {
    "24": gettext_lazy("1 day"),
    "72": gettext_lazy("3 days"),
    "168": gettext_lazy("7 days"),
    "336": gettext_lazy("14 days"),
    "720": gettext_lazy("30 days"),
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def funnel_panel(choice: Choice, query: QueryDict, *, name: str) -> Panel:
    """The ladder of steps with counts, shares, median times, and the form that chooses them."""
    steps = tuple(step for step in query.getlist("step") if step)[:MOST] or _DEFAULT
    window = query.get("window", "336")
    window = window if window in WINDOWS else "336"
    params = {"steps": ",".join(steps), "window": window}
    figure = ask(choice, "funnel", **params)
    before = ask_before(choice, "funnel", **params)
    top = figure.rows[0]["value"]
    return Panel(
        name=name,
        title=_("How far do people get?"),
        summary=_words(figure, window),
        columns=[_("Step"), _("People"), _("Of the first step"), _("Of the step before"), _("Median time")],
        rows=[_row(choice, row, params) for row in figure.rows],
        kind="funnel",
        note=_notes(figure),
        extra={
            "ladder": [_rung(choice, row, before, top, params) for row in figure.rows],
            "form": _form(choice, steps, window),
        },
        empty=""
        if top
        else _("Nobody took the first step in these days. Choose another first step or a longer period."),
    )


def _rung(
    choice: Choice, row: dict[str, Any], before: Figure | None, top: int, params: dict[str, str]
) -> dict[str, Any]:
    was = before.rows[row["step"] - 1] if before else None
    return {
        "label": label_of(row["name"]),
        "value": formats.whole(row["value"]),
        "share": formats.percent(row["share"]),
        "width": round(100 * row["value"] / top, 2) if top else 0,
        "address": _behind(choice, row, params),
        "from_previous": formats.percent(row["from_previous"]),
        "was": formats.percent(was["from_previous"]) if was and row["step"] > 1 else "",
        "wait": duration(row["median_seconds"]),
        "small": row["step"] > 1 and 0 < row["value"] / row["from_previous"] < SMALL if row["from_previous"] else False,
        "first": row["step"] == 1,
    }


def _row(choice: Choice, row: dict[str, Any], params: dict[str, str]) -> list[Cell]:
    return [
        Cell(label_of(row["name"]), number=False),
        Cell(formats.whole(row["value"]), _behind(choice, row, params) if row["value"] else ""),
        Cell(formats.percent(row["share"])),
        Cell(formats.percent(row["from_previous"]) if row["step"] > 1 else formats.DASH),
        Cell(duration(row["median_seconds"])),
    ]


def _behind(choice: Choice, row: dict[str, Any], params: dict[str, str]) -> str:
    own = {"step": None, "window": None}
    return choice.address(
        "figure", "funnel", **own, **{f"p.{key}": value for key, value in params.items()}, **{"c.step": row["step"]}
    )


def label_of(step: str) -> str:
    """A step in words: the meaning of its kind, or of its kinds joined."""
    if step in _JOINT:
        return str(_JOINT[step])
    meanings = {kind.name: str(kind.meaning).rstrip(".。") for kind in all_kinds()}
    return " / ".join(meanings.get(name, name) for name in step.split("+"))


def _form(choice: Choice, steps: tuple[str, ...], window: str) -> dict[str, Any]:
    options = [(name, str(label)) for name, label in _JOINT.items()]
    options += [(kind.name, label_of(kind.name)) for kind in all_kinds()]
    known = {name for name, _label in options}
    options += [(step, label_of(step)) for step in steps if step not in known]
    rows = [
        {"number": number + 1, "here": steps[number] if number < len(steps) else "", "needed": number < 2}  # noqa: PLR2004
        for number in range(min(MOST, len(steps) + 1))
    ]
    return {
        "action": choice.address("funnel").partition("?")[0],
        "hidden": [(key, value) for key, value in choice.kept if key not in {"step", "window"}],
        "rows": rows,
        "options": options,
        "windows": WINDOWS.items(),
        "window": window,
    }


def duration(seconds: float | None) -> str:
    """A time span as people say it: 5 minutes, 3.5 hours, 2 days."""
    if seconds is None:
        return formats.DASH
    if seconds < _HOUR:
        minutes = max(1, round(seconds / _MINUTE))
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if seconds < 2 * _DAY:
        return _("%(n)s hours") % {"n": formats.whole(round(seconds / _HOUR, 1))}
    return _("%(n)s days") % {"n": formats.whole(round(seconds / _DAY, 1))}


def _words(figure: Figure, window: str) -> str:
    rows = figure.rows
    if not rows[0]["value"]:
        return ""
    lost = min(rows[1:], key=lambda row: 2 if row["from_previous"] is None else row["from_previous"])
    return _(
        "Of %(first)s people who began, %(last)s reached the end within %(window)s (%(share)s). "
        "Most are lost before “%(step)s”."
    ) % {
        "first": formats.whole(rows[0]["value"]),
        "last": formats.whole(rows[-1]["value"]),
        "window": WINDOWS[window],
        "share": formats.percent(figure.value),
        "step": label_of(lost["name"]),
    }


def _notes(figure: Figure) -> str:
    if figure.rows and not figure.rows[0].get("finished", True):
        return _("The window of the latest beginners is still open: these shares can still grow.")
    return ""

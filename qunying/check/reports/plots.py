"""Pictures for Word, drawn by matplotlib from the same numbers, in the palette and with the font of the package."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from qunying.check.reports.charts import bears_number, label_steps
from qunying.check.reports.look import colours
from qunying.check.reports.paper import font_file

if TYPE_CHECKING:
    from qunying.check.reports.blocks import Plot

WIDE_INCHES = 6.2
_BARS_HIGH, _STRIP_HIGH = 2.5, 0.5
_DOTS = 200
_SMALL, _USUAL = 8, 9


def as_png(plot: Plot) -> bytes:
    """The plot as PNG, 6.2 inches wide; raises QunyingError where the Chinese font was never built."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - only Word files need it
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    high = _BARS_HIGH if plot.kind == "bars" else _STRIP_HIGH * (len(plot.labels) + 1)
    figure = Figure(figsize=(WIDE_INCHES, high), dpi=_DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    (_bars if plot.kind == "bars" else _strips)(axes, plot)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(colours()["line-strong"])
    axes.tick_params(colors=colours()["ink-soft"], length=0)
    for text in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        text.set_fontproperties(_font(_SMALL))
    with io.BytesIO() as out:
        figure.savefig(out, format="png", facecolor="white")
        return out.getvalue()


@cache
def _font(size: int) -> Any:
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - only Word files need it

    return FontProperties(fname=str(font_file()), size=size)


def _bars(axes: Any, plot: Plot) -> None:
    ink = colours()
    places = range(len(plot.labels))
    for place, shaded in enumerate(plot.shaded):
        if shaded:
            axes.axvspan(place - 0.5, place + 0.5, color=ink["sunken"], zorder=0)
    axes.bar(places, [value or 0 for value in plot.values], width=0.62, color=ink["series-1"], zorder=2)
    before = [(place, number) for place, number in zip(places, plot.before, strict=False) if number is not None]
    if len(before) > 1:
        marks = {"color": ink["compare"], "linestyle": (0, (4, 3)), "linewidth": 1.2, "zorder": 3}
        axes.plot([place for place, _number in before], [number for _place, number in before], **marks)
        legend = axes.legend(
            [axes.lines[-1]],
            [plot.before_label],
            frameon=False,
            prop=_font(_SMALL),
            loc="lower left",
            bbox_to_anchor=(0, 1.0),
            borderaxespad=0,
        )
        legend.get_texts()[0].set_color(ink["ink-soft"])
    for place, value in enumerate(plot.values):
        if value is not None and bears_number(place, plot.values):
            words = {"ha": "center", "va": "bottom", "fontproperties": _font(_SMALL), "color": ink["ink"], "zorder": 4}
            axes.annotate(plot.texts[place], (place, value), (0, 2), textcoords="offset points", **words)
    named = [place for place in places if place % label_steps(len(plot.labels)) == 0]
    axes.set_xticks(named, [plot.labels[place] for place in named])
    axes.set_xlim(-0.6, len(plot.labels) - 0.4)
    axes.set_ylim(0, 1.12 * max([1.0, *(number for number in (*plot.values, *plot.before) if number)]))
    axes.set_ylabel(plot.unit, fontproperties=_font(_SMALL), color=ink["ink-soft"])
    axes.yaxis.get_major_locator().set_params(nbins=4, integer=True)
    axes.yaxis.set_major_formatter(lambda number, _place: f"{number:,.0f}")
    axes.grid(axis="y", color=ink["line"], linewidth=0.6, zorder=1)


def _strips(axes: Any, plot: Plot) -> None:
    ink = colours()
    places = range(len(plot.labels))
    shares = [min(value or 0, 1.0) for value in plot.values]
    axes.barh(places, [1.0] * len(plot.labels), height=0.5, color=ink["sunken"])
    axes.barh(places, shares, height=0.5, color=[ink[name] for name in plot.colours])
    for place, text in enumerate(plot.texts):
        words = {"ha": "left", "va": "center", "fontproperties": _font(_SMALL), "color": ink["ink"]}
        axes.annotate(text, (1.0, place), (5, 0), textcoords="offset points", annotation_clip=False, **words)
    axes.set_yticks(list(places), list(plot.labels))
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_xlabel(plot.unit, fontproperties=_font(_SMALL), color=ink["ink-soft"])

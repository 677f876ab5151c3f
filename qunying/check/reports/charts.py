"""Small pictures drawn by ourselves: SVG that a page colours by its classes and paper by its attributes.

Bars begin at zero, weekends are shaded, the period before is a grey dashed line, bars bear their
numbers, and the text that says the same is the picture's description.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString, mark_safe

from qunying.check.reports.look import colours

if TYPE_CHECKING:
    from collections.abc import Sequence

_FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif"
_WIDE, _HIGH = 420, 190
_LEFT, _TOP, _BASE = 8, 30, 158
_ROW = 40
_SPARSE, _CLOSE = 10, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One day or week: its label, its number (None: still to come), that of the period before (None: unknown)."""

    label: str
    value: float | None
    before: float | None
    text: str
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """One row of a picture of shares: how much of the whole, and the words at its end."""

    label: str
    share: float
    text: str
    colour: str


def bars(drawn: Sequence[Bar], *, title: str, before_label: str) -> SafeString:
    """A bar for each step, and a dashed line for the same steps of the period before where they are known.

    Where bars stand too close for their words, every second, fifth … bears its label and the highest its number.
    """
    svg = _canvas(_WIDE, _HIGH, title)
    top = max([1.0, *(float(number) for bar in drawn for number in (bar.value, bar.before) if number)])
    step = (_WIDE - 2 * _LEFT) / len(drawn)
    named = label_steps(len(drawn))
    for place, bar in enumerate(drawn):
        _draw_bar(svg, bar, _LEFT + place * step, step, top, named=place % named == 0)
    _path(svg, [(_LEFT, _BASE), (_WIDE - _LEFT, _BASE)], "line-strong", width="1")
    spots = [
        (_LEFT + (place + 0.5) * step, _height(bar.before, top))
        for place, bar in enumerate(drawn)
        if bar.before is not None
    ]
    if len(spots) > 1:
        _draw_before(svg, spots, before_label)
    for place, bar in enumerate(drawn):
        if bar.value is not None and bears_number(place, [one.value for one in drawn]):
            _text(svg, _LEFT + (place + 0.5) * step, _height(bar.value, top) - 5, bar.text, "ink", anchor="middle")
    return _written(svg)


def label_steps(count: int) -> int:
    """Every how many of so many bars can bear its label without touching the next."""
    return 1 if count <= _SPARSE else 2 if count <= _CLOSE else 5


def bears_number(place: int, values: Sequence[float | None]) -> bool:
    """Whether the bar at this place bears its number: each of up to ten, only the (first) highest of more."""
    if len(values) <= _SPARSE:
        return True
    return place == max(range(len(values)), key=lambda number: values[number] or 0)


def strips(rows: Sequence[Strip], *, title: str) -> SafeString:
    """A bar from the left for each row, on a track that is the whole."""
    svg = _canvas(_WIDE, _ROW * len(rows) + 4, title)
    for place, row in enumerate(rows):
        base = place * _ROW
        _text(svg, 0, base + 14, row.label, "ink")
        _text(svg, _WIDE, base + 14, row.text, "ink", anchor="end")
        _box(svg, 0, base + 21, _WIDE, 10, "sunken")
        _box(svg, 0, base + 21, _WIDE * min(row.share, 1.0), 10, row.colour)
    return _written(svg)


def spark(values: Sequence[float | None]) -> SafeString:
    """A tiny line from zero through the periods, oldest first, with a dot at its end; nothing for fewer than two."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line needs two points
        return mark_safe("")
    svg = _canvas(100, 28, "")
    top = max(known) or 1.0
    step = 92 / (len(known) - 1)
    spots = [(4 + place * step, 24 - 20 * value / top) for place, value in enumerate(known)]
    _path(svg, spots, "series-1", width="1.5")
    end = spots[-1]
    ET.SubElement(svg, "circle", {"cx": f"{end[0]:.1f}", "cy": f"{end[1]:.1f}", "r": "2.5", **_filled("series-1")})
    return _written(svg)


def _draw_bar(  # noqa: PLR0913 - what, where and how high
    svg: ET.Element, bar: Bar, left: float, step: float, top: float, *, named: bool
) -> None:
    if bar.shaded:
        _box(svg, left, _TOP - 10, step, _BASE - _TOP + 10, "sunken")
    if bar.value is not None:
        height = _height(bar.value, top)
        _box(svg, left + step * 0.22, height, step * 0.56, _BASE - height, "series-1")
    if named:
        _text(svg, left + step / 2, _BASE + 18, bar.label, "ink-soft", anchor="middle")


def _draw_before(svg: ET.Element, spots: Sequence[tuple[float, float]], label: str) -> None:
    _path(svg, spots, "compare", width="1.5", dashed=True)
    _path(svg, [(_LEFT, 9), (_LEFT + 20, 9)], "compare", width="1.5", dashed=True)
    _text(svg, _LEFT + 26, 13, label, "ink-soft", size="11")


def _height(value: float | None, top: float) -> float:
    return _BASE - (_BASE - _TOP - 8) * (value or 0) / top


def _canvas(width: float, height: float, title: str) -> ET.Element:
    names = {"role": "img", "aria-label": title} if title else {"aria-hidden": "true"}
    return ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "class": "report-picture",
            "focusable": "false",
            **names,
        },
    )


def _filled(colour: str) -> dict[str, str]:
    return {"fill": colours()[colour], "class": f"fill-{colour}"}


def _box(svg: ET.Element, left: float, top: float, width: float, height: float, colour: str) -> None:  # noqa: PLR0913, PLR0917 - a box has four sides
    sides = {"x": left, "y": top, "width": width, "height": max(height, 0)}
    ET.SubElement(svg, "rect", {**{name: f"{side:.1f}" for name, side in sides.items()}, **_filled(colour)})


def _path(
    svg: ET.Element, spots: Sequence[tuple[float, float]], colour: str, *, width: str, dashed: bool = False
) -> None:
    dash = {"stroke-dasharray": "4 3"} if dashed else {}
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    drawn = {"points": points, "fill": "none", "stroke": colours()[colour], "stroke-width": width, **dash}
    ET.SubElement(svg, "polyline", {**drawn, "class": f"stroke-{colour}"})


def _text(  # noqa: PLR0913 - where, what and how
    svg: ET.Element, x: float, y: float, words: str, colour: str, *, anchor: str = "start", size: str = "12"
) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "font-size": size, "font-family": _FONT}
    ET.SubElement(svg, "text", {**place, **_filled(colour)}).text = words


def _written(svg: ET.Element) -> SafeString:
    # ElementTree has escaped every word that was put in.
    return mark_safe(ET.tostring(svg, encoding="unicode"))  # noqa: S308

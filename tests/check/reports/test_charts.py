from __future__ import annotations

from defusedxml import ElementTree

from qunying.check.reports.charts import Bar, Strip, bars, spark, strips

SVG = "{http://www.w3.org/2000/svg}"


def _bars(svg: str) -> list[float]:
    return [
        float(box.get("height", 0))
        for box in ElementTree.fromstring(svg).iter(f"{SVG}rect")
        if box.get("class") == "fill-series-1"
    ]


def _texts(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_bars_begin_at_zero_and_bear_their_numbers() -> None:
    drawn = bars(
        [Bar("Mon", 50, None, "50"), Bar("Tue", 100, None, "100"), Bar("Wed", 0, None, "0")],
        title="t",
        before_label="b",
    )
    half, whole, none = _bars(drawn)
    assert (half * 2, none) == (whole, 0)
    assert _texts(drawn) == ["Mon", "Tue", "Wed", "50", "100", "0"]


def test_a_day_to_come_has_no_bar_and_no_zero() -> None:
    drawn = bars([Bar("Mon", 5, None, "5"), Bar("Tue", None, None, "–")], title="t", before_label="b")
    assert (len(_bars(drawn)), _texts(drawn)) == (1, ["Mon", "Tue", "5"])


def test_the_week_before_is_a_dashed_grey_line() -> None:
    drawn = ElementTree.fromstring(
        bars([Bar("Mon", 5, 4, "5"), Bar("Tue", 5, 9, "5")], title="t", before_label="before")
    )
    dashed = [line.get("class") for line in drawn.iter(f"{SVG}polyline") if line.get("stroke-dasharray")]
    assert dashed == ["stroke-compare", "stroke-compare"]


def test_weekends_are_shaded() -> None:
    drawn = ElementTree.fromstring(bars([Bar("Sat", 5, None, "5", shaded=True)], title="t", before_label="b"))
    assert [box.get("class") for box in drawn.iter(f"{SVG}rect")] == ["fill-sunken", "fill-series-1"]


def test_a_share_above_the_whole_stays_on_its_track() -> None:
    drawn = ElementTree.fromstring(strips([Strip("a", 1.4, "140%", "series-1")], title="t"))
    assert [box.get("width") for box in drawn.iter(f"{SVG}rect")] == ["420.0", "420.0"]


def test_words_are_never_markup() -> None:
    drawn = strips([Strip('<script>"&', 0.5, "50%", "series-1")], title='"><b>')
    assert "<script>" not in drawn
    assert (_texts(drawn)[0], ElementTree.fromstring(drawn).get("aria-label")) == ('<script>"&', '"><b>')


def test_a_line_needs_two_points() -> None:
    assert (spark([3]), spark([None, 3, None])) == ("", "")
    assert len(list(ElementTree.fromstring(spark([1, None, 3])).iter(f"{SVG}polyline"))) == 1

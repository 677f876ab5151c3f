// Draws the charts of a page from the data beside them. Colours come from the style sheet, so a change
// of theme redraws; everything a chart says stands in its table as well.
(() => {
  "use strict";
  const drawn = new Map();
  const language = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-US";
  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const exact = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  const palette = () => ({
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => token(`series-${number}`)),
    ink: token("ink"), soft: token("ink-soft"), line: token("line"), strong: token("line-strong"),
    surface: token("surface"), compare: token("compare"), shade: token("shade"), hatch: token("hatch"),
  });
  const font = () => getComputedStyle(document.body).fontFamily;

  const written = (value, spec) => {
    if (value === null || value === undefined) return "–";
    if (spec.form === "rate") return `${value.toFixed(1)}%`;
    if (spec.form === "money") return new Intl.NumberFormat(language, { style: "currency", currency: spec.unit }).format(value);
    return `${exact.format(value)}${spec.unit ? (language === "zh-CN" ? spec.unit : ` ${spec.unit}`) : ""}`;
  };
  const onAxis = (value, spec) => (spec.form === "rate" ? `${exact.format(value)}%` : compact.format(value));

  const magnitude = (value) => (value === null || value === undefined ? null : Math.abs(value));

  const width = (text) => {
    const context = (width.canvas ??= document.createElement("canvas")).getContext("2d");
    context.font = `12px ${font()}`;
    return context.measureText(text).width;
  };

  const hatching = (colours) => ({ symbol: "rect", symbolSize: 1, rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [2, 4], color: colours.surface });

  const nameAtEnd = (name, colour) => ({ show: true, formatter: () => name, color: colour, fontFamily: font(), fontSize: 12, distance: 6, padding: [2, 0] });

  const oneSeries = (one, place, spec, colours, labelled) => {
    const colour = one.colour ? token(one.colour) : colours.series[place % 8];
    const bars = spec.kind === "bar" || spec.kind === "stack";
    return {
      name: one.name,
      type: bars ? "bar" : "line",
      stack: spec.kind === "stack" ? "all" : undefined,
      data: firm(one).map((value, at) =>
        bars && spec.unfinished.includes(at) ? { value, itemStyle: { decal: hatching(colours) } } : value),
      symbol: one.dashed || one.values.length > 45 ? "none" : "circle",
      showAllSymbol: true,
      symbolSize: 5,
      connectNulls: Boolean(one.connect),
      lineStyle: { width: 2, color: colour, type: one.dashed ? "dashed" : "solid" },
      itemStyle: { color: colour, borderColor: colours.surface, borderWidth: bars ? 0.5 : 0 },
      barMaxWidth: 32,
      barCategoryGap: "25%",
      cursor: one.addresses ? "pointer" : "default",
      triggerLineEvent: true,
      endLabel: labelled && !bars && !Number.isInteger(one.softFrom) ? nameAtEnd(one.name, colour) : undefined,
      labelLayout: labelled && !bars ? { moveOverlap: "shiftY" } : undefined,
      emphasis: { disabled: true },
      animation: false,
    };
  };

  // Where a share rests on few people its line goes on dashed, in the same colour.
  const firm = (one) => (one.softFrom === null || one.softFrom === undefined ? one.values : one.values.map((value, at) => (at < one.softFrom ? value : null)));
  const softTail = (one, place, colours, labelled) => ({
    name: "",
    type: "line",
    endLabel: labelled ? nameAtEnd(one.name, one.colour ? token(one.colour) : colours.series[place % 8]) : undefined,
    labelLayout: labelled ? { moveOverlap: "shiftY" } : undefined,
    data: one.values.map((value, at) => (at >= one.softFrom - 1 ? value : null)),
    symbol: "none",
    lineStyle: { width: 2, type: [3, 4], color: colours.series[place % 8] },
    animation: false,
    emphasis: { disabled: true },
    silent: true,
  });

  const comparison = (spec, colours, labelled) => ({
    name: spec.compare.name,
    type: "line",
    data: spec.compare.values,
    symbol: "none",
    lineStyle: { width: 1.5, type: "dashed", color: colours.compare },
    itemStyle: { color: colours.compare },
    endLabel: labelled ? nameAtEnd(spec.compare.name, colours.compare) : undefined,
    labelLayout: labelled ? { moveOverlap: "shiftY" } : undefined,
    emphasis: { disabled: true },
    animation: false,
    z: spec.kind === "line" ? 1 : 3,
  });

  // The interval of a forecast: an unseen line of its lower ends, and upon it a light band up to the upper ones.
  const band = (spec, colours) => {
    const upon = { type: "line", stack: "band", symbol: "none", silent: true, animation: false, connectNulls: true, emphasis: { disabled: true }, lineStyle: { opacity: 0 }, z: 1 };
    const { lows, highs } = spec.band;
    return [
      { ...upon, name: "", data: lows },
      { ...upon, name: "", data: highs.map((high, at) => (high === null ? null : high - lows[at])), areaStyle: { color: colours.series[0], opacity: 0.16 } },
    ];
  };

  // What was decided or seen on a day: a thin line with its word.
  const marking = (spec, colours) => ({
    name: "",
    type: "line",
    data: spec.labels.map(() => null),
    animation: false,
    silent: true,
    markLine: {
      silent: true,
      symbol: "none",
      animation: false,
      lineStyle: { color: colours.strong, type: "solid", width: 1 },
      label: { color: colours.soft, fontFamily: font(), fontSize: 11, position: "end", rotate: 0, distance: 2, formatter: ({ name }) => name },
      data: spec.marks.map((mark) => ({ name: mark.label, xAxis: mark.at })),
    },
  });

  // Weekends and holidays are bars as wide as their days, on axes of their own that nobody sees.
  const shading = (spec, colours) => ({
    name: "",
    type: "bar",
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: spec.labels.map((_label, at) => (spec.shade.some(([from, to]) => at >= from && at <= to) ? 1 : null)),
    barWidth: "100%",
    itemStyle: { color: colours.shade },
    silent: true,
    animation: false,
    emphasis: { disabled: true },
    z: 0,
  });
  const hidden = (spec) => ({ type: "category", data: spec.labels, show: false, boundaryGap: true, axisPointer: { show: false }, axisLabel: { show: false } });

  const options = (spec, box) => {
    const colours = palette();
    const all = [...spec.series, ...(spec.compare ? [spec.compare] : [])];
    const narrow = box.clientWidth < 480;
    const bars = spec.kind !== "line";
    const labelled = all.length <= 4 && !narrow && !bars;
    const legend = !labelled && all.length > 1;
    const room = labelled ? Math.ceil(Math.max(...all.map((one) => width(one.name)))) + 14 : 10;
    return {
      textStyle: { fontFamily: font(), fontSize: 12, color: colours.soft },
      animation: false,
      aria: { enabled: false },
      grid: { left: 4, right: room, top: (legend ? 24 : 0) + (spec.unit && spec.form !== "rate" ? 24 : 10), bottom: spec.axis ? 22 : 4, containLabel: true },
      legend: legend ? { top: 0, left: 0, itemWidth: 14, itemHeight: 8, icon: "roundRect", textStyle: { color: colours.ink, fontFamily: font(), fontSize: 12 } } : { show: false },
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        confine: true,
        backgroundColor: colours.surface,
        borderColor: colours.strong,
        borderWidth: 1,
        padding: [8, 10],
        textStyle: { color: colours.ink, fontFamily: font(), fontSize: 12, lineHeight: 18 },
        axisPointer: { type: bars ? "shadow" : "line", lineStyle: { color: colours.strong, type: "solid" }, shadowStyle: { color: colours.shade } },
        formatter: (points) => [
          spec.long[points[0].dataIndex],
          ...all.map((one) => `${one.name}  ${written(magnitude(one.values[points[0].dataIndex]), spec)}`),
        ].join("\n"),
      },
      xAxis: [{
        type: "category",
        data: spec.labels,
        boundaryGap: true,
        axisLine: { lineStyle: { color: colours.strong } },
        axisTick: { show: false },
        axisLabel: { color: colours.soft, fontFamily: font(), hideOverlap: true, margin: 8 },
        name: spec.axis || "",
        nameLocation: "middle",
        nameGap: 26,
        nameTextStyle: { color: colours.soft, fontFamily: font() },
      }, hidden(spec)],
      yAxis: [{
        type: "value",
        name: spec.form === "rate" ? "" : spec.unit,
        nameTextStyle: { color: colours.soft, fontFamily: font(), align: "left", padding: [0, 0, 0, -4] },
        nameGap: 8,
        min: spec.below ? null : 0,
        minInterval: spec.form === "count" ? 1 : undefined,
        splitNumber: 4,
        axisLabel: { color: colours.soft, fontFamily: font(), formatter: (value) => onAxis(Math.abs(value), spec) },
        splitLine: { lineStyle: { color: colours.line } },
      }, { type: "value", show: false, min: 0, max: 1, axisLabel: { show: false } }],
      series: [
        ...spec.series.map((one, place) => oneSeries(one, place, spec, colours, labelled)),
        ...spec.series.flatMap((one, place) => (Number.isInteger(one.softFrom) && one.softFrom < one.values.length ? [softTail(one, place, colours, labelled)] : [])),
        ...(spec.compare ? [comparison(spec, colours, labelled)] : []),
        ...(spec.band ? band(spec, colours) : []),
        ...(spec.marks?.length ? [marking(spec, colours)] : []),
        ...(spec.shade?.length ? [shading(spec, colours)] : []),
      ],
    };
  };

  const draw = (box) => {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.echarts) return;
    const spec = JSON.parse(source.textContent);
    const chart = drawn.get(box) ?? window.echarts.init(box, null, { renderer: "canvas" });
    if (!drawn.has(box)) {
      chart.on("click", (point) => {
        const address = spec.series[point.seriesIndex]?.addresses?.[point.dataIndex];
        if (address) window.qunying.openDrawer(address);
      });
      new ResizeObserver(() => chart.resize()).observe(box);
      drawn.set(box, chart);
    }
    chart.setOption(options(spec, box), { notMerge: true });
    box.dataset.drawn = "yes";
  };

  const drawAll = (within) => within.querySelectorAll("[data-chart]").forEach(draw);
  const forget = () => drawn.forEach((chart, box) => {
    if (!box.isConnected) { chart.dispose(); drawn.delete(box); }
  });

  document.addEventListener("htmx:afterSettle", () => { forget(); drawAll(document); });
  document.addEventListener("qunying:theme", () => drawn.forEach((_chart, box) => draw(box)));
  let waiting = 0;
  window.addEventListener("resize", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => drawn.forEach((_chart, box) => draw(box)), 200);
  });
  drawAll(document);
})();

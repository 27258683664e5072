// data_visualization blocks: pie, bar, line and area charts as inline SVG, with their figures in words beside them.
import { el, svg } from "./dom.js";

const WIDTHS = { wide: 480, narrow: 300 }; // drawn for both, shown by the room there is: text keeps its size
const PLOT_HEIGHT = 166;
const LEFT = 44;
const RIGHT = 8;
const TOP = 10;
const LETTER = 6.4; // about as wide as one of the ticks' letters
const LONGEST_TILTED = 16; // letters of a tilted category; the whole name is in its tooltip
const number = (value) => new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 }).format(value);

const legend = (names) => el("ul.legend", {}, names.map((name, index) => el("li", {}, el(`span.swatch.series-${index % 12}`), name)));

function pie(chart) {
  const total = chart.segments.reduce((sum, { value }) => sum + value, 0);
  let from = -Math.PI / 2;
  const slices = chart.segments.map(({ label, value }, index) => {
    const angle = (value / total) * 2 * Math.PI;
    const to = from + angle;
    const [x1, y1, x2, y2] = [Math.cos(from), Math.sin(from), Math.cos(to), Math.sin(to)].map((part) => 100 * part);
    from = to;
    const shape =
      chart.segments.length === 1
        ? svg("circle", { r: 100, class: `series-${index % 12}` })
        : svg("path", { d: `M0 0L${x1} ${y1}A100 100 0 ${angle > Math.PI ? 1 : 0} 1 ${x2} ${y2}Z`, class: `series-${index % 12}` });
    shape.append(svg("title", {}, `${label}: ${number(value)}`));
    return shape;
  });
  const words = chart.segments.map(({ label, value }) => `${label}: ${number(value)} (${Math.round((value / total) * 100)} %)`);
  return [svg("svg", { viewBox: "-104 -104 208 208", class: "pie", role: "img", "aria-label": words.join(", ") }, slices), legend(words)];
}

/** Round steps from a little below the least value (or 0) to a little above the greatest. */
function scale(points) {
  const low = Math.min(0, ...points);
  const high = Math.max(...points, low + 1);
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  const [bottom, top] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  const ticks = Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, index) => bottom + index * step);
  return { ticks, y: (value) => TOP + PLOT_HEIGHT * (1 - (value - bottom) / (top - bottom)) };
}

/** How the categories' names are written: all in one line, tilted (bars must all be named), or every second or third up to the last. */
function naming(categories, width, type) {
  const longest = Math.max(...categories.map((name) => name.length));
  const crowd = ((longest + 1.5) * LETTER * categories.length) / width;
  if (crowd <= 1) return { every: 1, height: 26 };
  if (type !== "bar") return { every: Math.ceil(crowd), height: 26 };
  return { every: 1, tilted: true, height: 18 + Math.min(longest, LONGEST_TILTED) * LETTER * 0.72 };
}

function category(name, x, y, tilted) {
  if (!tilted) return svg("text", { x, y: y + 16, class: "tick tick-x" }, name);
  const short = name.length > LONGEST_TILTED ? `${name.slice(0, LONGEST_TILTED - 1)}…` : name;
  return svg("text", { x: 0, y: 0, class: "tick tick-y", transform: `translate(${x + 4} ${y + 14}) rotate(-45)` }, svg("title", {}, name), short);
}

function axes(categories, { ticks, y }, x, { x_label: below, y_label: beside }, { width, foot, names }) {
  const grid = ticks.map((tick) => [
    svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick), class: "grid" }),
    svg("text", { x: LEFT - 6, y: y(tick) + 4, class: "tick tick-y" }, number(tick)),
  ]);
  const drawn = categories.map((name, index) => ((categories.length - 1 - index) % names.every ? [] : category(name, x(index), foot, names.tilted)));
  const labels = [];
  if (below) labels.push(svg("text", { x: (width + LEFT) / 2, y: foot + names.height + 12, class: "axis tick-x" }, below));
  if (beside) labels.push(svg("text", { x: 0, y: 0, class: "axis tick-x", transform: `translate(10 ${TOP + PLOT_HEIGHT / 2}) rotate(-90)` }, beside));
  return [...grid.flat(), ...drawn, ...labels];
}

function bars(series, { y }, x, width) {
  const each = Math.min((width * 0.72) / series.length, 40);
  const gap = Math.min(2, each / 4);
  return series.flatMap(({ name, values, categories }, index) =>
    values.map((value, point) => {
      const [top, foot] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
      const left = x(point) + (index - series.length / 2) * each;
      const bar = svg("rect", { x: left + gap / 2, y: top, width: each - gap, height: Math.max(foot - top, 0.5), rx: Math.min(2, each / 4), class: `series-${index % 12}` });
      bar.append(svg("title", {}, `${name}, ${categories[point]}: ${number(value)}`));
      return bar;
    }),
  );
}

function lines(series, { y }, x, filled) {
  return series.flatMap(({ name, values, categories }, index) => {
    const points = values.map((value, point) => `${x(point)},${y(value)}`);
    const parts = [];
    if (filled) parts.push(svg("polygon", { points: [`${x(0)},${y(0)}`, ...points, `${x(values.length - 1)},${y(0)}`].join(" "), class: `area series-${index % 12}` }));
    parts.push(svg("polyline", { points: points.join(" "), class: `line series-${index % 12}` }));
    values.forEach((value, point) => {
      const dot = svg("circle", { cx: x(point), cy: y(value), r: 3.5, class: `series-${index % 12}` });
      dot.append(svg("title", {}, `${name}, ${categories[point]}: ${number(value)}`));
      parts.push(dot);
    });
    return parts;
  });
}

function plot(chart) {
  const axis = chart.axis_config ?? {};
  const categories = axis.categories ?? chart.series[0].data.map(({ label }) => label);
  const series = chart.series.map(({ name, data }) => {
    const by = new Map(data.map(({ label, value }) => [label, value]));
    return { name, categories, values: categories.map((category) => by.get(category) ?? 0) };
  });
  const words = series.map(({ name, values }) => `${name}: ${values.map((value, index) => `${categories[index]} ${number(value)}`).join(", ")}`);
  const pictures = Object.entries(WIDTHS).map(([room, width]) => picture(chart.type, series, categories, axis, { room, width, words: words.join("; ") }));
  return series.length > 1 ? [pictures, legend(series.map(({ name }) => name))] : pictures;
}

function picture(type, series, categories, axis, { room, width, words }) {
  const measure = scale(series.flatMap(({ values }) => values));
  const each = (width - LEFT - RIGHT) / categories.length;
  const x = (index) => LEFT + each * (index + 0.5);
  const marks = type === "bar" ? bars(series, measure, x, each) : lines(series, measure, x, type === "area");
  const names = naming(categories, width - LEFT - RIGHT, type);
  const foot = TOP + PLOT_HEIGHT;
  const height = foot + names.height + (axis.x_label ? 20 : 0);
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: `plot plot-${room}`, role: "img", "aria-label": words }, axes(categories, measure, x, axis, { width, foot, names }), marks);
}

export const chart = (block) =>
  el(`figure.chart.chart-${block.chart.type}`, {}, el("figcaption", {}, block.title), block.chart.type === "pie" ? pie(block.chart) : plot(block.chart));

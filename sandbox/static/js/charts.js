// data_visualization blocks: pie, bar, line and area charts as inline SVG, with their figures in words beside them.
import { el, svg } from "./dom.js";

const WIDTH = 480;
const HEIGHT = 220;
const AREA = { left: 44, right: 8, top: 10, bottom: 44 };
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
  const plot = HEIGHT - AREA.top - AREA.bottom;
  return { ticks, y: (value) => AREA.top + plot * (1 - (value - bottom) / (top - bottom)) };
}

function axes(categories, { ticks, y }, x, { x_label: below, y_label: beside }) {
  const grid = ticks.map((tick) => [
    svg("line", { x1: AREA.left, x2: WIDTH - AREA.right, y1: y(tick), y2: y(tick), class: "grid" }),
    svg("text", { x: AREA.left - 6, y: y(tick) + 4, class: "tick tick-y" }, number(tick)),
  ]);
  const every = Math.ceil((Math.max(...categories.map((name) => name.length)) * 7 * categories.length) / (WIDTH - AREA.left)) || 1;
  const names = categories.map((name, index) => (index % every ? [] : svg("text", { x: x(index), y: HEIGHT - AREA.bottom + 16, class: "tick tick-x" }, name)));
  const labels = [];
  if (below) labels.push(svg("text", { x: (WIDTH + AREA.left) / 2, y: HEIGHT - 6, class: "axis tick-x" }, below));
  if (beside) labels.push(svg("text", { x: 0, y: 0, class: "axis tick-x", transform: `translate(10 ${HEIGHT / 2 - 16}) rotate(-90)` }, beside));
  return [...grid.flat(), ...names, ...labels];
}

function bars(series, { y }, x, width) {
  const each = Math.min((width * 0.72) / series.length, 40);
  return series.flatMap(({ name, values, categories }, index) =>
    values.map((value, point) => {
      const [top, foot] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
      const left = x(point) + (index - series.length / 2) * each;
      const bar = svg("rect", { x: left + 1, y: top, width: Math.max(each - 2, 1), height: Math.max(foot - top, 0.5), rx: 2, class: `series-${index % 12}` });
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
  const measure = scale(series.flatMap(({ values }) => values));
  const width = (WIDTH - AREA.left - AREA.right) / categories.length;
  const x = (index) => AREA.left + width * (index + 0.5);
  const marks = chart.type === "bar" ? bars(series, measure, x, width) : lines(series, measure, x, chart.type === "area");
  const words = series.map(({ name, values }) => `${name}: ${values.map((value, index) => `${categories[index]} ${number(value)}`).join(", ")}`);
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "plot", role: "img", "aria-label": words.join("; ") }, axes(categories, measure, x, axis), marks);
  return series.length > 1 ? [picture, legend(series.map(({ name }) => name))] : [picture];
}

export const chart = (block) =>
  el(`figure.chart.chart-${block.chart.type}`, {}, el("figcaption", {}, block.title), block.chart.type === "pie" ? pie(block.chart) : plot(block.chart));

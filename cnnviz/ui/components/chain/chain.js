// A chain of operations: the picture and what each step made of it, a canvas each. The cell under
// the pointer is outlined, and so is what it sees of every map before it, one map after another
// back to the picture. It holds all maps, so that pointing asks no server.

import { endsOf, tintOf } from "../lib/colours.js";
import { clamp } from "../lib/geometry.js";
import { walk } from "../lib/keys.js";
import { begin, mount } from "../lib/mount.js";
import { element, enlargeButton, isCalm, legend, operable, silent, spoken } from "../lib/nodes.js";
import { cellUnder } from "../lib/pointer.js";
import { fill, numberFormat } from "../lib/words.js";
import { fieldsOf, onMap } from "./fields.js";
import { paint, paintAll } from "./paint.js";

/** @typedef {{
 *   title: string, kind: "pixels" | "signed", shape: string, rows: number, cols: number,
 *   unit: number, peak: number, windows: number[][], label: string,
 * }} ChainStage
 * @typedef {{
 *   locale: string, start: { stage: number, row: number, col: number }, stages: ChainStage[],
 *   words: Record<string, string>,
 * }} ChainHeader */
/** @typedef {import("../lib/mount.js").View<ChainHeader>} View */

const GROWING_MS = 160; // from one map to the one before

export default function (component) {
  const opened = begin(component, { depth: 0, last: {} });
  const { header, state, arrays } = opened;
  state.at ??= header.start;
  const view = {
    ...opened,
    maps: header.stages.map((_, index) => arrays[`stage${index}`]),
    formats: header.stages.map(({ unit, peak }) =>
      numberFormat(header.locale, unit === 255 ? 2 : 3, peak * unit)),
    tint: tintOf(opened.palette, "map"),
  };
  keepInside(view);
  clearTimeout(state.growing); // its view is gone
  state.growing = 0;
  const unmount = mount(
    view, () => build(view), () => paintAll(view), () => clearTimeout(state.growing),
  );
  tell(view);
  grow(view);
  return unmount;
}

/** New data may have fewer maps, and smaller ones. */
function keepInside(/** @type {View} */ { header, state }) {
  const isLost = state.at.stage >= header.stages.length;
  state.at = isLost ? header.start : inside(header.stages[state.at.stage], state.at);
}

const inside = ({ rows, cols }, at) => ({ ...at, row: clamp(at.row, rows), col: clamp(at.col, cols) });

function valueOf(/** @type {View} */ { maps, header }, { stage, row, col }) {
  const { raw, unit } = maps[stage];
  return raw[row * header.stages[stage].cols + col] / unit;
}

// ---------------------------------------------------------------- building

function build(/** @type {View} */ view) {
  const { root, header } = view;
  const list = element("div", "stages");
  view.stages = header.stages.map((stage, index) => {
    const place = element("div", "place");
    place.append(silent(index ? "arrow" : "arrow none", "→")); // nothing leads to the picture
    const card = element("section", "card");
    card.dataset.stage = String(index);
    const canvas = canvasOf(view, index);
    card.append(element("h2", "", stage.title), element("p", "shape", stage.shape), canvas);
    card.append(scaleOf(view, index));
    place.append(card);
    list.append(place);
    return { canvas, card };
  });
  view.says = spoken();
  const below = element("div", "below");
  below.append(view.says, enlargeButton(root, header.words.enlarge));
  root.replaceChildren(list, below);
}

function scaleOf(/** @type {View} */ { header, palette, formats }, index) {
  const { kind, unit, peak } = header.stages[index];
  if (kind === "pixels") return legend("0", formats[index](unit), ["#000", "#fff"]);
  const most = formats[index](peak * unit);
  return legend(`−${most}`, `+${most}`, endsOf(palette, "map"));
}

function canvasOf(/** @type {View} */ view, index) {
  const { rows, cols, label } = view.header.stages[index];
  const canvas = operable(element("canvas"), label, `stage${index}`);
  const pointed = (event) => {
    const [row, col] = cellUnder(event, canvas, [rows, cols]);
    point(view, { stage: index, row, col });
  };
  canvas.onpointermove = pointed;
  canvas.onpointerdown = pointed;
  canvas.onfocus = () => point(view, placeIn(view, index));
  canvas.onkeydown = (event) => onKey(view, index, event);
  return canvas;
}

/** Where a map was pointed at last; else its middle. */
function placeIn(/** @type {View} */ { header, state }, index) {
  if (state.at.stage === index) return state.at;
  const { rows, cols } = header.stages[index];
  const middle = { stage: index, row: Math.floor(rows / 2), col: Math.floor(cols / 2) };
  return state.last[index] ?? middle;
}

// ---------------------------------------------------------------- pointing

function onKey(/** @type {View} */ view, index, event) {
  const { rows, cols } = view.header.stages[index];
  const { row, col } = placeIn(view, index);
  const next = walk(event, [row, col], [rows, cols]);
  if (!next) return;
  event.preventDefault();
  point(view, { stage: index, row: next[0], col: next[1] });
}

function point(/** @type {View} */ view, at) {
  const { state, header } = view;
  const isElsewhere = at.stage !== state.at.stage;
  const wanted = inside(header.stages[at.stage], at);
  if (!isElsewhere && wanted.row === state.at.row && wanted.col === state.at.col) return;
  if (isElsewhere) state.depth = 0; // on the same map, what has grown moves along
  state.at = state.last[at.stage] = wanted;
  for (let index = 0; index < view.stages.length; index++) paint(view, index);
  tell(view);
  grow(view);
}

/** Let the field reach one map further back at a time; at once where motion is not wanted. */
function grow(/** @type {View} */ view) {
  const { state } = view;
  if (state.depth >= state.at.stage || state.growing) return;
  if (isCalm()) {
    state.depth = state.at.stage;
    for (let index = 0; index < state.at.stage; index++) paint(view, index);
    return;
  }
  state.growing = setTimeout(() => {
    state.growing = 0;
    state.depth = Math.min(state.depth + 1, state.at.stage);
    paint(view, state.at.stage - state.depth);
    grow(view);
  }, GROWING_MS);
}

function tell(/** @type {View} */ view) {
  const { state, header, says, formats } = view;
  const { stage, row, col } = state.at;
  const fields = fieldsOf(header.stages, state.at);
  const value = valueOf(view, state.at);
  const shown = formats[stage](value * header.stages[stage].unit);
  Object.assign(says.dataset, { stage, row, col, value, fields: JSON.stringify(fields) });
  if (!stage) {
    says.textContent = fill(header.words.pixel, { row, col, value: shown });
    return;
  }
  const [tall, wide] = fields[0].map(([first, last]) => last - first + 1);
  const seen = onMap(header.stages[0], fields[0]);
  const [top, bottom, left, right] = seen ?? [];
  const words = fill(seen ? header.words.cell : header.words.border, {
    row, col, step: stage, value: shown, top, bottom, left, right,
    tall: bottom - top + 1, wide: right - left + 1,
  });
  const isWhole = seen && tall === bottom - top + 1 && wide === right - left + 1;
  says.textContent = isWhole ? words : `${words} ${fill(header.words.over, { tall, wide })}`;
}

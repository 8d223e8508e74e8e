// The sliding window: what it covers, what it is multiplied with, what comes out. Serves
// convolution and pooling. It holds the whole trace, so moving the window asks no server; only a
// pinned cell is reported. The total shown is the value that was sent.
//
// Here the panels are built. geometry: which cells belong together. paint: pictures; marks: what is
// marked on them; boards: the numbers under the window and the weights. point: what the pointer is
// over. move: steps and playing. sum: the sum. words: sentences. sums: the border, and maps that are
// too large to be sent.

import { endsOf, tintOf } from "../lib/colours.js";
import { begin, mount } from "../lib/mount.js";
import { element, legend, silent } from "../lib/nodes.js";
import { numberFormat } from "../lib/words.js";
import { usersAlong } from "./geometry.js";
import { halt, nameTools, toolsOf } from "./move.js";
import { paintAll } from "./paint.js";
import { makeOperable } from "./point.js";
import { greyRamp, signedRamp } from "./ramps.js";
import { fillSum } from "./sum.js";
import { looked, padded, summed } from "./sums.js";

/** @typedef {{
 *   first: number[], count: number[], step: number, before: number, size: number, after: number,
 *   stuffing: number, counted: number, divisor: number[], source: number[],
 * }} Axis
 * @typedef {{
 *   op: string, is_picture: boolean, border: string, axes: Axis[],
 *   planes: { name: string, colour: string }[],
 *   words: Record<string, string> & { speeds: string[] },
 *   bias?: number, weight_labels?: string[], short_labels?: string[], norm?: number,
 *   before_peak?: number, unit?: number, digits?: number, locale?: string, cell?: number[],
 *   pinned?: boolean,
 * }} ViewerHeader */
/** @typedef {import("../lib/mount.js").View<ViewerHeader>} View */

export default function (component) {
  const opened = begin(component, { playing: 0, speed: 1 });
  const { header, state, isNew } = opened;
  state.cell ??= header.cell;
  const view = (state.view = Object.assign(state.view ?? {}, makeView(opened)));
  view.pin = (cell) => {
    state.pinned = cell;
    clearTimeout(state.reporting); // walking with the arrow keys is reported where it ends
    state.reporting = setTimeout(() => component.setStateValue("cell", cell), 200);
  };
  if (isNew) state.pinned = header.pinned ? header.cell : null;
  state.focus = null;
  state.cell = state.cell.map((n, axis) => Math.min(n, view.output.shape[axis + 1] - 1));
  if (state.pinned && String(state.pinned) !== String(state.cell)) view.pin(state.cell);
  return mount(view, () => dress(view), () => paintAll(view), () => {
    halt(view);
    clearTimeout(state.speaking);
  });
}

/** Everything the other functions share: arrays, where windows lie, formats, colours. */
function makeView(opened) {
  const { root, header, arrays, palette } = opened;
  const { weight } = arrays;
  const before = header.before_peak ? looked(arrays.before, header.before_peak) : arrays.before;
  for (const axis of header.axes) {
    if (axis.count.length === 1) axis.count = axis.first.map(() => axis.count[0]); // all the same
  }
  const input = header.axes[0].source.length ? padded(arrays.input, header.axes) : arrays.input;
  const output = arrays.output ?? summed({ header, arrays });
  const view = { ...opened, input, weight, output, before, peaks: {}, ramps: {} };
  view.picture = arrays.input; // without border and inserted zeros
  view.axes = header.axes.map((axis, n) => ({
    ...axis,
    length: input.shape[n + 1],
    most: Math.max(...axis.count),
    users: usersAlong(axis, input.shape[n + 1]),
  }));
  view.number = numberFormat(header.locale, header.digits);
  const pixels = { input: header.is_picture, output: header.is_picture && header.op !== "conv" };
  for (const [name, array] of Object.entries({ input, output, before, weight })) {
    if (!array) continue;
    const [low, high] = extremes(array);
    view.peaks[name] = Math.max(-low, high) || 1;
    view.ramps[name] = pixels[name] && low >= 0 && high <= 1
      ? greyRamp()
      : signedRamp(tintOf(palette, name === "weight" ? "weight" : "map"), view.peaks[name]);
  }
  view.veil = getComputedStyle(root).backgroundColor.match(/[\d.]+/g).slice(0, 3).map(Number);
  view.isColour = input.shape[0] === 3 && header.is_picture;
  return view;
}

/** Least and largest value, those that are no number left out. */
function extremes({ raw, unit }) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < raw.length; i++) {
    const value = raw[i];
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return [low / unit, high / unit];
}

// ---------------------------------------------------------------- building

/** The panels of an operation are built once; what new data change in them is said anew. */
function dress(/** @type {View} */ view) {
  const parts = [view.header.op, Boolean(view.before), view.input.shape[0]].join();
  if (view.state.parts !== parts) build(view);
  view.state.parts = parts;
  const { words, planes } = view.header;
  for (const [name, panel] of Object.entries(view.panels)) {
    panel.title.textContent = words[name];
    panel.shape.textContent = words[`${name}_shape`];
    const walks = panel.target.tabIndex === 0 && name !== "output";
    panel.target.setAttribute("aria-label", words[`${name}_label`] + (walks ? `. ${words.walk}` : ""));
    panel.boards?.forEach(({ label }, plane) => {
      label.textContent = planes[plane].name;
      label.style.color = view.palette[planes[plane].colour] ?? "";
    });
  }
  view.notes.textContent = words.input_notes;
  nameTools(view);
  addLegends(view);
  fillSum(view);
}

function build(/** @type {View} */ view) {
  const { root, header } = view;
  const layout = view.weight ? "conv" : view.before ? "pool after" : "pool";
  const list = element("div", `panels ${layout} ${view.input.shape[0] > 1 ? "deep" : ""}`);
  view.panels = {};
  const add = (name, isBoard) => {
    const card = element("section", `card ${name}`);
    const panel = { card, title: element("h2"), shape: element("p", "shape"), scale: element("div") };
    if (isBoard) addBoards(panel, view.input.shape[0]);
    else panel.target = panel.canvas = element("canvas");
    card.append(panel.title, panel.shape, panel.target, panel.scale);
    list.append(card);
    view.panels[name] = panel;
  };
  const sign = (text) => list.append(silent("sign", text));
  if (view.before) {
    add("before");
    sign("→");
  }
  add("input");
  view.notes = element("p", "notes");
  view.panels.input.card.append(view.notes);
  sign("→");
  add("window", true);
  if (header.op === "conv") {
    sign("∗");
    add("kernel", true);
  }
  sign(header.op === "conv" ? "=" : "→");
  add("output");
  root.replaceChildren(list, sumCard(view));
  makeOperable(view);
}

/** One canvas a plane, each with its name above it. */
function addBoards(panel, planes) {
  panel.target = element("div", "boards");
  panel.boards = Array.from({ length: planes }, () => {
    const [board, label, canvas] = [element("div", "plane"), element("span"), element("canvas")];
    board.append(label, canvas);
    panel.target.append(board);
    return { label, canvas };
  });
}

function addLegends(/** @type {View} */ view) {
  const { palette, panels, number, header } = view;
  const scaleOf = (name, ends) => {
    if (view.ramps[name].isGrey) return legend("0", number(header.unit), ["#000", "#fff"]);
    const peak = view.peaks[name] * (name === "weight" ? 1 : header.unit);
    const limit = number(peak, peak);
    return legend(`−${limit}`, `+${limit}`, endsOf(palette, ends));
  };
  panels.input.scale.replaceChildren(scaleOf("input", "map"));
  panels.output.scale.replaceChildren(scaleOf("output", "map"));
  panels.before?.scale.replaceChildren(scaleOf("before", "map"));
  panels.kernel?.scale.replaceChildren(scaleOf("weight", "weight"));
}

function sumCard(/** @type {View} */ view) {
  const card = element("section", "card sum");
  view.sum = element("div", "terms");
  view.says = element("p", "says");
  view.spoken = element("p", "spoken");
  card.append(toolsOf(view), view.sum, view.says, view.spoken);
  return card;
}

// Filters and their maps, a card each with one canvas: the filter's planes above, its map below.
// The same cell is outlined and read in all maps; only a chosen card is reported. Many large maps
// arrive as bytes 0…255 around a middle of 128, each scaled by its own peak.

import { signedValue, tintOf } from "../lib/colours.js";
import { isInside } from "../lib/geometry.js";
import { walk } from "../lib/keys.js";
import { begin, mount } from "../lib/mount.js";
import { button, element, enlargeButton, operable, spoken } from "../lib/nodes.js";
import { cellFrom } from "../lib/pointer.js";
import { fill, numberFormat } from "../lib/words.js";
import { coloursOf, paint, paintAll, showChosen } from "./paint.js";

/** @typedef {{
 *   name: string, shapes: string[], labels: string[], low: number, high: number, peak: number,
 *   label: string,
 * }} MapsItem
 * @typedef {{
 *   locale: string, chosen: number | null, items: MapsItem[], words: Record<string, string>,
 * }} MapsHeader */
/** @typedef {import("../lib/mount.js").View<MapsHeader>} View */

export default function (component) {
  const opened = begin(component, { cell: null, isEach: false, at: 0 });
  const { header, arrays, state, palette } = opened;
  const items = header.items.map((item, n) => itemOf(item, arrays[`weights${n}`], arrays[`map${n}`]));
  const view = {
    ...opened,
    items,
    peak: Math.max(...items.map((item) => item.peak)),
    number: numberFormat(header.locale, 2),
    weightTint: tintOf(palette, "weight"),
    mapColours: coloursOf(tintOf(palette, "map")),
    report: (position) => component.setTriggerValue("chosen", position),
  };
  state.chosen = header.chosen;
  state.at = Math.min(state.at, items.length - 1);
  return mount(view, () => build(view), () => paintAll(view));
}

/** An item with its arrays, and what every value is as a number. */
function itemOf(item, weights, map) {
  const isExact = map.unit === 1;
  const [rows, cols] = map.shape;
  const valueAt = (i) => (isExact ? map.raw[i] : signedValue(map.raw[i]) * item.peak);
  const weightPeak = weights.raw.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
  return { ...item, weights, weightPeak, rows, cols, valueAt };
}

// ---------------------------------------------------------------- building

function build(/** @type {View} */ view) {
  const { root, header: { words }, state } = view;
  state.cell = null; // the focus, which comes back, reads its cell again
  const tools = element("div", "tools");
  view.each = button("each", words.each, () => {
    state.isEach = !state.isEach;
    paintAll(view);
  });
  tools.append(view.each, enlargeButton(root, words.enlarge));
  const list = element("div", "maps");
  for (const [n, item] of view.items.entries()) list.append(cardOf(view, item, n));
  view.says = spoken("says", words.says);
  root.replaceChildren(tools, list, view.says);
}

function cardOf(/** @type {View} */ view, item, n) {
  const card = element("section", "card");
  const title = element("h2");
  const name = button(`name-${n}`, item.name, undefined, "name");
  title.append(name);
  const canvas = operable(element("canvas"), item.label, `map-${n}`);
  canvas.tabIndex = -1; // until `showChosen`; the focus may come back before
  const scales = element("div", "scales");
  const shape = element("p", "shape");
  shape.append(...item.shapes.flatMap((text) => [element("span", "", text), " "]));
  card.append(title, shape, canvas, scales);
  card.onclick = () => choose(view, n);
  Object.assign(item, { card, button: name, canvas, scales });
  makeReadable(view, item, n);
  return card;
}

function makeReadable(/** @type {View} */ view, item, n) {
  const { canvas } = item;
  const { state } = view;
  const point = (event) => read(view, cellOf(item, event));
  canvas.onpointermove = point;
  canvas.onpointerdown = point;
  canvas.onpointerleave = () => read(view, null);
  canvas.onfocus = () => {
    state.at = n;
    read(view, state.kept ?? middleOf(item));
  };
  canvas.onblur = () => read(view, null);
  canvas.onkeydown = (event) => onKey(view, item, n, event);
}

const middleOf = ({ rows, cols }) => [rows >> 1, cols >> 1];

function cellOf({ canvas, rows, cols, place: { x, y, cell } }, event) {
  const found = cellFrom(event, canvas, { top: y, left: x, tall: cell, wide: cell });
  return isInside(found, [rows, cols]) ? found : null;
}

function choose(/** @type {View} */ view, n) {
  view.state.chosen = n;
  showChosen(view);
  view.report(n);
}

// ---------------------------------------------------------------- reading

function onKey(/** @type {View} */ view, { rows, cols }, n, event) {
  const next = walk(event, view.state.cell ?? view.state.kept ?? [0, 0], [rows, cols]);
  if (next) read(view, next);
  else if (event.key === "Enter" || event.key === " ") choose(view, n);
  else return;
  event.preventDefault();
}

/** Outline a cell in every map that has it, and say what all of them hold there. */
function read(/** @type {View} */ view, cell) {
  const { state, header: { words }, items, says, number } = view;
  if (String(cell) === String(state.cell)) return;
  state.cell = cell;
  if (cell) state.kept = cell;
  items.forEach((item) => paint(view, item));
  const values = cell && items.map((item) => {
    const value = valueIn(item, cell);
    return value === null ? words.beyond : number(value, item.peak);
  });
  says.dataset.cell = cell ?? "";
  says.textContent = cell
    ? fill(words.reads, { row: cell[0], col: cell[1], values: values.join("; ") })
    : words.says;
}

function valueIn({ rows, cols, valueAt }, [row, col]) {
  return row < rows && col < cols ? valueAt(row * cols + col) : null;
}
